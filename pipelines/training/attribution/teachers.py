"""Teachers: larger networks, each trained without one fold of the gold, whose answers the student learns from.

Covers training one and asking it. For who is asked what, see `folds`; for the loop, see `fit`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.training.attribution.examples import Example
from pipelines.training.attribution.fit import Frame, Recipe, collate_all, fit, predict
from pipelines.training.attribution.folds import FOLDS, Soft, fold_of, has_gold
from pipelines.training.attribution.network import Network


def answers_of(
    number: int,
    make: Callable[[], Network],
    examples: Sequence[Example],
    frame: Frame,
    recipe: Recipe,
    folder: Path,
    device: str,
) -> Soft:
    """Train teacher `number`, and return what it says of all that it has not learned; read from `folder` if done."""
    saved = folder / "answers.pickle"
    if not saved.exists():
        unseen = number % FOLDS
        learned = [e for e in examples if has_gold(e.doc) and fold_of(e.doc) != unseen]
        groups = collate_all(learned, recipe.batch_pieces, frame, device=device)
        network = fit(make(), groups, replace(recipe, seed=recipe.seed + number), folder, device=device)
        asked = [e for e in examples if fold_of(e.doc) in (unseen, None)]
        saved.write_bytes(pickle.dumps(predict(network, asked, frame, size=16384, device=device)))
        (folder / "checkpoint.pt").unlink()
    answers: Soft = pickle.loads(saved.read_bytes())
    return answers
