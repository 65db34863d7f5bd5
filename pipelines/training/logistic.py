"""Ridge logistic regression over sparse yes/no features, in plain Python.

Belongs here: the fit. Does not belong here: what the features are (see `cue_weights`).

Newton's method. Few features (tens) and short rows make the normal equations small, so no numerical library is needed
and the result is the same on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

MAX_STEPS = 25
TOLERANCE = 1e-4


def fit(
    rows: Sequence[Sequence[int]], targets: Sequence[bool], offsets: Sequence[float], n_features: int, ridge: float
) -> list[float]:
    """Return the weights that make `targets` most likely, with `ridge / 2 * sum of squares` as a penalty.

    Args:
        rows: for each example the numbers of its features, each once, in 0..n_features - 1.
        targets: for each example whether it is positive.
        offsets: for each example log-odds that are added as they are.
        n_features: length of the result.
        ridge: strength of the penalty, above 0.

    Raises:
        ValueError: the three sequences differ in length.
    """
    weights = [0.0] * n_features
    for _ in range(MAX_STEPS):
        gradient = [ridge * w for w in weights]
        hessian = [[ridge if i == j else 0.0 for j in range(n_features)] for i in range(n_features)]
        for row, target, offset in zip(rows, targets, offsets, strict=True):
            p = 1 / (1 + math.exp(-sum((weights[i] for i in row), offset)))
            spread = p * (1 - p)
            for i in row:
                gradient[i] += p - target
                line = hessian[i]
                for j in row:
                    line[j] += spread
        step = solve(hessian, gradient)
        weights = [w - s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step), default=0.0) < TOLERANCE:
            break
    return weights


def fit_line(logits: Sequence[float], targets: Sequence[bool]) -> tuple[float, float]:
    """Return (slope, intercept) of the logistic that tells how often examples with these log-odds are positive."""
    slope, intercept = 1.0, 0.0
    for _ in range(MAX_STEPS):
        gradient = [0.0, 0.0]
        hessian = [[1e-6, 0.0], [0.0, 1e-6]]
        for x, target in zip(logits, targets, strict=True):
            p = 1 / (1 + math.exp(-(slope * x + intercept)))
            gradient[0] += (p - target) * x
            gradient[1] += p - target
            spread = p * (1 - p)
            hessian[0][0] += spread * x * x
            hessian[0][1] += spread * x
            hessian[1][0] += spread * x
            hessian[1][1] += spread
        step = solve(hessian, gradient)
        slope, intercept = slope - step[0], intercept - step[1]
        if max(map(abs, step)) < TOLERANCE:
            break
    return slope, intercept


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Return x with `matrix @ x = right` for a symmetric positive definite matrix (Gauss, largest pivot first)."""
    n = len(right)
    work = [[*row, r] for row, r in zip(matrix, right, strict=True)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(work[i][k]))
        work[k], work[pivot] = work[pivot], work[k]
        for i in range(k + 1, n):
            factor = work[i][k] / work[k][k]
            if factor:
                for j in range(k, n + 1):
                    work[i][j] -= factor * work[k][j]
    out = [0.0] * n
    for k in range(n - 1, -1, -1):
        out[k] = (work[k][n] - sum(work[k][j] * out[j] for j in range(k + 1, n))) / work[k][k]
    return out
