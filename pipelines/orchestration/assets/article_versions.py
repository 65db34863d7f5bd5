"""Parse: raw documents become article versions, and every sighting gets its outcome.

Covers which batches are stale and writing in order. For reading the records of one, see compute/steps; for identity,
see core/documents.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import dagster as dg
import polars as pl

from pipelines import progress
from pipelines.compute.engine import over_batches
from pipelines.compute.pool import Hands
from pipelines.compute.quarantine import write_refusals
from pipelines.compute.steps import DAMAGED, read_batch, read_records, with_bytes
from pipelines.compute.worker import parser_version
from pipelines.core.documents.batches import Parsed, Reading, assemble
from pipelines.core.documents.takedown import FORGOTTEN, Takedown
from pipelines.orchestration.asset_specs import SINGLE_RUN, batch_results, markdown, pace, spec
from pipelines.orchestration.project import Project, utc_now
from pipelines.storage import takedowns
from pipelines.storage.damage import DamagedPartError
from pipelines.storage.fingerprints import PARSED as TABLES
from pipelines.storage.lake import Batch, Lake

_DEPS = ("lake/raw_documents", "lake/sightings")
_IDENTITY = ["article_id", "text_sha256", "version_id"]
"""What later batches look at."""


@dg.multi_asset(specs=[spec("lake", name, "parse", _DEPS) for name in TABLES], backfill_policy=SINGLE_RUN)
def article_versions(context: dg.AssetExecutionContext, project: Project) -> Iterator[dg.MaterializeResult]:
    """Read every stale batch of the run's days, in order: a batch looks at the versions of those before it."""
    for line in project.progress.news():
        progress.say(line)
    started = time.monotonic()
    lake = project.lake
    batches = lake.batches(project.days(context))
    forced, chosen = project.forced_days(context), project.chosen_batches(context)
    due = [b for b in batches if b.day in forced or b in (chosen or ()) or _is_stale(project, b, chosen is None)]
    n_read = n_records = 0
    with progress.stage("parse", lake.n_rows("sightings", due), "records") as advance:
        while due:
            follow, left, takedowns = set[Batch](), set(due), project.takedowns
            step = partial(read_batch, lake, project.sources.rules(), takedowns)
            for batch, found in over_batches(project.settings, step, due, advance):
                left.discard(batch)
                before = lake.read("article_versions", batches=[batch], columns=_IDENTITY)
                parsed = _write(project, batch, found, advance)
                if parsed is not None:
                    after = parsed.article_versions.select(_IDENTITY)
                    follow.update(b for b in _that_follow(lake, batch, before, after) if b not in left)
                    n_read += 1
                    n_records += parsed.sighting_outcomes.height
                if project.takedowns != takedowns:
                    break  # the rest was read, or is being read, without them
            due = sorted(left | follow)
    took = pace(n_records, time.monotonic() - started, "records")
    yield from batch_results(lake, TABLES, batches, n_stale_batches=n_read, **took, **refusals(lake, batches))


def refusals(lake: Lake, batches: Sequence[Batch]) -> dict[str, dg.MetadataValue | int | float]:
    """Return how much of what is new in some batches was refused, and by which rules."""
    columns = ["sighting_id", "outcome", "outcome_reason"]
    met = lake.read("sighting_outcomes", batches=batches, columns=columns).join(
        lake.read("sightings", batches=batches, columns=["sighting_id", "is_unchanged"]), on="sighting_id"
    )
    new = met.filter(~pl.col("is_unchanged"))
    refused = new.filter(pl.col("outcome") == "quarantined")
    rules = refused.group_by(rule="outcome_reason").len("records").sort("records", "rule", descending=[True, False])
    figures: dict[str, dg.MetadataValue | int | float] = {"n_refused": refused.height}
    if new.height:
        figures["share_refused"] = round(refused.height / new.height, 4)
    return {**figures, "refused_by": markdown(rules)} if rules.height else figures


def _is_stale(project: Project, batch: Batch, by_rules: bool) -> bool:
    """Whether a batch has not been read at all or, if that counts, was read by another parser or other rules."""
    made_by = project.lake.made_by("quarantine", batch, "parse")
    return made_by is None or (by_rules and made_by != project.progress.parsed_by(project.lake.sources(batch)))


def _that_follow(lake: Lake, batch: Batch, before: pl.DataFrame, after: pl.DataFrame) -> list[Batch]:
    """Return the later batches to read again: a known text there may be a new one now, or the other way round."""
    later = [b for b in lake.batches() if b > batch and lake.made_by("quarantine", b, "parse") is not None]
    moved = pl.concat([before.join(after, on=_IDENTITY, how="anti"), after.join(before, on=_IDENTITY, how="anti")])
    if moved.is_empty() or not later:
        return []
    texts = lake.scan("article_versions", batches=later).filter(
        pl.col("article_id").is_in(moved["article_id"].to_list())
    )
    met = lake.scan("sighting_outcomes", batches=later).filter(
        pl.col("version_id").is_in(moved["version_id"].to_list())
    )
    found = [lake.rows(frame.select("ingest_date", "batch_id").unique()) for frame in (texts, met)]
    return [Batch(*row) for row in pl.concat(found).unique().iter_rows()]


def _through(parsed: Parsed) -> list[str]:
    """Return the sightings whose records were taken in, or rightly left out."""
    is_out = pl.col("outcome").eq("quarantined") | pl.col("outcome_reason").eq(FORGOTTEN).fill_null(value=False)
    return parsed.sighting_outcomes.filter(~is_out)["sighting_id"].to_list()


def _write(
    project: Project, batch: Batch, found: list[Reading] | DamagedPartError, advance: progress.Advance
) -> Parsed | None:
    """Write what reading a batch gave, and return it; None: a raw part is damaged, and what was read before stays."""
    lake = project.lake
    made_by = project.progress.parsed_by(lake.sources(batch))
    if isinstance(found, DamagedPartError):
        if lake.made_by("quarantine", batch, "parse") is not None:
            progress.say(f"warning: {batch.batch_id} stays as it was read before: {found}")
            return None
        progress.say(f"warning: records of {batch.batch_id} are refused: {found}")
        hands = Hands(project.settings.n_workers, advance)
        met = with_bytes(lake, batch, is_damaged=True)
        parsed = _assembled(project, batch, met, read_records(met, project.sources.rules(), project.takedowns, hands))
        made_by = f"{made_by}+{DAMAGED}"  # stale, so that it is read when the part was put back
    else:
        parsed = _assembled(project, batch, lake.read("sightings", batches=[batch]), found)
    lake.write("article_versions", batch, parsed.article_versions, made_by=made_by)
    lake.write("sighting_outcomes", batch, parsed.sighting_outcomes, made_by=made_by)
    # Written last, so a batch that has it has all three.
    write_refusals(lake, batch, "parse", parsed.quarantine, through=_through(parsed), made_by=made_by, now=utc_now())
    return parsed


def _assembled(project: Project, batch: Batch, met: pl.DataFrame, found: list[Reading]) -> Parsed:
    """Return the versions and outcomes of one batch; the bytes of an article that was taken down are removed again."""
    lake = project.lake
    _forget_again(project, [r.again for r in found if r.again is not None])
    earlier = [b for b in lake.batches() if b < batch]
    known = lake.read("article_versions", batches=earlier, columns=_IDENTITY)
    parsed = assemble(met, found, known)
    versions = parsed.article_versions.with_columns(pl.lit(parser_version()).alias("parser_version"))
    return replace(parsed, article_versions=versions)


def _forget_again(project: Project, met: Sequence[tuple[str, str, str]]) -> None:
    """Note the new records of articles that were taken down, and remove their bytes."""
    if met:
        lines = [
            Takedown(target, utc_now().isoformat(timespec="seconds"), raw_ids=(raw_id,), texts=(text,) if text else ())
            for target, raw_id, text in met
        ]
        takedowns.append(project.settings, lines)
        project.lake.drop_raw([raw_id for _, raw_id, _ in met])
