"""What a wrong clock dated in the future is put under today: nothing is lost or doubled, also after a kill."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.ingest.batches import DayClosedError, RunStamp, ingest
from pipelines.ingest.met_records import MetRecord
from pipelines.settings import Settings, load_settings
from pipelines.storage.lake import UNCHANGED, Batch, Lake
from pipelines.storage.manifest import Manifest
from pipelines.storage.redating import future_batches, redate

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY, AHEAD = NOW.date(), date(2026, 3, 5)


def take_in(lake: Lake, day: date, *places: str) -> None:
    """Take in what a clock that shows this day meets."""
    met = [MetRecord("files", place, None, "text/plain", place.encode()) for place in places]
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    ingest(lake, met, day, RunStamp(f"run of {day}", now, "0", "c"), batch_records=2, batch_bytes=10_000)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(data_dir=tmp_path)
    lake = Lake(made.lake_dir)
    lake.create()
    take_in(lake, TODAY, "a")
    take_in(lake, AHEAD, "b", "c", "d")
    take_in(lake, AHEAD, "b")  # unchanged
    Manifest(made).note()
    return made


def rows(lake: Lake) -> list[tuple[str, str, bool]]:
    found = lake.read("sightings", columns=["ingest_date", "source_uri", "is_unchanged"])
    return sorted((str(day), uri, unchanged) for day, uri, unchanged in found.iter_rows())


def test_what_is_dated_in_the_future_is_put_under_today_in_its_order(settings: Settings) -> None:
    lake = Lake(settings.lake_dir)
    before = lake.read("raw_documents")["raw_id"].to_list()
    with pytest.raises(DayClosedError, match="onrecord redate"):
        take_in(lake, TODAY, "e")
    moved = redate(lake, Manifest(settings), NOW)
    assert moved == [Batch(TODAY, f"{TODAY}-00000{n}") for n in (2, 3, 4)]
    assert future_batches(lake, TODAY) == []
    assert rows(lake) == [(str(TODAY), uri, unchanged) for uri, unchanged in
                          (("a", False), ("b", False), ("b", True), ("c", False), ("d", False))]  # fmt: skip
    assert lake.read("raw_documents")["raw_id"].to_list() == before
    assert lake.read("sightings")["sighting_id"].n_unique() == 5
    assert lake.read("sightings")["seen_at"].max() == NOW, "no instant lies in the future"
    assert lake.part("sightings", moved[-1], UNCHANGED).exists()
    assert Manifest(settings).difference().missing == ()
    take_in(lake, TODAY, "e")
    assert redate(lake, Manifest(settings), NOW) == []


def test_the_day_itself_can_come_later_without_a_clash_of_ids(settings: Settings) -> None:
    lake = Lake(settings.lake_dir)
    redate(lake, Manifest(settings), NOW)
    take_in(lake, AHEAD, "b", "z")
    ids = lake.read("sightings")["sighting_id"]
    assert ids.n_unique() == len(ids)


def test_a_command_that_was_killed_between_copy_and_removal_moves_nothing_twice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(settings.lake_dir)
    expected = sorted(uri for _, uri, _ in rows(lake))
    cleared = Lake.clear

    def killed(self: Lake, batch: Batch) -> None:
        if batch.day == AHEAD:
            raise KeyboardInterrupt
        cleared(self, batch)

    monkeypatch.setattr(Lake, "clear", killed)
    with pytest.raises(KeyboardInterrupt):
        redate(lake, Manifest(settings), NOW)
    monkeypatch.setattr(Lake, "clear", cleared)
    redate(lake, Manifest(settings), NOW + timedelta(minutes=1))
    assert sorted(uri for _, uri, _ in rows(lake)) == expected
    assert Manifest(settings).difference().missing == ()
