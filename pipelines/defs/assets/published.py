"""Publish: the warehouse that passed becomes the file that analysts read.

Belongs here: what goes along, and when. Does not belong here: how (io/publish).
"""

from collections.abc import Sequence

import dagster as dg
import duckdb
import polars as pl

import pipelines
from pipelines.defs.check_results import stored
from pipelines.defs.lake_assets import OWNERS
from pipelines.defs.project import Project, utc_now
from pipelines.io import progress, takedowns
from pipelines.io.how import Register
from pipelines.io.publish import changes_since, how_frames, publish
from pipelines.io.reprocessing import in_words, reprocessing


def published_asset(deps: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the asset of the published file, which follows every relation of the warehouse."""

    @dg.asset(
        key=["published", "onrecord"], deps=deps, group_name="publish", owners=OWNERS, kinds={"duckdb"},
        description="The file that analysts read: swapped in whole after every blocking check has passed.",
    )  # fmt: skip
    def published(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
        return publish_warehouse(context, project)

    return published


def publish_warehouse(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
    """Publish, and record that everything built is published."""
    settings = project.settings
    refusal = project.progress.why_not_publish()
    if refusal is not None:
        raise dg.Failure(refusal)
    with progress.stage("publish", 1, "file") as advance:
        try:
            publication = publish(
                settings.warehouse, settings.published,
                ops={
                    "pipeline_runs": project.lake.read("pipeline_runs"),
                    "check_results": stored(settings),
                    "overrides": project.lake.read_state("overrides"),
                    "changes": changes_since(settings.published, settings.warehouse, settings.build_memory),
                    "reprocessing": _reprocessing(project),
                    "takedowns": takedowns.frame(project.takedowns),
                    **how_frames(settings.warehouse, Register(project.lake.root)),
                },
                now=utc_now(), code_version=pipelines.__version__,
                keep_earlier=settings.keep_published, memory=settings.build_memory,
            )  # fmt: skip
        except duckdb.Error as error:
            project.refuse_damage(str(error))
            raise
        project.progress.mark_published()
        advance(1)
    if takedowns.pending(project.lake, project.takedowns):
        takedowns.finish(settings, project.lake, project.takedowns, _forget_runs(context))
    with duckdb.connect(settings.published, read_only=True) as con:
        row = con.execute("SELECT count(*) FROM core.statements").fetchone() or (0,)
    return dg.MaterializeResult(
        metadata={
            "publication_id": publication.publication_id,
            "index_seconds": round(publication.index_seconds, 3),
            "path": dg.MetadataValue.path(str(settings.published)),
            "size_bytes": settings.published.stat().st_size,
            "n_statements": int(row[0]),
        }
    )


def _reprocessing(project: Project) -> pl.DataFrame:
    """Return what reading again has changed in what was published before, after telling it."""
    settings = project.settings
    frame = reprocessing(
        settings.published, settings.warehouse, project.progress.days_to_check(), settings.build_memory
    )
    for line in in_words(frame):
        progress.say(line)
    return frame


def _forget_runs(context: dg.AssetExecutionContext) -> list[str]:
    """Remove Dagster's records of the other runs in which something failed, and return these runs.

    Only a failure quotes a text: the rows that broke a check, what a step stumbled over.
    """
    check = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    forgotten = []
    for record in context.instance.get_run_records():
        run = record.dagster_run
        if run.run_id == context.run_id:
            continue
        events = context.instance.get_records_for_run(run.run_id, of_type=check).records
        found = [e.event_log_entry.get_dagster_event().asset_check_evaluation_data for e in events]
        if run.status != dg.DagsterRunStatus.SUCCESS or not all(c.passed for c in found):
            context.instance.delete_run(run.run_id)
            forgotten.append(run.run_id)
    return forgotten
