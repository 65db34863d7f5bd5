"""What changed in a table between two published files: the SQL that says so, row by row.

The earlier file is attached under a name of its own (see `published`). Tables of the same name are compared, whatever
version of the code filled them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.storage.publish import earlier_files
from pipelines.storage.published import NotPublishedError

CHANGE = "row_change"
"""The column that says what became of a row."""
CAME, WENT, CHANGED = "came", "went", "changed"


def earlier_file(published: Path, publication_id: str) -> Path:
    """Return the file of a publication: the one that is read now, or one of those that are kept.

    Raises:
        NotPublishedError: it is not there any more; the line names those that are.
    """
    kept = earlier_files(published)
    found = next((path for path in kept if path.stem == publication_id), None)
    if found is None:
        there = ", ".join(path.stem for path in kept) or "none"
        raise NotPublishedError(
            f"no publication {publication_id} is kept; kept are {there} (ONRECORD_KEEP_PUBLISHED says how many)"
        )
    return found


def columns_of(con: duckdb.DuckDBPyConnection, database: str, relation: str) -> list[str]:
    """Return the columns of a table or view of an attached file, in their order; none if it is not there."""
    schema, _, name = relation.partition(".")
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE (database_name, schema_name, table_name) = ($1, $2, $3) "
        "ORDER BY column_index", [database, schema, name],
    ).fetchall()  # fmt: skip
    return [name for (name,) in rows]


def changed_rows(
    relation: str, columns: Sequence[str], key: Sequence[str], there: Sequence[str], volatile: set[str], before: str
) -> str:
    """Return the SQL of the rows that came, went or changed, with what they say now (or, of those that went, said).

    Args:
        relation: schema.name of the table.
        columns: Its columns now.
        key: Columns that tell rows apart. Without any, a row that changed is one that went and one that came.
        there: Its columns in the earlier file; none if it has no such table, and then all rows came.
        volatile: Columns that hold a clock or a run: that they differ is no change.
        before: Name of the attached file.
    """
    compared = [name for name in columns if name in there and name not in volatile]
    now = ", ".join(f'n."{name}"' for name in columns)
    if not there:
        return f"SELECT '{CAME}' AS {CHANGE}, {now} FROM {relation} n"
    old = ", ".join(f'o."{name}"' if name in there else f'NULL AS "{name}"' for name in columns)
    if not key or not set(key) <= set(there):
        names = ", ".join(f'"{name}"' for name in compared)
        ours, theirs = f"SELECT {names} FROM {relation}", f"SELECT {names} FROM {before}.{relation}"
        shown = ", ".join(f'"{name}"' if name in compared else f'NULL AS "{name}"' for name in columns)
        return (
            f"SELECT '{CAME}' AS {CHANGE}, {shown} FROM ({ours} EXCEPT ALL {theirs}) UNION ALL "
            f"SELECT '{WENT}', {shown} FROM ({theirs} EXCEPT ALL {ours})"
        )
    using = ", ".join(f'"{name}"' for name in key)
    same, other = ("row({})".format(", ".join(f'{side}."{name}"' for name in (*key, *compared))) for side in "no")
    old_side = f"{before}.{relation}"
    return (
        f"SELECT '{CAME}' AS {CHANGE}, {now} FROM {relation} n ANTI JOIN {old_side} o USING ({using}) UNION ALL "
        f"SELECT '{CHANGED}', {now} FROM {relation} n JOIN {old_side} o USING ({using}) "
        f"WHERE {same} IS DISTINCT FROM {other} UNION ALL "
        f"SELECT '{WENT}', {old} FROM {old_side} o ANTI JOIN {relation} n USING ({using})"
    )
