"""`onrecord replay`: refused records once more, after a fix of code or sources.yaml.

Covers which refusals are tried, and telling what came of it. For trying, see compute/refusals.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from pipelines.commands.job import execute
from pipelines.commands.messages import printable
from pipelines.commands.summary import tell
from pipelines.compute.refusals import by_reason, open_refusals, try_again
from pipelines.errors import UsageError, counted
from pipelines.settings import load_settings, load_sources
from pipelines.storage import takedowns
from pipelines.storage.lake import Lake


def main(rule: str | None, source: str | None, since: date | None) -> int:
    """Try again, and compute again only what comes through; return the exit status."""
    settings = load_settings()
    sources = load_sources(settings)
    lake = Lake(settings.lake_dir)
    everything = open_refusals(lake)
    chosen = _chosen(everything, rule, source, since)
    trial = try_again(lake, settings, sources, takedowns.load(settings), chosen)
    if trial.batches or trial.files:
        batches = lake.batches()
        day = datetime.now(UTC).date() if trial.files else batches[-1].day
        result = execute(
            settings, day, inputs=sorted(p.as_posix() for p in trial.files),
            batches=sorted(b.batch_id for b in trial.batches),
        )  # fmt: skip
        status = tell(settings, result)
        if status:
            return status
    still = set(open_refusals(lake)["quarantine_id"]) & set(chosen["quarantine_id"])
    came, are = chosen.height - len(still), "is" if len(still) == 1 else "are"
    print(f"replayed {counted(chosen.height, 'refusal')}: {came:,} came through, {len(still):,} {are} refused")
    known = dict(chosen.select("quarantine_id", pl.format("{}: {}", "rule", "detail")).iter_rows())
    for name, n, detail in by_reason({i: trial.reasons.get(i) or known[i] for i in still}):
        print(f"  still refused, {name}: {n:,}, for example: {printable(detail)}")
    return 0


def _chosen(everything: pl.DataFrame, rule: str | None, source: str | None, since: date | None) -> pl.DataFrame:
    if everything.is_empty():
        raise UsageError("nothing is refused, so there is nothing to replay")
    for option, column, value in (("--rule", "rule", rule), ("--source", "source_name", source)):
        known = sorted(everything[column].drop_nulls().unique())
        if value is not None and value not in known:
            raise UsageError(f"nothing open was refused with {option} {value}; there is {', '.join(known) or 'none'}")
    wanted = pl.lit(value=True)
    wanted = wanted if rule is None else wanted & (pl.col("rule") == rule)
    wanted = wanted if source is None else wanted & (pl.col("source_name") == source)
    wanted = wanted if since is None else wanted & (pl.col("ingest_date") >= since)
    chosen = everything.filter(wanted)
    if chosen.is_empty():
        raise UsageError("no open refusal is of that rule, source and time")
    return chosen
