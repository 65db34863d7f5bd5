"""How the pieces of a batch are spread: in this process, or over a pool of processes of this machine.

Covers the one way in which a pure function is mapped over pieces. For where whole batches are worked on, see `engine`.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def map_batches(
    function: Callable[[_In], _Out],
    batches: Sequence[_In],
    *,
    workers: int = 1,
    lost: Callable[[_In], _Out] | None = None,
    is_wary: bool = False,
) -> Iterator[_Out]:
    """Yield ``function(batch)`` for each batch, in the order of the batches whatever the number of workers.

    Args:
        function: A function at a module's top level, with no side effects.
        batches: The pieces; each travels to a worker by pickle.
        workers: Processes; 1, or a single batch, works in this process.
        lost: Where a process dies of a frame, what stands for the one row that it dies of: the frame is halved until
            that row is found, and there is a result for each part. Without it a process that dies is an error.
        is_wary: Begin that way, in a process apart, since a process has died of one of the pieces before.
    """
    if is_wary and lost is not None:
        yield from _warily(function, batches, lost)
        return
    if workers <= 1 or len(batches) <= 1:
        yield from map(function, batches)
        return
    n_done = 0
    try:
        with _processes(min(workers, len(batches))) as pool:
            for result in pool.map(function, batches):
                yield result
                n_done += 1
    except BrokenProcessPool:
        if lost is None:
            raise
        yield from _warily(function, batches[n_done:], lost)


def _warily(function: Callable[[_In], _Out], batches: Sequence[_In], lost: Callable[[_In], _Out]) -> Iterator[_Out]:
    """Yield the results of one process at a time; a frame of which it dies is halved down to the row at fault."""
    pool, waiting = _processes(1), deque(batches)
    try:
        while waiting:
            batch = waiting.popleft()
            try:
                yield pool.submit(function, batch).result()
            except BrokenProcessPool:
                pool.shutdown()
                pool = _processes(1)
                if batch.height == 1:  # type: ignore[attr-defined]
                    yield lost(batch)
                else:
                    waiting.extendleft(reversed(list(chunks(batch, -(-batch.height // 2)))))  # type: ignore
    finally:
        pool.shutdown()


def _processes(n: int) -> ProcessPoolExecutor:
    # Not fork: Polars' threads do not survive it.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(n, mp_context=context, initializer=_begin)


@dataclass(frozen=True)
class Hands:
    """What a step has to work with.

    Attributes:
        workers: Processes over which it may spread the pieces of its batch.
        advance: Is told how many rows were done since it was told last.
        is_wary: A batch like this one has ended its process before: pieces go to processes of their own.
    """

    workers: int
    advance: Callable[[int], None]
    is_wary: bool = False

    def map(
        self, function: Callable[[_In], _Out], pieces: Sequence[_In], *, lost: Callable[[_In], _Out] | None = None
    ) -> Iterator[_Out]:
        """Yield ``function(piece)`` for each piece, in order (see `map_batches`)."""
        return map_batches(function, pieces, workers=self.workers, lost=lost, is_wary=self.is_wary)


def _begin() -> None:
    # One thread of numpy's a worker, and numpy is not loaded yet: with two threads each, two workers took four times
    # as long.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    _end_with_parent()


def _end_with_parent() -> None:
    """End this worker when its parent is killed: it would hold its memory and wait for work for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def chunks(frame: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    """Yield the frame's rows in slices of at most `size`, in order."""
    for start in range(0, frame.height, size):
        yield frame.slice(start, size)
