"""Content that stands before its cue, sources that stand behind it, and content that goes on round it.

Belongs here: “A,” said X. and “A,” X said, “B.” Does not belong here: what follows a cue when nothing stands before it
(see `complements`).
"""

from __future__ import annotations

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.complements import Complement
from pipelines.core.attribution.cues import CueForm
from pipelines.core.attribution.model import Span
from pipelines.core.attribution.phrases import Phrase, right_phrase
from pipelines.core.attribution.tokens import DASHES
from pipelines.core.attribution.view import ParagraphView

_LEFT_REACH = 60


def inverted_source(view: ParagraphView, i: int, cue: Span, kind: str, form: CueForm) -> Phrase | None:
    """Return the source to the right of an inverted cue (`...,” said Lind`), None if the order is not inverted."""
    floor, ceiling = view.sentence_range(i)
    first = cue[0]
    if (
        first != i
        or form.inflection not in ("ed", "s", "base")
        or first <= floor
        or kind not in ("elided", "none", "bare")
    ):
        return None
    after_quote = view.closes_quote(first - 1) or (
        view.low[first - 1] in (",", *DASHES) and view.closes_quote(first - 2)
    )
    if not after_quote and view.low[first - 1] not in (",", *DASHES, "?", "!"):
        return None
    p = i + 1 + len(form.tail)
    phrase = right_phrase(view, p, ceiling)
    if phrase.is_empty or (phrase.kind == "bare" and not after_quote):
        return None
    if after_quote:
        return phrase
    nxt = view.low[phrase.end] if phrase.end < ceiling else "."
    if (
        nxt in (".", ",", ";", "who", "?", *DASHES)
        or nxt in t.PREPOSITIONS
        or nxt in t.TIME_WORDS
        or nxt in t.CLAUSE_OPENERS
    ):
        return (
            phrase
            if phrase.kind != "pronoun"
            and form.entry.lemma in ("say", "write", "add", "note", "report", "tweet", "explain", "argue")
            else None
        )
    return None


def content_before(view: ParagraphView, end: int, floor: int) -> Span:
    """Return the token range before `end` that could be content: it must end in a comma, a dash or a closing mark."""
    k = end
    if k <= floor:
        if k and view.closes_quote(k - 1) and any(w in ("?", "!") for w in view.low[k - 2 : k]):
            return (view.quote_ranges[view.quote_of[k - 1]][0], k)
        return (end, end)
    if view.low[k - 1] in (",", *DASHES) and view.quote_of[k - 1] < 0:
        k -= 1
    elif not view.closes_quote(k - 1) and view.low[k - 1] not in ("?", "!"):
        return (end, end)
    if k <= floor:
        return (end, end)
    return (floor, k)


def ends_in_quote(view: ParagraphView, left: Span) -> bool:
    """Tell whether content before a cue ends in a closing mark."""
    return left[1] > left[0] and view.closes_quote(left[1] - 1)


def _last_inside(view: ParagraphView, end: int) -> str:
    """Return the last token of a quote that ends before token `end`, without closing marks of a quote inside it."""
    k = end - 2
    while k > 0 and view.low[k] in ("'", "’", "”", '"'):
        k -= 1
    return view.low[k]


def prefers_left(view: ParagraphView, left: Span, complement: Complement, cue_end: int) -> bool:
    """Tell whether the content of a cue is what stands before it and not what follows it."""
    if ends_in_quote(view, left):
        last = _last_inside(view, left[1])
        stops = last in (",", "?", "!", "-", "—", "--") or view.low[left[1] : left[1] + 1] == (",",)
        return stops and (last not in ("?", "!") or complement.pattern in ("left", "preposition", "quote"))
    if complement.pattern not in ("left", "preposition"):
        return False
    if (
        cue_end < len(view.low) - 1
        and view.low[cue_end] == ","
        and left[1] - left[0] <= _LEFT_REACH
        and resumes_plainly(view, cue_end + 1)
    ):
        return True
    return left[1] - left[0] >= 3 and any(
        view.low[k] in t.FINITE or view.low[k].endswith("ed") or view.low[k] in t.PRONOUN_SUBJECTS
        for k in range(left[0], min(left[1], left[0] + _LEFT_REACH))
    )


def resumes_at(view: ParagraphView, p: int, ceiling: int, is_quoted: bool) -> int:
    """Return where content goes on behind the cue (“A,” he said, “B”), -1 if it does not.

    Content that is quoted before the cue goes on in a quote.
    """
    for k in range(p, min(ceiling, p + 14)):
        low = view.low[k]
        if low in (",", ":", *DASHES):
            if view.opens_quote(k + 1):
                return k + 1
            if k == p and k + 1 < ceiling and low == "," and not is_quoted and resumes_plainly(view, k + 1):
                return k + 1
            if k + 2 < ceiling and view.low[k + 1] in ("and", "but") and view.opens_quote(k + 2):
                return k + 2
        elif view.opens_quote(k):
            return k
        elif low in t.CONJUNCTIONS:
            return -1
    return -1


def resumes_plainly(view: ParagraphView, k: int) -> bool:
    """Tell whether words behind a cue and a comma could be content that goes on."""
    low = view.low[k]
    return not (
        low.endswith("ing")
        or low.endswith("ed")
        or low
        in (
            "who",
            "which",
            "as",
            "when",
            "while",
            "according",
            "in",
            "during",
            "at",
            "after",
            "on",
            "although",
            "though",
            "where",
            "whose",
        )
    )
