"""Ingest: records met now become batches of raw documents and sightings in the lake.

Belongs here: what was met before, cutting a run into bounded batches, writing them. Does not belong here:
finding records (io/doors), reading what is in them (core/documents).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from pipelines.core import tables
from pipelines.core.ids import mk_id, sha256_hex
from pipelines.io.doors.met import Met
from pipelines.io.lake import UNCHANGED, Batch, Lake


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


class DayClosedError(Exception):
    """Records cannot be added to a day before the last one; the message says what to do."""


def ingest(
    lake: Lake, met: Iterable[Met], day: date, stamp: RunStamp, *, batch_records: int, batch_bytes: int,
    forgotten: Collection[str] = frozenset(),
) -> Ingested:  # fmt: skip
    """Write the records as one batch or more of the day.

    A run in which every record was unchanged still leaves its sightings, so that it is accounted for. Bytes whose
    raw_id is `forgotten` (taken down) are met, and not stored.

    Raises:
        DayClosedError: a later day has batches already: the order of first sightings would change.
        OSError: the disk is full or not writable; batches that were finished stay.
    """
    later = [b.day for b in lake.batches() if b.day > day]
    if later:
        raise DayClosedError(
            f"the ingest day {day} is before {max(later)}, which has records already: "
            f"leave --date out, or use a day from {max(later)} on"
        )
    known = _Known(lake, forgotten)
    done = Ingested()
    pending: list[tuple[Met, str | None, bool]] = []
    size = 0
    for record in met:
        raw_id = None if record.content is None else sha256_hex(record.content)
        is_unchanged = known.is_unchanged(record, raw_id)
        pending.append((record, raw_id, is_unchanged))
        size += len(record.content or b"")
        done.n_seen += 1
        done.n_unchanged += is_unchanged
        if len(pending) >= batch_records or size >= batch_bytes:
            done.batches.append(_write(lake, day, stamp, pending, known))
            pending, size = [], 0
    if pending:
        done.batches.append(_write(lake, day, stamp, pending, known))
    done.n_new = done.n_seen - done.n_unchanged
    return done


def _write(lake: Lake, day: date, stamp: RunStamp, met: list[tuple[Met, str | None, bool]], known: _Known) -> Batch:
    """Write one batch; its sightings come last, and with them it is finished."""
    batch = lake.next_batch(day)
    lake.clear(batch)
    raw: list[dict[str, object]] = []
    sightings: list[dict[str, object]] = []
    for record, raw_id, is_unchanged in met:
        if raw_id is not None and record.content is not None and known.is_new(raw_id):
            raw.append(
                {
                    "raw_id": raw_id,
                    "bytes": record.content,
                    "bytes_len": len(record.content),
                    "media_type": record.media_type,
                    "first_seen_at": stamp.now,
                }
            )
        sightings.append(
            {
                "sighting_id": mk_id(
                    "sighting", batch.batch_id, record.source_name, record.source_uri, record.record_no
                ),
                "run_id": stamp.run_id,
                "raw_id": raw_id,
                "source_name": record.source_name,
                "source_uri": record.source_uri,
                "record_no": record.record_no,
                "seen_at": stamp.now,
                "is_unchanged": is_unchanged,
                "refusal_rule": record.refusal_rule,
                "refusal_detail": record.refusal_detail,
            }
        )
    run = {
        "run_id": stamp.run_id,
        "started_at": stamp.now,
        "n_seen": len(met),
        "code_version": stamp.code_version,
        "config_sha256": stamp.config_sha256,
    }
    stage = None if any(not is_unchanged for _, _, is_unchanged in met) else UNCHANGED
    for name, rows in (("raw_documents", raw), ("pipeline_runs", [run]), ("sightings", sightings)):
        lake.write(name, batch, pl.DataFrame(rows, schema=tables.table("lake", name).schema), stage=stage)
    return batch


class _Known:
    """What was met before this run, kept up while it goes on."""

    def __init__(self, lake: Lake, forgotten: Collection[str]) -> None:
        finished = lake.batches()
        self._raw_ids = {*lake.read("raw_documents", batches=finished, columns=["raw_id"])["raw_id"], *forgotten}
        places = lake.read(
            "sightings", batches=finished, columns=["source_name", "source_uri", "record_no", "raw_id", "refusal_rule"]
        )
        self._last = {(name, uri, number): (raw_id, rule) for name, uri, number, raw_id, rule in places.iter_rows()}

    def is_new(self, raw_id: str) -> bool:
        """Whether the bytes were never met; they count as met from now on."""
        if raw_id in self._raw_ids:
            return False
        self._raw_ids.add(raw_id)
        return True

    def is_unchanged(self, record: Met, raw_id: str | None) -> bool:
        """Whether the last bytes (or the last refusal) at this place were the same."""
        place = (record.source_name, record.source_uri, record.record_no)
        now = (raw_id, record.refusal_rule)
        was = self._last.get(place)
        self._last[place] = now
        return was == now
