"""`onrecord query`: SQL on the published file, and nothing but that file.

Belongs here: opening it read-only and locked, limits, output formats. Does not belong here: any SQL.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import threading
from collections.abc import Sequence

import duckdb

from pipelines.cli import UsageError
from pipelines.settings import Settings, load_settings


def main(sql: str, format: str) -> int:
    """Run one statement, print its rows, and return the exit status."""
    settings = load_settings()
    text = sys.stdin.read() if sql == "-" else sql
    if (n := _n_statements(text)) != 1:
        raise UsageError(f"{n} SQL statements: give one at a time" if n else "no SQL statement")
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
    names = distinct(relation.columns)
    if format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        while rows := relation.fetchmany(1000):
            writer.writerows(rows)
        return
    while rows := relation.fetchmany(1000):
        for row in rows:
            values = {name: finite(value) for name, value in zip(names, row, strict=True)}
            print(json.dumps(values, ensure_ascii=False, allow_nan=False, default=_plain))


def _n_statements(sql: str) -> int:
    try:
        return len(duckdb.extract_statements(sql))
    except duckdb.Error:
        return 1  # not SQL: running it says what is wrong


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names of columns, the second of a name as name_1 and so on: a key of JSON stands for one value."""
    found: list[str] = []
    for name in names:
        candidates = (name, *(f"{name}_{number}" for number in range(1, len(names) + 1)))
        found.append(next(c for c in candidates if c not in found and (c == name or c not in names)))
    return found


def finite(value: object) -> object:
    """Return a value with None for every NaN and infinity in it, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, str) else _plain(key): finite(item) for key, item in value.items()}
    return value


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((160, 24)).columns


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
