"""Publication: the warehouse becomes the file that analysts read, whole or not at all.

Covers the copy, the ops tables that are known last, comments, the rename, and keeping earlier files; the search
index is made here and written in search.py. For building (sql/) and checking, see expectations/.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import duckdb
import polars as pl

from pipelines import contracts
from pipelines.core.identity.changes import actor_changes
from pipelines.settings import Settings
from pipelines.storage import faults
from pipelines.storage.atomic_files import fsync, read_json, replacing, write_json
from pipelines.storage.extensions import literal
from pipelines.storage.fingerprints import Register
from pipelines.storage.published import relations
from pipelines.storage.search import build_index

_NOTE = Path("state/publication.json")
_ID = "%Y%m%dT%H%M%S%fZ"
EARLIER = "earlier"
"""Folder beside the published file of those that it replaced."""
_HEADERS = 3 * 4096
"""Bytes of a DuckDB file before its first block."""
PUBLISHED_LAYERS: tuple[contracts.Layer, ...] = ("core", "internal", "mart", "ops")


@dataclass(frozen=True)
class Published:
    """A publication, and how long its search index took to make: it grows with all news."""

    publication_id: str
    index_seconds: float


def publish(
    warehouse: Path,
    published: Path,
    *,
    ops: Mapping[str, pl.DataFrame],
    now: datetime,
    code_version: str,
    keep_earlier: int,
    memory: str,
    own: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType({}),
) -> Published:
    """Copy the warehouse, complete it, and swap it in by rename.

    A reader that holds the old file keeps it.

    Args:
        warehouse: The file that dbt wrote; nobody writes it meanwhile (the run lock).
        published: The file to replace.
        ops: Frames of ops tables that only publication knows, by name.
        now: The instant of publication, UTC.
        code_version: Version of OnRecord.
        keep_earlier: How many of the files that were published before stay beside it (see `earlier_files`).
        memory: How much DuckDB may hold, as it writes that (2GB); what is more goes to the disk.
        own: What a user's own models (as schema.name) and their columns are.

    Raises:
        OSError: the disk is full or not writable; the old publication is as it was.
    """
    published.parent.mkdir(parents=True, exist_ok=True)
    for leftover in published.parent.glob(f".{published.name}.*"):
        _remove(leftover)
    last = _publication_of(published)
    publication_id = _next_id(now, max([*(p.stem for p in earlier_files(published)), last or ""]))
    unfinished = published.with_name(f".{published.name}.{publication_id}")
    try:
        shutil.copyfile(warehouse, unfinished)
        row = {
            "publication_id": publication_id,
            "published_at": now,
            "contract_version": contracts.CONTRACT_VERSION,
            "code_version": code_version,
        }
        frames = {**ops, "publication": contracts.table("ops", "publication").frame([row])}
        index_seconds = _complete(unfinished, frames, memory, own)
        unfinished.chmod(0o444)  # readers read; a writer's log beside the file would be played onto the next one
        fsync(unfinished)
        if last is not None and keep_earlier:
            _keep(published, last)
        faults.reach("publication")
        published.with_name(f"{published.name}.wal").unlink(missing_ok=True)
        unfinished.replace(published)
        fsync(published.parent)
    except BaseException:
        for path in published.parent.glob(f"{unfinished.name}*"):
            with contextlib.suppress(OSError):
                _remove(path)
        raise
    for path in surplus_files(published, keep_earlier):
        path.unlink()
    return Published(publication_id, index_seconds)


def note_published(settings: Settings) -> None:
    """Note the size of the published file, by which one that was cut off is known."""
    write_json(settings.data_dir / _NOTE, {"size": settings.published.stat().st_size})


def published_problem(settings: Settings) -> str | None:
    """Return what is wrong with the published file as a file, in a line; None: it is there, and as long as it was."""
    if not settings.published.exists():
        return "nothing is published"
    noted, size = read_json(settings.data_dir / _NOTE).get("size"), settings.published.stat().st_size
    if noted is None or noted == size:
        return None
    if is_whole(settings.published):
        return "the published file is not the one that was published last, but whole: onrecord run publishes again"
    return f"the published file is damaged ({size:,} of {noted:,} bytes): onrecord run makes it again"


def is_whole(published: Path) -> bool:
    """Whether a file is a publication of which nothing is cut off, by what it says of itself: its blocks and its id."""
    try:
        with duckdb.connect(published, read_only=True) as con:
            con.execute("SELECT publication_id FROM ops.publication")
            (blocks,) = con.execute("SELECT total_blocks * block_size FROM pragma_database_size()").fetchone() or (0,)
    except duckdb.Error:
        return False
    return bool(published.stat().st_size == _HEADERS + int(blocks))


def earlier_files(published: Path) -> list[Path]:
    """Return the files that were published before this one and are kept, the oldest first, each named by its id."""
    return sorted((published.parent / EARLIER).glob(f"[0-9]*Z{published.suffix}"))


def surplus_files(published: Path, keep: int) -> list[Path]:
    """Return the earlier files beyond those that are kept."""
    files = earlier_files(published)
    return files[: len(files) - keep] if keep < len(files) else []


def _keep(published: Path, publication_id: str) -> None:
    """Give the file that is about to be replaced a second name, so that there is never a moment without one."""
    kept = published.parent / EARLIER / f"{publication_id}{published.suffix}"
    kept.parent.mkdir(exist_ok=True)
    if kept.exists():  # a publication was killed between this and the swap
        return
    try:
        os.link(published, kept)
    except OSError:  # a file system without such names
        with replacing(kept) as unfinished:
            shutil.copyfile(published, unfinished)
            unfinished.chmod(0o444)


def how_frames(warehouse: Path, register: Register) -> dict[str, pl.DataFrame]:
    """Return ops.extractors and ops.resolvers: a row for every id that any row of the warehouse carries."""
    frames = {}
    with duckdb.connect(warehouse, read_only=True) as con:
        for contract in (contracts.ops.EXTRACTORS, contracts.ops.RESOLVERS):
            (column,) = contract.key
            owners = con.execute(
                "SELECT t.schema_name, t.table_name FROM duckdb_tables() t JOIN duckdb_columns() c USING (table_oid) "
                "WHERE c.column_name = ? ORDER BY ALL", [column],
            ).fetchall()  # fmt: skip
            selects = [f"SELECT {column} AS ident FROM {schema}.{name}" for schema, name in owners]
            found = con.execute(f"SELECT DISTINCT ident FROM ({' UNION ALL '.join(selects)}) ORDER BY 1").fetchall()
            frames[contract.name] = contract.frame([register.row(contract, ident) for (ident,) in found])
    return frames


def _next_id(now: datetime, last: str) -> str:
    """Return the name of a publication: its instant, but after every one that is there, whatever the clock says."""
    if now.strftime(_ID) <= last:
        now = datetime.strptime(last, _ID).replace(tzinfo=now.tzinfo) + timedelta(microseconds=1)
    return now.strftime(_ID)


def _publication_of(published: Path) -> str | None:
    """Return the id of a published file; None: there is none, or it is damaged, which stops no publication."""
    try:
        with duckdb.connect(published, read_only=True) as con:
            row = con.execute("SELECT publication_id FROM ops.publication").fetchone()
    except duckdb.Error:
        return None
    return str(row[0]) if row else None


def changes_since(published: Path, warehouse: Path, memory: str) -> pl.DataFrame:
    """Return what changed in who is who between the published file and the warehouse; all is new if there is none.

    Links are looked at where the state of their day is another one, which leaves few of them.
    """
    actors = "SELECT actor_id, canonical_name, actor_type, merged_into FROM {actors}"
    links = (
        "SELECT entity_id, actor_id FROM {entity_actors} SEMI JOIN (SELECT ingest_date FROM internal.day_states n "
        "JOIN {old_states} o USING (ingest_date) WHERE n.state_id <> o.state_id) USING (ingest_date)"
    )
    with duckdb.connect(warehouse, read_only=True, config={"memory_limit": memory}) as con:
        new_actors = con.sql(actors.format(actors="core.actors")).pl()
        nobody, nothing = new_actors.clear(), pl.DataFrame(schema={"entity_id": pl.String, "actor_id": pl.String})
        try:
            con.execute(f"ATTACH {literal(str(published))} AS old (READ_ONLY)")
            old = relations(con, "old")
            old_actors = con.sql(actors.format(**old)).pl()
            old_links = con.sql(links.format(**old, old_states=old["day_states"])).pl()
        except (duckdb.Error, KeyError):  # there is none yet, or it is of another make
            return actor_changes(nobody, new_actors, nothing, nothing)
        new_links = links.format(entity_actors="internal.entity_actors", old_states=old["day_states"])
        return actor_changes(old_actors, new_actors, old_links, con.sql(new_links).pl())


def _complete(
    path: Path, ops: Mapping[str, pl.DataFrame], memory: str, own: Mapping[str, tuple[str, Mapping[str, str]]]
) -> float:
    """Add the ops tables, comments and the search index; leave no write-ahead log behind.

    Returns:
        Seconds that the index took.
    """
    with duckdb.connect(path, config={"memory_limit": memory, "preserve_insertion_order": False}) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")  # the run shows its own
        con.execute("CREATE SCHEMA IF NOT EXISTS ops")
        for name, frame in ops.items():
            contract = contracts.table("ops", name)
            con.register("incoming", contract.conform(frame).to_arrow())
            columns = ", ".join(f'"{c.name}"::{c.duckdb} AS "{c.name}"' for c in contract.columns)
            con.execute(f"CREATE OR REPLACE TABLE ops.{name} AS SELECT {columns} FROM incoming")
            con.unregister("incoming")
        con.execute("BEGIN")  # a transaction a comment waits for the disk a thousand times
        for contract in published_tables(con):
            _comment(con, contract)
        for relation, (text, columns) in own.items():
            _comment_own(con, relation, text, columns)
        con.execute("COMMIT")
        began = time.monotonic()
        build_index(con)
        con.execute("CHECKPOINT")
        return time.monotonic() - began


def published_tables(con: duckdb.DuckDBPyConnection) -> list[contracts.Table]:
    """Return the contracts of the relations that a file holds."""
    there = set(con.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall())
    return [t for layer in PUBLISHED_LAYERS for t in contracts.tables(layer) if (t.layer, t.name) in there]


def _comment(con: duckdb.DuckDBPyConnection, contract: contracts.Table) -> None:
    relation = f"{contract.layer}.{contract.name}"
    kind = "VIEW" if contract.is_view else "TABLE"
    con.execute(f"COMMENT ON {kind} {relation} IS {literal(contract.grain)}")
    for column in contract.columns:
        con.execute(f'COMMENT ON COLUMN {relation}."{column.name}" IS {literal(column.text)}')


def _comment_own(con: duckdb.DuckDBPyConnection, relation: str, text: str, columns: Mapping[str, str]) -> None:
    """Write what a user's files say; a column that is described and not there is passed over."""
    found = con.execute("SELECT table_type FROM information_schema.tables WHERE table_schema || '.' || table_name = ?",
                        [relation]).fetchone()  # fmt: skip
    if found is None:
        return
    con.execute(f"COMMENT ON {'VIEW' if found[0] == 'VIEW' else 'TABLE'} {relation} IS {literal(text.rstrip('.'))}")
    its = "SELECT column_name FROM duckdb_columns() WHERE schema_name || '.' || table_name = ?"
    for (name,) in con.execute(its, [relation]).fetchall():
        if columns.get(name):
            con.execute(f'COMMENT ON COLUMN {relation}."{name}" IS {literal(columns[name])}')


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
