"""Outlets: is what is found in the articles of each what it used to be, judged by its own past. These warn.

Covers an outlet's day against its days before. For all news together, see drift; for what a source delivers, see
sources; for what is chance, see shares.
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows
from expectations.suites.shares import DAYS_BEFORE, MIN_NEW, MIN_PAST, REASON, beside_its_past, jumps

LOW_RATE, HIGH_RATE = 0.5, 2.0
"""2026-11-28: an outlet keeps to its forms of news; half or double the statements an article is a change of its pages,
or of what we make of them."""

_PER_ARTICLE = "statements per article"


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module: they look at one batch, which is computed once."""
    return (
        _jump("outlet_dates_jump", "no date",
              "no outlet has a jump in articles without a day of publication", "a new page layout loses it first"),
        _jump("outlet_unresolved_jump", "unresolved",
              "no outlet has a jump in statements whose source is in the text but was not found",
              "a new way to name speakers, or a change of the model, shows here first"),
        CheckSpec(
            "outlet_statements_per_article", "core.outlets", "warn",
            f"an article of an outlet has between {LOW_RATE:g} and {HIGH_RATE:g} times the statements that it had",
            f"2026-11-28: against the {DAYS_BEFORE} days before, from {MIN_NEW} articles now and {MIN_PAST} before on: "
            "an outlet keeps to its forms of news, so half or double is a change of its pages or of our reading.",
            _batch(),
            Rows("SELECT outlet_id, outlet, ingest_date, round(k_was / n_was, 2) AS was, "
                 "round(k_now / n_now, 2) AS now, n_was, n_now FROM b "
                 f"WHERE what = '{_PER_ARTICLE}' AND n_now >= {MIN_NEW} AND n_was >= {MIN_PAST} "
                 f"AND (k_now / n_now > {HIGH_RATE} * k_was / n_was OR k_now / n_now < {LOW_RATE} * k_was / n_was)"),
            ("outlet_id", "ingest_date"), reads_views=True,
        ),
    )  # fmt: skip


def _jump(name: str, what: str, claim: str, why: str) -> CheckSpec:
    return CheckSpec(
        name, "core.outlets", "warn", claim, f"{REASON}; {why}.", _batch(),
        jumps("outlet_id, outlet", f"what = '{what}'"), ("outlet_id", "ingest_date"), reads_views=True,
    )  # fmt: skip


def _batch() -> str:
    """Return the shares of each outlet beside its past.

    Facts only: which actor an entity is may change with later news, and would be read for all entities there are.
    """
    window = f"@window(ingest_date, {DAYS_BEFORE})"
    articles = (
        "SELECT outlet_id, ingest_date, count(*) AS n_articles, "
        "count(*) FILTER (WHERE published_on IS NULL) AS n_no_date "
        f"FROM internal.version_facts WHERE {window} GROUP BY ALL"
    )
    statements = (
        "SELECT v.outlet_id, s.ingest_date, count(*) AS n_statements, "
        "count(*) FILTER (WHERE s.source_kind <> 'unattributed') AS n_sourced, "
        "count(*) FILTER (WHERE s.source_kind <> 'unattributed' AND s.speaker_entity_id IS NULL) AS n_unresolved "
        "FROM (SELECT ingest_date, version_id, source_kind, speaker_entity_id "
        f"FROM internal.statement_facts WHERE {window}) AS s "
        f"JOIN (SELECT version_id, ingest_date, outlet_id FROM internal.version_facts WHERE {window}) AS v "
        "ON v.version_id = s.version_id AND v.ingest_date = s.ingest_date GROUP BY ALL"
    )
    counts = (
        "SELECT a.outlet_id, a.ingest_date, unnest("
        "[struct_pack(what := 'no date', k := a.n_no_date, n := a.n_articles), "
        "struct_pack(what := 'unresolved', k := coalesce(s.n_unresolved, 0), n := coalesce(s.n_sourced, 0)), "
        f"struct_pack(what := '{_PER_ARTICLE}', k := coalesce(s.n_statements, 0), n := a.n_articles)], "
        "recursive := true) "
        f"FROM ({articles}) AS a LEFT JOIN ({statements}) AS s "
        "ON s.outlet_id = a.outlet_id AND s.ingest_date = a.ingest_date"
    )
    return (
        "SELECT o.name AS outlet, s.* "
        f"FROM ({beside_its_past('outlet_id', counts)}) AS s JOIN core.outlets AS o ON o.outlet_id = s.outlet_id"
    )
