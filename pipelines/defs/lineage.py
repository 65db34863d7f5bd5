"""Column lineage: from which columns of its parents each column of a dbt model comes.

Belongs here: reading that from the models' SQL, without dbt and without a warehouse. Does not belong here: what a
column means (core/tables), how Dagster shows it (defs/dbt).

Models are rendered with the project's own macros; only those that read the lake stand for its tables. sqlglot then
expands the stars and follows each column to the relations that the model names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from pipelines.core.tables import tables
from pipelines.io.whole import read_json, replacing

Lineage = dict[str, dict[str, list[str]]]
"""For each relation, as schema.name, and each of its columns: the columns that it comes from, as schema.name.column."""

_DIALECT = "duckdb"
_STAGING = "staging"
"""Stands for models that leave nothing in the warehouse: what reads them reads the lake."""


def column_lineage(manifest: Mapping[str, Any], kept: Path) -> Lineage:
    """Return the lineage of every model that leaves a relation; from a file, if nothing has changed since.

    Args:
        manifest: dbt's manifest.
        kept: The file; it is made, or made again, as need be.
    """
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    macros = [m["macro_sql"] for m in manifest["macros"].values() if m["package_name"] == "onrecord"]
    made_from = _sha256(*(f"{m['unique_id']} {m['raw_code']} {sorted(m['columns'])}" for m in models), *macros,
                        *(repr(t.schema) for t in tables()))  # fmt: skip
    found = read_json(kept)
    if found.get("made_from") != made_from:
        found = {"made_from": made_from, "lineage": _traced(models, macros)}
        with replacing(kept) as unfinished:
            unfinished.write_text(json.dumps(found, sort_keys=True))
    return dict(found["lineage"])


def _sha256(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


# ---------------------------------------------------------------- reading the SQL
def _traced(models: list[Mapping[str, Any]], macros: list[str]) -> Lineage:
    """Return the lineage of models; columns of staging are those of the lake that they come from."""
    environment = _environment({m["name"]: _relation(m) for m in models}, macros)
    staging = [m for m in models if _relation(m).startswith(f"{_STAGING}.")]
    columns = {f"{t.layer}.{t.name}": [c.name for c in t.columns] for t in tables()}
    found: Lineage = {}
    for model in staging:
        found[_relation(model)] = dict(_columns(environment.from_string(model["raw_code"]).render(), columns))
    columns |= {relation: list(of) for relation, of in found.items()}
    for model in models:
        if model not in staging:
            sql = environment.from_string(model["raw_code"]).render()
            found[_relation(model)] = {
                column: sorted({root for parent in parents for root in _below(parent, found)})
                for column, parents in _columns(sql, columns)
            }
    return {relation: of for relation, of in sorted(found.items()) if not relation.startswith(f"{_STAGING}.")}


def _relation(model: Mapping[str, Any]) -> str:
    schema = _STAGING if model["config"]["materialized"] == "ephemeral" else model["schema"]
    return f"{schema}.{model['name']}"


def _below(column: str, found: Lineage) -> list[str]:
    """Return the columns of the lake that a column of staging comes from; any other column as it is."""
    relation, name = column.rsplit(".", 1)
    return found[relation].get(name, []) if relation.startswith(f"{_STAGING}.") else [column]


def _columns(sql: str, columns: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield each column of a SELECT with the columns of relations that it comes from.

    Raises:
        ValueError: sqlglot cannot read the SQL.
    """
    try:
        parsed = parse_one(sql, dialect=_DIALECT)
        schema = MappingSchema(dialect=_DIALECT)
        for relation in {f"{t.db}.{t.name}" for t in parsed.find_all(exp.Table) if t.db}:
            schema.add_table(relation, dict.fromkeys(columns[relation], "VARCHAR"))
        query = qualify(parsed, schema=schema, dialect=_DIALECT, validate_qualify_columns=False)
        scope = build_scope(query)
        for column in query.named_selects:
            nodes = lineage(column, query, schema=schema, dialect=_DIALECT, scope=scope, copy=False).walk()
            yield column, sorted({_named(n) for n in nodes if not n.downstream and isinstance(n.source, exp.Table)})
    except SqlglotError as error:
        raise ValueError(f"the SQL of a model cannot be read: {error}\n{sql}") from error


def _named(leaf: Any) -> str:  # noqa: ANN401  (a Node of sqlglot, which comes untyped)
    return f"{leaf.source.db}.{leaf.source.name}.{exp.to_column(leaf.name).name}"


# ---------------------------------------------------------------- rendering the templates
def _environment(relations: Mapping[str, str], macros: list[str]) -> jinja2.Environment:
    """Return what a model is rendered in: dbt's functions as far as models use them, and the project's macros."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])
    environment.globals.update(
        ref=relations.__getitem__,
        source=lambda layer, name: SimpleNamespace(identifier=name, layer=layer),
        config=lambda **_: "",
        is_incremental=lambda: False,
        execute=False,
    )
    replaced = {
        "in_days": lambda column="ingest_date": "true",
        "lake_parts": lambda table, feeds: f"{table.layer}.{table.identifier}",
        "lake_state": lambda table: f"{table.layer}.{table.identifier}",
    }
    for text in macros:
        if "{% macro" in text and "return(" not in text and "adapter" not in text and "builtins" not in text:
            module = environment.from_string(text).module
            environment.globals.update(
                {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
            )
    environment.globals.update(replaced)
    return environment
