"""The lake of the benchmark is one that the pipeline could have written: keys, references and evidence hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.bench.lake import Copies, write_lake
from pipelines.contracts import tables
from tests.integration.test_dbt_models import made_up_lake

LAST = date(2026, 3, 5)


def test_copies_keep_keys_references_and_evidence(tmp_path: Path) -> None:
    seed = made_up_lake(tmp_path / "seed")
    seed.write()
    lake, days = write_lake(tmp_path / "lake", tmp_path / "seed", n_articles=36, per_day=12, last_day=LAST)
    assert days == [date(2026, 3, 3), date(2026, 3, 4), LAST]
    assert [batch.day for batch in lake.batches()] == days
    for contract in tables("lake"):
        rows = lake.read(contract.name)
        assert rows.height == 12 * sum(len(r) for (name, _), r in seed.parts.items() if name == contract.name)
        assert rows.select(contract.key).is_unique().all(), contract.name
        contract.conform(rows)
    versions = lake.read("article_versions")
    assert versions["article_id"].n_unique() == 36
    for name in ("statements", "quotes", "mentions", "entities", "statement_spans"):
        assert lake.read(name).join(versions, on="version_id", how="anti").is_empty(), name
    spans = lake.read("statement_spans").join(versions.select("version_id", "text"), on="version_id")
    cut = pl.col("text").str.slice(pl.col("char_start"), pl.col("char_end") - pl.col("char_start"))
    assert spans.filter(cut != pl.col("span_text")).is_empty()
    assert lake.read("quotes")["canonical_quote_id"].n_unique() > 20, "the words differ from copy to copy"


def test_a_seed_without_articles_is_refused(tmp_path: Path) -> None:
    made_up_lake(tmp_path / "seed").write()
    for path in (tmp_path / "seed" / "article_versions").glob("ingest_date=*/*"):
        path.unlink()
    with pytest.raises(ValueError, match="holds no articles"):
        Copies(tmp_path / "seed")
