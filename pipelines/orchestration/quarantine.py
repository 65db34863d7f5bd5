"""Quarantine as the steps write it: what is refused now, and what was refused once and came through since.

Belongs here: carrying a refusal from one to the other. Does not belong here: what is refused (core, compute/worker).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import polars as pl

from pipelines.contracts import table
from pipelines.storage.lake import RESOLVED, Batch, Lake

_STAGES = {"parse": ("read", "decode", "parse"), "extract": ("extract",), "resolve": ("resolve",)}
"""Which stages' refusals a step writes."""


def write_refusals(
    lake: Lake, batch: Batch, step: str, refused: pl.DataFrame, *, through: Collection[str], made_by: str, now: datetime
) -> None:
    """Replace a step's part of a batch's quarantine; what it refused before and has let through is kept as resolved.

    Args:
        lake: The lake.
        batch: The batch.
        step: parse, extract or resolve.
        refused: What it refuses now.
        through: entity_id of what it has let through.
        made_by: As for every part.
        now: When.
    """
    before = lake.read("quarantine", batches=[batch])
    own = pl.col("stage").is_in(_STAGES[step])
    is_gone = ~pl.col("quarantine_id").is_in(refused["quarantine_id"].to_list())
    moment = pl.coalesce("resolved_at", pl.lit(now, dtype=table("lake", "quarantine")["resolved_at"].polars))
    gone = before.filter(own & is_gone & pl.col("entity_id").is_in(list(through))).with_columns(resolved_at=moment)
    others = before.filter(~own & pl.col("resolved_at").is_not_null())
    resolved = pl.concat([gone, others]).sort("quarantine_id")
    if not resolved.equals(before.filter(pl.col("resolved_at").is_not_null()).sort("quarantine_id")):
        lake.write("quarantine", batch, resolved, stage=RESOLVED)
    lake.write("quarantine", batch, refused, made_by=made_by, stage=step)
