"""A corpus as one warehouse in memory: texts, what was extracted from them, who is who in each and over all.

Covers reading PolNeAR and Wikinews, extracting and resolving, with the time that each step took. For scoring, see
evaluation/speakers; for printing, see bench/speakers.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.commands.article_lines import text_rows
from pipelines.compute.pool import chunks, map_batches
from pipelines.compute.worker import Extracted, extract_chunk, reference, resolve_texts
from pipelines.core.attribution import Extraction
from pipelines.core.identity.actors import ActorState, alias_frame, assign_actors
from pipelines.core.resolution.resolve import Resolution

_CHUNK = 40
_NO_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Article:
    """One article: its name in the corpus, its outlet, its day of publication if told, its exact text."""

    name: str
    outlet: str
    published_on: date | None
    text: str


@dataclass(frozen=True)
class Warehouse:
    """A corpus, extracted and resolved; `seconds` by step (extract, resolve, assign)."""

    texts: pl.DataFrame
    extraction: Extraction
    resolution: Resolution
    state: ActorState
    seconds: dict[str, float]


def polnear_articles(folder: Path, splits: Sequence[str] = ("train", "dev")) -> list[Article]:
    """Return the PolNeAR articles of some splits, by name."""
    with (folder / "metadata.tsv").open(encoding="utf-8", newline="") as lines:
        rows = {row["filename"].removesuffix(".txt"): row for row in csv.DictReader(lines, delimiter="\t")}
    found = []
    for path in sorted(p for split in splits for p in (folder / split / "text").glob("*.txt")):
        row = rows.get(path.stem, {})
        outlet = row.get("publisher") or path.stem.partition("_")[0]
        found.append(Article(path.stem, outlet, _day(row.get("publication_date")), _exact(path)))
    return sorted(found, key=lambda a: a.name)


def wikinews_articles(folder: Path) -> Iterator[tuple[Article, list[dict[str, Any]]]]:
    """Yield the Wikinews articles with their gold entities."""
    for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Article(row["doc"], "Wikinews", _day(row["published_on"]), row["text"]), row["entities"]


def extracted(articles: Sequence[Article], workers: int = 1) -> tuple[pl.DataFrame, Extraction, float]:
    """Return texts, what is extracted from them, and the seconds that extraction took; version_id is the name."""
    rows = text_rows([(a.name, a.text) for a in articles]).with_columns(
        pl.Series("version_id", [a.name for a in articles], dtype=pl.String),
        pl.Series("article_id", [a.name for a in articles], dtype=pl.String),
        pl.Series("published_on", [a.published_on for a in articles], dtype=pl.Date),
    )
    started = time.monotonic()
    parts = list(map_batches(extract_chunk, list(chunks(rows, _CHUNK)), workers=workers))
    joined = Extracted.joined(parts, list(Extraction.__dataclass_fields__))
    return rows, Extraction(**joined.frames), time.monotonic() - started


def built(articles: Sequence[Article], workers: int = 1) -> Warehouse:
    """Return the articles as one warehouse."""
    rows, extraction, seconds = extracted(articles, workers)
    return resolved(articles, rows, extraction, seconds)


def resolved(articles: Sequence[Article], rows: pl.DataFrame, extraction: Extraction, seconds: float) -> Warehouse:
    """Return the warehouse of texts that are extracted already."""
    started = time.monotonic()
    resolution, _ = resolve_texts(rows, extraction)
    middle = time.monotonic()
    state = state_of(articles, resolution, extraction.mentions)
    took = {"extract": seconds, "resolve": middle - started, "assign": time.monotonic() - middle}
    return Warehouse(rows, extraction, resolution, state, took)


def state_of(articles: Iterable[Article], resolution: Resolution, mentions: pl.DataFrame) -> ActorState:
    """Return the actors of all articles; the day of publication stands for the day of ingest."""
    days = {a.name: a.published_on or _NO_DAY for a in articles}
    entities = resolution.entities.with_columns(
        ingest_date=pl.col("version_id").replace_strict(days, return_dtype=pl.Date), batch_id=pl.lit("0")
    )
    return assign_actors(entities, [alias_frame(mentions, resolution.mention_entities, reference())], reference())


def _exact(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
