"""Results of the last checks, kept until the publication that they allow.

Belongs here: turning dbt's and Great Expectations' results into rows of ops.check_results, keeping them.
Does not belong here: judging (sql/tests, expectations/).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl

from expectations import CheckOutcome
from pipelines.core import tables
from pipelines.settings import Settings

By = Literal["dbt", "great_expectations"]


def dbt_results(results: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Return dbt's test results as rows of ops.check_results."""
    rows: list[dict[str, object]] = []
    for result in results:
        kind, _, name = result["unique_id"].split(".")[:3]
        if kind != "test":
            continue
        relation = (result.get("relation_name") or "").replace('"', "")
        rows.append(
            {
                "check_name": name,
                "table_name": relation or "warehouse",
                "passed": result["status"] == "pass",
                "severity": "block",
                "n_failed": result.get("failures"),
                "detail": json.dumps({"message": result.get("message")}),
                "checked_at": datetime.now(UTC),
            }
        )
    return tables.table("ops", "check_results").frame(rows)


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
    return tables.table("ops", "check_results").frame(rows)


def store(settings: Settings, by: By, frame: pl.DataFrame) -> None:
    """Keep the results of one of the two."""
    path = settings.data_dir / "state" / f"checks_{by}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)


def stored(settings: Settings) -> pl.DataFrame:
    """Return the results of both."""
    paths = sorted((settings.data_dir / "state").glob("checks_*.parquet"))
    return pl.concat([pl.read_parquet(p) for p in paths]) if paths else tables.table("ops", "check_results").empty()
