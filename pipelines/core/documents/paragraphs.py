"""Paragraphs of a text, as spans.

Covers where a paragraph begins and ends, in texts that print one a line, in blocks between blank lines, or
hard-wrapped. For what a paragraph is, see `paragraph_kinds` and `plain_text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_ENDS_SENTENCE = tuple(".!?:\"”’')]…")
_MAX_WRAPPED = 100


@dataclass(frozen=True)
class Paragraph:
    """One paragraph.

    Attributes:
        start: First code point that is no blank.
        end: Code point after the last one that is no blank.
        text: The text between them; a hard-wrapped paragraph keeps its line breaks.
        is_after_gap: A blank line, or the start of the text, stands before it.
    """

    start: int
    end: int
    text: str
    is_after_gap: bool

    @property
    def flat(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())


def paragraphs(text: str, start: int = 0) -> list[Paragraph]:
    """Return the paragraphs of a text from an offset on; offsets are into the whole text."""
    lines = [_line(text, m.start(), m.end()) for m in _LINE.finditer(text, start) if not m.group().isspace()]
    if not lines:
        return []
    gaps = [True] + [_has_gap(text, a[1], b[0]) for a, b in pairwise(lines)]
    if not _is_wrapped(text, lines, gaps):
        return [Paragraph(s, e, text[s:e], gap) for (s, e), gap in zip(lines, gaps, strict=True)]
    indents = [_indent(text, s) for s, _ in lines]
    body_indent = min(indents)
    width = max(e - s for s, e in lines)
    out: list[Paragraph] = []
    for (s, e), gap, indent in zip(lines, gaps, indents, strict=True):
        if out and not gap and indent <= body_indent + 1 and _joins(text, out[-1], s, width):
            first = out[-1]
            out[-1] = Paragraph(first.start, e, text[first.start : e], first.is_after_gap)
        else:
            out.append(Paragraph(s, e, text[s:e], gap))
    return out


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    raw = text[start:end]
    return start + len(raw) - len(raw.lstrip()), end - (len(raw) - len(raw.rstrip()))


def _has_gap(text: str, end: int, start: int) -> bool:
    between = text[end:start].replace("\r\n", "\n").replace("\r", "\n")
    return between.count("\n") > 1


def _indent(text: str, start: int) -> int:
    n = 0
    while n < start and text[start - n - 1] in " \t":
        n += 1
    return n


def _is_wrapped(text: str, lines: list[tuple[int, int]], gaps: list[bool]) -> bool:
    """Whether lines are broken inside sentences: most lines with a successor in their block end mid-sentence."""
    lengths = [e - s for (s, e), gap in zip(lines, gaps[1:], strict=False) if not gap]
    if len(lengths) < 3 or max(e - s for s, e in lines) > _MAX_WRAPPED:
        return False
    inner = [(s, e) for (s, e), gap in zip(lines, gaps[1:], strict=False) if not gap]
    n_open = sum(1 for _, e in inner if text[e - 1] not in _ENDS_SENTENCE)
    n_lower = sum(
        1
        for (s, _), gap in zip(lines[1:], gaps[1:], strict=True)
        if not gap and (text[s].islower() or text[s].isdigit())
    )
    return n_open > 0.5 * len(inner) and n_lower > 0.2 * len(inner)


def _joins(text: str, before: Paragraph, start: int, width: int) -> bool:
    """Whether a line goes on with the paragraph: not if the one before ends a sentence and had room for more."""
    if text[before.end - 1] not in '.!?"”':
        return True
    last = max(text.rfind("\n", before.start, before.end) + 1, before.start)
    first_word = text[start : start + width].split(maxsplit=1)[0]
    return before.end - last + 1 + len(first_word) > width
