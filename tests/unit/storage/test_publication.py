"""The published file is swapped in whole, says what its columns mean, and stays as it was if anything fails."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import CONTRACT_VERSION, Table, table
from pipelines.storage import publish as publish_module
from pipelines.storage.fingerprints import Register
from pipelines.storage.publish import earlier_files, how_frames, is_whole, publish
from tests.reading import reading, seen_in

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RUNS = table("ops", "pipeline_runs")
RUN = RUNS.frame(
    [{"ingest_date": NOW.date(), "batch_id": "b", "run_id": "r", "started_at": NOW, "n_seen": 3, "code_version": "1",
      "config_sha256": "c"}]
)  # fmt: skip


SEARCHED = (("internal", "statement_facts"), ("core", "quotes"), ("internal", "statement_quotes"))
"""What publication makes its search index from."""


class Place:
    """A warehouse with a table and a view of it, and where it is published."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = folder / "warehouse.duckdb"
        self.published = folder / "published" / "onrecord.duckdb"
        with duckdb.connect(self.warehouse) as con:
            con.execute("CREATE SCHEMA core; CREATE SCHEMA internal; CREATE SCHEMA mart; CREATE SCHEMA staging")
            con.execute(f"CREATE TABLE core.outlets ({columns(table('core', 'outlets'))})")
            for layer, name in SEARCHED:
                con.execute(f"CREATE TABLE {layer}.{name} ({columns(table(layer, name))})")
            con.execute(f"CREATE TABLE core.facts AS SELECT * FROM (SELECT {nulls(table('mart', 'evidence'))}) LIMIT 0")
            con.execute("CREATE VIEW mart.evidence AS SELECT * FROM core.facts")
            con.execute("CREATE TABLE staging.scratch AS SELECT 1")
        self.fill("The Post")

    def fill(self, name: str) -> None:
        with duckdb.connect(self.warehouse) as con:
            con.execute(
                "INSERT INTO core.outlets VALUES (?, ?, NULL, DATE '2026-03-02', DATE '2026-03-02')", [name, name]
            )

    def publish(self, *, minutes: int = 0, keep: int = 0, ops: dict[str, pl.DataFrame] | None = None) -> str:
        return publish(
            self.warehouse, self.published, ops={"pipeline_runs": RUN} if ops is None else ops,
            now=NOW + timedelta(minutes=minutes), code_version="1.2.3", keep_earlier=keep, memory="1GB",
        ).publication_id  # fmt: skip

    def outlets(self) -> list[str]:
        with duckdb.connect(self.published, read_only=True) as con:
            return [name for (name,) in con.execute("SELECT name FROM core.outlets ORDER BY ALL").fetchall()]

    def files(self) -> set[str]:
        folder = self.published.parent
        return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def columns(contract: Table) -> str:
    return ", ".join(f'"{c.name}" {c.duckdb}' for c in contract.columns)


def nulls(contract: Table) -> str:
    return ", ".join(f'NULL::{c.duckdb} AS "{c.name}"' for c in contract.columns)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(path, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.execute(sql).fetchall()


def test_the_file_holds_the_warehouse_and_the_ops_tables(place: Place) -> None:
    ident = place.publish()
    assert ident == "20260302T120000000000Z"
    assert place.outlets() == ["The Post"]
    assert rows(place.published, "FROM ops.publication") == [(ident, NOW, CONTRACT_VERSION, "1.2.3")]
    assert rows(place.published, "FROM ops.pipeline_runs") == RUN.rows()
    types = rows(place.published, "SELECT column_name, column_type FROM (DESCRIBE ops.pipeline_runs)")
    assert types == [(c.name, c.duckdb) for c in RUNS.columns]


def test_nothing_but_the_file_is_left(place: Place) -> None:
    place.publish()
    assert place.files() == {"onrecord.duckdb"}


def test_every_relation_and_column_says_what_it_means(place: Place) -> None:
    place.publish()
    for contract in (table("core", "outlets"), table("mart", "evidence"), RUNS, table("ops", "publication")):
        where = f"schema_name = '{contract.layer}' AND "
        kind = "view" if contract.is_view else "table"
        said = rows(
            place.published, f"SELECT comment FROM duckdb_{kind}s() WHERE {where} {kind}_name = '{contract.name}'"
        )
        assert said == [(contract.grain,)]
        said = rows(
            place.published,
            f"SELECT column_name, comment FROM duckdb_columns() WHERE {where} table_name = '{contract.name}' "
            "ORDER BY column_index",
        )
        assert said == [(c.name, c.text) for c in contract.columns]


def test_as_many_files_of_before_are_kept_as_are_to_be(place: Place) -> None:
    ids = []
    for n, name in enumerate(["Another Paper", "A Third", "A Fourth"]):
        ids.append(place.publish(minutes=n, keep=2))
        place.fill(name)
    place.publish(minutes=3, keep=2)
    kept = earlier_files(place.published)
    assert [p.stem for p in kept] == ids[1:]
    assert [rows(p, "SELECT count(*) FROM core.outlets") for p in kept] == [[(2,)], [(3,)]]
    assert all(p.stat().st_mode & 0o222 == 0 for p in kept)
    place.publish(minutes=4, keep=0)
    assert place.files() == {"onrecord.duckdb"}


def test_files_of_before_are_kept_where_a_file_has_one_name_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(publish_module.os, "link", refused)
    first = place.publish(keep=1)
    place.publish(minutes=1, keep=1)
    (kept,) = earlier_files(place.published)
    assert rows(kept, "SELECT publication_id FROM ops.publication") == [(first,)]


def test_a_reader_keeps_the_file_that_it_opened(place: Place) -> None:
    place.publish()
    with duckdb.connect(place.published, read_only=True) as reader:
        place.fill("Another Paper")
        place.publish(minutes=1)
        assert reader.execute("SELECT count(*), max(name) FROM core.outlets").fetchall() == [(1, "The Post")]
    assert place.outlets() == ["Another Paper", "The Post"]


def test_a_reader_in_a_loop_sees_whole_files_only(place: Place) -> None:
    """The same with real news and more publications is in tests/soak/test_reader.py."""
    last = place.publish()
    expected = {last: seen_in(place.published)[1]}
    with reading(place.published) as found:
        for number in range(1, 9):
            place.fill(f"Paper {number}")
            ident = place.publish(minutes=number)
            expected[ident] = seen_in(place.published)[1]
    assert found.failures == []
    assert {ident for ident, rows in found.opened if rows != expected[ident]} == set()
    assert set(found.held) == {(last, expected[last])}
    assert len({ident for ident, _ in found.opened}) > 1, "it read while files were swapped"


def test_the_warehouse_is_not_touched(place: Place) -> None:
    before = place.warehouse.read_bytes()
    place.publish()
    assert place.warehouse.read_bytes() == before


def test_the_file_can_be_moved_and_attached_under_another_name(place: Place, tmp_path: Path) -> None:
    place.publish()
    moved = place.published.rename(tmp_path / "elsewhere.duckdb")
    place.warehouse.unlink()
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{moved}' AS news (READ_ONLY)")
        assert con.execute("SELECT count(*) FROM news.core.outlets").fetchall() == [(1,)]
        assert con.execute("SELECT count(*) FROM news.mart.evidence").fetchall() == [(0,)]


@pytest.mark.parametrize("step", ["_complete", "fsync", "_comment"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place.publish()
    before, inode = place.files(), place.published.stat().st_ino
    place.fill("Another Paper")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publish_module, step, full)
    with pytest.raises(OSError, match="No space left"):
        place.publish(minutes=1)
    assert (place.files(), place.published.stat().st_ino) == (before, inode)
    assert place.outlets() == ["The Post"]
    monkeypatch.undo()
    place.publish(minutes=2)
    assert place.outlets() == ["Another Paper", "The Post"]


def test_ops_rows_that_break_their_contract_are_not_published(place: Place) -> None:
    place.publish()
    before = place.files()
    with pytest.raises(ValueError, match=r"ops\.pipeline_runs: NULL in n_seen"):
        place.publish(minutes=1, ops={"pipeline_runs": RUN.with_columns(n_seen=pl.lit(None))})
    assert place.files() == before


def test_what_a_killed_publication_left_goes_with_the_next(place: Place) -> None:
    place.publish()
    killed = f".{place.published.name}.20260302T115900000000Z"
    for name in (killed, f"{killed}.wal"):
        (place.published.parent / name).write_bytes(b"half")
    place.publish(minutes=1)
    assert [name for name in place.files() if "1159" in name] == []


def test_a_kill_before_the_swap_keeps_no_file_twice(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.publish(keep=2)

    def killed(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publish_module.faults, "reach", killed)
    with pytest.raises(KeyboardInterrupt):
        place.publish(minutes=1, keep=2)
    monkeypatch.undo()
    place.publish(minutes=2, keep=2)
    assert [p.stem for p in earlier_files(place.published)] == [first]


def test_a_clock_that_was_set_back_loses_no_publication(place: Place) -> None:
    ids = [place.publish(minutes=minutes, keep=2) for minutes in (0, 5, 1, 2)]
    assert ids == sorted(set(ids))
    assert [p.stem for p in earlier_files(place.published)] == ids[1:-1]
    assert rows(place.published, "SELECT publication_id FROM ops.publication") == [(ids[-1],)]


def test_the_ops_tables_hold_every_id_that_a_row_carries(tmp_path: Path) -> None:
    path, register = tmp_path / "w.duckdb", Register(tmp_path)
    with duckdb.connect(path) as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA internal")
        con.execute("CREATE TABLE core.quotes AS SELECT unnest(['e1', 'e2', 'e1']) extraction_id")
        con.execute("CREATE TABLE core.mentions AS SELECT 'e3' extraction_id")
        con.execute("CREATE TABLE internal.entities AS SELECT unnest(['r2', 'r1']) resolution_id")
    for number in "124":
        register.remember("extractors", f"e{number}", {"name": "rules", "version": number, "model_sha256": "m"})
    frames = how_frames(path, register)
    assert frames["extractors"].rows() == [
        ("e1", "rules", "1", "m"), ("e2", "rules", "2", "m"), ("e3", "unknown", "unknown", "unknown"),
    ]  # fmt: skip
    assert frames["resolvers"]["resolution_id"].to_list() == ["r1", "r2"]


def test_a_log_left_beside_the_old_file_is_not_played_onto_the_new_one(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.publish()
    log = place.published.with_name("onrecord.duckdb.wal")
    log.write_bytes(b"what a killed writer left")
    place.publish(minutes=1)
    assert not log.exists()
    assert place.published.stat().st_mode & 0o222 == 0, "analysts read the file, nobody writes it"


def test_a_damaged_published_file_does_not_stop_the_next_one(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.publish()
    place.published.chmod(0o644)
    place.published.write_bytes(b"damaged")
    place.publish(minutes=1)
    assert place.outlets() == ["The Post"]


@pytest.mark.parametrize("lost", [1, 4_096, 262_144, 300_000])
def test_a_publication_is_whole_while_nothing_is_cut_off(place: Place, lost: int) -> None:
    place.publish()
    assert is_whole(place.published)
    place.published.chmod(0o644)
    with place.published.open("r+b") as file:
        file.truncate(place.published.stat().st_size - lost)
    assert not is_whole(place.published)
    assert not is_whole(place.warehouse), "a warehouse is no publication"
