"""`onrecord status`: what came in, what was refused, what is published, disk use.

Belongs here: reading the lake and the published file, and showing them. Does not belong here: changing them.
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipelines.commands.summary import day_table, orphan_lines, published_lines, refusal_lines, size_of
from pipelines.io.lake import Lake
from pipelines.settings import load_settings

_DAYS = 14


def main() -> int:
    """Print the status; exit status 0 also when there is nothing yet."""
    settings = load_settings()
    lake = Lake(settings.lake_dir)
    print(f"data folder: {settings.data_dir}")
    if not lake.batches():
        print("nothing has come in yet: onrecord run PATH")
        return 0
    days = day_table(lake)
    with pl.Config(
        tbl_rows=_DAYS, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, tbl_formatting="NOTHING"
    ):
        print(f"\ncame in, by ingest day (the last {_DAYS}):\n{days.tail(_DAYS)}")
    refused = lake.read("quarantine").sort("ingest_date", descending=True)
    print(f"\nrefused: {refused.height:,}")
    for line in refusal_lines(refused):
        print(line)
    for line in orphan_lines(lake):
        print(line)
    print()
    if settings.published.exists():
        with duckdb.connect(settings.published, read_only=True) as con:
            row = con.execute("SELECT published_at::VARCHAR, code_version FROM ops.publication").fetchone()
        for line in published_lines(settings):
            print(f"{line} (at {row[0]}, OnRecord {row[1]})" if row else line)
    else:
        print("nothing is published yet")
    places = {"lake": settings.lake_dir, "warehouse": settings.warehouse, "published": settings.published.parent}
    print("disk use: " + ", ".join(f"{name} {size_of(path)}" for name, path in places.items()))
    return 0
