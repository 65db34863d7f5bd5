"""`onrecord rebuild`: everything again from the raw documents.

Belongs here: starting the job. Does not belong here: the steps (defs/).
"""

from __future__ import annotations

from pipelines.commands.job import execute
from pipelines.commands.summary import tell
from pipelines.errors import UsageError
from pipelines.settings import load_settings
from pipelines.storage.lake import Lake


def main() -> int:
    """Rebuild and return the exit status. What is published stays until the new file replaces it."""
    settings = load_settings()
    batches = Lake(settings.lake_dir).batches()
    if not batches:
        raise UsageError(f"there is nothing to rebuild in {settings.lake_dir}: take in some news first (onrecord run)")
    result = execute(settings, batches[-1].day, force=True, rebuild=True)
    return tell(settings, result)
