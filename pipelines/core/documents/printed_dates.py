"""Dates that a page prints in elements which its markup calls a date, and what they rule out.

Covers finding those lines, telling publication from change, reading `03/04/2026` where the page's language and country
decide. For the forms of dates, see `publication_dates`; for declared dates, see `html_meta`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml.html import HtmlElement

from pipelines.core.documents.html_meta import flat_text
from pipelines.core.documents.model import UNDATED, Published
from pipelines.core.documents.publication_dates import both_days, date_line, parse_date

_MAX_LINE = 160
_MAX_ELEMENTS = 30
_MARKED = ("publish", "date", "time", "posted", "byline", "meta", "updated", "modified")
_PATH = (
    "//time | //*[self::p or self::div or self::span or self::small or self::li or self::dd or self::em or self::a]["
    + " or ".join(f"contains(@class,'{word}') or contains(@id,'{word}')" for word in _MARKED)
    + " or @itemprop='datePublished' or @itemprop='dateModified']"
)
_ELSEWHERE = (
    "ancestor::nav or ancestor::footer or ancestor::aside or ancestor::*[contains(@class,'related')"
    " or contains(@class,'comment') or contains(@class,'teaser') or contains(@class,'promo')]"
)
_BETWEEN = re.compile(
    r"\s*[|•·.,;/–—-]*\s*"
    r"(?=\b(?:(?:first|originally) published|last updated?|(?<!last )updated|(?<!first )(?<!originally )published"
    r"|posted|last modified)\b)",
    re.I,
)
_DAY_FIRST = frozenset("gb ie au nz in za ng ke pk sg my de fr es it nl pt br mx ar pl".split())


@dataclass(frozen=True)
class PrintedDates:
    """What the marked lines of a page say.

    Attributes:
        published: The first line that is no change.
        updated: The first one that is.
        ruled_out: Days that a search of the page must not take for the day of publication: those of changes, and both
            readings of a form that does not say which number is the month.
    """

    published: Published = UNDATED
    updated: Published = UNDATED
    ruled_out: frozenset[date] = frozenset()


def printed_dates(tree: HtmlElement, zone: str | None) -> PrintedDates:
    """Read the lines of a page that its markup calls dates.

    Args:
        tree: The page.
        zone: IANA zone of times without one.
    """
    published = updated = UNDATED
    ruled_out: set[date] = set()
    is_month_first = _is_month_first(tree)
    for line in _lines(tree):
        two = both_days(line)
        if two:
            ruled_out |= two
            own = UNDATED if is_month_first is None else _read_slashed(line, is_month_first=is_month_first)
            found = (False, own) if own.on else None
        else:
            found = date_line(line, zone)
        if found is None or found[1].on is None:
            continue
        is_update, day = found
        if is_update:
            updated = updated if updated.on else day
            ruled_out.add(found[1].on)
        elif published.on is None:
            published = day
    return PrintedDates(published, updated, frozenset(ruled_out - {published.on}))


def is_unread_date(paragraph: str) -> bool:
    """Whether a paragraph holds dates and nothing else, in a form that `date_line` does not read as one."""
    if len(paragraph) > _MAX_LINE or not any(map(str.isdigit, paragraph)):
        return False
    parts = [p.strip(" |•·,;/–—-") for p in _BETWEEN.split(paragraph)]
    return bool(both_days(paragraph)) or (len(parts) > 1 and all(date_line(p) for p in parts if p))


def _lines(tree: HtmlElement) -> Iterator[str]:
    """Yield the marked lines, cut where a second label begins ("Published ... | Updated ...")."""
    seen: set[str] = set()
    for element in tree.xpath(_PATH)[:_MAX_ELEMENTS]:
        text = flat_text(element)
        if not 6 <= len(text) <= _MAX_LINE or not any(map(str.isdigit, text)) or element.xpath(_ELSEWHERE):
            continue
        for part in _BETWEEN.split(text):
            line = part.strip(" |•·,;/–—-")
            if line and line not in seen:
                seen.add(line)
                yield line


def _read_slashed(line: str, *, is_month_first: bool) -> Published:
    first, second, year = re.findall(r"\d+", line)[:3]
    month, day = (first, second) if is_month_first else (second, first)
    return parse_date(f"{year}-{month}-{day}", basis="text")


def _is_month_first(tree: HtmlElement) -> bool | None:
    """Whether the page's language and country write the month first; None where they do not tell."""
    locale = tree.xpath("string(//meta[@property='og:locale']/@content)") or tree.get("lang") or ""
    language, _, country = str(locale).replace("_", "-").lower().partition("-")
    if country == "us":
        return True
    return False if country in _DAY_FIRST or language not in ("", "en") else None
