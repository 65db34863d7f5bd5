"""Publications as snapshots of a DuckLake: its catalog in PostgreSQL, its data as Parquet in an object store.

Belongs here: bringing a published file there in one transaction, opening a snapshot to read, forgetting those of
before. Does not belong here: making the published file (see `publish`), what is asked of it.

A snapshot is named after its publication when all of it is there, and readers open the last that has a name: they see
one publication or the next, whole. Only the days that differ are written, so that a publication costs what has changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import duckdb
import polars as pl

from pipelines.settings import Settings, SettingsError
from pipelines.storage.duckdb_objects import read_objects
from pipelines.storage.extensions import extension_path, literal

_BY = "onrecord"
"""Author of the snapshots that are publications."""
_SCHEMAS = ("core", "internal", "mart", "ops")
_STATE = "ops.stored_days"
"""What the DuckLake holds: of each table each day (or all of it, where it has none), by a hash of its rows."""
_COLUMNS = """
SELECT schema_name || '.' || table_name, list(column_name || ' ' || data_type ORDER BY column_index)
FROM duckdb_columns() SEMI JOIN (SELECT database_name, schema_name, table_name FROM duckdb_tables())
USING (database_name, schema_name, table_name)
WHERE database_name = ? AND list_contains(?, schema_name) GROUP BY ALL ORDER BY ALL
"""
_STATE_COLUMNS = "relation VARCHAR, day VARCHAR, n_rows BIGINT, hash VARCHAR"
_VIEWS = """
SELECT schema_name || '.' || view_name, sql, comment FROM duckdb_views()
WHERE database_name = ? AND NOT internal ORDER BY 1
"""
_NAMED = "SELECT snapshot_id, commit_message FROM lake.snapshots() WHERE author = ? ORDER BY snapshot_id"

Hashes = dict[tuple[str, str | None], tuple[int, str]]
"""Rows and hash by table and day; of a view its SQL's."""


def publish_snapshot(settings: Settings, *, anew: bool = False) -> int:
    """Bring the published file into the DuckLake as its next snapshot; return how many days of tables were written.

    Args:
        settings: The settings.
        anew: Make every table anew: what the catalog tells of an old one (the least and the greatest value of a column)
            is never narrowed, and goes with that table alone.

    Raises:
        SettingsError: the extra is not installed, or the catalog cannot be reached.
        duckdb.Error: it was not done, and the publication of before is as it was.
    """
    with _attached(settings) as con:
        con.execute(f"ATTACH {literal(str(settings.published))} AS file (READ_ONLY)")
        (publication_id,) = con.execute("SELECT publication_id FROM file.ops.publication").fetchone() or ("",)
        con.execute("BEGIN")
        con.execute("USE lake")
        for schema in _SCHEMAS:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        con.execute(f"CREATE TABLE IF NOT EXISTS {_STATE} ({_STATE_COLUMNS})")
        rows = con.execute(f"SELECT relation, day, n_rows, hash FROM {_STATE}").fetchall()
        stored: Hashes = {(relation, day): (n_rows, told) for relation, day, n_rows, told in rows}
        now, n_written = _write_tables(con, stored, anew=anew)
        views = _view_hashes(con)
        if any(stored.get(key) != value for key, value in views.items()):
            _write_views(con)
        _note(con, now | views)
        con.execute("CALL lake.set_commit_message(?, ?)", [_BY, publication_id])
        con.execute("COMMIT")
        con.execute("USE memory")
    return n_written


def _write_tables(con: duckdb.DuckDBPyConnection, stored: Hashes, *, anew: bool) -> tuple[Hashes, int]:
    """Write what differs, drop what the file has no more; return what is there now, and how many days were written."""
    new, old = (dict(con.execute(_COLUMNS, [name, list(_SCHEMAS)]).fetchall()) for name in ("file", "lake"))
    now: Hashes = {}
    n_written = 0
    for relation, columns in new.items():
        is_new = anew or old.get(relation) != columns
        if is_new:
            _create(con, relation, columns)
        own = _hashes(con, relation, columns)
        there = {} if is_new else {key: value for key, value in stored.items() if key[0] == relation}
        due = sorted({key[1] or "" for key in own.keys() | there.keys() if own.get(key) != there.get(key)})
        if due:
            _replace(con, relation, due if _has_days(columns) else None)
        now |= own
        n_written += len(due)
    for relation in old.keys() - new.keys() - {_STATE}:
        con.execute(f"DROP TABLE {relation}")
    return now, n_written


def _create(con: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> None:
    """Make an empty table of the file's, a day a folder, with what the file says of it and its columns."""
    con.execute(f"CREATE OR REPLACE TABLE {relation} AS FROM file.{relation} LIMIT 0")
    if _has_days(columns):
        con.execute(f"ALTER TABLE {relation} SET PARTITIONED BY (ingest_date)")
    told = "SELECT comment FROM duckdb_tables() WHERE database_name = 'file' AND schema_name || '.' || table_name = ?"
    _comment(con, f"TABLE {relation}", con.execute(told, [relation]).fetchone())
    told = "SELECT column_name, comment FROM duckdb_columns() WHERE database_name = 'file' AND "
    for name, comment in con.execute(f"{told} schema_name || '.' || table_name = ?", [relation]).fetchall():
        _comment(con, f'COLUMN {relation}."{name}"', (comment,))


def _comment(con: duckdb.DuckDBPyConnection, on: str, told: tuple[str | None] | None) -> None:
    if told is not None and told[0]:
        con.execute(f"COMMENT ON {on} IS {literal(told[0])}")


def _has_days(columns: list[str]) -> bool:
    return "ingest_date DATE" in columns


def _hashes(con: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> Hashes:
    day = "ingest_date::VARCHAR" if _has_days(columns) else "NULL::VARCHAR"
    sql = f"SELECT {day}, count(*), sum(hash(t)::HUGEINT)::VARCHAR FROM file.{relation} t GROUP BY 1"
    return {(relation, d): (int(n), told or "") for d, n, told in con.execute(sql).fetchall() if n}


def _replace(con: duckdb.DuckDBPyConnection, relation: str, days: list[str] | None) -> None:
    """Replace some days of a table ('': the rows without one), or all of it."""
    where = ""
    if days is not None:
        listed = ", ".join(f"DATE {literal(day)}" for day in days if day)
        tests = [*([f"ingest_date IN ({listed})"] if listed else []), *(["ingest_date IS NULL"] if "" in days else [])]
        where = f" WHERE {' OR '.join(tests)}"
    con.execute(f"DELETE FROM {relation}{where}")
    con.execute(f"INSERT INTO {relation} FROM file.{relation}{where}")


def _view_hashes(con: duckdb.DuckDBPyConnection) -> Hashes:
    """Return a hash of each view's SQL, and of all views that there are."""
    views = con.execute(_VIEWS, ["file"]).fetchall()
    every = md5("".join(name for name, _, _ in views).encode()).hexdigest()
    own: Hashes = {(name, None): (0, md5(f"{sql}{comment}".encode()).hexdigest()) for name, sql, comment in views}
    return own | {("views", None): (len(views), every)}


def _write_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views of the file, whatever order they need each other in, and drop those that it has no more."""
    waiting = con.execute(_VIEWS, ["file"]).fetchall()
    gone = {name for name, _, _ in con.execute(_VIEWS, ["lake"]).fetchall()} - {name for name, _, _ in waiting}
    while waiting:
        failed = []
        for name, sql, comment in waiting:
            try:
                con.execute(sql.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
                _comment(con, f"VIEW {name}", (comment,))
            except duckdb.CatalogException:
                if len(failed) + 1 == len(waiting):
                    raise
                failed.append((name, sql, comment))
        waiting = failed
    for name in gone:
        con.execute(f"DROP VIEW {name}")


def _note(con: duckdb.DuckDBPyConnection, now: Hashes) -> None:
    """Note what is there now."""
    con.execute(f"CREATE OR REPLACE TABLE {_STATE} ({_STATE_COLUMNS})")
    rows = [(r, day, n, told) for (r, day), (n, told) in sorted(now.items(), key=lambda item: (item[0][0], str(item)))]
    frame = pl.DataFrame(rows, schema=["relation", "day", "n_rows", "hash"], orient="row")
    con.register("noted", frame.to_arrow())
    con.execute(f"INSERT INTO {_STATE} FROM noted")
    con.unregister("noted")


# ---------------------------------------------------------------- reading
def open_snapshot(
    settings: Settings, *, publication_id: str | None = None, writes_to: Path | None = None
) -> duckdb.DuckDBPyConnection | None:
    """Open a publication to read, with no way out of it; None: there is none, or none with this id.

    Args:
        settings: The settings; they say whose name the catalog knows the reader by.
        publication_id: An earlier one that is kept; default: the last.
        writes_to: The one folder that COPY may write to.
    """
    with _attached(settings, is_reader=True) as con:
        found = con.execute(_NAMED, [_BY]).fetchall()
    versions = [version for version, name in found if publication_id in (None, name)]
    if not versions:
        return None
    con = _connection(settings, settings.query_memory)
    try:
        con.execute(f"ATTACH {_source(settings)} AS lake (READ_ONLY, SNAPSHOT_VERSION {int(versions[-1])})")
        con.execute("USE lake")
        con.execute("SET python_enable_replacements = false")
        folders = [_folder(settings), *([str(writes_to)] if writes_to else [])]
        con.execute(f"SET allowed_directories = [{', '.join(map(literal, folders))}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    except BaseException:
        con.close()
        raise
    return con


# ---------------------------------------------------------------- what is kept
def expire_snapshots(settings: Settings, keep_earlier: int) -> int:
    """Forget the snapshots before the last publication and those that are kept with it, and delete what only they had.

    Whoever reads one of them meanwhile fails; so this is for a quiet hour, and for what is to be forgotten.

    Returns:
        How many objects were deleted.
    """
    with _attached(settings) as con:
        named = [version for version, _ in con.execute(_NAMED, [_BY]).fetchall()]
        if not named:
            return 0
        first = named[max(0, len(named) - 1 - keep_earlier)]
        found = con.execute("SELECT snapshot_id FROM lake.snapshots() WHERE snapshot_id < ?", [first]).fetchall()
        if found:
            con.execute(f"CALL ducklake_expire_snapshots('lake', versions => [{', '.join(str(v) for (v,) in found)}])")
        gone = con.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)").fetchall()
        lost = con.execute("CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)").fetchall()
    return len(gone) + len(lost)


# ---------------------------------------------------------------- connecting
@contextlib.contextmanager
def _attached(settings: Settings, *, is_reader: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    con = _connection(settings, settings.query_memory if is_reader else settings.build_memory)
    with contextlib.closing(con):
        # Rows in the catalog itself would stay there when their snapshot goes.
        writer = f"DATA_PATH {literal(_folder(settings))}, DATA_INLINING_ROW_LIMIT 0"
        options = "READ_ONLY" if is_reader else writer
        try:
            con.execute(f"ATTACH {_source(settings)} AS lake ({options})")
        except duckdb.Error as error:
            told = " ".join(str(error).split())[:300]
            raise SettingsError(f"the catalog ONRECORD_DUCKLAKE={settings.ducklake} cannot be opened: {told}") from None
        yield con


def _connection(settings: Settings, memory: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"memory_limit": memory, "preserve_insertion_order": False})
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")
    for name in ("postgres_scanner", "ducklake"):
        path = extension_path(name)
        if path is None:
            raise SettingsError("a DuckLake needs the extra: pip install 'onrecord[cluster]'")
        con.execute(f"LOAD {literal(str(path))}")
    if "://" in str(settings.ducklake_data):
        read_objects(con)
    return con


def _source(settings: Settings) -> str:
    return literal(f"ducklake:postgres:{settings.ducklake}")


def _folder(settings: Settings) -> str:
    """Return the folder of the data: one of its own, since whatever no snapshot knows is removed from it."""
    return f"{str(settings.ducklake_data).rstrip('/')}/snapshots/"
