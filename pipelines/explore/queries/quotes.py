"""What a quote's page and the list of quotes ask.

Covers wordings, who carried them and whom they were attributed to. It does not cover statements without quotation
marks.
"""

from __future__ import annotations

from pipelines.explore.file import Ask, Row
from pipelines.storage.search import Query, conditions

ALL = Query()


def quotes(ask: Ask, min_outlets: int, conflicting: bool, limit: int, offset: int, query: Query = ALL) -> list[Row]:
    """Return a page of wordings, the most widely carried first; `total` is how many there are in all.

    Args:
        ask: The file.
        min_outlets: Outlets that carried the words, at least.
        conflicting: Only words that were given to more than one speaker.
        limit: Rows of a page.
        offset: Rows before it.
        query: Words that it holds; what one use of it meets, at least.
    """
    where, values = conditions(query, "statement_id")
    return ask(
        f"""
SELECT count(*) OVER () AS total, * FROM mart.quote_reuse
WHERE n_outlets >= $min_outlets AND (has_conflicting_attribution OR NOT $conflicting)
    AND contains(lower(strip_accents(longest_wording)), lower(strip_accents($text))){_used(where)}
ORDER BY n_outlets DESC, n_uses DESC, longest_wording, quote_key
LIMIT $limit OFFSET $offset""", min_outlets=min_outlets, conflicting=conflicting, limit=limit, offset=offset,
        text=query.text, **values,
    )  # fmt: skip


def _used(where: list[str]) -> str:
    """Return the condition that some use of a wording meets conditions of statements."""
    uses = """
    SELECT u.quote_key, u.outlet_id, u.published_on AS on_date, u.statement_id, u.is_counted, s.section, s.cue_class
    FROM mart.quote_uses u LEFT JOIN core.statements s USING (statement_id)"""
    return f"\n    AND quote_key IN (SELECT quote_key FROM ({uses})\n    WHERE {' AND '.join(where)})" if where else ""


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
