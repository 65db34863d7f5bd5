"""Publish: the warehouse that passed becomes the file that analysts read.

Belongs here: what goes along, and when. Does not belong here: how (io/publish).
"""

from collections.abc import Sequence

import dagster as dg
import duckdb

import pipelines
from pipelines.defs.check_results import stored
from pipelines.defs.lake_assets import OWNERS
from pipelines.defs.project import Project, utc_now
from pipelines.io import progress
from pipelines.io.how import Register
from pipelines.io.publish import changes_since, how_frames, publish


def published_asset(deps: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the asset of the published file, which follows every relation of the warehouse."""

    @dg.asset(
        key=["published", "onrecord"], deps=deps, group_name="publish", owners=OWNERS, kinds={"duckdb"},
        description="The file that analysts read: swapped in whole after every blocking check has passed.",
    )  # fmt: skip
    def published(project: Project) -> dg.MaterializeResult:
        return publish_warehouse(project)

    return published


def publish_warehouse(project: Project) -> dg.MaterializeResult:
    """Publish, and record that everything built is published."""
    settings = project.settings
    refusal = project.progress.why_not_publish()
    if refusal is not None:
        raise dg.Failure(refusal)
    with progress.stage("publish", 1, "file") as advance:
        try:
            publication_id = publish(
                settings.warehouse, settings.published, settings.exports_dir,
                ops={
                    "pipeline_runs": project.lake.read("pipeline_runs"),
                    "check_results": stored(settings),
                    "overrides": project.lake.read_state("overrides"),
                    "changes": changes_since(settings.published, settings.warehouse),
                    **how_frames(settings.warehouse, Register(project.lake.root)),
                },
                now=utc_now(), code_version=pipelines.__version__, keep_exports=settings.keep_exports,
            )  # fmt: skip
        except duckdb.Error as error:
            project.refuse_damage(str(error))
            raise
        project.progress.mark_published()
        advance(1)
    with duckdb.connect(settings.published, read_only=True) as con:
        row = con.execute("SELECT count(*) FROM core.statements").fetchone() or (0,)
    return dg.MaterializeResult(
        metadata={
            "publication_id": publication_id,
            "path": dg.MetadataValue.path(str(settings.published)),
            "size_bytes": settings.published.stat().st_size,
            "n_statements": int(row[0]),
        }
    )
