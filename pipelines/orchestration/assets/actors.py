"""Resolve, the state: which actor each entity is, over all articles.

Covers reading all entities and replacing the state tables. For the rules, see core/identity. A full-state step: its
time grows with all entities, and is reported.
"""

import time
from collections.abc import Iterator

import dagster as dg

from pipelines import progress
from pipelines.compute.worker import assign_all
from pipelines.orchestration.asset_specs import results, spec
from pipelines.orchestration.project import Project

TABLES = ("entity_actors", "actors", "actor_aliases", "actor_roles", "statement_overrides", "overrides")
_DEPS = ("lake/article_versions", "lake/entities", "lake/mention_entities", "lake/mentions", "lake/statements")


@dg.multi_asset(specs=[spec("state", name, "resolve", _DEPS) for name in TABLES])
def actors(project: Project) -> Iterator[dg.MaterializeResult]:
    """Assign every entity to an actor: a pure function of all entities, the reference data and the corrections."""
    started = time.monotonic()
    with progress.stage("actors", None, "entities") as advance:
        state = assign_all(project.lake)
        advance(state.entity_actors.height)
    for name in TABLES:
        project.lake.write_state(name, getattr(state, name))
    counts = {name: getattr(state, name).height for name in TABLES}
    orphans = int(state.overrides["is_orphan"].sum())
    yield from results(
        "state", counts, full_state_seconds=round(time.monotonic() - started, 3), n_orphan_corrections=orphans
    )
