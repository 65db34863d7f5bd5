"""`onrecord status`: what came in, what was refused, what is published, disk use.

Belongs here: reading the lake and the published file, and showing them. Does not belong here: changing them. It reads
the last days of the lake and small tables of the published file, so that it takes as long after a year as after a week.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl

from pipelines.commands.summary import day_table, in_units, orphan_lines, published_lines, refusal_lines
from pipelines.settings import Settings, load_settings
from pipelines.storage.lake import Lake
from pipelines.storage.publish import EARLIER
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


def main() -> int:
    """Print the status; exit status 0 also when there is nothing yet."""
    settings = load_settings()
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
        yield f"{n_open:,} refusals are open (ops.open_refusals); after a fix: onrecord replay"
    for line in published_lines(settings):
        yield f"{line} (at {row[0]}, OnRecord {row[1]})" if row else line


def _plain_tables() -> pl.Config:
    return pl.Config(
        tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True, tbl_formatting="NOTHING", fmt_str_lengths=40,
    )  # fmt: skip
