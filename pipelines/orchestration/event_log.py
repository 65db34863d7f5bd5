"""Dagster's event log, kept open: dagster.yaml names this class in place of Dagster's own.

Covers how the log's files are opened. For what dagster.yaml says, see home.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import StaticPool

_KEPT = 2
"""Files that stay open: the log of all assets, and that of the run that is at work. A daemon reads many in its life."""


class EventLog(SqliteEventLogStorage):
    """The same tables and events as Dagster's own, a transaction an event, in the same files.

    Dagster's own opens the file for each of the hundreds of events of a run, compiles each statement anew for it, and
    waits for the disk each time. Here a file is opened once. Other processes can read meanwhile. A crash of the machine
    may cost the last events of a run, never the file.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(str(Path(base_dir) / "history" / "runs"), inst_data)  # where Dagster has them by itself

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls, inst_data: ConfigurableClassData | None, config_value: dict[str, Any]
    ) -> EventLog:
        """Return the log of a Dagster home: `base_dir` in dagster.yaml."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        """Return a file's engine; the one that was used longest ago is closed for it."""
        engine = self._engines.pop(shard, None)
        if engine is None or not Path(self.path_for_shard(shard)).exists():  # a run's records may have been removed
            if engine is not None:
                engine.dispose()
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            self._initdb(engine)
            with engine.connect() as connection:
                connection.execute(text("PRAGMA synchronous = NORMAL"))
        self._engines[shard] = engine
        while len(self._engines) > _KEPT:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine

    def dispose(self) -> None:
        """Close the files."""
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()
