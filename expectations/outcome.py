"""What a check found.

Covers the result in our own terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from expectations.spec import CheckSpec, NotNull, Recent, Severity

MAX_FAILED_ROWS = 20
"""Failing rows that an outcome names; the number of all is in ``n_failed``."""

Value = str | int | float | bool | None


@dataclass(frozen=True)
class CheckOutcome:
    """What one check found.

    Attributes:
        check_name: Name of the check.
        table_name: What it looked at, as ``schema.table``.
        severity: That of the check; always ``block`` if it could not run.
        passed: Whether it held. False if it could not run.
        n_checked: Rows looked at; None if it could not run.
        n_failed: Rows that broke it; None if it could not run.
        failed_rows: Up to MAX_FAILED_ROWS of them: ids and a short excerpt, ready for JSON.
        detail: One line that says what was observed.
        error: Why it could not run; None if it could.
    """

    check_name: str
    table_name: str
    severity: Severity
    passed: bool
    n_checked: int | None
    n_failed: int | None
    failed_rows: tuple[dict[str, Value], ...]
    detail: str
    error: str | None = None


def judged(
    spec: CheckSpec, *, passed: bool, n_checked: int, n_failed: int, rows: Sequence[Mapping[str, object]] = ()
) -> CheckOutcome:
    """Return the outcome of a check that ran."""
    named = tuple({key: _plain(value) for key, value in row.items()} for row in rows[:MAX_FAILED_ROWS])
    outcome = CheckOutcome(spec.name, spec.table, spec.severity, passed, n_checked, n_failed, named, "")
    return replace(outcome, detail=_detail(spec, outcome))


def too_few(spec: CheckSpec, n_checked: int, at_least: int) -> CheckOutcome:
    """Return the outcome of a rate over so few rows that it says nothing: it passes."""
    detail = f"{_rows(n_checked)}: too few to judge a share (from {at_least} on)"
    return CheckOutcome(spec.name, spec.table, spec.severity, True, n_checked, 0, (), detail)


def left_out(spec: CheckSpec) -> CheckOutcome:
    """Return the outcome of a check over everything in a run over some days: nothing is said against it."""
    detail = "not looked at in a run over some days; a run over everything does (onrecord rebuild)"
    return CheckOutcome(spec.name, spec.table, spec.severity, True, 0, 0, (), detail)


def crashed(spec: CheckSpec, error: str) -> CheckOutcome:
    """Return the outcome of a check that could not run: nothing is known, so it blocks."""
    line = " ".join(error.split())[:500] or "no message"
    return CheckOutcome(spec.name, spec.table, "block", False, None, None, (), f"could not be checked: {line}", line)


def _detail(spec: CheckSpec, outcome: CheckOutcome) -> str:
    rows, n_failed = _rows(outcome.n_checked or 0), outcome.n_failed or 0
    first = f"; first: {_name(outcome.failed_rows[0])}" if outcome.failed_rows else ""
    if isinstance(spec.rule, NotNull):
        share = n_failed / outcome.n_checked if outcome.n_checked else 0.0
        verdict = f"up to {spec.rule.max_share:.0%} passes"
        return f"{share:.1%} of {rows} without {spec.rule.column} ({verdict}){'' if outcome.passed else first}"
    if isinstance(spec.rule, Recent):
        observed = _name(outcome.failed_rows[0]) if outcome.failed_rows else f"within {spec.rule.max_age_days} days"
        return f"{spec.claim}: {observed}"
    if outcome.passed:
        return f"{spec.claim} ({rows})"
    return f"{n_failed} failed in {rows}; must hold: {spec.claim}{first}"


def _rows(n: int) -> str:
    return f"{n:,} row" if n == 1 else f"{n:,} rows"


def _name(row: Mapping[str, Value]) -> str:
    return " ".join(", ".join(f"{key}={value}" for key, value in row.items()).split())


def _plain(value: object) -> Value:
    """Return a value that JSON can hold."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
