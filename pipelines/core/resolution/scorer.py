"""The learned scorer: features of the candidates of one expression in, a probability for each out.

Covers running the small network and its calibration. For features, see `features`; for training, see
`pipelines.training.resolution`.

The network scores each candidate on its own: one hidden layer, then a sum; a softmax over the candidates of an
expression makes probabilities of the scores (a mention-ranking model: Wiseman et al. 2015). Several networks, trained
alike from other starts, are averaged. A curve for each form of expression turns them into how often they are right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST = 0.98
"""No answer is surer: of a hundred that look so, two are wrong for reasons that the features do not show."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One network: hidden = tanh(x @ w + b); score = hidden @ v."""

    w: Floats
    b: Floats
    v: Floats

    def scores(self, rows: Floats) -> Floats:
        """Return a score for each row."""
        return np.tanh(rows @ self.w + self.b) @ self.v


@dataclass(frozen=True, slots=True)
class Scorer:
    """The trained scorer.

    Attributes:
        names: the features that it was trained on, in order.
        layers: the networks that are averaged.
        curves: form of expression -> (slope, offset) of the logistic curve over the log odds of the best candidate.
        least: an answer stands only where it is at least this likely.
    """

    names: tuple[str, ...]
    layers: tuple[Layer, ...]
    curves: Mapping[str, tuple[float, float]]
    least: float

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the probability of each candidate; they sum to one."""
        x = np.asarray(rows, np.float64)
        logits = np.mean([layer.scores(x) for layer in self.layers], axis=0)
        likely: Floats = np.exp(logits - logits.max())
        return [float(p) for p in likely / likely.sum()]

    def calibrated(self, form: str, probability: float) -> float:
        """Return how often an answer of that form and probability is right."""
        slope, offset = self.curves.get(form, (1.0, 0.0))
        p = min(max(probability, 1e-4), 1 - 1e-4)
        return min(float(1 / (1 + np.exp(-(slope * np.log(p / (1 - p)) + offset)))), MOST)


def parse_scorer(text: str) -> Scorer:
    """Return the scorer of a model file (JSON).

    Raises:
        ValueError: the file was made for other features than this code has.
    """
    from pipelines.core.resolution.features import NAMES

    raw = json.loads(text)
    if tuple(raw["names"]) != NAMES:
        raise ValueError("the speaker model has other features than this code: train it again")
    layers = tuple(Layer(*(np.asarray(layer[k], np.float64) for k in ("w", "b", "v"))) for layer in raw["layers"])
    curves = {form: (float(a), float(b)) for form, (a, b) in raw["curves"].items()}
    return Scorer(NAMES, (_side_by_side(layers),), curves, float(raw["least"]))


def _side_by_side(layers: Sequence[Layer]) -> Layer:
    """Return one wide network that scores as the mean of several: one product in place of many."""
    return Layer(
        np.concatenate([layer.w for layer in layers], axis=1),
        np.concatenate([layer.b for layer in layers]),
        np.concatenate([layer.v for layer in layers]) / len(layers),
    )
