"""The Dagster job in this process: what `run`, `rebuild` and the demo share.

Belongs here: Dagster's home, starting the job, turning its failure into one message. Does not belong
here: what is printed.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines import progress
from pipelines.errors import in_words
from pipelines.settings import Settings, SettingsError
from pipelines.storage.atomic_files import replacing

_STEPS = {
    "raw_documents": "ingest", "article_versions": "parse", "statements": "extract", "entities": "resolve",
    "warehouse": "build", "great_expectations": "check", "published__onrecord": "publish",
}  # fmt: skip
"""What a step is called in the progress, by its key."""
_INGEST_ONLY = ("raw_documents", "sightings", "pipeline_runs")
_DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1  # the warehouse takes one writer
run_retries:
  enabled: true
  retry_on_asset_or_op_failure: false  # a step that failed fails again; a process that was killed need not
"""


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


def dagster_home(settings: Settings) -> str:
    """Create Dagster's home if need be, make it the environment's, and return it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        with replacing(config) as unfinished:
            unfinished.write_text(_DAGSTER_YAML)
    os.environ["DAGSTER_HOME"] = str(home)
    return str(home)


def execute(
    settings: Settings,
    day: date,
    *,
    inputs: Sequence[str] = (),
    force: bool = False,
    ingest_only: bool = False,
    rebuild: bool = False,
    batches: Sequence[str] | None = None,
) -> RunResult:
    """Run the job for a day.

    Args:
        settings: The settings.
        day: The ingest day.
        inputs: Files and folders to take in.
        force: Compute again what did not change.
        ingest_only: Stop after the raw documents.
        rebuild: Make the warehouse from nothing, with every day that has records.
        batches: Read these batches again, and no others, whatever has changed; None: whatever is due.
    """
    if day < settings.first_day:
        raise SettingsError(f"the ingest day {day} is before {settings.first_day}: set ONRECORD_FIRST_DAY")
    dagster_home(settings)
    os.environ["ONRECORD_DATA_DIR"] = str(settings.data_dir)
    import dagster as dg

    from pipelines.definitions import defs
    from pipelines.orchestration.event_log import kept_open
    from pipelines.orchestration.project import BATCHES_TAG, FORCE_TAG, REBUILD_TAG
    from pipelines.orchestration.triggers import JOB_NAME

    tags = {tag: str(is_set).lower() for tag, is_set in ((FORCE_TAG, force), (REBUILD_TAG, rebuild))}
    if batches is not None:
        tags[BATCHES_TAG] = ",".join(batches)
    # A skipped step's checks are no news, and what dbt prints stands in its log.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    with kept_open(), dg.DagsterInstance.get() as instance, _quiet(), progress.on_terminal():
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
        return RunResult(result.run_id, published, None if result.success else _why(result))


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


def _why(result: object) -> str:
    """Return the message of the step that failed, without Dagster's frame round it."""
    last = "the run failed; `onrecord ui` shows why"
    for event in result.all_events:  # type: ignore[attr-defined]
        if event.is_step_failure and (told := _of_step(event)):
            return told
        if event.is_failure and event.message:
            last = str(event.message)
    return last


def _of_step(event: Any) -> str | None:  # noqa: ANN401  Dagster's event, which is imported late
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{_STEPS.get(event.step_key, event.step_key)}: {in_words(error.message)}" if error is not None else None
