"""Quarantine over several tries: refused, let through, refused again, and what a step does not write stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.compute.quarantine import write_refusals
from pipelines.contracts import table
from pipelines.storage.lake import Batch, Lake

BATCH = Batch(date(2026, 3, 2), "2026-03-02-000001")
FIRST, SECOND, THIRD = (datetime(2026, 3, day, tzinfo=UTC) for day in (2, 3, 4))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    lake.create()
    return lake


def refused(stage: str, *ids: str) -> pl.DataFrame:
    return table("lake", "quarantine").frame([
        {"ingest_date": BATCH.day, "batch_id": BATCH.batch_id, "quarantine_id": f"q-{i}", "stage": stage, "rule": "r",
         "entity": "record", "entity_id": i, "severity": "warn", "detail": "d", "first_seen_at": FIRST} for i in ids
    ])  # fmt: skip


def attempt(lake: Lake, step: str, stage: str, *ids: str, through: set[str], now: datetime) -> None:
    write_refusals(lake, BATCH, step, refused(stage, *ids), through=through, made_by="code", now=now)


def state(lake: Lake) -> dict[str, datetime | None]:
    rows = lake.read("quarantine", columns=["quarantine_id", "resolved_at"])
    assert rows["quarantine_id"].is_unique().all()
    return dict(rows.iter_rows())


def test_what_comes_through_is_kept_as_resolved_and_what_is_refused_again_is_open_again(lake: Lake) -> None:
    attempt(lake, "parse", "decode", "a", "b", "c", through=set(), now=FIRST)
    attempt(lake, "extract", "extract", "v", through=set(), now=FIRST)
    assert state(lake) == dict.fromkeys(("q-a", "q-b", "q-c", "q-v"))
    attempt(lake, "parse", "decode", "a", through={"b"}, now=SECOND)
    assert state(lake) == {"q-a": None, "q-b": SECOND, "q-v": None}, "c is gone, but it did not come through"
    attempt(lake, "parse", "decode", "a", through={"b"}, now=THIRD)
    assert state(lake)["q-b"] == SECOND, "it came through when it first did"
    attempt(lake, "extract", "extract", through={"v"}, now=THIRD)
    assert state(lake) == {"q-a": None, "q-b": SECOND, "q-v": THIRD}
    attempt(lake, "parse", "decode", "a", "b", through=set(), now=THIRD)
    assert state(lake) == {"q-a": None, "q-b": None, "q-v": THIRD}


def test_a_try_that_changes_nothing_writes_nothing_more(lake: Lake) -> None:
    attempt(lake, "parse", "decode", "a", through=set(), now=FIRST)
    attempt(lake, "parse", "decode", "a", through=set(), now=SECOND)
    assert [p.name for p in lake.root.glob("quarantine/ingest_date=*/*")] == ["2026-03-02-000001.parse.parquet"]
