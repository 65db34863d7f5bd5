"""A text on which a step fails is set aside, and the others are done."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.core.attribution import Extraction
from pipelines.core.tables import table
from pipelines.io import models

TEXT = "“The lock is open,” keeper Ana Lund said on Monday."


def texts() -> pl.DataFrame:
    columns = ("version_id", "article_id", "text", "language", "sections", "published_on")
    schema = {name: table("lake", "article_versions")[name].polars for name in columns}
    return pl.DataFrame(
        [{"version_id": v, "article_id": v, "text": TEXT, "language": "en"} for v in "ab"], schema=schema
    )


def test_a_text_that_cannot_be_resolved_is_named_and_the_others_are_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    real = models.resolve

    def failing(texts: pl.DataFrame, *rest: object, **more: object) -> object:
        if "a" in texts["version_id"].to_list():
            raise ValueError("no such thing")
        return real(texts, *rest, **more)  # type: ignore[arg-type]

    extraction = Extraction(**models.extract_chunk(texts()).frames)
    monkeypatch.setattr(models, "resolve", failing)
    resolution, failed = models.resolve_texts(texts(), extraction)
    assert failed == (("a", "ValueError: no such thing"),)
    assert set(resolution.statement_entities["version_id"]) == {"b"}
