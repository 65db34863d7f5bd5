"""Run the checks over a warehouse file.

Covers the one call that the pipeline makes. For what is checked, see suites; for how Great Expectations is driven, see
gx. It does not cover what a failure leads to (the caller decides).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from expectations import docs, gx
from expectations.outcome import CheckOutcome, crashed, left_out
from expectations.spec import CheckSpec, Scope
from expectations.suites import all_checks


def run_checks(
    warehouse: Path,
    days: Sequence[date] | None,
    today: date,
    docs_dir: Path | None = None,
    only: Collection[str] | None = None,
) -> list[CheckOutcome]:
    """Check a warehouse file and return one outcome per check, in the order of ``all_checks``.

    The file is opened read-only and closed again; no other connection of this process may hold it
    for writing. A check that crashes comes back as an error that blocks; it never raises.

    Args:
        warehouse: The DuckDB file.
        days: The ingest days to look at; None: all.
        today: The UTC day that freshness is measured from.
        docs_dir: Where to write Data Docs, readable offline; an earlier build there is replaced. None: nowhere.
        only: Names of the checks to run; None: all.

    Raises:
        FileNotFoundError: there is no such file.
        TypeError: a day is no ``datetime.date``.
        ValueError: ``only`` names a check that there is not.
    """
    if not warehouse.is_file():
        raise FileNotFoundError(f"no warehouse to check at {warehouse}")
    checks, scope = chosen(only), Scope.of(days, today)
    due = [check for check in checks if scope.days is None or not check.needs_all_days]
    groups = gx.grouped(due, scope)
    if docs_dir is not None:
        docs.clear(docs_dir)
    try:
        with gx.session(warehouse, scope, docs_dir) as session:
            by_name = {outcome.check_name: outcome for group in groups for outcome in session.run(group)}
            if docs_dir is not None:
                session.build_docs()
    except gx.UnreadableWarehouseError as exc:
        by_name = {check.name: crashed(check, str(exc)) for check in due}
    outcomes = [by_name[check.name] if check.name in by_name else left_out(check) for check in checks]
    if docs_dir is not None:
        docs.finish(docs_dir, outcomes, {check.name: group.name for group in groups for check in group.checks})
    return outcomes


def load() -> None:
    """Load what ``run_checks`` needs, which takes seconds, before it is called."""
    gx.load()


def chosen(only: Collection[str] | None) -> list[CheckSpec]:
    """Return the checks of these names, or all.

    Raises:
        ValueError: there is no check of a name.
    """
    checks = all_checks()
    if only is None:
        return checks
    if unknown := sorted(set(only) - {check.name for check in checks}):
        raise ValueError(f"no check named {', '.join(unknown)}")
    return [check for check in checks if check.name in only]
