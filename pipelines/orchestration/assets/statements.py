"""Extract: article versions become sentences, statements, quotes and mentions.

Belongs here: which batches are stale, spreading the texts over processes, setting aside an article that
fails. Does not belong here: finding statements (core/attribution), loading the tagger (compute/worker).
"""

import time
from collections.abc import Iterator, Sequence

import dagster as dg
import polars as pl

from pipelines import progress
from pipelines.compute.pool import chunks, map_batches
from pipelines.compute.worker import Extracted, extract_chunk, extraction_id, extractor
from pipelines.contracts import table
from pipelines.core.ids import mk_id
from pipelines.orchestration.asset_specs import SINGLE_RUN, batch_results, markdown, pace, spec
from pipelines.orchestration.project import Project, utc_now
from pipelines.orchestration.quarantine import write_refusals
from pipelines.settings import Settings
from pipelines.storage.atomic_files import read_json
from pipelines.storage.fingerprints import EXTRACTED as TABLES
from pipelines.storage.fingerprints import Register
from pipelines.storage.lake import Batch, Lake

_READ = ("version_id", "article_id", "text_sha256", "language", "sections", "published_on")
"""What extraction looks at, the text by its hash."""
_CHUNK = 40


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
        for batch in stale:
            extracted = extract_batch(lake, batch, project.settings.n_workers, advance)
            write_failures(lake, batch, "extract", extracted.failed, how[batch])
            for name in TABLES:
                lake.write(name, batch, extracted.frames[name], made_by=how[batch])
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


def extract_batch(lake: Lake, batch: Batch, workers: int, advance: progress.Advance) -> Extracted:
    """Return everything found in the texts of one batch."""
    columns = ["version_id", "article_id", "text", "language", "sections", "published_on"]
    texts = lake.read("article_versions", batches=[batch], columns=columns)
    parts = []
    for part in map_batches(extract_chunk, list(chunks(texts, _CHUNK)), workers=workers):
        parts.append(part)
        advance(part.n_articles)
    return Extracted.joined(parts, TABLES)


def write_failures(lake: Lake, batch: Batch, step: str, failed: Sequence[tuple[str, str]], made_by: str) -> None:
    """Write a step's part of a batch's quarantine: the versions that it failed on, with what went wrong."""
    versions = set(lake.read("article_versions", batches=[batch], columns=["version_id"])["version_id"])
    through = versions - {version_id for version_id, _ in failed}
    write_refusals(
        lake, batch, step, failures(batch, step, failed), through=through, made_by=made_by, now=utc_now()
    )  # fmt: skip


def failures(batch: Batch, stage: str, failed: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return a row of quarantine for each version that a stage failed on, with what went wrong."""
    return table("lake", "quarantine").frame(
        [
            {
                "ingest_date": batch.day,
                "batch_id": batch.batch_id,
                "quarantine_id": mk_id("quarantine", stage, version_id, "stage_failed"),
                "stage": stage,
                "entity": "version",
                "entity_id": version_id,
                "rule": "stage_failed",
                "severity": "warn",
                "detail": detail,
                "first_seen_at": utc_now(),
            }
            for version_id, detail in failed
        ]
    )
