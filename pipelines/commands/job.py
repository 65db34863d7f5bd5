"""The Dagster job in this process: what `run`, `rebuild` and the demo share.

Covers starting the job and turning its failure into one message.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines import progress
from pipelines.orchestration.home import dagster_home
from pipelines.settings import Settings, SettingsError
from pipelines.storage.lake import Lake

_INGEST_ONLY = ("raw_documents", "sightings", "pipeline_runs")


@dataclass(frozen=True)
class RunResult:
    """What a run did.

    Attributes:
        run_id: Its id in Dagster and in ops.pipeline_runs.
        is_published: A new file was published.
        error: Why it failed, in a line or more; None if it did not.
    """

    run_id: str
    is_published: bool
    error: str | None


def execute(
    settings: Settings,
    day: date,
    *,
    inputs: Sequence[str] = (),
    force: bool = False,
    ingest_only: bool = False,
    rebuild: bool = False,
    batches: Sequence[str] | None = None,
    accept_loss: bool = False,
) -> RunResult:
    """Run the job for a day.

    Args:
        settings: The settings.
        day: The ingest day.
        inputs: Files and folders to take in.
        force: Compute again what did not change.
        ingest_only: Stop after the raw documents.
        rebuild: Make the warehouse from scratch, with every day that has records.
        batches: Read these batches again, and no others, whatever has changed; None: whatever is due.
        accept_loss: Go on, and publish, though something that was there is lost.

    Raises:
        NewerLakeError: a newer version of OnRecord has written to the data folder; nothing is done.
    """
    if day < settings.first_day:
        raise SettingsError(f"the ingest day {day} is before {settings.first_day}: set ONRECORD_FIRST_DAY")
    Lake(settings.lake_dir).refuse_newer()  # before Dagster writes down that there was a run
    dagster_home(settings)
    os.environ["ONRECORD_DATA_DIR"] = str(settings.data_dir)
    from pipelines.orchestration import dbt

    dbt.prepare()
    import dagster as dg

    from pipelines.definitions import defs
    from pipelines.orchestration.dead_runs import PROCESS_TAG, this_process
    from pipelines.orchestration.failures import why
    from pipelines.orchestration.project import ACCEPT_LOSS_TAG, BATCHES_TAG, FORCE_TAG, REBUILD_TAG
    from pipelines.orchestration.triggers import JOB_NAME

    asked = {FORCE_TAG: force, REBUILD_TAG: rebuild, ACCEPT_LOSS_TAG: accept_loss}
    tags = {tag: str(is_set).lower() for tag, is_set in asked.items()} | {PROCESS_TAG: this_process()}
    if batches is not None:
        tags[BATCHES_TAG] = ",".join(batches)
    # A skipped step's checks are no news, and what dbt prints stands in its log.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    with dg.DagsterInstance.get() as instance, _quiet(), progress.on_terminal():
        result = defs.resolve_job_def(JOB_NAME).execute_in_process(
            partition_key=day.isoformat(),
            tags=tags,
            instance=instance,
            raise_on_error=False,
            asset_selection=[dg.AssetKey(["lake", name]) for name in _INGEST_ONLY] if ingest_only else None,
            run_config=_config(inputs),
        )
        published = any(
            event.is_step_materialization and event.asset_key == dg.AssetKey(["published", "onrecord"])
            for event in result.all_events
        )
        return RunResult(result.run_id, published, None if result.success else why(result.all_events))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def _config(inputs: Sequence[str]) -> dict[str, object]:
    """Return the configuration of a run: what it reads, and nothing of Dagster's on the terminal."""
    return {
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "ops": {"raw_documents": {"config": {"inputs": list(inputs)}}},
    }
