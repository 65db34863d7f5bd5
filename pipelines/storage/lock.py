"""The run lock: one writer at a time on a data folder and, where the settings name a database, on a lake.

Covers taking and leaving the lock.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256

from pipelines.settings import Settings, SettingsError

_HOLDER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = %s
"""


@contextmanager
def run_lock(settings: Settings, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the data folder's lock, and the lake's; wait for another run to leave them, after saying so in one line.

    The locks belong to the open file and to the connection, so they go with the process, also with one that was killed.

    Raises:
        SettingsError: the database cannot be reached.
    """
    with _lock_of_folder(settings, say):
        if settings.postgres is None:
            yield
        else:
            with _lock_of_lake(settings.postgres, str(settings.lake_dir), say):
                yield


@contextmanager
def _lock_of_folder(settings: Settings, say: Callable[[str], None]) -> Iterator[None]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / ".run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            say(f"another run (process {holder}) is working on {settings.data_dir}; waiting for it to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _lock_of_lake(postgres: str, lake: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold an advisory lock in the database; it goes with the connection, so a server that restarts lets others in."""
    try:
        import psycopg2
    except ImportError:
        raise SettingsError("ONRECORD_POSTGRES needs the extra: pip install 'onrecord[cluster]'") from None
    key = int.from_bytes(sha256(lake.encode()).digest()[:8], signed=False) >> 1
    name = f"onrecord {socket.gethostname()}:{os.getpid()}"
    try:
        con = psycopg2.connect(postgres, application_name=name, keepalives_idle=60)
    except psycopg2.OperationalError as error:
        raise SettingsError(f"ONRECORD_POSTGRES={postgres}: {' '.join(str(error).split())}") from None
    try:
        con.autocommit = True
        with con.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if cursor.fetchone() == (False,):
                cursor.execute(_HOLDER, [key])
                (holder,) = cursor.fetchone() or ("unknown",)
                say(f"another run ({holder.removeprefix('onrecord ')}) is working on {lake}; waiting for it to end")
                cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        yield
    finally:
        with suppress(psycopg2.Error):
            con.close()
