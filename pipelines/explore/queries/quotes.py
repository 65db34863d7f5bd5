"""What a quote's page and the list of quotes ask.

Belongs here: wordings, who carried them and whom they were attributed to. Does not belong here: statements without
quotation marks.
"""

from __future__ import annotations

from pipelines.explore.file import Ask, Row


def quotes(ask: Ask, min_outlets: int, conflicting: bool, limit: int, offset: int) -> list[Row]:
    """Return a page of wordings, the most widely carried first; `total` is how many there are in all."""
    return ask(
        """
SELECT count(*) OVER () AS total, * FROM mart.quote_reuse
WHERE n_outlets >= $min_outlets AND (has_conflicting_attribution OR NOT $conflicting)
ORDER BY n_outlets DESC, n_uses DESC, longest_wording, quote_key
LIMIT $limit OFFSET $offset""", min_outlets=min_outlets, conflicting=conflicting, limit=limit, offset=offset,
    )  # fmt: skip


def uses(ask: Ask, quote_key: str) -> list[Row]:
    """Return each time that the words were printed in a current version, the first one first.

    One row a use and speaker; joint speakers are in one row.
    """
    return ask(
        """
SELECT q.quote_id, q.verbatim, q.n_words, q.version_id, v.article_id, v.headline, o.outlet_id, o.name AS outlet,
    v.published_on, v.published_at, s.statement_id, s.cue_text, s.attribution_method, s.attribution_confidence,
    s.speaker_actor_id, a.canonical_name AS speaker,
    substr(v.text, greatest(q.char_start - 160, 0) + 1, q.char_start - greatest(q.char_start - 160, 0)) AS before,
    substr(v.text, q.char_start + 1, q.char_end - q.char_start) AS printed,
    substr(v.text, q.char_end + 1, 160) AS after
FROM core.quotes q
JOIN core.article_versions v ON v.version_id = q.version_id AND v.is_current
JOIN core.articles r ON r.article_id = v.article_id
JOIN core.outlets o ON o.outlet_id = r.outlet_id
LEFT JOIN (
    SELECT l.quote_id, arg_min(l.statement_id, (t.depth, l.statement_id)) AS statement_id
    FROM core.statement_quotes l JOIN core.statement_facts t USING (statement_id) GROUP BY l.quote_id
) l ON l.quote_id = q.quote_id
LEFT JOIN core.statements s ON s.statement_id = l.statement_id
LEFT JOIN core.actors a ON a.actor_id = s.speaker_actor_id
WHERE q.canonical_quote_id = $quote_key
ORDER BY v.published_on NULLS LAST, v.published_at NULLS LAST, o.name, q.quote_id""", quote_key=quote_key,
    )  # fmt: skip
