"""`onrecord query`: SQL on the published file, and nothing but that file.

Belongs here: opening it read-only and locked, limits, output formats. Does not belong here: any SQL.
"""

from __future__ import annotations

import csv
import json
import sys
import threading

import duckdb

from pipelines.cli import UsageError
from pipelines.settings import Settings, load_settings


def main(sql: str, format: str) -> int:
    """Run one statement, print its rows, and return the exit status."""
    settings = load_settings()
    text = sys.stdin.read() if sql == "-" else sql
    with open_published(settings) as con:
        timer = threading.Timer(settings.query_seconds, con.interrupt)
        timer.start()
        try:
            _print(con.sql(text), format)
        except duckdb.InterruptException:
            raise UsageError(f"stopped after {settings.query_seconds:g} s: raise ONRECORD_QUERY_SECONDS") from None
        except duckdb.Error as error:
            raise UsageError(str(error)) from None
        finally:
            timer.cancel()
    return 0


def open_published(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only, with no way out of it.

    Raises:
        UsageError: nothing is published yet.
    """
    if not settings.published.exists():
        raise UsageError(f"nothing is published yet at {settings.published}: run `onrecord run` first")
    con = duckdb.connect(settings.published, read_only=True, config={"memory_limit": settings.query_memory})
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _print(relation: duckdb.DuckDBPyRelation | None, format: str) -> None:
    if relation is None:
        return
    if format == "table":
        relation.show(max_width=_width(), max_rows=1000)
        return
    names = relation.columns
    if format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        while rows := relation.fetchmany(1000):
            writer.writerows(rows)
        return
    while rows := relation.fetchmany(1000):
        for row in rows:
            print(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=_plain))


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((160, 24)).columns


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
