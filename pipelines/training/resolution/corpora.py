"""Texts to learn from, extracted as the product does it, with further mentions where gold names some.

Covers reading labels and corpora, extraction. For which candidate is right, see `targets`.
"""

from __future__ import annotations

import csv
import gzip
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.commands.article_lines import text_rows
from pipelines.compute.worker import Extracted, extract_chunk
from pipelines.core.attribution import Extraction
from pipelines.core.ids import mk_id
from pipelines.core.text.spans import Span

LABELS = Path(__file__).with_name("labels.jsonl")
"""Speakers of statements of news, told by reading: document, offsets, names; no text."""
MADE_UP = Path(__file__).with_name("made_up.jsonl")
"""The same of made-up articles, whose texts are those of training/attribution/labels/made_up."""
_PAGE = "html:"
_CHUNK = 40
_PRONOUNS = frozenset({"he", "she", "it", "they", "him", "her", "his", "them"})
_WIKINEWS = "interview"
"""Genre of gum whose documents are articles of Wikinews, on which speakers are scored: left out."""

More = tuple[str, int, int, str, str | None]
"""A mention that gold names: document, start, end, kind of mention, kind of name."""


@dataclass(frozen=True, slots=True)
class Label:
    """One statement: its spans, who says it (a name, "anonymous: " and words, or names joined by " & "), and how."""

    doc: str
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: str
    how: str


@dataclass(frozen=True)
class Coreference:
    """Gold of one document: each mention's entity, and the mentions that are looked at."""

    entity_of: dict[Span, str]
    asked: frozenset[Span]


@dataclass(frozen=True)
class Texts:
    """Texts with what is extracted from them; `text` by document."""

    rows: pl.DataFrame
    extraction: Extraction
    text: dict[str, str] = field(default_factory=dict)


def read_labels(path: Path = LABELS) -> list[Label]:
    """Return the labels of a file."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Label(
            r["doc"],
            tuple((a, b) for a, b in r["source"]),
            tuple((a, b) for a, b in r["content"]),
            r["speaker"],
            r["how"],
        )
        for r in rows
    ]


def read_labelled(folder: Path, docs: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of labelled articles: those of news_unlabelled, and of html, with html: before the page."""
    with gzip.open(folder / "news_unlabelled" / "bbc.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for row in map(json.loads, lines):
            if row["doc"] in docs:
                yield row["doc"], row["text"]
    pages = json.loads((folder / "html" / "ground-truth.json").read_text(encoding="utf-8"))
    for doc in sorted(docs):
        if doc.startswith(_PAGE):
            yield doc, pages[doc.removeprefix(_PAGE)]["articleBody"]


def read_gum(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the documents of gum but for those of Wikinews."""
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (row for row in map(json.loads, lines) if row["genre"] != _WIKINEWS)


def read_gap(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file of gap."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def extracted(texts: Sequence[tuple[str, str]]) -> Texts:
    """Return texts (name, text) with what the product extracts from them; version_id is the name."""
    names = [name for name, _ in texts]
    rows = text_rows(texts).with_columns(
        pl.Series("version_id", names, dtype=pl.String), pl.Series("article_id", names, dtype=pl.String)
    )
    parts = [extract_chunk(rows.slice(i, _CHUNK)) for i in range(0, rows.height, _CHUNK)]
    joined = Extracted.joined(parts, list(Extraction.__dataclass_fields__))
    return Texts(rows, Extraction(**joined.frames), dict(texts))


def with_mentions(texts: Texts, more: Sequence[More]) -> Texts:
    """Return the texts with further mentions."""
    have = set(texts.extraction.mentions["mention_id"])
    starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for doc, no, start in texts.extraction.sentences.select("version_id", "sentence_no", "char_start").iter_rows():
        starts[doc].append((start, no))
    new = []
    for doc, start, end, kind, name_kind in dict.fromkeys(more):
        mention_id = mk_id("mention", doc, start, end)
        if mention_id not in have and starts[doc]:
            at = max(0, bisect_right(starts[doc], (start, 1 << 60)) - 1)
            new.append(
                {"mention_id": mention_id, "version_id": doc, "sentence_no": starts[doc][at][1], "char_start": start,
                 "char_end": end, "surface": texts.text[doc][start:end], "mention_kind": kind, "name_kind": name_kind,
                 "role_surface": None, "extraction_id": "gold"}
            )  # fmt: skip
    mentions = texts.extraction.mentions
    both = pl.concat([mentions, pl.DataFrame(new, schema=mentions.schema)]) if new else mentions
    return replace(texts, extraction=replace(texts.extraction, mentions=both))


def coreference(articles: Sequence[dict[str, Any]]) -> dict[str, Coreference]:
    """Return the gold of articles: pronouns, and short definite descriptions of people and bodies, are looked at."""
    out = {}
    for article in articles:
        entity_of: dict[Span, str] = {}
        asked = set()
        for entity in article["entities"]:
            for m in entity["mentions"]:
                span = (m["start"], m["end"])
                entity_of[span] = entity["entity"]
                if m["text"].casefold() in _PRONOUNS or (
                    entity["type"] in ("person", "organization") and _is_description(m["text"])
                ):  # fmt: skip
                    asked.add(span)
        out[article["doc"]] = Coreference(entity_of, frozenset(asked))
    return out


def _is_description(words: str) -> bool:
    rest = words.split()[1:]
    return words[:4].casefold() == "the " and len(rest) <= 3 and not any(w[:1].isupper() for w in rest)


def gap_mentions(rows: Sequence[dict[str, str]]) -> list[More]:
    """Return the pronoun and the two names of each row of gap."""
    out: list[More] = []
    for r in rows:
        for column, kind, name_kind in (("Pronoun", "pronoun", None), ("A", "name", "person"), ("B", "name", "person")):
            start = int(r[f"{column}-offset"])
            out.append((r["ID"], start, start + len(r[column]), kind, name_kind))
    return out


__all__ = ["LABELS", "Coreference", "Label", "More", "Texts"]
