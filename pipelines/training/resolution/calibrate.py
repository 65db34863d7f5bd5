"""From what the scorer says to how often it is right: curves, and from where on an answer stands.

Covers curves fitted on answers about documents that the networks have not seen.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from pipelines.training.resolution.fit import Example, fit, scorer_of

FOLDS = 5
COST = 3.0
"""A wrong name costs as much as so many missing ones."""
LEAST = 0.5
"""An answer stands where it is at least this likely. By labels of `COST` a bar of .6 costs a little less; articles of
other outlets are answered more surely than these labels tell, and of them .5 costs least."""
BARS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""From where on an answer may stand."""
_KINDS = {
    "he": "pronoun", "she": "pronoun", "it": "it", "they": "it", "the body": "body", "group": "group",
    "document": "group", "name": "name",
}  # fmt: skip
"""Forms whose curve is one."""
_STEPS, _PARTS = 100, (1.0, 0.5, 0.25, 0.1, 0.01)
"""Newton's steps to the best curve, each cut until it is one downhill."""
_PRIOR = 3.0
"""Cases, half right and half wrong, that a curve with few answers is drawn towards the plain one by."""

Answer = tuple[str, float, bool]
"""Form, probability of the best candidate, whether it is right."""


def fold_of(doc: str) -> int:
    """Return the fold of a document."""
    return int(hashlib.sha256(doc.encode()).hexdigest(), 16) % FOLDS


def answers_out_of_fold(
    labelled: Sequence[Example], more: Sequence[Example], networks: int, learned: Sequence[Example] | None = None
) -> list[Answer]:
    """Return what networks that have not seen its document say of each labelled expression.

    Args:
        labelled: the expressions.
        more: examples of other documents to learn from.
        networks: how many are fitted.
        learned: those of the labelled examples that are learned from; without it all.
    """
    own = labelled if learned is None else learned
    out: list[Answer] = []
    for fold in range(FOLDS):
        scorer = scorer_of(fit([*(e for e in own if fold_of(e.doc) != fold), *more], networks))
        for e in labelled:
            if fold_of(e.doc) == fold:
                likely = scorer.probabilities(e.rows.tolist())
                best = int(np.argmax(likely))
                out.append((e.form, likely[best], best in e.right))
    return out


def curves_of(answers: Sequence[Answer]) -> dict[str, tuple[float, float]]:
    """Return for each form slope and offset of the logistic curve over the log odds of its best candidate."""
    by_kind: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for form, likely, right in answers:
        by_kind[_KINDS.get(form, "role")].append((likely, right))
    found = {kind: _curve(rows) for kind, rows in by_kind.items()}
    forms = {form for form, _, _ in answers} | {*_KINDS, "the role", "bare role", "owned role", "a role", "origin"}
    return {form: found.get(_KINDS.get(form, "role"), (1.0, 0.0)) for form in sorted(forms)}


def _curve(rows: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    p = np.clip(np.asarray([likely for likely, _ in rows]), 1e-4, 1 - 1e-4)
    x, y = np.log(p / (1 - p)), np.asarray([float(right) for _, right in rows])

    def loss(slope: float, offset: float) -> float:
        z = slope * x + offset
        drawn = _PRIOR * ((slope - 1) ** 2 + offset**2 / 4) / 2
        return float((np.logaddexp(0, z) - y * z).sum() + drawn)

    slope, offset = 1.0, 0.0
    for _ in range(_STEPS):
        q = 1 / (1 + np.exp(-np.clip(slope * x + offset, -30, 30)))
        weight = q * (1 - q) + 1e-6
        gradient = np.array([((q - y) * x).sum() + _PRIOR * (slope - 1), (q - y).sum() + _PRIOR * offset / 4])
        second = np.array([
            [(weight * x * x).sum() + _PRIOR, (weight * x).sum()], [(weight * x).sum(), weight.sum() + _PRIOR / 4]
        ])  # fmt: skip
        move = np.linalg.solve(second, gradient)
        part = next((k for k in _PARTS if loss(slope - k * move[0], offset - k * move[1]) < loss(slope, offset)), 0.0)
        slope, offset = slope - part * float(move[0]), offset - part * float(move[1])
    return round(slope, 4), round(offset, 4)


def calibrated(answers: Sequence[Answer], curves: Mapping[str, tuple[float, float]]) -> list[tuple[float, bool]]:
    """Return (confidence, right) of each answer."""
    scorer = scorer_of(())
    bent = type(scorer)(scorer.names, (), curves, 0.0)
    return [(bent.calibrated(form, likely), right) for form, likely, right in answers]


def wrong_against_missing(cases: Sequence[tuple[float, bool]]) -> list[tuple[float, float, float, float]]:
    """Return (least, share right, share wrong, share with no answer) for several bars."""
    n = max(1, len(cases))
    return [
        (least, sum(p >= least and ok for p, ok in cases) / n, sum(p >= least and not ok for p, ok in cases) / n,
         sum(p < least for p, _ in cases) / n)
        for least in BARS
    ]  # fmt: skip
