"""How an outcome reads."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from expectations.outcome import MAX_FAILED_ROWS, crashed, judged, too_few
from expectations.spec import CheckSpec, NotNull, Recent, Rows, Severity

RULES = {"rows": Rows("SELECT 1"), "share": NotNull("speaker", 0.5, 20), "recent": Recent("day", 2)}


def _check(kind: str, severity: Severity = "warn") -> CheckSpec:
    return CheckSpec("a_check", "core.a", severity, "all is well", "2026-11-22: so", "SELECT 1", RULES[kind], ("id",))


def test_failing_rows_are_named_cut_off_and_fit_json() -> None:
    rows = [{"id": i, "day": date(2026, 11, 20), "share": Decimal("0.5"), "gone": None} for i in range(30)]
    outcome = judged(_check("rows"), passed=False, n_checked=1200, n_failed=30, rows=rows)
    assert len(outcome.failed_rows) == MAX_FAILED_ROWS
    assert json.loads(json.dumps(outcome.failed_rows))[0] == {"id": 0, "day": "2026-11-20", "share": 0.5, "gone": None}
    expected = "30 failed in 1,200 rows; must hold: all is well; first: id=0, day=2026-11-20, share=0.5, gone=None"
    assert outcome.detail == expected


def test_details_are_one_line_each() -> None:
    assert judged(_check("rows"), passed=True, n_checked=1, n_failed=0).detail == "all is well (1 row)"
    share = judged(_check("share"), passed=False, n_checked=40, n_failed=30, rows=[{"id": "x"}])
    assert share.detail == "75.0% of 40 rows without speaker (up to 50% passes); first: id=x"
    late = judged(_check("recent"), passed=False, n_checked=1, n_failed=1, rows=[{"day": None, "text": "two\nlines"}])
    assert late.detail == "all is well: day=None, text=two lines"


def test_a_crash_blocks_whatever_the_check() -> None:
    outcome = crashed(_check("rows", "warn"), "Binder Error:\n  no such\ttable")
    assert (outcome.severity, outcome.passed, outcome.n_failed) == ("block", False, None)
    assert outcome.error == "Binder Error: no such table"
    assert "\n" not in outcome.detail


def test_a_share_of_a_handful_is_not_judged() -> None:
    outcome = too_few(_check("share"), 3, 20)
    assert outcome.passed
    assert outcome.detail == "3 rows: too few to judge a share (from 20 on)"
