"""Ingest: what the sources have now becomes raw documents and sightings.

Covers which inputs a run reads, and whether anything follows.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field

from pipelines import progress
from pipelines.errors import counted
from pipelines.orchestration.asset_specs import SINGLE_RUN, results, spec
from pipelines.orchestration.project import REBUILD_TAG, Project, has_tag, utc_now
from pipelines.orchestration.taking_in import Inputs

TABLES = ("raw_documents", "sightings", "pipeline_runs")
PASSING = frozenset({errno.EAGAIN, errno.EBUSY, errno.EIO, errno.ENETDOWN, errno.ENETUNREACH, errno.ESTALE,
                     errno.ETIMEDOUT})  # fmt: skip
"""What a disk or a network share may say once and not again. Nothing else is better at the next try."""
_RETRIES, _WAIT_SECONDS = 2, 2.0


class IngestConfig(dg.Config):
    """What a run reads."""

    inputs: list[str] = Field(default_factory=list)
    """Files, folders, web addresses, URLs of object stores; empty: the sources and the inbox, on today's partition."""


@dg.multi_asset(
    specs=[spec("lake", name, "ingest", skippable=True) for name in TABLES],
    backfill_policy=SINGLE_RUN,
)
def raw_documents(
    context: dg.AssetExecutionContext, config: IngestConfig, project: Project
) -> Iterator[dg.MaterializeResult]:
    """Store what was met. If nothing is new and nothing is left undone, the steps that follow are skipped."""
    paths: list[Path | str] = list(config.inputs) or _inputs_of_sources(context, project)
    if paths:
        now, day = utc_now(), date.fromisoformat(context.partition_keys[-1])
        if day > now.date():
            raise dg.Failure(f"the ingest day {day} has not come yet (it is {now.date()} UTC): nothing was done")
        inputs = Inputs(project.settings, project.sources, project.lake, paths)
        with _retried():
            done = inputs.take_in(day, context.run_id, now, project.takedowns)
        context.log.info(f"{counted(done.n_seen, 'record')} met, {done.n_unchanged:,} of them unchanged")
        counts = {"raw_documents": done.n_new, "sightings": done.n_seen, "pipeline_runs": len(done.batches)}
    else:
        counts = dict.fromkeys(TABLES, 0)
    if project.forced_days(context) or project.chosen_batches(context) or not project.progress.is_complete():
        yield from results("lake", counts)
    else:
        context.log.info("nothing new: nothing is built")


@contextmanager
def _retried() -> Iterator[None]:
    """Ask for another try after an error that may pass."""
    try:
        yield
    except OSError as error:
        if error.errno in PASSING:
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=_WAIT_SECONDS) from error
        raise


def _inputs_of_sources(context: dg.AssetExecutionContext, project: Project) -> list[Path | str]:
    """Return the configured inputs; none on a past partition or in a rebuild, which compute from what was stored."""
    if context.partition_keys[-1] != utc_now().date().isoformat():
        return []
    if has_tag(context, REBUILD_TAG) or project.chosen_batches(context) is not None:
        return []
    for line in project.sources.unmatched():
        progress.say(f"warning: {line}")
    folder = project.settings.inbox
    paths = [*project.sources.inputs(), *([folder] if folder.is_dir() else [])]
    return [*(p.as_posix() for p in paths), *project.sources.addresses()]
