"""Files and folders as records: one record is a file, or a line of a JSON-lines file.

Belongs here: finding files in a fixed order, decompressing within bounds, cutting into records, refusing
what must not be read. Does not belong here: decoding and parsing (core/documents), storing (io/ingest).
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.core.documents.parse import UNKNOWN_FORMAT
from pipelines.io.doors.met import Met
from pipelines.settings import FILES_SOURCE, Sources

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".jsonl": "application/json",
    ".ndjson": "application/json",
}
LINE_FORMATS = frozenset({".jsonl", ".ndjson"})
_CHUNK = 1 << 20


def files_below(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file of the paths once, with its name as given, in a fixed order.

    Hidden files and folders are passed over. Folders are walked one at a time, never listed as a whole.
    """
    folders: set[str] = set()
    seen: set[str] = set()
    for top in sorted({Path(os.path.normpath(p)) for p in paths}, key=lambda p: p.as_posix()):
        for path in _walk(top, folders):
            resolved = os.path.realpath(path)
            if resolved not in seen:
                seen.add(resolved)
                yield Path(resolved), path.as_posix()


def _walk(path: Path, folders: set[str]) -> Iterator[Path]:
    """Yield the files of a folder, or the path itself if it is a file or a folder that cannot be listed.

    Args:
        path: Where to look.
        folders: Folders walked before; each is walked once, so that a link to a folder above ends.
    """
    if not path.is_dir():
        yield path
        return
    resolved = os.path.realpath(path)
    if resolved in folders:
        return
    folders.add(resolved)
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError:
        yield path
        return
    for name in names:
        yield from _walk(path / name, folders)


def _printable(uri: str) -> str:
    """Return a path as one line of valid text: bytes that are no UTF-8 and control characters become escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in uri)


def records(paths: Iterable[Path], sources: Sources, max_bytes: int) -> Iterator[Met]:
    """Yield every record of the files and folders, whatever is wrong with any of them.

    Args:
        paths: Files and folders that exist.
        sources: Which source a file belongs to.
        max_bytes: A larger record is refused unread, also when it is compressed.
    """
    for path, uri in files_below(paths):
        source = sources.covering(path)
        if source is None:
            yield from _records_of(path, _printable(uri), FILES_SOURCE, max_bytes)
        else:
            relative = path.relative_to(sources.root).as_posix()
            yield from _records_of(path, _printable(relative), source.name, max_bytes)


def _records_of(path: Path, uri: str, source_name: str, max_bytes: int) -> Iterator[Met]:
    suffixes = [s.lower() for s in path.suffixes]
    is_gzip = suffixes[-1:] == [".gz"]
    kind = suffixes[-2] if is_gzip and len(suffixes) > 1 else "" if is_gzip else (suffixes or [""])[-1]
    media_type = MEDIA_TYPES.get(kind, "application/octet-stream")

    def met(content: bytes | None, record_no: int | None, rule: str | None = None, detail: str | None = None) -> Met:
        return Met(source_name, uri, record_no, media_type, content, rule, detail)

    if path.exists() and not path.is_file():
        yield met(None, None, "not_a_file", f"{uri}: a folder that cannot be listed, a pipe or a device: check it")
        return
    if kind not in MEDIA_TYPES:
        yield met(None, None, UNKNOWN_FORMAT, f"{uri}: not one of {', '.join(MEDIA_TYPES)} (or these with .gz)")
        return
    number = 0
    try:
        with path.open("rb") as raw:
            file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if is_gzip else raw
            if kind not in LINE_FORMATS:
                content = _read_bounded(file, max_bytes)
                yield _too_large(met, None, uri, max_bytes) if content is None else met(content, None)
                return
            for number, line in _lines(file, max_bytes):
                yield _too_large(met, number, uri, max_bytes) if line is None else met(line, number)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        detail = f"{uri}: {error}: fetch or compress the file again"
        yield Met(source_name, uri, None, "application/gzip", _packed(path, max_bytes), "broken_gzip", detail)
    except OSError as error:
        yield met(None, None, "unreadable", f"{uri}: {error.strerror or error}: check the file and its permissions")


def _too_large(met: object, number: int | None, uri: str, max_bytes: int) -> Met:
    where = uri if number is None else f"{uri}, record {number}"
    detail = f"{where}: larger than {max_bytes:,} bytes: split it, or raise ONRECORD_MAX_DOCUMENT_BYTES"
    return met(None, number, "too_large", detail)  # type: ignore[operator,no-any-return]


def _packed(path: Path, max_bytes: int) -> bytes | None:
    """Return a broken archive as it came, within bounds: often it is an error page under a wrong name.

    What could be unpacked of it is not kept: it would pass for a whole article one day. Nor is the first part of a
    record that is too large: it tells nothing that its place does not tell.
    """
    try:
        with path.open("rb") as raw:
            return _read_bounded(raw, max_bytes)
    except OSError:
        return None


def _read_bounded(file: BinaryIO, max_bytes: int) -> bytes | None:
    """Return the file's bytes, or None as soon as there are more than max_bytes."""
    parts: list[bytes] = []
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            return None
        parts.append(chunk)
    return b"".join(parts)


def _lines(file: BinaryIO, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield number and bytes of each line that is not blank; None for one that is too large."""
    number = 0
    while line := file.readline(max_bytes + 1):
        stripped = line.rstrip(b"\r\n")
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (rest := file.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif stripped.strip():
            yield number, stripped
        number += 1
