"""A step over batches gives the same here and on Ray, also where workers die; the driver holds little of the work."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pipelines.compute.engine import over_batches
from pipelines.settings import Settings, SettingsError
from tests.steps import die_once, die_unless_wary, double, own_words, refuse_three

HAS_RAY = importlib.util.find_spec("ray") is not None
RAY = pytest.mark.skipif(not HAS_RAY, reason="the extra `cluster` is not installed")


def settings(folder: Path, engine: str) -> Settings:
    return Settings(data_dir=folder, engine=engine, workers=2)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["local", pytest.param("ray", marks=RAY)])
def test_results_come_in_the_order_of_the_work_and_errors_in_their_turn(tmp_path: Path, engine: str) -> None:
    advanced: list[int] = []
    found = over_batches(settings(tmp_path, engine), refuse_three, range(5), advanced.append)
    assert [next(found) for _ in range(3)] == [(0, 0), (1, 2), (2, 4)]
    assert sum(advanced) == 30
    with pytest.raises(ValueError, match="three"):
        next(found)


@pytest.mark.parametrize("engine", ["local", pytest.param("ray", marks=RAY)])
def test_no_more_work_is_held_than_is_being_done(tmp_path: Path, engine: str) -> None:
    asked: list[int] = []

    def work() -> Iterator[int]:
        for number in range(10**6):
            asked.append(number)
            yield number

    found = over_batches(settings(tmp_path, engine), double, work())
    assert [next(found) for _ in range(50)] == [(n, 2 * n) for n in range(50)]
    assert len(asked) < 60


@RAY
def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    found = over_batches(settings(tmp_path, "ray"), partial(die_once, tmp_path), range(4))
    assert [result for _, result in found] == [0, 2, 4, 6]
    assert (tmp_path / "died").exists()


@RAY
def test_a_batch_that_ends_every_worker_is_done_warily(tmp_path: Path) -> None:
    found = over_batches(settings(tmp_path, "ray"), die_unless_wary, range(3))
    assert [result for _, result in found] == [0, 2, 4]


@RAY
def test_workers_know_the_users_own_data(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "role_words.csv").write_text("word\nreeve\n")
    (tmp_path / "overrides.jsonl").write_text("{}\n")
    assert dict(over_batches(settings(tmp_path, "ray"), own_words, [1])) == {1: "['role_words.csv'] {}\n local"}


@RAY
def test_a_node_with_other_code_is_refused(tmp_path: Path) -> None:
    from pipelines.compute.on_ray import Installation

    with pytest.raises(SettingsError, match="another version of OnRecord"):
        Installation("of another").enter()


@pytest.mark.skipif(HAS_RAY, reason="the extra `cluster` is installed")
def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="onrecord\\[cluster\\]"):
        list(over_batches(settings(tmp_path, "ray"), double, [1]))
