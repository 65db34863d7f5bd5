"""Checks before publication: Great Expectations as asset checks.

Covers the step that runs them and reports each under its table. For what is expected, see expectations/. It does not
cover dbt's tests (they come with the warehouse asset).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from expectations import CheckSpec, all_checks
from pipelines import progress
from pipelines.orchestration.check_results import gx_results, store
from pipelines.orchestration.project import Project, utc_now

_WRITTEN_ON = re.compile(r"^\d{4}-\d\d-\d\d: ")


def _described(check: CheckSpec) -> str:
    """Return what must hold, and why; on which day that was decided stands beside the check."""
    claim, reason = check.claim, _WRITTEN_ON.sub("", check.reason)
    return f"{claim[0].upper()}{claim[1:]}. {reason[0].upper()}{reason[1:]}"


SPECS = [
    dg.AssetCheckSpec(
        name=check.name, asset=check.table.split("."), description=_described(check),
        blocking=check.severity == "block", metadata={"severity": check.severity},
    )
    for check in all_checks()
]  # fmt: skip


@dg.multi_asset_check(specs=SPECS, name="great_expectations", can_subset=True)
def great_expectations(context: dg.AssetCheckExecutionContext, project: Project) -> Iterator[dg.AssetCheckResult]:
    """Check what was built since the last publication; a check that cannot run counts as one that failed."""
    from expectations import run_checks  # not at the top: Great Expectations takes seconds to load

    settings = project.settings
    days, today = project.progress.days_to_check(), utc_now().date()
    chosen = {key.name for key in context.selected_asset_check_keys}
    is_whole = len(chosen) == len(SPECS)
    with progress.stage("check", len(chosen), "checks") as advance:
        outcomes = run_checks(settings.warehouse, days, today, settings.data_docs_dir if is_whole else None, chosen)
        advance(len(outcomes))
    for outcome in outcomes:
        project.refuse_damage(outcome.error or "")
    store(settings, "great_expectations", gx_results(outcomes), state=project.progress.state(), is_whole=is_whole)
    severity = {"block": dg.AssetCheckSeverity.ERROR, "warn": dg.AssetCheckSeverity.WARN}
    for outcome in outcomes:
        if not outcome.passed:
            (context.log.error if outcome.severity == "block" else context.log.warning)(
                f"{outcome.table_name}: {outcome.check_name}: {outcome.detail}"
            )
        yield dg.AssetCheckResult(
            check_name=outcome.check_name,
            asset_key=outcome.table_name.split("."),
            passed=outcome.passed,
            severity=severity[outcome.severity],
            description=outcome.detail,
            metadata={
                **_shown(outcome.failed_rows),
                "n_checked": outcome.n_checked or 0,
                "n_failed": outcome.n_failed or 0,
                "rows": dg.MetadataValue.json([dict(row) for row in outcome.failed_rows]),
                "data_docs": dg.MetadataValue.path(str(settings.data_docs_dir / "index.html")),
            },
        )
    broken = [o for o in outcomes if not o.passed and o.severity == "block"]
    if broken:
        lines = (f"  {o.table_name}: {o.check_name}: {o.detail}" for o in broken)
        raise dg.Failure("a check that must hold did not, so nothing is published:\n" + "\n".join(lines))


def _shown(rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return the first rows that broke a check, to be read on its page, which folds in everything but short text."""
    return {
        f"row {n}": ", ".join(f"{name}={value}" for name, value in row.items()) for n, row in enumerate(rows[:5], 1)
    }
