"""When runs happen: the job, its daily schedule, and the sensor on the inbox.

Belongs here: triggers. Does not belong here: what a run does.
"""

import dagster as dg

from pipelines.defs.lake_assets import DAILY
from pipelines.defs.project import FORCE_TAG, utc_now
from pipelines.settings import load_settings

JOB_NAME = "onrecord"
_UNFORCED = {FORCE_TAG: "false"}
"""A run that begins after midnight may be of a past day, and nobody asked to compute that again."""

onrecord_job = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    description="From what the sources have to the published file, for one ingest day (or a range, in one run).",
    partitions_def=DAILY,
    executor_def=dg.in_process_executor,  # a process a step costs 40 s; heavy work has its own pool
    tags={"dagster/max_retries": "1"},
)


@dg.schedule(
    job=onrecord_job,
    cron_schedule="15 5 * * *",
    execution_timezone="UTC",
    name="daily",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Take in what the sources have, once a day; the run's partition is the day on which it begins."""
    day = context.scheduled_execution_time.date().isoformat()
    return dg.RunRequest(run_key=day, partition_key=day, tags=_UNFORCED)


@dg.sensor(job=onrecord_job, minimum_interval_seconds=30, name="inbox", default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start a run when the inbox holds a file that is newer than those of the last run."""
    inbox = load_settings().inbox
    # The time of change: a file that is moved in keeps the time at which it was written.
    newest = max((p.stat().st_ctime_ns for p in inbox.rglob("*") if p.is_file()), default=0) if inbox.is_dir() else 0
    if newest <= int(context.cursor or 0):
        return dg.SkipReason(f"nothing new in {inbox}")
    context.update_cursor(str(newest))
    return dg.RunRequest(run_key=f"inbox-{newest}", partition_key=utc_now().date().isoformat(), tags=_UNFORCED)
