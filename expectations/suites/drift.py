"""Drift: is the news still coming, and as much of it as before. These warn.

Covers a day against the days before it, and against today. For shares within a day, see rates.
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Recent, Rows

MAX_AGE_DAYS = 2
"""2026-11-22: news comes every day; two days leave room for a weekend source and a failed night."""
DAYS_BEFORE = 7
"""2026-11-22: a whole week, so that each weekday is in the mean once."""
MIN_DAYS_BEFORE = 3
"""2026-11-22: a mean of one or two days may be a Saturday's."""
LOW, HIGH = 0.3, 3.0
"""2026-11-22: weekends bring about half of a weekday; below 0.3 or over 3 times the mean is no weekend."""
LOW_RATE, HIGH_RATE = 0.5, 2.0
"""2026-11-22: statements an article follow the outlets and the model, not the weekday: half or double is a change."""
MIN_ARTICLES = 10
"""2026-11-22: the mean of fewer articles swings twofold by itself."""

_BEFORE = f"n_days_before >= {MIN_DAYS_BEFORE}"


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    return (_freshness(), _articles_per_day(), _statements_per_article())


def _freshness() -> CheckSpec:
    return CheckSpec(
        "articles_are_fresh", "internal.version_facts", "warn",
        f"the latest article came within {MAX_AGE_DAYS} days of today",
        f"2026-11-22: news comes every day; {MAX_AGE_DAYS} days leave room for a weekend source and a failed night.",
        "SELECT max(ingest_date) AS ingest_date FROM internal.version_facts",
        Recent("ingest_date", MAX_AGE_DAYS), ("ingest_date",),
    )  # fmt: skip


def _articles_per_day() -> CheckSpec:
    """Return the check on the number of articles; a day that is not over can only be too full."""
    per_day = (
        "SELECT ingest_date AS day, count(DISTINCT article_id) AS n FROM internal.version_facts "
        f"WHERE @window(ingest_date, {DAYS_BEFORE}) GROUP BY ingest_date"
    )
    return CheckSpec(
        "articles_per_day", "internal.version_facts", "warn",
        f"a day brings between {LOW:g} and {HIGH:g} times the articles of the {DAYS_BEFORE} days before",
        "2026-11-22: weekends bring about half of a weekday; less than 0.3 or more than 3 times is no weekend. "
        f"Judged from {MIN_DAYS_BEFORE} earlier days on.",
        _against_days_before(per_day, "n_articles"),
        Rows("SELECT ingest_date, n_articles, round(mean_before, 1) AS mean_before, n_days_before FROM b "
             f"WHERE {_BEFORE} AND (coalesce(n_articles, 0) > {HIGH} * mean_before "
             f"OR (coalesce(n_articles, 0) < {LOW} * mean_before AND ingest_date < @today))"),
        ("ingest_date",),
    )  # fmt: skip


def _statements_per_article() -> CheckSpec:
    """Return the check on what is found in an article: a model or a parser that broke shows here."""
    per_day = (
        "SELECT v.day, CASE WHEN v.n >= " + str(MIN_ARTICLES) + " THEN coalesce(s.n, 0) / v.n END AS n FROM "
        "(SELECT ingest_date AS day, count(*) AS n FROM internal.version_facts "
        f"WHERE @window(ingest_date, {DAYS_BEFORE}) GROUP BY ingest_date) AS v LEFT JOIN "
        "(SELECT ingest_date AS day, count(*) AS n FROM internal.statement_facts "
        f"WHERE @window(ingest_date, {DAYS_BEFORE}) GROUP BY ingest_date) AS s ON s.day = v.day"
    )
    return CheckSpec(
        "statements_per_article", "internal.statement_facts", "warn",
        f"an article has between {LOW_RATE:g} and {HIGH_RATE:g} times the statements of the {DAYS_BEFORE} days before",
        "2026-11-22: the number follows the outlets and the model, not the weekday, so half or double is a change. "
        f"Judged from {MIN_DAYS_BEFORE} earlier days and {MIN_ARTICLES} articles a day on.",
        _against_days_before(per_day, "per_article"),
        Rows("SELECT ingest_date, round(per_article, 2) AS per_article, round(mean_before, 2) AS mean_before, "
             f"n_days_before FROM b WHERE {_BEFORE} "
             f"AND (per_article > {HIGH_RATE} * mean_before OR per_article < {LOW_RATE} * mean_before)"),
        ("ingest_date",),
    )  # fmt: skip


def _against_days_before(per_day: str, name: str) -> str:
    """Return a batch of one row per day of the run: its number, and the mean of the days before it."""
    return (
        f"SELECT d.day AS ingest_date, max(n.n) FILTER (WHERE n.day = d.day) AS {name}, "
        "avg(n.n) FILTER (WHERE n.day < d.day) AS mean_before, "
        "count(n.n) FILTER (WHERE n.day < d.day) AS n_days_before "
        f"FROM @day_list LEFT JOIN ({per_day}) AS n ON n.day BETWEEN d.day - {DAYS_BEFORE} AND d.day GROUP BY d.day"
    )
