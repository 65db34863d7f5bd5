"""`onrecord query`: SQL on the published file, and nothing but that file.

One statement in, rows out, within the limits. How the file is locked: storage/published.py. Formats: output.py.
"""

from __future__ import annotations

import sys

import duckdb

from pipelines.commands.output import Format, format_for, write_relation
from pipelines.errors import UsageError
from pipelines.settings import Settings, load_settings
from pipelines.storage.published import NotPublishedError, TooSlowError, open_for_readers, time_limit


def main(sql: str, format: Format | None, output: str | None = None) -> int:
    """Run one statement, print its rows, and return the exit status."""
    settings = load_settings()
    text = sys.stdin.read() if sql == "-" else sql
    if (n := _n_statements(text)) != 1:
        raise UsageError(f"{n} SQL statements: give one at a time" if n else "no SQL statement")
    with opened(settings) as con:
        try:
            with time_limit(con, settings.query_seconds):
                relation = con.sql(text)
                if relation is not None:  # a SET or a PRAGMA gives none
                    write_relation(relation, format_for(output, format, "table"), output)
        except TooSlowError as error:
            raise UsageError(f"{error}: raise ONRECORD_QUERY_SECONDS") from None
        except duckdb.Error as error:
            raise UsageError(str(error)) from None
    return 0


def opened(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the published file, as the settings say.

    Raises:
        UsageError: nothing is published yet.
    """
    try:
        return open_for_readers(settings)
    except NotPublishedError as error:
        raise UsageError(str(error)) from None


def _n_statements(sql: str) -> int:
    try:
        return len(duckdb.extract_statements(sql))
    except duckdb.Error:
        return 1  # not SQL: running it says what is wrong
