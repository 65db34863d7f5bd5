"""What the pages about outlets ask: who gets quoted where, and how much has no known speaker.

Covers sourcing of one outlet and of all. For lists of articles, see articles.py.
"""

from __future__ import annotations

from pipelines.explore.file import Ask, Row


def sourcing(ask: Ask) -> list[Row]:
    """Return each outlet's articles, statements and shares of statements without a known speaker."""
    return ask("""
WITH counts AS (SELECT outlet_id, count(*) AS n_articles FROM core.articles GROUP BY outlet_id)
SELECT o.outlet_id, o.name AS outlet, o.domain, coalesce(c.n_articles, 0) AS n_articles,
    coalesce(g.n_statements, 0) AS n_statements,
    g.share_unattributed + g.share_unresolved AS share_unknown,
    g.share_unattributed, g.share_unresolved, g.share_anonymous, g.share_collective, g.share_inferred_speaker
FROM core.outlets o
LEFT JOIN counts c USING (outlet_id)
LEFT JOIN mart.attribution_gaps g USING (outlet_id)
ORDER BY n_statements DESC, outlet, o.outlet_id""")


def matrix(ask: Ask, speakers: int, outlets: int) -> list[Row]:
    """Return how often the most quoted speakers are quoted in the largest outlets."""
    return ask(
        """
WITH counted AS (
    SELECT outlet_id, outlet, speaker_actor_id, speaker FROM mart.statements_counted
    WHERE is_counted AND speaker_actor_id IS NOT NULL
),
top_speakers AS (
    SELECT speaker_actor_id FROM counted GROUP BY speaker_actor_id, speaker
    ORDER BY count(*) DESC, speaker, speaker_actor_id LIMIT $speakers
),
top_outlets AS (
    SELECT outlet_id FROM counted GROUP BY outlet_id, outlet ORDER BY count(*) DESC, outlet, outlet_id LIMIT $outlets
)
SELECT outlet, speaker, speaker_actor_id AS actor_id, count(*) AS n
FROM counted
WHERE speaker_actor_id IN (FROM top_speakers) AND outlet_id IN (FROM top_outlets)
GROUP BY outlet_id, outlet, speaker, speaker_actor_id ORDER BY outlet, outlet_id, speaker, actor_id""",
        speakers=speakers, outlets=outlets,
    )  # fmt: skip


def speakers(ask: Ask, outlet_id: str, limit: int) -> list[Row]:
    """Return whom an outlet quotes most, with the share of its statements with a known speaker."""
    return ask(
        """
SELECT speaker_actor_id AS actor_id, speaker, speaker_type, count(*) AS n_statements,
    count(DISTINCT article_id) AS n_articles, count(*) / sum(count(*)) OVER () AS share
FROM mart.statements_counted
WHERE is_counted AND outlet_id = $outlet_id AND speaker_actor_id IS NOT NULL
GROUP BY speaker_actor_id, speaker, speaker_type
ORDER BY n_statements DESC, speaker, actor_id LIMIT $limit""", outlet_id=outlet_id, limit=limit,
    )  # fmt: skip


def source_kinds(ask: Ask, outlet_id: str) -> list[Row]:
    """Return what kinds of sources its statements have, and how many of them have a known speaker."""
    return ask(
        """
SELECT source_kind, count(*) AS n, count(speaker_actor_id) AS n_known
FROM mart.statements_counted
WHERE outlet_id = $outlet_id AND section = 'body' AND depth = 0 AND polarity = 'asserted' AND NOT is_retracted
    AND coalesce(excluded_reason, '') <> 'quality'
GROUP BY source_kind ORDER BY n DESC, source_kind""", outlet_id=outlet_id,
    )  # fmt: skip


def cue_classes(ask: Ask, outlet_id: str, limit: int) -> list[Row]:
    """Return the kinds of speech acts that it reports, with the words it has for them."""
    return ask(
        """
SELECT coalesce(cue_class, 'none') AS cue_class, sum(n)::BIGINT AS n,
    list(cue_lemma ORDER BY n DESC, cue_lemma)[1:5] AS lemmas
FROM (
    SELECT cue_class, cue_lemma, count(*) AS n FROM mart.statements_counted
    WHERE is_counted AND outlet_id = $outlet_id GROUP BY cue_class, cue_lemma
)
GROUP BY ALL ORDER BY n DESC, cue_class LIMIT $limit""", outlet_id=outlet_id, limit=limit,
    )  # fmt: skip
