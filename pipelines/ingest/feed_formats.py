"""RSS, Atom and JSON Feed -> entries of one shape, their texts as they stood in the feed.

Covers reading the three formats. For what was taken in before, see `feeds`; for what an entry's HTML says, see
core/documents/feed_entry.

No entity is ever expanded: a feed that declares some is refused, since no news needs them and a few lines can grow to
gigabytes. feedparser is given a stream: bytes it would first try to open as the name of a file.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urldefrag, urljoin

import feedparser
from feedparser.encodings import convert_to_utf8

_MAX_ENTRIES = 2_000
"""Entries of one feed that are looked at; the newest come first by custom."""

_MAX_BYTES = 10_000_000
"""Of a feed: a thousand articles in full. feedparser is slow on what is no feed, so that this bounds the time, too."""


class NotAFeedError(Exception):
    """The text is no feed; the message says what it is, as far as can be told."""


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes:
        key: What tells it from the others of the feed: its id, else its link, else a hash of its texts.
        link: Where its page is, if that is an http address.
        content: What the record holds (`feed_entry` says how it is read), the feed's own names left out.
    """

    key: str
    link: str | None
    content: Mapping[str, Any]

    def fingerprint(self) -> str:
        """Return a hash that changes when the publisher changes anything of the entry."""
        return hashlib.sha256(_dumped(self.content)).hexdigest()[:32]

    def record(self, feed_url: str, feed_title: str | None) -> bytes:
        """Return the entry as the bytes of a record."""
        return _dumped({**self.content, "feed": feed_url, "feed_title": feed_title})


@dataclass(frozen=True)
class Feed:
    """A feed's entries, in its own order, and its title."""

    title: str | None
    entries: tuple[Entry, ...]


def read_feed(data: bytes, media_type: str, url: str) -> Feed:
    """Read a feed of any of the three formats.

    Args:
        data: As received.
        media_type: As sent; its charset helps where the feed declares none.
        url: Where it was found, to which its links are relative.

    Raises:
        NotAFeedError: it is something else.
    """
    if len(data) > _MAX_BYTES:
        raise NotAFeedError(f"a text of more than {_MAX_BYTES:,} bytes")
    json_feed = _json_object(data)
    feed = _json_feed(json_feed, url) if json_feed is not None else _xml_feed(data, media_type, url)
    n_links: dict[str, set[str | None]] = {}
    for entry in feed.entries:
        n_links.setdefault(entry.key, set()).add(entry.link)
    # An id that several pages carry (the site's address, in some feeds) tells nothing.
    entries = [
        replace(e, key=e.link or _hash_key(e.content), content={k: v for k, v in e.content.items() if k != "id"})
        if len(n_links[e.key]) > 1
        else e
        for e in feed.entries
    ]
    counts, kept = Counter[str](), list[Entry]()
    for entry in _with_shared_links(entries):
        counts[entry.key] += 1
        if counts[entry.key] == 1:  # the same entry twice: the first is the newer one
            kept.append(entry)
    return replace(feed, entries=tuple(kept))


def _with_shared_links(entries: Sequence[Entry]) -> list[Entry]:
    """Mark the entries whose page is also that of others with an id or a fragment of their own: a log, a live page.

    Such a link is no key of an article; what tells its entries from each other is.
    """
    keys: dict[str, set[str]] = {}
    for entry in entries:
        if entry.link is not None:
            keys.setdefault(urldefrag(entry.link).url, set()).add(entry.key)
    return [
        replace(e, content={**e.content, "id": e.key, "is_link_shared": True})
        if e.link is not None and len(keys[urldefrag(e.link).url]) > 1
        else e
        for e in entries
    ]


def _json_object(data: bytes) -> dict[str, Any] | None:
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
        return None
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotAFeedError("a JSON text that is broken") from None
    return found if isinstance(found, dict) else None


# ------------------------------------------------------------------ JSON Feed
def _json_feed(feed: Mapping[str, Any], url: str) -> Feed:
    items = feed.get("items")
    if not isinstance(items, list):
        raise NotAFeedError("a JSON object without `items`")
    authors = _json_authors(feed)
    entries = [_json_entry(item, url, authors) for item in items[:_MAX_ENTRIES] if isinstance(item, dict)]
    return Feed(_text(feed.get("title")), tuple(entries))


def _json_entry(item: Mapping[str, Any], feed_url: str, feed_authors: list[str]) -> Entry:
    html, text, ident = _text(item.get("content_html")), _text(item.get("content_text")), item.get("id")
    content = _detail("text/html", html) if html else _detail("text/plain", text)
    return _entry(
        ident=str(ident) if isinstance(ident, str | int) and not isinstance(ident, bool) else None,
        link=_link(_text(item.get("url")) or _text(item.get("external_url")), feed_url),
        title=_text(item.get("title")),
        authors=_json_authors(item) or feed_authors,
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        source=None,
        content=content,
        summary=_detail("text/plain", _text(item.get("summary"))),
    )


def _json_authors(item: Mapping[str, Any]) -> list[str]:
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else [item.get("author")]
    return [p["name"] for p in people if isinstance(p, dict) and isinstance(p.get("name"), str)]


# ------------------------------------------------------------------ RSS and Atom
def _xml_feed(data: bytes, media_type: str, url: str) -> Feed:
    # Not where it was found: feedparser would take ids for links that are relative to it.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        text = convert_to_utf8({"content-type": media_type or "application/xml"}, data, {})
        if b"<!entity" in text.lower():
            raise NotAFeedError("a text that declares XML entities, which are not expanded")
        found = feedparser.parse(
            io.BytesIO(text), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (NotAFeedError, MemoryError):
        raise
    except Exception as error:  # one feed must never stop the others
        raise NotAFeedError(f"a text at which the reader of feeds fails ({type(error).__name__})") from error
    if not found.get("version"):
        head = data[:2_000].lstrip().lower()
        what = "an HTML page" if b"<html" in head or b"<!doctype html" in head else "neither RSS, Atom nor JSON Feed"
        raise NotAFeedError(what)
    is_atom = str(found.version).startswith("atom")
    entries = [_xml_entry(item, url, is_atom=is_atom) for item in found.entries[:_MAX_ENTRIES]]
    return Feed(_text(found.feed.get("title")), tuple(entries))


def _xml_entry(item: Mapping[str, Any], feed_url: str, *, is_atom: bool) -> Entry:
    contents = [c for c in item.get("content") or [] if _text(c.get("value"))]
    longest = max(contents, key=lambda c: len(c["value"]), default=None)
    summary = item.get("summary_detail") or {}
    people = [a.get("name") for a in item.get("authors") or [] if isinstance(a, dict)]
    source = item.get("source")
    link = _text(item.get("feedburner_origlink")) or _text(item.get("link"))
    if link and link == item.get("id") and "://" not in link:
        link = None  # an id that does not say that it is no link
    published, updated = (
        _text(item.get("published")),
        _text(dict.get(item, "updated")) if isinstance(item, dict) else None,
    )
    if not is_atom and published is None:
        published, updated = updated, None  # RSS has one date, whichever element it stands in (dc:date)
    return _entry(
        ident=_text(item.get("id")),
        link=_link(link, feed_url),
        title=_text(item.get("title")),
        authors=[n for n in people or [item.get("author")] if isinstance(n, str) and n.strip()],
        published=published,
        updated=updated,
        source=_text(source.get("title")) if isinstance(source, dict) else None,
        content=_detail(longest.get("type"), longest["value"]) if longest else None,
        summary=_detail(summary.get("type"), _text(summary.get("value"))),
    )


# ------------------------------------------------------------------ both
def _entry(
    *, ident: str | None, link: str | None, title: str | None, authors: list[str], published: str | None,
    updated: str | None, source: str | None, content: dict[str, str] | None, summary: dict[str, str] | None,
) -> Entry:  # fmt: skip
    fields: dict[str, Any] = {
        "id": ident, "link": link, "title": title, "authors": authors, "published": published, "updated": updated,
        "source": source, "content": content, "summary": None if summary == content else summary,
    }  # fmt: skip
    held = {name: value for name, value in fields.items() if value}
    return Entry(ident or link or _hash_key(held), link, held)


def _hash_key(content: Mapping[str, Any]) -> str:
    return f"sha256:{hashlib.sha256(_dumped(content)).hexdigest()[:32]}"


def _dumped(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return text.encode("utf-8", "replace")  # half a surrogate pair, which JSON may escape, is no text


def _detail(kind: str | None, value: str | None) -> dict[str, str] | None:
    if not value:
        return None
    return {"type": "text/plain" if kind == "text/plain" else "text/html", "value": value}


def _link(link: str | None, feed_url: str) -> str | None:
    if not link:
        return None
    try:
        found = urljoin(feed_url, link)
    except ValueError:
        return None
    return found if found.startswith(("http://", "https://")) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
