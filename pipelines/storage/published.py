"""Opening the published file to read it: nothing can be changed with it, and nothing else can be reached.

Covers how the file is opened and locked, the extension for searching, the time limit and naming columns. For making the
file, see publish.py; for what is asked of it, see search.py, commands/ and explore/.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pipelines.contracts import CONTRACT_VERSION
from pipelines.settings import Settings
from pipelines.storage.extensions import extension_path, literal

_SPILL = "8GB"  # a query that sorts more than this would fill the disk that the next publication needs


class NotPublishedError(Exception):
    """There is no published file yet, or none that this version reads; the message is one line that says what to do."""


class TooSlowError(Exception):
    """A query ran into its time limit."""


def open_published(
    published: Path, memory_limit: str, *, writes_to: Path | None = None, before: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only, with no way out of it.

    Args:
        published: The file.
        memory_limit: As DuckDB writes it, for example 2GB.
        writes_to: The one folder that COPY may write to; None: there is none.
        before: Another published file, to be compared with: it is attached under the name `before`.

    Raises:
        NotPublishedError: nothing is published yet, or by an older or newer version with other tables.
    """
    if not published.exists():
        raise NotPublishedError(f"nothing is published yet at {published}: run `onrecord run` first")
    limits = {"memory_limit": memory_limit, "max_temp_directory_size": _SPILL}
    con = duckdb.connect(published, read_only=True, config=limits)
    try:
        refuse_other_contracts(con, published)
        if before is not None:
            con.execute(f"ATTACH {literal(str(before))} AS before (READ_ONLY)")
            refuse_other_contracts(con, before, "before.")
        load_fts(con)
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET python_enable_replacements = false")  # an unknown table is not a variable of ours
        if writes_to is not None:
            con.execute(f"SET allowed_directories = [{literal(str(writes_to))}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    except BaseException:
        con.close()
        raise
    return con


def open_for_readers(
    settings: Settings, *, writes_to: Path | None = None, before: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open what is published, as `open_published` does: the last snapshot where there is a DuckLake, else the file.

    To be compared with a file of before, it is the file in any case.

    Raises:
        NotPublishedError: nothing is published yet, or by an older or newer version with other tables.
    """
    if settings.ducklake is None or before is not None:
        return open_published(settings.published, settings.query_memory, writes_to=writes_to, before=before)
    from pipelines.storage.ducklake import open_snapshot  # of the extra `cluster`

    con = open_snapshot(settings, writes_to=writes_to)
    if con is None:
        raise NotPublishedError(f"nothing is published yet in {settings.ducklake}: run `onrecord run` first")
    try:
        refuse_other_contracts(con, settings.ducklake)
    except BaseException:
        con.close()
        raise
    return con


def refuse_other_contracts(con: duckdb.DuckDBPyConnection, published: Path | str, prefix: str = "") -> None:
    """Refuse a published file whose tables are those of an older or a newer version of OnRecord.

    Raises:
        NotPublishedError: it is one; the line says which, and what to do.
    """
    try:
        row = con.execute(f"SELECT contract_version FROM {prefix}ops.publication").fetchone()
    except duckdb.CatalogException:
        row = None
    version = row[0] if row else 0
    if version != CONTRACT_VERSION:
        todo = "run `onrecord rebuild`" if version < CONTRACT_VERSION else "update OnRecord"
        raise NotPublishedError(
            f"{published}: published under contract version {version}, this code knows {CONTRACT_VERSION}: {todo}"
        )


def relations(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """Return where an attached file has its tables and views: name -> database.schema.name.

    Names are unique in a published file; the schemas may be others in one that an older version published.
    """
    rows = con.execute(
        "SELECT table_name, schema_name FROM duckdb_tables() WHERE database_name = $1 UNION ALL "
        "SELECT view_name, schema_name FROM duckdb_views() WHERE database_name = $1 AND NOT internal", [database],
    ).fetchall()  # fmt: skip
    return {name: f"{database}.{schema}.{name}" for name, schema in rows}


def load_fts(con: duckdb.DuckDBPyConnection) -> bool:
    """Load DuckDB's full-text extension from its wheel, by path; return whether it is there and fits."""
    path = extension_path("fts")
    if path is None:
        return False
    try:
        con.execute(f"LOAD {literal(str(path))}")
    except duckdb.Error:  # made for another version or platform: searching does without
        return False
    return True


@contextlib.contextmanager
def time_limit(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Stop whatever the connection is doing after some seconds.

    Raises:
        TooSlowError: it was stopped.
    """
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        raise TooSlowError(f"stopped after {seconds:g} s") from None
    finally:
        timer.cancel()


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names of columns, the second of a name as name_1 and so on: a key of JSON stands for one value."""
    found: list[str] = []
    for name in names:
        candidates = (name, *(f"{name}_{number}" for number in range(1, len(names) + 1)))
        found.append(next(c for c in candidates if c not in found and (c == name or c not in names)))
    return found
