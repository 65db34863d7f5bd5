"""The generated dbt files and the data dictionary say what the contracts say."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.contracts import Layer, tables
from pipelines.contracts.__main__ import main, stale, write
from pipelines.contracts.docs import (
    ALL_RULES,
    FOLDERS,
    dictionary,
    files,
    internals,
    models,
    models_yaml,
    sources,
    sources_yaml,
)

SQL = Path(__file__).resolve().parents[3] / "sql"
LAYERS: tuple[Layer, ...] = ("core", "internal", "mart", "ops")


@cache
def parsed(layer: Layer) -> dict[str, dict[str, Any]]:
    return {model["name"]: model for model in yaml.safe_load(models_yaml(layer))["models"]}


def arguments(model: dict[str, Any], test: str) -> dict[str, Any] | None:
    """Return the arguments of a rule, which has a test of its own or one with the others of its table."""
    apart = [t[test]["arguments"] for t in model["data_tests"] if test in t]
    together = [t[ALL_RULES]["arguments"].get(test) for t in model["data_tests"] if ALL_RULES in t]
    return next(iter(apart + together), None)


def test_committed_files_are_up_to_date() -> None:
    assert stale() == [], "run `python -m pipelines.contracts`"


@pytest.mark.parametrize("layer", LAYERS)
def test_every_model_has_a_contract_and_every_contract_a_model(layer: Layer) -> None:
    written = {path.stem for path in (SQL / "models" / FOLDERS[layer]).rglob("*.sql")}
    assert written == {contract.name for contract in models(layer)}


def test_every_source_has_its_staging_model_and_the_other_way_round() -> None:
    written = {path.stem for path in (SQL / "models" / "staging").glob("*.sql")}
    expected = {f"stg_{c.layer}__{c.name}" for layer in ("lake", "state") for c in sources(layer)}  # type: ignore[arg-type]
    assert written == expected


@pytest.mark.parametrize("layer", LAYERS)
def test_model_contracts_hold_every_column_in_order(layer: Layer) -> None:
    for contract in models(layer):
        model = parsed(layer)[contract.name]
        assert model["config"]["contract"]["enforced"] is True
        assert [(c["name"], c["data_type"], c["description"]) for c in model["columns"]] == [
            (c.name, c.duckdb, c.text) for c in contract.columns
        ]
        not_null = {c["name"] for c in model["columns"] if c.get("constraints") == [{"type": "not_null"}]}
        assert not_null == ({c.name for c in contract.columns if not c.nullable} if not contract.is_view else set())


def test_facts_are_checked_for_the_days_of_a_run_only() -> None:
    statements = parsed("internal")["statement_rows"]
    assert arguments(statements, "key_is_unique") == {"columns": ["statement_id"], "is_by_day": True}
    held = arguments(statements, "references_hold")
    assert held is not None
    assert held["is_by_day"] is True
    assert {
        "column": "version_id", "to": "ref('version_facts')", "field": "version_id", "is_same_day": True,
    } in held["references"]  # fmt: skip


def test_keys_that_nothing_else_ties_to_a_day_are_unique_over_all_days() -> None:
    for name in ("version_facts", "raw_documents", "sightings"):
        model = (parsed("core") | parsed("internal") | parsed("ops"))[name]
        assert (arguments(model, "key_is_unique") or {})["is_across_days"] is True


def test_state_is_checked_whole_and_may_point_at_any_day() -> None:
    state = parsed("internal")["version_state"]
    assert arguments(state, "key_is_unique") == {"columns": ["version_id"]}
    assert arguments(state, "references_hold") == {
        "references": [{"column": "version_id", "to": "ref('version_facts')", "field": "version_id"}]
    }


def test_state_of_a_day_is_checked_for_the_days_of_a_run() -> None:
    links = parsed("internal")["entity_actors"]
    assert arguments(links, "key_is_unique") == {"columns": ["entity_id"], "is_by_day": True}
    assert arguments(links, "references_hold") == {
        "is_by_day": True,
        "references": [
            {"column": "entity_id", "to": "ref('entities')", "field": "entity_id", "is_same_day": True},
            {"column": "actor_id", "to": "ref('actors')", "field": "actor_id"},
        ],
    }


def test_sums_of_a_day_are_not_compared_with_other_days() -> None:
    key = ["ingest_date", "outlet_id", "agency"]
    assert arguments(parsed("internal")["outlet_days"], "key_is_unique") == {"columns": key, "is_by_day": True}


def test_value_sets_reach_dbt() -> None:
    allowed = arguments(parsed("internal")["statement_rows"], "values_allowed")
    assert allowed is not None
    sets = {entry["column"]: entry["values"] for entry in allowed["allowed"]}
    assert sets["polarity"] == ["asserted", "negated", "hypothetical", "question", "future"]


def test_each_source_names_its_asset() -> None:
    for source in yaml.safe_load(sources_yaml())["sources"]:
        for entry in source["tables"]:
            assert entry["config"]["meta"]["dagster"]["asset_key"] == [source["name"], entry["name"]]


@pytest.mark.parametrize(
    ("page", "layers"), [(dictionary, ("mart", "core", "ops")), (internals, ("internal", "lake", "state"))]
)
def test_each_page_describes_its_tables_and_their_links_lead_somewhere(
    page: Callable[[], str], layers: tuple[Layer, ...]
) -> None:
    text = page()
    headings = [line.lstrip("# ").lower() for line in text.splitlines() if line.startswith("#")]
    anchors = {heading.replace(" ", "-").replace(".", "") for heading in headings}
    described = re.findall(r"^### (\S+)$", text, re.M)
    assert described == [f"{c.layer}.{c.name}" for layer in layers for c in tables(layer)]
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_check_finds_a_file_that_was_changed_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(write(tmp_path)) == sorted(files())
    assert stale(tmp_path) == []
    (tmp_path / "docs/tables.md").write_text("by hand", encoding="utf-8")
    assert stale(tmp_path) == ["docs/tables.md"]
    monkeypatch.setattr("pipelines.contracts.__main__.stale", lambda: ["docs/tables.md"])
    assert main(["--check"]) == 1
