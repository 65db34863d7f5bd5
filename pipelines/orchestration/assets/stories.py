"""Compare: which articles are near copies of others, and the stories that they form.

Covers which batches are stale and writing what was found. For what a copy is, see core/copies; for which earlier
signatures and texts are read, see compute/near_copies.
"""

import time
from collections.abc import Iterator
from functools import partial

import dagster as dg

from pipelines import progress
from pipelines.compute.engine import over_batches
from pipelines.compute.near_copies import compare, compared_by, signed_by
from pipelines.compute.steps import sign_batch
from pipelines.core.copies.near_copies import story_groups
from pipelines.orchestration.asset_specs import SINGLE_RUN, batch_results, results, spec
from pipelines.orchestration.project import Project
from pipelines.storage.fingerprints import COMPARED as TABLES


@dg.multi_asset(
    specs=[spec("lake", name, "parse", ["lake/article_versions"]) for name in TABLES], backfill_policy=SINGLE_RUN
)
def near_copies(context: dg.AssetExecutionContext, project: Project) -> Iterator[dg.MaterializeResult]:
    """Sign every stale batch of the run's days; compare it, and every batch after a changed one, with those before."""
    started = time.monotonic()
    lake = project.lake
    batches = lake.batches(project.days(context))
    forced = project.forced_days(context)
    signed = [(batch, signed_by(lake, batch)) for batch in batches]
    unsigned = [(b, by) for b, by in signed if b.day in forced or lake.made_by("text_signatures", b) != by]
    for _ in over_batches(project.settings, partial(sign_batch, lake), unsigned):
        pass
    how = compared_by(lake)
    stale = [b for b in how if b.day in forced or lake.made_by("near_copies", b) != how[b]]
    with progress.stage("compare", lake.n_rows("text_signatures", stale)) as advance:
        for found in compare(lake, stale):
            for batch, copies in found.items():
                lake.write("near_copies", batch, copies, made_by=how[batch])
            advance(lake.n_rows("text_signatures", list(found)))
    seconds = round(time.monotonic() - started, 3)
    yield from batch_results(lake, TABLES, batches, n_stale_batches=len(stale), compare_seconds=seconds)


@dg.multi_asset(specs=[spec("state", "story_groups", "parse", ["lake/near_copies"])])
def stories(project: Project) -> Iterator[dg.MaterializeResult]:
    """Group the articles: connected components of all pairs. A full-state step: its time grows with all pairs."""
    started = time.monotonic()
    columns = ["batch_id", "article_id", "earlier_batch_id", "earlier_article_id"]
    groups = story_groups(project.lake.read("near_copies", columns=columns))
    project.lake.write_state("story_groups", groups)
    seconds = round(time.monotonic() - started, 3)
    yield from results("state", {"story_groups": groups.height}, full_state_seconds=seconds)
