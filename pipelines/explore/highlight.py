"""An article's text cut into pieces, each with the spans that cover it.

Covers cutting by code points, paragraphs, which of several spans gives a piece its colour. For HTML, see templates/;
for reading spans from the file, see queries/articles.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_STRENGTH = {"source": 2, "cue": 2, "content": 1, "quote": 0}  # a source inside other content is seen as a source


@dataclass(frozen=True)
class Span:
    """A stretch of a text that a row points at: code points, end exclusive.

    Attributes:
        owner: Id of the statement or the quote.
        kind: source, cue, content, or quote (of no statement).
        start: First code point.
        end: Code point after the last.
        depth: 0 for a statement of the article, 1 inside another one, and so on.
    """

    owner: str
    kind: str
    start: int
    end: int
    depth: int = 0


@dataclass(frozen=True)
class Piece:
    """A piece of text that is covered by the same spans from end to end.

    Attributes:
        text: As printed.
        spans: The spans that cover it; the one that gives its look is the first.
        starts: Owners whose first piece this is, so that each can be linked to once.
    """

    text: str
    spans: tuple[Span, ...] = ()
    starts: tuple[str, ...] = ()

    @property
    def top(self) -> Span | None:
        """The span that gives the piece its look."""
        return self.spans[0] if self.spans else None

    @property
    def owners(self) -> tuple[str, ...]:
        """The rows behind the piece, the one that gives its look first."""
        return tuple(dict.fromkeys(span.owner for span in self.spans))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its part of the article, and its pieces."""

    section: str
    pieces: tuple[Piece, ...]


def pieces(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> list[Piece]:
    """Return the text between two offsets in pieces; joined they are that text, whatever the spans are.

    Spans may nest, cross, repeat, be empty or reach beyond the text; the innermost statement comes first, then
    source and cue before content, then the shorter span.
    """
    end = len(text) if end is None else min(end, len(text))
    inside = [s for s in spans if s.start < end and s.end > start and s.start < s.end]
    cuts = sorted({start, end, *(c for s in inside for c in (s.start, s.end) if start < c < end)})
    found = []
    for left, right in pairwise(cuts):
        covering = [s for s in inside if s.start <= left and s.end >= right]
        covering.sort(key=lambda s: (-_STRENGTH.get(s.kind, 0), -s.depth, s.end - s.start, s.start, s.owner))
        found.append(Piece(text[left:right], tuple(covering)))
    return found


def paragraphs(text: str, spans: Sequence[Span], starts: Sequence[tuple[int, str]]) -> list[Paragraph]:
    """Return the paragraphs of an article; white space between them is all that is left out.

    Args:
        text: The article's text.
        spans: What is marked.
        starts: First code point of each paragraph, and its part of the article; without any, blank lines divide.
    """
    known = dict(sorted(starts, reverse=True)) or {m.end(): "body" for m in _BLANK_LINE.finditer(text)}
    bounds = sorted({0, len(text), *(start for start in known if 0 < start < len(text))})
    found = []
    seen: set[str] = set()
    for start, end in pairwise(bounds):
        last = start + len(text[start:end].rstrip())
        if start == last:
            continue
        marked = []
        for piece in pieces(text, spans, start, last):
            new = tuple(o for o in piece.owners if o not in seen)
            seen.update(new)
            marked.append(replace(piece, starts=new))
        found.append(Paragraph(known.get(start, "body"), tuple(marked)))
    return found


def marked_words(text: str, words: set[str]) -> list[Piece]:
    """Return a text in pieces in which the words that were searched for are marked."""
    spans = [Span("", "match", m.start(), m.end()) for m in re.finditer(r"\w+", text) if m.group() in words]
    return pieces(text, spans)
