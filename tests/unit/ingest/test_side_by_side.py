"""Streams run ahead of their taker, but are given in order; one that fails fails where its items would stand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from pipelines.ingest.parallel_streams import in_order


def numbers(start: int, n: int) -> Iterator[int]:
    yield from range(start, start + n)


@pytest.mark.parametrize("n_threads", [1, 3, 50])
def test_all_items_come_in_the_order_of_their_streams(n_threads: int) -> None:
    makes: list[Callable[[], Iterator[int]]] = [partial(numbers, 100 * k, 50) for k in range(10)]
    assert list(in_order(makes, n_threads)) == [100 * k + i for k in range(10) for i in range(50)]
    assert list(in_order([], n_threads)) == []


def test_a_stream_that_fails_fails_after_its_items() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    taken: list[int] = []
    with pytest.raises(ValueError, match="broken"):
        for item in in_order([partial(numbers, 0, 1), broken, partial(numbers, 5, 9)], 2):
            taken.append(item)  # what came before the failure counts
    assert taken == [0, 1]


def test_a_stream_does_not_run_ahead_without_bound() -> None:
    made = 0
    enough = threading.Event()

    def endless() -> Iterator[int]:
        nonlocal made
        while True:
            made += 1
            if made == 17:
                enough.set()
            yield made

    running = in_order([partial(numbers, 0, 1), endless], 2)
    assert next(running) == 0
    assert enough.wait(5)
    assert not threading.Event().wait(0.1)
    assert made <= 18
    running.close()
