"""Telling a headline and a standfirst from the first paragraph of the body, in text without markup.

Covers that decision, and comparing a known headline with a printed one. For headlines of pages, see `html_meta`. In
doubt there is no headline.
"""

from __future__ import annotations

import re

from pipelines.core.documents.boilerplate import is_boilerplate
from pipelines.core.documents.paragraph_kinds import is_caption, is_correction, read_byline
from pipelines.core.documents.paragraphs import Paragraph
from pipelines.core.documents.publication_dates import date_line
from pipelines.core.text.datelines import parse_dateline
from pipelines.core.text.fold import letters_only
from pipelines.core.text.months import WEEKDAY

_MAX_HEADLINE = 180
_MAX_STANDFIRST = 320
_SPEAKER = re.compile(r"(?:[A-Z][A-Z.'’-]+(?:\s+[A-Z][A-Z.'’-]+){0,4}|Q|A)\s*(?:\([^)]{1,60}\))?\s*:")
_SMALL = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "is", "it", "its", "nor", "of", "off", "on",
    "or", "over", "so", "the", "to", "up", "via", "vs", "vs.", "with", "than", "into",
))  # fmt: skip
_TOLD = re.compile(
    r"\b(?:said|says? (?:that|he|she|they|it)|told|according to|was|were|had|has been|have been|will be|would"
    r"|announced|added|"
    rf"reported|on {WEEKDAY})\b", re.I)  # fmt: skip


def same_words(a: str, b: str) -> bool:
    """Whether two headlines are the same, but for case, quotation marks, dashes and closing punctuation."""
    left, right = letters_only(a), letters_only(b)
    return bool(left) and left == right


def n_headline_lines(lines: list[str], headline: str) -> int:
    """Return how many of the first lines (at most three) print the headline together; 0 if they do not."""
    wanted = letters_only(headline)
    for n in range(1, min(3, len(lines)) + 1):
        if wanted and letters_only(" ".join(lines[:n])) == wanted:
            return n
    return 0


def is_headline(found: list[Paragraph]) -> bool:
    """Whether the first paragraph of a text is its headline."""
    if len(found) < 2:
        return False
    line, rest = found[0].text, found[1:]
    n_rest = sum(len(p.text) for p in rest[:5])
    if len(line) > _MAX_HEADLINE or "\n" in line or n_rest < max(80, len(line)) or len(line.split()) < 2:
        return False
    if _is_other(line) or _is_dialogue(found) or (not line[0].isalnum() and line[0] not in "\"“'‘[(¿¡#$€£"):
        return False
    if line[-1] == ";":  # a headline of two lines, then a gap
        return not rest[0].is_after_gap and len(rest) > 1 and rest[1].is_after_gap
    if line[-1] in ",:":
        return False
    if line[-1] not in ".!?\"”’'…" or line.endswith("...") or any(parse_dateline(p.text) is not None for p in rest[:2]):
        return True
    return _is_headline_with_stop(line, rest)


def _is_dialogue(found: list[Paragraph]) -> bool:
    """Whether a text opens with speakers' turns; a headline may stand over a transcript that is introduced."""
    return bool(_SPEAKER.match(found[0].text)) and sum(1 for p in found[:6] if _SPEAKER.match(p.text)) > 1


def _is_headline_with_stop(line: str, rest: list[Paragraph]) -> bool:
    if _title_case(line) >= 0.75 and len(line.split()) >= 3:
        return True
    if line[-1] == "?" and len(line) <= 110:
        return True
    following = max(len(p.text) for p in rest[:3])
    return len(line) <= 90 and following >= 1.8 * len(line) and not _TOLD.search(line) and line[0] not in "\"“'‘"


def _is_other(line: str) -> bool:
    return (
        is_caption(line) or is_boilerplate(line) or is_correction(line) or date_line(line) is not None
        or read_byline(line) is not None or parse_dateline(line) is not None
    )  # fmt: skip


def _title_case(line: str) -> float:
    """Share of the words that a title-case headline capitalises which are capitalised."""
    words = [w.strip("\"“”'‘’().,:;!?-") for w in line.split()]
    counted = [w for w in words[1:] if w and w[0].isalpha() and w.casefold() not in _SMALL]
    return sum(w[0].isupper() for w in counted) / len(counted) if len(counted) >= 2 else 0.0


def is_standfirst(found: list[Paragraph]) -> bool:
    """Whether the paragraph after the headline sums up the article and is not its first sentence.

    It is one if it ends without a full stop, if a byline or a dateline follows it, or if only the body stands apart.
    """
    if len(found) < 2:
        return False
    line, following = found[0].text, found[1].flat
    if (
        10 <= len(line) <= 200
        and not found[0].is_after_gap
        and found[1].is_after_gap
        and "\n" not in line
        and not _is_other(line)
    ):
        return True  # right under the headline, and apart from the body
    if (
        not 25 <= len(line) <= _MAX_STANDFIRST
        or "\n" in line
        or len(line.split()) < 5
        or _is_other(line)
        or _SPEAKER.match(line)
    ):
        return False
    if read_byline(following) is not None or (parse_dateline(following) is not None and line[-1] not in '"”'):
        return True
    return (line[-1].isalnum() or line[-1] in ")]") and len(following) >= 60 and len(line) < len(following) * 1.5
