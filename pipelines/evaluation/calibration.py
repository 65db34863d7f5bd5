"""Calibration: whether what is called 80 % sure is right in 80 % of cases.

Covers the expected calibration error (Naeini et al. 2015) and its bins, one definition for statements, speakers and the
judge. For what is right, see `attribution` and `speakers`; for fitting curves, see training.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Case = tuple[float, bool]
"""Confidence from 0 to 1, and whether the answer is right."""
TENTHS = 10
FIFTHS = 5


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like confidence: how many, their mean confidence, the share that is right."""

    n: int
    confidence: float
    right: float


def equal_width_bins(cases: Iterable[Case], bins: int = TENTHS) -> list[Bin]:
    """Return the bins that hold any case, the least sure first: what the reader of a confidence sees."""
    by_bin: dict[int, list[Case]] = defaultdict(list)
    for confidence, right in cases:
        by_bin[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return [_bin(rows) for _, rows in sorted(by_bin.items())]


def equal_mass_bins(cases: Iterable[Case], bins: int = FIFTHS) -> list[Bin]:
    """Return bins of as many cases each, the least sure first: for answers of which nearly all are sure."""
    rows = sorted(cases)
    size, longer = divmod(len(rows), bins)
    ends = [k * size + min(k, longer) for k in range(bins + 1)]
    return [_bin(rows[a:b]) for a, b in pairwise(ends) if b > a]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the gap of each bin between sure and right, weighted by its cases."""
    n = sum(b.n for b in bins)
    return sum(abs(b.confidence - b.right) * b.n for b in bins) / n if n else 0.0


def _bin(rows: Sequence[Case]) -> Bin:
    return Bin(len(rows), sum(c for c, _ in rows) / len(rows), sum(r for _, r in rows) / len(rows))
