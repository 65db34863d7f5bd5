"""Candidates whose cue is a noun (her claim that) or a phrase that a source follows (according to).

Belongs here: those two. Does not belong here: verbs (see `verbs`).
"""

from __future__ import annotations

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.candidate import NO_PHRASE, Candidate
from pipelines.core.attribution.cues import CueEntry, CueForm
from pipelines.core.attribution.phrases import Phrase, left_phrase, right_phrase
from pipelines.core.attribution.sides import content_before, resumes_plainly
from pipelines.core.attribution.view import ParagraphView

_POSSESSIVES = frozenset("his her their its my our your whose".split())


def noun_candidate(view: ParagraphView, i: int, end: int, form: CueForm) -> Candidate | None:
    """Return the candidate of a noun at token i that ends before token `end` (her claim that), None if it is none."""
    floor, ceiling = view.sentence_range(i)
    if end >= ceiling or (view.words[i][:1].isupper() and i > floor):
        return None
    if view.low[end] == "that":
        pattern, right = "that", end
    elif (
        view.low[end] == "to"
        and end + 1 < ceiling
        and view.words[end + 1].islower()
        and view.low[end + 1] not in t.DETERMINERS
    ):
        pattern, right = "infinitive", end
    elif view.low[end] in ("of", "about", "for", "against", "on", "over", "in") and end + 1 < ceiling:
        pattern, right = "preposition", end + 1
    elif view.opens_quote(end) or (view.low[end] in (",", ":") and view.opens_quote(end + 1)):
        pattern, right = "quote", end if view.opens_quote(end) else end + 1
    else:
        return None
    k = i
    while (
        k > max(floor, i - 3)
        and view.words[k - 1].islower()
        and view.low[k - 1] not in _POSSESSIVES
        and t.is_word(view.low[k - 1])
        and view.low[k - 1] not in t.FINITE | t.PREPOSITIONS | t.DETERMINERS
        and view.low[k - 1] != "'s"
    ):
        k -= 1
    source = NO_PHRASE
    if k > floor and view.low[k - 1] in _POSSESSIVES:
        source = Phrase(k - 1, k, "pronoun")
    elif k - 1 > floor and view.low[k - 1] == "'s":
        inner = left_phrase(view, k - 1, floor)
        source = inner
    if pattern == "that" and end + 1 < ceiling and view.low[end + 1] in t.FINITE:
        return None
    if (
        source.is_empty
        and k > floor
        and k == i
        and (view.words[i - 1][:1].isupper() or view.low[i - 1] in t.PRONOUN_SUBJECTS)
    ):
        return None
    if (
        source.is_empty
        and any(view.low[j].endswith("s") and len(view.low[j]) > 3 for j in range(k, i))
        and form.inflection == "noun"
    ):
        return None
    features = [f"noun {pattern}", "possessed" if not source.is_empty else "unpossessed"]
    if source.is_empty and k > floor and view.low[k - 1] in ("the", "a", "an"):
        features.append("article")
    return Candidate(
        form.entry,
        (k, right if pattern == "preposition" else end),
        i,
        source,
        False,
        pattern,
        right,
        (k, k),
        tuple(features),
    )


def phrase_candidate(view: ParagraphView, i: int, end: int, entry: CueEntry) -> Candidate | None:
    """Return the candidate of a phrase (according to) in tokens i to `end`, None if no source follows it."""
    floor, ceiling = view.sentence_range(i)
    source = right_phrase(view, end, ceiling)
    if source.is_empty:
        return None
    stop = source.end
    left = content_before(view, i, floor)
    if left[1] <= left[0] and i > floor:
        left = (floor, i)
    after = stop + 1 if stop + 1 < ceiling and view.low[stop] == "," else -1
    if i <= floor + 1:
        left = (i, i)
        for k in range(stop, min(ceiling, stop + 25)):
            if after < 0 and view.low[k] == "," and k + 1 < ceiling:
                after = k + 1
        if after < 0:
            return None
    elif after >= 0 and not (view.opens_quote(after) or (resumes_plainly(view, after) and view.low[i - 1] == ",")):
        after = -1
    pattern = "left" if left[1] > left[0] else "clause"
    return Candidate(entry, (i, end), i, source, False, pattern, after, left, ("phrase", f"source={source.kind}"))
