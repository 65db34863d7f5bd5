"""A damaged part is named, with what depends on it and what cures it; what can be made again, a rebuild removes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import contracts
from pipelines.storage.damage import DamagedPartError, is_readable
from pipelines.storage.lake import RESOLVED, Batch, Lake

FIRST, SECOND = (Batch(date(2026, 3, n), f"2026-03-0{n}-000001") for n in (2, 3))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    lake.create()
    for batch in (FIRST, SECOND):
        for name in ("raw_documents", "sightings", "sentences", "quarantine"):
            lake.write(name, batch, rows(name, batch))
    return lake


def rows(name: str, batch: Batch) -> pl.DataFrame:
    """Return a frame that takes some pages: random texts do not shrink."""
    contract = contracts.table("lake", name)
    fill = {"str": "x", "int": 0, "bool": False, "bytes": b"x"}
    base = {c.name: None if c.nullable else fill.get(c.kind) for c in contract.columns}
    now = pl.lit("2026-03-02").str.to_datetime(time_zone="UTC")
    frame = contract.frame([base | dict.fromkeys(contract.key[:1], f"{batch.batch_id}{n}") for n in range(3_000)])
    instants = [c.name for c in contract.columns if c.kind == "instant" and not c.nullable]
    return frame.with_columns(**dict.fromkeys(instants, now)) if instants else frame


def break_data(path: Path) -> None:
    """Change bytes in the middle: the footer, and with it the schema, stays as it was."""
    content = bytearray(path.read_bytes())
    footer = int.from_bytes(content[-8:-4], "little")
    for place in range(4, len(content) - 8 - footer):
        content[place] ^= 0x5A
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("table", "words"),
    [("raw_documents", "put it back from a copy"), ("sightings", "put it back"), ("sentences", "onrecord rebuild")],
)
def test_a_damaged_part_is_named_with_what_depends_on_it_and_the_cure(lake: Lake, table: str, words: str) -> None:
    path = lake.part(table, SECOND)
    break_data(path)
    for read in (lambda: lake.read(table), lambda: lake.rows(lake.scan(table).filter(pl.col("batch_id") > "2"))):
        with pytest.raises(DamagedPartError) as told:
            read()
        assert str(path) in str(told.value)
        assert words in str(told.value)
    assert lake.read(table, batches=[FIRST]).height, "the others can be read"


def test_a_raw_part_that_cannot_be_opened_is_set_aside_until_it_is_put_back(lake: Lake) -> None:
    path = lake.part("raw_documents", FIRST)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    break_data(lake.part("raw_documents", SECOND))
    assert lake.unopenable_raw() == [path], "where records can be found, reading them is another matter"
    aside = lake.set_aside(path)
    assert (lake.unopenable_raw(), lake.take_back()) == ([], [])
    lake.write("raw_documents", SECOND, rows("raw_documents", FIRST)[:7])  # met again meanwhile
    path.write_bytes(whole)
    assert lake.take_back() == [path]
    assert not aside.exists()
    raw_ids = lake.read("raw_documents", columns=["raw_id"])["raw_id"]
    assert raw_ids.sort().to_list() == rows("raw_documents", FIRST)["raw_id"].sort().to_list(), "each once"


def test_a_takedown_removes_what_was_set_aside(lake: Lake) -> None:
    aside = lake.set_aside(lake.part("raw_documents", FIRST))
    lake.drop_set_aside()
    assert not aside.exists()


def test_a_rebuild_removes_what_was_computed_and_is_damaged_and_nothing_else(lake: Lake) -> None:
    lake.write("quarantine", SECOND, rows("quarantine", SECOND), stage=RESOLVED)
    broken = lake.part("sentences", FIRST)
    break_data(broken)
    break_data(lake.part("raw_documents", SECOND))
    assert lake.drop_damaged() == [broken]
    assert not lake.part("quarantine", FIRST).exists(), "its batch is computed again"
    assert lake.part("sentences", SECOND).exists()
    assert lake.part("quarantine", SECOND, RESOLVED).exists()
    assert lake.part("raw_documents", SECOND).exists(), "nobody can make it again"
    assert not is_readable(lake.part("raw_documents", SECOND))
