"""Quotation marks: which marks pair, how quotes nest, and which quotes go on in the next paragraph.

Covers the parser of marks and nothing but marks. For what kind of quote it is, see `statements`. It does not cover who
said a quote.

One pass over the marks of a paragraph with a stack of open marks; every mark is looked at once, so time is linear.
Covered: curly, straight, ``LaTeX'' and guillemet marks, low-high („German“), single marks with apostrophes and plural
possessives told apart, nesting, marks reopened at each paragraph, and quotes that are never closed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.text.spans import Span

_MARK = re.compile(r"``|''|[\"“”„‟«»‹›‘’‚‛'＂]")
_SINGLE = "‘’‚‛'‹›"
_OPENING_BEFORE = "([{-–—/:;,…=>"
_SPACED_REACH = 2000
"""A mark with blanks on both sides opens if another one like it follows within so many characters."""
_GENITIVE = re.compile(r"s\b")
"""A mark that stands for an apostrophe: Iran"s economy."""
_ELIDED = re.compile(r"['’‘](?:\d\ds?\b|em\b|til\b|tis\b|twas\b|cause\b|n\b|bout\b|round\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quote:
    """One span between quotation marks, in one paragraph.

    Attributes:
        start, end: with the marks, 0-based code points, end exclusive.
        inner_start, inner_end: without the marks, never empty.
        open_mark: the mark that opens.
        close_mark: the mark that closes; None when the paragraph ends first.
        depth: 0 for an outer quote, 1 for a quote in a quote, and so on.
        continues: this quote goes on with a quote that the paragraph before left open.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    open_mark: str
    close_mark: str | None
    depth: int
    continues: bool = False


def parse_quotes(text: str, paragraphs: Sequence[Span]) -> list[Quote]:
    """Return the quotes of a text in order of their start, outer before inner.

    Args:
        text: the whole text.
        paragraphs: spans of its paragraphs, rising (see `sentences.split_paragraphs`).

    Returns:
        Quotes with offsets in `text`. A quote that is open at the end of its paragraph has `close_mark` None; when the
        next paragraph opens with the same kind of mark, the quote there has `continues` set.
    """
    out: list[Quote] = []
    open_kind: str | None = None
    for start, end in paragraphs:
        found = _parse_paragraph(text, start, end)
        if found and open_kind is not None and found[0].start == start and _kind(found[0].open_mark) == open_kind:
            q = found[0]
            found[0] = Quote(q.start, q.end, q.inner_start, q.inner_end, q.open_mark, q.close_mark, q.depth, True)
        unclosed = [q for q in found if q.depth == 0 and q.close_mark is None]
        open_kind = _kind(unclosed[-1].open_mark) if unclosed else None
        out.extend(found)
    return out


def paragraph_quotes(paragraph: str) -> list[Quote]:
    """Return the quotes of one paragraph on its own; `continues` is never set."""
    return _parse_paragraph(paragraph, 0, len(paragraph))


@dataclass(slots=True)
class _Open:
    start: int
    mark: str
    kind: str


def _kind(mark: str) -> str:
    if mark in ("``", "''"):
        return "tex"
    if mark in '"＂':
        return "straight"
    if mark in "«»":
        return "guillemet"
    if mark in "‹›":
        return "single guillemet"
    if mark in "‘’‚‛":
        return "single"
    if mark == "'":
        return "straight single"
    return "curly"


def _parse_paragraph(text: str, start: int, end: int) -> list[Quote]:
    marks = [(m.start(), m.group(0)) for m in _MARK.finditer(text, start, end)]
    if not marks:
        return []
    closers_after = _single_closers_after(text, start, end, marks)
    stack: list[_Open] = []
    out: list[Quote] = []
    for k, (pos, mark) in enumerate(marks):
        kind = _kind(mark)
        if mark in _SINGLE and not _is_single_quote_mark(text, start, end, pos, mark, stack, closers_after[k]):
            continue
        depth = _open_depth(stack, kind)
        if depth is None:
            depth = _mixed_depth(text, start, end, pos, mark, stack)
        if depth is None:
            if _opens(text, start, end, pos, mark):
                stack.append(_Open(pos, mark, kind))
            continue
        if _reopens(text, start, end, pos, mark, kind, stack[depth].mark):
            # a second opening mark of one kind: the first was never closed; its words are kept up to here
            _close(text, stack, depth, pos, None, pos, out)
            stack.append(_Open(pos, mark, kind))
            continue
        _close(text, stack, depth, pos + len(mark), mark, pos, out)
    while stack:
        if stack[-1].kind in ("straight single", "single") and stack[-1].start != start:
            stack.pop()
            continue
        _close(text, stack, len(stack) - 1, end, None, end, out)
    out.sort(key=lambda q: (q.start, -q.end))
    return out


def _close(
    text: str, stack: list[_Open], depth: int, end: int, mark: str | None, inner_end: int, out: list[Quote]
) -> None:
    opened = stack[depth]
    del stack[depth:]
    if mark is None:
        while end > opened.start and text[end - 1].isspace():
            end -= 1
        inner_end = end
    inner_start = opened.start + len(opened.mark)
    if inner_end > inner_start and any(not c.isspace() for c in text[inner_start : min(inner_end, inner_start + 8)]):
        out.append(Quote(opened.start, end, inner_start, inner_end, opened.mark, mark, depth))


def _open_depth(stack: list[_Open], kind: str) -> int | None:
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].kind == kind or {stack[depth].kind, kind} == {"single", "straight single"}:
            return depth
    return None


def _mixed_depth(text: str, start: int, end: int, pos: int, mark: str, stack: list[_Open]) -> int | None:
    """Return the depth of a straight quote that a curly mark closes, or the other way round; None if it does not."""
    other = {"”": "straight", '"': "curly"}.get(mark)
    depth = _open_depth(stack, other) if other else None
    if depth is None or _before(text, start, pos).isspace() or _after(text, end, pos, mark).isalnum():
        return None
    return depth


def _before(text: str, start: int, pos: int) -> str:
    return text[pos - 1] if pos > start else " "


def _after(text: str, end: int, pos: int, mark: str) -> str:
    k = pos + len(mark)
    return text[k] if k < end else " "


def _opens(text: str, start: int, end: int, pos: int, mark: str) -> bool:
    before, after = _before(text, start, pos), _after(text, end, pos, mark)
    if mark in '"“' and before.isspace() and after.isspace():
        closing = "”" if mark == "“" else mark
        return text.find(f" {closing}", pos + 2, min(end, pos + _SPACED_REACH)) >= 0
    if mark in "“„‟«‹‘‚‛" or mark == "``":
        return not after.isspace() or mark in "«‹"
    free = before.isspace() or before in _OPENING_BEFORE or before in "“”\"‘’'.!?"
    if mark in "”»›":
        return free and before not in ".!?" and (after.isalnum() or after in "‘'“")
    if mark in '"＂' and (before.isdigit() or (before.isalpha() and _GENITIVE.match(text, pos + 1, end))):
        return False
    return not after.isspace() and (free or not before.isalnum() or after.isalnum())


def _reopens(text: str, start: int, end: int, pos: int, mark: str, kind: str, opened: str) -> bool:
    """Tell whether a mark whose kind is open opens again; else it closes."""
    if mark in "«»‹›":
        return mark == opened
    if mark in "“‟‘":
        return _before(text, start, pos).isspace() and not _after(text, end, pos, mark).isspace()
    if kind in ("straight", "tex") and mark != "``":
        before, after = _before(text, start, pos), _after(text, end, pos, mark)
        return before.isspace() and not after.isspace() and after not in ",.;:!?)"
    return mark == "``"


def _is_single_quote_mark(
    text: str, start: int, end: int, pos: int, mark: str, stack: list[_Open], closers_after: int
) -> bool:
    """Tell a single quotation mark from an apostrophe."""
    if mark in "‹›":
        return True
    before, after = _before(text, start, pos), _after(text, end, pos, mark)
    if before.isalnum() and after.isalnum():
        return False
    is_open = _open_depth(stack, _kind(mark)) is not None
    if is_open and not before.isspace() and not after.isalnum():
        # closing, unless a plural possessive (workers' rights) with a better closing mark further on
        return not (before in "sSzx" and after == " " and closers_after > 0)
    if mark == "’":
        return False
    opening = (before.isspace() or before in _OPENING_BEFORE or before in '“"„`') and not after.isspace()
    if not opening or _ELIDED.match(text, pos, end):
        return False
    return mark != "'" or closers_after > 0 or (mark == "‘" and pos == start)


def _single_closers_after(text: str, start: int, end: int, marks: Sequence[tuple[int, str]]) -> list[int]:
    """For each mark: how many single closing marks follow it before the next single opening mark."""
    counts = [0] * len(marks)
    n = 0
    for k in range(len(marks) - 1, -1, -1):
        counts[k] = n
        pos, mark = marks[k]
        if mark not in "‘’'":
            continue
        before, after = _before(text, start, pos), _after(text, end, pos, mark)
        if (before.isspace() or before in _OPENING_BEFORE) and not after.isspace():
            n = 0
        elif mark != "‘" and not before.isspace() and not after.isalnum():
            n += 1
    return counts
