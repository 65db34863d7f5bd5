"""Cues that a tagger cuts in two: `was quoted | as saying`, `is alleged | to have said`, `wanted | to know`.

Holds what makes such a cue whole, and gives it to the one who said it. Other cues are the tagger's own.

In "The captain was quoted by the daily as saying she would rest" a tagger takes the daily for the source, and captain
and `as saying` for content; it is the captain who said it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.core.attribution.model import Attribution
from pipelines.core.text.spans import Span

_REPORTED = re.compile(r"\b(?:quot|report|alleg|claim|understood|rumour|rumor|believ|cit|heard|record)", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|be)\b", re.IGNORECASE)
_VERBS = "say|tell|ask|claim|argu|warn|writ|suggest|admit|insist|declar|describ|call|urg|demand|offer|promis"
_PARTICIPLES = (
    "said|told|asked|claimed|argued|warned|written|suggested|admitted|insisted|declared|described|called|urged"
    "|demanded|offered|promised|shouted|threatened"
)
_SECOND_HALF = re.compile(
    rf"(?:as (?:having )?)?(?:(?:{_VERBS})[a-z]*ing|to have (?:{_PARTICIPLES})|having (?:{_PARTICIPLES}))\b[,:]?\s*",
    re.IGNORECASE,
)
_HALF_BEFORE = re.compile(r",?\s*\b(?:as )?saying[,:]?\s+")
_TO_KNOW = re.compile(r"to (?:know|find out)\s+(?=(?:wh[a-z]+|how|if)\b)", re.IGNORECASE)
_WANTED = re.compile(r"\b(?:want|wish|demand|ask)(?:s|ed|ing)?$", re.IGNORECASE)


def with_whole_cue(text: str, a: Attribution) -> Attribution:
    """Return an attribution whose cue is whole, and whose source is the one who is quoted; mostly `a` itself."""
    if not a.cue or not a.content:
        return a
    start, end = a.cue[0]
    words = text[start:end]
    first = a.content[0]
    if _WANTED.search(words) and first[0] >= end and (known := _TO_KNOW.match(text, *first)):
        return _recut(a, (start, known.end()), a.source, ((known.end(), first[1]), *a.content[1:]), text)
    if not _REPORTED.search(words):
        return a
    if _PASSIVE.search(words):
        return _passive(text, a)
    return _active(text, a)


def _passive(text: str, a: Attribution) -> Attribution:
    """`X is alleged to have said Y`, `X was quoted (by Z) as saying Y`: X said it."""
    start, end = a.cue[0]
    before = [span for span in a.content if span[1] <= start]
    after = [span for span in a.content if span[0] >= end]
    sources = [span for span in (*before, *(s for s in a.source if s[1] <= start)) if _adjoins(text, span[1], start)]
    if not after or not sources:
        return a
    half = _SECOND_HALF.match(text, *after[0]) or _SECOND_HALF.search(text, end, after[0][0] + 1)
    if half is None or half.end() > after[0][1] or "\n" in text[end : half.start()]:
        return a
    content = ((max(after[0][0], half.end()), after[0][1]), *after[1:])
    return _recut(a, (start, end), sources[:1], content, text, (half.start(), half.end()))


def _active(text: str, a: Attribution) -> Attribution:
    """`It quoted X as saying Y`: X said it."""
    _, end = a.cue[0]
    first = a.content[0]
    half = _HALF_BEFORE.search(text, *first) if first[0] >= end else None
    if half is None or half.start() == first[0] or any(mark in text[first[0] : half.start()] for mark in '“”"\n'):
        return a
    content = ((half.end(), first[1]), *a.content[1:])
    named = (first[0], half.start())
    return _recut(a, a.cue[0], (named,), content, text, (half.start(), half.end()))


def _adjoins(text: str, end: int, start: int) -> bool:
    return end <= start and not any(c.isalnum() for c in text[end:start])


def _recut(
    a: Attribution, cue: Span, source: tuple[Span, ...] | list[Span], content: tuple[Span, ...], text: str, *more: Span
) -> Attribution:
    kept = tuple(span for span in content if span[0] < span[1])
    if not kept:
        return a
    cues = tuple(_trimmed(text, span) for span in (cue, *more))
    return replace(a, source=tuple(source), cue=cues, content=kept, is_shared_source=False)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while end > start and not text[end - 1].isalnum():
        end -= 1
    while start < end and not text[start].isalnum():
        start += 1
    return start, end
