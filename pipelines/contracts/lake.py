"""Tables of the lake: Parquet parts, one per batch."""

from __future__ import annotations

from pipelines.contracts.columns import (
    ACTOR_TYPES,
    ANONYMITY,
    ATTRIBUTION_METHODS,
    CHAR_END,
    CHAR_START,
    CONFIDENCE,
    DATE_BASES,
    DAY,
    EXTRACTION_ID,
    GENDER,
    GENDER_BASIS,
    KIND_BASIS,
    MENTION_KINDS,
    NAME_KINDS,
    OUTCOMES,
    POLARITIES,
    QUOTE_KINDS,
    RESOLUTION_ID,
    SECTIONS,
    SENTENCE_NO,
    SOURCE_KINDS,
    SPEAKER_KIND,
    STAGES,
    STATEMENT_TYPES,
    VERSION_ID,
)
from pipelines.contracts.model import Column, Span, Table

# ---------------------------------------------------------------- lake: what came in
RAW_DOCUMENTS = Table(
    "lake", "raw_documents", "one row per distinct byte content ever seen", ("raw_id",),
    (
        *DAY,
        Column("raw_id", "str", "SHA-256 of the bytes, 64 hex digits."),
        Column("bytes", "bytes", "The record as received: a file, a JSON line; decompressed, not decoded."),
        Column("bytes_len", "int", "Number of bytes."),
        Column("media_type", "str", "Which reader takes it (text/html, ...), and the charset that was declared."),
        Column("first_seen_at", "instant", "When the bytes were first met.", volatile=True),
    ),
)  # fmt: skip
SIGHTINGS = Table(
    "lake", "sightings", "one row per meeting with a record, append-only", ("sighting_id",),
    (
        *DAY,
        Column("sighting_id", "str", "mk_id('sighting', batch_id, source_name, source_uri, record_no)."),
        Column("run_id", "str", "The run that met it (ops.pipeline_runs).", volatile=True),
        Column("raw_id", "str", "The bytes that were met; NULL where they were refused unread.", nullable=True),
        Column("source_name", "str", "The source's name in the settings; 'files' for paths given on the command line."),
        Column("source_uri", "str", "Where the record lies: a path relative to the source's root, or a URL; "
               "'!/' leads into an archive."),
        Column("record_no", "int", "Number of the record in its container, from 0; NULL for a file of one record.",
               nullable=True),
        Column("seen_at", "instant", "When it was met.", volatile=True),
        Column("http_status", "int", "Status of the answer, for records fetched over HTTP.", nullable=True),
        Column("etag", "str", "ETag of the answer.", nullable=True),
        Column("last_modified", "str", "Last-Modified of the answer.", nullable=True),
        Column("is_unchanged", "bool", "The last bytes met at this place were the same: nothing to parse."),
        Column("refusal_rule", "str", "Why the record was refused unread (too_large, empty, ...).", nullable=True),
        Column("refusal_detail", "str", "One line that says what to do.", nullable=True),
    ),
)  # fmt: skip
SIGHTING_OUTCOMES = Table(
    "lake", "sighting_outcomes", "one row per sighting: what became of it", ("sighting_id",),
    (
        *DAY,
        Column("sighting_id", "str", "The sighting."),
        Column("outcome", "str", "parsed: a new version; duplicate: a known text; quarantined: refused; "
               "ignored: not an article and not meant to be one.", allowed=OUTCOMES),
        Column("outcome_reason", "str", "The rule behind a duplicate, quarantined or ignored record.", nullable=True),
        Column("version_id", "str", "The version that the record carried.", nullable=True),
        Column("batch_order", "int", "Order of the record in its batch, from 0; the same whatever order it came in."),
    ),
)  # fmt: skip
QUARANTINE = Table(
    "lake", "quarantine", "one row per refused record or failed article", ("quarantine_id",),
    (
        *DAY,
        Column("quarantine_id", "str", "mk_id('quarantine', stage, entity_id, rule)."),
        Column("raw_id", "str", "The bytes, kept in raw_documents; NULL: refused unread.", nullable=True),
        Column("source_name", "str", "The source that the record came from; NULL for a version.", nullable=True),
        Column("source_uri", "str", "Where the record lies.", nullable=True),
        Column("record_no", "int", "Number of the record in its container.", nullable=True),
        Column("stage", "str", "The stage that refused it.", allowed=STAGES),
        Column("entity", "str", "What was refused.", allowed=("record", "version")),
        Column("entity_id", "str", "sighting_id of the record, or version_id of the version."),
        Column("rule", "str", "The rule that it broke."),
        Column("severity", "str", "Whether it stops a publication.", allowed=("block", "warn")),
        Column("detail", "str", "One line that says what is wrong and what to do."),
        Column("first_seen_at", "instant", "When it was refused.", volatile=True),
        Column("resolved_at", "instant", "When it came through at last; NULL: it did not (see ops.open_refusals).",
               nullable=True, volatile=True),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: articles
VERSION_COLUMNS = (
    Column("version_id", "str", "mk_id('version', article_id, raw_id of the first record that carried this text)."),
    Column("article_id", "str", "mk_id('article', outlet_id, external_key)."),
    Column("raw_id", "str", "The first record that carried this text."),
    Column("text", "str", "Headline, standfirst, body, captions, joined by blank lines; "
           "a plain .txt stands exactly as decoded."),
    Column("text_sha256", "str", "SHA-256 of the text as UTF-8."),
    Column("n_chars", "int", "Length of the text in code points."),
    Column("sections", "sections", "Spans of the text by section; what is in none is body."),
    Column("headline", "str", "Headline as printed.", nullable=True),
    Column("standfirst", "str", "The line under the headline that sums up the article.", nullable=True),
    Column("byline", "str", "Byline as printed, or as supplied.", nullable=True),
    Column("authors", "strs", "Names in the byline or the metadata; empty if none is known."),
    Column("dateline_text", "str", "Dateline as printed, with its closing dash.", nullable=True),
    Column("dateline_place", "str", "Place of the dateline, as printed.", nullable=True),
    Column("wire_agency", "str", "News agency named by dateline, byline or credit.", nullable=True),
    Column("language", "str", "ISO 639-1 code of the body's language; NULL if it could not be told.", nullable=True),
    Column("quality_flags", "strs", "What may be wrong with the text (too_short, paywall, list_page, live_blog, "
           "no_date, correction, ...), in alphabetical order."),
    Column("is_retracted", "bool", "This text withdraws the article."),
    Column("correction_note", "str", "The correction notice, as printed.", nullable=True),
    Column("published_on", "date", "Day of publication in the publisher's own zone.", nullable=True),
    Column("published_at", "instant", "Instant of publication, where time and zone are known.", nullable=True),
    Column("published_precision", "str", "How exactly publication is known.",
           allowed=("instant", "day", "month", "unknown")),
    Column("published_basis", "str", "Where the date comes from; 'none': not known, and nothing stands in for it.",
           allowed=("metadata", "text", "file_name", "supplied", "none")),
    Column("updated_at", "instant", "When the publisher says it changed the article.", nullable=True),
    Column("fetched_at", "instant", "When the first record with this text was met.", volatile=True),
    Column("parser_version", "str", "Code that read the text."),
)  # fmt: skip
ARTICLE_VERSIONS = Table(
    "lake", "article_versions", "one row per text that a publisher gave an article", ("version_id",),
    (
        *DAY,
        *VERSION_COLUMNS,
        Column("batch_order", "int", "batch_order of the first record with this text in the batch."),
        Column("outlet_id", "str", "mk_id('outlet', domain, else 'name:' + name, else 'source:' + source)."),
        Column("outlet_name", "str", "Name of the outlet."),
        Column("outlet_domain", "str", "Registrable domain of the outlet.", nullable=True),
        Column("external_key", "str", "Canonical URL, else the supplied id, else raw_id (or a path, by setting)."),
        Column("url", "str", "Canonical URL.", nullable=True),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: near copies
TEXT_SIGNATURES = Table(
    "lake", "text_signatures", "one row per version whose body is long enough to be compared with others",
    ("version_id",),
    (
        *DAY, VERSION_ID, Column("article_id", "str", "The article."),
        Column("n_shingles", "int", "Different runs of five words in the body."),
        Column("bands", "ints", "A hash of each band of the MinHash signature: bodies that share one are compared."),
    ),
)  # fmt: skip
NEAR_COPIES = Table(
    "lake", "near_copies", "one row per two versions, of different articles, whose bodies are near copies",
    ("version_id", "earlier_version_id"),
    (
        *DAY,
        Column("version_id", "str", "The version that was met later (within a batch: the one with the greater id)."),
        Column("article_id", "str", "Its article."),
        Column("earlier_batch_id", "str", "Batch of the version that was met before."),
        Column("earlier_version_id", "str", "The version that was met before."),
        Column("earlier_article_id", "str", "Its article."),
        Column("jaccard", "float", "Share of the runs of five words of either body that both have, 0.7 to 1."),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: statements
SENTENCES = Table(
    "lake", "sentences", "one row per sentence of a version", ("version_id", "sentence_no"),
    (
        *DAY, VERSION_ID, SENTENCE_NO,
        Column("paragraph_no", "int", "Number of the paragraph in its version, from 0."),
        Column("section", "str", "Part of the article.", allowed=SECTIONS),
        CHAR_START, CHAR_END,
    ),
)  # fmt: skip
MENTIONS = Table(
    "lake", "mentions", "one row per span that names or stands for an actor", ("mention_id",),
    (
        *DAY,
        Column("mention_id", "str", "mk_id('mention', version_id, char_start, char_end)."),
        VERSION_ID, SENTENCE_NO, CHAR_START, CHAR_END,
        Column("surface", "str", "The span as printed."),
        Column("mention_kind", "str", "What kind of expression it is.", allowed=MENTION_KINDS),
        Column("name_kind", "str", "Kind of the name in the span, as the tagger sees it; NULL: it sees none.",
               allowed=NAME_KINDS, nullable=True),
        Column("role_surface", "str", "The role words inside the span, as printed.", nullable=True),
        EXTRACTION_ID,
    ),
    spans=(Span("char_start", "char_end", "surface"),),
)  # fmt: skip
QUOTES = Table(
    "lake", "quotes", "one row per stretch between quotation marks in a version", ("quote_id",),
    (
        *DAY,
        Column("quote_id", "str", "mk_id('quote', version_id, char_start, char_end)."),
        VERSION_ID, SENTENCE_NO,
        Column("char_start", "int", "First code point, the opening mark included."),
        Column("char_end", "int", "Code point after the closing mark."),
        Column("inner_start", "int", "First code point between the marks."),
        Column("inner_end", "int", "Code point after the last one between the marks."),
        Column("verbatim", "str", "The words between the marks, as printed."),
        Column("open_mark", "str", "The opening mark."),
        Column("close_mark", "str", "The closing mark; NULL: the quote goes on in the next paragraph or never closes.",
               nullable=True),
        Column("quote_kind", "str", "Speech, written words, or marks that quote nobody.", allowed=QUOTE_KINDS),
        Column("attribution_method", "str", "How its statement was attributed; 'none': it belongs to no statement.",
               allowed=ATTRIBUTION_METHODS),
        Column("text_norm", "str", "The words folded for comparison: case, marks and spaces do not count."),
        Column("canonical_quote_id", "str", "mk_id('cq', text_norm): the same words anywhere have the same id."),
        Column("n_words", "int", "Number of words."),
        Column("chain_id", "str", "Parts of one interrupted quotation share it.", nullable=True),
        Column("chain_part", "int", "Order in the chain, from 0.", nullable=True),
        EXTRACTION_ID,
    ),
    spans=(Span("inner_start", "inner_end", "verbatim"),),
)  # fmt: skip
STATEMENT_COLUMNS = (
    Column("statement_id", "str", "mk_id('statement', version_id, cue, content and source spans)."),
    VERSION_ID, SENTENCE_NO,
    Column("section", "str", "Part of the article.", allowed=SECTIONS),
    Column("parent_statement_id", "str", "The statement inside which this one is reported.", nullable=True),
    Column("depth", "int", "0: the article reports it; 1: inside another statement; and so on."),
    Column("statement_type", "str", "direct: all content in quotation marks; indirect: none; mixed: some.",
           allowed=STATEMENT_TYPES),
    Column("source_kind", "str", "What kind of source the text names.", allowed=SOURCE_KINDS),
    Column("speaker_mention_id", "str", "The mention that is the source; NULL if the text names none.", nullable=True),
    Column("speaker_role_surface", "str", "The source's role, as printed.", nullable=True),
    Column("attribution_method", "str", "How the speaker was found.", allowed=ATTRIBUTION_METHODS),
    Column("span_confidence", "float", "Probability, 0 to 1, that source and content are right."),
    Column("is_attitude", "bool", "The cue reports a thought, wish or feeling and not speech."),
    Column("cue_text", "str", "The cue as printed.", nullable=True),
    Column("cue_lemma", "str", "Dictionary form of the cue.", nullable=True),
    Column("cue_class", "str", "Kind of speech act: say, deny, warn, promise, ...", nullable=True),
    Column("polarity", "str", "Whether the text says that it was said.", allowed=POLARITIES),
    Column("content_text", "str", "Content spans as printed, joined by a space."),
    Column("content_norm", "str", "content_text folded for comparison."),
    Column("stated_date_text", "str", "The words that date the statement.", nullable=True),
    Column("stated_date", "date", "Day (or first day of the period) on which it was said.", nullable=True),
    Column("stated_date_precision", "str", "How exactly.", nullable=True, allowed=("day", "month", "year")),
    Column("stated_date_basis", "str", "Where the date comes from; no_anchor: relative words, but no publication date.",
           allowed=DATE_BASES),
    Column("tier", "str", "core: clear speech in the body; extended: headlines, attitudes, nested, unattributed.",
           allowed=("core", "extended")),
    Column("lineage_key", "str", "mk_id('line', article_id, content_norm): follows a statement over versions."),
    EXTRACTION_ID,
)  # fmt: skip
STATEMENTS = Table(
    "lake", "statements", "one row per attribution: a source, a cue and content", ("statement_id",),
    (*DAY, *STATEMENT_COLUMNS),
)  # fmt: skip
STATEMENT_SPANS = Table(
    "lake", "statement_spans", "one row per continuous stretch of a statement's source, cue or content",
    ("statement_id", "span_kind", "span_no"),
    (
        *DAY,
        Column("statement_id", "str", "The statement."),
        VERSION_ID,
        Column("span_kind", "str", "What the span is.",
               allowed=("source", "cue", "content", "addressee", "time", "venue")),
        Column("span_no", "int", "Order among the spans of its kind, from 0."),
        CHAR_START, CHAR_END,
        Column("span_text", "str", "The span as printed."),
    ),
    spans=(Span("char_start", "char_end", "span_text"),),
)  # fmt: skip
STATEMENT_QUOTES = Table(
    "lake", "statement_quotes", "one row per quote that is part of a statement's content",
    ("statement_id", "quote_id"),
    (
        *DAY,
        VERSION_ID,
        Column("statement_id", "str", "The statement."),
        Column("quote_id", "str", "The quote."),
        Column("part_no", "int", "Order of the quote in the statement, from 0."),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: article-local entities
ENTITIES = Table(
    "lake", "entities", "one row per actor as one version alone tells it", ("entity_id",),
    (
        *DAY,
        Column("entity_id", "str", "mk_id('entity', version_id, actor_type, name_norm)."),
        VERSION_ID,
        Column("actor_type", "str", "What kind of actor.", allowed=ACTOR_TYPES),
        Column("name", "str", "Its fullest name in the version, without role words."),
        Column("name_norm", "str", "The name folded for comparison."),
        Column("country_code", "str", "ISO 3166-1 alpha-3 code, where the text or the reference data tells.",
               nullable=True),
        Column("wikidata_qid", "str", "Wikidata id, from the reference data only.", nullable=True),
        Column("role_surface", "str", "Its role in the version, as first printed.", nullable=True),
        Column("basis", "str", "How the entity was made.",
               allowed=("reference", "full_name", "surname_only", "role", "group")),
        Column("n_mentions", "int", "Number of mentions in the version."),
        GENDER, GENDER_BASIS,
        Column("n_gender_for", "int", "Words of the version that tell this gender."),
        Column("n_gender_against", "int", "Words that tell another one; without a gender: all that tell one."),
        SPEAKER_KIND, KIND_BASIS,
        RESOLUTION_ID,
    ),
)  # fmt: skip
MENTION_ENTITIES = Table(
    "lake", "mention_entities", "one row per mention and entity that it may stand for; rank 1 is the answer",
    ("mention_id", "entity_id"),
    (
        *DAY,
        Column("mention_id", "str", "The mention."),
        Column("entity_id", "str", "The entity."),
        VERSION_ID,
        Column("rank", "int", "1 for the answer, then the other candidates."),
        CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
        RESOLUTION_ID,
    ),
)  # fmt: skip
STATEMENT_ENTITIES = Table(
    "lake", "statement_entities", "one row per statement and entity that said it, or may have",
    ("statement_id", "entity_id"),
    (
        *DAY,
        Column("statement_id", "str", "The statement."),
        Column("entity_id", "str", "The entity."),
        VERSION_ID,
        Column("speaker_rank", "int", "1 for the answer; joint speakers share it."),
        Column("is_joint", "bool", "Several speak together."),
        CONFIDENCE,
        Column("method", "str", "How the speaker was found.", allowed=ATTRIBUTION_METHODS),
        RESOLUTION_ID,
    ),
)  # fmt: skip
STATEMENT_SOURCES = Table(
    "lake", "statement_sources", "one row per statement: the kind of its source, once the article is read",
    ("statement_id",),
    (
        *DAY,
        Column("statement_id", "str", "The statement."),
        VERSION_ID,
        Column("source_kind", "str", "Who the source is: anonymous, a role, somebody with a name, ...",
               allowed=SOURCE_KINDS),
        Column("attribution_method", "str", "How the speaker was found; none: not found, or not named by the text.",
               allowed=ATTRIBUTION_METHODS),
        ANONYMITY,
        RESOLUTION_ID,
    ),
)  # fmt: skip
STATEMENT_TARGETS = Table(
    "lake", "statement_targets", "one row per statement and entity that it addresses or is about",
    ("statement_id", "target_kind", "entity_id"),
    (
        *DAY,
        Column("statement_id", "str", "The statement."),
        Column("target_kind", "str", "Addressed, spoken about, or the one who relayed it.",
               allowed=("addressee", "about", "relayed_by")),
        Column("entity_id", "str", "The entity."),
        VERSION_ID,
        Column("is_inferred", "bool", "Not named by an explicit span."),
        Column("mention_id", "str", "The mention.", nullable=True),
        RESOLUTION_ID,
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: what ran
PIPELINE_RUNS = Table(
    "lake", "pipeline_runs", "one row per run and batch that it wrote", ("run_id", "batch_id"),
    (
        *DAY,
        Column("run_id", "str", "The run.", volatile=True),
        Column("started_at", "instant", "When it began.", volatile=True),
        Column("n_seen", "int", "Records met in the batch."),
        Column("code_version", "str", "Version of OnRecord."),
        Column("config_sha256", "str", "Hash of the settings that decide what is read."),
    ),
)  # fmt: skip
