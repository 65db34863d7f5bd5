"""`onrecord override`: human corrections of who is who, appended to a log.

Covers checking a correction against what is known now, and appending it. For what it does to the tables, see
core/identity/overrides. Nothing is edited in place: the next run replays the log.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl

from pipelines.commands.messages import printable
from pipelines.core.identity.overrides import Override, check_cycle, why_wrong
from pipelines.core.text.fold import fold_words
from pipelines.core.text.names import fold
from pipelines.errors import UsageError, counted
from pipelines.settings import Settings, load_settings
from pipelines.storage import corrections
from pipelines.storage.lake import Lake


def correct(
    action: str,
    value: str,
    *,
    reason: str,
    by: str | None,
    name: str = "",
    words: str = "",
    versions: Sequence[str] = (),
) -> int:
    """Append one correction to the log; return the exit status. A wrong one is refused and changes nothing."""
    settings = load_settings()
    override = Override(
        action=action,
        value=value.strip(),
        name=name.strip(),
        words=words.strip(),
        versions=tuple(version.strip() for version in versions),
        reason=reason.strip(),
        made_by=by or getpass.getuser(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    Lake(settings.lake_dir).refuse_newer()
    _check(settings, override, corrections.overrides(settings))
    corrections.append(settings, override)
    print(f"noted in {corrections.log_path(settings)}; the next `onrecord run` applies it")
    return 0


def _check(settings: Settings, override: Override, log: Sequence[Override]) -> None:
    if problem := why_wrong(override):
        raise UsageError(f"{problem}; nothing was noted")
    if any(o.override_id == override.override_id for o in log):
        raise UsageError("this correction is in the log already; nothing was noted")
    try:
        check_cycle(override, log)
    except ValueError as error:
        raise UsageError(f"{error}; nothing was noted") from None
    lake = Lake(settings.lake_dir)
    if not lake.batches():
        raise UsageError("there is nothing to correct yet: take in some news first (onrecord run); nothing was noted")
    names = [override.name, override.value] if override.action == "merge" else [override.name]
    for name in filter(None, names):
        if not _is_known(lake, log, name):
            raise UsageError(f"nobody is called {name!r}; see core.actor_aliases for the names; nothing was noted")
    _check_versions(lake, override)


def _is_known(lake: Lake, log: Sequence[Override], name: str) -> bool:
    """Tell whether an actor goes by that name, now or by an earlier correction that no run has applied yet."""
    norm = fold(name)
    aliases, actors = lake.read_state("actor_aliases"), lake.read_state("actors")
    called = {fold(n) for n in actors["canonical_name"]} | set(aliases["alias_norm"]) | {fold(o.value) for o in log}
    return norm in called


def _check_versions(lake: Lake, override: Override) -> None:
    known = lake.read("statements", columns=["version_id", "content_norm"])
    there = set(lake.read("article_versions", columns=["version_id"])["version_id"])
    for version in override.versions:
        if version not in there:
            raise UsageError(f"no article version has the id {version!r}; nothing was noted")
    if override.action == "speaker":
        said = known.filter(pl.col("version_id") == override.versions[0])["content_norm"]
        if not said.str.contains(fold_words(override.words), literal=True).any():
            raise UsageError("no statement of that version has these words; nothing was noted")


def show() -> int:
    """Print the log, and which corrections found nothing when it was last applied; return the exit status."""
    settings = load_settings()
    log = corrections.overrides(settings)
    lake = Lake(settings.lake_dir)
    state = lake.read_state("overrides") if lake.batches() else pl.DataFrame({"override_id": [], "is_orphan": []})
    orphans = set(state.filter(pl.col("is_orphan"))["override_id"]) if state.height else set()
    applied = set(state["override_id"])
    for o in log:
        about = o.name or f"{o.words!r} in {', '.join(o.versions)}"
        status = "orphan" if o.override_id in orphans else "applied" if o.override_id in applied else "not yet applied"
        line = f"{o.made_at[:10]}  {o.action:8} {about} -> {o.value}  ({status}; {o.made_by}: {o.reason})"
        print(printable(line))
    print(f"{counted(len(log), 'correction')}, {counted(len(orphans), 'orphan')} among them")
    return 0
