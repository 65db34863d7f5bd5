"""One HTML page -> a `Document`.

Covers putting what the page declares and what it prints together. For reading declarations, see `html_meta`; for taking
the body out, see `html_body`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from lxml.html import HtmlElement

from pipelines.core.documents.body_features import Hints
from pipelines.core.documents.boilerplate import is_navigation, without_list
from pipelines.core.documents.compose import Known, compose, credit_line
from pipelines.core.documents.decode import declared_charset, decode
from pipelines.core.documents.headline import same_words
from pipelines.core.documents.html_body import captions, parse_tree, read_body
from pipelines.core.documents.html_meta import Meta, flat_text, plain, read_meta
from pipelines.core.documents.model import UNDATED, Document, Ignored, Published, Record, Refused, SourceRules
from pipelines.core.documents.printed_dates import is_unread_date, printed_dates
from pipelines.core.documents.publication_dates import parse_date
from pipelines.core.documents.quality import MAX_STUB_WORDS, is_paywall, is_translation_note
from pipelines.core.text.fold import letters_only

_MIN_BODY = 120
"""Characters of body below which a page holds no article: less than two sentences."""
_MAX_AFTER_LINE = 80
_IS_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|dek|strapline|article[-_]{1,2}(?:subtitle|summary|deck))(?:$|[\s_-])", re.I
)
_STANDFIRST_CLASS = re.compile(r"standfirst|\bdek\b|subtitle|sub-title|subhead|summary|\bdeck|strapline", re.I)


def read_html(record: Record, rules: SourceRules) -> Document:
    """Read a record that is a page.

    Raises:
        Refused: decode/empty, decode/binary, parse/no_article.
        Ignored: the page is a front page.
    """
    # What the server says goes first, as in browsers; where that is UTF-8 and wrong, the page may know better.
    declared = record.charset if record.charset not in (None, "utf-8") else declared_charset(record.bytes)
    decoded = decode(record.bytes, declared)
    flags = ("encoding_repaired",) if decoded.is_repaired else ()
    return read_html_text(decoded.text, record, rules, Known(flags=flags))


def read_html_text(page: str, record: Record, rules: SourceRules, known: Known) -> Document:
    """Read a decoded page; what is known beside it goes before what it declares."""
    tree = parse_tree(page.replace("\x00", "\ufffd"))
    page_url = known.url or record.url
    meta = read_meta(tree, page_url, rules.timezone)
    if meta.is_front_page and meta.url is None and not meta.is_article and known.url is None:
        raise Ignored("front_page")
    shown = captions(tree)
    standfirst_at = _printed(tree, meta.description)
    published, updated_at = meta.published, _updated(meta)
    if published.on is None and known.published.on is None:
        dates = printed_dates(tree, rules.timezone)
        published = dates.published if dates.published.on else _searched_date(tree, meta.url, dates.ruled_out)
        updated_at = updated_at or dates.updated.at
    read = read_body(tree, hints_of(meta), is_live=meta.is_live)
    headline = known.headline or meta.headline
    body = tidied(read.paragraphs, headline, meta.byline, shown)
    standfirst = (
        known.standfirst or _standfirst(standfirst_at, meta.description, body) or _marked_standfirst(tree, body)
    )
    if standfirst and body and same_words(body[0], standfirst):
        body = body[1:]
    if sum(map(len, body)) < _MIN_BODY:
        what = f"{sum(map(len, body))} characters of body text"
        raise Refused(
            "parse",
            "no_article",
            f"The page holds {what}, no article; it may need JavaScript or be a list, video or error page.",
        )
    seen = {
        "list_page": _is_list(body, meta),
        "live_blog": meta.is_live,
        "unsure_body": read.is_unsure,
        "paywall": sum(len(p.split()) for p in body) <= MAX_STUB_WORDS and (meta.is_paid or _asks_to_pay(tree)),
        "machine_translated": any(map(is_translation_note, read.paragraphs)),
    }
    flags = (*known.flags, *(name for name, is_seen in seen.items() if is_seen))
    merged = Known(
        url=known.url or meta.url,
        supplied_id=known.supplied_id,
        outlet_name=known.outlet_name or meta.outlet_name,
        outlet_domain=known.outlet_domain,
        headline=headline,
        standfirst=standfirst,
        byline=known.byline or meta.byline or credit_line(meta.credits),
        authors=known.authors or meta.authors,
        language=known.language,
        published=known.published if known.published.on else published,
        updated_at=known.updated_at or updated_at,
        captions=tuple(shown),
        dateline=meta.dateline,
        flags=flags,
    )
    return compose("\n\n".join(body), merged, record, rules, guess=False)


def hints_of(meta: Meta) -> Hints:
    """Return what a page declares that helps to tell its body."""
    return Hints(meta.headline, meta.byline, meta.description, meta.article_body)


def tidied(paragraphs: Sequence[str], headline: str | None, byline: str | None, shown: list[str]) -> list[str]:
    """Drop headline and byline at the head, captions (they come last) and links to elsewhere."""
    head = [line for line in (headline, byline) if line]
    is_head = [
        n < 3 and (is_unread_date(p) or any(_prints(plain(p), h) for h in head)) for n, p in enumerate(paragraphs)
    ]
    body = [p for p, is_printed in zip(paragraphs, is_head, strict=True) if not is_printed]
    own = (p for p in without_list(body) if not is_navigation(p) and any(map(str.isalnum, p)))
    return [p for p in own if not any(p in caption for caption in shown)]


def _prints(paragraph: str, line: str) -> bool:
    """Whether a paragraph is a headline or a byline, and a date or a link to the author behind it at most."""
    is_longer = paragraph.startswith(f"{line} ") and len(paragraph) < len(line) + _MAX_AFTER_LINE
    return same_words(paragraph, line) or (is_longer and paragraph[-1:] not in ".!?")


def _printed(tree: HtmlElement, description: str | None) -> tuple[str, bool] | None:
    """Return the element's text that prints the description, and whether its markup calls it a standfirst."""
    if not description or len(description) < 25 or len(description.split()) < 6:
        return None
    start = letters_only(description)
    is_cut = description.rstrip().endswith(("…", "..."))
    best: tuple[str, bool] | None = None
    for element in tree.iter("h2", "h3", "h4", "p", "div", "span"):
        is_bare = element.tag in ("div", "span") and not _STANDFIRST_CLASS.search(element.get("class") or "")
        if is_bare or len(element) > 4:
            continue
        text = flat_text(element)
        if not len(description) * 0.8 <= len(text) <= max(len(description) * (4 if is_cut else 1.3), 40):
            continue
        words = letters_only(text)
        if words == start or (is_cut and words.startswith(start)):
            marks = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"
            is_marked = element.tag in ("h2", "h3", "h4") or bool(_STANDFIRST_CLASS.search(marks))
            if best is None or (is_marked and not best[1]):
                best = (text, is_marked)
    return best


def _standfirst(printed: tuple[str, bool] | None, description: str | None, body: list[str]) -> str | None:
    """Return the description if the page prints it apart from the body's first paragraph."""
    if printed is None or description is None:
        return None
    text, is_marked = printed
    if any(same_words(p, text) for p in body[1:]):
        return None
    return text if is_marked or not (body and same_words(body[0], text)) else None


def _marked_standfirst(tree: HtmlElement, body: list[str]) -> str | None:
    """Return what the markup under the headline calls the standfirst, unless it stands inside the body."""
    for element in tree.xpath("//h1/following::*[self::h2 or self::h3 or self::p or self::div][@class]")[:40]:
        if _IS_STANDFIRST.search(element.get("class") or ""):
            text = flat_text(element)
            is_inside = any(same_words(p, text) for p in body[1:])
            return text if 25 <= len(text) <= 320 and len(text.split()) >= 5 and not is_inside else None
    return None


def _searched_date(tree: HtmlElement, url: str | None, ruled_out: frozenset[date]) -> Published:
    """Return the day that htmldate finds in markup or URL, without its guessing; none that is ruled out."""
    from htmldate import find_date  # 0.3 s to import, and needed by few pages

    try:
        found = find_date(tree, extensive_search=False, original_date=True, url=url, max_date="2199-12-31")
    except Exception:
        return UNDATED
    day = parse_date(found) if found else UNDATED
    return UNDATED if day.on in ruled_out else day


def _updated(meta: Meta) -> datetime | None:
    """Return the instant of change, where it is later than publication."""
    if meta.updated.at is None or (meta.published.at is not None and meta.updated.at <= meta.published.at):
        return None
    return meta.updated.at


def _asks_to_pay(tree: HtmlElement) -> bool:
    """Whether a line of the page asks to subscribe or to log in for the rest: it is no part of the body."""
    return any(is_paywall(flat_text(e)) for e in tree.iter("p", "h2", "h3", "h4", "span", "a", "button", "label"))


def _is_list(body: list[str], meta: Meta) -> bool:
    """Whether a page that does not say it is an article reads like a list of links."""
    if meta.is_article or len(body) < 8:
        return False
    n_sentences = sum(1 for p in body if p.rstrip("\"”’')")[-1:] in (".", "!", "?") and len(p.split()) > 8)
    return n_sentences < 0.3 * len(body)
