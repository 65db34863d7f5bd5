"""Publication: the warehouse becomes the file that analysts read, whole or not at all.

Belongs here: the copy, the ops tables that are known last, comments, the Parquet exports, the rename; the search
index is made here and written in search.py. Does not belong here: building (sql/) and checking (expectations/).
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipelines.core import tables
from pipelines.core.actors.changes import actor_changes
from pipelines.io import faults
from pipelines.io.how import Register
from pipelines.io.published import literal
from pipelines.io.search import build_index
from pipelines.io.whole import fsync

_ID = "%Y%m%dT%H%M%S%fZ"
PUBLISHED_LAYERS: tuple[tables.Layer, ...] = ("core", "mart", "ops")


def publish(
    warehouse: Path,
    published: Path,
    exports_dir: Path,
    *,
    ops: Mapping[str, pl.DataFrame],
    now: datetime,
    code_version: str,
    keep_exports: int,
) -> str:
    """Copy the warehouse, complete it, and swap it in by rename; return the publication's id.

    A reader that holds the old file keeps it. The exports are there before the file that names them.

    Args:
        warehouse: The file that dbt wrote; nobody writes it meanwhile (the run lock).
        published: The file to replace.
        exports_dir: Folder of the Parquet exports, one folder a publication.
        ops: Frames of ops tables that only publication knows, by name.
        now: The instant of publication, UTC.
        code_version: Version of OnRecord.
        keep_exports: How many publications' exports stay.

    Raises:
        OSError: the disk is full or not writable; the old publication is as it was.
    """
    published.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (*published.parent.glob(f".{published.name}.*"), *_orphans(published, exports_dir)):
        _remove(leftover)
    publication_id = _next_id(now, exports_dir)
    unfinished = published.with_name(f".{published.name}.{publication_id}")
    export = exports_dir / publication_id
    try:
        shutil.copyfile(warehouse, unfinished)
        row = {
            "publication_id": publication_id,
            "published_at": now,
            "contract_version": tables.CONTRACT_VERSION,
            "code_version": code_version,
        }
        frames = {**ops, "publication": tables.table("ops", "publication").frame([row])}
        _complete(unfinished, frames, exports_dir / f".{publication_id}")
        unfinished.chmod(0o444)  # readers read; a writer's log beside the file would be played onto the next one
        fsync(unfinished)
        (exports_dir / f".{publication_id}").replace(export)
        faults.reach("publication")
        published.with_name(f"{published.name}.wal").unlink(missing_ok=True)
        unfinished.replace(published)
        fsync(published.parent)
    except BaseException:
        for path in (*published.parent.glob(f"{unfinished.name}*"), exports_dir / f".{publication_id}", export):
            with contextlib.suppress(OSError):
                _remove(path)
        raise
    _keep_last(exports_dir, keep_exports)
    return publication_id


def how_frames(warehouse: Path, register: Register) -> dict[str, pl.DataFrame]:
    """Return ops.extractors and ops.resolvers: a row for every id that any row of the warehouse carries."""
    frames = {}
    with duckdb.connect(warehouse, read_only=True) as con:
        for contract in (tables.EXTRACTORS, tables.RESOLVERS):
            (column,) = contract.key
            owners = con.execute(
                "SELECT t.schema_name, t.table_name FROM duckdb_tables() t JOIN duckdb_columns() c USING (table_oid) "
                "WHERE c.column_name = ? ORDER BY ALL", [column],
            ).fetchall()  # fmt: skip
            selects = [f"SELECT {column} AS ident FROM {schema}.{name}" for schema, name in owners]
            found = con.execute(f"SELECT DISTINCT ident FROM ({' UNION ALL '.join(selects)}) ORDER BY 1").fetchall()
            frames[contract.name] = contract.frame([register.row(contract, ident) for (ident,) in found])
    return frames


def _next_id(now: datetime, exports_dir: Path) -> str:
    """Return the name of a publication: its instant, but after every export that is there, whatever the clock says."""
    last = max((p.name for p in exports_dir.glob("[0-9]*Z")), default="")
    if now.strftime(_ID) <= last:
        now = datetime.strptime(last, _ID).replace(tzinfo=now.tzinfo) + timedelta(microseconds=1)
    return now.strftime(_ID)


def changes_since(published: Path, warehouse: Path) -> pl.DataFrame:
    """Return what changed in who is who between the published file and the warehouse; all is new if there is none."""
    actors = "SELECT actor_id, canonical_name, actor_type, merged_into FROM core.actors"
    links = "SELECT entity_id, actor_id FROM core.entity_actors"
    frames = []
    for path in (published, warehouse):
        try:
            with duckdb.connect(path, read_only=True) as con:
                frames.append((con.sql(actors).pl(), con.sql(links).pl()))
        except duckdb.Error:
            if path == warehouse:
                raise
            frames.append((pl.DataFrame(), pl.DataFrame()))  # there is none yet, or it is of another make
    (old_actors, old_links), (new_actors, new_links) = frames
    if old_actors.is_empty():
        old_actors, old_links = new_actors.clear(), new_links.clear()
    return actor_changes(old_actors, new_actors, old_links, new_links)


def _orphans(published: Path, exports_dir: Path) -> list[Path]:
    """Return the exports that a killed publication left: unfinished ones, and those newer than the published file."""
    unfinished = list(exports_dir.glob(".*"))
    if not published.exists():
        return [*unfinished, *exports_dir.glob("[!.]*")]
    try:
        with duckdb.connect(published, read_only=True) as con:
            current = str((con.execute("SELECT publication_id FROM ops.publication").fetchone() or ("",))[0])
    except duckdb.Error:  # somebody holds it, or it is damaged: neither may stop the next publication
        return unfinished
    return [p for p in exports_dir.glob("*") if p.name.startswith(".") or p.name > current]


def _complete(path: Path, ops: Mapping[str, pl.DataFrame], export: Path) -> None:
    """Add the ops tables, comments and the search index, export every relation; leave no write-ahead log behind."""
    export.mkdir(parents=True)
    with duckdb.connect(path) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")  # the run shows its own
        con.execute("CREATE SCHEMA IF NOT EXISTS ops")
        for name, frame in ops.items():
            contract = tables.table("ops", name)
            con.register("incoming", contract.conform(frame).to_arrow())
            columns = ", ".join(f'"{c.name}"::{c.duckdb} AS "{c.name}"' for c in contract.columns)
            con.execute(f"CREATE OR REPLACE TABLE ops.{name} AS SELECT {columns} FROM incoming")
            con.unregister("incoming")
        for contract in published_tables(con):
            _comment(con, contract)
            target = export / f"{contract.layer}.{contract.name}.parquet"
            con.execute(f"COPY (FROM {contract.layer}.{contract.name}) TO {literal(str(target))} (FORMAT parquet)")
        build_index(con)
        con.execute("CHECKPOINT")


def published_tables(con: duckdb.DuckDBPyConnection) -> list[tables.Table]:
    """Return the contracts of the relations that a file holds."""
    there = set(con.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall())
    return [t for layer in PUBLISHED_LAYERS for t in tables.tables(layer) if (t.layer, t.name) in there]


def _comment(con: duckdb.DuckDBPyConnection, contract: tables.Table) -> None:
    relation = f"{contract.layer}.{contract.name}"
    kind = "VIEW" if contract.is_view else "TABLE"
    con.execute(f"COMMENT ON {kind} {relation} IS {literal(contract.grain)}")
    for column in contract.columns:
        con.execute(f'COMMENT ON COLUMN {relation}."{column.name}" IS {literal(column.text)}')


def _keep_last(exports_dir: Path, keep: int) -> None:
    folders: Sequence[Path] = sorted(p for p in exports_dir.iterdir() if p.is_dir() and not p.name.startswith("."))
    for folder in folders[:-keep]:
        shutil.rmtree(folder, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
