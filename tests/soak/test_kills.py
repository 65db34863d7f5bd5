"""Kills at random moments: whatever a run was doing, the published file stays whole and the next run makes good.

The seed is printed; give it again as ONRECORD_SOAK_SEED, the number of kills at any moment as ONRECORD_SOAK_KILLS, and
that of kills in the build and in the publication as ONRECORD_SOAK_PART_KILLS.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pipelines.storage.faults import POINTS
from tests.conftest import DAY_1, DAY_2, History
from tests.workbench import Workbench, contents, good

pytestmark = pytest.mark.soak
SEED = int(os.environ.get("ONRECORD_SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
KILLS = int(os.environ.get("ONRECORD_SOAK_KILLS", "8"))
PART_KILLS = int(os.environ.get("ONRECORD_SOAK_PART_KILLS", "20"))
SIGNS = {"build": ("warehouse.duckdb.wal", 12.0), "publication": ("published/.onrecord.duckdb.*", 2.0)}
"""What lies in the data folder when a part of a run has begun, and about how many seconds that part takes."""


def killed_after(onrecord: Workbench, seconds: float, *arguments: str | Path, whole_group: bool) -> bool:
    """Run the command and kill it after some seconds; return whether it was still running then."""
    process = onrecord.start(*arguments)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        return True
    return False


@pytest.mark.parametrize("whole_group", [True, False], ids=["with what it started", "alone"])
def test_kills_at_random_moments(history: History, tmp_path: Path, whole_group: bool) -> None:
    print(f"\nONRECORD_SOAK_SEED={SEED} ONRECORD_SOAK_KILLS={KILLS}")
    chance = random.Random(SEED + whole_group)
    expected = contents(history.second.published)
    for number in range(KILLS):
        onrecord = history.copy(history.first, tmp_path / str(number))
        before = contents(onrecord.published)
        started = time.monotonic()
        for _ in range(chance.randrange(1, 3)):
            seconds = chance.uniform(0.5, 25)
            was_killed = killed_after(onrecord, seconds, "run", history.news / "day2", *DAY_2, whole_group=whole_group)
            assert contents(onrecord.published) in (before, expected)
            print(f"kill {number}: after {seconds:.2f} s, {'killed' if was_killed else 'it had ended'}", flush=True)
        good(onrecord("run", history.news / "day2", *DAY_2))
        assert contents(onrecord.published) == expected, f"kill {number}, seed {SEED}"
        print(f"kill {number}: made good, {time.monotonic() - started:.0f} s", flush=True)


def killed_in(onrecord: Workbench, sign: str, seconds: float, *arguments: str | Path) -> bool:
    """Run the command and kill it some seconds after a sign; return whether it was still running then."""
    process = onrecord.start(*arguments)
    while process.poll() is None and not any(onrecord.data.glob(sign)):
        time.sleep(0.01)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    return False


@pytest.mark.parametrize("part", SIGNS)
def test_kills_at_random_moments_of_a_part(history: History, tmp_path: Path, part: str) -> None:
    print(f"\nONRECORD_SOAK_SEED={SEED} ONRECORD_SOAK_PART_KILLS={PART_KILLS}")
    chance, (sign, longest) = random.Random(f"{SEED} {part}"), SIGNS[part]
    before, expected = contents(history.first.published), contents(history.second.published)
    n_killed = 0
    for number in range(PART_KILLS):
        onrecord = history.copy(history.first, tmp_path / str(number))
        seconds = chance.uniform(0, longest)
        was_killed = killed_in(onrecord, sign, seconds, "run", history.news / "day2", *DAY_2)
        n_killed += was_killed
        assert contents(onrecord.published) in (before, expected)
        print(f"{part} {number}: after {seconds:.2f} s, {'killed' if was_killed else 'it had ended'}", flush=True)
        good(onrecord("run", history.news / "day2", *DAY_2))
        assert contents(onrecord.published) == expected, f"{part}, kill {number}, seed {SEED}"
    assert n_killed >= PART_KILLS / 3, "hardly any run was killed in that part"


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_each_point_alone(history: History, tmp_path: Path, point: str) -> None:
    onrecord = history.copy(history.first, tmp_path)
    done = onrecord("run", history.news / "day2", *DAY_2, env={"ONRECORD_FAULT": point})
    assert done.returncode == -signal.SIGKILL
    good(onrecord("run", history.news / "day2", *DAY_2))
    assert contents(onrecord.published) == contents(history.second.published)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_each_point_of_the_first_run_of_all(history: History, tmp_path: Path, point: str) -> None:
    onrecord = Workbench(tmp_path / "data")
    done = onrecord("run", history.news / "day1", *DAY_1, env={"ONRECORD_FAULT": point})
    assert done.returncode == -signal.SIGKILL
    assert not onrecord.published.exists()
    good(onrecord("run", history.news / "day1", *DAY_1))
    assert contents(onrecord.published) == contents(history.first.published)
    good(onrecord("run", history.news / "day2", *DAY_2))
    assert contents(onrecord.published) == contents(history.second.published)


def test_a_rebuild_that_is_killed_is_made_good(history: History, tmp_path: Path) -> None:
    print(f"\nONRECORD_SOAK_SEED={SEED}")
    onrecord = history.copy(history.second, tmp_path)
    before = contents(onrecord.published)
    killed_after(onrecord, random.Random(SEED).uniform(6, 30), "rebuild", whole_group=True)
    assert contents(onrecord.published) == before
    good(onrecord("run", history.news / "day2", *DAY_2))
    assert contents(onrecord.published) == before


def test_two_runs_at_once_are_as_good_as_one_after_the_other(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.first, tmp_path)
    both = [onrecord.start("run", history.news / "day2", *DAY_2) for _ in range(2)]
    assert [process.wait(300) for process in both] == [0, 0]
    for process in both:
        process.communicate()
    assert contents(onrecord.published) == contents(history.second.published)
