"""Quarantine as the steps write it: what is refused now, and what was refused once and came through since.

Covers carrying a refusal from one to the other. For what is refused, see core and compute/worker.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import polars as pl

from pipelines.contracts import table
from pipelines.core.ids import mk_id
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


def write_failures(
    lake: Lake, batch: Batch, step: str, failed: Sequence[tuple[str, str]], made_by: str, now: datetime
) -> None:
    """Write a step's part of a batch's quarantine: the versions that it failed on, with what went wrong."""
    versions = set(lake.read("article_versions", batches=[batch], columns=["version_id"])["version_id"])
    through = versions - {version_id for version_id, _ in failed}
    refused = failures(batch, step, failed, now)
    write_refusals(lake, batch, step, refused, through=through, made_by=made_by, now=now)


def failures(batch: Batch, stage: str, failed: Sequence[tuple[str, str]], now: datetime) -> pl.DataFrame:
    """Return a row of quarantine for each version that a stage failed on, with what went wrong."""
    return table("lake", "quarantine").frame(
        [
            {
                "ingest_date": batch.day,
                "batch_id": batch.batch_id,
                "quarantine_id": mk_id("quarantine", stage, version_id, "stage_failed"),
                "stage": stage,
                "entity": "version",
                "entity_id": version_id,
                "rule": "stage_failed",
                "severity": "warn",
                "detail": detail,
                "first_seen_at": now,
            }
            for version_id, detail in failed
        ]
    )
