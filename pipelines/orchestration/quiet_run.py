"""A run that finds nothing new: it is over before Dagster is loaded, which takes longer than to look.

Covers telling that there is nothing to do, and accounting for what was met. Where there is any doubt the whole run is
started, and what is wrong is told by it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from pipelines.orchestration.build_state import Progress
from pipelines.orchestration.taking_in import Inputs
from pipelines.progress import say
from pipelines.settings import Settings, SettingsError, Sources
from pipelines.storage import takedowns
from pipelines.storage.lake import Lake
from pipelines.storage.lock import run_lock
from pipelines.storage.manifest import Difference, Manifest
from pipelines.storage.warehouse import damage


def quiet_run(settings: Settings, sources: Sources, day: date, paths: Sequence[Path | str]) -> str | None:
    """Take in what has not changed, and return the id of this run; None: there may be something to do.

    Args:
        settings: The settings.
        sources: The sources.
        day: The ingest day.
        paths: What is read.

    Raises:
        NewerLakeError: a newer version of OnRecord has written to the data folder.
    """
    lake = Lake(settings.lake_dir)
    lake.refuse_newer()
    if not paths or not settings.warehouse.exists() or not _has_ended_well(settings):
        return None
    inputs = Inputs(settings, sources, lake, paths)
    with run_lock(settings, say):
        try:
            if not _is_at_rest(settings, sources, lake, day) or inputs.has_news():
                return None
            run_id = str(uuid4())
            inputs.take_in(day, run_id, datetime.now(UTC), takedowns.load(settings))
        except (OSError, SettingsError):  # the run that follows meets it as well, and says so
            return None
        Manifest(settings).note()
        return run_id if Progress(settings, lake, sources).is_complete() else None


def _is_at_rest(settings: Settings, sources: Sources, lake: Lake, day: date) -> bool:
    """Whether all that was ever met is built and published, and nothing is lost, damaged or to be forgotten."""
    batches = lake.batches()
    return (
        bool(batches)
        and day >= batches[-1].day
        and Manifest(settings).difference() == Difference()
        and not any((settings.data_dir / "state").rglob(".*"))
        and not takedowns.pending(lake, takedowns.load(settings))
        and damage(settings.warehouse) is None
        and Progress(settings, lake, sources).is_complete()
    )


def _has_ended_well(settings: Settings) -> bool:
    """Whether the last run in Dagster's records succeeded: one that failed is followed by one that is recorded, too."""
    runs = settings.dagster_home / "history" / "runs.db"
    try:
        with closing(sqlite3.connect(f"{runs.as_uri()}?mode=ro", uri=True)) as con:
            row = con.execute("SELECT status FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error:
        return False
    return row is not None and row[0] == "SUCCESS"
