"""What vanishes from what is published without a reason is found, with its days and sources; a reason is a reason."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.core.documents.takedown import Takedown, Takedowns
from pipelines.storage.losses import Loss, log_accepted, losses

MON, TUE = date(2026, 3, 2), date(2026, 3, 3)
Row = tuple[str, str, str, date]
"""Source, place, bytes and ingest day of a record; its version and article are named after the bytes."""
ROWS: list[Row] = [("wire", "a", "r1", MON), ("wire", "b", "r2", MON), ("radio", "c", "r3", TUE)]


def file(path: Path, rows: list[Row], unread: frozenset[str] = frozenset()) -> Path:
    """Write the three tables that are compared; `unread` are bytes that give no version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(path) as con:
        con.execute("CREATE SCHEMA internal; CREATE SCHEMA ops")
        con.execute(
            "CREATE TABLE internal.version_facts (version_id VARCHAR, article_id VARCHAR, raw_id VARCHAR,"
            " text_sha256 VARCHAR, ingest_date DATE);"
            "CREATE TABLE ops.sightings (source_name VARCHAR, source_uri VARCHAR, record_no INTEGER, raw_id VARCHAR,"
            " version_id VARCHAR, ingest_date DATE); CREATE TABLE ops.raw_documents (raw_id VARCHAR, ingest_date DATE);"
            "CREATE TABLE ops.quarantine (raw_id VARCHAR, rule VARCHAR)"
        )
        for source, uri, raw_id, day in rows:
            version = None if raw_id in unread else f"v{raw_id}"
            con.execute("INSERT INTO ops.sightings VALUES (?, ?, NULL, ?, ?, ?)", [source, uri, raw_id, version, day])
            con.execute("INSERT INTO ops.raw_documents VALUES (?, ?)", [raw_id, day])
            if version:
                con.execute(
                    "INSERT INTO internal.version_facts VALUES (?, ?, ?, ?, ?)",
                    [version, f"a{raw_id}", raw_id, f"t{raw_id}", day],
                )
    return path


def found(
    folder: Path, rows: list[Row], takedowns: Takedowns | None = None, again: date | None = None,
    unread: frozenset[str] = frozenset(), days: list[date] | None = None,
) -> Loss:  # fmt: skip
    old = file(folder / "published" / "onrecord.duckdb", ROWS)
    new = file(folder / "warehouse.duckdb", rows, unread)
    loss = losses(old, new, takedowns or Takedowns(), "1GB", days=days, read_again_from=again)
    assert loss is not None
    return loss


def test_nothing_is_lost_where_nothing_is_less(tmp_path: Path) -> None:
    assert not found(tmp_path, [*ROWS, ("wire", "d", "r4", TUE)])


def test_bytes_of_which_quarantine_says_that_they_are_lost_are_no_loss(tmp_path: Path) -> None:
    old, new = file(tmp_path / "old.duckdb", ROWS), file(tmp_path / "warehouse.duckdb", ROWS)
    with duckdb.connect(new) as con:
        con.execute("DELETE FROM ops.raw_documents WHERE raw_id <> 'r3'")
        con.execute("INSERT INTO ops.quarantine VALUES ('r1', 'bytes_lost'), ('r2', 'too_large')")
    loss = losses(old, new, Takedowns(), "1GB", days=None, read_again_from=None)
    assert loss == Loss(n_raw=1, days=("2026-03-02",)), "r2 is lost, and nobody says why"


def test_an_empty_lake_is_a_loss_of_everything(tmp_path: Path) -> None:
    loss = found(tmp_path, [])
    assert loss == Loss(3, 3, 3, 3, ("2026-03-02", "2026-03-03"), ("radio", "wire"))
    assert loss.in_words() == (
        "3 articles, 3 versions, 3 records, 3 raw documents of 2026-03-02, 2026-03-03; nothing is left of radio, wire"
    )


def test_a_day_that_went_is_named_though_another_one_grew(tmp_path: Path) -> None:
    more: list[Row] = [("wire", f"n{n}", f"n{n}", TUE) for n in range(5)]
    loss = found(tmp_path, [ROWS[2], *more])
    assert (loss.n_articles, loss.days, loss.sources) == (2, ("2026-03-02",), ())


@pytest.mark.parametrize("days", [None, [MON]])
def test_what_came_does_not_hide_what_went_on_a_day_that_was_built_since(
    tmp_path: Path, days: list[date] | None
) -> None:
    came: list[Row] = [("wire", "n1", "n1", MON), ("wire", "n2", "n2", MON)]
    loss = found(tmp_path, [*ROWS[1:], *came], days=days)
    assert loss == Loss(1, 1, 1, 1, ("2026-03-02",), ())


def test_bytes_alone_are_missed_too(tmp_path: Path) -> None:
    old = file(tmp_path / "old.duckdb", ROWS)
    new = file(tmp_path / "new.duckdb", ROWS)
    with duckdb.connect(new) as con:
        con.execute("DELETE FROM ops.raw_documents WHERE raw_id = 'r3'")
    assert losses(old, new, Takedowns(), "1GB", days=[], read_again_from=None) == Loss(n_raw=1, days=("2026-03-03",))


def test_what_was_taken_down_is_no_loss(tmp_path: Path) -> None:
    log = Takedowns.of([Takedown("u", "2026-03-04T00:00:00+00:00", article_ids=("ar1",), raw_ids=("r1",))])
    with_sightings = [*ROWS]  # the meeting stays, the bytes and the version go
    old = file(tmp_path / "old.duckdb", ROWS)
    new = file(tmp_path / "new.duckdb", with_sightings, frozenset({"r1"}))
    with duckdb.connect(new) as con:
        con.execute("DELETE FROM ops.raw_documents WHERE raw_id = 'r1'")
    assert losses(old, new, log, "1GB", days=[], read_again_from=None) == Loss()
    assert losses(old, new, Takedowns(), "1GB", days=[], read_again_from=None) == Loss(1, 1, 0, 1, ("2026-03-02",), ())


def test_a_version_may_go_where_its_record_was_read_again_and_only_there(tmp_path: Path) -> None:
    unread = frozenset({"r3"})
    assert found(tmp_path / "by another parser", ROWS, again=MON, unread=unread) == Loss()
    assert found(tmp_path / "the same day", ROWS, again=TUE, unread=unread) == Loss()
    assert found(tmp_path / "not again", ROWS, unread=unread) == Loss(1, 1, 0, 0, ("2026-03-03",), ())
    lost = found(tmp_path / "the record is gone", ROWS[:2], again=MON)
    assert (lost.n_versions, lost.n_records, lost.sources) == (1, 1, ("radio",))


def test_a_record_that_stands_under_another_day_now_is_not_lost(tmp_path: Path) -> None:
    assert not found(tmp_path, [*ROWS[:2], ("radio", "c", "r3", MON)])


def test_a_file_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    new = file(tmp_path / "new.duckdb", ROWS)
    (tmp_path / "old.duckdb").write_bytes(b"no database")
    assert losses(tmp_path / "old.duckdb", new, Takedowns(), "1GB", days=[], read_again_from=None) is None
    assert losses(tmp_path / "none.duckdb", new, Takedowns(), "1GB", days=[], read_again_from=None) == Loss()


@pytest.mark.parametrize("what", [Loss(1, 2, 3, 4, ("2026-03-02",), ("wire",)), ["raw_documents/x.parquet"]])
def test_an_accepted_loss_is_a_line_of_the_log(tmp_path: Path, what: Loss | list[str]) -> None:
    for _ in range(2):
        log_accepted(tmp_path, datetime(2026, 3, 4, tzinfo=UTC), "run-1", what)
    first, second = map(json.loads, (tmp_path / "accepted_losses.jsonl").read_text().splitlines())
    assert first == second
    assert first["accepted_at"] == "2026-03-04T00:00:00+00:00"
    assert first["by"]
    assert first.get("parts") == (None if isinstance(what, Loss) else ["raw_documents/x.parquet"])
