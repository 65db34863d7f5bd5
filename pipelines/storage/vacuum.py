"""Room: what nothing refers to any more, and databases with free pages.

Covers which files of the data folder those are, removing and compacting them. For which runs Dagster is to forget, see
commands/vacuum; for what is taken down, see storage/takedowns.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.settings import Settings
from pipelines.storage.lake import Lake
from pipelines.storage.object_paths import ObjectPath, place


def size_of(path: Path | str) -> int:
    """Return the bytes of a file, or of all files below a folder or a URL; 0 if there is none."""
    path = place(path)
    if isinstance(path, ObjectPath):
        return sum(found.st_size for found in path.listed().values())
    files = [path] if path.is_file() else (p for p in path.rglob("*") if p.is_file())
    total = 0
    for file in files:
        with contextlib.suppress(FileNotFoundError):  # a run removes its own files meanwhile
            total += file.stat().st_size
    return total


def leftovers(settings: Settings) -> Iterator[Path]:
    """Yield what killed runs and tools left behind: unfinished files, spilled data, logs of dbt."""
    yield from Lake(settings.lake_dir).unfinished()
    yield from (settings.data_dir / "state").glob(".*")
    yield from settings.published.parent.glob(f".{settings.published.name}.*")
    yield from settings.published.parent.glob("exports/[0-9]*T[0-9]*Z")  # publications once exported every relation
    yield from settings.data_dir.rglob("*.duckdb.tmp")
    yield from settings.dbt_dir.rglob("dbt.log*")


def remove(paths: Iterable[Path]) -> int:
    """Remove files and folders; return how many bytes they held."""
    freed = 0
    for path in paths:
        freed += size_of(path)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return freed


def remove_run_files(dagster_home: Path, run_ids: Iterable[str]) -> int:
    """Remove the files of runs that Dagster has deleted: it leaves their emptied databases and what they printed."""
    return remove(
        place
        for run_id in run_ids
        for place in (dagster_home / "history" / "runs" / f"{run_id}.db", dagster_home / "storage" / run_id)
        if place.exists()
    )


def compact(dagster_home: Path) -> int:
    """Compact Dagster's databases, so that no free page is left in them; return how many bytes that freed."""
    before = size_of(dagster_home)
    for database in dagster_home.rglob("*.db"):
        with contextlib.closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as con:
            con.execute("VACUUM")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before - size_of(dagster_home)
