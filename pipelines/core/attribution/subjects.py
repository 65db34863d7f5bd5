"""The subject of a verb: who the source of a cue is when the source stands before it.

Belongs here: infinitives, participles, elided subjects and the first clause of a sentence. Does not belong here: where
a noun phrase begins and ends (see `phrases`), or sources behind their cue (see `sides`).
"""

from __future__ import annotations

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.candidate import NO_PHRASE
from pipelines.core.attribution.cues import CueForm
from pipelines.core.attribution.phrases import Phrase, left_phrase, right_phrase
from pipelines.core.attribution.tokens import DASHES
from pipelines.core.attribution.view import ParagraphView

_IRREGULAR_VERBS = frozenset(
    "said told went took made says came gave got saw spoke wrote ran met held sent sat stood brought thought "
    "left kept found felt led lost "
    "paid won began broke built bought chose drew drove fell fought grew hit knew laid lit put read rose sold "
    "set shook shot sought spent "
    "struck swore taught threw understood wore has goes takes makes gives comes wants calls seems appears".split()
)


def subject_of(
    view: ParagraphView, i: int, j: int, floor: int, form: CueForm, is_infinitive: bool
) -> tuple[Phrase, str]:
    """Return the subject of a verb group that starts at token j, and how it was found."""
    if is_infinitive:
        k = j - 1
        low_floor = max(floor, k - 6)
        while k > low_floor and (
            view.low[k - 1] in t.AUXILIARIES
            or view.low[k - 1] in t.ADVERBS
            or (
                view.low[k - 1].endswith(("ed", "s", "ing", "ly", "n"))
                and view.words[k - 1].islower()
                and view.low[k - 1] not in t.PREPOSITIONS
                and k > j - 3
            )
        ):
            k -= 1
        phrase = left_phrase(view, k, floor)
        return (phrase, phrase.kind) if not phrase.is_empty else (clause_subject(view, floor, j), "far")
    if form.inflection == "ing" and j == i:
        before = view.low[j - 1] if j > floor else "^"
        if before == "^":
            return _subject_behind(view, j), "gerund"
        if before in (",", "and", "but", *DASHES) or view.closes_quote(j - 1):
            return clause_subject(view, floor, j), "elided"
        if before in t.PREPOSITIONS or before in t.CLAUSE_OPENERS:
            return clause_subject(view, floor, j), "gerund"
        return left_phrase(view, j, floor), "attached"
    before = view.low[j - 1] if j > floor else "^"
    if before in ("and", "but", "or", "then") and j > floor:
        return clause_subject(view, floor, j - 1), "elided"
    phrase = left_phrase(view, j, floor)
    if phrase.is_empty and before in (",", *DASHES):
        return clause_subject(view, floor, j - 1), "elided"
    return phrase, phrase.kind


def _subject_behind(view: ParagraphView, j: int) -> Phrase:
    """Return the subject behind a participle at the head of its sentence (Citing a memo, `Lind` ...)."""
    for k in range(j + 1, min(view.sentence_range(j)[1] - 1, j + 30)):
        if view.low[k] == "," and view.quote_of[k] < 0:
            return right_phrase(view, k + 1, view.sentence_range(j)[1])
    return NO_PHRASE


def clause_subject(view: ParagraphView, floor: int, end: int) -> Phrase:
    """Return the subject of the first clause in a token range: the phrase before its first finite verb."""
    for k in range(floor + 1, min(end, floor + 40)):
        if view.quote_of[k] >= 0:
            continue
        low = view.low[k]
        verbal = (
            low in t.FINITE
            or (len(low) > 3 and view.words[k].islower() and low.endswith("ed"))
            or low in _IRREGULAR_VERBS
        )
        if verbal:
            phrase = left_phrase(view, k, floor)
            if phrase.is_empty and view.low[k - 1] in t.ADVERBS:
                phrase = left_phrase(view, k - 1, floor)
            if not phrase.is_empty:
                return phrase
    return _head_phrase(view, floor, end)


def _head_phrase(view: ParagraphView, floor: int, end: int) -> Phrase:
    """Return the phrase at the head of a sentence, behind an opening phrase that a comma closes."""
    if floor + 1 < end and view.low[floor] in t.PREPOSITIONS:
        for k in range(floor + 1, min(end - 1, floor + 14)):
            if view.low[k] == ",":
                return right_phrase(view, k + 1, end)
        return NO_PHRASE
    return right_phrase(view, floor, end) if floor < end else NO_PHRASE
