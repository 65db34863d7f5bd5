"""Several streams at once, given one after the other: what waits for the network need not wait for the others.

Covers running generators in threads. It does not cover what they give.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
_AHEAD = 16
"""Items that a stream may be ahead of its taker: bounds memory."""
_LOOK_SECONDS = 0.2


class _End:
    """The end of a stream, and why, if it did not end by itself."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Stream(Generic[T]):
    def __init__(self, make: Callable[[], Iterator[T]]) -> None:
        self._make = make
        self._items: queue.Queue[T | _End] = queue.Queue(_AHEAD)

    def run(self, stop: threading.Event) -> None:
        end = _End()
        try:
            for item in self._make():
                self._put(item, stop)
                if stop.is_set():
                    return
        except BaseException as error:
            end = _End(error)
        self._put(end, stop)

    def _put(self, item: T | _End, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                return self._items.put(item, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
        return None

    def taken(self) -> Iterator[T]:
        while not isinstance(item := self._items.get(), _End):
            yield item
        if item.error is not None:
            raise item.error


def in_order(makes: Sequence[Callable[[], Iterator[T]]], n_threads: int) -> Iterator[T]:
    """Yield all items of the first stream, then those of the second, ... while the next ones run ahead.

    The order does not depend on who is faster. Whoever stops taking stops the streams: those at work end with what
    they are waiting for.

    Args:
        makes: Start the streams; each runs in one thread.
        n_threads: Streams that run at the same time.
    """
    streams = [_Stream(make) for make in makes]
    waiting, stop = iter(streams), threading.Event()
    lock = threading.Lock()

    def work() -> None:
        while not stop.is_set():
            with lock:
                stream = next(waiting, None)
            if stream is None:
                return
            stream.run(stop)

    # Daemons: a process that is told to end does not wait for the network.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(n_threads, len(streams)))]
    for thread in threads:
        thread.start()
    try:
        for stream in streams:
            yield from stream.taken()
    finally:
        stop.set()
    for thread in threads:
        thread.join()
