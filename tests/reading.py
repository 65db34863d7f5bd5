"""A reader in a process of its own that opens the published file again and again while others are published.

Belongs here: reading, and what was seen. Does not belong here: publishing, and what must hold of it (the tests).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb

_DIGEST = "SELECT '{0}.{1}', count(*), bit_xor(hash(t)) FROM {0}.{1} AS t"

Seen = tuple[str, tuple[tuple[object, ...], ...]]
"""Id of a publication, and a digest of every relation of core and mart in the file."""


@dataclass
class Reading:
    """What a reader saw, once it has ended: opened anew each time, and through one connection that stayed open."""

    opened: list[Seen] = field(default_factory=list)
    held: list[Seen] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def look(con: duckdb.DuckDBPyConnection) -> Seen:
    """Return the publication that a connection reads, and a digest of its rows, each relation by a query of its own."""
    (ident,) = con.execute("SELECT publication_id FROM ops.publication").fetchone() or ("",)
    relations = con.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema IN ('core', 'internal', 'mart') ORDER BY ALL"
    ).fetchall()
    rows = tuple(row for relation in relations for row in con.execute(_DIGEST.format(*relation)).fetchall())
    return ident, rows


def seen_in(published: Path) -> Seen:
    """Return what there is to be seen in a file that nobody replaces meanwhile."""
    with duckdb.connect(published, read_only=True) as con:
        return look(con)


@contextmanager
def reading(published: Path) -> Iterator[Reading]:
    """Read on in another process until the block ends; then what it saw is in the reading."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_read_on, args=(str(published), theirs))
    process.start()
    theirs.close()
    found = Reading()
    try:
        assert ours.recv() == "began"
        yield found
        ours.send("stop")
        found.opened, found.held, found.failures = ours.recv()
    finally:
        process.join(60)
        process.kill()


def _read_on(published: str, connection: Connection) -> None:
    opened: list[Seen] = []
    held: list[Seen] = []
    failures: list[str] = []
    kept = duckdb.connect(published, read_only=True)
    connection.send("began")
    while not connection.poll():
        try:
            # Under a name of its own: DuckDB gives a process one instance of a file by its path.
            with duckdb.connect() as con:
                con.execute(f"ATTACH '{published}' AS news (READ_ONLY); USE news")
                opened.append(look(con))
            held.append(look(kept))
        except duckdb.Error as error:
            failures.append(str(error))
    connection.send((opened, held, failures))
