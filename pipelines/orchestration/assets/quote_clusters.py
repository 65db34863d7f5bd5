"""Resolve, the state: which wordings of quotes are one quotation, over all articles.

Covers reading all wordings and replacing the state table. For the rules, see core/copies. A full-state step: its time
grows with all wordings, and is reported.
"""

import time
from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipelines import progress
from pipelines.core.copies.quote_clusters import cluster_wordings
from pipelines.orchestration.asset_specs import results, spec
from pipelines.orchestration.project import Project

TABLES = ("quote_clusters",)
_QUOTED = ("speech", "written")


@dg.multi_asset(specs=[spec("state", name, "resolve", ("lake/quotes",)) for name in TABLES])
def quote_clusters(project: Project) -> Iterator[dg.MaterializeResult]:
    """Bring near wordings together: a pure function of all wordings."""
    started = time.monotonic()
    said = project.lake.scan("quotes").filter(pl.col("quote_kind").is_in(_QUOTED))
    with progress.stage("quotes", None, "near wordings") as advance, project.lake.naming_damage():
        clusters = cluster_wordings(said.select("canonical_quote_id", "text_norm"))
        advance(clusters.height)
    project.lake.write_state("quote_clusters", clusters)
    yield from results(
        "state", {"quote_clusters": clusters.height}, full_state_seconds=round(time.monotonic() - started, 3)
    )
