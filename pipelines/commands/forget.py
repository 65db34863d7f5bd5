"""`onrecord forget`: a takedown, from the log to a published file without the article.

Covers what is asked, and telling what goes, what stays and where it lies besides. For what belongs to an article and
how it is removed, see storage/takedowns.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.commands.job import execute
from pipelines.commands.messages import printable
from pipelines.commands.summary import tell
from pipelines.core.documents.takedown import Takedown, Takedowns, url_key
from pipelines.errors import UsageError, counted
from pipelines.progress import say
from pipelines.settings import Settings, load_settings, load_sources
from pipelines.storage import corrections, takedowns
from pipelines.storage.lake import Lake
from pipelines.storage.lock import run_lock
from pipelines.storage.manifest import Manifest

_SHOWN = 20


def main(article: str, reason: str, even_unseen: bool) -> int:
    """Forget an article; return the exit status. It is done when the file without it is published."""
    settings = load_settings()
    target = _target(article)
    takedown = Takedown(
        target, datetime.now(UTC).isoformat(timespec="seconds"), made_by=getpass.getuser(), reason=reason.strip()
    )
    with run_lock(settings, say):
        lake, manifest = Lake(settings.lake_dir), Manifest(settings)
        lake.refuse_newer()
        lost = manifest.difference()
        if lost.missing:  # what is not there now would come back with the article in it
            raise UsageError(f"{lost.in_words()}: onrecord run says how to go on; nothing was done")
        is_open = _note(settings, lake, takedown, even_unseen)
        manifest.note()  # parts are without it now
    if not is_open:
        return 0
    result = execute(settings, max(batch.day for batch in lake.batches()), rebuild=True)
    status = tell(settings, result)
    if status:
        say("the published file still holds the article: the next run without a failure removes it there too")
    return status


def _target(article: str) -> str:
    target = url_key(article) or (article if re.fullmatch(r"[0-9a-f]{32}", article) else None)
    if target is None:
        raise UsageError(f"{article!r} is neither a URL (https://...) nor an article_id of core.articles")
    return target


def _note(settings: Settings, lake: Lake, takedown: Takedown, even_unseen: bool) -> bool:
    """Write the log, and take the article out of the lake; return whether a run has to follow."""
    log = takedowns.load(settings)
    own = takedowns.belongings(lake, takedown.target)
    is_noted = any(t.target == takedown.target for t in log.entries)
    if not own.raw_ids and is_noted and not takedowns.pending(lake, log):
        print(f"{takedown.target} is forgotten already, and did not come back")
        return False
    if not own.raw_ids and not is_noted and not even_unseen:
        raise UsageError(
            f"no article of {takedown.target} was ever met, so nothing was done; "
            "to keep it out should it come: --even-unseen"
        )
    for line in _told(settings, lake, takedown.target, own):
        print(line, flush=True)
    found = {name: tuple(sorted(getattr(own, name))) for name in ("article_ids", "raw_ids", "texts")}
    lines = [replace(takedown, **found)]  # type: ignore[arg-type]
    takedowns.append(settings, lines)
    if not own.raw_ids and not takedowns.pending(lake, log):
        takedowns.note_done(lake, Takedowns.of([*log.entries, *lines]))
        return False
    n_dropped = takedowns.drop_overrides(corrections.log_path(settings), own.version_ids)
    if n_dropped:
        print(f"{counted(n_dropped, 'correction')} that quoted it: removed from {corrections.log_path(settings)}")
    takedowns.reopen(lake, takedown)
    takedowns.scrub(lake, takedowns.load(settings))
    return True


def _told(settings: Settings, lake: Lake, target: str, own: takedowns.Belongings) -> Iterator[str]:
    """Yield what goes, and what is like it but stays."""
    if not own.raw_ids:
        yield f"{target} was never met; it is kept out from now on"
        return
    yield f"forgotten: {target}: {counted(len(own.version_ids), 'version')}, {counted(len(own.raw_ids), 'record')}"
    copies = takedowns.near_copies(lake, own)
    if copies.height:
        yield f"{counted(copies.height, 'near copy', 'near copies')} elsewhere: forget each that has to go, too:"
    for row in copies.head(_SHOWN).iter_rows(named=True):
        yield "  " + printable(f"{row['url'] or row['article_id']} ({row['outlet_name']}, {row['ingest_date']})")
    files = [place for place in takedowns.places(lake, own.raw_ids) if _lies(settings, place)]
    if files:
        yield "these files of yours hold it still; OnRecord does not delete them, and will not take it in again:"
    yield from ("  " + printable(place) for place in files[:_SHOWN])


def _lies(settings: Settings, place: str) -> bool:
    return any((root / place).is_file() for root in (Path(), load_sources(settings).root))
