"""The manifest knows what the lake has received: what is missing or other than it was is named."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines import contracts
from pipelines.settings import Settings, load_settings
from pipelines.storage.lake import Batch, Lake
from pipelines.storage.manifest import Manifest

MON, TUE = (Batch(date(2026, 3, n), f"2026-03-0{n}-000001") for n in (2, 3))
RECEIVED = ("pipeline_runs", "raw_documents", "sightings")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(data_dir=tmp_path)
    lake = Lake(made.lake_dir)
    lake.create()
    for batch in (MON, TUE):
        for name in (*RECEIVED, "article_versions"):
            lake.write(name, batch, contracts.table("lake", name).empty().drop("ingest_date", "batch_id"))
    Manifest(made).note()
    return made


def names(batch: Batch) -> tuple[str, ...]:
    return tuple(f"{name}/ingest_date={batch.day}/{batch.batch_id}.parquet" for name in RECEIVED)


def test_a_lake_as_it_was_differs_in_nothing(settings: Settings) -> None:
    assert Manifest(settings).has_parts()
    found = Manifest(settings).difference(is_thorough=True)
    assert (found.missing, found.altered) == ((), ())


def test_a_lake_that_went_is_missed_whole(settings: Settings) -> None:
    shutil.rmtree(settings.lake_dir)
    settings.lake_dir.mkdir()
    found = Manifest(settings).difference()
    assert set(found.missing) == {*names(MON), *names(TUE)}
    assert found.in_words() == (
        "6 parts of the lake (2 of pipeline_runs, 2 of raw_documents, 2 of sightings; days 2026-03-02, 2026-03-03) "
        "are missing"
    )


def test_one_part_that_went_is_named_until_its_loss_is_accepted(settings: Settings) -> None:
    (settings.lake_dir / names(TUE)[1]).unlink()
    manifest = Manifest(settings)
    assert manifest.difference().missing == (names(TUE)[1],)
    manifest.note()  # what is there is noted; what is missing stays known
    assert manifest.difference().missing == (names(TUE)[1],)
    manifest.accept(manifest.difference())
    assert manifest.difference().missing == ()


def test_computed_parts_and_what_a_killed_ingest_left_are_not_missed(settings: Settings) -> None:
    lake = Lake(settings.lake_dir)
    left = Batch(TUE.day, "2026-03-03-000002")
    lake.write("raw_documents", left, contracts.lake.RAW_DOCUMENTS.empty().drop("ingest_date", "batch_id"))
    Manifest(settings).note()
    lake.remove_unfinished()
    lake.part("article_versions", MON).unlink()
    assert Manifest(settings).difference().missing == ()


def test_other_bytes_are_told_and_another_time_alone_is_not(settings: Settings) -> None:
    manifest = Manifest(settings)
    touched, changed, same_time = (settings.lake_dir / name for name in names(MON))
    os.utime(touched, (1, 1))
    changed.write_bytes(changed.read_bytes() + b"x")
    stat = same_time.stat()
    same_time.write_bytes(b"y" * stat.st_size)
    os.utime(same_time, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert manifest.difference().altered == (names(MON)[1],)
    assert manifest.difference(is_thorough=True).altered == (names(MON)[1], names(MON)[2])
    manifest.note()
    assert manifest.difference().altered == ()


def test_a_manifest_that_is_damaged_or_gone_is_made_again(settings: Settings) -> None:
    manifest = Manifest(settings)
    manifest.path.write_bytes(b"no database" * 100)
    assert manifest.difference().missing == ()
    manifest.note()
    (settings.lake_dir / names(MON)[0]).unlink()
    assert manifest.difference().missing == (names(MON)[0],)
    manifest.path.unlink()
    assert not manifest.has_parts()
    assert manifest.difference().missing == ()
