"""The column contract of every table: the one source of schema.

Covers names, types, nullability, keys, references, allowed values and the meaning of every column of the lake, the
warehouse and the published file. From it come the Parquet schemas, the dbt contracts and tests
(``sql/models/**/_*.yml``), the comments in the published file and ``docs/tables.md``; tests hold them equal. It does
not cover how a row is made.

Layers: ``lake`` tables are Parquet parts, one per batch; ``state`` tables are small Parquet files that
are replaced whole; ``core``, ``mart`` and ``ops`` are schemas of the warehouse that
analysts read, and ``internal`` is one that these are made of.

Units: offsets are 0-based Unicode code points into ``article_versions.text``, end exclusive.
Instants are UTC; days are DATE columns of their own and never a cast of an instant.
"""

from __future__ import annotations

import hashlib
from functools import cache

from pipelines.contracts import core, internal, lake, marts, ops, state
from pipelines.contracts.model import CONTRACT_VERSION, Column, Kind, Layer, Span, Table

__all__ = ["CONTRACT_VERSION", "Column", "Kind", "Layer", "Span", "Table", "contract_sha256", "table", "tables"]

_LAYERS: tuple[tuple[Layer, object], ...] = (
    ("lake", lake),
    ("state", state),
    ("core", core),
    ("internal", internal),
    ("ops", ops),
    ("mart", marts),
)
_ALL: tuple[Table, ...] = tuple(
    value
    for layer, module in _LAYERS
    for value in vars(module).values()
    if isinstance(value, Table) and value.layer == layer  # a module imports tables of other layers, too
)


@cache
def tables(layer: Layer | None = None) -> tuple[Table, ...]:
    """Return the contracts of one layer, or all of them, in the order in which they stand here."""
    return tuple(t for t in _ALL if layer is None or t.layer == layer)


@cache
def table(layer: Layer, name: str) -> Table:
    """Return one contract.

    Raises:
        KeyError: there is no such table.
    """
    for candidate in tables(layer):
        if candidate.name == name:
            return candidate
    raise KeyError(f"no table {layer}.{name}")


@cache
def contract_sha256(*contracts: Table) -> str:
    """Return a hash of names, types and keys of these tables, or of all: what was made under another is made again."""
    lines = [
        f"{t.layer}.{t.name} {t.key} {t.is_view} " + " ".join(f"{c.name}:{c.kind}:{c.nullable}" for c in t.columns)
        for t in contracts or tables()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
