"""A defect that a blocking check finds: the run says which row, and what was published stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import DAY_1, History
from tests.workbench import Workbench, contents, good, quiet


@pytest.fixture(scope="module")
def tampered(
    history: History, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workbench, dict[str, tuple[int, int]]]:
    """A published warehouse, then one whose lake holds a span that the text does not say."""
    bench = history.copy(history.first, tmp_path_factory.mktemp("tampered"))
    before = contents(bench.published)
    (part,) = (bench.data / "lake" / "statement_spans").glob("ingest_date=*/*.parquet")
    metadata = {k: v for k, v in pl.read_parquet_metadata(part).items() if k.startswith("onrecord.")}
    spans = pl.read_parquet(part)
    first = pl.int_range(pl.len()) == 0
    forged = spans.with_columns(span_text=pl.when(first).then(pl.lit("never printed")).otherwise("span_text"))
    forged.write_parquet(part, metadata=metadata)
    return bench, before


def test_a_span_that_is_not_in_the_text_stops_publication(
    tampered: tuple[Workbench, dict[str, tuple[int, int]]], history: History, tmp_path: Path
) -> None:
    bench, before = tampered
    shutil.copy(history.news / "day1" / "ferry.txt", tmp_path / "again.txt")
    done = quiet(bench("run", tmp_path / "again.txt", *DAY_1))
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert "core.statement_spans: statement_spans_evidence" in told
    assert "never printed" in told
    assert "the published file was not changed" in told
    assert contents(bench.published) == before


def test_computing_the_day_again_heals_it(tampered: tuple[Workbench, dict[str, tuple[int, int]]]) -> None:
    bench, before = tampered
    good(bench("rebuild"))
    after = contents(bench.published)
    assert {k: v for k, v in after.items() if k[0] != "o"} == {k: v for k, v in before.items() if k[0] != "o"}
