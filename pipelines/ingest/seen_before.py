"""What was met before: at each place the last bytes or refusal, all bytes ever, and which files need not be read.

Covers a digest of the lake's raw documents and sightings in one SQLite file, and its keeping up with them. It does not
cover what a record holds and writing the lake.

The lake is the truth. What it has and the digest lacks (a kill between the two) is taken over when the digest is
opened; a digest of something else, or a damaged one, is made again. So it may be removed at any time. Memory does
not follow the history: look-ups go to the file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pipelines.ingest.met_records import Mark, MetRecord
from pipelines.ingest.record_values import Start
from pipelines.storage.lake import Batch, Lake

_SHAPE = 1
_SCHEMA = """
CREATE TABLE batches (batch_id TEXT PRIMARY KEY, parts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE raw (raw_id BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE places (place BLOB PRIMARY KEY, raw_id BLOB, rule TEXT, detail TEXT, uri TEXT NOT NULL, number INTEGER,
                     reading INTEGER, seq INTEGER) WITHOUT ROWID;
CREATE INDEX of_reading ON places (reading, seq) WHERE reading IS NOT NULL;
CREATE TABLE files (file BLOB PRIMARY KEY, stamp TEXT NOT NULL, reading INTEGER NOT NULL, n_met INTEGER NOT NULL,
                    offset INTEGER, number INTEGER) WITHOUT ROWID;
CREATE INDEX files_of_reading ON files (reading);
"""
_SLICE = 1_000
_FILE = """
SELECT f.stamp, f.reading, f.n_met, f.offset, f.number, p.uri, p.number, p.raw_id, p.rule, p.detail
FROM files f JOIN places p ON p.reading = f.reading AND p.seq = 0 WHERE f.file = ?
"""
_RECORDS = "SELECT uri, number, raw_id, rule, detail FROM places WHERE reading = ? AND seq BETWEEN ? AND ? ORDER BY seq"


@dataclass(frozen=True)
class SeenFile:
    """A file that did not change since it was read, or was begun to be read.

    Attributes:
        source_name: The source that covers it.
        reading: Number of the reading.
        n_met: Records that were met in it.
        start: Where reading goes on; None: it was read to its end.
        first: Its first record, which most files have no more than.
    """

    source_name: str
    reading: int
    n_met: int
    start: Start | None
    first: MetRecord


class SeenBefore:
    """What was met before this run, kept up while it goes on: changes hold from the next `finish` on, or not at all."""

    def __init__(self, lake: Lake, folder: Path | None = None) -> None:
        """Open the digest and bring it up to the lake; it lies on this machine, by default in a folder of the lake.

        Raises:
            OSError: the disk is full or not writable.
        """
        self._lake = lake
        self.path = Path(folder or lake.root / "state") / "met.sqlite"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _told(self.path):
            try:
                self._open()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: nothing in it is not in the lake as well
                self._remove()
                self._open()

    def _open(self) -> None:
        self._con = sqlite3.connect(self.path, isolation_level=None, cached_statements=64)
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL",
                        "cache_size = -32000", "wal_autocheckpoint = 4000"):  # fmt: skip
            self._con.execute(f"PRAGMA {setting}")
        (shape,) = self._con.execute("PRAGMA user_version").fetchone()
        parts = self._lake.stamps()
        done = dict(self._con.execute("SELECT batch_id, parts FROM batches")) if shape == _SHAPE else {}
        if shape != _SHAPE or any(parts.get(batch_id) != told for batch_id, told in done.items()):
            self._con.close()
            self._remove()
            self._con = sqlite3.connect(self.path, isolation_level=None, cached_statements=64)
            self._con.executescript(f"PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; {_SCHEMA}")
            self._con.execute(f"PRAGMA user_version = {_SHAPE}")
            done = {}
        self._con.execute("BEGIN")
        for batch in self._lake.batches():
            if batch.batch_id not in done:
                self._take_over(batch, parts[batch.batch_id])
        self._con.execute("COMMIT")
        found = self._con.execute("SELECT max(coalesce((SELECT max(reading) FROM files), 0),"
                                  " coalesce((SELECT max(reading) FROM places), 0))").fetchone()  # fmt: skip
        self._reading = int(found[0])
        self._con.execute("BEGIN")

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _take_over(self, batch: Batch, parts: str) -> None:
        """Apply a batch of the lake: what was unchanged says nothing new."""
        columns = ["source_name", "source_uri", "record_no", "raw_id", "refusal_rule", "refusal_detail", "is_unchanged"]
        raw = self._lake.read("raw_documents", batches=[batch], columns=["raw_id"])["raw_id"]
        self._con.executemany("INSERT OR IGNORE INTO raw VALUES (?)", ((bytes.fromhex(r),) for r in raw))
        for name, uri, number, raw_id, rule, detail, is_unchanged in self._lake.read(
            "sightings", batches=[batch], columns=columns
        ).iter_rows():
            if not is_unchanged:
                place = _key(name, uri, number)
                self._forget_file_of(place)
                row = (place, bytes.fromhex(raw_id) if raw_id else None, rule, detail, uri, number, None, None)
                self._con.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._con.execute("INSERT INTO batches VALUES (?, ?)", (batch.batch_id, parts))

    def _forget_file_of(self, place: bytes) -> None:
        """Forget that a file was read, one of whose records is about to be replaced by what did not come with it."""
        self._con.execute("DELETE FROM files WHERE reading = (SELECT reading FROM places WHERE place = ?)", (place,))

    def __enter__(self) -> SeenBefore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(sqlite3.Error):  # what is not finished is not kept
            self._con.execute("ROLLBACK")
        self._con.close()

    # ---- records
    def is_new(self, raw_id: str) -> bool:
        """Whether the bytes were never met; they count as met from now on."""
        with _told(self.path):
            done = self._con.execute("INSERT OR IGNORE INTO raw VALUES (?)", (bytes.fromhex(raw_id),))
            return bool(done.rowcount)

    def is_unchanged(self, record: MetRecord, raw_id: str | None) -> bool:
        """Whether the last bytes (or the last refusal) at this place were the same; these are the last from now on."""
        if record.is_known:
            return True
        place, raw = _key(record.source_name, record.source_uri, record.record_no), raw_id and bytes.fromhex(raw_id)
        mark = record.mark
        with _told(self.path):
            was = self._con.execute("SELECT raw_id, rule FROM places WHERE place = ?", (place,)).fetchone()
            is_unchanged = bool(was == (raw, record.refusal_rule))
            if mark is not None and mark.seq == 0:
                file = _key(record.source_name, mark.file, None)
                self._con.execute("DELETE FROM files WHERE file = ?", (file,))
            if mark is None and not is_unchanged:
                self._forget_file_of(place)
            if not is_unchanged or mark is not None:
                where = (None, None) if mark is None else (mark.reading, mark.seq)
                row = (place, raw, record.refusal_rule, record.refusal_detail, record.source_uri, record.record_no)
                self._con.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, *where))
            if mark is not None:
                self._remember(record, mark)
        return is_unchanged

    def _remember(self, record: MetRecord, mark: Mark) -> None:
        """Note how far a file was read, where a later run can use it."""
        if mark.stamp is None or (not mark.is_last and mark.offset is None):
            return
        offset, number = (None, None) if mark.is_last else (mark.offset, record.record_no)
        row = (_key(record.source_name, mark.file, None), mark.stamp, mark.reading, mark.seq + 1, offset, number)
        self._con.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", row)

    def finish(self, batch: Batch) -> None:
        """Keep everything that was told so far: the batch is in the lake."""
        with _told(self.path):
            parts = self._lake.stamp(batch)
            self._con.execute("INSERT OR REPLACE INTO batches VALUES (?, ?)", (batch.batch_id, parts))
            self._con.execute("COMMIT")
            self._con.execute("BEGIN")

    # ---- files
    def next_reading(self) -> int:
        """Return the number of the next reading of a file."""
        self._reading += 1
        return self._reading

    def file(self, source_name: str, uri: str, stamp: str) -> SeenFile | None:
        """Return what is known of a file that is in the same state as when it was read."""
        with _told(self.path):
            row = self._con.execute(_FILE, (_key(source_name, uri, None),)).fetchone()
        if row is None or row[0] != stamp:
            return None
        start = None if row[3] is None else Start(row[3], row[4])
        return SeenFile(source_name, row[1], row[2], start, _met(source_name, *row[5:]))

    def records(self, file: SeenFile) -> Iterator[MetRecord]:
        """Yield the records of a file as they were met, in their order, without their bytes."""
        yield file.first
        for first in range(1, file.n_met, _SLICE):
            with _told(self.path):
                rows = self._con.execute(
                    _RECORDS, (file.reading, first, min(first + _SLICE, file.n_met) - 1)
                ).fetchall()
            for row in rows:
                yield _met(file.source_name, *row)


def _met(
    source_name: str, uri: str, number: int | None, raw_id: bytes | None, rule: str | None, detail: str | None
) -> MetRecord:
    """Return a record as it was met before."""
    raw = raw_id.hex() if raw_id is not None else None
    return MetRecord(source_name, uri, number, "", None, rule, detail, raw_id=raw, is_known=True)


def _key(source_name: str, uri: str, number: int | None) -> bytes:
    place = "\x1f".join((source_name, uri, "" if number is None else str(number)))
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).digest()[:16]


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the disk into the error that the disk would have given."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = {"SQLITE_FULL": errno.ENOSPC, "SQLITE_READONLY": errno.EROFS, "SQLITE_CANTOPEN": errno.EACCES}
        name = str(getattr(error, "sqlite_errorname", ""))
        number = next((c for known, c in code.items() if name.startswith(known)), errno.EIO)
        raise OSError(number, os.strerror(number), str(path)) from error
