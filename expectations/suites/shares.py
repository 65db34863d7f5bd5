"""How a number of today is compared with its own past, so that chance does not warn.

Covers the SQL of the comparison. For what is compared, see sources and outlets.

Shares are compared by Wilson's interval for a binomial proportion (E. B. Wilson, 1927): a share has jumped if all that
is likely for the day lies above all that is likely for the days before. So a handful of records is never a jump.
"""

from __future__ import annotations

from expectations.spec import Rows

DAYS_BEFORE = 28
"""2026-11-23: four weeks, so that each weekday is in the past four times."""
Z = 2.58
"""2026-11-23: 99 % on either side. Some ten sources with five shares each are judged every day: with 95 % one of these
50 would warn of nothing more than once a week."""
MIN_NEW, MIN_PAST = 10, 30
"""2026-11-23: fewer now, or in all four weeks, say nothing; their intervals are wide anyway."""
MIN_RISE = 0.05
"""2026-11-23: with thousands of records half a percent is surely more than before, and nobody would act on it."""
REASON = (
    f"2026-11-23: against the {DAYS_BEFORE} days before, by Wilson's interval with z = {Z}, from {MIN_NEW} now and "
    f"{MIN_PAST} before on, and a rise of {MIN_RISE:.0%}"
)


def beside_its_past(who: str, counts: str) -> str:
    """Return a batch of one row per day of the run, subject and share: k of n on the day and in the days before.

    Args:
        who: Columns that name a subject, joined by commas.
        counts: SELECT of who, ingest_date, what, k, n over the days of the run and the DAYS_BEFORE days before.
    """
    columns = [name.strip() for name in who.split(",")]
    same = " AND ".join(f"p.{name} = t.{name}" for name in columns)
    return (
        f"SELECT {', '.join(f't.{name}' for name in columns)}, t.ingest_date, t.what, t.k AS k_now, t.n AS n_now, "
        "coalesce(sum(p.k), 0) AS k_was, coalesce(sum(p.n), 0) AS n_was "
        f"FROM @day_list JOIN ({counts}) AS t ON t.ingest_date = d.day LEFT JOIN ({counts}) AS p "
        f"ON {same} AND p.what = t.what AND p.ingest_date BETWEEN d.day - {DAYS_BEFORE} AND d.day - 1 GROUP BY ALL"
    )


def jumps(who: str, where: str = "TRUE") -> Rows:
    """Return the rule that no share of such a batch has jumped above its past."""
    return Rows(
        f"SELECT {who}, ingest_date, what, round(k_was / n_was, 3) AS was, round(k_now / n_now, 3) AS now, "
        f"n_was, n_now FROM b WHERE {where} AND n_now >= {MIN_NEW} AND n_was >= {MIN_PAST} "
        f"AND k_now / n_now - k_was / n_was >= {MIN_RISE} "
        f"AND {_wilson('k_now', 'n_now', '-')} > {_wilson('k_was', 'n_was', '+')}"
    )


def _wilson(k: str, n: str, side: str) -> str:
    """Return the lower (-) or upper (+) bound of a share as SQL; n is not 0."""
    z2 = Z * Z
    spread = f"{Z} * sqrt({k} * ({n} - {k}) / {n} + {z2 / 4})"
    return f"(({k} + {z2 / 2} {side} {spread}) / ({n} + {z2}))"
