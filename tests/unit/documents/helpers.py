"""Records and batches made up for the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl

from pipelines.core.documents.batches import Parsed, Read, assemble, read_documents
from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Document, Record, SourceRules
from pipelines.core.ids import mk_id, sha256_hex

BODY = (
    "The council of Fernholm voted on Tuesday to rebuild the old harbour wall before winter.\n\n"
    '"We cannot wait for another storm," Mayor Ada Quill said after the vote in the town hall.\n\n'
    "The work will cost 3 million crowns, according to the council, and should end in November. "
    "Opponents said the money would be better spent on the school roof, which has leaked for years.\n"
)
KNOWN = pl.DataFrame(schema={"article_id": pl.String, "text_sha256": pl.String, "version_id": pl.String})


def record(data: bytes | str, media_type: str = "text/plain", uri: str = "a.txt", no: int | None = None) -> Record:
    raw = data.encode() if isinstance(data, str) else data
    return Record(sha256_hex(raw), raw, media_type, "files", uri, no)


def plain(data: bytes | str, uri: str = "a.txt", **rules: object) -> Document:
    return read_record(record(data, uri=uri), SourceRules("files", **rules))  # type: ignore[arg-type]


def js(row: object, **rules: object) -> Document:
    data = row if isinstance(row, (bytes, str)) else json.dumps(row)
    return read_record(record(data, "application/json", "a.jsonl", 0), SourceRules("files", **rules))  # type: ignore[arg-type]


def page(data: bytes | str, uri: str = "a.html", **rules: object) -> Document:
    return read_record(record(data, "text/html", uri), SourceRules("files", **rules))  # type: ignore[arg-type]


def sighting(data: bytes | str | None, uri: str, **over: object) -> dict[str, object]:
    raw = data.encode() if isinstance(data, str) else data
    row: dict[str, object] = {
        "sighting_id": mk_id("sighting", "b1", uri, str(over.get("record_no", ""))),
        "raw_id": sha256_hex(raw) if raw is not None else None,
        "bytes": raw,
        "media_type": "text/plain",
        "source_name": "files",
        "source_uri": uri,
        "record_no": None,
        "is_unchanged": False,
        "refusal_rule": None,
        "refusal_detail": None,
        "seen_at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "ingest_date": date(2026, 1, 2),
        "batch_id": "b1",
    }
    return row | over


def batch(*rows: dict[str, object]) -> pl.DataFrame:
    schema = {
        "sighting_id": pl.String,
        "raw_id": pl.String,
        "bytes": pl.Binary,
        "media_type": pl.String,
        "source_name": pl.String,
        "source_uri": pl.String,
        "record_no": pl.Int64,
        "is_unchanged": pl.Boolean,
        "refusal_rule": pl.String,
        "refusal_detail": pl.String,
        "seen_at": pl.Datetime("us", "UTC"),
        "ingest_date": pl.Date,
        "batch_id": pl.String,
    }
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def cut(document: Document, name: str) -> list[str]:
    return [document.text[s.char_start : s.char_end] for s in document.sections if s.section == name]


def parse_batch(
    records: pl.DataFrame, rules: Mapping[str, SourceRules], known: pl.DataFrame, read: Read = read_record
) -> Parsed:
    """Read and assemble a batch in this process."""
    return assemble(records, read_documents(records, rules, read), known)
