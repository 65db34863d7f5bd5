"""When runs happen: the jobs, their schedules, the sensors on inbox, feeds and sitemaps, and on runs of parts.

It does not cover what a run does.
"""

import hashlib
import json
from datetime import timedelta

import dagster as dg

from pipelines.ingest import inbox
from pipelines.orchestration.asset_specs import DAILY, PUBLISHED
from pipelines.orchestration.build_state import Progress
from pipelines.orchestration.project import FORCE_TAG, utc_now
from pipelines.orchestration.weekly import everything_job
from pipelines.settings import SettingsError, load_settings, load_sources
from pipelines.storage.lake import Lake

JOB_NAME = "onrecord"
_UNFORCED = {FORCE_TAG: "false"}
"""A run that begins after midnight may be of a past day, and nobody asked to compute that again."""

_AT_WORK = (
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
)  # fmt: skip
_LONGEST_RUN = timedelta(hours=6)
"""A run that was killed stays at work in Dagster's records: after this time it is not waited for."""

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
    description="Take in what the sources have, once a day, and publish it.",
)
def daily(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Take in what the sources have, once a day; the run's partition is the day on which it begins."""
    day = context.scheduled_execution_time.date().isoformat()
    return dg.RunRequest(run_key=day, partition_key=day, tags=_UNFORCED)


weekly = dg.ScheduleDefinition(
    job=everything_job,
    cron_schedule="15 2 * * 0",
    execution_timezone="UTC",
    name="weekly",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Check every row of the warehouse, once a week.",
)


@dg.sensor(job=onrecord_job, minimum_interval_seconds=30, name="inbox", default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start a run when the inbox holds a whole file that was not taken in as it is now.

    Whatever a clock says: what waits is told by the list of what was taken in, and asked for once.
    """
    settings = load_settings()
    waiting = inbox.pending(settings.inbox, settings.inbox_settle_seconds)
    state = hashlib.sha256("\n".join(waiting).encode()).hexdigest()[:16] if waiting else ""
    if state == (context.cursor or "") or not waiting:
        context.update_cursor(state)
        return dg.SkipReason(f"nothing new in {settings.inbox}")
    context.update_cursor(state)
    day = utc_now().date().isoformat()
    return dg.RunRequest(run_key=f"inbox-{state}-{utc_now().timestamp():.0f}", partition_key=day, tags=_UNFORCED)


@dg.sensor(job=onrecord_job, minimum_interval_seconds=60, name="feeds", default_status=dg.DefaultSensorStatus.RUNNING)
def feeds_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start a run for the feeds and sitemaps whose time has come (`every_minutes` of their source).

    While a run that it started is not over, it starts none: runs that take longer than the interval do not pile up.
    """
    try:
        sources = load_sources(load_settings()).sources
    except SettingsError as error:
        return dg.SkipReason(str(error))
    fetched = [s for s in sources if s.feed or s.sitemap]
    if not fetched:
        return dg.SkipReason("no source is a feed or a sitemap")
    now = utc_now()
    asked: dict[str, float] = json.loads(context.cursor) if context.cursor else {}
    due = [s for s in fetched if abs(now.timestamp() - asked.get(s.name, 0.0)) >= s.every_minutes * 60]
    if not due:
        return dg.SkipReason("no source's time has come")
    mine = dg.RunsFilter(
        statuses=list(_AT_WORK), tags={"dagster/sensor_name": context.sensor_name}, created_after=now - _LONGEST_RUN
    )
    if context.instance.get_runs_count(mine):
        return dg.SkipReason("the run for the last feeds and sitemaps is not over")
    kept = {s.name: asked[s.name] for s in fetched if s.name in asked}
    context.update_cursor(json.dumps(kept | {s.name: now.timestamp() for s in due}, sort_keys=True))
    addresses = [address for s in due for address in (*s.feed, *s.sitemap)]
    return dg.RunRequest(
        run_key=f"feeds-{now.isoformat(timespec='seconds')}",
        partition_key=now.date().isoformat(),
        run_config={"ops": {"raw_documents": {"config": {"inputs": addresses}}}},
        tags=_UNFORCED,
    )


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS, request_job=onrecord_job, name="downstream",
    minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING,
)  # fmt: skip
def downstream_sensor(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """After a run that computed only some assets, run the job, which does the rest.

    Not by an automation condition for each asset: checks and publication belong to one state of the warehouse, so
    that whatever has changed is built, checked and published in one run.
    """
    done = context.dagster_run.asset_selection
    if done is None or PUBLISHED in done:
        return dg.SkipReason("the run went on to the publication")
    settings = load_settings()
    lake = Lake(settings.lake_dir)
    if not lake.batches() or Progress(settings, lake, load_sources(settings)).is_complete():
        return dg.SkipReason("nothing is left undone")
    day = utc_now().date().isoformat()
    return dg.RunRequest(run_key=f"after-{context.dagster_run.run_id}", partition_key=day, tags=_UNFORCED)
