"""Sitemaps, news sitemaps, indexes of them, and lists of addresses -> links.

Covers reading the formats. For which links to follow, see `sitemaps`.

lxml expands no entity here and reads nothing but the bytes that it is given.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipelines.ingest.web.connections import BrokenCodingError, TooLargeError, collected

_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,10};)")
_MAX_LINKS = 50_000
"""Links of one sitemap, by the protocol."""
_MAX_UNPACKED = 60_000_000
"""Bytes of a .gz sitemap, decompressed; the protocol has 50 MB."""
_MAX_GZIPPED = 2
"""How often a sitemap may be gzipped: as a file, and by a server that did not see that."""
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
    text = _BARE_AMPERSAND.sub(b"&amp;", unpacked(data))
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
    """Return a text that may be gzipped as a file, even twice, whatever its headers said.

    Raises:
        NotASitemapError: it is too large, or cut off.
    """
    try:
        for _ in range(_MAX_GZIPPED):
            if not data.startswith(b"\x1f\x8b"):
                break
            data = collected([data], "gzip", _MAX_UNPACKED)
        return data
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
            is_own = part.getparent() is element and not _is_of_media(part)  # `loc` is the address of a picture, too
            if part.text and part.text.strip() and (is_own or _name(part) == "publication_date"):
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


def _is_of_media(element: etree._Element) -> bool:
    """Whether an element belongs to a picture or a video, by its namespace or (where none is declared) its prefix."""
    space = etree.QName(element).namespace or "" if isinstance(element.tag, str) else ""
    return any(kind in f"{space} {element.prefix or ''} {element.tag}".lower() for kind in ("image", "video"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
