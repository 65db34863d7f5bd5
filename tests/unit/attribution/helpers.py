"""Shared by the tests of attribution: the lexicon as shipped, and a frame of texts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.compute import worker
from pipelines.core.attribution import (
    CueLexicon,
    Extraction,
    Tagger,
    extract,
    parse_cue_lexicon,
)

REFERENCE = Path(__file__).resolve().parents[3] / "pipelines" / "reference"
SECTION = pl.Struct({"section": pl.String(), "char_start": pl.Int64(), "char_end": pl.Int64()})
TEXTS = {"version_id": pl.String(), "text": pl.String(), "language": pl.String(), "sections": pl.List(SECTION)}


@cache
def lexicon() -> CueLexicon:
    return parse_cue_lexicon((REFERENCE / "cue_lexicon.csv").read_text(encoding="utf-8"))


@cache
def tagger() -> Tagger:
    return worker.tagger()


def frame(texts: Mapping[str, str], language: str | None = "en", sections: object = None) -> pl.DataFrame:
    rows = [{"version_id": k, "text": v, "language": language, "sections": sections} for k, v in texts.items()]
    return pl.DataFrame(rows, schema=TEXTS)


def run(texts: Mapping[str, str] | str, language: str | None = "en", sections: object = None) -> Extraction:
    by_id = {"v": texts} if isinstance(texts, str) else texts
    return extract(frame(by_id, language, sections), tagger(), lexicon())
