"""How work is spread: in this process, or over a pool of processes.

Belongs here: the one way in which a pure function is mapped over batches. Does not belong here: the
functions. A cluster can be a third way, with the same face.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import polars as pl

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def map_batches(function: Callable[[_In], _Out], batches: Sequence[_In], *, workers: int = 1) -> Iterator[_Out]:
    """Yield ``function(batch)`` for each batch, in the order of the batches whatever the number of workers.

    Args:
        function: A function at a module's top level, with no side effects.
        batches: The pieces; each travels to a worker by pickle.
        workers: Processes; 1, or a single batch, works in this process.
    """
    if workers <= 1 or len(batches) <= 1:
        yield from map(function, batches)
        return
    # Not fork: Polars' threads do not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(batches)), mp_context=context, initializer=_end_with_parent) as pool:
        yield from pool.map(function, batches)


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
