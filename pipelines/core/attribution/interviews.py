"""Interviews printed as questions and answers: every answer is a statement of the one who is asked.

Covers telling that a text is one, its answers, and who is asked. For labels that name the speaker, see `lead_ins`.

Labelled (Q: ... / A: ...), or bare: paragraphs that are questions, each followed by words in the first person. An
article that asks questions and answers them itself (What happens now?) speaks in the third.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.core.attribution import names
from pipelines.core.attribution.cues import OwnWords
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.model import Attribution
from pipelines.core.text.spans import Span

CONFIDENCE = 0.8
"""Probability that an answer's spans are right."""
_LEAST = 4
"""Answers that make an interview, where no label tells."""
_MOST_PARAGRAPHS = 3
"""An answer has at most so many paragraphs on average; a column that asks itself questions has more."""
_FIRST_PERSON_SHARE = 0.6
_MOST_WORDS = 80
"""A question is at most so long."""
_QUESTION = re.compile(r"(?:Q|Question)\s?[:.]\s")
_ANSWER = re.compile(r"(?:A|Answer)\s?[:.]\s+")
_NAMED = re.compile(r"[A-Z][^\n:.?!]{0,40}:\s")
"""A label that names the speaker of a paragraph: QUILLAN: An hour."""
_FIRST = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|[Ww]e|[Mm]y|[Mm]e|[Oo]ur|[Ww]e['’](?:re|ve|d|ll))\b")
_MARKS = '"“”«»'
_MET = re.compile(
    r"(?:interview(?:ed|s)?|spoke|speaks|talk(?:ed|s)?|chat(?:ted|s)?|sat down|caught up|conversation|met|asked"
    r"|questions|Q\s?&\s?A)\b[^.\n]{0,40}?(?:\b(?:with|to|for))?\s*$",
    re.IGNORECASE,
)


def with_answers(doc: Document, found: Sequence[Attribution], own: OwnWords) -> list[Attribution]:
    """Return the attributions of a text with the answers of an interview; what stands in an answer is part of it."""
    answers = _labelled(doc) or _bare(doc)
    if not answers:
        return list(found)
    asked = _asked(doc, answers[0][0][0], own)
    held = [span for answer in answers for span in answer]
    others = [a for a in found if not any(s <= x < e for s, e in held for x, _ in (*a.cue, *a.content))]
    new = [Attribution((asked,) if asked else (), (), tuple(answer), CONFIDENCE) for answer in answers]
    return [*others, *new]


def _labelled(doc: Document) -> list[list[Span]]:
    """Return the answers behind the labels Q and A; what follows an answer without a label goes on with it."""
    if not any(_QUESTION.match(doc.text, start) for start, _ in doc.paragraphs):
        return []
    out: list[list[Span]] = []
    goes_on = False
    for start, end in doc.paragraphs:
        label = _ANSWER.match(doc.text, start, end)
        if label and label.end() < end:
            out.append([(label.end(), end)])
            goes_on = True
        elif _QUESTION.match(doc.text, start, end):
            goes_on = False
        elif goes_on:
            out[-1].append((start, end))
    return out


def _bare(doc: Document) -> list[list[Span]]:
    """Return the answers to questions that are paragraphs of their own, none where the text is no interview."""
    out: list[list[Span]] = []
    asked = False
    for start, end in doc.paragraphs:
        words = doc.text[start:end]
        if _is_question(words):
            asked = True
        elif asked and (not any(mark in words for mark in _MARKS) or _is_one_quote(doc, start, end)):
            out.append([(start, end)])
            asked = False
        elif out and not asked and out[-1][-1][1] < start and not any(mark in words for mark in _MARKS):
            out[-1].append((start, end))
        else:
            asked = False
    if len(out) < _LEAST or sum(map(len, out)) > _MOST_PARAGRAPHS * len(out):
        return []
    if 2 * sum(bool(_NAMED.match(doc.text, *answer[0])) for answer in out) > len(out):
        return []  # labels tell who answers
    first = sum(any(_FIRST.search(doc.text, s, e) for s, e in answer) for answer in out)
    return out if first >= _FIRST_PERSON_SHARE * len(out) else []


def _is_one_quote(doc: Document, start: int, end: int) -> bool:
    """Tell whether a paragraph is a quotation and nothing else."""
    return any((q.start, q.end) == (start, end) for q in doc.quotes_in([(start, end)]))


def _is_question(words: str) -> bool:
    return words.endswith("?") and len(words.split()) <= _MOST_WORDS and not any(mark in words for mark in _MARKS)


def _asked(doc: Document, before: int, own: OwnWords) -> Span | None:
    """Return the name of the one who is asked, from the words before the first answer; None where that is open."""
    intro = [(s, e) for s, e in doc.sentences if e <= before and not _is_question(doc.text[s:e])]
    people = [
        span
        for s, e in intro
        for span in names.find_names(doc.text, s, e)
        if len(doc.text[slice(*span)].split()) > 1 and names.source_kind(doc.text, span, "", own) == "named_person"
    ]
    met = [span for span in people if _MET.search(doc.text, max(0, span[0] - 80), span[0])]
    if met:
        return met[0]
    surnames = {doc.text[slice(*span)].split()[-1] for span in people}
    return people[0] if len(surnames) == 1 else None
