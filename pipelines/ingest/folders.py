"""Files below folders, each once, in a fixed order, however many there are.

Covers the order, links, hidden names. It does not cover what is in a file. Memory follows the number of folders, not of
files: names of one folder are held up to a bound, beyond which they are sorted in runs on the disk.
"""

from __future__ import annotations

import heapq
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path

_RUN = 100_000
"""Names of a folder that are sorted in memory at a time: some 10 MB."""


def files_below(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file of the paths once, with its name as given, in the order of names.

    Hidden files and folders are passed over unless they are named. A link is followed, and its file yielded under
    the link's name only where it is not met under its own.
    """
    walk = _Walk()
    for top in sorted({Path(os.path.normpath(p)) for p in paths}, key=lambda p: p.as_posix()):
        yield from walk.top(top)


class _Walk:
    """What was walked so far: folders, and those files that were met outside of the walk of their own folder."""

    def __init__(self) -> None:
        self._folders: set[str] = set()
        self._apart: set[str] = set()

    def top(self, path: Path) -> Iterator[tuple[Path, str]]:
        yield from self._met(path.as_posix(), os.path.realpath(path))

    def _met(self, name: str, real: str) -> Iterator[tuple[Path, str]]:
        """Yield what a path leads to that is not simply a file of the folder being walked."""
        if Path(real).is_dir():
            yield from self._folder(name, real)
        elif real not in self._apart and not self._is_met_in_its_folder(real):
            self._apart.add(real)
            yield Path(real), name

    def _is_met_in_its_folder(self, real: str) -> bool:
        folder, _, own = real.rpartition("/")
        return (folder or "/") in self._folders and not own.startswith(".") and Path(real).exists()

    def _folder(self, name: str, real: str) -> Iterator[tuple[Path, str]]:
        if real in self._folders:
            return
        try:
            names = _sorted_names(real)
            first = list(islice(names, 1))  # which lists the folder
        except OSError:
            yield Path(real), name
            return
        self._folders.add(real)
        for own in chain(first, names):
            yield from self._entry(name, real, own)

    def _entry(self, name: str, real: str, own: str) -> Iterator[tuple[Path, str]]:
        shown, path = f"{name}/{own}" if name != "." else own, f"{real.rstrip('/')}/{own}"
        try:
            mode = os.lstat(path).st_mode
        except OSError:  # it went since the folder was listed: who reads it will say so
            yield Path(path), shown
            return
        if stat.S_ISLNK(mode):
            yield from self._met(shown, os.path.realpath(path))
        elif stat.S_ISDIR(mode):
            yield from self._folder(shown, path)
        elif path not in self._apart:
            yield Path(path), shown


def _sorted_names(folder: str) -> Iterator[str]:
    """Yield the names in a folder that are not hidden, sorted.

    Raises:
        OSError: the folder cannot be listed.
    """
    with ExitStack() as stack:
        entries = stack.enter_context(os.scandir(folder))
        found = (entry.name for entry in entries if not entry.name.startswith("."))
        names = sorted(islice(found, _RUN))
        runs: list[Iterator[str]] = []
        while len(names) == _RUN:
            run = stack.enter_context(tempfile.TemporaryFile("w+", encoding="ascii"))
            run.writelines(f"{json.dumps(name)}\n" for name in names)
            run.seek(0)
            runs.append(json.loads(line) for line in run)
            names = sorted(islice(found, _RUN))
        yield from heapq.merge(*runs, names)
