"""What Dagster's records say of the last run and of the daemon.

For what it means, see health.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.orchestration.home import dagster_home, has_records
from pipelines.settings import Settings

_ALIVE_SECONDS = 90.0
"""The daemon notes that it is there every 30 seconds. Dagster's own probe counts it as alive for 30 minutes more."""
_LOOKED_AT = 25


@dataclass(frozen=True)
class LastRun:
    """The last run of ours. `why` and `what_to_do` are of one that failed or was killed; seconds are by step."""

    run_id: str
    status: str
    began_at: datetime
    why: str | None
    what_to_do: str | None
    seconds: dict[str, float]


@dataclass(frozen=True)
class Heard:
    """When the daemon was last heard of."""

    is_alive: bool
    seconds_ago: float


def last_run(settings: Settings) -> LastRun | None:
    """Return the last run of ours; None: there was none, or there is no record of any."""
    if not has_records(settings):
        return None
    dagster_home(settings)
    import dagster as dg

    from pipelines.orchestration.dead_runs import KILLED, dead_runs
    from pipelines.orchestration.failures import JOBS, STEPS, what_to_do, why

    with dg.DagsterInstance.get() as instance:
        records = instance.get_run_records(limit=_LOOKED_AT)
        record = next((r for r in records if r.dagster_run.job_name in JOBS), None)
        if record is None:
            return None
        run, reason = record.dagster_run, None
        if run.run_id in {dead.run_id for dead in dead_runs(instance)}:
            reason = KILLED
        elif run.status == dg.DagsterRunStatus.FAILURE:
            kinds = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
            found = instance.get_records_for_run(run.run_id, of_type=kinds).records
            reason = why(e.event_log_entry.get_dagster_event() for e in found)
        steps = instance.get_run_step_stats(run.run_id)
        seconds = {STEPS.get(s.step_key, s.step_key): round(s.end_time - s.start_time, 3)
                   for s in steps if s.start_time and s.end_time}  # fmt: skip
    began = record.create_timestamp.astimezone(UTC)
    return LastRun(run.run_id, run.status.value, began, reason, reason and what_to_do(reason), seconds)


def heard(settings: Settings, now: datetime) -> Heard | None:
    """Return when the daemon was last heard of; None: never."""
    if not has_records(settings):
        return None
    dagster_home(settings)
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        last = max((beat.timestamp for beat in instance.get_daemon_heartbeats().values()), default=None)
    if last is None:
        return None
    ago = max(now.timestamp() - last, 0.0)
    return Heard(ago <= _ALIVE_SECONDS, round(ago, 1))
