"""A warehouse that nobody can open is told from one that somebody holds, and goes with its log."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.storage.warehouse import damage, discard, is_damage, wait_until_free

HOLD = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "warehouse.duckdb"
    with duckdb.connect(made) as con:
        con.execute("CREATE TABLE t AS SELECT range AS a, range || 'abcdefghijkl' AS b FROM range(200000)")
    return made


def overwrite(path: Path, start: int, length: int) -> None:
    content = bytearray(path.read_bytes())
    content[start : start + length] = b"z" * length
    path.write_bytes(content)


def test_a_good_file_and_none_at_all_are_not_damaged(path: Path) -> None:
    assert damage(path) is None
    assert damage(path.with_name("none.duckdb")) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda p: p.write_bytes(b"garbage" * 1000), lambda p: p.write_bytes(p.read_bytes()[:300_000]),
        lambda p: p.write_bytes(b""), lambda p: overwrite(p, 4100, 8000),
    ],
    ids=["no database", "cut off", "empty", "a block"],
)  # fmt: skip
def test_a_damaged_file_is_named_so(path: Path, harm: Callable[[Path], None]) -> None:
    harm(path)
    why = damage(path)
    assert why is not None
    assert "\n" not in why
    assert is_damage(why)


def test_a_database_without_tables_and_a_log_without_a_database_are_damaged(path: Path) -> None:
    path.with_name("warehouse.duckdb.wal").write_bytes(b"log")
    path.unlink()
    assert damage(path) == "its log is there without it"
    discard(path)
    assert list(path.parent.iterdir()) == []
    duckdb.connect(path).close()
    assert damage(path) == "it is empty"


def test_damage_in_the_middle_shows_when_it_is_read(path: Path) -> None:
    overwrite(path, path.stat().st_size // 2, 50)
    assert damage(path) is None, "opening reads no rows"
    with duckdb.connect(path) as con, pytest.raises(duckdb.IOException) as error:
        con.execute("SELECT max(b), sum(a) FROM t").fetchone()
    assert is_damage(str(error.value))


@pytest.mark.parametrize("message", ["Conversion Error: x", "Could not set lock on file", "Out of Memory Error"])
def test_another_error_is_no_damage(message: str) -> None:
    assert not is_damage(message)


def test_a_file_that_cannot_be_reached_is_not_damaged(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert damage(tmp_path / "folder") is None


def test_a_file_that_another_program_holds_is_not_damaged_and_is_waited_for(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert damage(path) is None
        with pytest.raises(RuntimeError, match="held by another program; close it"):
            wait_until_free(path, seconds=0.1)
        holder.kill()
    wait_until_free(path)
