"""Results of the last checks, kept until the publication that they allow.

Covers turning dbt's and Great Expectations' results into rows of ops.check_results and keeping them. For judging, see
sql/tests and expectations/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl

from expectations import CheckOutcome
from pipelines import contracts
from pipelines.contracts.docs import ALL_RULES
from pipelines.settings import Settings
from pipelines.storage.atomic_files import replacing

By = Literal["dbt", "great_expectations"]
_STATE = "onrecord.state"


def by_rule(results: Sequence[dict[str, Any]], nodes: Mapping[str, Any], warehouse: Path) -> list[dict[str, Any]]:
    """Return dbt's results with one for each rule of a table, where dbt looked at all of them in one query.

    Each is named as the test of that rule alone, with its own failures and SQL; `of` is the test that looked.
    """
    found = []
    for result in results:
        test = nodes.get(result["unique_id"], {}).get("test_metadata") or {}
        if test.get("name") != ALL_RULES:
            found.append(result)
            continue
        counts = _failures(result, warehouse)
        table = nodes[result["unique_id"]]["name"].partition("__")[2]
        for rule in (name for name in test["kwargs"] if name != "model"):
            found.append({**result, "unique_id": f"test.onrecord.{rule}__{table}", "of": result["unique_id"]})
            if result["status"] in ("pass", "fail"):
                found[-1] |= _judged(rule, counts.get(rule, 0), result["compiled_code"])
    return found


def _failures(result: Mapping[str, Any], warehouse: Path) -> dict[str, int]:
    """Return the number of failing rows by rule, of a test that failed."""
    if result["status"] != "fail":
        return {}
    with duckdb.connect(warehouse, read_only=True) as con:
        counted = f"SELECT broken_rule, count(*) FROM ({result['compiled_code']}) AS broken GROUP BY 1"
        return dict(con.execute(counted).fetchall())


def _judged(rule: str, n_failed: int, sql: str | None) -> dict[str, Any]:
    """Return what a result says of one rule."""
    if not n_failed:
        return {"status": "pass", "failures": 0, "message": None, "compiled_code": None}
    only = f"SELECT * EXCLUDE (broken_rule) FROM ({sql}) AS broken WHERE broken_rule = '{rule}'"
    message = f"Got {n_failed} result{'s' * (n_failed > 1)}, configured to fail if != 0"
    return {"status": "fail", "failures": n_failed, "message": message, "compiled_code": only}


def dbt_results(results: Sequence[dict[str, Any]], nodes: Mapping[str, Any]) -> pl.DataFrame:
    """Return dbt's test results as rows of ops.check_results.

    Args:
        results: The results by rule.
        nodes: The nodes of the manifest, which say what a test looks at.
    """
    rows: list[dict[str, object]] = []
    for result in results:
        kind, _, name = result["unique_id"].split(".")[:3]
        if kind != "test":
            continue
        rows.append(
            {
                "check_name": name,
                "table_name": _tested(nodes.get(result.get("of", result["unique_id"]), {}), nodes),
                "passed": result["status"] == "pass",
                "severity": "block",
                "n_failed": result.get("failures"),
                "detail": json.dumps({"message": result.get("message")}),
                "checked_at": datetime.now(UTC),
            }
        )
    return contracts.table("ops", "check_results").frame(rows)


def _tested(test: Mapping[str, Any], nodes: Mapping[str, Any]) -> str:
    """Return the relation that a test stands beside, or else the first that it reads, as schema.name."""
    reads = [n for n in test.get("depends_on", {}).get("nodes", []) if n.startswith("model.")]
    node = nodes.get(test.get("attached_node") or (reads or [""])[0])
    return f"{node['schema']}.{node['name']}" if node else "warehouse"


def gx_results(outcomes: Sequence[CheckOutcome]) -> pl.DataFrame:
    """Return Great Expectations' outcomes as rows of ops.check_results."""
    rows: list[dict[str, object]] = [
        {
            "check_name": o.check_name,
            "table_name": o.table_name,
            "passed": o.passed,
            "severity": o.severity,
            "n_checked": o.n_checked,
            "n_failed": o.n_failed,
            "detail": json.dumps({"message": o.detail, "rows": o.failed_rows}, ensure_ascii=False, default=str),
            "checked_at": datetime.now(UTC),
        }
        for o in outcomes
    ]
    return contracts.table("ops", "check_results").frame(rows)


def store(settings: Settings, by: By, frame: pl.DataFrame, *, state: str = "", is_whole: bool = True) -> None:
    """Keep the results of one of the two, and of which state of the warehouse they are.

    Args:
        settings: The settings.
        by: Whose results they are.
        frame: The results.
        state: Of which state of the warehouse they are.
        is_whole: These are the results of all checks. Else they replace those of the same checks, and are of no use
            where the others have not looked at this state.
    """
    if not is_whole:
        if checked_state(settings) != state:
            return
        others = pl.read_parquet(_path(settings, by)).join(frame, on=["check_name", "table_name"], how="anti")
        frame = pl.concat([others, frame])
    with replacing(_path(settings, by)) as unfinished:
        frame.write_parquet(unfinished, metadata={_STATE: state})


def checked_state(settings: Settings) -> str | None:
    """Return the state of the warehouse that Great Expectations' results are of; None if there are none."""
    path = _path(settings, "great_expectations")
    return pl.read_parquet_metadata(path).get(_STATE) if path.exists() else None


def stored(settings: Settings) -> pl.DataFrame:
    """Return the results of both."""
    paths = sorted((settings.data_dir / "state").glob("checks_*.parquet"))
    return pl.concat([pl.read_parquet(p) for p in paths]) if paths else contracts.table("ops", "check_results").empty()


def _path(settings: Settings, by: By) -> Path:
    return settings.data_dir / "state" / f"checks_{by}.parquet"
