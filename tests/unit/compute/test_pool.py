"""Work spread over processes gives the same as work in this process."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import polars as pl
import pytest

from pipelines.compute.pool import chunks, map_batches


def slow_first(batch: list[int]) -> tuple[int, int]:
    """Take longest for the first batch, so that the others end before it."""
    time.sleep(0.5 if batch[0] == 0 else 0)
    return sum(batch), os.getpid()


def refuse_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def die(number: int) -> int:
    os._exit(number)


def height(frame: pl.DataFrame) -> int:
    return frame.height


def die_of_six(frame: pl.DataFrame) -> list[int]:
    if 6 in frame["a"]:
        os._exit(1)
    return frame["a"].to_list()


def lost(row: pl.DataFrame) -> list[int]:
    return [-row["a"][0]]


def tell_and_stay(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(600)


def start_two(folder: Path) -> None:
    list(map_batches(tell_and_stay, [folder, folder], workers=2))


def is_running(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def until(is_so: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = multiprocessing.get_context("spawn").Process(target=start_two, args=(tmp_path,))
    parent.start()
    assert until(lambda: len(list(tmp_path.iterdir())) == 2)
    workers = [int(path.name) for path in tmp_path.iterdir()]
    assert all(map(is_running, workers))
    parent.kill()
    assert until(lambda: not any(map(is_running, workers)))


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_results_come_in_the_order_of_the_batches(workers: int) -> None:
    batches = [[n, n] for n in range(5)]
    found = list(map_batches(slow_first, batches, workers=workers))
    assert [total for total, _ in found] == [0, 2, 4, 6, 8]
    assert ({process for _, process in found} == {os.getpid()}) == (workers == 1)


def test_a_single_batch_needs_no_other_process() -> None:
    assert list(map_batches(slow_first, [[1]], workers=4)) == [(1, os.getpid())]
    assert list(map_batches(slow_first, [], workers=4)) == []


def test_results_are_given_while_others_are_worked_on() -> None:
    done: list[int] = []

    def note(number: int) -> int:
        done.append(number)
        return number

    first = next(iter(map_batches(note, [1, 2, 3])))
    assert (first, done) == (1, [1])


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_a_batch_is_raised_here(workers: int) -> None:
    found = map_batches(refuse_three, [1, 2, 3, 4], workers=workers)
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(found)


def test_a_worker_that_dies_is_an_error_and_not_a_wait() -> None:
    with pytest.raises(BrokenProcessPool):
        list(map_batches(die, [1, 2], workers=2))


@pytest.mark.parametrize(("workers", "is_wary"), [(2, False), (1, True)])
def test_only_the_row_of_which_a_process_dies_is_lost(workers: int, is_wary: bool) -> None:
    frame = pl.DataFrame({"a": range(10)})
    found = map_batches(die_of_six, list(chunks(frame, 4)), workers=workers, lost=lost, is_wary=is_wary)
    assert [n for part in found for n in part] == [0, 1, 2, 3, 4, 5, -6, 7, 8, 9]


def test_frames_travel() -> None:
    frame = pl.DataFrame({"a": range(7)})
    assert list(map_batches(height, list(chunks(frame, 3)), workers=2)) == [3, 3, 1]


@pytest.mark.parametrize(("rows", "size", "heights"), [(0, 3, []), (2, 3, [2]), (3, 3, [3]), (7, 3, [3, 3, 1])])
def test_chunks_hold_every_row_once_in_order(rows: int, size: int, heights: list[int]) -> None:
    frame = pl.DataFrame({"a": range(rows)}, schema={"a": pl.Int64})
    parts = list(chunks(frame, size))
    assert [p.height for p in parts] == heights
    assert pl.concat([frame.clear(), *parts]).equals(frame)
