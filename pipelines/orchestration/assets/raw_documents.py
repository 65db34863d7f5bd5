"""Ingest: what the sources have now becomes raw documents and sightings.

Covers which inputs a run reads, and whether anything follows.
"""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field

import pipelines
from pipelines import progress
from pipelines.errors import counted
from pipelines.ingest import inbox
from pipelines.ingest.batches import RunStamp, ingest
from pipelines.ingest.fetch_notes import FetchNotes
from pipelines.ingest.files import records
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.own_readers import own_readers
from pipelines.ingest.seen_before import SeenBefore
from pipelines.orchestration.asset_specs import SINGLE_RUN, results, spec
from pipelines.orchestration.project import REBUILD_TAG, Project, has_tag, utc_now
from pipelines.settings import Settings, is_web

TABLES = ("raw_documents", "sightings", "pipeline_runs")
PASSING = frozenset({errno.EAGAIN, errno.EBUSY, errno.EIO, errno.ENETDOWN, errno.ENETUNREACH, errno.ESTALE,
                     errno.ETIMEDOUT})  # fmt: skip
"""What a disk or a network share may say once and not again. Nothing else is better at the next try."""
_RETRIES, _WAIT_SECONDS = 2, 2.0


class IngestConfig(dg.Config):
    """What a run reads."""

    inputs: list[str] = Field(default_factory=list)
    """Files, folders, web addresses, URLs of object stores; empty: the sources and the inbox, on today's partition."""


@dg.multi_asset(
    specs=[spec("lake", name, "ingest", skippable=True) for name in TABLES],
    backfill_policy=SINGLE_RUN,
)
def raw_documents(
    context: dg.AssetExecutionContext, config: IngestConfig, project: Project
) -> Iterator[dg.MaterializeResult]:
    """Store what was met. If nothing is new and nothing is left undone, the steps that follow are skipped."""
    inputs: list[Path | str] = list(config.inputs) or _inputs_of_sources(context, project)
    if inputs:
        settings = project.settings
        stamp = RunStamp(context.run_id, utc_now(), pipelines.__version__, _config_sha256(project))
        day = date.fromisoformat(context.partition_keys[-1])
        if day > stamp.now.date():
            raise dg.Failure(f"the ingest day {day} has not come yet (it is {stamp.now.date()} UTC): nothing was done")
        reads_inbox = settings.inbox.as_posix() in map(str, inputs)
        left_out = _unfinished(settings) if reads_inbox else []
        whole = [path for path in inbox.files(settings.inbox) if path not in left_out]
        with progress.stage("ingest", None, "records") as advance:
            memory = FetchNotes(settings.fetched_dir)
            with _retried(), SeenBefore(project.lake, settings.met_dir) as known:
                done = ingest(
                    project.lake, _counted(_records(inputs, project, known, memory, left_out), advance), day, stamp,
                    batch_records=settings.batch_records, batch_bytes=settings.batch_bytes, known=known,
                    written=memory.commit, forgotten=project.takedowns.raw_ids,
                )  # fmt: skip
        if reads_inbox:
            inbox.note_taken(settings.inbox, whole, day, utc_now())
        context.log.info(f"{counted(done.n_seen, 'record')} met, {done.n_unchanged:,} of them unchanged")
        counts = {"raw_documents": done.n_new, "sightings": done.n_seen, "pipeline_runs": len(done.batches)}
    else:
        counts = dict.fromkeys(TABLES, 0)
    if project.forced_days(context) or project.chosen_batches(context) or not project.progress.is_complete():
        yield from results("lake", counts)
    else:
        context.log.info("nothing new: nothing is built")


def _unfinished(settings: Settings) -> list[Path]:
    """Return the files of the inbox that are still being copied, after waiting for them a little and saying so."""
    found = inbox.settled(settings.inbox, settings.inbox_settle_seconds)
    if found:
        names = ", ".join(path.name for path in found[:3])
        are = "is" if len(found) == 1 else "are"
        progress.say(
            f"{counted(len(found), 'file')} of the inbox {are} still being written ({names}): left for a later run"
        )
    return found


def _records(
    inputs: list[Path | str], project: Project, known: SeenBefore, memory: FetchNotes, left_out: list[Path]
) -> Iterator[MetRecord]:
    """Yield the records of files and folders, then those of the web."""
    settings, sources = project.settings, project.sources
    pages = [i for i in inputs if isinstance(i, str) and is_web(i)]
    paths = [i for i in inputs if i not in pages]
    own = own_readers().suffixes
    yield from records(paths, sources, settings.max_document_bytes, own=own, known=known, left_out=left_out)
    if pages:
        from pipelines.ingest import addresses  # 0.5 s to import, and most runs read files
        from pipelines.ingest.web.client import client_of

        yield from addresses.records(pages, sources, client_of(settings), memory, progress.say)


@contextmanager
def _retried() -> Iterator[None]:
    """Ask for another try after an error that may pass."""
    try:
        yield
    except OSError as error:
        if error.errno in PASSING:
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=_WAIT_SECONDS) from error
        raise


def _inputs_of_sources(context: dg.AssetExecutionContext, project: Project) -> list[Path | str]:
    """Return the configured inputs; none on a past partition or in a rebuild, which compute from what was stored."""
    if context.partition_keys[-1] != utc_now().date().isoformat():
        return []
    if has_tag(context, REBUILD_TAG) or project.chosen_batches(context) is not None:
        return []
    for line in project.sources.unmatched():
        progress.say(f"warning: {line}")
    folder = project.settings.inbox
    paths = [*project.sources.inputs(), *([folder] if folder.is_dir() else [])]
    return [*(p.as_posix() for p in paths), *project.sources.addresses()]


def _counted(met: Iterator[MetRecord], advance: progress.Advance) -> Iterator[MetRecord]:
    for record in met:
        yield record
        advance(1)


def _config_sha256(project: Project) -> str:
    settings = project.settings
    text = (
        f"{settings.max_document_bytes}\n{settings.batch_records}\n{settings.batch_bytes}\n{project.sources.sha256()}"
    )
    return hashlib.sha256(text.encode()).hexdigest()
