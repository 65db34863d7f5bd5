"""Extract: article versions become sentences, statements, quotes and mentions.

Covers which batches are stale. For what is done with one, see compute/steps; for finding statements, see
core/attribution.
"""

import time
from collections.abc import Iterator
from functools import partial

import dagster as dg
import polars as pl

from pipelines import progress
from pipelines.compute.engine import over_batches
from pipelines.compute.steps import extract_batch
from pipelines.compute.worker import extraction_id, extractor
from pipelines.core.ids import mk_id
from pipelines.orchestration.asset_specs import SINGLE_RUN, batch_results, markdown, pace, spec
from pipelines.orchestration.project import Project, utc_now
from pipelines.settings import Settings
from pipelines.storage.atomic_files import read_json
from pipelines.storage.fingerprints import EXTRACTED as TABLES
from pipelines.storage.fingerprints import Register

_READ = ("version_id", "article_id", "text_sha256", "language", "sections", "published_on")
"""What extraction looks at, the text by its hash."""


@dg.multi_asset(
    specs=[spec("lake", name, "extract", ["lake/article_versions"]) for name in TABLES], backfill_policy=SINGLE_RUN
)
def statements(context: dg.AssetExecutionContext, project: Project) -> Iterator[dg.MaterializeResult]:
    """Extract from every batch of the run's days whose texts or whose extractor changed."""
    started = time.monotonic()
    lake = project.lake
    batches = lake.batches(project.days(context))
    how = {b: mk_id("extraction", extraction_id(), lake.sha256("article_versions", b, _READ)) for b in batches}
    forced = project.forced_days(context)
    # Mentions are written last, so a batch that has them has all.
    chosen = project.chosen_batches(context) or ()
    stale = [b for b in batches if b.day in forced or b in chosen or lake.made_by("mentions", b) != how[b]]
    Register(lake.root).remember("extractors", extraction_id(), extractor())
    with progress.stage("extract", lake.n_rows("article_versions", stale)) as advance:
        step = partial(extract_batch, lake, utc_now())
        for _ in over_batches(project.settings, step, [(b, how[b]) for b in stale], advance):
            pass
    took = pace(lake.n_rows("article_versions", stale), time.monotonic() - started, "articles")
    main_first = sorted(TABLES, key=lambda name: name != "statements")  # what is told of the step is told of the first
    figures = {**took, **measured(project.settings)}
    yield from batch_results(lake, main_first, batches, n_stale_batches=len(stale), **figures)


def measured(settings: Settings) -> dict[str, dg.MetadataValue | float]:
    """Return the scores of the last `onrecord evaluate` with this extractor, if there are any."""
    found = read_json(settings.accuracy)
    if found.get("extraction_id") != extraction_id():
        return {}
    scores = [(name, *figure.items()) for name, figure in found["figures"].items()]
    rows = [{"what": name, "score": kind, "value": f"{value:.3f}"} for name, *kinds in scores for kind, value in kinds]
    return {
        "content_f1": float(found["figures"]["content"]["F1"]),
        f"accuracy on {found['gold']}": markdown(pl.DataFrame(rows), len(rows)),
    }
