"""Which words of its paragraph the source of an attribution is: a tagger's span, cut or completed.

Covers rules over the words at the edges of one source. For which cue a source belongs to, see `linker`; for of what
kind it is, see `names`.

A tagger labels word by word, so a span of its may end between a title and its name.
"""

from __future__ import annotations

import re

from pipelines.core.text.spans import Span
from pipelines.core.text.tokens import SHORT_TITLES

_BRACKET_REACH = 24
_TRIM = ",;: \t\r\n-–—"
_TITLE = re.compile(rf"(?:^|\s)(?:{'|'.join(sorted(map(str.title, SHORT_TITLES)))})$")
_NAME_BEHIND = re.compile(r"\.?(?:[ \xa0]+[A-Z][\w’'-]*(?:(?<=[ \xa0][A-Z])\.)?){1,4}")
_CONTRACTED = re.compile(r"(?<=\w)['’](?:ve|re|ll|d|m)$", re.IGNORECASE)
_LET = re.compile(r"let\s+(?=(?:me|us)\b)", re.IGNORECASE)


def source_words(paragraph: str, span: Span) -> Span:
    """Return the span of a source with the words that belong to it; an empty one if none are left."""
    return _only_pronoun(paragraph, _past_title(paragraph, _bracketed(paragraph, span)))


def _bracketed(paragraph: str, span: Span) -> Span:
    """Close a bracket that the span opens: Rep. Ana Lund (D-Wis.)."""
    start, end = _trim(paragraph, span)
    opened = paragraph.rfind("(", start, end)
    if opened < 0 or ")" in paragraph[opened:end]:
        return (start, end)
    closed = paragraph.find(")", end, end + _BRACKET_REACH)
    return (start, closed + 1) if closed >= 0 else _trim(paragraph, (start, opened))


def _past_title(paragraph: str, span: Span) -> Span:
    """Take in the name behind a title that the span ends in: Mr | . Lind."""
    start, end = span
    stem = end - 1 if paragraph[start:end].endswith(".") else end
    if not _TITLE.search(paragraph[start:stem]):
        return span
    found = _NAME_BEHIND.match(paragraph, stem)
    return (start, found.end()) if found else span


def _only_pronoun(paragraph: str, span: Span) -> Span:
    """Cut off what is run together with a pronoun, and the verb before it: We | 've, Let | me."""
    start, end = span
    if found := _CONTRACTED.search(paragraph[start:end]):
        end = start + found.start()
    if found := _LET.match(paragraph, start, end):
        start = found.end()
    return (start, end)


def _trim(paragraph: str, span: Span) -> Span:
    start, end = span
    while end > start and paragraph[end - 1] in _TRIM:
        end -= 1
    while start < end and paragraph[start] in _TRIM:
        start += 1
    return (start, end)
