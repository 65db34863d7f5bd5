"""Figures that steps report: what they took, what was refused, how good the extractor is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.orchestration.asset_specs import markdown, pace
from pipelines.orchestration.assets import statements
from pipelines.orchestration.assets.article_versions import refusals
from pipelines.settings import load_settings
from pipelines.storage.atomic_files import write_json
from pipelines.storage.lake import Batch, Lake


def test_a_step_that_did_nothing_has_no_pace() -> None:
    assert pace(30, 2.0, "articles") == {"seconds": 2.0, "articles_per_second": 15.0}
    assert pace(0, 0.01, "articles") == {"seconds": 0.01}


def test_a_table_to_show_keeps_to_one_line_a_row() -> None:
    shown = markdown(pl.DataFrame({"a": ["one\ntwo | three", None], "n": [1, 2]}))
    assert shown.value == "| a | n |\n| --- | --- |\n| one two \\| three | 1 |\n|  | 2 |"
    assert markdown(pl.DataFrame({"n": range(20)}), 3).value.count("\n") == 4


def test_the_share_refused_is_of_what_is_new(tmp_path: Path) -> None:
    lake, batch = Lake(tmp_path), Batch(date(2026, 3, 2), "2026-03-02-000001")
    lake.create()
    day = {"ingest_date": batch.day, "batch_id": batch.batch_id}
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    met = [{**day, "sighting_id": str(n), "source_name": "s", "source_uri": str(n), "run_id": "r", "seen_at": at,
            "is_unchanged": n > 3} for n in range(6)]  # fmt: skip
    became = [{**day, "sighting_id": str(n), "batch_order": n, "outcome": "quarantined" if n in (0, 5) else "parsed",
               "outcome_reason": "no_article" if n in (0, 5) else None} for n in range(6)]  # fmt: skip
    lake.write("sightings", batch, table("lake", "sightings").frame(met))
    lake.write("sighting_outcomes", batch, table("lake", "sighting_outcomes").frame(became))
    found = refusals(lake, [batch])
    assert (found["n_refused"], found["share_refused"]) == (1, 0.25)
    assert isinstance(found["refused_by"], dg.MarkdownMetadataValue)
    assert "| no_article | 1 |" in found["refused_by"].value
    assert refusals(lake, []) == {"n_refused": 0}


def test_scores_are_told_as_long_as_the_extractor_is_the_one_that_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert statements.measured(settings) == {}
    settings.accuracy.parent.mkdir()
    figures = {"content": {"P": 0.9, "R": 0.8, "F1": 0.847}}
    write_json(settings.accuracy, {"gold": "gold", "extraction_id": "that", "figures": figures})
    assert statements.measured(settings) == {}
    monkeypatch.setattr(statements, "extraction_id", lambda: "that")
    found = statements.measured(settings)
    assert found["content_f1"] == 0.847
    assert isinstance(found["accuracy on gold"], dg.MarkdownMetadataValue)
    assert "| content | F1 | 0.847 |" in found["accuracy on gold"].value


def test_words_of_the_news_do_nothing_in_a_table() -> None:
    words = "![x](https://a.example/p.png) <b>&lt; [l](u) ends in \\"
    (*_, row) = markdown(pl.DataFrame({"words": [words]})).value.split("\n")
    assert re.sub(r"\\[^\w\s]", "", row.strip("| ")) == "xhttps://a.example/p.png blt; lu ends in "
