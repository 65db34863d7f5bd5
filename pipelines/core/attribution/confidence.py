"""How sure the spans of an attribution are.

Covers what is measured of an attribution, and the curve from that to a probability. For how the curve was fitted, see
`pipelines.training.attribution.calibrate`. It does not cover who the speaker is.

The event is: content and source are both right, as the scorer counts them. The curve is a logistic regression (Platt
1999) fitted on articles that the model was not trained on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

Features = tuple[float, ...]
FEATURES: tuple[str, ...] = ("bias", "cue", "content", "edges", "source", "no_source", "shared_source")
"""How sure the labels of cue, content, first and last words of content, and source are; and two flags."""
_FINEST = 0.001
"""Labels surer than this (as mean negative log probability) count as equally sure."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """The curve: one weight a feature."""

    weights: Features

    def __call__(self, features: Features) -> float:
        """Return the probability, in [0, 1], rounded to four digits."""
        score = sum(w * x for w, x in zip(self.weights, features, strict=True))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)


def parse_confidence(text: str) -> Confidence:
    """Read the curve from JSON: an object with a number for each of FEATURES.

    Raises:
        ValueError: a feature lacks, or is no number.
    """
    try:
        given = json.loads(text)
        return Confidence(tuple(float(given[name]) for name in FEATURES))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"confidence of the model: {error}") from error


def measure(
    cue: Sequence[float],
    content: Sequence[Sequence[float]],
    source: Sequence[float],
    is_shared: bool,
) -> Features:
    """Return the features of an attribution from the log probabilities of the labels of its words.

    Args:
        cue: of the words of the cue.
        content: of the words of each span of content.
        source: of the words of the source, empty without one.
        is_shared: whether the source belongs to another cue.
    """
    words = [x for span in content for x in span]
    edges = [x for span in content for x in (span[0], span[-1])]
    return (1.0, _sure(cue), _sure(words), _sure(edges), _sure(source), float(not source), float(is_shared))


def _sure(values: Sequence[float]) -> float:
    """Return the negative log of the mean negative log probability: it spreads what is nearly certain; 0 of nothing."""
    return -math.log(_FINEST - sum(values) / len(values)) if values else 0.0
