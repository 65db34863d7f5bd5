"""News that a wrong clock dated in the future, put under today: no run could add to an earlier day meanwhile.

Covers moving batches to another ingest day, so that a kill in the middle harms nothing.
"""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from pipelines.core.ids import mk_id
from pipelines.storage.lake import NOT_COMPUTED, UNCHANGED, Batch, Lake
from pipelines.storage.manifest import Manifest

_SAME = ["run_id", "raw_id", "source_name", "source_uri", "record_no"]
"""What tells that a batch was moved already, by a command that was killed then."""


def future_batches(lake: Lake, today: date) -> list[Batch]:
    """Return the batches of days that have not come yet, in order."""
    return [batch for batch in lake.batches() if batch.day > today]


def redate(lake: Lake, manifest: Manifest, now: datetime) -> list[Batch]:
    """Move the batches of days that have not come yet to the end of today, in their order; return them as they are now.

    Instants that lie in the future become now.
    """
    moved = []
    for batch in future_batches(lake, now.date()):
        manifest.forget([path for path, of in lake.parts(NOT_COMPUTED) if of == batch])
        moved.append(_moved_before(lake, batch, now.date()) or _move(lake, batch, now))
        lake.clear(batch)
    manifest.note()
    return moved


def _move(lake: Lake, batch: Batch, now: datetime) -> Batch:
    to = lake.next_batch(now.date())
    lake.clear(to)
    stage = UNCHANGED if lake.part("sightings", batch, UNCHANGED).exists() else None
    for name in ("raw_documents", "pipeline_runs", "sightings"):  # a batch is finished when its sightings are there
        frame = lake.read(name, batches=[batch])
        instants = [c for c, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
        frame = frame.with_columns(pl.min_horizontal(c, pl.lit(now, dtype=frame.schema[c])).alias(c) for c in instants)
        if name == "sightings":
            places = frame.select("source_name", "source_uri", "record_no").iter_rows()
            frame = frame.with_columns(sighting_id=pl.Series([mk_id("sighting", to.batch_id, *p) for p in places]))
        lake.write(name, to, frame, stage=stage)
    return to


def _moved_before(lake: Lake, batch: Batch, today: date) -> Batch | None:
    own = lake.read("sightings", batches=[batch], columns=_SAME)
    found = (b for b in lake.batches([today]) if lake.read("sightings", batches=[b], columns=_SAME).equals(own))
    return next(found, None)
