"""The inbox: which files are there whole, and which were taken in.

Covers telling a file that is still being copied from one that is done, waiting a little, and the list of what was taken
in. For reading files, see files; for starting runs, see orchestration/triggers.

A copy grows, so a file counts as whole when it has not changed for some seconds. A copy that pauses for longer has to
be made under another name (hidden, or ending as in PARTIAL) and renamed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

PARTIAL = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp")
"""Ends of names under which programs keep what they are still writing."""
TAKEN = ".taken_in.jsonl"
"""The list, in the inbox itself: a line a file that was taken in, which may be removed then."""


def files(inbox: Path) -> Iterator[Path]:
    """Yield the files of the inbox that are not hidden, in order."""
    if inbox.is_dir():
        for path in sorted(inbox.rglob("*")):
            if not any(part.startswith(".") for part in path.relative_to(inbox).parts) and path.is_file():
                yield path


def unfinished(inbox: Path, seconds: float, now_ns: int | None = None) -> list[Path]:
    """Return the files that changed less than some seconds ago, or whose name says that they are written still."""
    now = time.time_ns() if now_ns is None else now_ns
    return [path for path in files(inbox) if path.name.endswith(PARTIAL) or _age(path, now) < seconds]


def settled(inbox: Path, seconds: float, wait: Callable[[float], None] = time.sleep) -> list[Path]:
    """Wait once, as long as it takes, for the files of the inbox to be whole; return those that are not then."""
    open_ = [path for path in unfinished(inbox, seconds) if not path.name.endswith(PARTIAL)]
    if open_:
        wait(seconds)
    return unfinished(inbox, seconds)


def pending(inbox: Path, seconds: float) -> list[str]:
    """Return a line for each whole file that was not taken in as it is now."""
    left_out, taken = set(unfinished(inbox, seconds)), _taken(inbox)
    lines = {path: _mark(inbox, path) for path in files(inbox) if path not in left_out}
    return [json.dumps(mark) for mark in lines.values() if mark is not None and tuple(mark) not in taken]


def note_taken(inbox: Path, paths: Iterable[Path], day: date, now: datetime) -> None:
    """Add the files to the list that are not on it as they are now."""
    taken = _taken(inbox)
    marks = [mark for mark in (_mark(inbox, path) for path in paths) if mark is not None and tuple(mark) not in taken]
    lines = [
        {"path": name, "size": size, "mtime_ns": mtime, "taken_in_at": now.isoformat(timespec="seconds"),
         "ingest_date": day.isoformat()}
        for name, size, mtime in marks
    ]  # fmt: skip
    if lines:
        with (inbox / TAKEN).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=True) + "\n" for line in lines)


def counts(inbox: Path, seconds: float) -> dict[str, int]:
    """Return how many files of the inbox were taken in, wait for a run, and are still being written."""
    n_waiting, n_open = len(pending(inbox, seconds)), len(unfinished(inbox, seconds))
    n_files = sum(1 for _ in files(inbox))
    return {"taken_in": n_files - n_waiting - n_open, "waiting": n_waiting, "unfinished": n_open}


def _mark(inbox: Path, path: Path) -> tuple[str, int, int] | None:
    try:
        stat = path.stat()
    except OSError:  # removed meanwhile
        return None
    return path.relative_to(inbox).as_posix().encode(errors="backslashreplace").decode(), stat.st_size, stat.st_mtime_ns


def _taken(inbox: Path) -> set[tuple[str, int, int]]:
    found = set()
    try:
        lines = (inbox / TAKEN).read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    for line in lines:
        try:
            row = json.loads(line)
            found.add((row["path"], row["size"], row["mtime_ns"]))
        except (ValueError, KeyError, TypeError):  # half a line, of a run that was killed
            continue
    return found


def _age(path: Path, now_ns: int) -> float:
    """Return the seconds since a file changed; moving one in changes it too. A time in the future proves nothing."""
    try:
        stat = path.stat()
    except OSError:
        return float("inf")
    return abs(now_ns - max(stat.st_mtime_ns, stat.st_ctime_ns)) / 1e9
