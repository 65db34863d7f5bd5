"""Which later batches are read again when the texts of one changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.orchestration.assets.article_versions import _IDENTITY, _that_follow
from pipelines.storage.lake import Batch, Lake

BATCHES = [Batch(date(2026, 3, day), f"2026-03-0{day}-000001") for day in (2, 3, 4, 5)]
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def write(lake: Lake, batch: Batch, name: str, *rows: dict[str, object], stage: str | None = None) -> None:
    contract = table("lake", name)
    fill: dict[str, object] = {"str": "x", "int": 0, "bool": False, "instant": NOW, "strs": [], "sections": []}
    base = {c.name: None if c.nullable else fill.get(c.kind) for c in contract.columns}
    lake.write(name, batch, contract.frame([base | row for row in rows]), stage=stage)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Four batches: a text, another text of its article, a duplicate of the first, and something else."""
    lake = Lake(tmp_path)
    lake.create()
    versions = [("a", "t1", "v1"), ("a", "t2", "v2"), None, ("b", "t3", "v3")]
    for batch, version, outcome in zip(BATCHES, versions, ("v1", "v2", "v1", "v3"), strict=True):
        rows = [] if version is None else [dict(zip(_IDENTITY, version, strict=True))]
        write(lake, batch, "article_versions", *rows)
        write(lake, batch, "sighting_outcomes", {"sighting_id": batch.batch_id, "version_id": outcome})
        write(lake, batch, "quarantine", stage="parse")
        write(lake, batch, "sightings", {"sighting_id": batch.batch_id})
    return lake


def texts(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(_IDENTITY, pl.String), orient="row")


def test_the_batches_that_met_the_article_or_its_version_follow_and_no_others(lake: Lake) -> None:
    first, second, third, last = BATCHES
    before = texts(("a", "t1", "v1"))
    assert _that_follow(lake, first, before, before) == [], "nothing changed"
    assert sorted(_that_follow(lake, first, before, texts(("a", "t9", "v1")))) == [second, third]
    assert sorted(_that_follow(lake, first, before, texts())) == [second, third]
    assert _that_follow(lake, first, texts(), texts(("b", "t3", "v0"))) == [last], "it was new there, and is known now"
    assert _that_follow(lake, last, texts(), texts(("a", "t1", "v9"))) == [], "what came before is not looked at"


def test_a_batch_that_was_not_read_yet_need_not_be_read_again(lake: Lake) -> None:
    lake.drop_computed(BATCHES[1])
    assert _that_follow(lake, BATCHES[0], texts(("a", "t1", "v1")), texts()) == [BATCHES[2]]
