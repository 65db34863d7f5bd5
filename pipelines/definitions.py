"""Everything that Dagster loads.

Covers putting the parts together. For the parts, see orchestration/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.contracts import tables
from pipelines.orchestration.alerts import failed_checks, failed_runs, watch
from pipelines.orchestration.asset_specs import spec
from pipelines.orchestration.assets.actors import TABLES as ACTOR_TABLES
from pipelines.orchestration.assets.actors import actors
from pipelines.orchestration.assets.article_versions import article_versions
from pipelines.orchestration.assets.entities import entities
from pipelines.orchestration.assets.published import published_asset
from pipelines.orchestration.assets.quote_clusters import TABLES as QUOTE_TABLES
from pipelines.orchestration.assets.quote_clusters import quote_clusters
from pipelines.orchestration.assets.raw_documents import raw_documents
from pipelines.orchestration.assets.statements import statements
from pipelines.orchestration.assets.stories import near_copies, stories
from pipelines.orchestration.assets.warehouse import warehouse_asset
from pipelines.orchestration.checks import great_expectations
from pipelines.orchestration.dbt_call import Dbt
from pipelines.orchestration.housekeeping import vacuum_job, vacuum_weekly
from pipelines.orchestration.project import Project
from pipelines.orchestration.triggers import daily, downstream_sensor, feeds_sensor, inbox_sensor, onrecord_job, weekly
from pipelines.orchestration.weekly import everything_job


def build_defs(*, resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Return the definitions.

    Args:
        resource_overrides: Resources to put in place of the standard ones, by name (for tests).
    """
    warehouse = warehouse_asset()
    made = (*ACTOR_TABLES, *QUOTE_TABLES, "story_groups")
    waiting = [spec("state", t.name, "resolve") for t in tables("state") if t.name not in made]
    return dg.Definitions(
        assets=[
            *dg.with_source_code_references([
                raw_documents, article_versions, near_copies, stories, statements, entities, actors, quote_clusters,
                published_asset(sorted(warehouse.keys)),
            ]),
            *waiting, warehouse,
        ],
        asset_checks=[great_expectations],
        jobs=[onrecord_job, everything_job, vacuum_job],
        schedules=[daily, weekly, vacuum_weekly],
        sensors=[inbox_sensor, feeds_sensor, downstream_sensor, failed_runs, failed_checks, watch],
        resources={"project": Project(), "dbt": Dbt(), **(resource_overrides or {})},
        executor=dg.in_process_executor,
    )  # fmt: skip


defs = build_defs()
