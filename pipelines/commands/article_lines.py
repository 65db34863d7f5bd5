"""Articles of files to the lines that `onrecord extract` prints.

Covers putting decode, extract and resolve together for one file at a time, and the shape of a line. For output, see
commands/extract; for the rules, see core.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import polars as pl

from pipelines.compute.worker import extract_chunk, resolve_texts
from pipelines.contracts import table
from pipelines.core.attribution import Extraction
from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Document, Ignored, Record, Refused, SourceRules
from pipelines.core.ids import sha256_hex
from pipelines.ingest.compressed import PACKED
from pipelines.ingest.file_records import KINDS, cut, kind_of
from pipelines.ingest.record_values import Bounds
from pipelines.settings import FILES_SOURCE, load_settings

Line = dict[str, Any]
COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(
        ("doc", "path", "speaker", "cue", "content", "source", "type", "source_kind", "cue_class", "polarity", "tier",
         "section", "method"), pl.String(),
    ),
    "confidence": pl.Float64(), "speaker_confidence": pl.Float64(), "char_start": pl.Int64(), "char_end": pl.Int64(),
}  # fmt: skip
"""What a row says of a statement."""
_TEXT = "text/plain"
_AT_ONCE = 20
_UNNAMED = ""
"""Lines do not say by which code they were made, and so do not wait for its hash."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article to extract from.

    Attributes:
        doc: its name: the stem of its file, with the number or id of the record where the file holds several.
        path: where it was read: a path, an address, or - for standard input.
        document: what was read of it.
        is_plain: whether offsets count the characters of the file itself.
    """

    doc: str
    path: str
    document: Document
    is_plain: bool


def article_lines(paths: Sequence[Path]) -> tuple[list[Line], list[str]]:
    """Return a line for each article of some files, and one clear line for each that cannot be read."""
    articles: list[Article] = []
    refused: list[str] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                articles += articles_of(file, path.as_posix(), path.stat().st_size, refused)
        except OSError as error:
            refused.append(f"{path}: {error.strerror or error}")
    return lines_of(articles, refused), refused


def articles_of(file: BinaryIO, name: str, size: int, refused: list[str], kind: str | None = None) -> list[Article]:
    """Return the articles of one file; what cannot be read is added to `refused`, a line each.

    Args:
        file: its bytes.
        name: its path, or what stands for it.
        size: its number of bytes.
        refused: lines for the user.
        kind: the file name to read it by, where its own does not tell (standard input, an address).
    """
    by = kind or (name if kind_of(name, {}) else f"{name}.txt")
    stem = PurePosixPath(name).name
    while (suffix := PurePosixPath(stem).suffix.lower()) and (suffix in KINDS or suffix in PACKED):
        stem = PurePosixPath(stem).stem
    out: list[Article] = []
    for cut_record in cut(file, by, size, Bounds(load_settings().max_document_bytes)):
        place = name if cut_record.number is None else f"{name} record {cut_record.number + 1}"
        if cut_record.content is None or cut_record.rule:
            refused.append(f"{place}: {cut_record.detail or cut_record.rule}")
            continue
        try:
            document = _document(cut_record.content, name, cut_record.media_type)
        except Refused as error:
            refused.append(f"{place}: {error.refusal.detail}")
            continue
        except Ignored:
            continue
        number = cut_record.number
        doc = stem if number is None else document.supplied_id or f"{stem}#{number + 1}"
        out.append(Article(doc, name, document, cut_record.media_type == _TEXT))
    return out


def lines_of(articles: Sequence[Article], refused: list[str]) -> list[Line]:
    """Return a line for each article: its name, where it was read, and what it says; texts that offsets need."""
    out: list[Line] = []
    for first in range(0, len(articles), _AT_ONCE):
        some = articles[first : first + _AT_ONCE]
        lines, failed = _lines([(a.doc, a.document) for a in some])
        refused += failed
        for article, line in zip(some, lines, strict=True):
            text = {} if article.is_plain else {"text": article.document.text}
            out.append({"doc": article.doc, "path": article.path, **text, **line})
    return out


def text_lines(texts: Sequence[tuple[str, str]]) -> list[Line]:
    """Return a line for each (name, text); a text that cannot be read gives a line without statements."""
    return _lines([(name, _document(text.encode(), name)) for name, text in texts])[0]


def named_lines(texts: Sequence[tuple[str, str]]) -> tuple[list[Line], list[str]]:
    """Return a line for each (name, text) that can be read, and one clear line for each that cannot."""
    documents, refused = [], []
    for name, text in texts:
        try:
            documents.append((name, _document(text.encode("utf-8", "replace"), name)))
        except Refused as error:
            refused.append(f"{name}: {error.refusal.detail}")
    lines, failed = _lines(documents)
    return [{**line, "path": ""} for line in lines], refused + failed


def statement_frame(lines: Sequence[Line]) -> pl.DataFrame:
    """Return a row for each statement of some articles, with all of COLUMNS; several spans of a kind are one text."""
    rows = []
    for line in lines:
        for s in line["statements"]:
            words = {kind: " … ".join(s[f"{kind}_text"]) for kind in ("source", "cue", "content")}
            place = {"char_start": s["content"][0][0], "char_end": s["content"][-1][1]}
            row = {**s, **words, **place, "doc": line["doc"], "path": line["path"]}
            rows.append([row[name] for name in COLUMNS])
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def text_rows(texts: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return the rows that extraction reads, for (name, text) pairs in their order; the ids are numbers."""
    return _frame([(name, _document(text.encode(), name)) for name, text in texts])


def _frame(documents: Sequence[tuple[str, Document]]) -> pl.DataFrame:
    return pl.DataFrame([_row(i, d) for i, (_, d) in enumerate(documents)], schema=_TEXTS)


def _document(content: bytes, uri: str, media_type: str = _TEXT) -> Document:
    record = Record(sha256_hex(content), content, media_type, FILES_SOURCE, uri)
    return read_record(record, SourceRules(name=FILES_SOURCE))


def _lines(documents: Sequence[tuple[str, Document]]) -> tuple[list[Line], list[str]]:
    if not documents:
        return [], []
    texts = _frame(documents)
    extracted = extract_chunk(texts, _UNNAMED)
    failed = [f"{documents[int(version)][0]}: extraction failed: {detail}" for version, detail in extracted.failed]
    extraction = Extraction(**extracted.frames)
    speakers, sources = _speakers(texts, extraction)
    statements = _by_version(extraction.statements)
    spans = _spans(extraction.statement_spans)
    quotes = _by_version(extraction.quotes)
    lines = [
        _line(name, document.text, str(i), statements, spans, quotes, speakers, sources)
        for i, (name, document) in enumerate(documents)
    ]
    return lines, failed


_TEXTS = {
    name: table("lake", "article_versions")[name].polars
    for name in ("version_id", "article_id", "text", "language", "sections", "published_on")
}


def _row(number: int, document: Document) -> Line:
    sections = [{"section": s.section, "char_start": s.char_start, "char_end": s.char_end} for s in document.sections]
    return {
        "version_id": str(number), "article_id": str(number), "text": document.text, "language": document.language,
        "sections": sections, "published_on": document.published.on,
    }  # fmt: skip


def _speakers(texts: pl.DataFrame, extraction: Extraction) -> tuple[dict[str, Line], dict[str, Line]]:
    """Return the resolved speaker of each statement that has one, and the kind of source of each."""
    resolution, _ = resolve_texts(texts, extraction, _UNNAMED)
    answer = (
        resolution.statement_entities.filter(pl.col("speaker_rank") == 1)
        .join(resolution.entities.select("entity_id", "name"), on="entity_id", maintain_order="left")
        .group_by("statement_id", maintain_order=True)
        .agg(pl.col("name").str.join(", "), pl.col("method").first(), pl.col("confidence").first())
    )
    speakers, sources = (
        {row["statement_id"]: row for row in frame.iter_rows(named=True)}
        for frame in (answer, resolution.statement_sources)
    )
    return speakers, sources


def _by_version(frame: pl.DataFrame) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["version_id"]].append(row)
    return found


def _spans(frame: pl.DataFrame) -> dict[tuple[str, str], list[list[int]]]:
    found: dict[tuple[str, str], list[list[int]]] = defaultdict(list)
    for row in frame.sort("statement_id", "span_kind", "span_no").iter_rows(named=True):
        found[row["statement_id"], row["span_kind"]].append([row["char_start"], row["char_end"]])
    return found


def _line(
    doc: str, text: str, version: str, statements: dict[str, list[Line]], spans: dict[tuple[str, str], list[list[int]]],
    quotes: dict[str, list[Line]], speakers: dict[str, Line], sources: dict[str, Line],
) -> Line:  # fmt: skip
    return {
        "doc": doc,
        "statements": [
            _statement(row, text, spans, speakers.get(row["statement_id"]), sources.get(row["statement_id"], row))
            for row in statements.get(version, [])
        ],
        "quotes": [
            {
                "span": [row["char_start"], row["char_end"]],
                "verbatim": row["verbatim"],
                "kind": row["quote_kind"],
                "method": row["attribution_method"],
            }
            for row in quotes.get(version, [])
        ],
    }


def _statement(
    row: Line, text: str, spans: dict[tuple[str, str], list[list[int]]], speaker: Line | None, source: Line
) -> Line:
    kinds = {kind: spans.get((row["statement_id"], kind), []) for kind in ("source", "cue", "content")}
    return {
        **kinds,
        **{f"{kind}_text": [text[s:e] for s, e in own] for kind, own in kinds.items()},
        "type": row["statement_type"],
        "speaker": speaker["name"] if speaker else None,
        "method": speaker["method"] if speaker else row["attribution_method"],
        "confidence": row["span_confidence"],
        "speaker_confidence": speaker["confidence"] if speaker else 0.0,
        "source_kind": source["source_kind"],
        "cue_class": row["cue_class"],
        "polarity": row["polarity"],
        "is_attitude": row["is_attitude"],
        "section": row["section"],
        "tier": row["tier"],
    }
