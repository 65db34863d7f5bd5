"""A lake in an object store is what it is on a disk, also where the store answers wrong or late now and then."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import table, tables
from pipelines.settings import SettingsError
from pipelines.storage.damage import DamagedPartError, is_readable
from pipelines.storage.fingerprints import Register
from pipelines.storage.lake import UNCHANGED, Batch, Lake
from pipelines.storage.object_paths import ObjectPath, forget_listings
from tests.object_store import BUCKET, Trouble, object_store

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("moto", "obstore")),
    reason="the extra `cluster` and moto are not installed",
)
FIRST, SECOND = Batch(date(2026, 3, 2), "2026-03-02-000001"), Batch(date(2026, 3, 2), "2026-03-02-000002")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROOT = f"s3://{BUCKET}/a lake [1]"


@pytest.fixture(scope="module")
def trouble() -> Iterator[Trouble]:
    trouble = Trouble(failing=0.1, slow=0.05)
    with object_store(trouble) as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield trouble


@pytest.fixture
def lake(trouble: Trouble) -> Lake:
    for key in ObjectPath.of(ROOT).listed():
        ObjectPath(BUCKET, key).unlink()
    lake = Lake(ROOT)
    lake.create()
    return lake


def raw(*ids: str) -> pl.DataFrame:
    fill = {"bytes": b"x" * 2_000, "bytes_len": 2_000, "media_type": "text/plain", "first_seen_at": NOW}
    rows = [{**fill, "raw_id": i} for i in ids]
    return pl.DataFrame(rows, schema=table("lake", "raw_documents").schema)


def finished(lake: Lake, batch: Batch, *raw_ids: str, stage: str | None = None) -> None:
    lake.write("raw_documents", batch, raw(*raw_ids), made_by="somebody", stage=stage)
    lake.write("sightings", batch, table("lake", "sightings").empty(), stage=stage)


def test_every_table_can_be_read_from_the_first_day(lake: Lake, trouble: Trouble) -> None:
    assert all(lake.read(t.name).schema == t.schema for t in tables("lake"))
    assert all(lake.read_state(t.name).schema == t.schema for t in tables("state"))
    assert trouble.n_failed > 5, "the store was in trouble meanwhile"
    assert lake.batches() == []


def test_parts_come_back_as_they_were_written(lake: Lake) -> None:
    finished(lake, FIRST, "a", "b")
    finished(lake, SECOND, "c", stage=UNCHANGED)
    for one in (lake, Lake(ROOT)):
        assert one.batches([FIRST.day]) == [FIRST, SECOND]
        assert one.read("raw_documents")["raw_id"].to_list() == ["a", "b", "c"]
        assert one.read("raw_documents", batches=[SECOND], columns=["raw_id"]).height == 1
        assert one.n_rows("raw_documents", [FIRST, SECOND]) == 3
        assert one.made_by("raw_documents", FIRST) == "somebody"
        assert one.made_by("raw_documents", SECOND) is None
        assert one.next_batch(FIRST.day).batch_id.endswith("000003")
    assert lake.sha256("raw_documents", FIRST) == lake.sha256("raw_documents", FIRST)


def test_what_is_written_anew_has_another_stamp(lake: Lake) -> None:
    finished(lake, FIRST, "a")
    stamps, prints = lake.stamps(), lake.fingerprints()
    assert (Lake(ROOT).stamps(), Lake(ROOT).fingerprints()) == (stamps, prints)
    lake.write("raw_documents", FIRST, raw("b"), made_by="somebody")  # as many bytes, within the same second
    assert lake.stamps() != stamps
    assert lake.fingerprints() != prints
    assert (Lake(ROOT).stamps(), Lake(ROOT).fingerprints()) == (lake.stamps(), lake.fingerprints())


def test_bytes_that_are_to_be_forgotten_leave_every_object(lake: Lake) -> None:
    finished(lake, FIRST, "a", "secret")
    lake.drop_raw(["secret"])
    assert lake.read("raw_documents")["raw_id"].to_list() == ["a"]
    assert not any(b"secret" in ObjectPath(BUCKET, key).read_bytes() for key in ObjectPath.of(ROOT).listed())


def test_what_was_never_finished_or_is_to_be_computed_again_is_removed(lake: Lake) -> None:
    finished(lake, FIRST, "a")
    lake.write("sentences", FIRST, table("lake", "sentences").empty())
    lake.write("raw_documents", SECOND, raw("b"))
    lake.remove_unfinished()
    lake.drop_computed(FIRST)
    assert [path.name for path, _ in lake.parts(t.name for t in tables("lake"))] == [f"{FIRST.batch_id}.parquet"] * 2


def test_what_another_process_wrote_is_seen_when_it_is_looked_for_again(lake: Lake) -> None:
    finished(lake, FIRST, "a")
    assert lake.batches() == [FIRST]
    code = (
        "import sys, datetime; from pipelines.contracts import table; from pipelines.storage.lake import Batch, Lake; "
        "batch = Batch(datetime.date(2026, 3, 2), '2026-03-02-000002'); "
        "Lake(sys.argv[1]).write('sightings', batch, table('lake', 'sightings').empty())"
    )
    subprocess.run([sys.executable, "-c", code, ROOT], check=True, timeout=60)
    assert lake.batches() == [FIRST]
    forget_listings()
    assert lake.batches() == [FIRST, SECOND]


def test_a_damaged_part_is_named(lake: Lake, tmp_path: Path) -> None:
    finished(lake, FIRST, "a")
    (tmp_path / "rubbish").write_bytes(b"PAR1 rubbish PAR1")
    part = lake.part("raw_documents", FIRST)
    assert isinstance(part, ObjectPath)
    assert is_readable(part)
    part.upload(tmp_path / "rubbish")
    assert not is_readable(part)
    with pytest.raises(DamagedPartError, match="raw_documents"):
        lake.read("raw_documents")


def test_state_and_the_register_of_ids_are_objects(lake: Lake) -> None:
    Register(lake.root).remember("extractors", "e1", {"name": "tagger"})
    assert Register(Lake(ROOT).root).row(table("ops", "extractors"), "e1")["name"] == "tagger"
    lake.write_state("actors", table("state", "actors").empty())
    assert lake.read_state("actors").is_empty()


def test_duckdb_reads_the_parts_directly(lake: Lake) -> None:
    from pipelines.storage.duckdb_objects import read_objects

    finished(lake, FIRST, "a", "b")
    with duckdb.connect() as con:
        read_objects(con)
        part = str(lake.part("raw_documents", FIRST)).replace("[", "[[]")
        assert con.execute("SELECT count(*) FROM read_parquet(?)", [part]).fetchone() == (2,)


@pytest.mark.parametrize("url", ["gs://bucket/lake", "s3://"])
def test_other_stores_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="write it as s3://bucket/folder"):
        Lake(url)
