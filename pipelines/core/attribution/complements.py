"""What follows a cue: its complement, and where the content that it introduces begins.

Belongs here: the look to the right of a cue. Does not belong here: where content ends (see `rules`), or sources.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.view import ParagraphView

_ADJUNCT_REACH = 16
_CLAUSE_REACH = 28
_ADDRESSED = frozenset(
    "tell ask assure remind inform notify persuade convince warn advise urge brief reassure promise lecture press "
    "encourage implore beg order instruct challenge direct show write email invite caution thank accuse blame".split()
)
_SAYING = frozenset("say add write note tell tweet argue claim report state".split())
_ADJUNCT_WH = frozenset(("when", "where", "which", "while", "as"))
_NEW_NOUN = frozenset("the a an this these those there his her its their our my no some many most".split())
_JOINS = frozenset(("and", "or", "&", ","))
_SETTING_NOUNS = frozenset(
    "statement interview speech tweet email e-mail post letter call conference briefing release message memo video "
    "interviews statements remarks testimony debate rally twitter facebook response report reporters blog "
    "column appearance".split()
)


@dataclass(frozen=True, slots=True)
class Complement:
    """The complement of a cue.

    Attributes:
        pattern: one of `cues.PATTERNS`, `left` if nothing that could be content follows.
        content: first token of the content; -1 if there is none to the right.
        cue_end: token after the cue, a preposition that belongs to it included (`referring to`).
    """

    pattern: str
    content: int
    cue_end: int


def complement_of(view: ParagraphView, cue_end: int, ceiling: int, lemma: str) -> Complement:
    """Return the complement of a cue that ends before token `cue_end`, in a sentence that ends before `ceiling`."""
    p = _skip_time(view, cue_end, ceiling)
    if p >= ceiling or not _is_content(view, p):
        if p + 1 < ceiling and view.low[p] in (",", ":", "-", "–", "—", "--") and view.opens_quote(p + 1):
            return Complement("quote", p + 1, cue_end)
        if p + 1 < ceiling and view.low[p] == ":":
            return Complement("quote", p + 1, cue_end)
        return Complement("left", -1, cue_end)
    if lemma in _ADDRESSED:
        shifted = _after_addressee(view, p, ceiling)
        if p < shifted < ceiling:
            inner = _direct(view, shifted, ceiling, cue_end)
            if inner is not None and inner.pattern in ("that", "wh", "quote", "infinitive", "clause"):
                return inner
            if view.low[shifted] in ("about", "of", "on", "for") and shifted + 1 < ceiling:
                return Complement("preposition", shifted + 1, cue_end)
            if lemma == "tell":
                return Complement("left", -1, cue_end)
    if _is_approximate(view, p, ceiling) and _is_clause(view, p, ceiling):
        return Complement("clause", p, cue_end)
    direct = _direct(view, p, ceiling, cue_end, lemma in _SAYING)
    if direct is not None:
        return direct
    if view.low[p] in t.PREPOSITIONS:
        jumped = _over_setting(view, p, ceiling)
        if jumped >= 0:
            inner = _direct(view, jumped, ceiling, cue_end)
            if inner is not None and inner.pattern in ("that", "wh", "quote", "clause"):
                return inner
        if view.low[p] in ("on", "in", "at", "during", "after", "before", "by") and _is_setting(view, p, ceiling):
            return Complement("left", -1, cue_end)
        if p + 1 < ceiling:
            return Complement("preposition", p + 1, p + 1)
        return Complement("left", -1, cue_end)
    return Complement("object", p, cue_end)


def _direct(view: ParagraphView, p: int, ceiling: int, cue_end: int, is_saying: bool = False) -> Complement | None:
    """Return the complement that starts right at token p: a quote, that, a question word, to + verb, or a clause."""
    if p >= ceiling:
        return None
    if view.opens_quote(p):
        return Complement("quote", p, cue_end)
    low = view.low[p]
    if low in (",", ":") and view.opens_quote(p + 1):
        return Complement("quote", p + 1, cue_end)
    if low == ":" and p + 1 < ceiling:
        return Complement("quote", p + 1, cue_end)
    if low == "that":
        return Complement("that", p, cue_end)
    if low in t.WH_WORDS:
        return (
            Complement("wh", p, cue_end) if low not in _ADJUNCT_WH or not is_saying else Complement("left", -1, cue_end)
        )
    if low == "to":
        return Complement("infinitive", p, cue_end) if _is_infinitive(view, p, ceiling) else None
    if low in t.PREPOSITIONS:
        return None
    return Complement("clause", p, cue_end) if _is_clause(view, p, ceiling) else None


def _is_approximate(view: ParagraphView, p: int, ceiling: int) -> bool:
    """Tell whether a preposition only makes a number vague: said `about` 300 suits are pending."""
    return (
        p + 1 < ceiling
        and view.low[p] in ("about", "around", "over", "under", "up", "between")
        and (t.is_number(view.low[p + 1]) or view.low[p + 1] in t.NUMBER_WORDS)
    )


def _is_content(view: ParagraphView, p: int) -> bool:
    return t.is_word(view.low[p]) or view.opens_quote(p) or view.low[p] in ("$", "[", "#", "@")


def _is_infinitive(view: ParagraphView, p: int, ceiling: int) -> bool:
    if p + 1 >= ceiling:
        return False
    nxt = view.low[p + 1]
    return (
        view.words[p + 1][:1].islower()
        and nxt not in t.DETERMINERS
        and nxt not in t.PRONOUNS
        and not nxt.endswith("ing")
    )


def _is_clause(view: ParagraphView, p: int, ceiling: int) -> bool:
    """Tell whether a subject and a finite verb follow: a content clause without `that`."""
    if view.low[p] in t.PRONOUN_SUBJECTS or view.low[p] in (
        "there",
        "i'm",
        "it's",
        "he's",
        "she's",
        "they're",
        "we're",
        "you're",
    ):
        return True
    for k in range(p + 1, min(ceiling, p + _CLAUSE_REACH)):
        low = view.low[k]
        if low in t.FINITE:
            return True
        if (
            low
            in (",", ";", "who", "which", "that", "because", "as", "when", "if", "while", "after", "before", "—", "--")
            and k < p + 4
        ):
            return False
    return False


def _skip_time(view: ParagraphView, p: int, ceiling: int) -> int:
    """Skip adverbs and bare time words after a cue: said later, said Tuesday, said last week."""
    k = p
    while (
        k < ceiling
        and view.quote_of[k] < 0
        and (
            (view.low[k].endswith("ly") and view.words[k].islower() and view.low[k] not in ("only", "early", "family"))
            or view.low[k] in ("again", "too", "then", "instead")
            or (view.low[k] in t.TIME_WORDS and view.low[k] not in ("this", "last", "next", "now", "then", "again"))
        )
    ):
        k += 1
    while k + 1 < ceiling and view.low[k] in ("last", "this", "next") and view.low[k + 1] in t.TIME_WORDS:
        k += 2
    if (
        k + 1 < ceiling
        and view.low[k] in ("on", "in", "at")
        and (view.low[k + 1] in t.WEEKDAYS or view.low[k + 1] in t.MONTHS or _is_year(view.low[k + 1]))
    ):
        k += 2
        while k < ceiling and (
            t.is_number(view.low[k])
            or (view.low[k] in t.TIME_WORDS and view.low[k] not in ("this", "last", "next", "now", "then"))
        ):
            k += 1
        if k < ceiling and view.low[k] == "," and k + 1 < ceiling and t.is_number(view.low[k + 1]):
            k += 2
    return k


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("18", "19", "20")


def _after_addressee(view: ParagraphView, p: int, ceiling: int) -> int:
    """Return the token after the phrase that names who is spoken to, p if there is none."""
    if (
        view.opens_quote(p)
        or view.low[p] in t.WH_WORDS
        or view.low[p] in ("that", "to")
        or view.low[p] in t.PREPOSITIONS
    ):
        return p
    if view.low[p] in t.PRONOUNS or view.low[p] in ("reporters", "cnn", "himself", "herself"):
        return _skip_time(view, p + 1, ceiling)
    k = p
    reach = min(ceiling, p + 12)
    while k < reach:
        low = view.low[k]
        if low in ("who", "whose", "whom", "which"):
            return p
        if low in ("that", "to", "about") or low in t.WH_WORDS or view.opens_quote(k):
            return k
        if k > p and _opens_noun(view, k) and _is_clause(view, k, ceiling):
            return k
        if low in (",", ":"):
            return k + 1 if view.opens_quote(k + 1) else k if low == ":" else p
        if low in t.PRONOUN_SUBJECTS or low in t.FINITE:
            return k if low in t.PRONOUN_SUBJECTS else p
        if low in (".", ";"):
            return p
        if low in ("in", "on", "at", "during") and _is_setting(view, k, ceiling):
            jumped = _over_setting(view, k, ceiling)
            return jumped if jumped >= 0 else k
        k += 1
    return p


def _opens_noun(view: ParagraphView, k: int) -> bool:
    """Tell whether a new noun phrase starts at token k, behind the noun of another."""
    return (
        view.low[k] in _NEW_NOUN
        and view.low[k - 1] not in t.PREPOSITIONS | t.DETERMINERS | _JOINS
        and view.quote_of[k] < 0
    )


def _is_setting(view: ParagraphView, p: int, ceiling: int) -> bool:
    """Tell whether a preposition opens the setting of the speech and not its subject."""
    for k in range(p + 1, min(ceiling, p + 7)):
        low = view.low[k]
        if low in t.TIME_WORDS or low in t.MONTHS or low in _SETTING_NOUNS:
            return True
        if low in (",", ";", ":", "that"):
            return False
    return False


def _over_setting(view: ParagraphView, p: int, ceiling: int) -> int:
    """Return where content starts behind a setting (said in a statement `that`), -1 if nothing there starts content."""
    for k in range(p + 1, min(ceiling, p + _ADJUNCT_REACH)):
        low = view.low[k]
        if low == "that" or view.opens_quote(k):
            return k
        if low == ":":
            return k
        if low == ",":
            return k if view.opens_quote(k + 1) else -1
        if low in t.PRONOUN_SUBJECTS and low != "who" and view.low[k - 1] not in t.PREPOSITIONS:
            return k
        if low in _SETTING_NOUNS | t.WEEKDAYS and k + 1 < ceiling and view.low[p] != "about":
            nxt = _skip_time(view, k + 1, ceiling)
            if (
                nxt < ceiling
                and (view.low[nxt] in ("the", "a", "his", "her", "their", "no") or view.words[nxt][:1].isupper())
                and view.low[nxt] not in t.TIME_WORDS
            ):
                return nxt
    return -1
