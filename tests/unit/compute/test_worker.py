"""A text on which a step fails is set aside, and the others are done."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.compute import worker
from pipelines.contracts import table
from pipelines.core.attribution import Extraction
from pipelines.core.ids import mk_id
from pipelines.settings import SettingsError

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


def test_pieces_of_a_batch_resolve_as_the_whole_batch_does() -> None:
    extraction = Extraction(**worker.extract_chunk(texts()).frames)
    whole, _ = worker.resolve_texts(texts(), extraction)
    pieces = [
        worker.resolve_texts(texts().slice(i, 1), worker.of_versions(extraction, (v,)))[0] for i, v in enumerate("ab")
    ]
    for name in ("entities", "mention_entities", "statement_entities", "statement_sources", "statement_targets"):
        assert pl.concat(getattr(p, name) for p in pieces).equals(getattr(whole, name)), name
    assert not whole.entities.is_empty()


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


def test_a_users_own_words_reach_extraction_and_its_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    rows = texts().with_columns(text=pl.lit("Vessen said on Monday that the lock was open."))
    before, shipped = worker.extraction_id(), worker.tagger()
    assert worker.extract_chunk(rows).frames["statements"]["attribution_method"].to_list() == ["name", "name"]

    own = tmp_path / "reference"
    own.mkdir()
    (own / "given_names.csv").write_text("given_name\nAilo\n", encoding="utf-8")
    assert worker.extraction_id() == before
    assert worker.tagger() is shipped

    (own / "metonyms.csv").write_text(
        "metonym,actor_type,name,country_code,reads_as_actor\nVessen,org,Vessen Council,,speaking\n", encoding="utf-8"
    )
    changed = worker.extraction_id()
    assert changed != before
    found = worker.extract_chunk(rows).frames["statements"]
    assert found["attribution_method"].to_list() == ["metonym", "metonym"]
    assert found["source_kind"].to_list() == ["organisation", "organisation"]
    assert found["extraction_id"].unique().to_list() == [changed]

    (own / "metonyms.csv").unlink()
    assert worker.extraction_id() == before


def test_a_wrong_line_of_a_users_own_words_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "honorifics.csv").write_text(
        "honorific,gender,keeps_with_name\nDatuk,m\n", encoding="utf-8"
    )
    with pytest.raises(SettingsError, match=r"reference/honorifics\.csv, line 2"):
        worker.lexicon()
