"""Reconciliation: nothing lost between what was met and what is stored, for the days of the run.

Covers counts and rows of one table against another's, by day. For offsets, see evidence; for what adds up over all days
only, see state and marts. It does not cover references between core tables (dbt tests).
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows
from pipelines.contracts.columns import OUTCOMES

_NOTHING_LOST = "2026-11-22: invariant 4. One record without a trace is one too many."
_SIGHTINGS = "SELECT * FROM ops.sightings WHERE @days(ingest_date)"


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    return (
        *_sightings(), _versions_met(), _bytes_met(), _refusals(), _source_rates(), _statements_view(), _entities(),
        _counted_once(),
    )  # fmt: skip


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
        f"SELECT {with_place}, b.version_id FROM b "
        "ANTI JOIN internal.version_facts AS v ON v.version_id = b.version_id WHERE b.outcome = 'parsed'"
    )
    bytes_kept = (
        f"SELECT {with_place}, b.raw_id FROM b ANTI JOIN ops.raw_documents AS r ON r.raw_id = b.raw_id "
        "ANTI JOIN (SELECT raw_id FROM ops.sightings WHERE outcome_reason = 'forgotten') AS f ON f.raw_id = b.raw_id "
        "ANTI JOIN (SELECT entity_id FROM ops.quarantine WHERE rule = 'bytes_lost') AS l "
        "ON l.entity_id = b.sighting_id "
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
            ("sighting_bytes_are_kept",
             "the bytes of every record met are kept, unless it was taken down or their loss was accepted",
             bytes_kept, ("sighting_id",)),
        )
    )  # fmt: skip


def _versions_met() -> CheckSpec:
    return CheckSpec(
        "versions_were_met", "internal.version_facts", "block",
        "every version was brought by a record that was met that day",
        "2026-11-28: invariant 4, from the other side: a text that nobody delivered was made up or left behind.",
        "SELECT version_id, article_id, raw_id, ingest_date FROM internal.version_facts WHERE @days(ingest_date)",
        Rows("SELECT b.* FROM b ANTI JOIN (SELECT version_id FROM ops.sightings WHERE outcome = 'parsed' "
             "AND @days(ingest_date)) AS s ON s.version_id = b.version_id"),
        ("version_id",),
    )  # fmt: skip


def _bytes_met() -> CheckSpec:
    return CheckSpec(
        "raw_documents_were_met", "ops.raw_documents", "block",
        "every stored document is of a record that was met that day",
        "2026-11-28: invariant 4, from the other side: bytes of unknown origin.",
        "SELECT raw_id, batch_id, media_type FROM ops.raw_documents WHERE @days(ingest_date)",
        Rows("SELECT b.* FROM b ANTI JOIN (SELECT raw_id FROM ops.sightings WHERE @days(ingest_date)) AS s "
             "ON s.raw_id = b.raw_id"),
        ("raw_id",),
    )  # fmt: skip


def _refusals() -> CheckSpec:
    return CheckSpec(
        "refused_records_are_refused", "ops.quarantine", "block",
        "every record in quarantine that has not come through was met, and refused",
        "2026-11-28: invariant 4, from the other side: a refusal that is none hides an article that is there.",
        "SELECT quarantine_id, entity_id, source_name, source_uri, record_no, rule FROM ops.quarantine "
        "WHERE entity = 'record' AND resolved_at IS NULL AND @days(ingest_date)",
        Rows("SELECT b.* FROM b ANTI JOIN (SELECT sighting_id FROM ops.sightings WHERE outcome = 'quarantined' "
             "AND @days(ingest_date)) AS s ON s.sighting_id = b.entity_id"),
        ("quarantine_id",),
    )  # fmt: skip


def _source_rates() -> CheckSpec:
    batch = (
        "SELECT source_name, ingest_date, CAST(sum(n_in_rates) AS BIGINT) AS n_in_rates, "
        "CAST(sum(n_met) AS BIGINT) AS n_met, CAST(sum(refused_in_rates) AS BIGINT) AS refused_in_rates, "
        "CAST(sum(refused) AS BIGINT) AS refused FROM ("
        "SELECT source_name, ingest_date, n_seen AS n_in_rates, 0 AS n_met, n_quarantined AS refused_in_rates, "
        "0 AS refused FROM ops.source_rates WHERE @days(ingest_date) UNION ALL "
        "SELECT source_name, ingest_date, 0, 1, 0, "
        "CAST(NOT is_unchanged AND coalesce(outcome, '') = 'quarantined' AS INT) FROM ops.sightings "
        "WHERE @days(ingest_date)) AS r GROUP BY ALL"
    )
    return CheckSpec(
        "source_rates_add_up", "ops.source_rates", "block",
        "the rates of sources count every record that was met, and every refusal",
        "2026-11-28: what warns of a source that broke is computed from these numbers.",
        batch, Rows("SELECT * FROM b WHERE n_in_rates <> n_met OR refused_in_rates <> refused"),
        ("source_name", "ingest_date"), reads_views=True,
    )  # fmt: skip


def _statements_view() -> CheckSpec:
    """Return the check that the view on facts and state has each statement of the days once."""
    return CheckSpec(
        "statements_are_all_there", "core.statements", "block",
        "every statement that was found is in core.statements exactly once",
        "2026-11-28: the view joins facts with who is who; an actor that is there twice would double statements.",
        "SELECT coalesce(f.statement_id, s.statement_id) AS statement_id, f.version_id, coalesce(s.n, 0) AS n_rows "
        "FROM (SELECT statement_id, version_id FROM internal.statement_facts WHERE @days(ingest_date)) AS f "
        "FULL JOIN (SELECT statement_id, count(*) AS n FROM core.statements WHERE @days(ingest_date) "
        "GROUP BY statement_id) AS s ON s.statement_id = f.statement_id",
        Rows("SELECT * FROM b WHERE n_rows <> 1 OR version_id IS NULL"), ("statement_id",), reads_views=True,
    )  # fmt: skip


def _entities() -> CheckSpec:
    return CheckSpec(
        "entities_count_their_mentions", "internal.entities", "block",
        "an entity has as many mentions as are linked to it",
        "2026-11-28: by this number an actor gets its name, and of two with one name the better known is chosen.",
        "SELECT entity_id, version_id, name, n_mentions FROM internal.entities WHERE @days(ingest_date)",
        Rows("SELECT b.*, coalesce(m.n, 0) AS n_linked FROM b LEFT JOIN (SELECT entity_id, count(*) AS n "
             "FROM internal.mention_entities WHERE rank = 1 AND @days(ingest_date) GROUP BY entity_id) AS m "
             "ON m.entity_id = b.entity_id WHERE b.n_mentions <> coalesce(m.n, 0)"),
        ("entity_id",),
    )  # fmt: skip


def _counted_once() -> CheckSpec:
    """Return the check that a day's statements reach the mart once if current, and else not at all."""
    batch = (
        "SELECT coalesce(f.statement_id, m.statement_id) AS statement_id, f.version_id, s.is_current, "
        "coalesce(m.n, 0) AS n_rows "
        "FROM (SELECT statement_id, version_id FROM internal.statement_facts WHERE @days(ingest_date)) AS f "
        "FULL JOIN (SELECT statement_id, count(*) AS n FROM mart.statements_counted "
        "WHERE @days(ingest_date) GROUP BY statement_id) AS m ON m.statement_id = f.statement_id "
        "LEFT JOIN internal.version_state AS s ON s.version_id = f.version_id"
    )
    fails = "SELECT * FROM b WHERE n_rows IS DISTINCT FROM CASE WHEN is_current THEN 1 WHEN NOT is_current THEN 0 END"
    return CheckSpec(
        "statements_counted_once", "mart.statements_counted", "block",
        "every statement of a current version is in the mart exactly once, and no other is",
        "2026-11-22: a join that drops or doubles a statement changes every count that is read from the mart.",
        batch, Rows(fails), ("statement_id",), reads_views=True,
    )  # fmt: skip
