"""`onrecord vacuum`: room on the disk.

Covers what is removed, and saying what that freed. For which files those are, see storage/vacuum and
orchestration/housekeeping. Nothing that a row follows from is touched: the lake's parts, the warehouse and the
published file stay as they are.
"""

from __future__ import annotations

import contextlib

from pipelines.commands.summary import in_units
from pipelines.orchestration.home import dagster_home
from pipelines.progress import say
from pipelines.settings import load_settings
from pipelines.storage.lake import Lake
from pipelines.storage.lock import run_lock


def main(older_than: int) -> int:
    """Remove what is not needed, and return the exit status."""
    settings = load_settings()
    if not settings.data_dir.is_dir():
        print(f"nothing to free: there is no {settings.data_dir}")
        return 0
    Lake(settings.lake_dir).refuse_newer()
    has_records = settings.dagster_home.is_dir()
    if has_records:
        dagster_home(settings)
    import dagster as dg

    from pipelines.orchestration.housekeeping import make_room

    records = dg.DagsterInstance.get() if has_records else contextlib.nullcontext()
    with run_lock(settings, say), records as instance:
        freed = make_room(settings, instance, older_than)
    for name, size in freed.items():
        print(f"{name}: {in_units(size)}")
    print(f"freed {in_units(sum(freed.values()))}")
    return 0
