"""What the page about the pipeline asks.

Covers coverage, refusals, checks, runs, changes. It does not cover Dagster's own records (`onrecord ui`).
"""

from __future__ import annotations

from pipelines.explore.file import Ask, Row


def coverage(ask: Ask) -> list[Row]:
    """Return articles by ingest day and outlet, the latest day first."""
    return ask("FROM mart.pipeline_coverage ORDER BY ingest_date DESC, outlet, outlet_id LIMIT 500")


def outcomes(ask: Ask) -> list[Row]:
    """Return what became of the records that were met."""
    return ask(
        "SELECT coalesce(outcome, 'waiting') AS outcome, count(*) AS n FROM ops.sightings GROUP BY 1 ORDER BY 2 DESC, 1"
    )


def refusal_rules(ask: Ask) -> list[Row]:
    """Return how often each rule refused something."""
    return ask("""
SELECT stage, rule, severity, count(*) AS n FROM ops.quarantine
GROUP BY ALL ORDER BY n DESC, stage, rule, severity""")


def refusals(ask: Ask, limit: int) -> list[Row]:
    """Return what was refused, the latest first."""
    return ask(
        """
SELECT ingest_date, source_uri, record_no, stage, rule, severity, detail FROM ops.quarantine
ORDER BY ingest_date DESC, source_uri, record_no, quarantine_id LIMIT $limit""", limit=limit,
    )  # fmt: skip


def checks(ask: Ask) -> list[Row]:
    """Return the checks of the publication, those that failed first."""
    return ask("""
SELECT check_name, table_name, passed, severity, n_checked, n_failed, detail, checked_at FROM ops.check_results
ORDER BY passed, severity, check_name, table_name""")


def runs(ask: Ask, limit: int) -> list[Row]:
    """Return the last runs and the records that each met."""
    return ask(
        """
SELECT run_id, min(started_at) AS started_at, min(ingest_date) AS first_day, max(ingest_date) AS last_day,
    sum(n_seen)::BIGINT AS n_seen, count(*) AS n_batches, any_value(code_version) AS code_version
FROM ops.pipeline_runs GROUP BY run_id ORDER BY started_at DESC, run_id LIMIT $limit""", limit=limit,
    )  # fmt: skip


def changes(ask: Ask) -> list[Row]:
    """Return how much changed in who is who since the publication before."""
    return ask("SELECT change, count(*) AS n FROM ops.changes GROUP BY change ORDER BY n DESC, change")


def corrections(ask: Ask) -> list[Row]:
    """Return the human corrections, in the order in which they are applied."""
    return ask(
        "SELECT override_no, action, anchor, value, reason, made_by, made_at, is_orphan, n_affected "
        "FROM ops.overrides ORDER BY override_no"
    )
