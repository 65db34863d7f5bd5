"""What a run did and what the lake holds, in lines for a person.

Covers counting for `run` and `status`. For the counts' meaning, see contracts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import polars as pl

from pipelines.commands.job import RunResult
from pipelines.commands.messages import harmless, printable
from pipelines.contracts.columns import OUTCOMES
from pipelines.errors import counted
from pipelines.settings import Settings
from pipelines.storage.lake import Batch, Lake

_SHOWN = 10


def tell(settings: Settings, result: RunResult) -> int:
    """Print what a run did, and on standard error why it failed; return its exit status."""
    for line in run_summary(settings, result):
        print(line)
    if result.error is None:
        return 0
    print(f"onrecord: failed: {harmless(result.error)}\nonrecord: the published file was not changed", file=sys.stderr)
    return 1


def run_summary(settings: Settings, result: RunResult) -> Iterator[str]:
    """Yield the lines that end a run: what came in, what became of it, what is published."""
    lake = Lake(settings.lake_dir)
    mine = _met_by(lake, result.run_id)
    if mine.height:
        batches = [Batch(day, batch) for day, batch in mine.select("ingest_date", "batch_id").unique().iter_rows()]
        yield from _what_came(lake, mine, sorted(batches))
    if result.error is not None:
        return
    if result.is_published:
        yield from published_lines(settings)
        yield from orphan_lines(lake)
    elif mine.height and not mine["is_unchanged"].all():
        yield "stored; the next run builds and publishes it"
    else:
        yield "nothing new: nothing was built"


def _met_by(lake: Lake, run_id: str) -> pl.DataFrame:
    """Return the sightings of the last run: those of the last batches."""
    columns = ["run_id", "is_unchanged", "batch_id", "ingest_date"]
    found = [lake.read("sightings", batches=[], columns=columns)]
    for batch in reversed(lake.batches()):
        met = lake.read("sightings", batches=[batch], columns=columns)
        if run_id not in met["run_id"]:
            break
        found.append(met)
    return pl.concat(found)


def orphan_lines(lake: Lake) -> Iterator[str]:
    """Yield a warning and a line for each correction that found nothing when it was last applied."""
    orphans = lake.read_state("overrides").filter("is_orphan")
    if orphans.height:
        find = "finds" if orphans.height == 1 else "find"
        yield f"warning: {counted(orphans.height, 'correction')} {find} nothing any more: onrecord override list"
    for row in orphans.head(_SHOWN).iter_rows(named=True):
        yield f"  {row['action']} {row['anchor']} -> {row['value']}"


def _what_came(lake: Lake, mine: pl.DataFrame, batches: list[Batch]) -> Iterator[str]:
    outcomes = lake.read("sighting_outcomes", batches=batches, columns=["sighting_id", "outcome", "outcome_reason"])
    if outcomes.is_empty():
        yield f"met {counted(mine.height, 'record')}, {int(mine['is_unchanged'].sum()):,} of them unchanged"
        return
    counts = dict(outcomes.group_by("outcome").len().iter_rows())
    yield f"met {counted(mine.height, 'record')}: " + ", ".join(f"{counts.get(o, 0):,} {o}" for o in OUTCOMES)
    refused = lake.read("quarantine", batches=batches).sort("source_uri", "record_no")
    yield from refusal_lines(refused)


def refusal_lines(refused: pl.DataFrame) -> Iterator[str]:
    """Yield a line for each of the first refused records, and how many more there are."""
    for row in refused.head(_SHOWN).iter_rows(named=True):
        yield f"  refused at {row['stage']}, {row['rule']}: {printable(_where(row) + row['detail'])}"
    if refused.height > _SHOWN:
        yield f"  and {refused.height - _SHOWN:,} more: SELECT * FROM ops.quarantine"


def _where(row: dict[str, Any]) -> str:
    """Return the place of a refused record, unless the detail begins with it."""
    uri, number = row["source_uri"], row["record_no"]
    if uri is None or row["detail"].startswith(uri):
        return ""
    return f"{uri}: " if number is None else f"{uri}, record {number}: "


def published_lines(settings: Settings) -> Iterator[str]:
    """Yield what the published file holds."""
    with duckdb.connect(settings.published, read_only=True) as con:
        counts = con.execute(
            "SELECT (SELECT count(*) FROM core.articles), (SELECT count(*) FROM core.statements),"
            " (SELECT count(*) FROM core.quotes), (SELECT count(DISTINCT speaker_actor_id) FROM core.statements),"
            " (SELECT count(*) FILTER (NOT passed) FROM ops.check_results)"
        ).fetchone()
    articles, statements, quotes, speakers, warnings = counts or (0, 0, 0, 0, 0)
    yield (
        f"published {settings.published}: {counted(articles, 'article')}, {counted(statements, 'statement')} by "
        f"{counted(speakers, 'speaker')}, {counted(quotes, 'quote')}"
        + (
            f"; {counted(warnings, 'check')} {'warns' if warnings == 1 else 'warn'} (ops.check_results)"
            if warnings
            else ""
        )
    )


def day_table(lake: Lake, batches: Sequence[Batch]) -> pl.DataFrame:
    """Return, by ingest day, how many records of some batches were met and what became of them.

    Nothing has to become of a record that is unchanged, so it never waits.
    """
    sightings = lake.read("sightings", batches=batches, columns=["ingest_date", "sighting_id", "is_unchanged"])
    outcomes = lake.read("sighting_outcomes", batches=batches, columns=["sighting_id", "outcome"])
    joined = sightings.join(outcomes, on="sighting_id", how="left")
    is_new = ~pl.col("is_unchanged")
    counted = [(is_new & pl.col("outcome").eq(o)).sum().alias(o) for o in OUTCOMES]
    unchanged = pl.col("is_unchanged").sum().alias("unchanged")
    waiting = (is_new & pl.col("outcome").is_null()).sum().alias("waiting")
    return joined.group_by("ingest_date").agg(pl.len().alias("met"), *counted, unchanged, waiting).sort("ingest_date")


def in_units(size: float) -> str:
    """Return a number of bytes for a person."""
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
