"""Noun phrases beside a cue: where the source begins and ends, to the left and to the right.

Belongs here: walks over tokens that find a phrase. Does not belong here: which words are cues (see `candidates`).

There is no parser. A walk runs from the cue over nouns, names, titles and the prepositions that tie them
("a spokesman for the port authority"), jumps an apposition or relative clause between commas, and stops at a
conjunction, a verb or any other mark. A walk never leaves its sentence and never goes further than `_REACH` tokens, so
that time stays linear whatever the text.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.view import ParagraphView

_REACH = 40
_TIES = frozenset("of for from at in with to on by".split())
_TIME_LEADS = frozenset("on in at during after before by since until over for as with under despite from amid".split())
_DASHES = frozenset(("-", "–", "—", "―", "--", "---"))
_APPOSED = frozenset("a an the who whose his her their one of democrat republican independent".split())
_NO_LAST = frozenset("a an the his its their our my your".split())
_NO_SUBJECT_LEADS = frozenset("in at to for with by from on".split())
_STOPPED = t.TITLES | {"jr", "sr", "st"} | frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase.

    Attributes:
        first, end: token range, end exclusive; empty (first == end) if there is none.
        kind: pronoun, name, the (determiner), bare (common noun without determiner), relative, elided or none.
    """

    first: int
    end: int
    kind: str

    @property
    def is_empty(self) -> bool:
        """Whether there is no phrase."""
        return self.end <= self.first


def phrase_kind(view: ParagraphView, first: int, end: int) -> str:
    """Return what kind of noun phrase a token range is (see `Phrase.kind`)."""
    if end <= first:
        return "none"
    if view.low[first] in t.PRONOUNS and end - first == 1:
        return "pronoun"
    if any(
        w[:1].isupper() and low not in t.DETERMINERS
        for w, low in zip(view.words[first:end], view.low[first:end], strict=True)
    ):
        return "name"
    return "the" if view.low[first] in t.DETERMINERS else "bare"


def _is_nominal(view: ParagraphView, i: int) -> bool:
    low = view.low[i]
    return (t.is_word(low) and low not in t.FINITE and low not in t.CONJUNCTIONS) or low in ("&", "'s", "'", "%", "$")


def _looks_like_verb(view: ParagraphView, i: int) -> bool:
    low = view.low[i]
    if low in t.FINITE or low in t.COMMON_PASTS:
        return True
    return len(low) > 4 and low.endswith("ed") and low.islower() and view.words[i].islower()


def left_phrase(view: ParagraphView, end: int, floor: int) -> Phrase:
    """Return the noun phrase that ends just before token `end`, not reaching below token `floor`."""
    floor = max(floor, end - _REACH)
    end = _before_time(view, end, floor)
    i = end
    if i > floor and view.low[i - 1] in (",", *_DASHES, ")"):
        return _over_apposition(view, end, floor)
    if i > floor and view.low[i - 1] in ("who", "which", "that"):
        k = i - 2 if i - 2 >= floor and view.low[i - 2] == "," else i - 1
        inner = _simple_left(view, k, floor)
        return Phrase(inner.first, inner.end, "relative" if not inner.is_empty else "none")
    return _simple_left(view, end, floor)


def _before_time(view: ParagraphView, end: int, floor: int) -> int:
    """Return the end of a phrase without the time that stands behind it: Lind `on Wednesday` said."""
    k = end
    while k > floor + 1 and (
        view.low[k - 1] in t.WEEKDAYS
        or view.low[k - 1]
        in ("today", "yesterday", "night", "morning", "afternoon", "evening", "week", "month", "year")
    ):
        k -= 1
    if k == end:
        return end
    while k > floor + 1 and view.low[k - 1] in ("on", "late", "last", "early", "this", "earlier", "just"):
        k -= 1
    return k if view.low[k - 1] not in t.DETERMINERS else end


def _over_apposition(view: ParagraphView, end: int, floor: int) -> Phrase:
    mark = view.low[end - 1]
    k = end - 2
    if mark == ")":
        while k >= floor and view.low[k] != "(":
            k -= 1
        head = left_phrase(view, k, floor) if k > floor else Phrase(end, end, "none")
    else:
        while k > floor and view.low[k] != mark and view.quote_of[k] < 0:
            k -= 1
        if k <= floor or view.low[k] != mark or _is_main_clause(view, k + 1, end - 1):
            return Phrase(end, end, "none")
        head = _over_apposition(view, k, floor) if view.low[k - 1] == ")" else _simple_left(view, k, floor)
        if head.is_empty or head.end != k:
            return Phrase(end, end, "none")
    if head.is_empty:
        return Phrase(end, end, "none")
    return Phrase(head.first, end if mark in (",", ")") else head.end, head.kind)


def _is_main_clause(view: ParagraphView, first: int, end: int) -> bool:
    """Tell whether words between two marks hold a verb that hangs on no `who` or `while`: no apposition."""
    if first < end and view.low[first] in t.CONJUNCTIONS | t.CLAUSE_OPENERS | t.PREPOSITIONS:
        return False
    for k in range(first, end):
        if view.low[k] in t.WH_WORDS or view.low[k] == "that" or view.quote_of[k] >= 0:
            return False
        if view.low[k] in t.FINITE:
            return True
    return False


def _simple_left(view: ParagraphView, end: int, floor: int) -> Phrase:
    i = end
    while i > floor:
        k = i - 1
        low = view.low[k]
        if view.quote_of[k] >= 0 and (view.closes_quote(k) or view.opens_quote(k)):
            break
        if low in ("and", "&") and i < end and k > floor and _is_nominal(view, k - 1) and _joins(view, k):
            i = k
            continue
        if low == "," and k > floor and i < end and _is_list_comma(view, k):
            i = k
            continue
        if low == "." and k > floor and i < end and view.low[k - 1] in _STOPPED:
            i = k
            continue
        if not _is_nominal(view, k) or (low in t.PRONOUN_SUBJECTS and k < end - 1):
            break
        if low in t.PREPOSITIONS and (low not in _TIES or i == end):
            break
        if low in t.ADVERBS and i < end and low not in ("both", "all", "first"):
            break
        if (
            i < end
            and _looks_like_verb(view, k)
            and not (k > floor and (view.low[k - 1] in t.DETERMINERS or view.low[k - 1] == "'s"))
        ):
            break
        i = k
        if low in t.PRONOUN_SUBJECTS:
            break
    return _drop_lead(view, i, end)


def _joins(view: ParagraphView, k: int) -> bool:
    """Tell whether `and` at token k joins two nouns of one phrase (France and Germany) and not two clauses."""
    before, after = view.words[k - 1], view.words[k + 1]
    if after[:1].isupper() and before[:1].isupper():
        return True
    return (
        view.low[k + 1] not in t.DETERMINERS
        and view.low[k + 1] not in t.PRONOUNS
        and after[:1].islower()
        and before[:1].islower()
    )


def _is_list_comma(view: ParagraphView, k: int) -> bool:
    """Tell whether a comma lies inside a name: D-Ohio, R-S.C., Jr., or New York, N.Y."""
    return view.low[k + 1] in ("jr", "sr", "jr.", "sr.", "iii", "ii")


def _drop_lead(view: ParagraphView, first: int, end: int) -> Phrase:
    """Drop a time or place phrase at the head of a phrase: `On Tuesday` Lind, `Last week` the senator."""
    i = first
    while i < end and view.low[i] in t.ADVERBS and view.low[i] not in ("both", "all"):
        i += 1
    if i < end - 1 and view.low[i] in _TIME_LEADS:
        k = i + 1
        while k < end and (view.low[k] in t.TIME_WORDS or view.low[k] in t.MONTHS or t.is_number(view.low[k])):
            k += 1
        if k > i + 1:
            i = k
    elif i < end - 2 and view.low[i] in ("last", "earlier", "late", "this") and view.low[i + 1] in t.TIME_WORDS:
        i += 2
    if i < end - 1 and view.low[i] in _NO_SUBJECT_LEADS:
        i = _behind_prepositional(view, i, end)
    while i < end and view.low[i] in (".", ",", "'s", "'"):
        i += 1
    return Phrase(i, end, phrase_kind(view, i, end))


def _behind_prepositional(view: ParagraphView, first: int, end: int) -> int:
    """Return where the subject starts behind a prepositional phrase without a comma: In a statement `the union`."""
    if "," in view.low[first:end]:
        return first
    k = end
    while k > first + 2 and view.words[k - 1][:1].isupper():
        k -= 1
    if k < end and view.words[k - 1].islower() and view.low[k - 1] not in t.PREPOSITIONS | t.DETERMINERS:
        return k
    for k in range(first + 3, end):
        if view.low[k] in t.DETERMINERS and view.low[k - 1] not in t.PREPOSITIONS | t.DETERMINERS | {"and", "or"}:
            return k
    return first + 1


def right_phrase(view: ParagraphView, first: int, ceiling: int) -> Phrase:
    """Return the noun phrase that starts at token `first` and ends before token `ceiling`, apposition included."""
    ceiling = min(ceiling, first + _REACH)
    i = first
    while i < ceiling:
        low = view.low[i]
        if view.quote_of[i] >= 0:
            break
        if low in t.PRONOUN_SUBJECTS and i == first:
            return Phrase(first, i + 1, "pronoun")
        if low in ("and", "&") and i > first and i + 1 < ceiling and _joins(view, i):
            i += 1
            continue
        if low == "(" and i > first:
            i = _skip_bracket(view, i, ceiling)
            continue
        if low == "," and i > first and i + 1 < ceiling and _starts_apposition(view, i + 1):
            k = i + 1
            while k < ceiling and not _ends_apposition(view, k) and view.quote_of[k] < 0:
                k += 1
            return Phrase(first, k, phrase_kind(view, first, i))
        if low == "." and i > first and i + 1 < ceiling and view.low[i - 1] in _STOPPED:
            i += 1
            continue
        if not _is_nominal(view, i) or (low in t.ADVERBS and low not in ("both", "all", "first")):
            break
        if low in t.PREPOSITIONS and (
            i == first or low not in ("of", "for", "with", "from", "at", "in", "on") or _ends_source(view, i, ceiling)
        ):
            break
        if low in t.TIME_WORDS and i > first and (view.words[i].islower() or low in t.WEEKDAYS):
            break
        i += 1
    while i > first and (view.low[i - 1] in _NO_LAST or (t.is_adverb(view.low[i - 1]) and view.words[i - 1].islower())):
        i -= 1
    return Phrase(first, i, phrase_kind(view, first, i))


def _ends_apposition(view: ParagraphView, k: int) -> bool:
    return view.low[k] in (",", ";", ":") or (view.low[k] == "." and view.low[k - 1] not in _STOPPED)


def _skip_bracket(view: ParagraphView, i: int, ceiling: int) -> int:
    k = i
    while k < ceiling and view.low[k] != ")":
        k += 1
    return min(k + 1, ceiling)


def _starts_apposition(view: ParagraphView, i: int) -> bool:
    return view.low[i] in _APPOSED or (view.low[i] in t.TITLES and view.words[i][:1].islower())


def _ends_source(view: ParagraphView, i: int, ceiling: int) -> bool:
    """Tell whether a preposition after a name starts the setting of the speech (in an interview, on Monday)."""
    if i + 1 >= ceiling:
        return True
    low, nxt = view.low[i], view.low[i + 1]
    if low in ("on", "in", "at", "with", "from"):
        return (
            nxt in t.TIME_WORDS
            or nxt in t.MONTHS
            or nxt in ("a", "an", "his", "her", "their", "response", "reference")
            or (low in ("on", "in") and nxt in ("the",))
        )
    return False
