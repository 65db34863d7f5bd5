"""Where the content of a candidate begins and ends.

Belongs here: cutting the content of one candidate, given those that stand before and behind it. Does not belong here:
which candidates stand (see `rules`), or where content that follows a cue begins (see `complements`).

Content runs to the end of its sentence unless another chosen clause starts there: on the train split 87 % of the
content that follows its cue ends with the sentence, and nearly all that precedes it starts with one. Quoted content is
the whole quote with its marks.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.candidate import Candidate
from pipelines.core.attribution.model import Span
from pipelines.core.attribution.view import ParagraphView

_COMMA_CUTS = frozenset("participle but which who while though although even".split())
_MORE_COMMA_CUTS = frozenset("and name he she it they a the past as".split())
_SUBORDINATORS = frozenset("while although though as if when because since after before".split())
_SUBJECTS = t.PRONOUN_SUBJECTS | t.DETERMINERS | {"name", "there"}
_NARROW = frozenset(
    ("attitude object", "attitude infinitive", "attitude preposition", "noun preposition", "speech preposition",
     "speech infinitive", "speech wh")
)  # fmt: skip
"""Kinds of complement (of an attitude, of speech, of a noun) that end at more kinds of comma (train split)."""


def content_of(
    view: ParagraphView, c: Candidate, before: Sequence[Candidate], after: Sequence[Candidate], owner: bytearray
) -> tuple[Span, ...]:
    """Return the token ranges of a candidate's content, rising; empty if nothing is left."""
    floor, ceiling = view.sentence_range(c.head)
    out: list[Span] = []
    if c.left[1] > c.left[0]:
        span = _left_range(view, c, max([floor, *(o.end for o in before)]))
        if span[1] > span[0]:
            out.append(span)
    if c.right >= 0:
        stop = ceiling
        for o in after:
            if o.start > c.right:
                stop = min(stop, o.start)
        span = _right_range(view, c, stop, ceiling)
        if span[1] > span[0]:
            out.append(span)
    whole = (_without_lone_bracket(view, s) for s in out)
    return tuple(s for s in whole if s[1] > s[0] and not any(owner[i] for i in range(*s)))


def _without_lone_bracket(view: ParagraphView, span: Span) -> Span:
    """Return content without a bracket at its edge whose partner lies outside."""
    first, end = span
    marks = [w for w in view.low[first:end] if w in ("(", ")")]
    if marks.count("(") == marks.count(")"):
        return span
    if view.low[first] == "(":
        return (first + 1, end)
    return (first, end - 1) if view.low[end - 1] == ")" else span


def _left_range(view: ParagraphView, c: Candidate, floor: int) -> Span:
    first, end = c.left
    if c.pattern == "agent":
        return (max(first, floor), end)
    if first < view.sentence_range(c.head)[0]:
        return (first, end)
    first = max(first, floor)
    while (
        first < end
        and view.quote_of[first] < 0
        and not t.is_word(view.low[first])
        and view.low[first] not in ("(", "[", "$", "#", "@")
    ):
        first += 1
    if first < end and view.quote_of[first] >= 0:
        return (min(first, view.quote_ranges[view.quote_of[first]][0]), end)
    if view.closes_quote(end - 1):
        opened = view.quote_ranges[view.quote_of[end - 1]][0]
        if opened > first and _is_whole_quote(view, opened):
            lead = view.low[opened - 1]
            if lead in (",", ":", "-", "–", "—", "--") or opened - first <= 2:
                return (opened, end)
    return (first, end)


def _is_whole_quote(view: ParagraphView, opened: int) -> bool:
    return opened + 1 < len(view.words) and view.words[opened + 1][:1].isupper()


def _right_range(view: ParagraphView, c: Candidate, stop: int, ceiling: int) -> Span:
    first = c.right
    if view.opens_quote(first):
        quote_end = view.quote_ranges[view.quote_of[first]][1]
        if "transcript" in c.features and quote_end < len(view.tokens):
            return (first, quote_end)
        inner = view.low[quote_end - 2] if quote_end - 2 > first else ""
        if quote_end >= stop or (inner in (",", ".", "?", "!", "…", "...") and _is_whole_quote(view, first)):
            return (first, quote_end)
        if c.pattern == "left" and c.entry.form != "phrase":
            return (first, quote_end)
    end = stop
    if "transcript" in c.features:
        end = ceiling = len(view.tokens)
    if "transcript" not in c.features:
        end = _first_cut(view, c, first, end)
    if end == ceiling:
        end = _with_open_quote(view, first, end)
    end = _trim_right(view, first, end)
    if c.pattern == "object":
        end = _without_day(view, first, end)
    return (first, end)


def _without_day(view: ParagraphView, first: int, end: int) -> int:
    """Return where nominal content ends without the day of its cue: claimed victory `late on Sunday`."""
    k = end - 1
    if k - first < 3 or view.low[k] not in t.WEEKDAYS or view.low[k - 1] != "on" or view.quote_of[k] >= 0:
        return end
    return k - 2 if view.low[k - 2] in ("late", "early") else k - 1


def _first_cut(view: ParagraphView, c: Candidate, first: int, end: int) -> int:
    """Return where content ends before its sentence does: at a comma or dash behind which the reporter goes on."""
    attitude = "attitude" if c.entry.is_attitude else "speech"
    group = f"{c.entry.form if c.entry.form == 'noun' else attitude} {c.pattern}"
    cuts = _COMMA_CUTS | _MORE_COMMA_CUTS if group in _NARROW else _COMMA_CUTS
    if _is_subordinate(view, c):
        cuts = cuts | _SUBJECTS
    whole = c.pattern not in ("that", "clause")
    opener = first + 1 if view.low[first] == "that" and first + 1 < end else first
    is_open = view.low[opener] in t.CLAUSE_OPENERS and c.pattern in ("that", "clause")
    for i in range(first + 1, end - 1):
        if view.low[i] in t.FINITE or view.low[i].endswith("ed"):
            whole = True
        if is_open and view.low[i] == "," and view.quote_of[i] < 0:
            is_open = whole = False
            continue
        if whole and not is_open and view.quote_of[i] < 0 and view.low[i] == "," and _kind_behind(view, i + 1) in cuts:
            return i
    return end


def _is_subordinate(view: ParagraphView, c: Candidate) -> bool:
    """Tell whether the cue's clause is the first of its sentence and hangs on a conjunction: While X said A, Y."""
    floor, _ = view.sentence_range(c.head)
    return view.low[floor] in _SUBORDINATORS and 0 < c.start - floor <= 2


def _kind_behind(view: ParagraphView, i: int) -> str:
    low = view.low[i]
    if (
        low.endswith("ing")
        and len(low) > 4
        and low not in ("including", "during", "according", "regarding", "nothing", "something")
    ):
        return "participle"
    if low in t.PRONOUN_SUBJECTS or low in t.DETERMINERS or low in t.CONJUNCTIONS:
        return low
    if view.words[i][:1].isupper():
        return "name"
    return "past" if low.endswith("ed") else low


def _with_open_quote(view: ParagraphView, first: int, end: int) -> int:
    """Move the end of content behind a quote that starts in it and goes on over the next sentences."""
    if end < len(view.tokens) and end > first and view.quote_of[end - 1] >= 0:
        opened, closed = view.quote_ranges[view.quote_of[end - 1]]
        if opened >= first:
            return max(end, closed)
    return end


def _trim_right(view: ParagraphView, first: int, end: int) -> int:
    while end > first:
        low = view.low[end - 1]
        if (
            view.quote_of[end - 1] >= 0
            or (t.is_word(low) and low not in ("and", "but", "or", "while", "as"))
            or low in (")", "%", "'s")
        ):
            return end
        end -= 1
    return end
