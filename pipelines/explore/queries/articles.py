"""What an article's page and the list of articles ask.

Covers versions, statements with their speakers and targets, spans. For cutting the text, see highlight.py.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.explore.file import Ask, Row
from pipelines.storage.search import Query, conditions


def articles(ask: Ask, query: Query, limit: int, offset: int) -> list[Row]:
    """Return a page of articles by day, the latest first; `total` is how many there are in all.

    Args:
        ask: The file.
        query: Words of the headline, outlet, days of publication; what one of its statements meets, at least.
        limit: Rows of a page.
        offset: Rows before it.
    """
    said, values = conditions(replace(query, outlet=None, since=None, until=None), "statement_id")
    printed, more = conditions(Query(outlet=query.outlet, since=query.since, until=query.until))
    if said:
        printed.append(f"version_id IN (SELECT version_id FROM mart.statements_counted WHERE {' AND '.join(said)})")
    return ask(
        _ARTICLES.format(where="".join(f"\n    AND {condition}" for condition in printed)),
        text=query.text, limit=limit, offset=offset, **values, **more,
    )  # fmt: skip


_ARTICLES = """
WITH counts AS (SELECT version_id, count(*) AS n_statements FROM internal.statement_facts GROUP BY version_id),
listed AS (
    SELECT a.article_id, v.version_id, v.headline, o.name AS outlet, a.outlet_id, a.url,
        v.published_on, v.published_on AS on_date, v.published_at, v.n_chars, a.n_versions, a.is_retracted,
        coalesce(c.n_statements, 0) AS n_statements, left(v.text, 90) AS beginning
    FROM core.articles a
    JOIN core.article_versions v ON v.version_id = a.current_version_id
    JOIN core.outlets o ON o.outlet_id = a.outlet_id
    LEFT JOIN counts c ON c.version_id = v.version_id
    WHERE contains(lower(strip_accents(coalesce(v.headline, v.text))), lower(strip_accents($text)))
)
SELECT count(*) OVER () AS total, * EXCLUDE (on_date) FROM listed
WHERE true{where}
ORDER BY published_on DESC NULLS LAST, published_at DESC NULLS LAST, article_id
LIMIT $limit OFFSET $offset"""


def version(ask: Ask, version_id: str | None = None, article_id: str | None = None) -> Row | None:
    """Return a version by its id, or the current one of an article."""
    return ask.one(
        """
SELECT v.*, o.outlet_id, o.name AS outlet, a.url, a.n_versions, a.near_dup_group
FROM core.article_versions v
JOIN core.articles a ON a.article_id = v.article_id
JOIN core.outlets o ON o.outlet_id = a.outlet_id
WHERE v.version_id = $version_id OR (v.article_id = $article_id AND v.is_current)""",
        version_id=version_id, article_id=article_id,
    )  # fmt: skip


def versions(ask: Ask, article_id: str) -> list[Row]:
    """Return the texts that an article had, the first one first."""
    return ask(
        """
SELECT version_id, version_no, is_current, is_retracted, correction_note, fetched_at
FROM core.article_versions WHERE article_id = $article_id ORDER BY version_no""", article_id=article_id,
    )  # fmt: skip


def changes(ask: Ask, version_id: str) -> list[Row]:
    """Return what a version changed of the one before it, in the order of what is compared."""
    return ask(
        """
SELECT subject, change, before, after, statement_id, speaker, previous_speaker FROM mart.version_changes
WHERE version_id = $version_id AND change <> 'kept' AND subject <> 'text'
ORDER BY subject, change, coalesce(after, before), subject_id""", version_id=version_id,
    )  # fmt: skip


def copies(ask: Ask, article_id: str) -> list[Row]:
    """Return the articles that tell the same story in nearly the same words."""
    return ask(
        """
SELECT a.article_id, v.headline, o.name AS outlet, v.published_on
FROM core.articles mine
JOIN core.articles a ON a.near_dup_group = mine.near_dup_group AND a.article_id <> mine.article_id
JOIN core.article_versions v ON v.version_id = a.current_version_id
JOIN core.outlets o ON o.outlet_id = a.outlet_id
WHERE mine.article_id = $article_id ORDER BY v.published_on NULLS LAST, o.name, a.article_id LIMIT 50""",
        article_id=article_id,
    )  # fmt: skip


def statements(ask: Ask, version_id: str) -> list[Row]:
    """Return the statements of a version in the order in which they stand, with the row behind each."""
    return ask(
        """
WITH firsts AS (
    SELECT statement_id, min(char_start) AS char_start FROM core.statement_spans
    WHERE version_id = $version_id GROUP BY statement_id
),
targets AS (
    SELECT t.statement_id, list({'kind': t.target_kind, 'actor_id': t.actor_id, 'name': a.canonical_name}
        ORDER BY t.target_kind, a.canonical_name, t.actor_id) AS targets
    FROM core.statement_targets t JOIN core.actors a USING (actor_id)
    WHERE t.statement_id IN (SELECT statement_id FROM firsts) GROUP BY t.statement_id
),
joint AS (
    SELECT s.statement_id, list({'actor_id': s.actor_id, 'name': a.canonical_name}
        ORDER BY a.canonical_name, s.actor_id) AS speakers
    FROM core.statement_speakers s JOIN core.actors a USING (actor_id)
    WHERE s.speaker_rank = 1 AND s.statement_id IN (SELECT statement_id FROM firsts) GROUP BY s.statement_id
)
SELECT s.*, a.canonical_name AS speaker, e.version AS extractor, m.surface AS speaker_surface,
    coalesce(t.targets, []) AS targets, coalesce(j.speakers, []) AS speakers, c.excluded_reason
FROM core.statements s
JOIN firsts f ON f.statement_id = s.statement_id
LEFT JOIN core.actors a ON a.actor_id = s.speaker_actor_id
LEFT JOIN core.mentions m ON m.mention_id = s.speaker_mention_id
LEFT JOIN ops.extractors e ON e.extraction_id = s.extraction_id
LEFT JOIN targets t ON t.statement_id = s.statement_id
LEFT JOIN joint j ON j.statement_id = s.statement_id
LEFT JOIN mart.statements_counted c ON c.statement_id = s.statement_id
WHERE s.version_id = $version_id
ORDER BY f.char_start, s.depth, s.statement_id""", version_id=version_id,
    )  # fmt: skip


def spans(ask: Ask, version_id: str) -> list[Row]:
    """Return the spans of a version's statements."""
    return ask(
        """
SELECT p.statement_id, p.span_kind, p.char_start, p.char_end, s.depth
FROM core.statement_spans p JOIN internal.statement_facts s USING (statement_id)
WHERE p.version_id = $version_id AND p.span_kind IN ('source', 'cue', 'content')
ORDER BY p.char_start, p.char_end, p.statement_id, p.span_kind""", version_id=version_id,
    )  # fmt: skip


def paragraphs(ask: Ask, version_id: str) -> list[Row]:
    """Return where the paragraphs of a version begin, and which part of the article each is."""
    return ask(
        """
SELECT min(char_start) AS char_start, arg_min(section, char_start) AS section FROM core.sentences
WHERE version_id = $version_id GROUP BY paragraph_no, section ORDER BY char_start""", version_id=version_id,
    )  # fmt: skip


def quotes(ask: Ask, version_id: str) -> list[Row]:
    """Return the quotes of a version, with the statement that holds each, and how many outlets carried the words."""
    return ask(
        """
SELECT q.quote_id, q.canonical_quote_id, q.verbatim, q.char_start, q.char_end, q.quote_kind, q.n_words,
    min(l.statement_id) AS statement_id, any_value(r.quote_key) AS quote_key,
    coalesce(any_value(r.n_outlets), 1) AS n_outlets
FROM core.quotes q
LEFT JOIN internal.statement_quotes l ON l.quote_id = q.quote_id
LEFT JOIN mart.quote_uses u ON u.quote_id = q.quote_id
LEFT JOIN mart.quote_reuse r ON r.quote_key = u.quote_key
WHERE q.version_id = $version_id
GROUP BY ALL ORDER BY q.char_start, q.quote_id""", version_id=version_id,
    )  # fmt: skip


def cited(ask: Ask, statement_id: str) -> Row | None:
    """Return a statement with what a citation of it tells of its article, or None; joint speakers by name."""
    return ask.one(
        """
SELECT s.statement_id, s.content_text, s.statement_type, s.cue_text, s.polarity, s.source_text,
    coalesce(
        (SELECT list(DISTINCT a.canonical_name ORDER BY a.canonical_name)
        FROM core.statement_speakers j JOIN core.actors a USING (actor_id)
        WHERE j.statement_id = s.statement_id AND j.speaker_rank = 1 AND j.is_joint
            AND s.attribution_method <> 'override'),
        CASE WHEN p.actor_id IS NULL THEN [] ELSE [p.canonical_name] END
    ) AS speakers,
    o.name AS outlet, v.headline, v.byline, v.published_on, a.url, v.version_id, v.is_current, v.is_retracted
FROM core.statements s
JOIN core.article_versions v ON v.version_id = s.version_id
JOIN core.articles a ON a.article_id = v.article_id
JOIN core.outlets o ON o.outlet_id = a.outlet_id
LEFT JOIN core.actors p ON p.actor_id = s.speaker_actor_id
WHERE s.statement_id = $ident""", ident=statement_id,
    )  # fmt: skip


def where_stands(ask: Ask, statement_id: str) -> Row | None:
    """Return the version in which a statement, or a quote, stands."""
    return ask.one(
        """
SELECT version_id FROM internal.statement_facts WHERE statement_id = $ident
UNION ALL SELECT version_id FROM core.quotes WHERE quote_id = $ident""", ident=statement_id,
    )  # fmt: skip
