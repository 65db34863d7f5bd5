"""The manifest: which parts the lake has received, with sizes and hashes, so that what is missing is known.

Covers one SQLite file beside the lake, and comparing it with what lies there. For the parts themselves, see
storage/lake; for what a loss means for what is published, see storage/losses.

It knows the parts that cannot be made again (`lake.NOT_COMPUTED`). It lies outside of the lake's folder: a volume that
is not mounted takes the lake with it and leaves the manifest. It may be removed: the next run notes what is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import counted
from pipelines.settings import Settings
from pipelines.storage.lake import NOT_COMPUTED, Lake
from pipelines.storage.object_paths import ObjectPath

_SCHEMA = """
CREATE TABLE IF NOT EXISTS parts (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
                                  sha256 TEXT NOT NULL) WITHOUT ROWID
"""
_SHOWN = 3


class LostPartsError(Exception):
    """Parts of the lake are missing; the message says which, and how to go on."""


@dataclass(frozen=True)
class Difference:
    """Parts that are not as they were noted, each by its path below the lake's folder, in order.

    Attributes:
        missing: They are not there.
        altered: They hold other bytes.
    """

    missing: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    def days(self) -> list[str]:
        """Return the ingest days of what is missing."""
        return sorted({path.split("/")[1].removeprefix("ingest_date=") for path in self.missing})

    def in_words(self) -> str:
        """Return what is missing, as the beginning of a sentence: "2 parts of the lake (...) are missing"."""
        tables = Counter(path.split("/")[0] for path in self.missing)
        by_table = ", ".join(f"{n:,} of {name}" for name, n in sorted(tables.items()))
        days = self.days()
        more = f" and {len(days) - _SHOWN:,} more" if len(days) > _SHOWN else ""
        some = counted(len(self.missing), "part")
        verb = "is" if len(self.missing) == 1 else "are"
        return f"{some} of the lake ({by_table}; days {', '.join(days[:_SHOWN])}{more}) {verb} missing"


class Manifest:
    """What the lake has received, as it was noted last. One writer (the run lock)."""

    def __init__(self, settings: Settings) -> None:
        self._lake = Lake(settings.lake_dir)
        self.path = settings.data_dir / "state" / "lake_parts.sqlite"

    def note(self) -> None:
        """Note the parts that are there now: what is new is hashed, and what is missing stays noted."""
        with self._opened() as con:
            known = _known(con)
            rows = []
            for name, path in self._there():
                stat = path.stat()
                if known.get(name, (0, 0, ""))[:2] != (stat.st_size, stat.st_mtime_ns):
                    rows.append((name, stat.st_size, stat.st_mtime_ns, _sha256(path)))
            con.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", rows)

    def difference(self, *, is_thorough: bool = False) -> Difference:
        """Return what is not as it was noted.

        Args:
            is_thorough: Read every part; else only those whose size or time is another one.
        """
        if not self.path.exists():
            return Difference()
        with self._opened() as con:
            known = _known(con)
        there = dict(self._there())
        altered = [
            name for name, noted in known.items() if name in there and _is_altered(there[name], noted, is_thorough)
        ]
        return Difference(tuple(sorted(known.keys() - there.keys())), tuple(sorted(altered)))

    def accept(self, difference: Difference) -> None:
        """Forget the parts that are missing: their loss is accepted."""
        with self._opened() as con:
            con.executemany("DELETE FROM parts WHERE path = ?", [(name,) for name in difference.missing])

    def forget(self, paths: Iterable[Path | ObjectPath]) -> None:
        """Forget some parts, which are about to go for a reason; those that stay are noted again."""
        with self._opened() as con:
            names = [(path.relative_to(self._lake.root).as_posix(),) for path in paths]
            con.executemany("DELETE FROM parts WHERE path = ?", names)

    def has_parts(self) -> bool:
        """Whether anything was ever received."""
        if not self.path.exists():
            return False
        with self._opened() as con:
            return bool(con.execute("SELECT count(*) FROM parts").fetchone()[0])

    def _there(self) -> Iterator[tuple[str, Path | ObjectPath]]:
        """Yield the parts of finished batches; what a killed ingest left is no part of anything."""
        finished = {(batch.day, batch.batch_id) for batch in self._lake.batches()}
        for path, batch in self._lake.parts(NOT_COMPUTED):
            if (batch.day, batch.batch_id) in finished:
                yield path.relative_to(self._lake.root).as_posix(), path

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            con = _connected(self.path)
        except sqlite3.DatabaseError:  # damaged: nobody can say what was noted, and what is there is noted again
            self.path.unlink()
            con = _connected(self.path)
        with contextlib.closing(con), con:
            yield con


def _connected(path: Path) -> sqlite3.Connection:
    con = sqlite3.connect(path, timeout=60)
    try:
        con.execute(_SCHEMA)
        con.execute("SELECT count(*) FROM parts").fetchone()
    except BaseException:
        con.close()
        raise
    return con


def _known(con: sqlite3.Connection) -> dict[str, tuple[int, int, str]]:
    return {name: (size, time, sha256) for name, size, time, sha256 in con.execute("SELECT * FROM parts")}


def _is_altered(path: Path | ObjectPath, noted: tuple[int, int, str], is_thorough: bool) -> bool:
    stat = path.stat()
    if stat.st_size != noted[0]:
        return True
    return (is_thorough or stat.st_mtime_ns != noted[1]) and _sha256(path) != noted[2]


def _sha256(path: Path | ObjectPath) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # a failing disk: whatever was noted, this is not it
        return ""
