"""Texts in which somebody speaks without quotation marks: interviews in questions and answers, and signed pieces.

Covers whether a text is an interview, whom it asks, and which paragraphs are the questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.resolution.entities import Article, Entity
from pipelines.core.resolution.phrases import Phrase

_PARAGRAPH = re.compile(r"[^\n]+")
_QUESTION = re.compile(r"\?[\s\"'”’)\]]*$")
_FIRST = re.compile(r"\b(?:I|I'm|I’m|my|we|our)\b")
_INTERVIEW = re.compile(
    r"\b(?:interview(?:s|ed)?(?!\s+(?:by|for))(?:\s+(?:with|of))?|Q\s*&\s*A\s*(?:with|:))\s+(?P<who>[^\n;:,]{3,90})",
    re.I,
)
_SPOKE = re.compile(r"\b(?:spoke|talked|sat\s+down)\s+(?:with|to)\s+(?P<who>[^\n;:,]{3,90})", re.I)
_CREDIT = re.compile(r"\b(?:image|photo|picture|photograph|credit)s?\s*(?::|by)\s*$", re.IGNORECASE)
_INTERVIEWED = re.compile(
    r"^(?P<who>[^\n,:]{3,60})(?:,[^\n,]*)?(?:\s+interviewed\s+by|:\s+an\s+interview)", re.I | re.M
)
_TELLS = re.compile(r"^(?P<who>[^\n,:]{3,60}?)\s+(?:tells|talks\s+to|speaks\s+(?:to|with))\s+[A-Z]")
"""In the first line only: elsewhere it is any statement."""
_NAME_ENDS = re.compile(
    r"\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|on|about|from|for|of|in|at|regarding|following|this|last)\b.*$"
)
_MARKS = re.compile(r"[“\"]")
MIN_QUESTIONS, MIN_ANSWERS, MIN_SHARE = 3, 3, 0.15
_MIN_TOLD = 2
"""So many questions are enough where the head says that it is an interview, and with whom."""
_HEAD, _PROMPT_WORDS = 1500, 40
_ADDRESS = re.compile(r"\b(?:you|your)\b", re.I)
_WONDER = re.compile(r"\bI(?:['’]d| was| am| just| would)* (?:wanted|like|wondering|curious|wonder|ask)\b")
_QUESTION_WORDS = 80
"""A longer paragraph that ends with a question mark is an answer that asks back."""


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview: words that name who is asked (candidates, likeliest first), and the spans of the questions."""

    named: tuple[str, ...]
    questions: tuple[tuple[int, int], ...]

    def is_question(self, position: int) -> bool:
        """Tell whether a position stands in a question."""
        return any(start <= position < end for start, end in self.questions)


def read_interview(text: str) -> Interview | None:
    """Return what a text tells of its interview; None if its paragraphs are not questions and answers.

    At least three paragraphs end with a question mark outside quotation marks and are 15 % or more of all (two are
    enough where the head names who is interviewed), and three others (one) speak in the first person.
    """
    paragraphs: Sequence[re.Match[str]] = list(_PARAGRAPH.finditer(text))
    questions = [m for m in paragraphs if _QUESTION.search(m.group()) and not _MARKS.search(m.group())]
    named = tuple(
        _NAME_ENDS.sub("", m["who"]).strip()
        for cut in (_TELLS, _INTERVIEWED, _INTERVIEW, _SPOKE)
        for m in cut.finditer(text, 0, _HEAD)
    )
    questions += [m for m in paragraphs if m not in questions and _is_prompt(m.group())] if questions else []
    if len(questions) < (_MIN_TOLD if named else max(MIN_QUESTIONS, MIN_SHARE * len(paragraphs))):
        return None
    questions = [m for m in questions if len(m.group().split()) <= _QUESTION_WORDS]
    asked = {m.start() for m in questions}
    answers = sum(
        m.start() not in asked and not _MARKS.match(m.group()) and _FIRST.search(m.group()) is not None
        for m in paragraphs
    )
    if answers < (1 if named else MIN_ANSWERS):
        return None
    return Interview(named, tuple(sorted((m.start(), m.end()) for m in questions)))


def interviewees(article: Article, interview: Interview | None) -> list[Entity]:
    """Return whom an interview asks: those named near its head, else the first full name before the questions."""
    if interview is None:
        return []
    for words in interview.named:
        phrase = article.read(words, None)
        parts = [article.read(part, None) for part in phrase.parts] if phrase.shape == "joint" else [phrase]
        if all(_is_full_name(p) for p in parts):
            return [article.person(p) for p in parts]
        if phrase.shape == "joint":
            return []
    first = interview.questions[0][1] if interview.questions else 0
    named = [e for e in article.entities if e.actor_type == "person" and " " in e.name and e.places]
    named = [e for e in named if e.places[0].start < first and not _CREDIT.search(e.places[0].before)]
    return sorted(named, key=lambda e: (e.places[0].start, e.name_norm))[:1]


def person_called(article: Article, name: str) -> Entity | None:
    """Return the person of a full name; None where the words are no full name."""
    phrase = article.read(name, "person")
    return article.person(phrase) if _is_full_name(phrase) else None


def _is_full_name(phrase: Phrase) -> bool:
    return phrase.shape in ("name", "known") and phrase.actor_type in ("person", "unknown") and " " in phrase.name


def _is_prompt(paragraph: str) -> bool:
    """Tell whether a short paragraph addresses somebody and says nothing of its speaker: "You grew up in Oslo."."""
    short = len(paragraph.split()) <= _PROMPT_WORDS and not _MARKS.search(paragraph)
    asks = _FIRST.search(paragraph) is None or _WONDER.search(paragraph) is not None
    return short and _ADDRESS.search(paragraph) is not None and asks
