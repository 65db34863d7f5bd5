"""Publish: the warehouse that passed becomes the file that analysts read.

Covers what goes along, and when. For how, see storage/publish.
"""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

import pipelines
from pipelines import progress
from pipelines.orchestration.asset_specs import OWNERS, PUBLISHED, markdown
from pipelines.orchestration.check_results import stored
from pipelines.orchestration.dbt import own_descriptions
from pipelines.orchestration.health import LATE, OLD
from pipelines.orchestration.project import ACCEPT_LOSS_TAG, Project, has_tag, utc_now
from pipelines.settings import Settings
from pipelines.storage import takedowns
from pipelines.storage.fingerprints import Register
from pipelines.storage.losses import log_accepted, losses
from pipelines.storage.publish import changes_since, earlier_files, how_frames, is_whole, publish, published_problem
from pipelines.storage.reprocessing import in_words, reprocessing

FRESH = dg.FreshnessPolicy.time_window(warn_window=LATE, fail_window=OLD)

_TOP_SPEAKERS = """
SELECT speaker, count(*) AS statements, count(DISTINCT outlet_id) AS outlets FROM mart.statements_counted
WHERE ingest_date = ? AND is_counted AND speaker_actor_id IS NOT NULL
GROUP BY speaker_actor_id, speaker ORDER BY statements DESC, speaker LIMIT 10
"""
_SAMPLE = """
SELECT outlet, speaker, cue_text AS cue, left(content_text, 80) AS content FROM mart.statements_counted
WHERE ingest_date = ? AND is_counted ORDER BY statement_id LIMIT 8
"""
_WARNED = """
SELECT table_name AS "table", check_name AS "check", detail ->> 'message' AS observed FROM ops.check_results
WHERE NOT passed ORDER BY ALL
"""


def published_asset(deps: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the asset of the published file, which follows every relation of the warehouse."""

    @dg.asset(
        key=PUBLISHED, deps=deps, group_name="publish", owners=OWNERS, kinds={"duckdb"},
        tags={"onrecord/layer": "published"}, freshness_policy=FRESH,
        description="The file that analysts read: swapped in whole after every blocking check has passed.",
    )  # fmt: skip
    def published(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
        return publish_warehouse(context, project)

    return published


def publish_warehouse(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
    """Publish, and record that everything built is published."""
    started = time.monotonic()
    settings = project.settings
    refusal = project.progress.why_not_publish()
    if refusal is not None:
        raise dg.Failure(refusal)
    before = _file_before(settings)
    _refuse_loss(context, project, before)
    with progress.stage("publish", 1, "files") as advance:
        try:
            publication = publish(
                settings.warehouse, settings.published,
                ops={
                    "pipeline_runs": project.lake.read("pipeline_runs"),
                    "check_results": stored(settings),
                    "overrides": project.lake.read_state("overrides"),
                    "changes": changes_since(before, settings.warehouse, settings.build_memory),
                    "reprocessing": _reprocessing(project, before),
                    "takedowns": takedowns.frame(project.takedowns),
                    **how_frames(settings.warehouse, Register(project.lake.root)),
                },
                now=utc_now(), code_version=pipelines.__version__,
                keep_earlier=settings.keep_published, memory=settings.build_memory, own=own_descriptions(),
            )  # fmt: skip
        except duckdb.Error as error:
            project.refuse_damage(str(error))
            raise
        snapshot = {}
        if settings.ducklake is not None:
            from pipelines.storage.ducklake import publish_snapshot  # of the extra `cluster`

            snapshot["n_days_of_tables_written"] = publish_snapshot(settings)
        project.progress.mark_published()
        advance(1)
    if takedowns.pending(project.lake, project.takedowns):
        takedowns.finish(settings, project.lake, project.takedowns, _forget_runs(context))
    return dg.MaterializeResult(
        metadata={
            "publication_id": publication.publication_id,
            "index_seconds": round(publication.index_seconds, 3),
            "path": dg.MetadataValue.path(str(settings.published)),
            "data_docs": dg.MetadataValue.path(str(settings.data_docs_dir / "index.html")),
            "size_bytes": settings.published.stat().st_size,
            "seconds": round(time.monotonic() - started, 3),
            **snapshot,
            **_shown(settings.published, project.progress.last_day()),
        }
    )


def _file_before(settings: Settings) -> Path:
    """Return the file to compare with: what is published, or where that was cut off, the last one before it.

    A damaged file is removed, so that nothing reads or keeps it. A whole one that we did not publish, as somebody has
    put back an earlier one, is compared with and kept like any other.
    """
    problem = published_problem(settings)
    if problem is None or not settings.published.exists():
        return settings.published
    progress.say(f"warning: {problem}")
    if is_whole(settings.published):
        return settings.published
    settings.published.unlink()
    return max(earlier_files(settings.published), default=settings.published)


def _refuse_loss(context: dg.AssetExecutionContext, project: Project, before: Path) -> None:
    """Publish nothing that lacks what is published now, unless there is a reason or the run was told so."""
    settings = project.settings
    again = [day for day in (project.progress.read_again_from(), *project.days_read_again(context)) if day is not None]
    found = losses(
        before, settings.warehouse, project.takedowns, settings.build_memory,
        days=project.progress.days_to_check(), read_again_from=min(again, default=None),
    )  # fmt: skip
    if found is None:
        progress.say("what is published cannot be compared with what replaces it (another make, or damaged)")
    if not found:
        return
    if not has_tag(context, ACCEPT_LOSS_TAG):
        raise dg.Failure(
            f"what is published would lose {found.in_words()}; no takedown, other parser or other rule says why. "
            "Nothing is published, and the file is as it was. Put back what the lake has lost and run again; or, if it "
            "is lost for good: onrecord run --accept-loss"
        )
    log_accepted(settings.data_dir, utc_now(), context.run_id, found)
    progress.say(f"published without {found.in_words()}: the loss is accepted and logged")


def _shown(published: Path, day: date | None) -> dict[str, dg.MetadataValue | int]:
    """Return what tells at a glance whether a publication looks right; it reads one day of news, whatever there is."""
    with duckdb.connect(published, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        found = con.execute("SELECT count(*) FROM internal.statement_rows").fetchone()
        figures: dict[str, dg.MetadataValue | int] = {"n_statements": int(found[0]) if found else 0}
        if day is None:
            return figures
        warned = con.execute(_WARNED).pl()
        top = con.execute(_TOP_SPEAKERS, [day]).pl()
        sample = con.execute(_SAMPLE, [day]).pl()
    return {
        **figures,
        "n_warnings": warned.height,
        **({"warnings": markdown(warned)} if warned.height else {}),
        f"top speakers of {day}": markdown(top),
        f"some statements of {day}": markdown(sample),
    }


def _reprocessing(project: Project, before: Path) -> pl.DataFrame:
    """Return what reading again has changed in what was published before, after telling it."""
    settings = project.settings
    frame = reprocessing(before, settings.warehouse, project.progress.days_to_check(), settings.build_memory)
    for line in in_words(frame):
        progress.say(line)
    return frame


def _forget_runs(context: dg.AssetExecutionContext) -> list[str]:
    """Remove Dagster's records of the other runs that failed or published, and return these runs.

    Only these quote a text: the rows that broke a check, what a step stumbled over, some statements of a publication.
    """
    check, made = dg.DagsterEventType.ASSET_CHECK_EVALUATION, dg.DagsterEventType.ASSET_MATERIALIZATION
    forgotten = []
    for record in context.instance.get_run_records():
        run = record.dagster_run
        if run.run_id == context.run_id:
            continue
        events = context.instance.get_records_for_run(run.run_id, of_type=check).records
        found = [e.event_log_entry.get_dagster_event().asset_check_evaluation_data for e in events]
        events = context.instance.get_records_for_run(run.run_id, of_type=made).records
        has_published = any(e.event_log_entry.get_dagster_event().asset_key == PUBLISHED for e in events)
        if has_published or run.status != dg.DagsterRunStatus.SUCCESS or not all(c.passed for c in found):
            context.instance.delete_run(run.run_id)
            forgotten.append(run.run_id)
    return forgotten
