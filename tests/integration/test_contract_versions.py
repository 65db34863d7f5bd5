"""A data folder of another version: of an older one it is taken over, of a newer one it is left as it is."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import CONTRACT_VERSION
from tests.conftest import History
from tests.workbench import Workbench, contents, good, refused

BEFORE_2 = "entity_actors", "version_facts", "statement_facts", "day_states"
"""Tables that lay in schema core before contract version 2, and that a publication compares with those of before."""


def stamp(lake: Path, version: int) -> None:
    """Write the empty parts of a lake anew, as a version of OnRecord with these contracts would leave them."""
    for path in lake.glob("*/empty.parquet"):
        pl.read_parquet(path).write_parquet(path, metadata={"onrecord.contract_version": str(version)})


def published_by(path: Path, version: int, *sql: str) -> None:
    path.chmod(0o644)
    with duckdb.connect(path) as con:
        con.execute("UPDATE ops.publication SET contract_version = ?", [version])
        for statement in sql:
            con.execute(statement)
    path.chmod(0o444)
    path.parents[1].joinpath("state", "publication.json").unlink()  # it notes the size, which is another now


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file of a data folder, but for what says who works there."""
    found = {p.relative_to(folder).as_posix(): p.stat() for p in folder.rglob("*") if p.is_file()}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in found.items() if name != ".run.lock"}


@pytest.fixture
def newer(history: History, tmp_path: Path) -> Workbench:
    onrecord = history.copy(history.first, tmp_path)
    stamp(onrecord.data / "lake", CONTRACT_VERSION + 1)
    published_by(onrecord.published, CONTRACT_VERSION + 1)
    return onrecord


def test_a_folder_of_a_newer_version_is_left_as_it_is(newer: Workbench, history: History) -> None:
    before = files(newer.data)
    article = "https://www.quaymirror.example/none"
    for command in (
        ("run", history.news / "day2"), ("run",), ("rebuild",), ("vacuum",), ("forget", article, "--reason", "x"),
        ("override", "merge", "A", "B", "--reason", "x"),
    ):  # fmt: skip
        line = refused(newer(*command), 1)
        assert line.endswith(
            f"contract version {CONTRACT_VERSION + 1}, this code knows {CONTRACT_VERSION}: update OnRecord"
        )
        assert files(newer.data) == before, command


@pytest.mark.parametrize("version", [1, CONTRACT_VERSION + 1])
def test_a_file_of_another_version_is_not_read_by_halves(history: History, tmp_path: Path, version: int) -> None:
    onrecord = history.copy(history.first, tmp_path)
    published_by(onrecord.published, version)
    todo = "run `onrecord rebuild`" if version < CONTRACT_VERSION else "update OnRecord"
    for command in (("query", "FROM core.articles"), ("search", "harbour"), ("export", "-o", tmp_path / "out")):
        line = refused(onrecord(*command), 2)
        assert line.endswith(f"published under contract version {version}, this code knows {CONTRACT_VERSION}: {todo}")


@pytest.mark.parametrize("command", ["rebuild", "run"])
def test_a_folder_of_an_older_version_is_taken_over(history: History, tmp_path: Path, command: str) -> None:
    onrecord = history.copy(history.first, tmp_path)
    before = contents(onrecord.published)
    older = [f"CREATE TABLE core.{name} AS FROM internal.{name}" for name in BEFORE_2]
    published_by(onrecord.published, 1, *older, "DROP SCHEMA internal CASCADE")
    stamp(onrecord.data / "lake", 1)
    built = onrecord.data / "state" / "built.json"
    built.write_text(json.dumps({**json.loads(built.read_text()), "contract": "of before"}))

    told = good(onrecord(command)).stderr
    assert contents(onrecord.published) == before
    assert onrecord.rows("SELECT contract_version FROM ops.publication") == [(CONTRACT_VERSION,)]
    assert onrecord.rows("FROM ops.changes") == [], "who is who is compared across the two layouts"
    assert onrecord.rows("FROM ops.reprocessing") == []
    if command == "run":
        assert "the column contracts have changed: every day is built again" in told
    stamps = {
        pl.read_parquet_metadata(p)["onrecord.contract_version"] for p in onrecord.data.glob("lake/*/empty.parquet")
    }
    assert stamps == {str(CONTRACT_VERSION)}
    assert good(onrecord("query", "SELECT count(*) FROM core.articles")).stdout
