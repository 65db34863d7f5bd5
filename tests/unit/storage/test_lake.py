"""Parts of the lake appear whole or not at all, and are read back as they were written."""

from __future__ import annotations

import errno
import resource
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import CONTRACT_VERSION, table, tables
from pipelines.storage import atomic_files
from pipelines.storage.damage import DamagedPartError
from pipelines.storage.lake import UNCHANGED, Batch, Lake, NewerLakeError

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
FIRST, SECOND, THIRD = (
    Batch(MONDAY, "2026-03-02-000001"),
    Batch(MONDAY, "2026-03-02-000002"),
    Batch(TUESDAY, "2026-03-03-000001"),
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.create()
    return made


def sentences(*numbers: int, version: str = "v") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "version_id": [version] * len(numbers), "sentence_no": list(numbers), "paragraph_no": [0] * len(numbers),
            "section": ["body"] * len(numbers), "char_start": list(numbers), "char_end": [n + 1 for n in numbers],
        },
        schema_overrides={"sentence_no": pl.Int64},
    )  # fmt: skip


def finish(lake: Lake, batch: Batch, stage: str | None = None) -> None:
    """Write the sightings with which a batch is finished."""
    lake.write("sightings", batch, table("lake", "sightings").empty(), stage=stage)


def files(lake: Lake) -> set[str]:
    return {p.relative_to(lake.root).as_posix() for p in lake.root.rglob("*") if p.is_file()}


# ------------------------------------------------------------------ a new lake
def test_every_table_can_be_read_from_the_first_day(lake: Lake) -> None:
    for contract in tables("lake"):
        assert lake.read(contract.name).schema == contract.schema
        assert pl.read_parquet(lake.root / contract.name / "empty.parquet").schema == contract.schema
    for contract in tables("state"):
        assert lake.read_state(contract.name).schema == contract.schema


def test_creating_again_changes_nothing_but_an_empty_part_of_another_shape(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0))
    old = lake.root / "quotes" / "empty.parquet"
    pl.DataFrame({"quote_id": ["q"]}).write_parquet(old)
    before = {name: (lake.root / name).stat().st_mtime_ns for name in files(lake) - {"quotes/empty.parquet"}}
    lake.create()
    assert {name: (lake.root / name).stat().st_mtime_ns for name in before} == before
    assert pl.read_parquet(old).equals(table("lake", "quotes").empty())


def test_a_state_table_of_an_older_shape_keeps_its_rows_and_gets_the_columns_it_lacks(lake: Lake) -> None:
    contract = table("state", "entity_actors")
    path = lake.root / "state" / "entity_actors.parquet"
    pl.DataFrame({"entity_id": ["e"], "actor_id": ["a"], "method": ["name"]}).write_parquet(path)
    lake.create()
    assert lake.read_state("entity_actors").schema == pl.read_parquet_schema(path) == contract.schema
    assert lake.read_state("entity_actors").rows() == [(None, "e", "a", None, "name")]


def test_what_a_killed_writer_left_is_removed_and_never_read(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0))
    before = files(lake)
    for part in (lake.part("sentences", FIRST), lake.root / "state" / "actors.parquet"):
        part.with_name(f".{part.name}.4711").write_bytes(b"half")
    assert lake.read("sentences").height == 1
    lake.create()
    assert files(lake) == before


# ------------------------------------------------------------------ writing
def test_a_part_carries_its_day_and_batch_whatever_the_frame_says(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0, 1).with_columns(batch_id=pl.lit("other"), ingest_date=pl.lit(TUESDAY)))
    found = lake.read("sentences")
    assert found.schema == table("lake", "sentences").schema
    assert found.select("ingest_date", "batch_id").unique().rows() == [(MONDAY, FIRST.batch_id)]
    assert found["sentence_no"].to_list() == [0, 1]


def test_a_part_is_replaced(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0, 1, 2), made_by="one")
    lake.write("sentences", FIRST, sentences(7), made_by="two")
    assert lake.read("sentences")["sentence_no"].to_list() == [7]
    assert lake.made_by("sentences", FIRST) == "two"


def test_a_missing_column_is_refused_and_nothing_is_written(lake: Lake) -> None:
    before = files(lake)
    with pytest.raises(ValueError, match=r"lake\.sentences: missing columns paragraph_no, char_end"):
        lake.write("sentences", FIRST, sentences(0).drop("char_end", "paragraph_no"))
    assert files(lake) == before


def test_a_hole_is_refused_and_nothing_is_written(lake: Lake) -> None:
    before = files(lake)
    with pytest.raises(ValueError, match=r"lake\.sentences: NULL in section"):
        lake.write("sentences", FIRST, sentences(0).with_columns(section=pl.lit(None)))
    assert files(lake) == before


def test_a_value_of_another_type_is_refused_and_nothing_is_written(lake: Lake) -> None:
    before = files(lake)
    with pytest.raises(pl.exceptions.PolarsError, match="conversion"):
        lake.write("sentences", FIRST, sentences(0).with_columns(char_start=pl.lit("three")))
    assert files(lake) == before


def test_a_write_that_fails_before_the_rename_leaves_the_old_part_and_no_other_file(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.write("sentences", FIRST, sentences(0), made_by="good")
    before = files(lake)

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(atomic_files, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        lake.write("sentences", FIRST, sentences(1, 2), made_by="bad")
    with pytest.raises(OSError, match="No space left"):
        lake.write("sentences", SECOND, sentences(3))
    assert files(lake) == before
    assert lake.read("sentences")["sentence_no"].to_list() == [0]
    assert lake.made_by("sentences", FIRST) == "good"


_WRITE_UNDER_A_LIMIT = """
import sys
from datetime import date
import polars as pl
from pathlib import Path
from pipelines.storage.lake import Batch, Lake
words = pl.DataFrame({"raw_id": [str(i) for i in range(50_000)]}).with_columns(
    bytes=pl.col("raw_id").cast(pl.Binary), bytes_len=pl.lit(1), media_type=pl.lit("text/plain"),
    first_seen_at=pl.lit(0).cast(pl.Datetime("us", "UTC")))
try:
    Lake(Path(sys.argv[1])).write("raw_documents", Batch(date(2026, 3, 2), "b"), words)
except OSError as error:
    print("refused:", error.errno)
"""


def test_a_disk_that_takes_no_more_is_an_oserror_and_leaves_no_file(lake: Lake) -> None:
    before = files(lake)

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    done = subprocess.run(
        [sys.executable, "-c", _WRITE_UNDER_A_LIMIT, str(lake.root)],
        preexec_fn=small_files, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == f"refused: {errno.EFBIG}", done.stderr
    assert files(lake) == before


# ------------------------------------------------------------------ reading
def test_batches_are_read_in_the_order_asked_with_all_their_stages(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(10), stage="extract")
    lake.write("sentences", FIRST, sentences(1))
    lake.write("sentences", SECOND, sentences(2))
    lake.write("sentences", THIRD, sentences(3))
    assert lake.read("sentences", batches=[FIRST])["sentence_no"].to_list() == [10, 1]
    assert lake.read("sentences", batches=[THIRD, SECOND])["sentence_no"].to_list() == [3, 2]
    assert lake.read("sentences")["sentence_no"].to_list() == [10, 1, 2, 3]
    assert lake.read("sentences", batches=[]).rows() == []
    assert lake.read("sentences", columns=["char_end"]).columns == ["char_end"]


def test_a_batch_is_not_mistaken_for_one_whose_id_begins_alike(lake: Lake) -> None:
    lake.write("sentences", Batch(MONDAY, "2026-03-02-100000"), sentences(1))
    lake.write("sentences", Batch(MONDAY, "2026-03-02-1000001"), sentences(2))
    assert lake.read("sentences", batches=[Batch(MONDAY, "2026-03-02-100000")])["sentence_no"].to_list() == [1]


def test_what_a_part_was_made_by(lake: Lake) -> None:
    assert lake.made_by("sentences", FIRST) is None
    lake.write("sentences", FIRST, sentences(0))
    lake.write("sentences", FIRST, sentences(1), stage="extract", made_by="code-1")
    assert lake.made_by("sentences", FIRST) == ""
    assert lake.made_by("sentences", FIRST, stage="extract") == "code-1"


def test_the_hash_of_a_part_follows_its_rows_and_not_when_it_was_written(lake: Lake) -> None:
    hashes = []
    for numbers in ((0, 1), (0, 1), (0, 2)):
        lake.write("sentences", FIRST, sentences(*numbers), made_by="same")
        hashes.append(lake.sha256("sentences", FIRST))
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_part_of_a_newer_contract_is_refused(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0))
    newer = {"onrecord.contract_version": str(CONTRACT_VERSION + 1)}
    lake.read("sentences").write_parquet(lake.part("sentences", FIRST), metadata=newer)
    with pytest.raises(NewerLakeError, match=f"contract version {CONTRACT_VERSION + 1}.*update OnRecord"):
        lake.made_by("sentences", FIRST)
    with pytest.raises(NewerLakeError, match="update OnRecord"):
        lake.read("sentences")


def test_a_part_that_is_no_parquet_names_the_file(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0))
    lake.part("sentences", FIRST).write_bytes(b"half a part")
    with pytest.raises(DamagedPartError, match=f"{FIRST.batch_id}.*rebuild"):
        lake.read("sentences")


def test_a_part_of_an_older_contract_reads_with_what_it_lacks_as_null(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0))
    lake.write("sentences", SECOND, sentences(1))
    older = pl.read_parquet(lake.part("sentences", FIRST)).drop("section").with_columns(gone=pl.lit(7))
    older.select(reversed(older.columns)).write_parquet(lake.part("sentences", FIRST))
    found = lake.read("sentences")
    assert found.schema == table("lake", "sentences").schema
    assert found.select("sentence_no", "section").rows() == [(0, None), (1, "body")]
    assert lake.read("sentences", batches=[FIRST], columns=["section"]).rows() == [(None,)]


def test_the_hash_of_rows_leaves_out_what_the_part_was_made_by(lake: Lake) -> None:
    hashes = []
    for made_by in ("one", "two, which is longer"):
        lake.write("sentences", FIRST, sentences(0, 1), made_by=made_by)
        hashes.append(lake.sha256("sentences", FIRST))
    assert hashes[0] == hashes[1]


def test_the_hash_of_some_columns_follows_these_alone(lake: Lake) -> None:
    hashes = []
    for frame in (sentences(0, 1), sentences(0, 1).with_columns(section=pl.lit("caption")), sentences(0, 2)):
        lake.write("sentences", FIRST, frame)
        hashes.append(lake.sha256("sentences", FIRST, ["sentence_no", "char_end"]))
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_part_carries_the_version_of_its_contract(lake: Lake) -> None:
    lake.write("sentences", FIRST, sentences(0))
    metadata = pl.read_parquet_metadata(lake.part("sentences", FIRST))
    assert metadata["onrecord.contract_version"] == str(CONTRACT_VERSION)


# ------------------------------------------------------------------ batches
def test_a_batch_is_finished_when_its_sightings_are_written(lake: Lake) -> None:
    lake.write("raw_documents", FIRST, table("lake", "raw_documents").empty())
    assert lake.batches() == []
    finish(lake, THIRD)
    finish(lake, FIRST)
    finish(lake, SECOND, stage=UNCHANGED)
    assert lake.batches() == [FIRST, SECOND, THIRD]
    assert lake.batches([TUESDAY]) == [THIRD]
    assert lake.batches([]) == []


def test_batches_of_a_day_are_numbered(lake: Lake) -> None:
    assert lake.next_batch(MONDAY) == FIRST
    finish(lake, FIRST, stage=UNCHANGED)
    finish(lake, THIRD)
    assert lake.next_batch(MONDAY) == SECOND
    assert lake.next_batch(MONDAY) == SECOND, "asking does not take the number"


def test_batches_of_a_busy_day_stay_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    folder = tmp_path / "sightings" / f"ingest_date={MONDAY}"
    folder.mkdir(parents=True)
    lake = Lake(tmp_path)
    for number in range(1, 10_000):
        (folder / f"{MONDAY}-{number:06d}.parquet").touch()
    last = lake.next_batch(MONDAY)
    (folder / f"{last.batch_id}.parquet").touch()
    assert lake.batches()[-1] == last


# ------------------------------------------------------------------ fingerprints
def test_a_fingerprint_changes_with_its_own_day_only(lake: Lake) -> None:
    finish(lake, FIRST)
    finish(lake, THIRD)
    before = lake.fingerprints()
    assert list(before) == [MONDAY.isoformat(), TUESDAY.isoformat()]
    lake.write("sentences", THIRD, sentences(0))
    after = lake.fingerprints()
    assert after[MONDAY.isoformat()] == before[MONDAY.isoformat()]
    assert after[TUESDAY.isoformat()] != before[TUESDAY.isoformat()]


def test_what_holds_nothing_new_does_not_change_a_fingerprint(lake: Lake) -> None:
    finish(lake, FIRST)
    before = lake.fingerprints()
    finish(lake, SECOND, stage=UNCHANGED)
    finish(lake, THIRD, stage=UNCHANGED)
    lake.write_state("actors", table("state", "actors").empty())
    lake.create()
    assert lake.fingerprints() == before


# ------------------------------------------------------------------ state
def test_state_is_replaced_whole_and_held_to_its_contract(lake: Lake) -> None:
    contract = table("state", "entity_actors")
    one, two = (
        {"ingest_date": MONDAY, "entity_id": e, "actor_id": "a", "confidence": 1.0, "method": "name"}
        for e in ("e1", "e2")
    )
    lake.write_state("entity_actors", contract.frame([one]))
    lake.write_state("entity_actors", contract.frame([two]))
    assert lake.read_state("entity_actors")["entity_id"].to_list() == ["e2"]
    with pytest.raises(ValueError, match=r"state\.entity_actors: missing columns confidence"):
        lake.write_state("entity_actors", contract.frame([one]).drop("confidence"))
    assert lake.read_state("entity_actors")["entity_id"].to_list() == ["e2"]


# ------------------------------------------------------------------ what a killed ingest left
def test_parts_after_the_last_finished_batch_are_removed_also_on_a_later_day(lake: Lake) -> None:
    finish(lake, FIRST)
    lake.write("raw_documents", FIRST, table("lake", "raw_documents").empty())
    lake.write("raw_documents", SECOND, table("lake", "raw_documents").empty())
    lake.write("pipeline_runs", THIRD, table("lake", "pipeline_runs").empty())
    lake.remove_unfinished()
    assert lake.part("raw_documents", FIRST).exists()
    assert not lake.part("raw_documents", SECOND).exists()
    assert not lake.part("pipeline_runs", THIRD).exists()


def test_a_lost_sightings_part_costs_no_other_batch(lake: Lake) -> None:
    for batch in (FIRST, SECOND):
        lake.write("raw_documents", batch, table("lake", "raw_documents").empty())
        finish(lake, batch)
    lake.part("sightings", FIRST).unlink()
    lake.remove_unfinished()
    assert lake.part("raw_documents", FIRST).exists()
    assert lake.next_batch(MONDAY).batch_id == "2026-03-02-000003"
