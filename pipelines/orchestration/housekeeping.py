"""Room, made by itself once a week: what nothing refers to any more, and Dagster's records of old runs.

Covers what `onrecord vacuum` and the weekly job share, and that job. For which files those are, see storage/vacuum.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from pipelines.orchestration.project import Project
from pipelines.settings import Settings
from pipelines.storage import vacuum
from pipelines.storage.publish import surplus_files

JOB_NAME = "vacuum"
OLDER_THAN_DAYS = 90
"""Age of the runs that Dagster forgets; the UI then shows their days as not materialized."""


def make_room(settings: Settings, instance: dg.DagsterInstance | None, older_than: int) -> dict[str, int]:
    """Remove what is not needed, under the run lock; return the bytes that this freed, by what it was.

    Args:
        settings: The settings.
        instance: Dagster's records; None: there are none.
        older_than: Age in days of the runs that Dagster forgets.
    """
    if settings.ducklake is not None:
        from pipelines.storage.ducklake import expire_snapshots  # of the extra `cluster`

        expire_snapshots(settings, settings.keep_published)
    return {
        "what killed runs and tools left": vacuum.remove(vacuum.leftovers(settings)),
        "earlier published files": vacuum.remove(surplus_files(settings.published, settings.keep_published)),
        f"Dagster's records of runs of more than {older_than} days ago": _forget_runs(settings, instance, older_than),
    }


def _forget_runs(settings: Settings, instance: dg.DagsterInstance | None, older_than: int) -> int:
    """Delete Dagster's records of old runs; return how many bytes that freed."""
    if instance is None:
        return 0
    before = vacuum.size_of(settings.dagster_home)
    until = datetime.now(UTC) - timedelta(days=older_than)
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    old = instance.get_run_records(dg.RunsFilter(statuses=ended, created_before=until))
    for record in old:
        instance.delete_run(record.dagster_run.run_id)
    vacuum.remove_run_files(settings.dagster_home, [record.dagster_run.run_id for record in old])
    vacuum.compact(settings.dagster_home)
    return max(before - vacuum.size_of(settings.dagster_home), 0)


@dg.op(out=dg.Out(dg.Nothing))
def make_room_weekly(context: dg.OpExecutionContext, project: Project) -> None:
    """Make room, as `onrecord vacuum` does."""
    for name, size in make_room(project.settings, context.instance, OLDER_THAN_DAYS).items():
        context.log.info(f"{name}: {size:,} bytes")


@dg.job(name=JOB_NAME, description="Free disk space: what `onrecord vacuum` does.", executor_def=dg.in_process_executor)
def vacuum_job() -> None:
    """Make room."""
    make_room_weekly()


vacuum_weekly = dg.ScheduleDefinition(
    job=vacuum_job, cron_schedule="45 3 * * 0", execution_timezone="UTC", name="vacuum_weekly",
    default_status=dg.DefaultScheduleStatus.RUNNING, description="Free disk space, once a week.",
)  # fmt: skip
