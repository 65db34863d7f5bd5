"""`onrecord status`: what came in, what was refused, what is published, disk use.

Covers reading the lake and the published file, and showing them. It reads the last days of the lake and small tables of
the published file, so that it takes as long after a year as after a week.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import polars as pl

from pipelines.commands.messages import printable
from pipelines.commands.summary import day_table, in_units, orphan_lines, published_lines, refusal_lines
from pipelines.errors import counted
from pipelines.orchestration.health import health
from pipelines.settings import Settings, load_settings
from pipelines.storage.lake import Lake
from pipelines.storage.publish import EARLIER, published_problem
from pipelines.storage.vacuum import size_of

_DAYS = 14
_SOURCES = """
SELECT source_name AS source, sum(n_seen)::BIGINT AS seen, sum(n_new)::BIGINT AS new,
    sum(n_quarantined)::BIGINT AS refused, sum(n_quarantined) / nullif(sum(n_new), 0) AS "refused %",
    sum(n_no_date) / nullif(sum(n_parsed), 0) AS "no date %",
    sum(n_no_author) / nullif(sum(n_parsed), 0) AS "no author %",
    sum(n_no_headline) / nullif(sum(n_parsed), 0) AS "no headline %",
    sum(n_no_url) / nullif(sum(n_parsed), 0) AS "no URL %",
    max(last_seen_at) AS "last seen", max(ingest_date) FILTER (n_new > 0) AS "last new"
FROM ops.source_rates GROUP BY source_name ORDER BY source_name
"""


def main(as_json: bool = False, check: bool = False) -> int:
    """Print the status; exit status 0 also when there is nothing yet.

    Args:
        as_json: Print it as one object of JSON.
        check: Print what is to be looked at alone; exit status 1 if there is anything.
    """
    settings = load_settings()
    if as_json or check:
        found = health(settings, datetime.now(UTC))
        told = json.dumps(found.as_json(), ensure_ascii=False, default=str, indent=1) if as_json else ""
        print(told or "\n".join(map(printable, found.problems)) or "nothing to look at")
        return int(check and bool(found.problems))
    lake = Lake(settings.lake_dir)
    print(f"data folder: {settings.data_dir}")
    batches = lake.batches()
    if not batches:
        print("nothing has come in yet: onrecord run PATH")
        return 0
    days = sorted({batch.day for batch in batches})[-_DAYS:]
    last = [batch for batch in batches if batch.day >= days[0]]
    with _plain_tables():
        print(f"\ncame in, by ingest day (the last {_DAYS}):\n{day_table(lake, last)}")
    refused = lake.read("quarantine", batches=last).filter(pl.col("resolved_at").is_null())
    print(f"\nrefused on these days: {refused.height:,}")
    for line in refusal_lines(refused.sort("ingest_date", descending=True)):
        print(line)
    for line in orphan_lines(lake):
        print(line)
    print()
    for line in _published(settings):
        print(line)
    for line in _to_look_at(settings):
        print(line)
    places = {
        "lake": settings.lake_dir, "warehouse": settings.warehouse, "published": settings.published,
        "published before": settings.published.parent / EARLIER, "Dagster's records": settings.dagster_home,
        "all": settings.data_dir,
    }  # fmt: skip
    print("disk use: " + ", ".join(f"{name} {in_units(size_of(path))}" for name, path in places.items()))
    return 0


def _published(settings: Settings) -> Iterator[str]:
    """Yield what is published, and what each source has brought."""
    if not settings.published.exists():
        yield "nothing is published yet"
        return
    if published_problem(settings) is not None:  # told below
        return
    with duckdb.connect(settings.published, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        row = con.execute("SELECT published_at::VARCHAR, code_version FROM ops.publication").fetchone()
        try:
            sources = con.sql(_SOURCES).pl()
            n_open = (con.execute("SELECT count(*) FROM ops.open_refusals").fetchone() or (0,))[0]
        except duckdb.CatalogException:  # published by an older version, which a run replaces
            sources, n_open = pl.DataFrame(), 0
    if sources.height:
        shares = [(pl.col(c) * 100).round(1) for c in sources.columns if c.endswith("%")]
        with _plain_tables():
            shown = sources.with_columns(*shares, pl.col("last seen").dt.strftime("%Y-%m-%d %H:%M"))
            yield f"by source, as published:\n{shown}\n"
    if n_open:
        are = "is" if n_open == 1 else "are"
        yield f"{counted(n_open, 'refusal')} {are} open (ops.open_refusals); after a fix: onrecord replay"
    for line in published_lines(settings):
        yield f"{line} (at {row[0]}, OnRecord {row[1]})" if row else line


def _to_look_at(settings: Settings) -> Iterator[str]:
    """Yield how the last run ended, what is in the inbox, and what is to be looked at."""
    found = health(settings, datetime.now(UTC))
    if found.last_run is not None:
        run = found.last_run
        yield f"last run: {run.began_at:%Y-%m-%d %H:%M} UTC, {run.status.lower()} ({run.run_id[:8]})"
    if any(found.inbox.values()):
        yield "inbox: " + ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in found.inbox.items())
    for line in found.problems:
        yield f"to look at: {printable(line)}"


def _plain_tables() -> pl.Config:
    return pl.Config(
        tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True, tbl_formatting="NOTHING", fmt_str_lengths=40,
    )  # fmt: skip
