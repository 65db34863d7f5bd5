"""Once a week everything is checked, also what the daily runs leave out since it would cost more with each day.

Covers the job, and its step. For what is checked, see sql/tests and expectations/; for when, see triggers.

A run over some days checks these days: keys, references and values of tables, and Great Expectations' batches. This one
looks at every row of every relation, the sums over all days and the keys of views among it. It builds and publishes
nothing; what does not hold fails the run, which is told to ONRECORD_ALERT_URL like any other.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines import progress
from pipelines.orchestration import dbt as dbt_project
from pipelines.orchestration.assets.warehouse import POOL
from pipelines.orchestration.check_results import by_rule
from pipelines.orchestration.dbt_call import Dbt
from pipelines.orchestration.project import Project, utc_now
from pipelines.storage.warehouse import wait_until_free

JOB_NAME = "everything"
_UNIT_TESTS = "test_type:unit"


@dg.op(pool=POOL, out=dg.Out(dg.Nothing))
def check_everything(context: dg.OpExecutionContext, dbt: Dbt, project: Project) -> None:
    """Run every data test of dbt and every check of Great Expectations over all days."""
    settings = project.settings
    if not settings.warehouse.exists():
        if project.lake.batches():
            raise dg.Failure("there is news and no warehouse, so nothing was checked: start a run")
        context.log.info("there is no warehouse yet")
        return
    wait_until_free(settings.warehouse)
    broken = [*_other_parts(project), *_dbt_failures(dbt, project), *_failed_checks(project)]
    if broken:
        raise dg.Failure("what must hold of everything does not:\n" + "\n".join(broken))


def _other_parts(project: Project) -> Iterator[str]:
    """Yield a line for each part that cannot be made again and holds other bytes than were received."""
    with progress.stage("parts of the lake", 1, "runs") as advance:
        found = project.manifest.difference(is_thorough=True).altered
        advance(1)
    for name in found:
        yield f"  {project.lake.root / name}: not the bytes that were received: put it back from a copy"


def _dbt_failures(dbt: Dbt, project: Project) -> Iterator[str]:
    with progress.stage("tests of all days", 1, "runs") as advance:
        call = dbt.next_call()
        call.begin(["test", "--exclude", _UNIT_TESTS], project.settings, None, "everything")
        outcome = call.end(lambda _: None)
        advance(1)
    results = by_rule(outcome.results, dbt_project.manifest()["nodes"], project.settings.warehouse)
    broken = [r for r in results if r["status"] in ("fail", "error")]
    for result in broken:
        yield f"  {result['unique_id'].split('.')[2]}: {result['message']}"
    if not broken and not outcome.is_successful:
        yield f"  dbt stopped early: {outcome.error}"


def _failed_checks(project: Project) -> Iterator[str]:
    from expectations import run_checks  # not at the top: Great Expectations takes seconds to load

    with progress.stage("checks of all days", 1, "runs") as advance:
        outcomes = run_checks(project.settings.warehouse, None, utc_now().date())
        advance(1)
    for outcome in outcomes:
        if not outcome.passed and outcome.severity == "block":
            yield f"  {outcome.table_name}: {outcome.check_name}: {outcome.detail}"


@dg.job(name=JOB_NAME, executor_def=dg.in_process_executor, description="Checks every row of the warehouse.")
def everything_job() -> None:
    """Check everything."""
    check_everything()
