"""How checks are described: no Great Expectations, no warehouse."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from expectations import all_checks
from expectations.spec import NotNull, Rows, Scope
from pipelines.contracts import tables

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


def test_listing_the_checks_loads_no_great_expectations() -> None:
    code = "import sys, expectations; expectations.all_checks(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"great_expectations", "sqlalchemy", "duckdb", "pandas"} & set(loaded)


def test_names_are_unique_and_fit_every_tool() -> None:
    names = [check.name for check in all_checks()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_every_check_is_of_a_table_in_the_contracts_and_names_rows_by_its_columns() -> None:
    known = {f"{table.layer}.{table.name}" for table in tables()}
    assert {check.table for check in all_checks()} <= known
    assert all(check.ids for check in all_checks())


def test_every_span_of_the_contracts_has_a_blocking_check() -> None:
    with_spans = {f"{t.layer}.{t.name}" for t in (*tables("core"), *tables("internal")) if t.spans}
    checked = {check.table for check in all_checks() if check.name.endswith("_evidence") and check.severity == "block"}
    assert checked >= with_spans != set()


BEHIND_MARTS = {
    f"internal.{name}" for name in (
        "day_states", "built_days", "statement_rows", "target_rows", "quote_rows", "reply_rows", "relay_rows",
        "speaker_days", "target_days", "unnamed_days", "outlet_days",
    )
}  # fmt: skip
"""Tables that only views and marts read: what is wrong in them shows in the sums of these."""


def test_every_relation_has_a_check() -> None:
    relations = {f"{t.layer}.{t.name}" for layer in ("core", "internal", "mart") for t in tables(layer)}
    missing = relations - {check.table for check in all_checks()} - BEHIND_MARTS
    assert missing == set(), "add a check (expectations/suites), with its defect in tests/integration"


def test_every_reason_is_dated_and_only_invariants_block() -> None:
    for check in all_checks():
        assert re.match(r"20\d\d-\d\d-\d\d: ", check.reason), check.name
        if isinstance(check.rule, NotNull):
            assert check.severity == "warn"


def test_blocking_checks_come_first() -> None:
    severities = [check.severity for check in all_checks()]
    assert severities == sorted(severities)


def test_sql_has_no_brace_and_no_bind_parameter() -> None:
    """Great Expectations reads a brace as a field, SQLAlchemy a colon and a name as a parameter."""
    scope = Scope.of([FRIDAY], SATURDAY)
    for check in all_checks():
        for sql in (check.batch, check.rule.fails if isinstance(check.rule, Rows) else ""):
            rendered = scope.render(sql)
            assert not re.search(r"[{}@]|:\w", rendered), check.name


def test_every_blocking_check_keeps_to_the_days() -> None:
    for check in all_checks():
        if check.severity == "block":
            assert ("@days(" in check.batch) != check.needs_all_days, check.name


def test_days_become_sorted_literals() -> None:
    scope = Scope.of([SATURDAY, FRIDAY, SATURDAY], SATURDAY)
    between, listed = "BETWEEN DATE '2026-11-20' AND DATE '2026-11-21'", "(DATE '2026-11-20', DATE '2026-11-21')"
    assert scope.render("@days(v.d)") == f"(v.d {between} AND v.d IN {listed})"
    assert Scope.of([FRIDAY], FRIDAY).render("@days(v.d)") == "v.d = DATE '2026-11-20'"
    assert scope.render("@window(d, 7)") == "d BETWEEN DATE '2026-11-13' AND DATE '2026-11-21'"
    assert scope.render("@day_list") == "(VALUES (DATE '2026-11-20'), (DATE '2026-11-21')) AS d(day)"
    assert scope.render("x < @today") == "x < DATE '2026-11-21'"


def test_no_days_is_nothing_and_none_is_everything() -> None:
    assert Scope.of([], FRIDAY).render("@days(d) @window(d, 7)") == "FALSE FALSE"
    assert Scope.of(None, FRIDAY).render("@days(d) @window(d, 7)") == "TRUE TRUE"
    assert "WHERE FALSE" in Scope.of([], FRIDAY).render("@day_list")
    assert "DISTINCT ingest_date" in Scope.of(None, FRIDAY).render("@day_list")


@pytest.mark.parametrize("day", ["2026-11-20", datetime(2026, 11, 20, tzinfo=UTC), None])
def test_only_a_date_is_a_day(day: object) -> None:
    with pytest.raises(TypeError, match="not a date"):
        Scope.of([day], FRIDAY)  # type: ignore[list-item]
