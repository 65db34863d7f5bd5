"""A file that was found, on the disk or in an object store: how it is opened, and how a change of it is noticed.

Covers that one value and the files of the disk. For finding them, see folders and object_stores; for cutting, see
file_records.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.ingest.met_records import printable
from pipelines.settings import Source

_RACY_NS = 3_000_000_000
"""Nanoseconds: a file that changed this shortly before it was read may change again under the same time (the clocks
of file systems tick in up to 2 s), so that its time proves nothing. git calls such an entry racily clean."""


@dataclass(frozen=True)
class FoundFile:
    """A file.

    Attributes:
        uri: Its place, as the source names it: one line of valid text.
        name: Its own name, by which its format is told.
        source: The source that covers it.
        open: Opens it for reading.
        state: Returns size, time and identity as one line, or None where they do not prove that nothing changed.
            A part before the first blank is its size in bytes.
        problem: Why it must not be opened: rule and detail.
    """

    uri: str
    name: str
    source: Source | None
    open: Callable[[], BinaryIO]
    state: Callable[[], str | None]
    problem: tuple[str, str] | None = None


def on_disk(path: Path, uri: str, source: Source | None) -> FoundFile:
    """Return a file of the disk; nothing is read yet."""
    problem = None
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  half the time of Path.stat, for every file of a run
    except OSError:
        mode = stat.S_IFREG  # opening it will say why
    if not stat.S_ISREG(mode):
        problem = ("not_a_file", "a folder that cannot be listed, a pipe or a device: check it")
    return FoundFile(printable(uri), path.name, source, lambda: path.open("rb"), lambda: _disk_state(path), problem)


def _disk_state(path: Path) -> str | None:
    try:
        now = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return f"{now.st_size} {now.st_mtime_ns} {now.st_ino}" if is_settled(now.st_mtime_ns) else None


def is_settled(changed_ns: int) -> bool:
    """Whether a time of change (nanoseconds since 1970) lies far enough back to be proof."""
    return changed_ns < time.time_ns() - _RACY_NS
