"""What every asset works on: settings, sources and the lake, under the run lock.

Belongs here: the one resource, and which days a run has to do. Does not belong here: the work.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from pipelines.core.tables import contract_sha256
from pipelines.defs.check_results import stored
from pipelines.io.corrections import corrections_sha256
from pipelines.io.lake import Lake
from pipelines.io.lock import run_lock
from pipelines.settings import Settings, Sources, load_settings, load_sources

FORCE_TAG = "onrecord/force"
"""A run with this tag set to 'true' computes its days again even if nothing changed."""

REBUILD_TAG = "onrecord/rebuild"
"""A run with this tag set to 'true' makes the warehouse from nothing."""


class Project(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The data folder, held by one run at a time. The lock is taken when the run begins and left with it."""

    _settings: Settings = PrivateAttr()
    _sources: Sources = PrivateAttr()
    _lake: Lake = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Project]:
        """Take the run lock, open the lake, and leave both when the run ends."""
        self._settings = load_settings()
        with run_lock(self._settings.data_dir, _say):
            _free_pools(context)
            self._sources = load_sources(self._settings)
            self._lake = Lake(self._settings.lake_dir)
            self._lake.create()
            self._lake.remove_unfinished()
            yield self

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self._settings

    @property
    def sources(self) -> Sources:
        """The sources."""
        return self._sources

    @property
    def lake(self) -> Lake:
        """The lake."""
        return self._lake

    @property
    def progress(self) -> Progress:
        """What was built and published so far."""
        return Progress(self._settings, self._lake)

    def days(self, context: dg.AssetExecutionContext) -> list[date]:
        """Return the run's days that have records, and earlier ones that a cut-off run left undone."""
        asked = {date.fromisoformat(key) for key in context.partition_keys}
        have = {batch.day for batch in self._lake.batches()}
        return sorted((asked & have) | self.progress.unbuilt_days())


class Progress:
    """Which days are built and which of these are published: fingerprints of their lake parts, in two files."""

    def __init__(self, settings: Settings, lake: Lake) -> None:
        self._settings = settings
        self._lake = lake
        self._built = settings.data_dir / "state" / "built.json"
        self._published = settings.data_dir / "state" / "published.json"

    def unbuilt_days(self) -> set[date]:
        """Return the days whose parts changed since they were built; all of them if the warehouse is gone.

        So they are if corrections or the user's reference data changed: these decide who is who in every article.
        """
        corrected = _load(self._built).get("corrections", "") != corrections_sha256(self._settings)
        built = {} if corrected or self.needs_new_warehouse() else _days_of(self._built)
        return _differing(self._lake.fingerprints(), built)

    def needs_new_warehouse(self) -> bool:
        """Whether there is no warehouse, or one that was made under other column contracts."""
        return not self._settings.warehouse.exists() or _load(self._built).get("contract") != contract_sha256()

    def unpublished_days(self) -> set[date]:
        """Return the days that were built since the last publication."""
        published = _days_of(self._published) if self._settings.published.exists() else {}
        return _differing(_days_of(self._built), published)

    def is_complete(self) -> bool:
        """Whether everything in the lake is built and published."""
        return not self.unbuilt_days() and not self.unpublished_days()

    def mark_built(self) -> None:
        """Record that the warehouse holds every day as the lake has it now."""
        made_by = {"contract": contract_sha256(), "corrections": corrections_sha256(self._settings)}
        _store(self._built, {**made_by, "days": self._lake.fingerprints()})

    def why_not_publish(self) -> str | None:
        """Return why the warehouse must not be published, or None: its checks ran after it was built, and held."""
        checked = self._settings.data_dir / "state" / "checks_great_expectations.parquet"
        if not checked.exists() or not self._built.exists() or checked.stat().st_mtime < self._built.stat().st_mtime:
            return "the warehouse was not checked since it was built: run the whole job"
        broken = stored(self._settings).filter(~pl.col("passed") & (pl.col("severity") == "block"))
        return f"{broken.height} blocking checks did not hold: run the whole job" if broken.height else None

    def mark_published(self) -> None:
        """Record that the published file is the warehouse as built."""
        _store(self._published, _load(self._built))


def _free_pools(context: dg.InitResourceContext) -> None:
    """Give back what killed runs hold of a pool, which the next run would wait for without end.

    Under the run lock nobody else is at work, so that every holder but this run is gone.
    """
    if context.instance is None:
        return
    storage = context.instance.event_log_storage
    for pool in storage.get_concurrency_keys():
        for run_id in {slot.run_id for slot in storage.get_concurrency_info(pool).claimed_slots}:
            if run_id != context.run_id:
                storage.free_concurrency_slots_for_run(run_id)


def _say(line: str) -> None:
    """Tell the person at the terminal; Dagster's log would keep it until the run has ended."""
    print(f"onrecord: {line}", file=sys.stderr, flush=True)


def _differing(now: Mapping[str, str], then: Mapping[str, str]) -> set[date]:
    return {date.fromisoformat(day) for day in now.keys() | then.keys() if now.get(day) != then.get(day)}


def _load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _days_of(path: Path) -> dict[str, str]:
    return dict(_load(path).get("days", {}))


def _store(path: Path, value: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_text(json.dumps(value, indent=1, sort_keys=True))
    unfinished.replace(path)


def has_tag(context: dg.AssetExecutionContext, tag: str) -> bool:
    """Whether one of our tags is set on the run."""
    return context.run.tags.get(tag) == "true"


def is_forced(context: dg.AssetExecutionContext) -> bool:
    """Whether the run computes again what has not changed."""
    return has_tag(context, FORCE_TAG)


def utc_now() -> datetime:
    """Return the clock, which core never reads itself."""
    return datetime.now(UTC)
