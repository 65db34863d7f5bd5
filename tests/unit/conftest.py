from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.core.ids import mk_id
from pipelines.core.reference import Reference, parse_reference
from pipelines.core.resolution.resolve import Resolution, resolve, without_day
from pipelines.core.resolution.scorer import Scorer, parse_scorer

ROOT = Path(__file__).resolve().parents[2]
PRONOUNS = {"he", "she", "it", "they", "i", "we", "who", "him", "her"}


@dataclass
class Extracted:
    sentences: pl.DataFrame
    statements: pl.DataFrame
    statement_spans: pl.DataFrame
    quotes: pl.DataFrame
    mentions: pl.DataFrame


@dataclass
class ArticleBuilder:
    """Builds the extraction of one text by hand: sentences are cut at ". " and at line ends, mentions by words."""

    text: str
    version_id: str = "v1"
    sentences: list[tuple[int, int]] = field(default_factory=list)
    mentions: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    statements: list[dict[str, Any]] = field(default_factory=list)
    spans: list[dict[str, Any]] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    datelines: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.sentences:
            start = 0
            for i, c in enumerate(self.text):
                closes = c == "\n" or (
                    c == " "
                    and self.text[i - 1] in ".!?”"
                    and i + 1 < len(self.text)
                    and self.text[i + 1] in "“ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                )
                if closes and i > start and self.text[i - 3 : i] not in ("Mr.", "Ms.", "rs."):
                    self.sentences.append((start, i))
                    start = i + 1
            if start < len(self.text):
                self.sentences.append((start, len(self.text)))

    def find(self, words: str, nth: int = 0) -> tuple[int, int]:
        at = -1
        for _ in range(nth + 1):
            at = self.text.index(words, at + 1)
        return at, at + len(words)

    def sentence_no(self, start: int) -> int:
        return next((i for i, (s, e) in enumerate(self.sentences) if s <= start < e), 0)

    def mention(self, words: str | tuple[int, int], nth: int = 0, kind: str = "name") -> str:
        start, end = self.find(words, nth) if isinstance(words, str) else words
        mention_id = mk_id("mention", self.version_id, start, end)
        surface = self.text[start:end]
        self.mentions.setdefault(
            (start, end),
            {
                "mention_id": mention_id, "version_id": self.version_id, "sentence_no": self.sentence_no(start),
                "char_start": start, "char_end": end, "surface": surface,
                "mention_kind": "pronoun" if surface.casefold() in PRONOUNS else kind,
                "role_surface": None, "extraction_id": "x",
            },
        )  # fmt: skip
        return mention_id

    def statement(
        self, source: str | tuple[int, int] | None, content: str | list[tuple[int, int]] = "", *, nth: int = 0,
        cue: tuple[int, int] | None = None, **columns: object,
    ) -> str:  # fmt: skip
        speaker = self.mention(source, nth) if source is not None else None
        statement_id = columns.pop("statement_id", mk_id("statement", self.version_id, len(self.statements)))
        at = self.mentions_span(speaker)
        self.statements.append(
            {
                "statement_id": statement_id, "version_id": self.version_id,
                "sentence_no": self.sentence_no(at[0] if at else 0),
                "section": "body", "depth": 0, "statement_type": "indirect",
                "source_kind": "named_person" if source else "unattributed", "speaker_mention_id": speaker,
                "attribution_method": "name" if source else "none", "span_confidence": 0.9, "is_attitude": False,
                "polarity": "asserted", "content_text": "", "content_norm": "", "stated_date_basis": "none",
                "tier": "core",
                "lineage_key": "l", "extraction_id": "x", **columns,
            }
        )  # fmt: skip
        contents = [self.find(content)] if isinstance(content, str) and content else content or []
        for kind, spans in (("source", [at] if at else []), ("cue", [cue] if cue else []), ("content", contents)):
            for no, (s, e) in enumerate(spans):
                self.spans.append(
                    {"statement_id": statement_id, "version_id": self.version_id, "span_kind": kind, "span_no": no,
                     "char_start": s, "char_end": e, "span_text": self.text[s:e]}
                )  # fmt: skip
        return statement_id

    def mentions_span(self, mention_id: str | None) -> tuple[int, int] | None:
        return next(
            ((m["char_start"], m["char_end"]) for m in self.mentions.values() if m["mention_id"] == mention_id), None
        )

    def extracted(self) -> Extracted:
        sentences = [
            {
                "version_id": self.version_id,
                "sentence_no": i,
                "paragraph_no": self.text.count("\n", 0, s),
                "section": "dateline" if i in self.datelines else "body",
                "char_start": s,
                "char_end": e,
            }
            for i, (s, e) in enumerate(self.sentences)
        ]
        quotes = [
            {"quote_id": mk_id("quote", self.version_id, s, e), "version_id": self.version_id, "sentence_no": 0,
             "char_start": s,
             "char_end": e, "inner_start": s + 1, "inner_end": e - 1, "verbatim": self.text[s + 1 : e - 1]}
            for s, e in self.quotes
        ]  # fmt: skip
        return Extracted(
            _frame("sentences", sentences), _frame("statements", self.statements),
            _frame("statement_spans", self.spans),
            _frame("quotes", quotes), _frame("mentions", list(self.mentions.values())),
        )  # fmt: skip

    @property
    def texts(self) -> pl.DataFrame:
        return pl.DataFrame({"version_id": [self.version_id], "text": [self.text]})


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return table("lake", name).frame(rows).select(without_day(table("lake", name)))


@dataclass
class Answer:
    """A resolution with short questions."""

    resolution: Resolution

    def entities_of(self, mention_id: str, rank: int = 1) -> list[tuple[str, str]]:
        rows = self.resolution.mention_entities.filter((pl.col("mention_id") == mention_id) & (pl.col("rank") == rank))
        return sorted(rows.join(self.resolution.entities, on="entity_id").select("name", "actor_type").rows())

    def method_of(self, mention_id: str) -> str | None:
        rows = self.resolution.mention_entities.filter(pl.col("mention_id") == mention_id)["method"].to_list()
        return rows[0] if rows else None

    def speakers(self, statement_id: str, rank: int = 1) -> list[str]:
        rows = self.resolution.statement_entities.filter(
            (pl.col("statement_id") == statement_id) & (pl.col("speaker_rank") == rank)
        )
        return sorted(rows.join(self.resolution.entities, on="entity_id")["name"].to_list())


@pytest.fixture(scope="session")
def reference() -> Reference:
    return parse_reference({p.name: p.read_text() for p in (ROOT / "pipelines" / "reference").glob("*.csv")})


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    return parse_scorer((ROOT / "pipelines" / "reference" / "speakers" / "scorer.json").read_text(encoding="utf-8"))


@pytest.fixture
def article() -> type[ArticleBuilder]:
    return ArticleBuilder


@pytest.fixture
def solve(reference: Reference, scorer: Scorer) -> Callable[[ArticleBuilder], Answer]:
    def run(builder: ArticleBuilder) -> Answer:
        return Answer(resolve(builder.texts, builder.extracted(), reference, scorer, resolution_id="r"))

    return run
