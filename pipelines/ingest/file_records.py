"""A file, whatever its format -> its records: by its name, through any compression.

Covers which suffix is cut in which way, and turning what a format cannot bear into a refusal. For any one format, see
zips, warcs, table_rows and json_lists; for finding files, see folders and object_stores.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import partial
from typing import BinaryIO

from pipelines.core.documents.model import UNKNOWN_FORMAT
from pipelines.ingest.compressed import BROKEN, PACKED, broken, unpacked
from pipelines.ingest.json_lists import cut_json
from pipelines.ingest.record_values import (
    Bomb,
    Bounds,
    Budget,
    CutRecord,
    Start,
    Unreadable,
    lines,
    read_bounded,
    too_large,
)
from pipelines.ingest.table_rows import cut_csv, cut_parquet
from pipelines.ingest.warcs import cut_warc
from pipelines.ingest.zips import cut_zip

WHOLE: Mapping[str, str] = {
    ".txt": "text/plain", ".text": "text/plain", ".html": "text/html", ".htm": "text/html",
    ".md": "text/markdown", ".markdown": "text/markdown",
}  # fmt: skip
"""Suffixes of files that are one record, and the media type of it."""
_LINES = frozenset({".jsonl", ".ndjson"})
_CSV = frozenset({".csv", ".tsv"})
_SEEKING = frozenset({".zip", ".parquet", ".warc"})
"""Formats with a compression of their own: never packed again, but for .warc.gz, whose members are its records."""
KINDS = (*WHOLE, *sorted(_LINES), ".json", *sorted(_CSV), ".parquet", ".zip", ".warc")


_GZIP = b"\x1f\x8b"
"""How gzip files begin."""


def kind_of(name: str, own: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a file's suffix and that of its compression ("" for none); None if no reader takes it.

    Args:
        name: The file's name.
        own: Suffixes of a user's own readers, and their media types.
    """
    stem, packed = posixpath.splitext(name.lower())
    if packed not in PACKED:
        stem, packed = name.lower(), ""
    kind = posixpath.splitext(stem)[1]
    if kind not in KINDS and kind not in own:
        return None
    if packed and kind in _SEEKING and (kind, packed) != (".warc", ".gz"):
        return None
    return kind, packed


def cut(
    file: BinaryIO, name: str, size: int, bounds: Bounds, start: Start | None = None
) -> Iterator[CutRecord]:  # fmt: skip
    """Yield the records of a file; the last one says so if the rest cannot be read.

    Args:
        file: Its bytes, from the first.
        name: Its name; the suffix says what it is.
        size: Number of bytes as stored.
        bounds: What limits the reading.
        start: Where reading goes on, for formats that can.

    Raises:
        OSError: the disk or the network failed.
        Bomb: an archive round it unpacks to too much.
    """
    found = kind_of(name, bounds.own)
    if found is None:
        yield unknown(bounds)
        return
    kind, packed = found
    try:
        yield from _cut(file, kind, packed, size, bounds, start)
    except Unreadable as error:
        if isinstance(error, Bomb) and bounds.depth:
            raise
        yield CutRecord(_as_it_came(file, error, bounds), rule=error.rule, detail=error.detail)


def _as_it_came(file: BinaryIO, error: Unreadable, bounds: Bounds) -> bytes | None:
    """Return the bytes of what is no gzip file at all, within bounds: mostly an error page under the name of one.

    Of a real archive that is broken nothing is kept. What could be unpacked of it would pass for a whole article one
    day, and packed no takedown would find it. Nor is the first part of a record that is too large: it tells nothing
    that its place does not tell.
    """
    if bounds.depth or error.rule != "broken_gzip":
        return None
    file.seek(0)
    content = read_bounded(file, bounds.max_bytes)
    return None if content is None or content.startswith(_GZIP) else content


def unknown(bounds: Bounds) -> CutRecord:
    """Return the refusal of a file that no reader takes."""
    known = ", ".join((*KINDS, *sorted(bounds.own)))
    return CutRecord(None, rule=UNKNOWN_FORMAT, detail=f"not one of {known} (or these with .gz or .zst)")


def _cut(
    file: BinaryIO, kind: str, packed: str, size: int, bounds: Bounds, start: Start | None
) -> Iterator[CutRecord]:  # fmt: skip
    if kind == ".warc":
        yield from cut_warc(file, bounds, start)
    elif kind == ".zip":
        yield from cut_zip(file, bounds, cut)
    elif kind == ".parquet":
        yield from cut_parquet(file, bounds)
    elif not packed:
        yield from _records(file, kind, bounds, None)
    else:
        try:
            yield from _records(unpacked(file, packed), kind, bounds, Budget(size, bounds.max_bytes))
        except BROKEN as error:
            raise broken(packed, error) from None


def _records(file: BinaryIO, kind: str, bounds: Bounds, budget: Budget | None) -> Iterator[CutRecord]:
    if kind in _CSV:
        yield from cut_csv(file, bounds, budget)
    elif kind in _LINES:
        for number, line in lines(file, bounds.max_bytes, budget):
            refused = partial(too_large, number, bounds.max_bytes)
            yield refused() if line is None else CutRecord(line, number, "application/json")
    else:
        content = read_bounded(file, bounds.max_bytes)
        if content is None:
            yield too_large(None, bounds.max_bytes)
        elif kind == ".json":
            yield from cut_json(content)
        else:
            yield CutRecord(content, None, bounds.own.get(kind) or WHOLE[kind])
