"""Pages read the newest publication, and one that takes too long is stopped."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import CONTRACT_VERSION
from pipelines.explore.file import PublishedFile
from pipelines.storage.published import NotPublishedError, TooSlowError


def publish(path: Path, number: int) -> None:
    """Replace the file by rename, as publication does."""
    unfinished = path.with_name(f".new-{number}")
    with duckdb.connect(unfinished) as con:
        con.execute(f"CREATE TABLE t AS SELECT {number} AS n")
        con.execute("CREATE SCHEMA ops")
        con.execute(f"CREATE TABLE ops.publication AS SELECT {CONTRACT_VERSION} AS contract_version")
    unfinished.chmod(0o444)
    unfinished.replace(path)


def test_a_new_publication_is_read_at_the_next_question(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.duckdb"
    file = PublishedFile(path, "500MB", 5)
    with pytest.raises(NotPublishedError), file.ask():
        pass
    for number in (1, 2, 3):
        publish(path, number)
        with file.ask() as ask:
            assert ask("FROM t") == [{"n": number}]
    path.unlink()
    with pytest.raises(NotPublishedError), file.ask():
        pass
    publish(path, 4)
    with file.ask() as ask:
        assert ask.one("FROM t") == {"n": 4}
    file.close()


def test_a_page_sees_one_publication_though_another_comes_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.duckdb"
    publish(path, 1)
    file = PublishedFile(path, "500MB", 5)
    with file.ask() as ask:
        publish(path, 2)
        assert ask("FROM t") == [{"n": 1}]
    with file.ask() as ask:
        assert ask("FROM t") == [{"n": 2}]
    file.close()


def test_many_pages_at_once_while_publications_come(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.duckdb"
    publish(path, 0)
    file = PublishedFile(path, "500MB", 5)
    seen: list[int] = []
    errors: list[Exception] = []

    def read() -> None:
        try:
            for _ in range(20):
                with file.ask() as ask:
                    seen.append(ask("FROM t")[0]["n"])
        except Exception as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 6):
        publish(path, number)
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(seen) == 80
    file.close()


def test_a_question_that_takes_too_long_is_stopped_and_the_next_one_answered(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.duckdb"
    publish(path, 1)
    file = PublishedFile(path, "500MB", 0.3)
    with pytest.raises(TooSlowError), file.ask() as ask:
        ask("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3")
    with file.ask() as ask:
        assert ask("FROM t") == [{"n": 1}]
    file.close()


def test_the_file_cannot_be_changed_nor_others_reached(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.duckdb"
    publish(path, 1)
    file = PublishedFile(path, "500MB", 5)
    for sql in ("INSERT INTO t VALUES (2)", "FROM read_text('/etc/hostname')", "SET memory_limit = '9GB'"):
        with pytest.raises(duckdb.Error), file.ask() as ask:
            ask(sql)
    file.close()


def test_what_was_asked_is_kept_for_the_page(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.duckdb"
    publish(path, 7)
    file = PublishedFile(path, "500MB", 5)
    with file.ask() as ask:
        assert ask("SELECT n FROM t WHERE n = $n", n=7) == [{"n": 7}]
        assert [(a.sql, a.parameters, a.n_rows) for a in ask.asked] == [("SELECT n FROM t WHERE n = $n", {"n": 7}, 1)]
    file.close()
