"""Parse: raw documents become article versions, and every sighting gets its outcome.

Belongs here: which batches are stale, spreading the reading over processes, writing. Does not belong
here: reading a format, identity (core/documents).
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import dagster as dg
import polars as pl

from pipelines.core.documents.model import SourceRules
from pipelines.core.documents.parse import Parsed, Reading, assemble, read_documents
from pipelines.defs.lake_assets import SINGLE_RUN, batch_results, spec
from pipelines.defs.project import Project
from pipelines.engine import chunks, map_batches
from pipelines.io import progress
from pipelines.io.how import PARSED as TABLES
from pipelines.io.lake import Batch, Lake
from pipelines.io.models import parser_version
from pipelines.io.readers import read

_DEPS = ("lake/raw_documents", "lake/sightings")
_CHUNK = 100


@dg.multi_asset(specs=[spec("lake", name, "parse", _DEPS) for name in TABLES], backfill_policy=SINGLE_RUN)
def article_versions(context: dg.AssetExecutionContext, project: Project) -> Iterator[dg.MaterializeResult]:
    """Read every stale batch of the run's days, in order: a batch looks at the versions of those before it."""
    for line in project.progress.news():
        progress.say(line)
    lake = project.lake
    batches = lake.batches(project.days(context))
    how = {b: project.progress.parsed_by(lake.sources(b)) for b in batches}
    forced = project.forced_days(context)
    # The quarantine part is written last, so a batch that has it has all three.
    stale = [b for b in batches if b.day in forced or lake.made_by("quarantine", b, "parse") != how[b]]
    with progress.stage("parse", lake.n_rows("sightings", stale), "records") as advance:
        for batch in stale:
            parsed = parse_batch(lake, batch, project.sources.rules(), project.settings.n_workers, advance)
            for name in TABLES:
                stage = "parse" if name == "quarantine" else None
                lake.write(name, batch, getattr(parsed, name), made_by=how[batch], stage=stage)
    yield from batch_results(lake, TABLES, batches, n_stale_batches=len(stale))


def parse_batch(
    lake: Lake, batch: Batch, rules: dict[str, SourceRules], workers: int, advance: progress.Advance
) -> Parsed:
    """Return the versions and outcomes of one batch."""
    sightings = lake.read("sightings", batches=[batch])
    raw = raw_of(lake, sightings)
    met = sightings.join(raw, on="raw_id", how="left", maintain_order="left")
    found: list[Reading] = []
    reading = partial(read_documents, rules=rules, read=read)
    for part in map_batches(reading, list(chunks(met, _CHUNK)), workers=workers):
        found.extend(part)
        advance(len(part))
    earlier = [b for b in lake.batches() if b < batch]
    known = lake.read("article_versions", batches=earlier, columns=["article_id", "text_sha256", "version_id"])
    parsed = assemble(met, found, known)
    versions = parsed.article_versions.with_columns(pl.lit(parser_version()).alias("parser_version"))
    return replace(parsed, article_versions=versions)


def raw_of(lake: Lake, sightings: pl.DataFrame) -> pl.DataFrame:
    """Return raw_id, bytes and media_type of the records to read; bytes may have come with an earlier batch."""
    wanted = sightings.filter(~pl.col("is_unchanged"))["raw_id"].drop_nulls().unique()
    columns = ["raw_id", "bytes", "media_type"]
    found = lake.scan("raw_documents").filter(pl.col("raw_id").is_in(wanted.implode())).select(columns)
    return found.collect().unique("raw_id", maintain_order=True)
