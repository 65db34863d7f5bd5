"""What a quote's page and the list of quotes ask.

Covers wordings, who carried them and whom they were attributed to. It does not cover statements without quotation
marks.
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


def uses(ask: Ask, ident: str) -> list[Row]:
    """Return each time that some words, or near wordings, were printed in a current version, the first one first.

    Args:
        ask: The file.
        ident: quote_key, or canonical_quote_id of one of the wordings.
    """
    return ask(
        """
WITH wanted AS (SELECT DISTINCT quote_key FROM mart.quote_uses WHERE $ident IN (quote_key, canonical_quote_id))
SELECT u.quote_id, u.quote_key, u.verbatim, u.version_id, u.article_id, u.headline, u.outlet_id, u.outlet,
    u.published_on, u.statement_id, u.speaker_actor_id, u.speaker, u.excluded_reason,
    s.cue_text, s.attribution_method, s.attribution_confidence,
    substr(v.text, greatest(u.char_start - 160, 0) + 1, u.char_start - greatest(u.char_start - 160, 0)) AS before,
    substr(v.text, u.char_start + 1, q.char_end - u.char_start) AS printed,
    substr(v.text, q.char_end + 1, 160) AS after
FROM mart.quote_uses u
JOIN core.quotes q ON q.quote_id = u.quote_id
JOIN internal.version_facts v ON v.version_id = u.version_id
LEFT JOIN core.statements s ON s.statement_id = u.statement_id
WHERE u.quote_key IN (FROM wanted)
ORDER BY u.published_on NULLS LAST, u.published_at NULLS LAST, u.outlet, u.quote_id""", ident=ident,
    )  # fmt: skip
