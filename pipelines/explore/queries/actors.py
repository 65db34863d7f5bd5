"""What an actor's page asks.

Covers names, roles, counts, timeline, who speaks about whom, statements of one actor. For lists of actors, see
overview.py.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.explore.file import Ask, Row
from pipelines.explore.queries.overview import STATEMENT_COLUMNS
from pipelines.storage.search import Query, conditions

ALL = Query()


def actor(ask: Ask, actor_id: str) -> Row | None:
    """Return the actor with its counts; merged_into names the actor that it is now, if a correction merged it."""
    return ask.one(
        """
SELECT a.*,
    coalesce(c.n_statements, 0) AS n_statements, coalesce(c.n_with_quotes, 0) AS n_with_quotes,
    coalesce(c.n_articles, 0) AS n_articles, coalesce(c.n_stories, 0) AS n_stories,
    coalesce(c.n_outlets, 0) AS n_outlets, coalesce(c.n_excluded, 0) AS n_excluded,
    c.first_on, c.last_on, c.mean_confidence
FROM core.actors a
LEFT JOIN mart.speaker_counts c ON c.speaker_actor_id = a.actor_id
WHERE a.actor_id = $actor_id""", actor_id=actor_id,
    )  # fmt: skip


def aliases(ask: Ask, actor_id: str) -> list[Row]:
    """Return the names that it goes by, the most frequent first."""
    return ask(
        """
SELECT alias, alias_kind, source, is_ambiguous, n_mentions FROM core.actor_aliases
WHERE actor_id = $actor_id ORDER BY n_mentions DESC, alias, alias_kind""", actor_id=actor_id,
    )  # fmt: skip


def roles(ask: Ask, actor_id: str) -> list[Row]:
    """Return the roles that it was seen in, with their days, the latest first."""
    return ask(
        """
SELECT r.role_title, r.role_class, r.org_actor_id, o.canonical_name AS organisation, r.country_code,
    r.first_seen_on, r.last_seen_on, r.n_articles, r.source
FROM core.actor_roles r
LEFT JOIN core.actors o ON o.actor_id = r.org_actor_id
WHERE r.actor_id = $actor_id
ORDER BY r.last_seen_on DESC NULLS LAST, r.n_articles DESC, r.role_title, r.role_id""", actor_id=actor_id,
    )  # fmt: skip


def timeline(ask: Ask, actor_id: str) -> list[Row]:
    """Return counted statements by day and outlet."""
    return ask(
        """
SELECT on_date AS day, outlet, count(*) AS n FROM mart.actor_timeline
WHERE speaker_actor_id = $actor_id AND is_counted AND on_date IS NOT NULL
GROUP BY on_date, outlet ORDER BY on_date, outlet""", actor_id=actor_id,
    )  # fmt: skip


def speaks_of(ask: Ask, actor_id: str, limit: int) -> list[Row]:
    """Return to and about whom it speaks, with the kinds of speech acts."""
    return _beside(ask, "speaker", "target", actor_id, limit)


def spoken_of_by(ask: Ask, actor_id: str, limit: int) -> list[Row]:
    """Return who speaks to and about it, with the kinds of speech acts."""
    return _beside(ask, "target", "speaker", actor_id, limit)


def _beside(ask: Ask, side: str, other: str, actor_id: str, limit: int) -> list[Row]:
    """Return whom an actor meets on the other side, where it is on one side itself (speaker or target)."""
    return ask(
        f"""
SELECT {other}_actor_id AS actor_id, {other} AS name, sum(n_statements)::BIGINT AS n,
    list_distinct(list(target_kind)).list_sort() AS target_kinds,
    list(DISTINCT cue_class).list_filter(lambda c: c <> 'none').list_sort() AS cue_classes
FROM mart.who_about_whom WHERE {side}_actor_id = $actor_id
GROUP BY ALL ORDER BY n DESC, name, actor_id LIMIT $limit""", actor_id=actor_id, limit=limit,
    )  # fmt: skip


def statements(ask: Ask, actor_id: str, limit: int, offset: int, query: Query = ALL) -> list[Row]:
    """Return a page of its statements, joint ones too, the most recent first; `total` is how many there are."""
    where, values = conditions(replace(query, speaker=None), "statement_id")
    more = "".join(f"\n    AND {condition}" for condition in where)
    return ask(
        f"""
SELECT count(*) OVER () AS total, {STATEMENT_COLUMNS}
FROM mart.statements_counted
WHERE (speaker_actor_id = $actor_id OR statement_id IN (
    SELECT statement_id FROM core.statement_speakers WHERE actor_id = $actor_id AND speaker_rank = 1)){more}
ORDER BY on_date DESC NULLS LAST, published_at DESC NULLS LAST, version_id, sentence_no, statement_id
LIMIT $limit OFFSET $offset""", actor_id=actor_id, limit=limit, offset=offset, **values,
    )  # fmt: skip
