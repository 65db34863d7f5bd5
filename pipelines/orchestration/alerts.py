"""Alerts: a run that failed, or whose checks warn, is told to ONRECORD_ALERT_URL.

Belongs here: when, and what is said. Does not belong here: how it is sent (orchestration/webhook).
"""

from collections.abc import Mapping

import dagster as dg

from pipelines.orchestration import weekly
from pipelines.orchestration.failures import why
from pipelines.orchestration.triggers import JOB_NAME
from pipelines.orchestration.webhook import post
from pipelines.settings import load_settings

_MAX_CHARS = 2_000
_JOBS = (JOB_NAME, weekly.JOB_NAME, "__ASSET_JOB")
"""Our jobs, and what Dagster calls the job of assets that are chosen in the UI, as in a backfill."""
_FAILURES = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
_STATUS = dg.DefaultSensorStatus.RUNNING if load_settings().alert_url else dg.DefaultSensorStatus.STOPPED


@dg.run_failure_sensor(name="failed_runs", default_status=_STATUS)
def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell of a run that failed, with what the failed step said."""
    return _tell(context, "run failed", _why(context))


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, name="failed_checks", default_status=_STATUS)
def failed_checks(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell of checks that did not hold in a run that went well otherwise: those that warn."""
    records = context.instance.get_records_for_run(
        context.dagster_run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    found = [r.event_log_entry.get_dagster_event().asset_check_evaluation_data for r in records]
    lines = [f"{'.'.join(c.asset_key.path)}: {c.check_name}: {c.description or ''}" for c in found if not c.passed]
    if not lines:
        return dg.SkipReason("every check held")
    return _tell(context, "checks failed", "\n".join(lines))


def _tell(context: dg.RunStatusSensorContext, event: str, detail: str) -> dg.SkipReason | None:
    url = load_settings().alert_url
    if context.dagster_run.job_name not in _JOBS or url is None:
        return dg.SkipReason("not a run of ours, or no ONRECORD_ALERT_URL")
    run = context.dagster_run
    text = f"OnRecord: {event}: {detail}"[:_MAX_CHARS]
    post(url, {"text": text, "event": event, "run_id": run.run_id, "day": _day(run.tags)})
    return None


def _day(tags: Mapping[str, str]) -> str | None:
    """Return the day of a run, or the first and last of a range."""
    first, last = (tags.get(f"dagster/asset_partition_range_{end}") for end in ("start", "end"))
    return f"{first} to {last}" if first and last else tags.get("dagster/partition")


def _why(context: dg.RunFailureSensorContext) -> str:
    """Return why the run failed."""
    entries = context.instance.get_records_for_run(context.dagster_run.run_id, of_type=_FAILURES).records
    return why([e.event_log_entry.get_dagster_event() for e in entries] or [context.failure_event])
