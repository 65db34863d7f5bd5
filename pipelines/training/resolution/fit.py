"""The networks of the scorer, fitted: what they see, and the descent.

Covers examples, the loss and the descent. For which candidate is right, see `targets`.

The loss is the cross entropy of the right candidates taken together against all (Wiseman et al. 2015, Lee et al. 2017).
Numpy alone, one thread, a fixed seed: the same examples give the same networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.compute.worker import reference
from pipelines.core.resolution.features import NAMES
from pipelines.core.resolution.resolve import resolved_by
from pipelines.core.resolution.scorer import Layer, Scorer
from pipelines.core.resolution.speakers import Choice
from pipelines.training.resolution.corpora import Texts
from pipelines.training.resolution.targets import Target

Floats = npt.NDArray[np.float32]
HIDDEN, EPOCHS, BATCH, RATE, SHRINK = 32, 24, 128, 0.01, 5e-4


@dataclass(frozen=True)
class Example:
    """One expression: its document and form, the features of its candidates, and which of them are right (none: [])."""

    doc: str
    form: str
    rows: Floats
    right: tuple[int, ...]
    weight: float = 1.0


def examples_of(texts: Texts, target: Target, weight: float = 1.0, guide: Scorer | None = None) -> list[Example]:
    """Return the examples of texts.

    What was read before an expression is linked as gold says, where it does; else as the guide says, an earlier scorer,
    so that what is learned from looks like what will be met; without one to the latest that fits.
    """
    doc_of = dict(texts.extraction.mentions.select("mention_id", "version_id").iter_rows())
    out: list[Example] = []

    def choose(choice: Choice) -> list[float]:
        right = target(choice)
        if right is not None:
            rows = np.asarray(choice.rows, np.float32)
            out.append(Example(doc_of[choice.mention.mention_id], choice.form, rows, tuple(right), weight))
        if right is None and guide is not None:
            return guide.probabilities(choice.rows)
        taken = right[0] if right else choice.itself if choice.itself >= 0 else 0
        return [float(i == taken) for i in range(len(choice.candidates))]

    resolved_by(texts.rows, texts.extraction, reference(), choose, None, "training")
    return out


def fit(examples: Sequence[Example], networks: int) -> tuple[Layer, ...]:
    """Return networks fitted to the examples that have a right candidate."""
    given = [e for e in examples if e.right]
    return tuple(_fit(given, seed) for seed in range(networks))


def _fit(examples: Sequence[Example], seed: int) -> Layer:
    rng = np.random.default_rng(seed)
    sizes = np.asarray([len(e.rows) for e in examples])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    rows = np.concatenate([e.rows for e in examples])
    right = np.zeros(len(rows), np.float32)
    for start, e in zip(starts, examples, strict=False):
        right[[start + i for i in e.right]] = 1
    weights = np.asarray([e.weight for e in examples], np.float32)
    n = len(NAMES)
    parts = [rng.normal(0, 0.3, (n, HIDDEN)), np.zeros(HIDDEN), rng.normal(0, 0.3, HIDDEN)]
    params = [p.astype(np.float32) for p in parts]
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    order, step = np.arange(len(examples)), 0
    for epoch in range(EPOCHS):
        rng.shuffle(order)
        rate = RATE * (1 - epoch / EPOCHS) + RATE / 100
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            where = np.concatenate([np.arange(starts[k], starts[k + 1]) for k in batch])
            owner = np.repeat(np.arange(len(batch)), sizes[batch])
            slopes = _slopes(params, rows[where], right[where], owner, weights[batch])
            step += 1
            for j, slope in enumerate(slopes):
                first[j] = 0.9 * first[j] + 0.1 * slope
                second[j] = 0.999 * second[j] + 0.001 * slope * slope
                size = np.sqrt(second[j] / (1 - 0.999**step)) + 1e-8
                params[j] -= rate * first[j] / (1 - 0.9**step) / size
    return Layer(*(p.astype(np.float64).round(4) for p in params))


def _slopes(
    params: Sequence[Floats], rows: Floats, right: Floats, owner: npt.NDArray[np.int64], weights: Floats
) -> list[Floats]:
    """Return the slopes of the loss of a batch (Adam: Kingma and Ba 2015)."""
    w, b, v = params
    hidden = np.tanh(rows @ w + b)
    scores = hidden @ v
    n = len(weights)
    top = np.full(n, -np.inf, np.float32)
    np.maximum.at(top, owner, scores)
    likely = np.exp(scores - top[owner])
    likely /= np.bincount(owner, likely, n)[owner]
    both = likely * right
    given = both / (np.bincount(owner, both, n)[owner] + 1e-9)
    out = ((likely - given) * weights[owner] / n).astype(np.float32)
    inner = np.outer(out, v) * (1 - hidden * hidden)
    return [rows.T @ inner + SHRINK * w, inner.sum(0), hidden.T @ out + SHRINK * v]


def scorer_of(layers: tuple[Layer, ...]) -> Scorer:
    """Return a scorer that is not calibrated."""
    return Scorer(NAMES, layers, {}, 0.0)
