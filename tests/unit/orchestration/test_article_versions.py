"""Which later batches are read again when the texts of one changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.compute.steps import DAMAGED, raw_of, refused_for_damage
from pipelines.contracts import table
from pipelines.orchestration.assets.article_versions import _IDENTITY, _that_follow
from pipelines.storage.damage import DamagedPartError
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


# ---------------------------------------------------------------- a raw part that is damaged
def test_a_damaged_raw_part_stops_its_own_records_and_no_others(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.create()
    raw = [{"raw_id": name, "bytes": name.encode() * 9_000, "media_type": "text/plain"} for name in ("r0", "r1")]
    for batch, row in zip(BATCHES, raw, strict=False):
        write(lake, batch, "raw_documents", row)
        write(lake, batch, "sightings", {"sighting_id": batch.batch_id, "raw_id": row["raw_id"]})
    last = BATCHES[2]  # met the bytes of both
    write(lake, last, "sightings", *({"sighting_id": f"s{n}", "raw_id": f"r{n}", "record_no": n} for n in (0, 1)))
    sightings = lake.read("sightings", batches=[last])
    assert raw_of(lake, sightings).height == 2

    path = lake.part("raw_documents", BATCHES[0])
    content = bytearray(path.read_bytes())
    for place in range(4, len(content) - 8 - int.from_bytes(content[-8:-4], "little")):
        content[place] ^= 0x5A
    path.write_bytes(content)
    with pytest.raises(DamagedPartError, match=BATCHES[0].batch_id):
        raw_of(lake, sightings)
    met = sightings.join(raw_of(lake, sightings, is_damaged=True), on="raw_id", how="left", maintain_order="left")
    read = refused_for_damage(met)
    assert read.select("sighting_id", "refusal_rule").rows() == [("s0", DAMAGED), ("s1", None)]
    assert "put it back from a copy" in read["refusal_detail"][0]
    assert read["bytes"][1] == raw[1]["bytes"]
