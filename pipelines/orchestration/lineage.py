"""Column lineage: from which columns of its parents each column of a dbt model comes.

Covers reading that from the models' SQL, without dbt and without a warehouse. For what a column means, see contracts;
for how Dagster shows it, see orchestration/dbt.

Models are rendered with the project's own macros; only those that read the lake stand for its tables. sqlglot then
expands the stars and follows each column to the relations that the model names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from pipelines.contracts import tables
from pipelines.storage.atomic_files import read_json, replacing

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
    macros = {m["name"]: m["macro_sql"] for m in manifest["macros"].values() if m["package_name"] == "onrecord"}
    made_from = _sha256(*(f"{m['unique_id']} {m['raw_code']} {sorted(m['columns'])}" for m in models), *macros.values(),
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
def _traced(models: list[Mapping[str, Any]], macros: Mapping[str, str]) -> Lineage:
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
    """Yield each column of a SELECT with the columns of relations that it comes from; none where it cannot be told.

    That a model is too hard for sqlglot must not keep anybody from running it: a test says so instead.
    """
    try:
        parsed = parse_one(sql, dialect=_DIALECT)
        schema = MappingSchema(dialect=_DIALECT)
        for relation in {f"{t.db}.{t.name}" for t in parsed.find_all(exp.Table) if t.db}:
            schema.add_table(relation, dict.fromkeys(columns.get(relation, ()), "VARCHAR"))
        query = qualify(parsed, schema=schema, dialect=_DIALECT, validate_qualify_columns=False)
        for union in query.find_all(exp.Union):
            if union.args.get("by_name"):
                _in_one_order(union)
        scope = build_scope(query)
    except SqlglotError:
        return
    for column in query.named_selects:
        try:
            nodes = lineage(column, query, schema=schema, dialect=_DIALECT, scope=scope, copy=False).walk()
            yield column, sorted({_named(n) for n in nodes if not n.downstream and isinstance(n.source, exp.Table)})
        except SqlglotError:
            yield column, []


def _in_one_order(union: exp.Union) -> None:
    """Give both sides of a union by name the same columns in the same order: sqlglot follows them by their place."""
    names = list(dict.fromkeys([*union.left.named_selects, *union.right.named_selects]))
    for side in (union.left, union.right):
        have = {expression.alias_or_name: expression for expression in side.selects}
        side.set("expressions", [have.get(name, exp.alias_(exp.null(), name)) for name in names])


def _named(leaf: Any) -> str:  # noqa: ANN401  (a Node of sqlglot, which comes untyped)
    return f"{leaf.source.db}.{leaf.source.name}.{exp.to_column(leaf.name).name}"


# ---------------------------------------------------------------- rendering the templates
class _ReturnedError(Exception):
    """What dbt's `return` ends a macro with."""

    def __init__(self, value: object) -> None:
        self.value = value


class _Macro:
    """A macro as models and other macros call it: it may stand anywhere, and return any value."""

    def __init__(self, environment: jinja2.Environment, name: str, text: str) -> None:
        self._environment, self._name, self._text = environment, name, text

    def __call__(self, *args: object, **named: object) -> object:
        try:
            return getattr(self._environment.from_string(self._text).module, self._name)(*args, **named)
        except _ReturnedError as returned:
            return returned.value


def _return(value: object) -> None:
    raise _ReturnedError(value)


def _environment(relations: Mapping[str, str], macros: Mapping[str, str]) -> jinja2.Environment:
    """Return what a model is rendered in: the project's macros, and dbt's functions as far as these need them."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])
    environment.globals.update({name: _Macro(environment, name, text) for name, text in macros.items()})
    environment.globals.update({
        "ref": relations.__getitem__,
        "source": lambda layer, name: f"{layer}.{name}",
        "config": lambda **_: "",
        "is_incremental": lambda: False,
        "execute": False,
        "return": _return,
        "in_days": lambda column="ingest_date": "true",
        "in_due_days": lambda column="ingest_date": "true",
        "lake_parts": lambda table: table,
        "lake_state": lambda table: table,
    })  # fmt: skip
    return environment
