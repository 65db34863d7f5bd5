"""`onrecord export`: whole tables of the published file for other programs, with a page that explains their columns.

Chooses tables, writes them by DuckDB's COPY (never held in memory), and the page. What changed since an earlier
publication: storage/changed_rows.py. Rows of a question: query.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pipelines import contracts
from pipelines.commands.output import write_relation
from pipelines.errors import UsageError, counted
from pipelines.settings import load_settings
from pipelines.storage.atomic_files import replacing
from pipelines.storage.changed_rows import CAME, CHANGE, CHANGED, WENT, changed_rows, columns_of, earlier_file
from pipelines.storage.extensions import literal
from pipelines.storage.published import NotPublishedError, open_for_readers

Format = Literal["csv", "json", "jsonl", "parquet", "xlsx"]
_COPY = {
    "parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json",
    "json": "FORMAT json, ARRAY true",
}  # fmt: skip
"""How DuckDB is told to write each format that it writes itself."""
_SCHEMAS = ("core", "internal", "mart", "ops")


@dataclass(frozen=True)
class _Relation:
    name: str
    comment: str
    columns: list[tuple[str, str, str]]
    """Name, type and meaning."""

    @property
    def key(self) -> tuple[str, ...]:
        names = {column for column, _, _ in self.columns}
        return next((t.key for t in self._contract() if set(t.key) <= names), ())

    @property
    def volatile(self) -> set[str]:
        """Columns that hold a clock or a run: that they differ is no change."""
        return {c.name for t in self._contract() for c in t.columns if c.volatile}

    def _contract(self) -> list[contracts.Table]:
        layer, _, name = self.name.partition(".")
        return [t for t in contracts.tables() if (t.layer, t.name) == (layer, name)]


def main(names: Sequence[str], format: Format, output: str, changed_since: str | None = None) -> int:
    """Write the tables that are named, or all, and the page beside them; whole, or what changed since a publication."""
    settings = load_settings()
    folder = Path(output).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{output}: not a folder") from None
    try:
        before = None if changed_since is None else earlier_file(settings.published, changed_since)
        con = open_for_readers(settings, writes_to=folder, before=before)
    except NotPublishedError as error:
        raise UsageError(str(error)) from None
    with con:
        relations = _chosen(_relations(con), names)
        for relation in relations:
            rows = relation.name if before is None else f"({_changed(con, relation)})"
            n_rows = _copy(
                con, _select(relation, rows, format, before is not None), folder / f"{relation.name}.{format}"
            )
            print(f"{folder / relation.name}.{format}: {counted(n_rows, 'row')}")
        with replacing(folder / "README.md") as unfinished:
            unfinished.write_text(_page(con, relations, format, changed_since), encoding="utf-8")
    return 0


def _copy(con: duckdb.DuckDBPyConnection, select: str, target: Path) -> int:
    """Write what a SELECT gives, by the file's suffix, and return the number of rows."""
    format = target.suffix.removeprefix(".")
    if format == "xlsx":
        relation = con.sql(select)
        try:
            write_relation(relation, "xlsx", str(target))
        except UsageError as error:
            raise UsageError(f"{target.stem}: {error}") from None
        row = con.execute(f"SELECT count(*) FROM ({select})").fetchone()
    else:
        with replacing(target) as unfinished:
            row = con.execute(f"COPY ({select}) TO {literal(str(unfinished))} ({_COPY[format]})").fetchone()
    return row[0] if row else 0


def _changed(con: duckdb.DuckDBPyConnection, relation: _Relation) -> str:
    """Return the SQL of what changed in a relation since the publication that is attached."""
    there = columns_of(con, "before", relation.name)
    ours = [name for name, _, _ in relation.columns]
    return changed_rows(relation.name, ours, relation.key, there, relation.volatile, "before")


def _relations(con: duckdb.DuckDBPyConnection) -> list[_Relation]:
    """Return the tables and views of the file with the comments that it carries, in the file's order of names."""
    comments = con.execute(
        "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() WHERE NOT internal "
        "UNION ALL SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    columns = con.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type, comment FROM duckdb_columns() "
        f"WHERE NOT internal AND schema_name IN {_SCHEMAS} ORDER BY schema_name, table_name, column_index"
    ).fetchall()
    found: dict[str, list[tuple[str, str, str]]] = {}
    for relation, name, kind, comment in columns:
        found.setdefault(relation, []).append((name, kind, comment or ""))
    texts = dict(comments)
    return [_Relation(name, texts.get(name) or "", its) for name, its in found.items()]


def _chosen(there: list[_Relation], names: Sequence[str]) -> list[_Relation]:
    """Return the relations that are named: schema.table, or a whole schema; if none is, all that analysts name."""
    if not names:
        return [r for r in there if not r.name.startswith("internal.")]
    chosen = [r for r in there if r.name in names or r.name.partition(".")[0] in names]
    known = {r.name for r in there} | {r.name.partition(".")[0] for r in there}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no such table: {', '.join(unknown)}; there are {', '.join(r.name for r in there)}")
    return chosen


def _select(relation: _Relation, rows: str, format: str, has_change: bool) -> str:
    """Return the rows of a relation in the order of its key, so that two exports of the same rows are the same."""
    columns = [CHANGE] if has_change else []
    for name, kind, _ in relation.columns:
        quoted = f'"{name}"'
        if format == "csv" and (kind.endswith("[]") or kind.startswith(("STRUCT", "MAP"))):
            columns.append(f"to_json({quoted}) AS {quoted}")  # a cell that programs can read back
        elif format in ("json", "jsonl") and kind in ("DOUBLE", "FLOAT"):
            columns.append(f"CASE WHEN isfinite({quoted}) THEN {quoted} END AS {quoted}")  # JSON knows no NaN
        else:
            columns.append(quoted)
    order = f" ORDER BY {', '.join(relation.key)}" if relation.key else ""
    return f"SELECT {', '.join(columns)} FROM {rows}{order}"


def _page(con: duckdb.DuckDBPyConnection, relations: list[_Relation], format: str, changed_since: str | None) -> str:
    row = con.execute("SELECT publication_id, code_version FROM ops.publication").fetchone() or ("", "")
    lines = [
        "# OnRecord export", "",
        f"From publication `{row[0]}`, OnRecord {row[1]}: a {format} file for each table, UTF-8, rows in the order of "
        "the key.", "Offsets are 0-based Unicode code points, end exclusive. Instants are UTC. NULL means not known.",
    ]  # fmt: skip
    if changed_since is not None:
        lines.append(
            f"Only rows that changed since publication `{changed_since}`: `{CHANGE}` is {CAME}, {CHANGED} (the row as "
            f"it is now) or {WENT} (as it was). Delete all these keys from your copy, then insert what {CAME} or "
            f"{CHANGED}. A row is not changed by a clock or a run alone."
        )
    if format == "csv":
        lines.append('An empty cell is NULL, `""` is an empty text; lists and structures are JSON.')
    for relation in relations:
        lines += ["", f"## {relation.name}", ""]
        if relation.comment:
            lines += [relation.comment[:1].upper() + relation.comment[1:] + ".", ""]
        if relation.key:
            lines += [f"Key: {', '.join(f'`{k}`' for k in relation.key)}.", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{name}` | {kind} | {_cell(text)} |" for name, kind, text in relation.columns]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
