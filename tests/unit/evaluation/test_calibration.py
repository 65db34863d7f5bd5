"""The expected calibration error: one definition, over bins of equal width or of equal mass."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pipelines.evaluation.calibration import Bin, calibration_error, equal_mass_bins, equal_width_bins


def test_it_is_the_gap_of_the_bins_weighted_by_their_cases() -> None:
    fits = [(0.8, True), (0.8, True), (0.8, True), (0.8, True), (0.8, False)]
    assert calibration_error(equal_width_bins(fits)) == pytest.approx(0)
    assert calibration_error(equal_width_bins([(0.95, False), (0.15, False)])) == pytest.approx(0.55)
    assert calibration_error([]) == 0


def test_what_is_wholly_sure_falls_into_the_last_bin() -> None:
    assert equal_width_bins([(1.0, True), (0.95, False), (0.0, False)]) == [Bin(1, 0.0, 0.0), Bin(2, 0.975, 0.5)]


@pytest.mark.parametrize("n", [0, 1, 4, 5, 13, 100])
def test_bins_of_equal_mass_are_those_of_numpy(n: int) -> None:
    rng = random.Random(n)
    cases = [(rng.random(), rng.random() < 0.5) for _ in range(n)]
    expected = [len(part) for part in np.array_split(np.arange(n), 5) if len(part)]
    bins = equal_mass_bins(cases)
    assert [b.n for b in bins] == expected
    assert [b.confidence for b in bins] == sorted(b.confidence for b in bins)
    assert equal_mass_bins(reversed(cases)) == bins
