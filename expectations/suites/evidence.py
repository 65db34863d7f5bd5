"""Evidence: every row that points into a text points at what it says.

Belongs here: offsets against the text. Does not belong here: rows against rows (reconciliation).
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows
from pipelines.core.tables import Span, Table, table, tables

EXCERPT = 60
"""Code points of text in a reported row: enough to find the place, too little to reprint an article."""

_REASON = "2026-11-22: invariant 1. A row whose words are not at its offsets proves nothing; none is tolerated."


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    spans = tuple(_span(owner, span) for owner in tables("core") for span in owner.spans)
    return (*spans, *_sentences(), *_versions(), _evidence_mart(), _statement_content())


def day_filter(owner: Table) -> str:
    """Return the condition that keeps a table's rows of the run's days.

    A table without a day of its own is filtered through its versions, which reads all of its ids.
    """
    if any(column.name == "ingest_date" for column in owner.columns):
        return "@days(ingest_date)"
    return "version_id IN (SELECT version_id FROM core.version_facts WHERE @days(ingest_date))"


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
            "FROM b LEFT JOIN (SELECT version_id, text FROM core.version_facts WHERE @days(ingest_date)) AS v "
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
        "FROM b LEFT JOIN (SELECT version_id, n_chars FROM core.version_facts WHERE @days(ingest_date)) AS v "
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
        "statements_have_content", "core.statement_facts", "block",
        "every statement has a content span",
        "2026-11-22: invariant 1. A statement that points at no words has no evidence.",
        _batch(table("core", "statement_facts")),
        Rows(f"SELECT b.statement_id, b.version_id, left(b.content_text, {EXCERPT}) AS content_text FROM b "
             "ANTI JOIN (SELECT statement_id FROM core.statement_spans WHERE span_kind = 'content' "
             "AND @days(ingest_date)) AS s ON s.statement_id = b.statement_id"),
        ("statement_id",),
    )  # fmt: skip
