"""Teachers: larger networks, each trained without one fold of the gold, whose answers the student learns from.

Belongs here: who learns what, and the mean of their answers. Does not belong here: the loop (see `fit`), the student.

What a network says of texts that it has learned by heart is the gold again. So of a paragraph with gold (and of its
variants) only the teachers are asked that have not seen its document (cross-fitting, after Wolpert 1992, "Stacked
generalization"); of other texts all are. Their mean is the better for their number (Hinton, Vinyals and Dean 2015).
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipelines.training.attribution.examples import Example
from pipelines.training.attribution.fit import Frame, Recipe, Soft, collate_all, fit, predict
from pipelines.training.attribution.network import Network

FOLDS = 5
VARIANT, MORE = "variant:", "more:"
"""Names of documents that have no gold begin with these: VARIANT, a number, a colon, the document; MORE, a number."""


def has_gold(doc: str) -> bool:
    """Tell whether a document's paragraphs have gold labels."""
    return not doc.startswith((VARIANT, MORE))


def number_of(doc: str) -> int | None:
    """Return a number that is always the same for a document and its variants, None for other text."""
    if doc.startswith(MORE):
        return None
    name = doc.removeprefix(VARIANT).partition(":")[2] if doc.startswith(VARIANT) else doc
    return int(hashlib.sha1(name.encode()).hexdigest(), 16)


def fold_of(doc: str) -> int | None:
    """Return the fold of a document, its variants' too; None for other text."""
    number = number_of(doc)
    return None if number is None else number % FOLDS


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


def mean(answers: Sequence[Soft]) -> Soft:
    """Return the mean of what teachers say of each paragraph."""
    total: dict[tuple[str, int], np.ndarray] = {}
    count: dict[tuple[str, int], int] = {}
    for one in answers:
        for key, rows in one.items():
            total[key] = total[key] + rows.astype(np.float32) if key in total else rows.astype(np.float32)
            count[key] = count.get(key, 0) + 1
    return {key: (rows / count[key]).astype(np.float16) for key, rows in total.items()}
