"""A page's tree -> its blocks of text, in the order of the page, each with what the markup round it says.

Covers where a block begins and ends, and what the elements round it are called. For which blocks are the article, see
`body_choice`; for metadata, see `html_meta`.

Inside a block a single `<br>` is white space; two in a row end a paragraph. A soft hyphen or a zero-width space is no
character of a word: a browser prints it at the end of a line or never.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_UNPRINTED = frozenset(
    "script style template noscript iframe object embed svg math audio video canvas button select textarea input head"
    " datalist title".split()
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ENDS_WORD = re.compile(r"[\w.!?”’\"]$")
_NAMED = ("class", "id", "itemprop", "role")

_MARKS = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "body": r"(?:article|story|post|entry|news|content|page)[-_]{0,2}(?:body|content|text|copy|main)|articlebody"
        r"|body[-_]?(?:text|copy|content)|rich[-_]?text|\bprose\b",
        "comment": r"comment|disqus|\breplies\b|respond|discuss",
        "related": r"related|recommend|promo|teaser|outbrain|taboola|read[-_]?(?:more|next|also)|popular|trending"
        r"|more[-_]?(?:on|from|stor|news|article)|most[-_]?(?:read|view)|also[-_]?(?:like|read)|latest|carousel|river"
        r"|upsell|see[-_]?also|\bcards?\b|\bcard[-_]",
        "share": r"share|sharing|social|follow|\bprint\b",
        "signup": r"newsletter|subscri|sign[-_]?up|paywall|regwall|donat|piano|membership",
        "caption": r"caption|credit|gallery|slideshow|lightbox|photo[-_]?(?:text|desc)|media[-_]?(?:text|desc|info)",
        "ad": r"(?:^|[\s_-])(?:ads?|adv|advert\w*|sponsor\w*|banner|dfp|gpt)(?:$|[\s_-])|advert|sponsor",
        "cookie": r"cookie|consent|gdpr|\bmodal\b|overlay|popup|tooltip|alert[-_]?bar",
        "menu": r"breadcrumb|\bmenu|navbar|\bnav\b|nav[-_]|[-_]nav|masthead|toolbar|pagination|pager|topics?\b"
        r"|\btags?\b|tag[-_]list|categor",
        "side": r"sidebar|side[-_]?bar|widget|\brail\b|right[-_]?col|aside|secondary|fact[-_]?box|info[-_]?box|\bbox\b"
        r"|inset|sidecar",
        "foot": r"footer|\bfoot\b|copyright|legal|disclaimer|colophon|end[-_]?note",
        "pullquote": r"pull[-_]?quote",
        "head": r"headline|standfirst|\bdek\b|strapline|sub[-_]?(?:title|head)|summary|\bintro\b|\blede\b|\blead\b",
        "embed": r"twitter|tweet|instagram|facebook|tiktok|embed|bluesky|mastodon",
    }.items()
}
"""What class, id, itemprop or role of an element says, by words that are common to many sites."""
_TAG_MARKS = {
    "nav": "menu", "aside": "side", "footer": "foot", "header": "header", "form": "form", "figure": "caption",
    "figcaption": "caption", "table": "table", "ul": "list", "ol": "list", "article": "article",
    "blockquote": "blockquote",
}  # fmt: skip
MARKS = tuple(sorted({*_MARKS, *_TAG_MARKS.values()}))
"""Every mark that a block may have."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as a browser prints it.

    Attributes:
        text: Its characters, on one line.
        tag: The innermost element that makes it a block; `cite` for the line under a quotation that says whose it is.
        marks: What stands round it (`MARKS`).
        parent: Number of the block element round the innermost one.
        grandparent: Number of the one round that.
        n_link: How many of its characters are a link.
        quote: Number of the block quote that it stands in, if it does.
        has_time: A `<time>` stands in it.
    """

    text: str
    tag: str
    marks: frozenset[str] = frozenset()
    parent: int = 0
    grandparent: int = 0
    n_link: int = 0
    quote: int | None = None
    has_time: bool = False


@dataclass(frozen=True, slots=True)
class _Element:
    number: int
    tag: str
    marks: frozenset[str]
    quote: int | None


@dataclass
class _Walk:
    """What is open while a page is read from top to bottom."""

    found: list[Block] = field(default_factory=list)
    stack: list[_Element] = field(default_factory=lambda: [_Element(0, "html", frozenset(), None)])
    pieces: list[str] = field(default_factory=list)
    n_elements: int = 0
    n_link: int = 0
    n_breaks: int = 0
    n_links_open: int = 0
    has_time: bool = False

    def open(self, element: HtmlElement, tag: str) -> None:
        self.close()
        self.n_elements += 1
        outer = self.stack[-1]
        quote = self.n_elements if tag == "blockquote" and outer.quote is None else outer.quote
        self.stack.append(_Element(self.n_elements, tag, outer.marks | _marks_of(element, tag), quote))

    def leave(self) -> None:
        self.close()
        if len(self.stack) > 1:
            self.stack.pop()

    def close(self) -> None:
        """End the block that is open, if it holds a character."""
        text = flat("".join(self.pieces))
        if text:
            own = self.stack[-1]
            above = [e.number for e in self.stack[-3:-1]]
            parent, grandparent = (above[-1], above[0]) if above else (0, 0)
            n_link = min(self.n_link, len(text))
            block = Block(text, own.tag, own.marks, parent, grandparent, n_link, own.quote, self.has_time)
            self.found.append(block)
        self.pieces.clear()
        self.n_link = self.n_breaks = 0
        self.has_time = False

    def add(self, text: str) -> None:
        self.pieces.append(text)
        if not text.isspace():
            self.n_breaks = 0
        if self.n_links_open:
            self.n_link += len(text)

    def line_break(self) -> None:
        self.n_breaks += 1
        if self.n_breaks > 1:
            self.close()
        self.pieces.append(" ")


def blocks(tree: HtmlElement) -> list[Block]:
    """Return the blocks of a page that hold a character, from top to bottom."""
    walk = _Walk()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        is_start = event == "start"
        is_unprinted = tag in _UNPRINTED or _is_hidden(element)
        if is_unprinted:
            if is_start:
                walker.skip_subtree()
        elif (
            tag in _BLOCKS
            or (tag in _CELLS and _is_layout(element))
            or (
                tag == "cite" and (_is_signature(element, walk.stack[-1]) if is_start else walk.stack[-1].tag == "cite")
            )
        ):
            if is_start:
                walk.open(element, tag)
            else:
                walk.leave()
        else:
            _inline(walk, tag, is_start=is_start)
        text = element.tail if not is_start else None if is_unprinted else element.text
        if text:
            walk.add(text)
    walk.close()
    return walk.found


def flat(text: str) -> str:
    """Return a text on one line, without characters that are printed at the end of a line or never."""
    return " ".join(_INVISIBLE.sub("", text).split())


def _inline(walk: _Walk, tag: str, *, is_start: bool) -> None:
    if tag == "br":
        if is_start:
            walk.line_break()
    elif tag == "a":
        walk.n_links_open += 1 if is_start else -1
    elif tag == "time":
        walk.has_time = True
    elif tag in _CELLS and not is_start:
        walk.pieces.append(" ")
    elif tag == "cite" and is_start and walk.pieces and _ENDS_WORD.search(walk.pieces[-1]):
        walk.pieces.append(" ")  # a line of its own, by its style


def _is_signature(cite: HtmlElement, outer: _Element) -> bool:
    """Whether a `<cite>` stands under a block quote, or ends a paragraph of it; inside a line it is a work's title."""
    if outer.quote is None or outer.tag in ("footer", "figcaption"):
        return False
    return outer.tag != "p" or not (cite.getnext() is not None or (cite.tail or "").strip())


def _is_layout(cell: HtmlElement) -> bool:
    """Whether a cell of a table holds a part of the page: two lines or more, or elements that begin one."""
    n_breaks = 0
    for inner in cell.iterdescendants():
        n_breaks += inner.tag == "br"
        if n_breaks > 1 or inner.tag in ("p", "div", "table", "h1", "h2"):
            return True
    return False


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)


def _marks_of(element: HtmlElement, tag: str) -> frozenset[str]:
    if tag in ("body", "html"):
        return frozenset()
    words = " ".join(filter(None, map(element.get, _NAMED)))
    return _named(tag, words)


@lru_cache(maxsize=20_000)
def _named(tag: str, words: str) -> frozenset[str]:
    own = _TAG_MARKS.get(tag)
    said = (name for name, pattern in _MARKS.items() if pattern.search(words)) if words else ()
    return frozenset((*said, own) if own else said)
