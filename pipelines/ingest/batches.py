"""Ingest: records met now become batches of raw documents and sightings in the lake.

Covers cutting a run into bounded batches and writing them. For finding records, see files and addresses; for what was
met before, see seen_before; for reading what is in them, see core/documents.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from pipelines import contracts
from pipelines.core.ids import mk_id, sha256_hex
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.seen_before import SeenBefore
from pipelines.storage import faults
from pipelines.storage.lake import UNCHANGED, Batch, Lake


@dataclass
class Ingested:
    """What an ingest run met: its batches, and records counted as met, new and unchanged."""

    batches: list[Batch] = field(default_factory=list)
    n_seen: int = 0
    n_new: int = 0
    n_unchanged: int = 0


@dataclass(frozen=True)
class RunStamp:
    """Which run it is, and when: everything in a batch that is volatile, and the code and settings behind it."""

    run_id: str
    now: datetime
    code_version: str
    config_sha256: str


_Seen = tuple[MetRecord, str | None, bool]
"""A record, the id of its bytes, whether it is unchanged."""


class DayClosedError(Exception):
    """Records cannot be added to a day before the last one; the message says what to do."""


def ingest(
    lake: Lake,
    met: Iterable[MetRecord],
    day: date,
    stamp: RunStamp,
    *,
    batch_records: int,
    batch_bytes: int,
    known: SeenBefore | None = None,
    written: Callable[[], None] = lambda: None,
    forgotten: Collection[str] = frozenset(),
) -> Ingested:
    """Write the records as one batch or more of the day.

    A run in which every record was unchanged still leaves its sightings, so that it is accounted for.

    Args:
        lake: Where to.
        met: The records; the next one is asked for only when those before it are held or written.
        day: Ingest day.
        stamp: Of the run.
        batch_records: Records after which a batch is written.
        batch_bytes: Likewise bytes.
        known: What was met before, where the records are found with its help, too.
        written: Called when all records that were asked for so far are on the disk.
        forgotten: raw_ids that were taken down: their bytes are met, and not stored.

    Raises:
        DayClosedError: a later day has batches already: the order of first sightings would change.
        OSError: the disk is full or not writable; batches that were finished stay.
    """
    _check_open(lake, day, stamp.now.date())
    done = Ingested()
    pending: list[_Seen] = []
    size = 0
    with contextlib.ExitStack() as opened:
        known = known or opened.enter_context(SeenBefore(lake))
        for record in met:
            raw_id = record.raw_id if record.content is None else sha256_hex(record.content)
            is_unchanged = known.is_unchanged(record, raw_id)
            pending.append((record, raw_id, is_unchanged))
            size += len(record.content or b"")
            done.n_seen += 1
            done.n_unchanged += is_unchanged
            if len(pending) >= batch_records or size >= batch_bytes:
                done.batches.append(_write(lake, day, stamp, pending, known, forgotten))
                pending, size = [], 0
                written()
        if pending:
            done.batches.append(_write(lake, day, stamp, pending, known, forgotten))
        written()
    done.n_new = done.n_seen - done.n_unchanged
    return done


def _check_open(lake: Lake, day: date, today: date) -> None:
    later = [b.day for b in lake.batches() if b.day > day]
    if later:
        what_to_do = (
            "that day has not come yet, so a clock was ahead: onrecord redate puts its news under today"
            if max(later) > today
            else f"leave --date out, or use a day from {max(later)} on"
        )
        raise DayClosedError(f"the ingest day {day} is before {max(later)}, which has records already: {what_to_do}")


def _write(
    lake: Lake, day: date, stamp: RunStamp, seen: list[_Seen], known: SeenBefore, forgotten: Collection[str]
) -> Batch:
    """Write one batch; its sightings come last, and with them it is finished: what is known follows the lake."""
    batch = lake.next_batch(day)
    lake.clear(batch)
    raw = [
        _raw_document(raw_id, record, stamp)
        for record, raw_id, _ in seen
        if raw_id is not None and record.content is not None and raw_id not in forgotten and known.is_new(raw_id)
    ]
    sightings = [_sighting(batch, stamp, *one) for one in seen]
    run = {
        "run_id": stamp.run_id,
        "started_at": stamp.now,
        "n_seen": len(seen),
        "code_version": stamp.code_version,
        "config_sha256": stamp.config_sha256,
    }
    stage = None if any(not is_unchanged for _, _, is_unchanged in seen) else UNCHANGED
    for name, rows in (("raw_documents", raw), ("pipeline_runs", [run]), ("sightings", sightings)):
        lake.write(name, batch, pl.DataFrame(rows, schema=contracts.table("lake", name).schema), stage=stage)
    faults.reach("batch")
    known.finish(batch)
    return batch


def _raw_document(raw_id: str, record: MetRecord, stamp: RunStamp) -> dict[str, object]:
    return {
        "raw_id": raw_id,
        "bytes": record.content,
        "bytes_len": len(record.content or b""),
        "media_type": record.media_type,
        "first_seen_at": stamp.now,
    }


def _sighting(
    batch: Batch, stamp: RunStamp, record: MetRecord, raw_id: str | None, is_unchanged: bool
) -> dict[str, object]:
    return {
        "sighting_id": mk_id("sighting", batch.batch_id, record.source_name, record.source_uri, record.record_no),
        "run_id": stamp.run_id,
        "raw_id": raw_id,
        "source_name": record.source_name,
        "source_uri": record.source_uri,
        "record_no": record.record_no,
        "seen_at": stamp.now,
        "http_status": record.http_status,
        "etag": record.etag,
        "last_modified": record.last_modified,
        "is_unchanged": is_unchanged,
        "refusal_rule": record.refusal_rule,
        "refusal_detail": record.refusal_detail,
    }
