"""An article that is taken down leaves every file, stays out, and the rest is as if it had never come."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.conftest import DAY_2, History
from tests.news import record
from tests.workbench import Done, Workbench, contents, good, refused

URL = "https://pondgazette.example/news/weir"
SENTENCE = "Nobody wants to wait for a tenth"
FOLDED = SENTENCE.lower()
"""Words fold it for comparison."""


def texts_below(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield everything that the files of a folder hold: their bytes, and what is packed in Parquet and DuckDB."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()
            if path.suffix == ".parquet":
                frame = pl.read_parquet(path)
                packed = [name for name, kind in frame.schema.items() if kind == pl.Binary]
                yield path, frame.drop(packed).write_ndjson().encode()
                yield from ((path, b"\n".join(frame[name].drop_nulls())) for name in packed)
            if path.suffix == ".duckdb":
                with duckdb.connect(path, read_only=True) as con:
                    for schema, name in con.execute(
                        "SELECT schema_name, table_name FROM duckdb_tables() UNION ALL "
                        "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
                    ).fetchall():
                        yield path, "\n".join(map(str, con.execute(f"FROM {schema}.{name}").fetchall())).encode()


def holders(folder: Path) -> set[str]:
    wanted = (SENTENCE.encode(), FOLDED.encode())
    return {path.relative_to(folder).as_posix() for path, held in texts_below(folder) if any(w in held for w in wanted)}


@pytest.fixture(scope="module")
def forgotten(history: History, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbench, Done, set[str]]:
    """Two days of news from which the weir was taken down: a run that was killed first, and one that completed it."""
    onrecord = history.copy(history.second, tmp_path_factory.mktemp("forgotten"))
    before = holders(onrecord.data)
    killed = onrecord(
        "forget", "http://www.pondgazette.example/news/weir/?utm_source=feed", "--reason", "asked by the publisher",
        env={"ONRECORD_FAULT": "publication"},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert onrecord.rows(f"SELECT count(*) > 0 FROM core.articles WHERE url = '{URL}'") == [(True,)], "a whole file"
    good(onrecord("run"))
    return onrecord, killed, before


def test_the_sentence_was_there_before(forgotten: tuple[Workbench, Done, set[str]]) -> None:
    _, _, before = forgotten
    parts = {place.split("/")[0] + "/" + place.split("/")[1] for place in before if "/" in place}
    assert parts >= {"lake/raw_documents", "lake/article_versions", "lake/quotes", "published/earlier"}
    assert {"warehouse.duckdb", "published/onrecord.duckdb"} <= before


def test_no_file_below_the_data_folder_holds_a_sentence_of_it(forgotten: tuple[Workbench, Done, set[str]]) -> None:
    onrecord, _, _ = forgotten
    assert holders(onrecord.data) == set()


def test_the_command_names_what_goes_and_which_files_of_the_user_hold_it(
    forgotten: tuple[Workbench, Done, set[str]],
) -> None:
    _, killed, _ = forgotten
    told = killed.stdout.splitlines()
    assert told[0] == f"forgotten: {URL}: 2 versions, 2 records"
    assert "OnRecord does not delete them" in told[1]
    assert [line.strip().split("/")[-2:] for line in told[2:4]] == [["day1", "weir.html"], ["day2", "weir.html"]]


def test_the_sightings_stay_and_everything_is_accounted_for(
    forgotten: tuple[Workbench, Done, set[str]], history: History
) -> None:
    onrecord, _, _ = forgotten
    met = "SELECT count(*) FROM ops.sightings"
    assert onrecord.rows(met)[0] >= history.second.rows(met)[0]
    rows = onrecord.rows(
        "SELECT outcome, outcome_reason, version_id FROM ops.sightings WHERE source_uri LIKE '%weir.html' "
        "AND NOT is_unchanged"
    )
    assert rows == [("ignored", "forgotten", None)] * 2
    assert onrecord.rows("SELECT target, reason, n_records, n_texts FROM ops.takedowns") == [
        (URL, "asked by the publisher", 2, 2)
    ]
    assert onrecord.rows("SELECT count(*) FROM ops.check_results WHERE NOT passed AND severity = 'block'") == [(0,)]


def test_the_rest_is_as_if_it_had_never_come(
    forgotten: tuple[Workbench, Done, set[str]], history: History, tmp_path: Path
) -> None:
    onrecord, _, _ = forgotten
    fresh = Workbench(tmp_path / "data")
    for day in ("day1", "day2"):
        shutil.copytree(history.news / day, tmp_path / day)
        (tmp_path / day / "weir.html").unlink()
    good(fresh("run", tmp_path / "day1", "--date", "2026-03-02", "--ingest-only"))
    good(fresh("run", tmp_path / "day2", *DAY_2))

    def articles(bench: Workbench) -> list[tuple[object, ...]]:
        return bench.rows("SELECT version_id, text_sha256, is_current FROM core.article_versions ORDER BY ALL")

    def statements(bench: Workbench) -> list[tuple[object, ...]]:
        return bench.rows("SELECT statement_id, speaker_actor_id FROM core.statements ORDER BY ALL")

    assert articles(onrecord) == articles(fresh)
    assert statements(onrecord) == statements(fresh)


def test_it_does_not_come_back_and_a_rebuild_changes_nothing(
    forgotten: tuple[Workbench, Done, set[str]], history: History, tmp_path: Path
) -> None:
    onrecord, _, _ = forgotten
    page = (history.news / "day1" / "weir.html").read_text(encoding="utf-8")
    news = tmp_path / "news"
    news.mkdir()
    (news / "same-bytes.html").write_text(page, encoding="utf-8")
    (news / "edited.html").write_text(page.replace("a third", "nothing at all"), encoding="utf-8")
    (news / "tracked.html").write_text(page.replace('/weir"', '/weir?utm_source=mail"').replace("April", "May"))
    (news / "talks.jsonl").write_text(
        record(9, SENTENCE, url="http://pondgazette.example/news/weir/") + "\n" + record(10, "We met again") + "\n",
        encoding="utf-8",
    )
    before = contents(onrecord.published)
    done = good(onrecord("run", news, *DAY_2))
    assert done.stdout.splitlines()[0] == "met 5 records: 1 parsed, 0 duplicate, 0 quarantined, 4 ignored"
    assert holders(onrecord.data) == set()
    assert onrecord.rows("SELECT n_records FROM ops.takedowns") == [(5,)]
    after = contents(onrecord.published)
    assert after["internal.version_facts"][0] == before["internal.version_facts"][0] + 1
    good(onrecord("rebuild"))
    assert contents(onrecord.published) == after
    assert holders(onrecord.data) == set()


def test_a_wrong_request_gets_one_line_and_changes_nothing(tmp_path: Path) -> None:
    onrecord = Workbench(tmp_path / "data")
    assert "neither a URL" in refused(onrecord("forget", "weir.html"), 2)
    assert "was ever met, so nothing was done" in refused(onrecord("forget", URL), 2)
    assert not (onrecord.data / "forgotten.jsonl").exists()


def test_an_article_that_was_never_met_can_be_kept_out(tmp_path: Path) -> None:
    onrecord = Workbench(tmp_path / "data")
    done = good(onrecord("forget", URL, "--even-unseen"))
    assert done.stdout == f"{URL} was never met; it is kept out from now on\n"
    assert json.loads((onrecord.data / "forgotten.jsonl").read_text())["target"] == URL
    assert "forgotten already" in good(onrecord("forget", f"{URL}/")).stdout
    (tmp_path / "a.jsonl").write_text(record(1, SENTENCE, url=URL) + "\n" + record(2, "We met again"))
    done = good(onrecord("run", tmp_path / "a.jsonl", *DAY_2))
    assert done.stdout.splitlines()[0] == "met 2 records: 1 parsed, 0 duplicate, 0 quarantined, 1 ignored"
    assert "the warehouse is made again" not in done.stderr
    assert holders(onrecord.data) == set()
