"""`onrecord run`: the Dagster job, in this process, for one ingest day.

Covers starting the job, and telling what it did. For the steps, see orchestration/.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines import progress
from pipelines.commands.given_paths import existing
from pipelines.commands.job import RunResult, execute
from pipelines.commands.summary import tell
from pipelines.errors import UsageError
from pipelines.ingest.own_readers import own_readers
from pipelines.orchestration.quiet_run import quiet_run
from pipelines.progress import say
from pipelines.settings import is_object_url, is_web, load_settings, load_sources
from pipelines.storage.lake import Lake
from pipelines.storage.manifest import Manifest


def main(inputs: Sequence[str], date: date | None, force: bool, ingest_only: bool, accept_loss: bool) -> int:
    """Run, print a summary, and return the exit status; paths that do not exist are named and passed over."""
    settings = load_settings()
    sources = load_sources(settings)
    own_readers()  # one that cannot be imported is told before anything is done
    addresses = [i for i in inputs if is_web(i)]
    urls = [i for i in inputs if is_object_url(i)]
    found, missing = existing([i for i in inputs if i not in urls and i not in addresses])
    there = [url for url in urls if _is_there(url)]
    missing += [url for url in urls if url not in there]
    for path in missing:
        print(f"onrecord: {path}: no such file or folder; passed over", file=sys.stderr)
    if inputs and not found and not there and not addresses:
        raise UsageError("none of the inputs exists; nothing was done")
    stored = Lake(settings.lake_dir).batches()
    has_stored = bool(stored) or Manifest(settings).has_parts()
    has_sources = bool(sources.inputs()) or bool(sources.addresses())
    if not inputs and not has_sources and not settings.inbox.is_dir() and not has_stored:
        raise UsageError(
            "nothing to read: name files, folders or web addresses, "
            f"list sources in {settings.data_dir / 'sources.yaml'}, or put files into {settings.inbox}"
        )
    today = datetime.now(UTC).date()
    day = date or today
    if day > today:
        raise UsageError(f"--date {day} is in the future")
    paths: list[Path | str] = [*found, *there]
    if not inputs and stored and day < stored[-1].day:
        say(f"{day} is before {stored[-1].day}, which has records already: it is computed from what was stored")
    elif not inputs:
        for line in sources.unmatched():
            say(f"warning: {line}")
        paths = [*sources.inputs(), *([settings.inbox] if settings.inbox.is_dir() else [])]
        # What feeds and sitemaps have now belongs to today; a past day is made of what was stored then.
        addresses = sources.addresses() if day == today else []
    read = [*map(_plain, paths), *addresses]
    if not (force or ingest_only or accept_loss):
        with progress.on_terminal():
            run_id = quiet_run(settings, sources, day, read)
        if run_id is not None:
            return tell(settings, RunResult(run_id, False, None)) or int(bool(missing))
    result = execute(settings, day, inputs=read, force=force, ingest_only=ingest_only, accept_loss=accept_loss)
    return tell(settings, result) or int(bool(missing))


def _plain(path: Path | str) -> str:
    return path if isinstance(path, str) else path.as_posix()


def _is_there(url: str) -> bool:
    from pipelines.ingest.object_stores import check  # fsspec, only where there is a URL

    return check(url)
