"""Evidence: every row that points into a text points at what it says.

Covers offsets against the text. For rows against rows, see reconciliation.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.spec import CheckSpec, Rows
from pipelines.contracts import Span, Table, table, tables

EXCERPT = 60
"""Code points of text in a reported row: enough to find the place, too little to reprint an article."""

_REASON = "2026-11-22: invariant 1. A row whose words are not at its offsets proves nothing; none is tolerated."


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    spans = tuple(_span(owner, span) for owner in (*tables("core"), *tables("internal")) for span in owner.spans)
    return (
        *spans, *_sentences(), *_versions(), _evidence_mart(), _statement_content(), _statement_quotes(), *_links(),
        _current_statements(), _quote_uses(),
    )  # fmt: skip


def day_filter(owner: Table) -> str:
    """Return the condition that keeps a table's rows of the run's days.

    A table without a day of its own is filtered through its versions, which reads all of its ids.
    """
    if any(column.name == "ingest_date" for column in owner.columns):
        return "@days(ingest_date)"
    return "version_id IN (SELECT version_id FROM internal.version_facts WHERE @days(ingest_date))"


def _batch(owner: Table) -> str:
    return f"SELECT * FROM {owner.layer}.{owner.name} WHERE {day_filter(owner)}"


def _span(owner: Table, span: Span) -> CheckSpec:
    """Return the check that cutting the text at a span's offsets gives its stored text."""
    suffix = "" if len(owner.spans) == 1 else f"_{span.text}"
    ids = tuple(dict.fromkeys((*owner.key, "version_id")))
    cut = f"substr(v.text, b.{span.start} + 1, b.{span.end} - b.{span.start})"
    return CheckSpec(
        name=f"{owner.name}{suffix}_evidence",
        table=f"{owner.layer}.{owner.name}",
        severity="block",
        claim=f"cutting the text at {span.start}..{span.end} gives {span.text}",
        reason=_REASON,
        batch=_batch(owner),
        rule=Rows(
            f"SELECT {', '.join(f'b.{column}' for column in ids)}, b.{span.start}, b.{span.end}, "
            f"left(b.{span.text}, {EXCERPT}) AS stored, left({cut}, {EXCERPT}) AS at_offsets "
            "FROM b LEFT JOIN (SELECT version_id, text FROM internal.version_facts WHERE @days(ingest_date)) AS v "
            "ON v.version_id = b.version_id "
            f"WHERE b.{span.text} IS DISTINCT FROM {cut} OR NOT (b.{span.start} >= 0 AND b.{span.start} < b.{span.end})"
        ),
        ids=ids,
    )


def _sentences() -> tuple[CheckSpec, ...]:
    owner = table("core", "sentences")
    named = "version_id, sentence_no, char_start, char_end"
    within = Rows(
        "SELECT b.version_id, b.sentence_no, b.char_start, b.char_end, v.n_chars "
        "FROM b LEFT JOIN (SELECT version_id, n_chars FROM internal.version_facts WHERE @days(ingest_date)) AS v "
        "ON v.version_id = b.version_id "
        "WHERE (0 <= b.char_start AND b.char_start < b.char_end AND b.char_end <= v.n_chars) IS NOT TRUE"
    )
    # The furthest end so far, not the last sentence's: a sentence can hold several others.
    overlap = Rows(
        f"SELECT {named}, end_before FROM (SELECT {named}, max(char_end) OVER (PARTITION BY version_id "
        "ORDER BY char_start, char_end, sentence_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS end_before "
        "FROM b) AS s WHERE end_before > char_start"
    )
    return (
        CheckSpec("sentences_within_text", "core.sentences", "block",
                  "every sentence lies within its text and is not empty", _REASON, _batch(owner), within, owner.key),
        CheckSpec("sentences_do_not_overlap", "core.sentences", "block",
                  "no two sentences of a version overlap",
                  "2026-11-22: a code point belongs to one sentence, else what is found there is counted twice.",
                  _batch(owner), overlap, owner.key),
    )  # fmt: skip


def _versions() -> tuple[CheckSpec, ...]:
    owner = table("core", "article_versions")
    unnested = "SELECT version_id, text, headline, unnest(sections, recursive := true) FROM b"
    within = Rows(
        "SELECT version_id, section, char_start, char_end, length(text) AS text_length "
        f"FROM ({unnested}) AS s "
        "WHERE (0 <= char_start AND char_start < char_end AND char_end <= length(text)) IS NOT TRUE"
    )
    cut = "substr(text, char_start + 1, char_end - char_start)"
    headline = Rows(
        f"SELECT version_id, min(char_start) AS char_start, max(char_end) AS char_end, "
        f"left(any_value(headline), {EXCERPT}) AS stored, "
        f"left(min({cut}), {EXCERPT}) AS at_offsets "
        f"FROM ({unnested}) AS s WHERE section = 'headline' GROUP BY version_id "
        f"HAVING bool_or({_same_words(cut)} = {_same_words('headline')}) IS NOT TRUE"
    )
    return (
        CheckSpec("version_sections_within_text", "core.article_versions", "block",
                  "every section lies within its text and is not empty", _REASON, _batch(owner), within, owner.key),
        CheckSpec("version_headline_at_section", "core.article_versions", "block",
                  "the headline stands where the headline section says",
                  "2026-11-22: invariant 1. Without such a section nothing is claimed: the headline was supplied.",
                  _batch(owner), headline, owner.key),
    )  # fmt: skip


def _same_words(text: str) -> str:
    r"""Return SQL that leaves a text's letters and digits: a supplied headline may differ in marks, case and spaces.

    As the parser compares them, as far as SQL can: ``pipelines/core/documents/headline.py``. ``\pL`` and not
    ``\p{L}``: Great Expectations reads a brace as a field to fill in.
    """
    folded = f"lower(nfc_normalize({text}))"
    for joined, letters in (("ß", "ss"), ("ﬁ", "fi"), ("ﬂ", "fl")):
        folded = f"replace({folded}, '{joined}', '{letters}')"
    return rf"regexp_replace({folded}, '[^\pL\pN]+', '', 'g')"


def _evidence_mart() -> CheckSpec:
    owner = table("mart", "evidence")
    differs = "(is_match IS NOT TRUE OR span_text IS DISTINCT FROM text_at_offsets)"
    return CheckSpec(
        "evidence_matches", "mart.evidence", "block",
        "every span of a statement equals the text at its offsets, as analysts see it",
        "2026-11-22: invariant 1, once more on what is published: the view must not read another version's text.",
        "SELECT statement_id, span_kind, span_no, version_id, char_start, char_end, "
        f"{differs} AS differs, CASE WHEN {differs} THEN left(span_text, {EXCERPT}) END AS stored, "
        f"CASE WHEN {differs} THEN left(text_at_offsets, {EXCERPT}) END AS at_offsets "
        f"FROM mart.evidence WHERE {day_filter(owner)}",
        Rows("SELECT * EXCLUDE (differs) FROM b WHERE differs"), owner.key, reads_views=True,
    )  # fmt: skip


def _statement_content() -> CheckSpec:
    return CheckSpec(
        "statements_have_content", "internal.statement_facts", "block",
        "every statement has a content span",
        "2026-11-22: invariant 1. A statement that points at no words has no evidence.",
        _batch(table("internal", "statement_facts")),
        Rows(f"SELECT b.statement_id, b.version_id, left(b.content_text, {EXCERPT}) AS content_text FROM b "
             "ANTI JOIN (SELECT statement_id FROM core.statement_spans WHERE span_kind = 'content' "
             "AND @days(ingest_date)) AS s ON s.statement_id = b.statement_id"),
        ("statement_id",),
    )  # fmt: skip


def _statement_quotes() -> CheckSpec:
    return CheckSpec(
        "statement_quotes_evidence", "internal.statement_quotes", "block",
        "every quote of a statement holds words of the statement's content",
        "2026-11-28: invariant 1. A quote elsewhere in the text is no proof of what this statement says.",
        _batch(table("internal", "statement_quotes")),
        Rows("SELECT b.statement_id, b.quote_id, q.inner_start, q.inner_end, "
             f"left(any_value(q.verbatim), {EXCERPT}) AS verbatim FROM b "
             "LEFT JOIN (SELECT quote_id, inner_start, inner_end, verbatim FROM core.quotes WHERE @days(ingest_date)) "
             "AS q ON q.quote_id = b.quote_id "
             "LEFT JOIN (SELECT statement_id, char_start, char_end FROM core.statement_spans "
             "WHERE span_kind = 'content' AND @days(ingest_date)) AS s ON s.statement_id = b.statement_id "
             "GROUP BY b.statement_id, b.quote_id, q.inner_start, q.inner_end "
             "HAVING bool_or(s.char_start < q.inner_end AND q.inner_start < s.char_end) IS NOT TRUE"),
        ("statement_id", "quote_id"),
    )  # fmt: skip


_LINKED = {
    "mention_entities": ("core.mentions", "mention_id"),
    "statement_entities": ("internal.statement_facts", "statement_id"),
    "statement_target_entities": ("internal.statement_facts", "statement_id"),
}
"""Tables that link something in a text to an entity: to what, and by which column."""


def _links() -> Iterator[CheckSpec]:
    """Yield the checks that links to entities stay within one text."""
    for name, (to, column) in _LINKED.items():
        owner = table("internal", name)
        yield CheckSpec(
            f"{name}_evidence", f"internal.{name}", "block",
            "what is linked, the entity and the link are of one version",
            "2026-11-28: invariant 1. An entity is what one text says of somebody: in another text it proves nothing.",
            _batch(owner),
            Rows(f"SELECT {', '.join(f'b.{key}' for key in owner.key)}, b.version_id, "
                 "l.version_id AS linked_version_id, e.version_id AS entity_version_id FROM b "
                 f"LEFT JOIN (SELECT {column}, version_id FROM {to} WHERE @days(ingest_date)) AS l "
                 f"ON l.{column} = b.{column} "
                 "LEFT JOIN (SELECT entity_id, version_id FROM internal.entities WHERE @days(ingest_date)) AS e "
                 "ON e.entity_id = b.entity_id WHERE b.version_id IS DISTINCT FROM l.version_id "
                 "OR b.version_id IS DISTINCT FROM e.version_id"),
            owner.key,
        )  # fmt: skip


def _current_statements() -> CheckSpec:
    return CheckSpec(
        "current_statements_point_at_text", "mart.statements_current", "block",
        "a statement that analysts read stands beside the article and the text that it was found in",
        "2026-11-28: invariant 1, on what is published: a join that brings another article's outlet or text.",
        "SELECT statement_id, version_id, article_id, outlet_id, text_sha256 FROM mart.statements_current "
        "WHERE @days(ingest_date)",
        Rows("SELECT b.*, v.article_id AS article_of_version, v.text_sha256 AS text_of_version FROM b "
             "LEFT JOIN (SELECT version_id, article_id, outlet_id, text_sha256 FROM internal.version_facts "
             "WHERE @days(ingest_date)) AS v ON v.version_id = b.version_id "
             "WHERE (b.article_id = v.article_id AND b.outlet_id = v.outlet_id AND b.text_sha256 = v.text_sha256) "
             "IS NOT TRUE"),
        ("statement_id",), reads_views=True,
    )  # fmt: skip


def _quote_uses() -> CheckSpec:
    """Return the check on the words of the quote marts; a use has no day, so it looks at all of them."""
    cut = "substr(v.text, q.inner_start + 1, q.inner_end - q.inner_start)"
    return CheckSpec(
        "quote_uses_evidence", "mart.quote_uses", "block",
        "the words of a quote stand in its version's text, as analysts see them",
        "2026-11-28: invariant 1, on what is published: the marts on quotes all read these rows.",
        "SELECT quote_id, version_id, verbatim FROM mart.quote_uses",
        Rows(f"SELECT b.quote_id, b.version_id, left(b.verbatim, {EXCERPT}) AS stored, "
             f"left({cut}, {EXCERPT}) AS at_offsets FROM b LEFT JOIN core.quotes AS q ON q.quote_id = b.quote_id "
             "LEFT JOIN internal.version_facts AS v ON v.version_id = b.version_id "
             f"WHERE b.verbatim IS DISTINCT FROM {cut}"),
        ("quote_id",), needs_all_days=True,
    )  # fmt: skip
