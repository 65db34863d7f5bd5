"""Text files to the lines that `onrecord extract` prints.

Belongs here: putting decode, extract and resolve together for one file at a time, and the shape of a line.
Does not belong here: output (commands/extract), the rules (core).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.compute.worker import extract_chunk, resolve_texts
from pipelines.contracts import table
from pipelines.core.attribution import Extraction
from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Document, Record, Refused, SourceRules
from pipelines.core.ids import sha256_hex
from pipelines.settings import FILES_SOURCE

Line = dict[str, Any]


def article_lines(paths: Sequence[Path]) -> tuple[list[Line], list[str]]:
    """Return a line for each file that is text, and one clear line for each that is not.

    Offsets in a line count the code points of the file's decoded text as it stands.
    """
    documents: list[tuple[str, Document]] = []
    refused: list[str] = []
    for path in paths:
        try:
            documents.append((path.stem, _document(path.read_bytes(), path.as_posix())))
        except OSError as error:
            refused.append(f"{path}: {error.strerror or error}")
        except Refused as error:
            refused.append(f"{path}: {error.refusal.detail}")
    lines, failed = _lines(documents)
    return lines, refused + failed


def text_lines(texts: Sequence[tuple[str, str]]) -> list[Line]:
    """Return a line for each (name, text); a text that cannot be read gives a line without statements."""
    return _lines([(name, _document(text.encode(), name)) for name, text in texts])[0]


def text_rows(texts: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return the rows that extraction reads, for (name, text) pairs in their order; the ids are numbers."""
    return _frame([(name, _document(text.encode(), name)) for name, text in texts])


def _frame(documents: Sequence[tuple[str, Document]]) -> pl.DataFrame:
    return pl.DataFrame([_row(i, d) for i, (_, d) in enumerate(documents)], schema=_TEXTS)


def _document(content: bytes, uri: str) -> Document:
    record = Record(sha256_hex(content), content, "text/plain", FILES_SOURCE, uri)
    return read_record(record, SourceRules(name=FILES_SOURCE))


def _lines(documents: Sequence[tuple[str, Document]]) -> tuple[list[Line], list[str]]:
    if not documents:
        return [], []
    texts = _frame(documents)
    extracted = extract_chunk(texts)
    failed = [f"{documents[int(version)][0]}: extraction failed: {detail}" for version, detail in extracted.failed]
    extraction = Extraction(**extracted.frames)
    speakers = _speakers(texts, extraction)
    statements = _by_version(extraction.statements)
    spans = _spans(extraction.statement_spans)
    quotes = _by_version(extraction.quotes)
    lines = [_line(name, str(i), statements, spans, quotes, speakers) for i, (name, _) in enumerate(documents)]
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


def _speakers(texts: pl.DataFrame, extraction: Extraction) -> dict[str, dict[str, Any]]:
    """Return the resolved speaker of each statement that has one."""
    resolution, _ = resolve_texts(texts, extraction)
    answer = (
        resolution.statement_entities.filter(pl.col("speaker_rank") == 1)
        .join(resolution.entities.select("entity_id", "name"), on="entity_id", maintain_order="left")
        .group_by("statement_id", maintain_order=True)
        .agg(pl.col("name").str.join(", "), pl.col("method").first(), pl.col("confidence").first())
    )
    return {row["statement_id"]: row for row in answer.iter_rows(named=True)}


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
    doc: str, version: str, statements: dict[str, list[Line]], spans: dict[tuple[str, str], list[list[int]]],
    quotes: dict[str, list[Line]], speakers: dict[str, dict[str, Any]],
) -> Line:  # fmt: skip
    return {
        "doc": doc,
        "statements": [
            _statement(row, spans, speakers.get(row["statement_id"])) for row in statements.get(version, [])
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


def _statement(row: Line, spans: dict[tuple[str, str], list[list[int]]], speaker: dict[str, Any] | None) -> Line:
    kinds = {kind: spans.get((row["statement_id"], kind), []) for kind in ("source", "cue", "content")}
    return {
        **kinds,
        "type": row["statement_type"],
        "speaker": speaker["name"] if speaker else None,
        "method": speaker["method"] if speaker else row["attribution_method"],
        "confidence": row["span_confidence"],
        "speaker_confidence": speaker["confidence"] if speaker else 0.0,
        "source_kind": row["source_kind"],
        "cue_class": row["cue_class"],
        "polarity": row["polarity"],
        "is_attitude": row["is_attitude"],
        "section": row["section"],
        "tier": row["tier"],
    }
