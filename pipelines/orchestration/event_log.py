"""Dagster's event log, kept open while a run writes it.

Covers how the log's files are opened. For where it lies, see commands/job. It does not cover what is logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import StaticPool


@contextmanager
def kept_open() -> Iterator[None]:
    """Let every event log of this process keep its files open, and close them in the end.

    Dagster's own opens the file for each of the hundreds of events of a run, compiles each statement again for it, and
    waits for the disk each time. Here a file is opened once. Nothing else changes: the same tables, a transaction an
    event, and other processes can read meanwhile. A crash of the machine may cost the last events of a run, never the
    file.
    """
    engines: dict[str, Engine] = {}

    @contextmanager
    def connect(self: SqliteEventLogStorage, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            address = self.conn_string_for_shard(shard)
            if address not in engines:
                engine = create_engine(
                    address,
                    poolclass=StaticPool,
                    connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
                )
                opened.callback(engine.dispose)
                self._initdb(engine)
                with engine.connect() as connection:
                    connection.execute(text("PRAGMA synchronous = NORMAL"))
                engines[address] = engine
            with engines[address].begin() as connection:
                yield connection

    own = SqliteEventLogStorage._connect
    with ExitStack() as opened:
        opened.callback(setattr, SqliteEventLogStorage, "_connect", own)
        SqliteEventLogStorage._connect = connect  # type: ignore[method-assign]
        yield
