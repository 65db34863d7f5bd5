"""`onrecord rebuild`: everything again from the raw documents.

Covers starting the job. For the steps, see orchestration/.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.commands.job import execute
from pipelines.commands.summary import tell
from pipelines.errors import UsageError
from pipelines.settings import load_settings
from pipelines.storage.lake import Lake
from pipelines.storage.manifest import Manifest


def main() -> int:
    """Rebuild and return the exit status. What is published stays until the new file replaces it."""
    settings = load_settings()
    batches = Lake(settings.lake_dir).batches()
    if not batches and not Manifest(settings).has_parts():  # where it was lost, the run says so
        raise UsageError(f"there is nothing to rebuild in {settings.lake_dir}: take in some news first (onrecord run)")
    day = batches[-1].day if batches else datetime.now(UTC).date()
    result = execute(settings, day, force=True, rebuild=True)
    return tell(settings, result)
