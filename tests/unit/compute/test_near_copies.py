"""Near copies in the lake: batch by batch as at once, and again where an earlier text changed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.compute import near_copies
from pipelines.contracts import table
from pipelines.core.copies.near_copies import signatures
from pipelines.storage.lake import Batch, Lake
from tests.unit.copies.helpers import body, edited, versions

FIRST_DAY = date(2026, 3, 2)


def batch(number: int) -> Batch:
    day = FIRST_DAY + timedelta(days=number // 2)
    return Batch(day, f"{day}-{number:06d}")


def store(lake: Lake, number: int, rows: pl.DataFrame) -> None:
    """Write the versions of a batch, as parsing does."""
    contract = table("lake", "article_versions")
    fill = {"date": FIRST_DAY, "int": 0, "bool": False, "str": "x", "strs": [], "instant": None}
    missing = [c for c in contract.columns if c.name not in rows.columns]
    lit = [pl.lit(None if c.nullable else fill[c.kind], dtype=c.polars).alias(c.name) for c in missing
           if c.kind != "instant" or c.nullable]  # fmt: skip
    clock = pl.lit(0).cast(pl.Datetime("us", "UTC")).alias("fetched_at")
    whole = rows.with_columns(*lit, clock).with_columns(pl.col("sections").fill_null([]), text_sha256=pl.col("text"))
    lake.write("article_versions", batch(number), whole)
    lake.write("sightings", batch(number), table("lake", "sightings").empty())


def update(lake: Lake) -> list[Batch]:
    """Do what the asset does, in this process; return the batches that were compared."""
    for b in lake.batches():
        made_by = near_copies.signed_by(lake, b)
        if lake.made_by("text_signatures", b) != made_by:
            lake.write("text_signatures", b, signatures(lake.read("article_versions", batches=[b])), made_by=made_by)
    how = near_copies.compared_by(lake)
    stale = [b for b in how if lake.made_by("near_copies", b) != how[b]]
    for found in near_copies.compare(lake, stale):
        for b, copies in found.items():
            lake.write("near_copies", b, copies, made_by=how[b])
    return stale


@pytest.fixture
def parts() -> list[pl.DataFrame]:
    chance = random.Random(1)
    first = [body(chance) for _ in range(8)]
    texts = [t for _ in range(4) for t in (edited(one, chance, 0.01) for one in first)]
    rows = versions(texts)
    return [rows.slice(n * 8, 8) for n in range(4)]


def lake_of(folder: Path) -> Lake:
    lake = Lake(folder)
    lake.create()
    return lake


def test_a_new_batch_is_compared_with_all_before_it_and_nothing_else_is_done(
    parts: list[pl.DataFrame], tmp_path: Path
) -> None:
    grown, whole = lake_of(tmp_path / "grown"), lake_of(tmp_path / "whole")
    for number, rows in enumerate(parts):
        store(grown, number, rows)
        assert update(grown) == [batch(number)]
        store(whole, number, rows)
    assert update(grown) == []
    assert len(update(whole)) == 4
    copies = grown.read("near_copies")
    assert copies.height > 20
    assert copies.equals(whole.read("near_copies"))
    assert (copies["earlier_batch_id"] != copies["batch_id"]).any()


@pytest.mark.parametrize(("pairs", "n_versions"), [(1, 1), (3, 12)])
def test_how_much_is_held_at_a_time_changes_nothing(
    parts: list[pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pairs: int, n_versions: int
) -> None:
    usual, tight = lake_of(tmp_path / "usual"), lake_of(tmp_path / "tight")
    for number, rows in enumerate(parts):
        store(usual, number, rows)
        store(tight, number, rows)
    update(usual)
    monkeypatch.setattr(near_copies, "_PAIRS", pairs)
    monkeypatch.setattr(near_copies, "_VERSIONS", n_versions)
    update(tight)
    assert usual.read("near_copies").equals(tight.read("near_copies"))


def test_what_comes_after_a_changed_text_is_compared_again(parts: list[pl.DataFrame], tmp_path: Path) -> None:
    lake, fresh = lake_of(tmp_path / "lake"), lake_of(tmp_path / "fresh")
    changed = parts[1].with_columns(text=pl.lit(" ".join(body(random.Random(9)))))
    for number, rows in enumerate(parts):
        store(lake, number, rows)
        store(fresh, number, changed if number == 1 else rows)
    update(lake)
    store(lake, 1, changed)
    assert update(lake) == [batch(1), batch(2), batch(3)]
    update(fresh)
    assert lake.read("near_copies").equals(fresh.read("near_copies"))
