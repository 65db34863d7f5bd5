"""The gate on the gates: a floor goes down only with a reason beside it."""

from __future__ import annotations

from floors import FLOORS


def test_no_floor_is_lowered_without_a_reason() -> None:
    for name, f in FLOORS.items():
        assert f.value <= f.highest, f"{name}: raise `highest` too"
        assert f.value == f.highest or len(f.lowered_because.split()) > 5, f"{name}: say why it is lower"
