"""`onrecord vacuum`: room on the disk.

Belongs here: what is removed, and saying what that freed. Does not belong here: which files those are (storage/vacuum).
Nothing that a row follows from is touched: the lake's parts, the warehouse and the published file stay as they are.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipelines.commands.summary import in_units
from pipelines.orchestration.home import dagster_home
from pipelines.progress import say
from pipelines.settings import Settings, load_settings
from pipelines.storage import vacuum
from pipelines.storage.lake import Lake
from pipelines.storage.lock import run_lock
from pipelines.storage.publish import surplus_files


def main(older_than: int) -> int:
    """Remove what is not needed, and return the exit status."""
    settings = load_settings()
    if not settings.data_dir.is_dir():
        print(f"nothing to free: there is no {settings.data_dir}")
        return 0
    Lake(settings.lake_dir).refuse_newer()
    with run_lock(settings.data_dir, say):
        freed = {
            "what killed runs and tools left": vacuum.remove(vacuum.leftovers(settings)),
            "published files of before": vacuum.remove(surplus_files(settings.published, settings.keep_published)),
            f"Dagster's records of runs of more than {older_than} days ago": _forget_runs(settings, older_than),
        }
    for name, size in freed.items():
        print(f"{name}: {in_units(size)}")
    print(f"freed {in_units(sum(freed.values()))}")
    return 0


def _forget_runs(settings: Settings, older_than: int) -> int:
    """Delete Dagster's records of old runs; return how many bytes that freed."""
    if not settings.dagster_home.is_dir():
        return 0
    dagster_home(settings)
    import dagster as dg

    before = vacuum.size_of(settings.dagster_home)
    with dg.DagsterInstance.get() as instance:
        until = datetime.now(UTC) - timedelta(days=older_than)
        ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
        old = instance.get_run_records(dg.RunsFilter(statuses=ended, created_before=until))
        for record in old:
            instance.delete_run(record.dagster_run.run_id)
    vacuum.remove_run_files(settings.dagster_home, [record.dagster_run.run_id for record in old])
    vacuum.compact(settings.dagster_home)
    return before - vacuum.size_of(settings.dagster_home)
