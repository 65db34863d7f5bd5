"""One entry of a feed that carries its text -> a `Document`.

Covers what an entry says about itself, and the paragraphs of its HTML, all of which is the article. For pages, see
`html`; Atom and JSON Feed become records in ingest/feed_formats.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any

from pipelines.core.documents.block_quotes import printed
from pipelines.core.documents.boilerplate import is_navigation
from pipelines.core.documents.compose import Known, compose, credit_line
from pipelines.core.documents.headline import same_words
from pipelines.core.documents.html_body import captions, parse_tree
from pipelines.core.documents.html_meta import named_like
from pipelines.core.documents.model import UNDATED, Document, Record, Refused, SourceRules
from pipelines.core.documents.page_blocks import blocks
from pipelines.core.documents.paragraph_kinds import split_names
from pipelines.core.documents.publication_dates import parse_date

WHOLE_CHARS = 600
"""Characters from which an entry's text counts as the article: about a hundred words. Teasers are shorter, and of an
article that is shorter nothing is lost by fetching its page."""

_TAG = re.compile(r"</?(?:p|br|div|a|b|i|em|strong|li|ul|h[1-6])\b[^<>]*>", re.I)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|div|a|b|i|em|strong|li|ul|h[1-6])\b", re.I)
_TAIL_CHARS = 500
"""Characters at the end in which a feed says that more follows: a bound for the patterns below."""
_CUT_OFF = re.compile(
    r"(?:\[?(?:…|\.{3,})\]?|\[\+?\d+ chars\]|\bfull (?:story|article)\W{0,5}"
    r"|\b(?:read|see|continue|view)\s+(?:more|on|reading|the (?:full|rest)[\w\s]{0,20})\W{0,5})$",
    re.I,
)
_FEED_TAIL = re.compile(
    r"(?:The post .{1,300} (?:first appeared|appeared first) on .{1,120}|Source: https?://\S+"
    r"|(?:Read|See|Continue|View) (?:more|reading)\b.{0,120})",
    re.I | re.S,
)


def read_feed_entry(record: Record, rules: SourceRules) -> Document:
    """Read a record that is one entry of a feed.

    Raises:
        Refused: parse/malformed_json, parse/empty_text.
    """
    try:
        entry = json.loads(record.bytes)
    except ValueError as error:
        raise Refused("parse", "malformed_json", f"The feed entry cannot be read: {error}.") from error
    if not isinstance(entry, dict):
        raise Refused("parse", "malformed_json", "The feed entry is no JSON object.")
    body, shown = entry_text(entry)
    headline = _plain(entry.get("title"))
    if body and headline and same_words(body[0], headline):
        body = body[1:]
    if not body:
        raise Refused("parse", "empty_text", "The feed entry holds no text; set `full_text: page` for its source.")
    names = [n for n in entry.get("authors") or [] if isinstance(n, str)]
    link = entry.get("link")
    url = link if isinstance(link, str) else None
    known = Known(
        url=url,
        is_url_shared=entry.get("is_link_shared") is True,
        supplied_id=entry.get("id") if isinstance(entry.get("id"), str) else None,
        outlet_name=_plain(entry.get("source")) or named_like(_parts(_plain(entry.get("feed_title"))), url),
        headline=headline,
        byline=credit_line([_plain(n) or "" for n in names]),
        authors=tuple(dict.fromkeys(n for name in names for n in split_names(_plain(name) or ""))),
        published=parse_date(entry["published"], rules.timezone, "supplied") if entry.get("published") else UNDATED,
        updated_at=parse_date(entry["updated"], rules.timezone, "supplied").at if entry.get("updated") else None,
        captions=tuple(shown),
    )
    if known.updated_at is not None and known.published.at is not None and known.updated_at <= known.published.at:
        known = replace(known, updated_at=None)
    # The feed's own address is that of all its entries: it says nothing about one of them.
    return compose("\n\n".join(body), known, replace(record, source_uri=url or ""), rules, guess=False)


def entry_text(entry: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the paragraphs of an entry, its content or (where that is longer) its summary, and captions."""
    best: tuple[list[str], list[str]] = ([], [])
    for name in ("content", "summary"):
        part = entry.get(name)
        if isinstance(part, dict) and isinstance(part.get("value"), str):
            found = paragraphs_of(part["value"], is_html=part.get("type") != "text/plain")
            if sum(map(len, found[0])) > sum(map(len, best[0])):
                best = found
    return best


def is_whole(entry: Mapping[str, Any]) -> bool:
    """Whether an entry carries its article, as far as can be told: long enough, and not cut off at the end."""
    body, _ = entry_text(entry)
    return sum(map(len, body)) >= WHOLE_CHARS and not _CUT_OFF.search(body[-1][-_TAIL_CHARS:])


def paragraphs_of(value: str, *, is_html: bool) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a text or a piece of HTML that is an article and nothing else, and its captions."""
    value = _unwrapped(value.replace("\x00", "\ufffd"))
    if not is_html:
        return _without_tail([" ".join(p.split()) for p in re.split(r"\n\s*\n", value)]), []
    try:
        tree = parse_tree(f"<html><body>{value}</body></html>")
    except Refused:
        return [], []
    found = blocks(tree)
    return _without_tail(printed(found, [b.tag != "figcaption" for b in found])), captions(tree)


def _unwrapped(value: str) -> str:
    """Return HTML without an escaped CDATA round it, and what was escaped twice, unescaped."""
    value = re.sub(r"^\s*<!\[CDATA\[|\]\]>\s*$", "", value)
    return unescape(value) if _ESCAPED_TAG.search(value) and not _TAG.search(value) else value


def _without_tail(lines: list[str]) -> list[str]:
    """Drop what stands in no line, links to elsewhere, and what a publishing system puts under an entry."""
    out = [line for line in lines if line and not is_navigation(line)]
    while out and len(out[-1]) <= _TAIL_CHARS and _FEED_TAIL.fullmatch(out[-1]):
        out.pop()
    return out


def _plain(value: object) -> str | None:
    """Return a title or a name on one line: some feeds escape its markup, some escape it twice."""
    if not isinstance(value, str):
        return None
    text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", unescape(unescape(value)))
    return " ".join(text.replace("\x00", "\ufffd").split()) or None


def _parts(title: str | None) -> list[str]:
    """Return the parts of a feed's title: "World news | The Calder Ledger"."""
    return re.split(r"\s+[-|–—:»•]+\s+|:\s+", title) if title else []
