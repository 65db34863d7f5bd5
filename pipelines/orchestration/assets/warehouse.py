"""Build: dbt makes the warehouse from the lake, in one step.

Covers calling dbt for the run's days, and naming the rows of a test that failed. For models and tests, see sql/.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

import expectations
from pipelines import progress
from pipelines.contracts import tables
from pipelines.orchestration import dbt as dbt_project
from pipelines.orchestration import dbt_assets
from pipelines.orchestration.asset_specs import SINGLE_RUN
from pipelines.orchestration.check_results import by_rule, dbt_results, store
from pipelines.orchestration.dbt_call import Dbt, DbtResult
from pipelines.orchestration.lineage import column_lineage
from pipelines.orchestration.project import REBUILD_TAG, Project, has_tag
from pipelines.storage import faults
from pipelines.storage.damage import advice, is_readable
from pipelines.storage.warehouse import wait_until_free

POOL = "warehouse"
_SHOWN_ROWS = 5


def warehouse_asset() -> dg.AssetsDefinition:
    """Return the asset of the warehouse's relations, as dbt's manifest has them now."""
    manifest = dbt_project.manifest()
    root, path = dbt_project.project()
    lineage = column_lineage(manifest, path.with_name("lineage.json"))

    @dg.multi_asset(
        specs=dbt_assets.asset_specs(manifest, lineage, root),
        check_specs=dbt_assets.check_specs(manifest),
        can_subset=True,
        backfill_policy=SINGLE_RUN,
        pool=POOL,
        name="warehouse",
    )
    def warehouse(context: dg.AssetExecutionContext, dbt: Dbt, project: Project) -> Iterator[Any]:
        """Replace the run's days in the warehouse, remake what is state, and test both."""
        yield from build(context, dbt, project)

    return warehouse


def build(context: dg.AssetExecutionContext, dbt: Dbt, project: Project) -> Iterator[Any]:
    """Build the run's days, and yield what became of each model and test."""
    settings, manifest = project.settings, dbt_project.manifest()
    wait_until_free(settings.warehouse)
    if has_tag(context, REBUILD_TAG) or project.progress.needs_new_warehouse():
        project.progress.discard_warehouse()
    drop_unknown(settings.warehouse, dbt_project.relations())
    days = project.days(context)
    # Only a new warehouse is made in parts: where there is one, the first part would rebuild days for the others.
    *parts, last = [days] if settings.warehouse.exists() else dbt_project.parts(project.lake, days)
    for part in parts:
        _build_silently(dbt, project, part)
    with progress.stage("build", len(context.selected_asset_keys), "models") as advance:
        call = dbt.next_call()
        call.begin(["build", *_selection(context)], settings, last, "target")
        expectations.load()  # meanwhile: dbt is at work in a process of its own
        outcome = call.end(_on_model({n["unique_id"] for n in dbt_assets.models(manifest)}, advance))
    results = by_rule(outcome.results, manifest["nodes"], settings.warehouse)
    store(settings, "dbt", dbt_results(results, manifest["nodes"]))
    yield from _reported(context, outcome, _row_counts(settings.warehouse))
    if not outcome.is_successful:
        raise dg.Failure(description=_what_failed(outcome.error, results, project))
    project.progress.mark_built(days)


def _on_model(models: Collection[str], advance: progress.Advance) -> Callable[[str], None]:
    """Return what is done as each node ends."""

    def ended(ident: str) -> None:
        if ident in models:
            advance(1)
            faults.reach("build")

    return ended


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """Return dbt's arguments for the models and tests that the run is to do."""
    if not context.is_subset:
        return ["--exclude", *dbt_project.NOT_IN_RUNS.split()]
    names = [key.path[-1] for key in context.selected_asset_keys]
    tests = [key.name for key in context.selected_asset_check_keys]
    return ["--indirect-selection", "empty", "--select", *sorted(names), *sorted(tests)]


def _reported(context: dg.AssetExecutionContext, outcome: DbtResult, n_rows: dict[str, int]) -> Iterator[Any]:
    """Yield a result for each model that was made, and for each test."""
    manifest = dbt_project.manifest()
    made, tests = {n["unique_id"]: n for n in dbt_assets.models(manifest)}, dbt_assets.run_tests(manifest)
    for result in outcome.results:
        ident = result["unique_id"]
        if ident in made and result["status"] == "success":
            key = dbt_assets.key_of(made[ident])
            if key in context.selected_asset_keys:
                counted = n_rows.get(".".join(key.path))
                rows = {} if counted is None else {"dagster/row_count": counted}
                yield dg.MaterializeResult(key, metadata={"seconds": round(result["execution_time"], 3), **rows})
        elif ident in tests and result["status"] in ("pass", "fail"):
            check = dg.AssetCheckKey(dbt_assets.key_of(tests[ident]["beside"]), tests[ident]["name"])
            if check in context.selected_asset_check_keys:
                yield dg.AssetCheckResult(
                    passed=result["status"] == "pass", asset_key=check.asset_key, check_name=check.name,
                    metadata={"n_failed": result["failures"] or 0},
                )  # fmt: skip


def drop_unknown(warehouse: Path, known: Collection[str]) -> None:
    """Drop what stands in mart and is no model any more: a model of a user's own that was removed."""
    if not warehouse.exists():
        return
    with duckdb.connect(warehouse) as con:
        there = con.execute(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'mart' ORDER BY 1"
        ).fetchall()
        for name, kind in there:
            if f"mart.{name}" not in known:
                con.execute(f'DROP {"VIEW" if kind == "VIEW" else "TABLE"} mart."{name}"')


def _build_silently(dbt: Dbt, project: Project, days: Sequence[date]) -> None:
    """Build and test some days of a new warehouse, without the tables that only the last part makes."""
    with progress.stage("build a part", len(days), "days") as advance:
        call = dbt.next_call()
        call.begin(["build", "--exclude", *dbt_project.NOT_IN_PARTS.split()], project.settings, days, "part")
        outcome = call.end(lambda _: None)
        advance(len(days))
    if not outcome.is_successful:
        results = by_rule(outcome.results, dbt_project.manifest()["nodes"], project.settings.warehouse)
        raise dg.Failure(description=_what_failed(outcome.error, results, project))


def _row_counts(path: Path) -> dict[str, int]:
    """Return the rows of every table, as schema.name, counted: DuckDB's own estimate keeps rows that were deleted."""
    if not path.exists():
        return {}
    with duckdb.connect(path, read_only=True) as con:
        names = con.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        if not names:
            return {}
        counts = (f"SELECT '{schema}.{name}', count(*) FROM {schema}.{name}" for schema, name in names)
        return dict(con.execute(" UNION ALL ".join(counts)).fetchall())


def _what_failed(error: str | None, results: list[dict[str, Any]], project: Project) -> str:
    """Return one line a failure, with some of the rows that broke a test; a damaged warehouse is removed."""
    path = project.settings.warehouse
    project.refuse_damage(error or "")
    lines = _damaged_parts(project) if any(r["status"] == "error" for r in results) else []
    for result in results:
        if result["status"] == "error" and not lines:
            project.refuse_damage(str(result["message"]))
        if result["status"] in ("fail", "error"):
            name = ".".join(result["unique_id"].split(".")[2:3])
            message = " ".join(str(result["message"]).split())
            lines.append(f"{name}: {message}{_rows(result, path)}")
    return "the warehouse was not built:\n" + ("\n".join(lines) or f"dbt stopped early: {error}")


def _damaged_parts(project: Project) -> list[str]:
    """Return a line for each damaged part of the lake: what DuckDB says of one names it only now and then."""
    names = [contract.name for contract in tables("lake")]
    return [advice(path) for path, _ in project.lake.parts(names) if not is_readable(path)]


def _rows(result: dict[str, Any], path: Path) -> str:
    if result["status"] != "fail" or not result.get("compiled_code"):
        return ""
    with duckdb.connect(path, read_only=True) as con:
        found = con.execute(result["compiled_code"])
        names = [column[0] for column in found.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchmany(_SHOWN_ROWS)]
    return "".join(f"\n    {str(row)[:300]}" for row in rows)
