"""Alerts: what somebody on duty has to know is told to ONRECORD_ALERT_URL.

Covers when, and what is said. For how it is sent, see orchestration/webhook; for what was told before, see
orchestration/sent_alerts; for what is found out at every tick, see orchestration/health.
"""

import socket
from collections.abc import Mapping

import dagster as dg

from pipelines.errors import counted
from pipelines.orchestration.dead_runs import close_dead_runs
from pipelines.orchestration.failures import JOBS, what_to_do, why
from pipelines.orchestration.health import standing
from pipelines.orchestration.project import utc_now
from pipelines.orchestration.sent_alerts import SentAlerts
from pipelines.orchestration.webhook import post
from pipelines.settings import load_settings

_MAX_CHARS = 2_000
_FAILURES = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
_STATUS = dg.DefaultSensorStatus.RUNNING if load_settings().alert_url else dg.DefaultSensorStatus.STOPPED
_WILL_RETRY = "dagster/will_retry"


@dg.run_failure_sensor(
    name="failed_runs", minimum_interval_seconds=60, default_status=_STATUS, monitor_all_code_locations=True
)
def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell of a run that failed, also one of the command line or one that was killed: why, and whether it is retried.

    The same failure again is told once a day: a feed that is asked for every five minutes fails as often.
    """
    if context.dagster_run.job_name not in JOBS:
        return dg.SkipReason("not a run of ours")
    reason = _why(context)
    event = "publication blocked" if "othing is published" in reason else "run failed"
    tags = _tags(context)
    # Dagster says so of runs of the command line, too, and then finds no code location to start them from.
    is_retried = tags.get(_WILL_RETRY) == "true" and context.dagster_run.remote_job_origin is not None
    follows = "It is tried once more by itself." if is_retried else f"It is not tried again: {what_to_do(reason)}."
    told = _tell(
        f"run:{context.dagster_run.job_name}", event, reason, f"{event}: {reason}\n{follows}",
        run_id=context.dagster_run.run_id, day=_day(tags), is_retried=is_retried,
    )  # fmt: skip
    return None if told else dg.SkipReason("told already, or no ONRECORD_ALERT_URL")


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS, name="failed_checks", minimum_interval_seconds=60, default_status=_STATUS,
    monitor_all_code_locations=True,
)  # fmt: skip
def failed_checks(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell of checks that warn, of a run that went well: each once, until what it says changes or a day has passed."""
    if context.dagster_run.job_name not in JOBS:
        return dg.SkipReason("not a run of ours")
    sent = SentAlerts(load_settings())
    sent.over(f"run:{context.dagster_run.job_name}", ())
    records = context.instance.get_records_for_run(
        context.dagster_run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    found = [r.event_log_entry.get_dagster_event().asset_check_evaluation_data for r in records]
    if not found:
        return dg.SkipReason("nothing was checked")
    broken = {f"check:{'.'.join(c.asset_key.path)}:{c.check_name}": c for c in found if not c.passed}
    sent.over("check:", broken)
    now = utc_now()
    new = {key: c for key, c in broken.items() if sent.is_news(key, c.description or "", now)}
    lines = [f"{'.'.join(c.asset_key.path)}: {c.check_name}: {c.description or ''}" for c in new.values()]
    if not lines:
        return dg.SkipReason("every check held, or was told already")
    _send("checks failed", "checks failed: " + "\n".join(lines), context.dagster_run.run_id, _day(_tags(context)))
    for key, c in new.items():
        sent.note(key, c.description or "", now)
    return None


@dg.sensor(name="watch", minimum_interval_seconds=120, default_status=dg.DefaultSensorStatus.RUNNING)
def watch(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look at what no run looks at: runs that were killed, sources that fell silent, the age of what is published."""
    closed = close_dead_runs(context.instance)
    settings, now = load_settings(), utc_now()
    found = standing(settings, now)
    SentAlerts(settings).over("standing:", (f"standing:{name}" for name in found))
    n_told = sum(_tell(f"standing:{name}", name, text, f"{name}: {text}") for name, text in found.items())
    return dg.SkipReason(
        f"{counted(len(closed), 'run')} closed; standing: {counted(len(found), 'warning')}, {n_told} told now"
    )


def _tell(
    key: str, event: str, words: str, text: str, *, run_id: str | None = None, day: str | None = None,
    is_retried: bool | None = None,
) -> bool:  # fmt: skip
    """Tell a standing warning if it is news; return whether it was told."""
    settings, now = load_settings(), utc_now()
    sent = SentAlerts(settings)
    if settings.alert_url is None or not sent.is_news(key, words, now):
        return False
    _send(event, text, run_id, day, is_retried)
    sent.note(key, words, now)
    return True


def _send(event: str, text: str, run_id: str | None, day: str | None, is_retried: bool | None = None) -> None:
    settings = load_settings()
    if settings.alert_url is None:
        return
    host, place = socket.gethostname(), settings.ui_url.rstrip("/")
    link = f"{place}/runs/{run_id}" if run_id else place
    said = f"OnRecord on {host}: {text}"[:_MAX_CHARS]
    message: dict[str, object] = {
        "text": f"{said}\n{link}", "event": event, "run_id": run_id, "day": day, "host": host,
        "data_dir": str(settings.data_dir), "link": link, "is_retried": is_retried,
    }  # fmt: skip
    post(settings.alert_url, message)


def _tags(context: dg.RunStatusSensorContext) -> Mapping[str, str]:
    """Return the tags of the run as they are now: Dagster adds whether it is tried again when it has failed."""
    run = context.instance.get_run_by_id(context.dagster_run.run_id)
    return {**context.dagster_run.tags, **(run.tags if run is not None else {})}


def _day(tags: Mapping[str, str]) -> str | None:
    """Return the day of a run, or the first and last of a range."""
    first, last = (tags.get(f"dagster/asset_partition_range_{end}") for end in ("start", "end"))
    return f"{first} to {last}" if first and last else tags.get("dagster/partition")


def _why(context: dg.RunFailureSensorContext) -> str:
    """Return why the run failed."""
    entries = context.instance.get_records_for_run(context.dagster_run.run_id, of_type=_FAILURES).records
    return why([e.event_log_entry.get_dagster_event() for e in entries] or [context.failure_event])
