"""The run lock: one writer at a time on a data folder.

Covers taking and leaving the lock.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def run_lock(data_dir: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the data folder's lock; wait for another run to leave it, after saying so in one line.

    The lock belongs to the open file, so it goes with the process, also with one that was killed.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / ".run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            say(f"another run (process {holder}) is working on {data_dir}; waiting for it to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
