"""The published file as the pages read it: one question at a time, of the newest publication.

Covers opening it again when a publication replaced it, the time limit and keeping what was asked. For how it is locked,
see storage/published.py; for what is asked, see queries/.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.explore.sql_values import filled
from pipelines.storage.published import open_published, time_limit

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A query of a page, to be shown below it.

    Attributes:
        sql: As it ran.
        parameters: Its values.
        n_rows: Rows that it gave.
        seconds: How long it took.
    """

    sql: str
    parameters: dict[str, Any]
    n_rows: int
    seconds: float

    @property
    def whole(self) -> str:
        """The query with its values written into it."""
        return filled(self.sql, self.parameters)


@dataclass
class Ask:
    """Questions to one state of the file, by SQL with named parameters."""

    con: duckdb.DuckDBPyConnection
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, sql: str, **parameters: Any) -> list[Row]:  # noqa: ANN401  whatever DuckDB takes
        """Return the rows of a query, each by column name."""
        began = time.perf_counter()
        relation = self.con.execute(sql, parameters)
        names = [column[0] for column in relation.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
        self.note(sql, parameters, len(rows), began)
        return rows

    def note(self, sql: str, parameters: dict[str, Any], n_rows: int, began: float) -> None:
        """Keep a query that was asked from a moment of `time.perf_counter` until now, to be shown."""
        self.asked.append(Asked(sql, parameters, n_rows, time.perf_counter() - began))

    def one(self, sql: str, **parameters: Any) -> Row | None:  # noqa: ANN401
        """Return the first row of a query, or None."""
        rows = self(sql, **parameters)
        return rows[0] if rows else None


class PublishedFile:
    """The file under its name, whatever publication lies there.

    Pages take turns: a process can have one state of a file open, and a page takes milliseconds.
    """

    def __init__(self, path: Path, memory_limit: str, seconds: float) -> None:
        self.path = path
        self._memory_limit = memory_limit
        self._seconds = seconds
        self._lock = threading.Lock()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._opened: tuple[int, int] | None = None

    @contextlib.contextmanager
    def ask(self) -> Iterator[Ask]:
        """Yield questions to the newest publication.

        Raises:
            NotPublishedError: there is none yet.
            TooSlowError: the questions took longer than the limit.
        """
        with self._lock:
            con = self._current()
            with time_limit(con, self._seconds):
                yield Ask(con)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def _current(self) -> duckdb.DuckDBPyConnection:
        there = self._state()
        if self._con is None or there != self._opened:
            self._close()
            self._con = open_published(self.path, self._memory_limit)
            self._opened = there
        return self._con

    def _state(self) -> tuple[int, int] | None:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def _close(self) -> None:
        if self._con is not None:
            self._con.close()
        self._con = None
