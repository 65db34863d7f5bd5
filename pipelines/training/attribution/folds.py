"""Folds of the gold, and the mean of what teachers say: each teacher is asked only of what it has not learned.

Covers who may be asked about which document. For training a teacher, see `teachers`.

What a network says of texts that it has learned by heart is the gold again. So of a paragraph with gold (and of its
variants) only the teachers are asked that have not seen its document (cross-fitting, after Wolpert 1992, "Stacked
generalization"); of other texts all are. Their mean is the better for their number (Hinton, Vinyals and Dean 2015).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

Soft = dict[tuple[str, int], np.ndarray]
"""Label probabilities by (document, start of paragraph): (words, labels) of float16."""
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


def mean(answers: Sequence[Soft]) -> Soft:
    """Return the mean of what teachers say of each paragraph."""
    total: dict[tuple[str, int], np.ndarray] = {}
    count: dict[tuple[str, int], int] = {}
    for one in answers:
        for key, rows in one.items():
            total[key] = total[key] + rows.astype(np.float32) if key in total else rows.astype(np.float32)
            count[key] = count.get(key, 0) + 1
    return {key: (rows / count[key]).astype(np.float16) for key, rows in total.items()}
