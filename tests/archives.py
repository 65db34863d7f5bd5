"""Archives and tables of made-up news, for tests of ingest and of whole runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Response = tuple[str, str, bytes, str]
"""Address, content type, payload, status line."""


def zipped(members: Mapping[str, bytes] | Sequence[tuple[str, bytes]], *, level: int = 6) -> bytes:
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in pairs:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def encrypted(content: bytes) -> bytes:
    """Return an archive of one member whose head says that it is encrypted."""
    packed = bytearray(zipped({"secret.txt": content}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def page(address: str, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> Response:
    return address, kind, body, status


def warc(responses: Sequence[Response], *, is_packed: bool = True) -> bytes:
    """Return a WARC file with a head, and a request before each response."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_packed)
    writer.write_record(writer.create_warcinfo_record("made-up.warc", {"software": "tests"}))
    for address, kind, body, status in responses:
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "pond.example")], is_http_request=True)
        writer.write_record(writer.create_warc_record(address, "request", http_headers=asked))
        told = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=told)
        )  # fmt: skip
    return out.getvalue()
