"""Records become batches: bytes once, every meeting with them, and what is new told from what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.core.ids import mk_id, sha256_hex
from pipelines.ingest.batches import DayClosedError, Ingested, RunStamp, ingest
from pipelines.ingest.met_records import MetRecord
from pipelines.storage.lake import UNCHANGED, Lake

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.create()
    return made


def met(place: str, content: bytes | None, number: int | None = None, rule: str | None = None) -> MetRecord:
    return MetRecord("files", place, number, "text/plain", content, rule, rule and f"{place}: {rule}")


def take_in(
    lake: Lake,
    *records: MetRecord,
    day: date = MONDAY,
    run: str = "run",
    batch_records: int = 100,
    batch_bytes: int = 10_000,
) -> Ingested:
    stamp = RunStamp(run, NOW, "0.0.0", "c" * 64)
    return ingest(lake, records, day, stamp, batch_records=batch_records, batch_bytes=batch_bytes)


def flags(lake: Lake) -> list[tuple[str, bool]]:
    return [(r["source_uri"], r["is_unchanged"]) for r in lake.read("sightings").iter_rows(named=True)]


def parts(lake: Lake, table: str) -> list[str]:
    return sorted(p.name for p in (lake.root / table).glob("ingest_date=*/*.parquet"))


def test_what_is_stored_of_a_record(lake: Lake) -> None:
    done = take_in(lake, met("a.txt", b"caf\xe9"), met("b.jsonl", b"{}", 3), met("c.pdf", None, rule="unknown_format"))
    assert (done.n_seen, done.n_new, done.n_unchanged) == (3, 3, 0)
    (batch,) = done.batches
    raw = lake.read("raw_documents")
    assert [r[2:] for r in raw.iter_rows()] == [
        (sha256_hex(b"caf\xe9"), b"caf\xe9", 4, "text/plain", NOW), (sha256_hex(b"{}"), b"{}", 2, "text/plain", NOW),
    ]  # fmt: skip
    sightings = lake.read("sightings")
    assert sightings["sighting_id"].to_list() == [
        mk_id("sighting", batch.batch_id, "files", uri, number)
        for uri, number in (("a.txt", None), ("b.jsonl", 3), ("c.pdf", None))
    ]
    assert sightings["raw_id"].to_list() == [sha256_hex(b"caf\xe9"), sha256_hex(b"{}"), None]
    assert sightings["refusal_rule"].to_list() == [None, None, "unknown_format"]
    assert sightings["refusal_detail"].to_list() == [None, None, "c.pdf: unknown_format"]
    (run,) = lake.read("pipeline_runs").iter_rows(named=True)
    assert (run["run_id"], run["n_seen"], run["started_at"], run["batch_id"]) == ("run", 3, NOW, batch.batch_id)


def test_nothing_met_is_nothing_written(lake: Lake) -> None:
    done = take_in(lake)
    assert (done.batches, done.n_seen, lake.batches()) == ([], 0, [])


def test_the_same_bytes_are_stored_once_and_met_each_time(lake: Lake) -> None:
    take_in(lake, met("a.txt", b"same"), met("b.txt", b"same"), batch_records=1)
    take_in(lake, met("c.txt", b"same"), day=TUESDAY)
    assert lake.read("raw_documents").height == 1
    assert flags(lake) == [("a.txt", False), ("b.txt", False), ("c.txt", False)]


def test_a_record_that_did_not_change_is_told_from_one_that_did(lake: Lake) -> None:
    take_in(lake, met("a.txt", b"one"), met("b.txt", b"one"), met("c.jsonl", b"x", 0), met("c.jsonl", b"y", 1))
    done = take_in(lake, met("a.txt", b"one"), met("b.txt", b"two"), met("c.jsonl", b"y", 0), met("c.jsonl", b"y", 1))
    assert (done.n_seen, done.n_new, done.n_unchanged) == (4, 2, 2)
    assert [is_unchanged for _, is_unchanged in flags(lake)[4:]] == [True, False, False, True]


def test_a_text_that_comes_back_is_a_change(lake: Lake) -> None:
    for content in (b"A", b"B", b"A", b"A"):
        take_in(lake, met("a.txt", content))
    assert [is_unchanged for _, is_unchanged in flags(lake)] == [False, False, False, True]
    assert lake.read("raw_documents")["bytes"].to_list() == [b"A", b"B"]


def test_the_same_refusal_is_unchanged_and_another_is_not(lake: Lake) -> None:
    for rule in ("broken_gzip", "broken_gzip", "too_large", None, "too_large"):
        take_in(lake, met("a.gz", None if rule else b"good", rule=rule))
    assert [is_unchanged for _, is_unchanged in flags(lake)] == [False, True, False, False, False]


def test_the_same_place_in_another_source_is_another_place(lake: Lake) -> None:
    take_in(lake, met("a.txt", b"one"))
    take_in(lake, MetRecord("post", "a.txt", None, "text/plain", b"one"))
    assert flags(lake) == [("a.txt", False), ("a.txt", False)]
    assert lake.read("sightings")["sighting_id"].n_unique() == 2


def test_a_run_with_nothing_new_is_accounted_for_and_changes_no_fingerprint(lake: Lake) -> None:
    take_in(lake, met("a.txt", b"one"))
    before = lake.fingerprints()
    done = take_in(lake, met("a.txt", b"one"), day=TUESDAY)
    assert (done.n_new, done.n_unchanged) == (0, 1)
    assert lake.fingerprints() == before
    assert parts(lake, "sightings") == ["2026-03-02-000001.parquet", f"2026-03-03-000001.{UNCHANGED}.parquet"]
    assert flags(lake) == [("a.txt", False), ("a.txt", True)]


def test_a_run_is_cut_into_batches_by_records_and_by_bytes(lake: Lake) -> None:
    records = [met(f"{n}.txt", b"%d" % n * 10) for n in range(7)]
    done = take_in(lake, *records, batch_records=3)
    assert [b.batch_id for b in done.batches] == [f"2026-03-02-{n:06d}" for n in (1, 2, 3)]
    assert [lake.read("sightings", batches=[b]).height for b in done.batches] == [3, 3, 1]
    done = take_in(lake, *[met(f"{n}.txt", b"new%d" % n * 10) for n in range(7)], batch_bytes=75)
    assert [lake.read("sightings", batches=[b]).height for b in done.batches] == [2, 2, 2, 1]
    assert lake.read("pipeline_runs")["n_seen"].sum() == 14


def test_records_are_not_held_longer_than_their_batch(lake: Lake) -> None:
    finished: list[int] = []

    def stream() -> Iterator[MetRecord]:
        for number in range(6):
            finished.append(len(lake.batches()))
            yield met(f"{number}.txt", b"%d" % number)

    take_in(lake, *[])
    ingest(lake, stream(), MONDAY, RunStamp("run", NOW, "0", "c"), batch_records=2, batch_bytes=1_000)
    assert finished == [0, 0, 1, 1, 2, 2]


def test_the_same_records_in_other_batches_have_the_same_raw_documents(tmp_path: Path) -> None:
    contents = []
    for size in (1, 2, 100):
        lake = Lake(tmp_path / str(size))
        take_in(lake, *[met(f"{n}.txt", b"%d" % (n % 4)) for n in range(9)], batch_records=size)
        contents.append(lake.read("raw_documents", columns=["raw_id", "bytes"]))
    assert contents[0].equals(contents[1])
    assert contents[0].equals(contents[2])


def test_a_day_that_is_over_takes_no_more(lake: Lake) -> None:
    take_in(lake, met("a.txt", b"one"), day=TUESDAY)
    with pytest.raises(DayClosedError, match="2026-03-02 is before 2026-03-03"):
        take_in(lake, met("b.txt", b"two"), day=MONDAY)
    assert flags(lake) == [("a.txt", False)]


class _Cut(Exception):  # noqa: N818
    pass


def _cut_after(records: Iterable[MetRecord]) -> Iterator[MetRecord]:
    yield from records
    raise _Cut


def test_what_was_finished_before_a_cut_stays_and_the_rest_is_met_again(lake: Lake) -> None:
    records = [met(f"{n}.txt", b"%d" % n) for n in range(3)]
    with pytest.raises(_Cut):
        ingest(lake, _cut_after(records), MONDAY, RunStamp("cut", NOW, "0", "c"), batch_records=2, batch_bytes=1_000)
    assert [uri for uri, _ in flags(lake)] == ["0.txt", "1.txt"]
    take_in(lake, *records, run="again")
    assert flags(lake)[2:] == [("0.txt", True), ("1.txt", True), ("2.txt", False)]
    assert lake.read("raw_documents")["bytes"].to_list() == [b"0", b"1", b"2"]


def _cut_off(lake: Lake, *records: MetRecord) -> None:
    """Leave what an ingest run leaves that is killed before its sightings are written."""
    (batch,) = take_in(lake, *records, run="killed").batches
    lake.part("sightings", batch).unlink()


def test_a_batch_that_was_cut_off_is_overwritten(lake: Lake) -> None:
    _cut_off(lake, met("a.txt", b"one"), met("b.txt", b"never seen again"))
    take_in(lake, met("a.txt", b"one"))
    assert lake.read("raw_documents")["bytes"].to_list() == [b"one"]
    assert lake.read("pipeline_runs")["run_id"].to_list() == ["run"]
    assert flags(lake) == [("a.txt", False)]


def test_nothing_of_a_batch_that_was_cut_off_is_taken_over_by_a_run_with_nothing_new(lake: Lake) -> None:
    take_in(lake, met("a.txt", b"one"))
    _cut_off(lake, met("b.txt", b"two"))
    take_in(lake, met("a.txt", b"one"))
    assert lake.read("raw_documents")["bytes"].to_list() == [b"one"]
    assert lake.read("pipeline_runs")["run_id"].to_list() == ["run", "run"]
    take_in(lake, met("b.txt", b"two"))
    found: pl.DataFrame = lake.read("raw_documents", columns=["batch_id", "bytes"])
    assert found.rows() == [("2026-03-02-000001", b"one"), ("2026-03-02-000003", b"two")]


def test_what_a_server_said_is_kept_with_the_sighting(lake: Lake) -> None:
    page = MetRecord("web", "http://a.example/1", None, "text/html; charset=utf-8", b"<p>", http_status=200, etag='"1"',
               last_modified="Mon, 02 Mar 2026 08:00:00 GMT")  # fmt: skip
    gone = MetRecord(
        "web", "http://a.example/2", None, "", None, "http_404", "http://a.example/2: gone", http_status=404
    )
    take_in(lake, page, gone)
    rows = (
        lake.read("sightings").sort("source_uri").select("http_status", "etag", "last_modified", "refusal_rule").rows()
    )
    assert rows == [(200, '"1"', "Mon, 02 Mar 2026 08:00:00 GMT", None), (404, None, None, "http_404")]
    assert lake.read("raw_documents")["media_type"].to_list() == ["text/html; charset=utf-8"]


def test_whoever_gives_the_records_is_told_when_those_so_far_are_on_the_disk(lake: Lake) -> None:
    given = 0
    told: list[tuple[int, int]] = []

    def records() -> Iterator[MetRecord]:
        nonlocal given
        for n in range(5):
            given += 1
            yield met(f"{n}.txt", b"%d" % n)

    stamp = RunStamp("run", NOW, "0.0.0", "c" * 64)
    ingest(
        lake, records(), MONDAY, stamp, batch_records=2, batch_bytes=10_000,
        written=lambda: told.append((given, lake.read("sightings").height)),
    )  # fmt: skip
    assert told == [(2, 2), (4, 4), (5, 5)]
