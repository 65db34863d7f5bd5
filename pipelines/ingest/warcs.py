"""WARC files: what a crawl received, record by record, without holding more than one.

Covers which records are pages, their bytes as the server meant them, and where reading can go on. For reading a page,
see core/documents/html.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from pipelines.core.documents.model import HTTP_ERROR, NO_NEWS_TYPE
from pipelines.ingest.record_values import Bounds, CutRecord, Start, Unreadable, read_bounded, too_large

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def cut_warc(file: BinaryIO, bounds: Bounds, start: Start | None = None) -> Iterator[CutRecord]:
    """Yield a piece for each response of a server, in order: pages with their bytes, everything else passed over.

    Args:
        file: The file, compressed record by record or not at all.
        bounds: The bounds of a record.
        start: The last record that was met before; reading goes on after it.

    Raises:
        Unreadable: it is no WARC file, or ends before its last record does; the records before that were yielded.
    """
    from warcio.archiveiterator import WARCIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = -1
    if start is not None:
        file.seek(start.offset)
        number = start.number - 1
    records = WARCIterator(file)
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # the library prints what it finds odd
            record = next(records, None)
        if record is None:
            raise Unreadable("broken_warc", "there is no record in it: fetch the file again")
        while record is not None:
            offset = records.offset
            piece = None
            if record.rec_type == "response":
                number += 1
                piece = _piece(record, number, offset, bounds.max_bytes)
            _pass_over(record)  # before its piece is given: half a page is no page
            if piece is not None and (start is None or number > start.number):
                yield piece
            with contextlib.redirect_stderr(io.StringIO()):
                record = next(records, None)
    except (ArchiveLoadFailed, zlib.error, EOFError, ValueError, AttributeError, KeyError) as error:
        told = " ".join(str(error).split())
        if "non-chunked gzip" in told:
            told = "compressed as a whole, not record by record (`warcio recompress` mends it)"
        raise Unreadable("broken_warc", f"{told or type(error).__name__}: fetch the file again") from None


def _pass_over(record: ArcWarcRecord) -> None:
    """Read what is left of a record.

    Raises:
        Unreadable: there is less than the record's head says.
    """
    stream = record.raw_stream
    while stream.read(1 << 16):
        pass
    if getattr(stream, "limit", 0) > 0:
        raise Unreadable("broken_warc", "it ends in the middle of a record: fetch the file again")


def _piece(record: ArcWarcRecord, number: int, offset: int, max_bytes: int) -> CutRecord:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    member = f"!/{url.strip('<>')}"
    http = record.http_headers
    status = http.get_statuscode() if http is not None else ""
    if not status.startswith("2"):
        return CutRecord(None, number, rule=HTTP_ERROR, detail=f"the server said {status or 'nothing'}", member=member,
                     offset=offset)  # fmt: skip
    declared = http.get_header("Content-Type") or ""
    kind, charset = _content_type(declared)
    if kind not in _PAGES:
        return CutRecord(None, number, rule=NO_NEWS_TYPE, detail=f"{kind or 'no type'}: not a page", member=member,
                     offset=offset)  # fmt: skip
    content = read_bounded(record.content_stream(), max_bytes)
    if content is None:
        found = too_large(number, max_bytes)
        return CutRecord(None, number, rule=found.rule, detail=found.detail, member=member, offset=offset)
    return CutRecord(content, number, f"{kind}; charset={charset}" if charset else kind, member=member, offset=offset)


def _content_type(header: str) -> tuple[str, str | None]:
    """Return media type and charset of a Content-Type header; a charset that Python does not have is none."""
    kind, _, rest = header.partition(";")
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            with contextlib.suppress(LookupError, ValueError):
                return kind.strip().lower(), codecs.lookup(value.strip(" \"'")).name
    return kind.strip().lower(), None
