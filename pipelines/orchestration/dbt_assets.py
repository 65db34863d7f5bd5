"""What Dagster shows of the dbt project: an asset for each model, a check for each test that a run does.

Covers the translation of the manifest. For the manifest, see dbt; for building, see assets/warehouse.

An asset is named after its schema and model, as analysts do. What it is stands first: the SQL is a link away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.contracts import tables
from pipelines.orchestration.asset_specs import DAILY, OWNERS, column_schema
from pipelines.orchestration.lineage import Lineage

_GROUPS = {"ops": "checks"}
"""Groups that are called otherwise than their schema."""
_GROWS = {"incremental": "by_day", "table": "with_everything"}
_WHOLE = "whole_warehouse"
"""Tag of tests that are left to the weekly job."""

Node = Mapping[str, Any]


def models(manifest: Mapping[str, Any]) -> list[Node]:
    """Return the models that leave a relation in the warehouse."""
    found = (n for n in manifest["nodes"].values() if n["resource_type"] == "model")
    return [n for n in found if n["config"]["materialized"] != "ephemeral"]


def key_of(node: Node) -> dg.AssetKey:
    """Return the key of a model's asset, or the one that a source names."""
    if node["resource_type"] == "source":
        return dg.AssetKey(node["meta"]["dagster"]["asset_key"])
    return dg.AssetKey([node["schema"], node["name"]])


def asset_specs(manifest: Mapping[str, Any], lineage: Lineage, root: Path) -> list[dg.AssetSpec]:
    """Return an asset for each model.

    Args:
        manifest: dbt's manifest.
        lineage: What each column comes from.
        root: The folder of the dbt project.
    """
    return [_asset_spec(node, manifest, lineage, root) for node in models(manifest)]


def _asset_spec(node: Node, manifest: Mapping[str, Any], lineage: Lineage, root: Path) -> dg.AssetSpec:
    schema, kind = str(node["schema"]), node["config"]["materialized"]
    tags = {"onrecord/layer": schema} | ({"onrecord/grows": _GROWS[kind]} if kind in _GROWS else {})
    return dg.AssetSpec(
        key=key_of(node),
        deps=sorted(set(_parents(node, manifest))),
        description=node["description"] or f"A model of one's own: {node['original_file_path']}.",
        group_name=_GROUPS.get(schema, schema),
        owners=OWNERS,
        kinds={"dbt", "duckdb"},
        tags=tags,
        skippable=True,
        code_version=hashlib.sha256(node["raw_code"].encode()).hexdigest()[:12],
        metadata=_metadata(node, lineage, root),
        partitions_def=DAILY if kind == "incremental" else None,
    )


def _parents(node: Node, manifest: Mapping[str, Any]) -> Iterator[dg.AssetKey]:
    """Yield the keys of what a model is made of; what leaves no relation is passed through."""
    for ident in node["depends_on"]["nodes"]:
        parent = manifest["sources"].get(ident) or manifest["nodes"].get(ident)
        if parent is None:
            continue
        if parent["config"].get("materialized") == "ephemeral":
            yield from _parents(parent, manifest)
        else:
            yield key_of(parent)


def _metadata(node: Node, lineage: Lineage, root: Path) -> dict[str, Any]:
    """Return the columns with where they come from, and the SQL in the editor."""
    schema, name = str(node["schema"]), str(node["name"])
    sql = root / node["original_file_path"]
    reference = dg.LocalFileCodeReference(file_path=str(sql), line_number=1, label=sql.name)
    origins = lineage.get(f"{schema}.{name}", {})
    contract = next((t for t in tables(schema) if t.name == name), None)  # a user's own model may have none
    if contract is not None:
        columns = column_schema(contract, origins)
    else:
        own = node["columns"].values()
        columns = dg.TableSchema([dg.TableColumn(c["name"], c["data_type"] or "?", c["description"]) for c in own])
    return {
        "dagster/column_schema": columns,
        "dagster/column_lineage": dg.TableColumnLineage(
            {column: [_dependency(parent) for parent in parents] for column, parents in origins.items()}
        ),
        "dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[reference]),
        "dagster/table_name": f"{schema}.{name}",
    }


def _dependency(column: str) -> dg.TableColumnDep:
    schema, name, of = column.split(".")
    return dg.TableColumnDep(dg.AssetKey([schema, name]), of)


def run_tests(manifest: Mapping[str, Any]) -> dict[str, Node]:
    """Return the tests that a run does, by their ids, with the model that each stands beside as `beside`."""
    nodes = manifest["nodes"]
    found = {i: n for i, n in nodes.items() if n["resource_type"] == "test" and _WHOLE not in n["tags"]}
    beside = {i: n.get("attached_node") or next(p for p in n["depends_on"]["nodes"] if p in nodes)
              for i, n in found.items()}  # fmt: skip
    return {i: {**n, "beside": nodes[beside[i]]} for i, n in found.items()}


def check_specs(manifest: Mapping[str, Any]) -> list[dg.AssetCheckSpec]:
    """Return a check for each test that a run does."""
    specs = []
    for test in run_tests(manifest).values():
        asset = key_of(test["beside"])
        others = {key for key in _parents(test, manifest) if key != asset}
        specs.append(
            dg.AssetCheckSpec(
                name=test["name"],
                asset=asset,
                blocking=True,
                additional_deps=sorted(others),
                description=_claim(test),
            )
        )
    return specs


_CLAIMS = {
    "key_is_unique": "no two rows share a key",
    "references_hold": "what a row points at is there",
    "values_allowed": "a value is one of its set",
}


def _claim(test: Node) -> str:
    """Return what a test of ours says; of a user's own, what its file says."""
    kind = test.get("test_metadata") or {"name": test["name"], "kwargs": {}}
    rules = [name for name in (kind["name"], *kind["kwargs"]) if name in _CLAIMS]
    told = "; ".join(_CLAIMS[name] for name in rules)
    return test["description"] or (f"{told[0].upper()}{told[1:]}." if told else f"dbt: {test['name']}.")
