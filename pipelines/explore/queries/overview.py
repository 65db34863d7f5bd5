"""What the first page asks, and what every page asks.

Covers totals, the publication, lists of outlets and speakers to choose from. It does not cover a page of its own (the
other modules).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines.explore.file import Ask, Row
from pipelines.storage.search import Query, conditions

STATEMENT_COLUMNS = """statement_id, version_id, article_id, outlet_id, outlet, on_date, speaker_actor_id, speaker,
    cue_text, cue_class, content_text, headline, url, attribution_method, attribution_confidence, span_confidence,
    statement_type, source_kind, polarity, section, tier, excluded_reason"""


def publication(ask: Ask) -> Row:
    """Return the publication's row."""
    return ask.one("FROM ops.publication") or {}


def totals(ask: Ask) -> Row:
    """Return how much there is."""
    return ask("""
SELECT (SELECT count(*) FROM core.articles) AS articles,
    (SELECT count(*) FROM core.outlets) AS outlets,
    (SELECT count(*) FROM mart.statements_counted WHERE is_counted) AS statements,
    (SELECT count(*) FROM mart.speaker_counts) AS speakers,
    (SELECT count(*) FROM mart.quote_reuse WHERE n_outlets > 1) AS shared_quotes,
    (SELECT min(published_on) FROM core.article_versions) AS first_on,
    (SELECT max(published_on) FROM core.article_versions) AS last_on""")[0]


def outlets(ask: Ask) -> list[Row]:
    """Return the outlets by name, to choose from."""
    return ask("SELECT outlet_id, name, domain FROM core.outlets ORDER BY name, outlet_id")


def top_speakers(ask: Ask, limit: int) -> list[Row]:
    """Return who is quoted most."""
    return ask(
        """
SELECT speaker_actor_id AS actor_id, speaker, speaker_type, n_statements, n_with_quotes, n_outlets
FROM mart.speaker_counts WHERE n_statements > 0
ORDER BY n_statements DESC, speaker, speaker_actor_id LIMIT $limit""", limit=limit,
    )  # fmt: skip


def latest_statements(ask: Ask, limit: int) -> list[Row]:
    """Return the most recent statements with a known speaker that count."""
    return ask(
        f"""
SELECT {STATEMENT_COLUMNS}
FROM mart.statements_counted
WHERE is_counted AND speaker_actor_id IS NOT NULL AND on_date <= coalesce(published_on, on_date)
ORDER BY on_date DESC NULLS LAST, published_at DESC NULLS LAST, version_id, sentence_no, statement_id
LIMIT $limit""", limit=limit,
    )  # fmt: skip


def find_actors(ask: Ask, text: str, limit: int) -> list[Row]:
    """Return actors whose name or alias holds a text, the most quoted first; all actors for no text."""
    return actors(ask, Query(text), None, limit, 0)


def actors(ask: Ask, query: Query, kind: str | None, limit: int, offset: int) -> list[Row]:
    """Return a page of actors; `total` is how many there are in all.

    Args:
        ask: The file.
        query: Part of a name or alias; with more conditions, those who said something that meets them, and how often.
        kind: person, org, ...; None: all.
        limit: Rows of a page.
        offset: Rows before it.
    """
    where, values = conditions(replace(query, speaker=None), "statement_id")
    sql = _ACTORS.format(
        counts=_COUNTED.format(where=" AND ".join(where)) if where else "FROM mart.speaker_counts",
        side="" if where else "LEFT ",
    )
    return ask(sql, text=query.text, limit=limit, offset=offset, kind=kind, **values)


def choices(ask: Ask) -> dict[str, list[Any]]:
    """Return what forms let one choose from: outlets, parts of an article, kinds of speech acts."""
    found = ask("SELECT DISTINCT section, cue_class FROM core.statements")
    return {
        "outlets": outlets(ask),
        "sections": sorted({row["section"] for row in found if row["section"]}),
        "cue_classes": sorted({row["cue_class"] for row in found if row["cue_class"]}),
    }


def actor_kinds(ask: Ask) -> list[str]:
    """Return the kinds of actors in the file."""
    return [row["actor_type"] for row in ask("SELECT DISTINCT actor_type FROM core.actors ORDER BY 1")]


# As mart.speaker_counts, of some statements.
_COUNTED = """
    SELECT speaker_actor_id, count(*) FILTER (is_counted) AS n_statements,
        count(*) FILTER (is_counted AND statement_id IN (SELECT statement_id FROM internal.statement_quotes))
            AS n_with_quotes,
        count(DISTINCT article_id) FILTER (is_counted) AS n_articles,
        count(DISTINCT outlet_id) FILTER (is_counted) AS n_outlets,
        min(on_date) FILTER (is_counted) AS first_on, max(on_date) FILTER (is_counted) AS last_on
    FROM mart.statements_counted WHERE {where} GROUP BY speaker_actor_id"""

_ACTORS = """
WITH named AS (
    SELECT actor_id FROM core.actors
    WHERE contains(lower(strip_accents(canonical_name)), lower(strip_accents($text)))
    UNION
    SELECT actor_id FROM core.actor_aliases
    WHERE alias_kind <> 'role' AND contains(lower(strip_accents(alias)), lower(strip_accents($text)))
),
counts AS ({counts})
SELECT count(*) OVER () AS total, a.actor_id, a.canonical_name, a.actor_type, a.country_code, a.status,
    coalesce(c.n_statements, 0) AS n_statements, coalesce(c.n_with_quotes, 0) AS n_with_quotes,
    coalesce(c.n_articles, 0) AS n_articles, coalesce(c.n_outlets, 0) AS n_outlets, c.first_on, c.last_on
FROM core.actors a
JOIN named USING (actor_id)
{side}JOIN counts c ON c.speaker_actor_id = a.actor_id
WHERE a.merged_into IS NULL AND ($kind IS NULL OR a.actor_type = $kind)
ORDER BY n_statements DESC, a.canonical_name, a.actor_id
LIMIT $limit OFFSET $offset"""
