"""What a contract is: a column, a span, a table, and the types of Polars and DuckDB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

CONTRACT_VERSION = 2
"""Written into every Parquet part and into the published file; a reader unions parts by column name.

Raised when older code could not work with what is written now, or the other way round: each refuses what it
does not know. 2: schema `internal`.
"""

Layer = Literal["lake", "state", "core", "internal", "mart", "ops"]
Kind = Literal["str", "int", "bool", "float", "date", "instant", "bytes", "strs", "ints", "json", "sections", "counts"]

_POLARS: dict[str, pl.DataType] = {
    "str": pl.String(),
    "json": pl.String(),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
    "float": pl.Float64(),
    "date": pl.Date(),
    "instant": pl.Datetime("us", "UTC"),
    "bytes": pl.Binary(),
    "strs": pl.List(pl.String()),
    "ints": pl.List(pl.Int64()),
    "sections": pl.List(pl.Struct({"section": pl.String(), "char_start": pl.Int64(), "char_end": pl.Int64()})),
    "counts": pl.List(pl.Struct({"key": pl.String(), "value": pl.Int64()})),
}
_DUCKDB: dict[str, str] = {
    "str": "VARCHAR",
    "json": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "float": "DOUBLE",
    "date": "DATE",
    "instant": "TIMESTAMP WITH TIME ZONE",
    "bytes": "BLOB",
    "strs": "VARCHAR[]",
    "ints": "BIGINT[]",
    "sections": "STRUCT(section VARCHAR, char_start BIGINT, char_end BIGINT)[]",
    "counts": "MAP(VARCHAR, BIGINT)",
}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: Column name.
        kind: Its type, by our own short name; ``polars`` and ``duckdb`` give the engines' types.
        text: What it means, for the data dictionary and the comment in the published file.
        nullable: Whether it may be unknown.
        volatile: It holds a clock or a run, and may differ between two runs over the same input.
        allowed: The values it may take, empty for any.
        references: ``schema.table.column`` that must hold the value.
    """

    name: str
    kind: Kind
    text: str
    nullable: bool = False
    volatile: bool = False
    allowed: tuple[str, ...] = ()
    references: str | None = None

    @property
    def polars(self) -> pl.DataType:
        """The Polars type."""
        return _POLARS[self.kind]

    @property
    def duckdb(self) -> str:
        """The DuckDB type, as dbt contracts write it."""
        return _DUCKDB[self.kind]


@dataclass(frozen=True)
class Span:
    """Columns that hold a stretch of the article's text: cutting ``start``..``end`` must give ``text``."""

    start: str
    end: str
    text: str


@dataclass(frozen=True)
class Table:
    """One table: where it lives, what a row is, its key and its columns."""

    layer: Layer
    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    spans: tuple[Span, ...] = ()
    is_view: bool = False

    @property
    def schema(self) -> pl.Schema:
        """The Polars schema, in column order."""
        return pl.Schema({c.name: c.polars for c in self.columns})

    @property
    def volatile(self) -> tuple[str, ...]:
        """Names of the columns that hold a clock or a run."""
        return tuple(c.name for c in self.columns if c.volatile)

    def __getitem__(self, name: str) -> Column:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.layer}.{self.name} has no column {name}")

    def empty(self) -> pl.DataFrame:
        """Return a frame of this shape with no rows."""
        return pl.DataFrame(schema=self.schema)

    def frame(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        """Return rows (dicts; missing keys become NULL) as a frame of this shape."""
        return pl.DataFrame(rows, schema=self.schema, orient="row") if rows else self.empty()

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with exactly these columns, in order and type.

        Raises:
            ValueError: a column is missing, or one that may not be NULL holds a NULL.
        """
        missing = [c.name for c in self.columns if c.name not in frame.columns]
        if missing:
            raise ValueError(f"{self.layer}.{self.name}: missing columns {', '.join(missing)}")
        out = frame.select(pl.col(c.name).cast(c.polars) for c in self.columns)
        holes = [c.name for c in self.columns if not c.nullable and out[c.name].null_count()]
        if holes:
            raise ValueError(f"{self.layer}.{self.name}: NULL in {', '.join(holes)}")
        return out
