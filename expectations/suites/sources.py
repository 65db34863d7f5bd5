"""Sources: does each still deliver what it did, judged by its own past. These warn.

Covers a source's day against its days before, by ops.source_rates. For shares that are too large whatever they were
before, see rates; for all news together, see drift; for outlets, see outlets; for what is chance, see shares.
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows
from expectations.suites.shares import DAYS_BEFORE, REASON, beside_its_past, jumps

HABIT_DAYS = 90
"""2026-11-23: a quarter shows also the rhythm of a source that comes monthly."""
MIN_DELIVERIES = 5
"""2026-11-23: four gaps are the least from which a longest one means something."""
SILENCE_FACTOR, SILENCE_DAYS = 2, 2
"""2026-11-23: twice the longest gap so far, and two days more: a holiday is no silence."""

EMPTY_FIELDS = {"date": "n_no_date", "author": "n_no_author", "headline": "n_no_headline", "URL": "n_no_url"}
"""What may be missing, and how many of the parsed records lack it."""


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    return (_refusals(), _empty_fields(), _silence())


def _refusals() -> CheckSpec:
    counts = (
        "SELECT source_name, ingest_date, 'refused' AS what, n_quarantined AS k, n_new AS n FROM ops.source_rates "
        f"WHERE @window(ingest_date, {DAYS_BEFORE})"
    )
    return _jump(
        "source_refusals_jump", "no source has a jump in what is refused of it", counts,
        "a changed format or a block page shows here first",
    )  # fmt: skip


def _empty_fields() -> CheckSpec:
    counts = " UNION ALL ".join(
        f"SELECT source_name, ingest_date, 'no {name}' AS what, {column} AS k, n_parsed AS n FROM ops.source_rates "
        f"WHERE @window(ingest_date, {DAYS_BEFORE})"
        for name, column in EMPTY_FIELDS.items()
    )
    return _jump(
        "source_fields_jump", "no source has a jump in articles without date, author, headline or URL", counts,
        "a new page layout loses a field long before it loses the text",
    )  # fmt: skip


def _jump(name: str, claim: str, counts: str, why: str) -> CheckSpec:
    """Return the check that no share of a source on a day of the run lies above that of the days before it."""
    return CheckSpec(
        name, "ops.source_rates", "warn", claim, f"{REASON}; {why}.",
        beside_its_past("source_name", counts), jumps("source_name"), ("source_name", "ingest_date", "what"),
        reads_views=True,
    )  # fmt: skip


def _silence() -> CheckSpec:
    """Return the check that no source is silent for longer than its habit, whatever the days of the run are."""
    batch = (
        "SELECT source_name, count(*) AS n_days, max(ingest_date) AS last_new_on, max(gap) AS longest_gap FROM ("
        "SELECT source_name, ingest_date, "
        "ingest_date - lag(ingest_date) OVER (PARTITION BY source_name ORDER BY ingest_date) AS gap "
        f"FROM ops.source_rates WHERE n_new > 0 AND ingest_date BETWEEN @today - {HABIT_DAYS} AND @today) AS s "
        "GROUP BY source_name"
    )
    return CheckSpec(
        "sources_are_not_silent", "ops.source_rates", "warn",
        "every source brings something new at least as often as it used to",
        f"2026-11-23: silent is more than {SILENCE_FACTOR} times the longest gap of the last {HABIT_DAYS} days, and "
        f"{SILENCE_DAYS} days more, of a source with something new on {MIN_DELIVERIES} days of them or more.",
        batch,
        Rows("SELECT source_name, last_new_on AS ingest_date, longest_gap AS was_days, "
             f"@today - last_new_on AS now_days FROM b WHERE n_days >= {MIN_DELIVERIES} "
             f"AND @today - last_new_on > {SILENCE_FACTOR} * longest_gap + {SILENCE_DAYS}"),
        ("source_name",), reads_views=True,
    )  # fmt: skip
