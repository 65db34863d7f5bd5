"""`onrecord redate`: the way out after a run on a machine whose clock was ahead.

Covers asking for it and starting the run that follows. For moving batches, see storage/redating.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.commands.job import execute
from pipelines.commands.summary import tell
from pipelines.errors import UsageError, counted
from pipelines.progress import say
from pipelines.settings import load_settings
from pipelines.storage.lake import Lake
from pipelines.storage.lock import run_lock
from pipelines.storage.manifest import Manifest
from pipelines.storage.redating import future_batches, redate


def main() -> int:
    """Put what is dated in the future under today, build and publish it; return the exit status."""
    settings = load_settings()
    lake, now = Lake(settings.lake_dir), datetime.now(UTC)
    lake.refuse_newer()
    days = sorted({batch.day for batch in future_batches(lake, now.date())})
    if not days:
        raise UsageError(f"no news is dated after today, {now.date()} (UTC): nothing was done")
    with run_lock(settings, say):
        moved = redate(lake, Manifest(settings), now)
    are = "is" if len(moved) == 1 else "are"
    print(
        f"{', '.join(map(str, days))}: {counted(len(moved), 'batch', 'batches')} {are} put under {now.date()}",
        flush=True,
    )
    return tell(settings, execute(settings, now.date()))
