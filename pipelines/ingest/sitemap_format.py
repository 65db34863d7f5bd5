"""Sitemaps, news sitemaps, indexes of them, and lists of addresses -> links.

Belongs here: reading the formats. Does not belong here: fetching, and which links to follow (`sitemaps`).

lxml expands no entity here and reads nothing but the bytes that it is given.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipelines.ingest.web.wire import BrokenCodingError, TooLargeError, collected

_MAX_LINKS = 50_000
"""Links of one sitemap, by the protocol."""
_MAX_UNPACKED = 60_000_000
"""Bytes of a .gz sitemap, decompressed; the protocol has 50 MB."""
_MAX_URL = 2_000


class NotASitemapError(Exception):
    """The text is no sitemap; the message says what it is, as far as can be told."""


@dataclass(frozen=True)
class Link:
    """An address that a sitemap lists, and when it says that it was last changed (as it stands there)."""

    url: str
    changed: str | None


@dataclass(frozen=True)
class Sitemap:
    """What a sitemap lists: pages, or (an index) further sitemaps."""

    is_index: bool
    links: tuple[Link, ...]


def read_sitemap(data: bytes, media_type: str) -> Sitemap:
    """Read a sitemap; one that breaks off gives what stands before that.

    Args:
        data: As received, also gzipped.
        media_type: As sent: a plain text is a list of addresses.

    Raises:
        NotASitemapError: it is something else.
    """
    text = unpacked(data)
    kind = root_of(text)
    if kind in ("urlset", "sitemapindex"):
        return Sitemap(kind == "sitemapindex", tuple(_links(text, "sitemap" if kind == "sitemapindex" else "url")))
    if kind is None and media_type.lower().startswith("text/plain"):
        lines = [line.strip() for line in text.decode("utf-8-sig", "replace").splitlines()]
        links = tuple(Link(line, None) for line in lines if _is_address(line))
        if links:
            return Sitemap(False, links[:_MAX_LINKS])
    raise NotASitemapError("an HTML page" if kind == "html" else "no sitemap" + (f" (<{kind}>)" if kind else ""))


def unpacked(data: bytes) -> bytes:
    """Return a text that may be gzipped as a file, whatever its headers said.

    Raises:
        NotASitemapError: it is too large, or cut off.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return collected([data], "gzip", _MAX_UNPACKED)
    except TooLargeError:
        raise NotASitemapError(f"a gzip file of more than {_MAX_UNPACKED:,} bytes") from None
    except BrokenCodingError as error:
        raise NotASitemapError(f"a broken gzip file: {error}") from None


def root_of(text: bytes) -> str | None:
    """Return the name of an XML or HTML text's first element, lower case, without its namespace; None if none."""
    try:
        for _, element in _parsed(text, events=("start",)):
            return _name(element).lower()
    except etree.XMLSyntaxError:
        pass
    return None


def _parsed(text: bytes, **more: object) -> Iterator[tuple[str, etree._Element]]:
    yield from etree.iterparse(  # type: ignore[call-overload]
        io.BytesIO(text), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True,
        remove_comments=True, remove_pis=True, **more,
    )  # fmt: skip


def _links(text: bytes, item: str) -> Iterator[Link]:
    n_links = 0
    for _, element in _parsed(text, events=("end",)):
        if _name(element) != item:
            continue
        found: dict[str, str] = {}
        for part in element.iter():
            if part.text and part.text.strip():
                # The first: `loc` is also the address of a picture, further down.
                found.setdefault(_name(part), part.text.strip())
        element.clear()
        url, changed = found.get("loc", ""), found.get("lastmod") or found.get("publication_date")
        if _is_address(url):
            yield Link(url, changed[:40] if changed else None)
            n_links += 1
            if n_links >= _MAX_LINKS:
                return


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text) <= _MAX_URL and not any(c.isspace() for c in text)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
