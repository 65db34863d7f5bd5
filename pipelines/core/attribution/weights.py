"""The probability that a candidate is an attribution: lexicon weights and the features of the clause.

Belongs here: the numbers as a value type, their reader (from text; the caller reads the file), and the sum that uses
them. Does not belong here: the features themselves (see `candidates`), or how the numbers are counted
(`pipelines.training.cue_weights`, from the PolNeAR train split: Newell, Margolin, Ruths 2018).

Method: logistic regression with the logit of the lexicon's share for (cue, complement) as an offset, fitted on the
candidates of the train split; target: content IoU of one half or better with a gold attribution.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.core.attribution.candidate import Candidate
from pipelines.core.attribution.cues import CueEntry
from pipelines.core.ids import sha256_hex

TRANSCRIPT_FLOOR = 0.6
"""`PENCE: Well, look` is speech beyond doubt, but most annotators of the train split left transcripts out."""

UNSEEN_SHARE = 0.3
"""Share of attributions for a complement that no cue of its form was seen with."""

_FLOOR, _CEILING = 0.02, 0.98


@dataclass(frozen=True, slots=True)
class CueWeights:
    """The fitted numbers.

    Attributes:
        shares: share of attributions, in [0, 1], by `form pattern` over all words; for a cue never seen with a pattern.
        features: log-odds by feature; a feature that is not listed counts nothing. `bias` is always on.
        slope, intercept: confidence = logistic(slope * log-odds + intercept), see `confidence`.
        sha256: hash of the text that they were read from.
    """

    shares: Mapping[str, float]
    features: Mapping[str, float]
    slope: float
    intercept: float
    sha256: str


def parse_cue_weights(json_text: str) -> CueWeights:
    """Read the weights from the text of their JSON file.

    Raises:
        ValueError: the text is not JSON, a part is missing, or a number is out of range.
    """
    try:
        data = json.loads(json_text)
        shares = {str(k): float(v) for k, v in data["shares"].items()}
        features = {str(k): float(v) for k, v in data["features"].items()}
        slope, intercept = float(data["confidence"]["slope"]), float(data["confidence"]["intercept"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"cue weights: {error!r}; write the file again with pipelines.training.cue_weights") from error
    if wrong := [k for k, v in shares.items() if not 0 <= v <= 1]:
        raise ValueError(f"cue weights: the share of {wrong[0]!r} is not in 0..1")
    if slope <= 0:
        raise ValueError("cue weights: the slope of confidence is not above 0")
    return CueWeights(shares, features, slope, intercept, sha256_hex(json_text))


def logit(share: float) -> float:
    """Return the log-odds of a share, which is first kept off 0 and 1."""
    share = min(_CEILING, max(_FLOOR, share))
    return math.log(share / (1 - share))


def is_present(features: Iterable[str]) -> bool:
    """Tell whether a cue is a verb that looks like a noun: `states`, `report`."""
    return any(f in ("form=s", "bare present") for f in features)


def prior(entry: CueEntry, pattern: str, present: bool, shares: Mapping[str, float]) -> float:
    """Return the log-odds of a cue with a complement before its clause is looked at."""

    def share(kind: str) -> float:
        return logit(entry.weights.get(kind, shares.get(f"{entry.form} {kind}", UNSEEN_SHARE)))

    return (share(pattern) + share("present")) / 2 if present else share(pattern)


def features_of(candidate: Candidate) -> tuple[str, ...]:
    """Return the names of what weighs for or against a candidate, beside the bias."""
    return (*candidate.features, f"pattern={candidate.pattern}")


def probability(candidate: Candidate, weights: CueWeights) -> float:
    """Return the probability, in [0, 1], that a candidate is an attribution with about the right content."""
    odds = prior(candidate.entry, candidate.pattern, is_present(candidate.features), weights.shares)
    odds += weights.features.get("bias", 0.0) + sum(weights.features.get(f, 0.0) for f in features_of(candidate))
    p = 1 / (1 + math.exp(-odds))
    return max(p, TRANSCRIPT_FLOOR) if "transcript caps" in candidate.features else p


def confidence(p: float, weights: CueWeights) -> float:
    """Return how often candidates of probability p are right once they were chosen.

    Better than p where p is small: a candidate that nothing beats is the best of its sentence.
    """
    p = min(1 - 1e-9, max(1e-9, p))
    return 1 / (1 + math.exp(-(weights.slope * math.log(p / (1 - p)) + weights.intercept)))
