"""The bench of a large warehouse: what of a build is made from all news."""

from __future__ import annotations

from typing import Any

from pipelines.bench.warehouse import _only_full_state


def _ran(name: str, began: str, ended: str) -> dict[str, Any]:
    times = {"started_at": f"2026-03-05T10:00:{began}Z", "completed_at": f"2026-03-05T10:00:{ended}Z"}
    return {"unique_id": name, "timing": [{"name": "execute", **times}]}


def test_only_time_in_which_nothing_of_the_day_ran_is_of_all_news() -> None:
    nodes: dict[str, Any] = {
        "model.day": {"tags": ["day"]},
        "model.state": {"tags": ["full_state"]},
        "test.state": {"tags": [], "attached_node": "model.state"},
    }
    results = [_ran("model.day", "00", "10"), _ran("model.state", "05", "20"), _ran("test.state", "20", "22")]
    assert _only_full_state(results, nodes) == 12


def test_an_exposure_takes_no_time() -> None:
    assert _only_full_state([_ran("exposure.onrecord.pages", "00", "10")], {}) == 0
