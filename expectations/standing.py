"""Checks that hold or not without a new run: whether news still comes, by the published file and the clock.

Covers asking them of a DuckDB file directly. For what is asked, see suites; for checks of what a run has built, see
run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from expectations.spec import CheckSpec, Recent, Rows, Scope
from expectations.suites import all_checks

NAMES = ("articles_are_fresh", "sources_are_not_silent")
"""Where nothing comes in, no run builds anything and no run checks: these are asked all the same."""


def standing_warnings(published: Path, today: date) -> dict[str, str]:
    """Return, by name, a line for each of these checks that does not hold of the published file.

    Args:
        published: The file.
        today: The UTC day that freshness and silence are measured from.

    Raises:
        duckdb.Error: the file does not answer.
    """
    checks = [check for check in all_checks() if check.name in NAMES]
    with duckdb.connect(published, read_only=True) as con:
        found = {check.name: _broken(con, check, Scope.of(None, today)) for check in checks}
    return {name: line for name, line in found.items() if line}


def _broken(con: duckdb.DuckDBPyConnection, check: CheckSpec, scope: Scope) -> str:
    batch = scope.render(check.batch)
    if isinstance(check.rule, Recent):
        row = con.execute(f"SELECT max({check.rule.column}) FROM ({batch}) AS b").fetchone()
        last = row[0] if row else None
        is_old = last is not None and (scope.today - last).days > check.rule.max_age_days
        return f"nothing new has come since {last}" if is_old else ""
    assert isinstance(check.rule, Rows)
    relation = con.execute(f"WITH b AS ({batch}) {scope.render(check.rule.fails)}")
    names = [column[0] for column in relation.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    return "; ".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in sorted(rows, key=str))
