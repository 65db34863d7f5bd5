"""Resolve, the facts: within each article, which mentions are one actor and who said each statement.

Covers which batches are stale. For what is done with one, see compute/steps; for the rules, see core/resolution; for
which actor an entity is across articles, see orchestration/assets/actors.
"""

import time
from collections.abc import Iterator
from functools import partial

import dagster as dg

from pipelines import progress
from pipelines.compute.engine import over_batches
from pipelines.compute.steps import resolve_batch
from pipelines.compute.worker import resolution_id, resolver
from pipelines.core.ids import mk_id
from pipelines.orchestration.asset_specs import SINGLE_RUN, batch_results, pace, spec
from pipelines.orchestration.project import Project, utc_now
from pipelines.storage.fingerprints import EXTRACTED, Register
from pipelines.storage.fingerprints import RESOLVED as TABLES
from pipelines.storage.lake import Batch, Lake

_READ = ("version_id", "text_sha256", "language", "published_on", "authors")
_DEPS = ("lake/article_versions", *(f"lake/{name}" for name in EXTRACTED))


@dg.multi_asset(specs=[spec("lake", name, "resolve", _DEPS) for name in TABLES], backfill_policy=SINGLE_RUN)
def entities(context: dg.AssetExecutionContext, project: Project) -> Iterator[dg.MaterializeResult]:
    """Resolve every batch of the run's days whose mentions or whose reference data changed."""
    started = time.monotonic()
    lake = project.lake
    batches = lake.batches(project.days(context))
    how = {b: _made_by(lake, b) for b in batches}
    forced = project.forced_days(context)
    # Targets are written last, so a batch that has them has all.
    chosen = project.chosen_batches(context) or ()
    stale = [b for b in batches if b.day in forced or b in chosen or lake.made_by("statement_targets", b) != how[b]]
    Register(lake.root).remember("resolvers", resolution_id(), resolver())
    with progress.stage("resolve", lake.n_rows("statements", stale), "statements") as advance:
        step = partial(resolve_batch, lake, utc_now())
        for _ in over_batches(project.settings, step, [(b, how[b]) for b in stale], advance):
            pass
    took = pace(lake.n_rows("statements", stale), time.monotonic() - started, "statements")
    yield from batch_results(lake, TABLES, batches, n_stale_batches=len(stale), **took)


def _made_by(lake: Lake, batch: Batch) -> str:
    """Return what a batch's entities would be made by and from now."""
    read = [lake.sha256("article_versions", batch, _READ), *(lake.sha256(name, batch) for name in EXTRACTED)]
    return mk_id("resolution", resolution_id(), *read)
