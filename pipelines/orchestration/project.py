"""What every asset works on: settings, sources and the lake, under the run lock.

Covers the one resource, and which days a run has to do. For what was done so far, see orchestration/build_state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import dagster as dg
from pydantic import PrivateAttr

from pipelines.core.documents.takedown import Takedowns
from pipelines.orchestration.build_state import Progress
from pipelines.orchestration.dead_runs import KILLED, PROCESS_TAG, close_dead_runs, this_process
from pipelines.progress import say
from pipelines.settings import Settings, Sources, load_settings, load_sources
from pipelines.storage import takedowns
from pipelines.storage.lake import Batch, Lake
from pipelines.storage.lock import run_lock
from pipelines.storage.losses import log_accepted, note_lost_bytes
from pipelines.storage.manifest import LostPartsError, Manifest
from pipelines.storage.warehouse import damage, is_damage

FORCE_TAG = "onrecord/force"
"""'true': the run computes its days again even if nothing changed; 'false': it does not. Without the tag somebody
chose the days in the UI: then past ones are computed again, since that is all that can be asked of them."""

REBUILD_TAG = "onrecord/rebuild"
"""A run with this tag set to 'true' rebuilds the warehouse from scratch."""

ACCEPT_LOSS_TAG = "onrecord/accept_loss"
"""A run with this tag set to 'true' goes on, and publishes, though the lake or what follows from it has lost something;
what was lost is logged."""

BATCHES_TAG = "onrecord/batches"
"""Ids of batches, joined by commas: the run reads these again; anything else that is due waits for the next run."""
_LOSS_ACCEPTED = "its bytes are lost, and that was accepted (accepted_losses.jsonl)"
_IN_DAMAGED_PART = "the part of the lake that holds its bytes is damaged: put it back from a copy, and run again"


class Project(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The data folder, held by one run at a time. The lock is taken when the run begins and left with it."""

    _settings: Settings = PrivateAttr()
    _sources: Sources = PrivateAttr()
    _lake: Lake = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Project]:
        """Take the run lock, open the lake, and leave both when the run ends."""
        self._settings = load_settings()
        if context.instance is not None and context.dagster_run is not None:
            context.instance.add_run_tags(context.dagster_run.run_id, {PROCESS_TAG: this_process()})
        with run_lock(self._settings, say):
            _free_pools(context)
            _close_dead_runs(context)
            self._sources = load_sources(self._settings)
            self._lake = Lake(self._settings.lake_dir)
            self._refuse_lost_parts(context)
            self._lake.create()
            self._lake.remove_unfinished()
            self._discard_damaged()
            self._discard_damaged_parts(context)
            self._set_damaged_raw_aside()
            self._complete_takedowns()
            self.manifest.note()
            yield self
            self.manifest.note()

    def _refuse_lost_parts(self, context: dg.InitResourceContext) -> None:
        """Go no further where parts of the lake are missing, unless the run was told that they are: before any write.

        Raises:
            LostPartsError: what is missing, and how to go on.
        """
        found = self.manifest.difference()
        for name in () if takedowns.pending(self._lake, self.takedowns) else found.altered:
            say(f"warning: {self._lake.root / name} was changed, and not by a run")
        if not found.missing:
            return
        run = context.dagster_run
        if run is None or run.tags.get(ACCEPT_LOSS_TAG) != "true":
            raise LostPartsError(
                f"{found.in_words()}, for example {self._lake.root / found.missing[0]}: nothing was done, "
                "and the published file is as it was. Is a volume not mounted? Put them back from a copy and run "
                "again; or, if they are lost for good: onrecord run --accept-loss"
            )
        log_accepted(self._settings.data_dir, utc_now(), run.run_id, found.missing)
        note_lost_bytes(self._lake, self.takedowns.raw_ids, utc_now(), _LOSS_ACCEPTED)
        self.manifest.accept(found)
        say(f"{found.in_words()}; the loss is accepted and logged")

    def _discard_damaged_parts(self, context: dg.InitResourceContext) -> None:
        """Remove, in a rebuild, the computed parts that nobody can read."""
        if context.dagster_run is not None and context.dagster_run.tags.get(REBUILD_TAG) == "true":
            for part in self._lake.drop_damaged():
                say(f"{part} was damaged and is removed; its batch is computed again")

    def _set_damaged_raw_aside(self) -> None:
        """Let nobody read the raw parts that cannot be opened: the records in them are lost, and no others.

        In this order, so that a run that is killed meanwhile leaves nothing that the next one could not do again.
        """
        parts = self._lake.unopenable_raw()
        if parts:
            n_lost = note_lost_bytes(self._lake, self.takedowns.raw_ids, utc_now(), _IN_DAMAGED_PART, without=parts)
            say(f"warning: the bytes of {n_lost:,} records cannot be read; what was read of them before stays")
        for part in parts:
            self.manifest.forget([part])
            kept = self._lake.set_aside(part)
            say(f"warning: {part} is damaged and was set aside as {kept.name}; put it back from a copy, and run again")
        for part in self._lake.take_back():
            say(f"{part} was put back, and is part of the lake again")

    def _discard_damaged(self) -> None:
        """Remove what a killed run left of state files, and a warehouse that nobody can open."""
        for unfinished in (self._settings.data_dir / "state").rglob(".*"):
            unfinished.unlink()
        why = damage(self._settings.warehouse)
        if why is not None and self.progress.discard_warehouse():
            say(f"the warehouse was damaged and is removed ({why}): every day is built again")

    def _complete_takedowns(self) -> None:
        """Take out of the lake what was to be forgotten, and discard the warehouse, unless a run has done it all."""
        if takedowns.pending(self._lake, self.takedowns):
            takedowns.scrub(self._lake, self.takedowns)
            self.progress.discard_warehouse()
            say("an article is to be forgotten: the warehouse is made again without it")

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
    def takedowns(self) -> Takedowns:
        """What is to be forgotten, as the log says now."""
        return takedowns.load(self._settings)

    @property
    def progress(self) -> Progress:
        """What was built and published so far."""
        return Progress(self._settings, self._lake, self._sources)

    @property
    def manifest(self) -> Manifest:
        """What the lake has received."""
        return Manifest(self._settings)

    def refuse_damage(self, message: str) -> None:
        """Remove the warehouse and fail, if DuckDB says by this message that the file is broken."""
        if is_damage(message):
            self.progress.discard_warehouse()
            told = " ".join(message.split())
            raise dg.Failure(f"the warehouse was damaged and is removed ({told}): run again, and every day is built")

    def days(self, context: dg.AssetExecutionContext) -> list[date]:
        """Return the run's days that have records, and those that an earlier run left undone or did otherwise."""
        have = {batch.day for batch in self._lake.batches()}
        chosen = self.chosen_batches(context)
        if chosen is not None:
            due = self.progress.unbuilt_days(by_parts_alone=True) | self.progress.waiting_days()
            return sorted({batch.day for batch in chosen} | due)
        return sorted((self._asked(context) & have) | self.progress.unbuilt_days() | self.progress.waiting_days())

    def chosen_batches(self, context: dg.AssetExecutionContext) -> set[Batch] | None:
        """Return the batches that the run reads again; None: it reads whatever is due."""
        tag = context.run.tags.get(BATCHES_TAG)
        return None if tag is None else {b for b in self._lake.batches() if b.batch_id in tag.split(",")}

    def forced_days(self, context: dg.AssetExecutionContext) -> set[date]:
        """Return the run's days that are computed again from the raw documents though nothing changed."""
        tag = context.run.tags.get(FORCE_TAG)
        if tag is not None:
            return self._asked(context) if tag == "true" else set()
        return {day for day in self._asked(context) if day < utc_now().date()}

    def days_read_again(self, context: dg.AssetExecutionContext) -> set[date]:
        """Return the days that the run reads again because somebody asked for it."""
        return self.forced_days(context) | {batch.day for batch in self.chosen_batches(context) or ()}

    def _asked(self, context: dg.AssetExecutionContext) -> set[date]:
        """Return the days of the run's partitions; all that have records in a rebuild.

        A rebuild has one partition: Dagster plans an event for each asset and day of a range, minutes for a year.
        """
        if has_tag(context, REBUILD_TAG):
            return {batch.day for batch in self._lake.batches()}
        if not (context.has_partition_key or context.has_partition_key_range):
            return set()  # a step without days, run alone: the UI offers that of the publication
        return {date.fromisoformat(key) for key in context.partition_keys}


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


def _close_dead_runs(context: dg.InitResourceContext) -> None:
    """Close the runs that were killed, so that nothing waits for them and somebody is told."""
    if context.instance is not None:
        for run_id in close_dead_runs(context.instance, but=context.run_id or ""):
            say(f"run {run_id[:8]} is closed as failed: {KILLED}")


def has_tag(context: dg.AssetExecutionContext, tag: str) -> bool:
    """Whether one of our tags is set on the run."""
    return context.run.tags.get(tag) == "true"


def utc_now() -> datetime:
    """Return the clock, which core never reads itself."""
    return datetime.now(UTC)
