"""The warehouse file as a file: whether it opens, waiting for it, removing it.

Covers what may be wrong with the file. For what is in it, see sql/; for when it has to be made again, see
orchestration/build_state.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import duckdb

_FREE_SECONDS = 60.0
_DAMAGE = re.compile(
    r"checksum|corrupt|not a valid duckdb|could not read enough bytes|serialization ?error|replaying the WAL",
    re.IGNORECASE,
)


def is_damage(message: str) -> bool:
    """Whether DuckDB says by this that the file itself is broken, and not what was asked of it."""
    return _DAMAGE.search(message) is not None


def damage(path: Path) -> str | None:
    """Return what is broken about a file, or None; that it is held by another program or kept from us is no damage."""
    if not path.exists():
        return "its log is there without it" if _log(path).exists() else None
    try:
        with duckdb.connect(path) as con:
            tables = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    except duckdb.Error as error:
        told = " ".join(str(error).split())
        return told if is_damage(told) else None
    return None if tables else "it is empty"


def discard(path: Path) -> None:
    """Remove the file and its write-ahead log, which would be played onto the next one."""
    path.unlink(missing_ok=True)
    _log(path).unlink(missing_ok=True)


def wait_until_free(path: Path, seconds: float = _FREE_SECONDS) -> None:
    """Wait until no other process holds the file: dbt may outlive a run that was killed.

    Raises:
        RuntimeError: it is still held after that time, or cannot be opened.
    """
    if not path.exists():
        return
    deadline = time.monotonic() + seconds
    while True:
        try:
            duckdb.connect(path).close()
            return
        except duckdb.IOException as error:
            told = " ".join(str(error).split())
            if not _is_held(error):
                raise RuntimeError(f"{path} cannot be opened for writing ({told}): check who may write there") from None
            if time.monotonic() > deadline:
                raise RuntimeError(f"{path} is held by another program; close it and run again ({told})") from None
            time.sleep(0.5)


def _is_held(error: duckdb.Error) -> bool:
    return isinstance(error, duckdb.IOException) and "lock" in str(error).lower()


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
