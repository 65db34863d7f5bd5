"""A text on which a step fails is set aside, and the others are done."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.compute import worker
from pipelines.contracts import table
from pipelines.core.attribution import Extraction
from pipelines.core.ids import mk_id

TEXT = "“The lock is open,” keeper Ana Lund said on Monday."


def texts() -> pl.DataFrame:
    columns = ("version_id", "article_id", "text", "language", "sections", "published_on")
    schema = {name: table("lake", "article_versions")[name].polars for name in columns}
    return pl.DataFrame(
        [{"version_id": v, "article_id": v, "text": TEXT, "language": "en"} for v in "ab"], schema=schema
    )


def test_a_text_that_cannot_be_resolved_is_named_and_the_others_are_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    real = worker.resolve

    def failing(texts: pl.DataFrame, *rest: object, **more: object) -> object:
        if "a" in texts["version_id"].to_list():
            raise ValueError("no such thing")
        return real(texts, *rest, **more)  # type: ignore[arg-type]

    extraction = Extraction(**worker.extract_chunk(texts()).frames)
    monkeypatch.setattr(worker, "resolve", failing)
    resolution, failed = worker.resolve_texts(texts(), extraction)
    assert failed == (("a", "ValueError: no such thing"),)
    assert set(resolution.statement_entities["version_id"]) == {"b"}


@pytest.mark.parametrize("error", [ImportError("no module named onnxruntime"), MemoryError()])
def test_a_broken_installation_is_no_fault_of_a_text(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    extraction = Extraction(**worker.extract_chunk(texts()).frames)

    def failing(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr(worker, "extract", failing)
    monkeypatch.setattr(worker, "resolve", failing)
    with pytest.raises(type(error)):
        worker.extract_chunk(texts())
    with pytest.raises(type(error)):
        worker.resolve_texts(texts(), extraction)


def test_rows_carry_the_id_of_the_tagger_and_of_the_code_around_it() -> None:
    frames = worker.extract_chunk(texts()).frames
    for name in ("statements", "mentions", "quotes"):
        assert frames[name]["extraction_id"].unique().to_list() == [worker.extraction_id()]
    row = worker.extractor()
    assert row["version"].startswith(f"{worker.tagger().version}+")
    assert row["extraction_id"] == mk_id("extractor", row["name"], row["version"], row["model_sha256"])
