"""Tables: a row of a CSV or Parquet file is a record, kept as a JSON object of its columns.

Covers rows to JSON, and what makes a row or a table refused.

CSV is read by the standard library's reader, row by row: it is the one that says which row is ragged and goes on
after it. A text in no UTF-8 is decoded row by row, in the encoding that makes it plausible.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from pipelines.core.documents.decode import decode
from pipelines.core.documents.model import FIELD_ALIASES, Refused
from pipelines.ingest.record_values import Bounds, Budget, CutRecord, Unreadable, too_large

JSON_TYPE = "application/json"
_DELIMITERS = ",;\t|"
_BATCH_ROWS = 100
"""Rows of a Parquet file that are held at a time."""
_WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


# ------------------------------------------------------------------ CSV
def cut_csv(file: BinaryIO, bounds: Bounds, budget: Budget | None = None) -> Iterator[CutRecord]:
    """Yield a record for each row; the first line names the columns.

    Raises:
        Unreadable: there is no head, or no column with a text.
    """
    head = file.read(2)
    if not head:
        raise Unreadable("empty", "an empty file: drop it, or look at what wrote it")
    codec = _WIDE_MARKS.get(head, "utf-8")
    chars = io.TextIOWrapper(
        io.BufferedReader(_Rejoined(head, file, budget)), encoding=codec, errors="surrogateescape", newline=""
    )
    csv.field_size_limit(max(csv.field_size_limit(), bounds.max_bytes))
    first = chars.readline(bounds.max_bytes).removeprefix("\ufeff")
    if len(first) >= bounds.max_bytes:
        raise Unreadable("too_large", f"a first line of {bounds.max_bytes:,} characters or more: is it a CSV file?")
    if "\x00" in first:
        raise Unreadable("binary", "there are NUL bytes in it: write it as UTF-8 text first")
    delimiter = max(_DELIMITERS, key=lambda d: (first.count(d), d == ","))
    rows = csv.reader(_bounded(first, chars, bounds.max_bytes), delimiter=delimiter, strict=True)
    try:
        names = next(rows, [])
    except csv.Error as error:
        raise Unreadable("malformed_csv", f"its first line: {error}: put quotes round fields and double them") from None
    names = [name.strip() for name in _decoded(names)]
    _check_columns(names, bounds)
    number = -1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield _refused(number, "malformed_csv", f"{error}: put quotes round fields and double them")
            continue
        if not row:
            continue
        number += 1
        if len(row) != len(names):
            yield _refused(number, "ragged_row", f"{len(row)} fields, the first line names {len(names)}: quote fields")
            continue
        yield _row(number, dict(zip(names, _decoded(row), strict=True)), bounds)


class _Rejoined(io.RawIOBase):
    """A file with its first bytes put back, counted against what it may become."""

    def __init__(self, head: bytes, file: BinaryIO, budget: Budget | None) -> None:
        self._head = head
        self._file = file
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        chunk, self._head = (self._head or self._file.read(len(target))), b""
        if self._budget is not None:
            self._budget.spend(len(chunk))
        target[: len(chunk)] = chunk
        return len(chunk)


def _bounded(first: str, chars: io.TextIOWrapper, max_bytes: int) -> Iterator[str]:
    yield first
    while line := chars.readline(max_bytes + 1):
        if len(line) > max_bytes:
            raise Unreadable("too_large", f"a line of more than {max_bytes:,} characters: is it a CSV file?")
        yield line


def _decoded(row: list[str]) -> list[str]:
    """Return a row whose bytes are no UTF-8 in the encoding that makes them plausible, else as it is."""
    joined = "\t".join(row)
    if joined.isascii() or not any("\udc80" <= ch <= "\udcff" for ch in joined):
        return row
    try:
        found = decode(joined.encode("utf-8", "surrogateescape"))
    except Refused:
        return row
    if found.is_repaired:
        return row  # the reader of the record puts a mark for each byte that cannot be read, and says so
    return [value.encode("utf-8", "surrogateescape").decode(found.encoding) for value in row]


# ------------------------------------------------------------------ Parquet
def cut_parquet(file: BinaryIO, bounds: Bounds) -> Iterator[CutRecord]:
    """Yield a record for each row.

    Raises:
        Unreadable: it is no Parquet file, or has no column with a text.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
        names = table.schema_arrow.names
        _check_columns(names, bounds)
        number = -1
        for batch in table.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield _row(number, row, bounds)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        told = " ".join(str(error).split())[:160]
        raise Unreadable("broken_parquet", f"no readable Parquet file ({told}): write or fetch it again") from None


# ------------------------------------------------------------------ both
def _check_columns(names: Iterable[str], bounds: Bounds) -> None:
    """Refuse a table of which no row can be an article: one line instead of one for each row."""
    have = list(names)
    mapped = [bounds.fields[field] for field in ("text", "html") if field in bounds.fields]
    wanted = mapped or [*FIELD_ALIASES["text"], *FIELD_ALIASES["html"]]
    if any(name == n or name.startswith(f"{n}.") for name in wanted for n in have):
        return
    shown = ", ".join(name[:40] for name in have[:12]) or "none"
    raise Unreadable(
        "no_text_column",
        f"no column {' or '.join(wanted)}; it has: {shown}. Set `fields: {{text: NAME}}` in sources.yaml",
    )


def _row(number: int, row: dict[str, Any], bounds: Bounds) -> CutRecord:
    kept = {name: value for name, value in row.items() if value is not None and value != ""}
    text = json.dumps(kept, ensure_ascii=False, default=_plain, allow_nan=False) if _is_plain(kept) else _careful(kept)
    content = text.encode("utf-8", "backslashreplace")  # half a surrogate pair becomes JSON's own escape of it
    return (
        too_large(number, bounds.max_bytes)
        if len(content) > bounds.max_bytes
        else CutRecord(content, number, JSON_TYPE)
    )


def _is_plain(row: dict[str, Any]) -> bool:
    return not any(isinstance(v, (float, bytes, dict, list)) for v in row.values())


def _careful(row: dict[str, Any]) -> str:
    return json.dumps(_cleaned(row), ensure_ascii=False, default=_plain)


def _cleaned(value: Any) -> Any:  # noqa: ANN401  whatever a column holds
    """Return a value without what JSON cannot hold: numbers that are none, bytes that are no text."""
    if isinstance(value, dict):
        return {str(k): _cleaned(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_cleaned(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return value


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime, time)) else str(value)


def _refused(number: int, rule: str, detail: str) -> CutRecord:
    return CutRecord(None, number, JSON_TYPE, rule, f"record {number}: {detail}")
