"""Judging a candidate: is it a statement at all, is it a core one, are its spans right.

Covers the weights' type and reader, and the sum. For what is seen of a candidate, see `judge_features`; for how the
weights were fitted, see `pipelines.training.attribution.judge`.

Each question is one logistic regression over the same few dozen marks; the weights are a small JSON file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

QUESTIONS = ("statement", "core", "right")
"""Is it a statement; is it a core one, where it stands in the body; are content and source right."""
Marks = Mapping[str, float]
"""What is seen of a candidate: 1 for a mark that it bears, or a number."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities in [0, 1].

    Attributes:
        statement: that anybody said or thought anything.
        core: that it is a core statement, if it stands in the body.
        right: that content and source are right.
    """

    statement: float
    core: float
    right: float


Judging = Callable[[Marks], Judgement]


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights by question and mark; a mark without a weight says nothing."""

    weights: Mapping[str, Mapping[str, float]]

    def __call__(self, marks: Marks) -> Judgement:
        """Return the three probabilities, rounded to four digits."""
        return Judgement(*(self._answer(question, marks) for question in QUESTIONS))

    def _answer(self, question: str, marks: Marks) -> float:
        weights = self.weights[question]
        score = sum(weights.get(mark, 0.0) * value for mark, value in marks.items())
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)


def parse_judge(text: str) -> Judge:
    """Read the weights from JSON: an object a question, with a number for each mark.

    Raises:
        ValueError: a question lacks, or a weight is no number.
    """
    try:
        given = json.loads(text)
        return Judge({q: {mark: float(w) for mark, w in given[q].items()} for q in QUESTIONS})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"weights of the judge: {error}") from error
