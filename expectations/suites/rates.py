"""Rates: how much is unknown or refused. They warn; a bad day of news is not a broken pipeline.

Covers shares of the rows of the run's days. For comparison with earlier days, see drift.
"""

from __future__ import annotations

from expectations.spec import CheckSpec, NotNull, Rows

MAX_NO_DAY, MAX_NO_HEADLINE, MAX_NO_SPEAKER, MAX_UNATTRIBUTED, MAX_REFUSED = 0.20, 0.20, 0.50, 0.40, 0.20
"""Largest shares that pass. Each check gives the reason for its own; all are starting values of 2026-11-22."""
AT_LEAST = 20
"""2026-11-22: one row moves the share of fewer rows by more than 5 points, so they are not judged."""
MIN_MET = 10
"""2026-11-22: as AT_LEAST, but lower: refusals are rare, so three of ten are no accident."""


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    versions = "FROM core.article_versions WHERE @days(ingest_date)"
    return (
        CheckSpec("versions_have_publication_day", "core.article_versions", "warn",
                  "the day of publication is known",
                  _reason(MAX_NO_DAY, "dates are found on 95 % of 78 publisher pages, plain text has fewer"),
                  f"SELECT version_id, article_id, left(headline, 60) AS headline, published_on {versions}",
                  NotNull("published_on", MAX_NO_DAY, AT_LEAST), ("version_id",)),
        CheckSpec("versions_have_headline", "core.article_versions", "warn",
                  "the headline is known",
                  _reason(MAX_NO_HEADLINE, "the right title is found on 87 % of 78 publisher pages"),
                  f"SELECT version_id, article_id, left(text, 60) AS begins, headline {versions}",
                  NotNull("headline", MAX_NO_HEADLINE, AT_LEAST), ("version_id",)),
        CheckSpec("statements_have_speaker", "core.statements", "warn",
                  "the speaker is known",
                  _reason(MAX_NO_SPEAKER, "groups and unnamed sources rightly have no actor, not half of all"),
                  "SELECT statement_id, version_id, source_kind, left(content_text, 60) AS content_text, "
                  "speaker_actor_id FROM core.statements WHERE @days(ingest_date)",
                  NotNull("speaker_actor_id", MAX_NO_SPEAKER, AT_LEAST), ("statement_id",), reads_views=True),
        CheckSpec("quotes_are_attributed", "core.quotes", "warn",
                  "spoken and written words in quotation marks belong to a statement",
                  _reason(MAX_UNATTRIBUTED, "scare quotes, titles and terms quote nobody and are not looked at"),
                  "SELECT quote_id, version_id, left(verbatim, 60) AS verbatim, "
                  "nullif(attribution_method, 'none') AS attribution_method FROM core.quotes "
                  "WHERE quote_kind IN ('speech', 'written') AND @days(ingest_date)",
                  NotNull("attribution_method", MAX_UNATTRIBUTED, AT_LEAST), ("quote_id",)),
        _refusals(),
    )  # fmt: skip


def _refusals() -> CheckSpec:
    """Return the check on the share of records that a source delivers and we refuse."""
    return CheckSpec(
        "refusals_per_source", "ops.sightings", "warn",
        f"no source has more than {MAX_REFUSED:.0%} of its records refused",
        _reason(MAX_REFUSED, f"from {MIN_MET} records on; a working source has next to none, "
                "a changed format or a block page has most"),
        "SELECT source_name, count(*) AS n_met, count(*) FILTER (WHERE outcome = 'quarantined') AS n_refused, "
        "mode(outcome_reason) FILTER (WHERE outcome = 'quarantined') AS most_common_rule "
        "FROM ops.sightings WHERE @days(ingest_date) AND NOT is_unchanged GROUP BY source_name",
        Rows("SELECT source_name, n_met, n_refused, most_common_rule FROM b "
             f"WHERE n_met >= {MIN_MET} AND n_refused > {MAX_REFUSED} * n_met"),
        ("source_name",),
    )  # fmt: skip


def _reason(limit: float, why: str) -> str:
    return f"2026-11-22: {limit:.0%} is a starting value; {why}. To be set again from the first month of real days."
