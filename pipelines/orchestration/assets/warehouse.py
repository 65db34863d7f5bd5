"""Build: dbt makes the warehouse from the lake, in one step.

Belongs here: calling dbt for the run's days, and naming the rows of a test that failed. Does not belong
here: models and tests (sql/).
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets

from pipelines import progress
from pipelines.contracts import tables
from pipelines.orchestration import dbt as dbt_project
from pipelines.orchestration.asset_specs import DAILY
from pipelines.orchestration.check_results import dbt_results, store
from pipelines.orchestration.project import REBUILD_TAG, Project, has_tag
from pipelines.storage import faults
from pipelines.storage.damage import advice, is_readable
from pipelines.storage.warehouse import wait_until_free

POOL = "warehouse"
_SHOWN_ROWS = 5


@dbt_assets(
    manifest=dbt_project.manifest(),
    dagster_dbt_translator=dbt_project.Translator(),
    exclude=dbt_project.NOT_IN_RUNS,
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=POOL,
    name="warehouse",
)
def warehouse(context: dg.AssetExecutionContext, dbt: DbtCliResource, project: Project) -> Iterator[Any]:
    """Replace the run's days in the warehouse, remake what is state, and test both."""
    settings = project.settings
    wait_until_free(settings.warehouse)
    if has_tag(context, REBUILD_TAG) or project.progress.needs_new_warehouse():
        project.progress.discard_warehouse()
    drop_unknown(settings.warehouse, dbt_project.relations())
    days = project.days(context)
    target = dbt_project.target(settings, "target")
    # Only a new warehouse is made in parts: where there is one, the first part would make days anew for the others.
    *parts, last = [days] if settings.warehouse.exists() else dbt_project.parts(project.lake, days)
    for part in parts:
        _build_silently(dbt, project, part)
    with (
        progress.stage("build", len(context.selected_asset_keys), "models") as advance,
        dbt_project.environment(settings, [day.isoformat() for day in last]),
    ):
        invocation = dbt.cli(["build"], context=context, target_path=target, raise_on_error=False)
        for event in invocation.stream():
            if not isinstance(event, dg.AssetCheckResult):
                advance(1)
                faults.reach("build")
            yield event
    results = _results(invocation)
    store(settings, "dbt", dbt_results(results, invocation.manifest["nodes"]))
    if not invocation.is_successful():
        raise dg.Failure(description=_what_failed(results, project))
    yield from _row_counts(settings.warehouse)
    project.progress.mark_built(days)


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


def _build_silently(dbt: DbtCliResource, project: Project, days: Sequence[date]) -> None:
    """Build and test some days of a new warehouse, all but what the last part makes from everything."""
    with (
        progress.stage("build a part", len(days), "days") as advance,
        dbt_project.environment(project.settings, [day.isoformat() for day in days]),
    ):
        command = ["build", "--exclude", dbt_project.NOT_IN_PARTS]
        target = dbt_project.target(project.settings, "part")
        invocation = dbt.cli(command, manifest=dbt_project.manifest(), target_path=target, raise_on_error=False).wait()
        advance(len(days))
    if not invocation.is_successful():
        raise dg.Failure(description=_what_failed(_results(invocation), project))


def _row_counts(path: Path) -> Iterator[dg.AssetObservation]:
    """Yield the rows of every table, counted: DuckDB's own estimate keeps rows that were deleted."""
    with duckdb.connect(path, read_only=True) as con:
        for schema, name in con.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall():
            (n_rows,) = con.execute(f"SELECT count(*) FROM {schema}.{name}").fetchone() or (0,)
            yield dg.AssetObservation([schema, name], metadata={"dagster/row_count": n_rows})


def _results(invocation: DbtCliInvocation) -> list[dict[str, Any]]:
    """Return dbt's results by node; none if it did not get that far."""
    path = invocation.target_path / "run_results.json"
    return list(json.loads(path.read_text())["results"]) if path.exists() else []


def _what_failed(results: list[dict[str, Any]], project: Project) -> str:
    """Return one line a failure, with some of the rows that broke a test; a damaged warehouse is removed."""
    path = project.settings.warehouse
    lines = _damaged_parts(project) if any(r["status"] == "error" for r in results) else []
    for result in results:
        if result["status"] == "error" and not lines:
            project.refuse_damage(str(result["message"]))
        if result["status"] in ("fail", "error"):
            name = ".".join(result["unique_id"].split(".")[2:3])
            message = " ".join(str(result["message"]).split())
            lines.append(f"{name}: {message}{_rows(result, path)}")
    return "the warehouse was not built:\n" + ("\n".join(lines) or "dbt stopped early; see its log")


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
