"""Finding statements and quotes by their words.

Covers the index that publication makes with DuckDB's full-text extension, and the one question asked of it, with and
without the extension. For showing what was found, see commands/search.py and explore/.

The index lies in the published file as the schema ``fts_internal_passages``; its macros name no catalog and no path. A
reader with the extension calls it directly, or after ATTACH and USE; see docs/explore.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipelines.storage.published import load_fts

INDEX = "fts_internal_passages"
_TABLE = "internal.passages"
# Letters, marks and digits of every script make words. No stop words: a search for "to be" looks for both.
_IGNORE = r"[^\p{L}\p{M}\p{N}]+"
_STEMMER = "english"

# What can be found: every statement by its cue and content, and every quote that belongs to none.
_PASSAGES = """
    SELECT statement_id AS passage_id, concat_ws(' ', cue_text, content_text) AS words FROM internal.statement_facts
    UNION ALL
    SELECT quote_id, verbatim FROM core.quotes
    WHERE quote_id NOT IN (SELECT quote_id FROM internal.statement_quotes)
"""


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Attributes:
        text: Words that must all occur, in any form and order; what is between double quotes must occur as it stands.
        speaker: Part of a name or alias, or an actor_id.
        outlet: Part of an outlet's name, its domain or its outlet_id.
        since: First day (of the statement, else of publication).
        until: Last day.
        only_counted: Leave out statements that counts leave out, and quotes of no statement.
        section: Part of the article: headline, body, ...
        cue_class: Kind of speech act: accuse, promise, ...
    """

    text: str = ""
    speaker: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None
    only_counted: bool = False
    section: str | None = None
    cue_class: str | None = None


@dataclass(frozen=True)
class Hit:
    """A statement, or a quote of no statement, in the current version of an article."""

    kind: str
    passage_id: str
    version_id: str
    article_id: str
    outlet_id: str
    outlet: str
    on_date: date | None
    speaker_actor_id: str | None
    speaker: str
    cue_text: str | None
    content_text: str
    headline: str | None
    url: str | None
    excluded_reason: str | None
    score: float | None


@dataclass(frozen=True)
class Found:
    """What was found, the best first.

    Attributes:
        hits: At most as many as were asked for.
        n_hits: How many there are in all.
        how: index: by words in any form; text: by parts of words, without an index or for words it lacks.
        sql: What was asked, with named parameters.
        parameters: Their values.
    """

    hits: list[Hit]
    n_hits: int
    how: str
    sql: str
    parameters: dict[str, Any]


def build_index(con: duckdb.DuckDBPyConnection) -> bool:
    """Index statements and quotes in an open, writable warehouse; return whether the extension was there to do it."""
    if not load_fts(con):
        return False
    con.execute("CREATE SCHEMA IF NOT EXISTS internal")
    con.execute(f"CREATE OR REPLACE TABLE {_TABLE} AS {_PASSAGES}")
    con.execute(
        f"PRAGMA create_fts_index('{_TABLE}', 'passage_id', 'words', "
        f"stemmer='{_STEMMER}', stopwords='none', ignore='{_IGNORE}', overwrite=1)"
    )
    con.execute(f"DROP TABLE {_TABLE}")  # the index stands without it
    return True


def has_index(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the file has an index and the extension is loaded that reads it."""
    row = con.execute(
        "SELECT count(DISTINCT function_name) FROM duckdb_functions() "
        "WHERE function_name = 'stem' OR (schema_name = ? AND function_name = 'match_bm25')", [INDEX],
    ).fetchone()  # fmt: skip
    return row == (2,)


def search(con: duckdb.DuckDBPyConnection, query: Query, *, limit: int, offset: int = 0) -> Found:
    """Return the statements and quotes that a query finds, ordered by rank, then from the latest day back."""
    words, phrases = split(query.text)
    if has_index(con):
        tokens = con.execute(
            f"SELECT array_to_string(list_filter({INDEX}.tokenize(?), lambda t: t <> ''), ' ')", [words]
        ).fetchone()
        found = _search(con, query, "index", tokens[0] if tokens else "", phrases, limit, offset)
        if found.n_hits or not query.text.strip():
            return found
    return _search(con, query, "text", words, phrases, limit, offset)


def split(text: str) -> tuple[str, list[str]]:
    """Return all words of a search, and those that stand between double quotes as phrases.

    >>> split('strike "open letter" port')
    ('strike open letter port', ['open letter'])
    """
    plain = re.sub("[“”„«»]", '"', text)
    phrases = [p.strip() for p in re.findall(r'"([^"]+)"', plain) if p.strip()]
    return " ".join(plain.replace('"', " ").split()), phrases


def matching_words(con: duckdb.DuckDBPyConnection, text: str, candidates: list[str]) -> set[str]:
    """Return those of some printed words that a search for a text looks for, whatever their form."""
    wanted = re.findall(r"\w+", split(text)[0])
    if not wanted or not candidates:
        return set()
    fold = "lower(strip_accents({}))"
    if has_index(con):
        fold = f"stem({fold}, '{_STEMMER}')"
    rows = con.execute(
        f"WITH wanted AS (SELECT {fold.format('w')} AS w FROM unnest($wanted) AS t(w)) "
        f"SELECT DISTINCT c FROM unnest($candidates) AS t(c) WHERE {fold.format('c')} IN (SELECT w FROM wanted)",
        {"wanted": wanted, "candidates": candidates},
    ).fetchall()
    return {word for (word,) in rows}


def _search(
    con: duckdb.DuckDBPyConnection, query: Query, how: str, words: str, phrases: list[str], limit: int, offset: int
) -> Found:
    parameters: dict[str, Any] = {"limit": limit, "offset": offset}
    where = ["true"]
    if how == "index" and words:
        ranked = (
            f"SELECT name AS passage_id, {INDEX}.match_bm25(name, $words, conjunctive := 1) AS score FROM {INDEX}.docs"
        )
        parameters["words"] = words
        where.append("score IS NOT NULL")
    else:
        ranked = f"SELECT passage_id, NULL::DOUBLE AS score FROM ({_PASSAGES})"
        if words:
            parameters["parts"] = words.split()
            where.append("list_bool_and([contains(folded, lower(strip_accents(w))) for w in $parts])")
    if phrases:
        parameters["phrases"] = phrases
        where.append("list_bool_and([contains(folded, lower(strip_accents(p))) for p in $phrases])")
    more, values = conditions(query)
    sql = _SEARCH.format(ranked=ranked, where="\n    AND ".join([*where, *more]))
    parameters |= values
    rows = con.execute(sql, parameters).fetchall()
    return Found([Hit(*row[1:]) for row in rows], rows[0][0] if rows else 0, how, sql, parameters)


def conditions(query: Query, key: str = "passage_id") -> tuple[list[str], dict[str, Any]]:
    """Return what a query asks of statements beside words: SQL conditions, and the values of their parameters.

    Args:
        query: What is looked for.
        key: Column that holds the statement's id.
    """
    found: list[str] = []
    values: dict[str, Any] = {}
    asked = {
        "speaker": _SPEAKER.format(key=key), "outlet": _OUTLET, "since": "on_date >= $since",
        "until": "on_date <= $until", "section": "section = $section", "cue_class": "cue_class = $cue_class",
    }  # fmt: skip
    for name, condition in asked.items():
        if value := getattr(query, name):
            found.append(condition)
            values[name] = value
    return [*found, *(["is_counted"] if query.only_counted else [])], values


_SPEAKER = """{key} IN (
        SELECT statement_id FROM core.statement_speakers WHERE speaker_rank = 1 AND actor_id IN (
            SELECT actor_id FROM core.actors
            WHERE actor_id = $speaker OR contains(lower(strip_accents(canonical_name)), lower(strip_accents($speaker)))
            UNION
            SELECT actor_id FROM core.actor_aliases
            WHERE contains(lower(strip_accents(alias)), lower(strip_accents($speaker))) AND alias_kind <> 'role'))"""

_OUTLET = """outlet_id IN (
        SELECT outlet_id FROM core.outlets WHERE outlet_id = $outlet OR domain = lower($outlet)
            OR contains(lower(strip_accents(name)), lower(strip_accents($outlet))))"""

_SEARCH = """
WITH
    ranked AS ({ranked}),
    passages AS (
        SELECT 'statement' AS kind, statement_id AS passage_id, version_id, article_id, outlet_id, outlet, on_date,
            speaker_actor_id, speaker, cue_text, content_text, headline, url, excluded_reason,
            section, cue_class, is_counted
        FROM mart.statements_counted
        UNION ALL
        SELECT 'quote', q.quote_id, q.version_id, v.article_id, a.outlet_id, o.name, v.published_on,
            NULL, '(unattributed)', NULL, q.verbatim, v.headline, a.url, NULL, NULL, NULL, false
        FROM core.quotes q
        JOIN core.article_versions v ON q.version_id = v.version_id AND v.is_current
        JOIN core.articles a ON v.article_id = a.article_id
        JOIN core.outlets o ON a.outlet_id = o.outlet_id
        WHERE q.quote_id NOT IN (SELECT quote_id FROM internal.statement_quotes)
    ),
    found AS (
        SELECT passages.*, score, lower(strip_accents(concat_ws(' ', cue_text, content_text))) AS folded
        FROM passages JOIN ranked USING (passage_id)
    )
SELECT count(*) OVER () AS n_hits, kind, passage_id, version_id, article_id, outlet_id, outlet, on_date,
    speaker_actor_id, speaker, cue_text, content_text, headline, url, excluded_reason, score
FROM found
WHERE {where}
ORDER BY score DESC NULLS LAST, on_date DESC NULLS LAST, passage_id
LIMIT $limit OFFSET $offset
"""
