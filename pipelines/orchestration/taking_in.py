"""Taking in: what the inputs of a run have now becomes raw documents and sightings.

Covers which records an input has, and the one call that stores them, with or without Dagster around it. Reading them is
in ingest/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pipelines
from pipelines import progress
from pipelines.core.documents.takedown import Takedowns
from pipelines.core.ids import sha256_hex
from pipelines.errors import counted
from pipelines.ingest import inbox
from pipelines.ingest.batches import Ingested, RunStamp, ingest
from pipelines.ingest.fetch_notes import FetchNotes
from pipelines.ingest.files import records
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.own_readers import own_readers
from pipelines.ingest.seen_before import SeenBefore
from pipelines.settings import Settings, Sources, is_web
from pipelines.storage.lake import Lake


@dataclass(frozen=True)
class Inputs:
    """What a run reads, and by which settings.

    Attributes:
        settings: The settings.
        sources: The sources.
        lake: Where what was met before lies.
        paths: Files, folders, URLs of object stores, web addresses.
    """

    settings: Settings
    sources: Sources
    lake: Lake
    paths: Sequence[Path | str]

    def take_in(self, day: date, run_id: str, now: datetime, takedowns: Takedowns) -> Ingested:
        """Store what was met, and return it.

        Args:
            day: Ingest day.
            run_id: Of the run that meets it.
            now: The clock, UTC.
            takedowns: What is to be forgotten.
        """
        settings = self.settings
        stamp = RunStamp(run_id, now, pipelines.__version__, self._config_sha256())
        reads_inbox = settings.inbox.as_posix() in map(str, self.paths)
        left_out = _unfinished(settings) if reads_inbox else []
        whole = [path for path in inbox.files(settings.inbox) if path not in left_out]
        with progress.stage("ingest", None, "records") as advance:
            memory = FetchNotes(settings.fetched_dir)
            with SeenBefore(self.lake, self.settings.met_dir) as known:
                done = ingest(
                    self.lake, _told(self._records(known, memory, left_out), advance), day, stamp,
                    batch_records=settings.batch_records, batch_bytes=settings.batch_bytes, known=known,
                    written=memory.commit, forgotten=takedowns.raw_ids,
                )  # fmt: skip
        if reads_inbox:
            inbox.note_taken(settings.inbox, whole, day, now)
        return done

    def has_news(self) -> bool:
        """Whether there may be anything to compute in it; what the web has is not asked for.

        Nothing is stored. A file that changed is read up to its first record that is new.
        """
        if any(isinstance(path, str) and is_web(path) for path in self.paths):
            return True
        if self.settings.inbox.as_posix() in map(str, self.paths) and inbox.pending(self.settings.inbox, 0):
            return True
        with SeenBefore(self.lake, self.settings.met_dir) as known:
            met = self._files(known, [])
            return any(not known.is_unchanged(r, r.raw_id if r.content is None else sha256_hex(r.content)) for r in met)

    def _records(self, known: SeenBefore, memory: FetchNotes, left_out: list[Path]) -> Iterator[MetRecord]:
        """Yield the records of files and folders, then those of the web."""
        yield from self._files(known, left_out)
        pages = [i for i in self.paths if isinstance(i, str) and is_web(i)]
        if pages:
            from pipelines.ingest import addresses  # 0.5 s to import, and most runs read files
            from pipelines.ingest.web.client import client_of

            yield from addresses.records(pages, self.sources, client_of(self.settings), memory, progress.say)

    def _files(self, known: SeenBefore, left_out: list[Path]) -> Iterator[MetRecord]:
        paths = [i for i in self.paths if not (isinstance(i, str) and is_web(i))]
        limit, own = self.settings.max_document_bytes, own_readers().suffixes
        return records(paths, self.sources, limit, own=own, known=known, left_out=left_out)

    def _config_sha256(self) -> str:
        settings = self.settings
        limits = f"{settings.max_document_bytes}\n{settings.batch_records}\n{settings.batch_bytes}"
        return hashlib.sha256(f"{limits}\n{self.sources.sha256()}".encode()).hexdigest()


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


def _told(met: Iterator[MetRecord], advance: progress.Advance) -> Iterator[MetRecord]:
    for record in met:
        yield record
        advance(1)
