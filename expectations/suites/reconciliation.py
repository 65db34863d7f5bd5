"""Reconciliation: nothing lost between what was met and what is stored, and between core and marts.

Belongs here: counts and rows of one table against another's. Does not belong here: offsets
(evidence), and references between core tables (dbt tests).
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows
from pipelines.core.tables import OUTCOMES

_NOTHING_LOST = "2026-11-22: invariant 4. One record without a trace is one too many."
_SIGHTINGS = "SELECT * FROM ops.sightings WHERE @days(ingest_date)"


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    return (*_sightings(), _counted_once(), _speaker_counts())


def _sightings() -> tuple[CheckSpec, ...]:
    """Return the checks over records met: each has an outcome, and each outcome left its mark.

    What a sighting leads to may be of an earlier day (known bytes met again), so that side is not
    cut down to the run's days: it is one column of ids.
    """
    outcomes = ", ".join(f"'{outcome}'" for outcome in OUTCOMES)
    with_place = "b.sighting_id, b.batch_id, b.source_name, b.source_uri, b.record_no"
    reconcile = (
        "SELECT batch_id, sighting_id, source_name, source_uri, record_no, n_seen, n_accounted FROM ("
        "SELECT *, count(*) OVER w AS n_seen, "
        f"count(*) FILTER (WHERE outcome IN ({outcomes})) OVER w AS n_accounted "
        "FROM b WINDOW w AS (PARTITION BY batch_id)) AS s "
        f"WHERE (outcome IN ({outcomes})) IS NOT TRUE"
    )
    quarantined = (
        f"SELECT {with_place}, b.outcome_reason FROM b ANTI JOIN ops.quarantine AS q "
        "ON q.entity_id = b.sighting_id AND q.entity = 'record' WHERE b.outcome = 'quarantined'"
    )
    parsed = (
        f"SELECT {with_place}, b.version_id FROM b ANTI JOIN core.version_facts AS v ON v.version_id = b.version_id "
        "WHERE b.outcome = 'parsed'"
    )
    bytes_kept = (
        f"SELECT {with_place}, b.raw_id FROM b ANTI JOIN ops.raw_documents AS r ON r.raw_id = b.raw_id "
        "ANTI JOIN (SELECT raw_id FROM ops.sightings WHERE outcome_reason = 'forgotten') AS f ON f.raw_id = b.raw_id "
        "WHERE b.raw_id IS NOT NULL"
    )
    return tuple(
        CheckSpec(name, "ops.sightings", "block", claim, _NOTHING_LOST, _SIGHTINGS, Rows(fails), ids)
        for name, claim, fails, ids in (
            ("sightings_reconcile", "in every batch, seen = parsed + duplicate + quarantined + ignored",
             reconcile, ("batch_id", "sighting_id")),
            ("quarantined_sightings_are_kept", "every quarantined record has its row in quarantine",
             quarantined, ("sighting_id",)),
            ("parsed_sightings_have_version", "every parsed record has its version", parsed, ("sighting_id",)),
            ("sighting_bytes_are_kept", "the bytes of every record met are kept, unless it was taken down",
             bytes_kept, ("sighting_id",)),
        )
    )  # fmt: skip


def _counted_once() -> CheckSpec:
    """Return the check that a day's statements reach the mart once if current, and else not at all."""
    batch = (
        "SELECT coalesce(f.statement_id, m.statement_id) AS statement_id, f.version_id, s.is_current, "
        "coalesce(m.n, 0) AS n_rows "
        "FROM (SELECT statement_id, version_id FROM core.statement_facts WHERE @days(ingest_date)) AS f "
        "FULL JOIN (SELECT statement_id, count(*) AS n FROM mart.statements_counted "
        "WHERE @days(ingest_date) GROUP BY statement_id) AS m ON m.statement_id = f.statement_id "
        "LEFT JOIN core.version_state AS s ON s.version_id = f.version_id"
    )
    fails = "SELECT * FROM b WHERE n_rows IS DISTINCT FROM CASE WHEN is_current THEN 1 WHEN NOT is_current THEN 0 END"
    return CheckSpec(
        "statements_counted_once", "mart.statements_counted", "block",
        "every statement of a current version is in the mart exactly once, and no other is",
        "2026-11-22: a join that drops or doubles a statement changes every count that is read from the mart.",
        batch, Rows(fails), ("statement_id",), reads_views=True,
    )  # fmt: skip


def _speaker_counts() -> CheckSpec:
    """Return the check that speaker_counts adds up to the counted statements.

    A count has no day, so this reads the whole mart, once on each side, and only in a run over everything.
    """
    batch = (
        "SELECT coalesce(c.speaker_actor_id, m.speaker_actor_id) AS speaker_actor_id, c.speaker, "
        "coalesce(c.n_statements, 0) AS n_statements, coalesce(m.n_counted, 0) AS n_counted, "
        "c.n_excluded, coalesce(m.n_left_out, 0) AS n_left_out "
        "FROM (SELECT speaker_actor_id, any_value(speaker) AS speaker, "
        "CAST(sum(n_statements) AS BIGINT) AS n_statements, CAST(sum(n_excluded) AS BIGINT) AS n_excluded "
        "FROM mart.speaker_counts GROUP BY speaker_actor_id) AS c "
        "FULL JOIN (SELECT speaker_actor_id, count(*) FILTER (WHERE is_counted) AS n_counted, "
        "count(*) FILTER (WHERE NOT is_counted) AS n_left_out FROM mart.statements_counted "
        "WHERE speaker_actor_id IS NOT NULL GROUP BY speaker_actor_id) AS m ON m.speaker_actor_id = c.speaker_actor_id"
    )
    fails = (
        "SELECT * FROM b WHERE n_statements <> n_counted "
        "OR (n_excluded IS DISTINCT FROM n_left_out AND (n_excluded IS NOT NULL OR n_statements <> 0))"
    )
    return CheckSpec(
        "speaker_counts_reconcile", "mart.speaker_counts", "block",
        "the counts by speaker add up to the counted statements with a speaker",
        "2026-11-22: two marts that disagree on one number make both unusable.",
        batch, Rows(fails), ("speaker_actor_id",), reads_views=True, needs_all_days=True,
    )  # fmt: skip
