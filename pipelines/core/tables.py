"""The column contract of every table: the one source of schema.

Belongs here: names, types, nullability, keys, references, allowed values and the meaning of every
column of the lake, the warehouse and the published file. From it come the Parquet schemas, the dbt
contracts and tests (``sql/models/**/_*.yml``), the comments in the published file and
``docs/tables.md``; tests hold them equal. Does not belong here: how a row is made.

Layers: ``lake`` tables are Parquet parts, one per batch; ``state`` tables are small Parquet files that
are replaced whole; ``core``, ``mart`` and ``ops`` are schemas of the warehouse.

Units: offsets are 0-based Unicode code points into ``article_versions.text``, end exclusive.
Instants are UTC; days are DATE columns of their own and never a cast of an instant.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import polars as pl

CONTRACT_VERSION = 1
"""Written into every Parquet part and into the published file; a reader unions parts by column name."""

Layer = Literal["lake", "state", "core", "mart", "ops"]
Kind = Literal["str", "int", "bool", "float", "date", "instant", "bytes", "strs", "ints", "json", "sections", "counts"]

_POLARS: dict[str, pl.DataType] = {
    "str": pl.String(),
    "json": pl.String(),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
    "float": pl.Float64(),
    "date": pl.Date(),
    "instant": pl.Datetime("us", "UTC"),
    "bytes": pl.Binary(),
    "strs": pl.List(pl.String()),
    "ints": pl.List(pl.Int64()),
    "sections": pl.List(pl.Struct({"section": pl.String(), "char_start": pl.Int64(), "char_end": pl.Int64()})),
    "counts": pl.List(pl.Struct({"key": pl.String(), "value": pl.Int64()})),
}
_DUCKDB: dict[str, str] = {
    "str": "VARCHAR",
    "json": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "float": "DOUBLE",
    "date": "DATE",
    "instant": "TIMESTAMP WITH TIME ZONE",
    "bytes": "BLOB",
    "strs": "VARCHAR[]",
    "ints": "BIGINT[]",
    "sections": "STRUCT(section VARCHAR, char_start BIGINT, char_end BIGINT)[]",
    "counts": "MAP(VARCHAR, BIGINT)",
}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: Column name.
        kind: Its type, by our own short name; ``polars`` and ``duckdb`` give the engines' types.
        text: What it means, for the data dictionary and the comment in the published file.
        nullable: Whether it may be unknown.
        volatile: It holds a clock or a run, and may differ between two runs over the same input.
        allowed: The values it may take, empty for any.
        references: ``schema.table.column`` that must hold the value.
    """

    name: str
    kind: Kind
    text: str
    nullable: bool = False
    volatile: bool = False
    allowed: tuple[str, ...] = ()
    references: str | None = None

    @property
    def polars(self) -> pl.DataType:
        """The Polars type."""
        return _POLARS[self.kind]

    @property
    def duckdb(self) -> str:
        """The DuckDB type, as dbt contracts write it."""
        return _DUCKDB[self.kind]


@dataclass(frozen=True)
class Span:
    """Columns that hold a stretch of the article's text: cutting ``start``..``end`` must give ``text``."""

    start: str
    end: str
    text: str


@dataclass(frozen=True)
class Table:
    """One table: where it lives, what a row is, its key and its columns."""

    layer: Layer
    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    spans: tuple[Span, ...] = ()
    is_view: bool = False

    @property
    def schema(self) -> pl.Schema:
        """The Polars schema, in column order."""
        return pl.Schema({c.name: c.polars for c in self.columns})

    @property
    def volatile(self) -> tuple[str, ...]:
        """Names of the columns that hold a clock or a run."""
        return tuple(c.name for c in self.columns if c.volatile)

    def __getitem__(self, name: str) -> Column:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.layer}.{self.name} has no column {name}")

    def empty(self) -> pl.DataFrame:
        """Return a frame of this shape with no rows."""
        return pl.DataFrame(schema=self.schema)

    def frame(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        """Return rows (dicts; missing keys become NULL) as a frame of this shape."""
        return pl.DataFrame(rows, schema=self.schema, orient="row") if rows else self.empty()

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with exactly these columns, in order and type.

        Raises:
            ValueError: a column is missing, or one that may not be NULL holds a NULL.
        """
        missing = [c.name for c in self.columns if c.name not in frame.columns]
        if missing:
            raise ValueError(f"{self.layer}.{self.name}: missing columns {', '.join(missing)}")
        out = frame.select(pl.col(c.name).cast(c.polars) for c in self.columns)
        holes = [c.name for c in self.columns if not c.nullable and out[c.name].null_count()]
        if holes:
            raise ValueError(f"{self.layer}.{self.name}: NULL in {', '.join(holes)}")
        return out


# ---------------------------------------------------------------- value sets
SECTIONS = ("headline", "standfirst", "dateline", "body", "caption", "correction", "boilerplate")
STATEMENT_TYPES = ("direct", "indirect", "mixed")
SOURCE_KINDS = (
    "named_person", "organisation", "state", "collective", "role_only", "anonymous", "document", "unattributed",
)  # fmt: skip
ATTRIBUTION_METHODS = (
    "name", "elided_subject", "passive_agent", "pronoun", "relative", "first_person", "role_reference", "metonym",
    "collective", "carried_forward", "colon_lead_in", "block_quote", "transcript", "override", "none",
)  # fmt: skip
POLARITIES = ("asserted", "negated", "hypothetical", "question", "future")
QUOTE_KINDS = ("speech", "written", "scare", "title", "term", "headline", "unknown")
NAME_KINDS = ("person", "organization", "place", "group")
MENTION_KINDS = ("name", "role+name", "role", "nominal", "pronoun", "metonym", "demonym")
ACTOR_TYPES = ("person", "org", "country", "group", "role", "document", "unknown")
ALIAS_KINDS = (
    "full_name", "surname", "given_name", "acronym", "metonym", "demonym", "role", "transliteration", "nickname",
)  # fmt: skip
ROLE_CLASSES = (
    "head_of_state", "head_of_government", "minister", "spokesperson", "official", "legislator", "military", "judge",
    "party", "opposition", "business", "academic", "ngo", "igo", "media", "civilian", "other",
)  # fmt: skip
OUTCOMES = ("parsed", "duplicate", "quarantined", "ignored")
STAGES = ("read", "decode", "parse", "resolve", "extract", "check")
DATE_BASES = ("explicit", "relative", "inherited", "published", "no_anchor", "none")
EXCLUDED_REASONS = (
    "section", "tier", "polarity", "nested", "superseded_copy", "retracted", "quality",
)  # fmt: skip

# ---------------------------------------------------------------- columns that recur
INGEST_DATE = Column("ingest_date", "date", "UTC day on which the record was first seen; the unit that is replaced.")
BATCH_ID = Column("batch_id", "str", "The ingest run's raw part that the row was computed from.")
_DAY = (INGEST_DATE, BATCH_ID)
_VERSION_ID = Column("version_id", "str", "The article version whose text the offsets refer to.")
_CHAR_START = Column("char_start", "int", "First code point of the span.")
_CHAR_END = Column("char_end", "int", "Code point after the last one of the span.")
_SENTENCE_NO = Column("sentence_no", "int", "Number of the sentence in its version, from 0.")
_EXTRACTION_ID = Column("extraction_id", "str", "Model and code that found the row (ops.extractors).")
_RESOLUTION_ID = Column(
    "resolution_id", "str", "Code, reference data and overrides that resolved the row (ops.resolvers)."
)
_CONFIDENCE = Column("confidence", "float", "Probability, 0 to 1, that the row is right.")


def _ref(column: Column, target: str) -> Column:
    return replace(column, references=target)


def _maybe(column: Column) -> Column:
    return replace(column, nullable=True)


# ---------------------------------------------------------------- lake: what came in
RAW_DOCUMENTS = Table(
    "lake", "raw_documents", "one row per distinct byte content ever seen", ("raw_id",),
    (
        *_DAY,
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
        *_DAY,
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
        *_DAY,
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
        *_DAY,
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
_VERSION_COLUMNS = (
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
        *_DAY,
        *_VERSION_COLUMNS,
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
        *_DAY, _VERSION_ID, Column("article_id", "str", "The article."),
        Column("n_shingles", "int", "Different runs of five words in the body."),
        Column("bands", "ints", "A hash of each band of the MinHash signature: bodies that share one are compared."),
    ),
)  # fmt: skip
NEAR_COPIES = Table(
    "lake", "near_copies", "one row per two versions, of different articles, whose bodies are near copies",
    ("version_id", "earlier_version_id"),
    (
        *_DAY,
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
        *_DAY, _VERSION_ID, _SENTENCE_NO,
        Column("paragraph_no", "int", "Number of the paragraph in its version, from 0."),
        Column("section", "str", "Part of the article.", allowed=SECTIONS),
        _CHAR_START, _CHAR_END,
    ),
)  # fmt: skip
MENTIONS = Table(
    "lake", "mentions", "one row per span that names or stands for an actor", ("mention_id",),
    (
        *_DAY,
        Column("mention_id", "str", "mk_id('mention', version_id, char_start, char_end)."),
        _VERSION_ID, _SENTENCE_NO, _CHAR_START, _CHAR_END,
        Column("surface", "str", "The span as printed."),
        Column("mention_kind", "str", "What kind of expression it is.", allowed=MENTION_KINDS),
        Column("name_kind", "str", "Kind of the name in the span, as the tagger sees it; NULL: it sees none.",
               allowed=NAME_KINDS, nullable=True),
        Column("role_surface", "str", "The role words inside the span, as printed.", nullable=True),
        _EXTRACTION_ID,
    ),
    spans=(Span("char_start", "char_end", "surface"),),
)  # fmt: skip
QUOTES = Table(
    "lake", "quotes", "one row per stretch between quotation marks in a version", ("quote_id",),
    (
        *_DAY,
        Column("quote_id", "str", "mk_id('quote', version_id, char_start, char_end)."),
        _VERSION_ID, _SENTENCE_NO,
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
        _EXTRACTION_ID,
    ),
    spans=(Span("inner_start", "inner_end", "verbatim"),),
)  # fmt: skip
_STATEMENT_COLUMNS = (
    Column("statement_id", "str", "mk_id('statement', version_id, cue, content and source spans)."),
    _VERSION_ID, _SENTENCE_NO,
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
    _EXTRACTION_ID,
)  # fmt: skip
STATEMENTS = Table(
    "lake", "statements", "one row per attribution: a source, a cue and content", ("statement_id",),
    (*_DAY, *_STATEMENT_COLUMNS),
)  # fmt: skip
STATEMENT_SPANS = Table(
    "lake", "statement_spans", "one row per continuous stretch of a statement's source, cue or content",
    ("statement_id", "span_kind", "span_no"),
    (
        *_DAY,
        Column("statement_id", "str", "The statement."),
        _VERSION_ID,
        Column("span_kind", "str", "What the span is.",
               allowed=("source", "cue", "content", "addressee", "time", "venue")),
        Column("span_no", "int", "Order among the spans of its kind, from 0."),
        _CHAR_START, _CHAR_END,
        Column("span_text", "str", "The span as printed."),
    ),
    spans=(Span("char_start", "char_end", "span_text"),),
)  # fmt: skip
STATEMENT_QUOTES = Table(
    "lake", "statement_quotes", "one row per quote that is part of a statement's content",
    ("statement_id", "quote_id"),
    (
        *_DAY,
        _VERSION_ID,
        Column("statement_id", "str", "The statement."),
        Column("quote_id", "str", "The quote."),
        Column("part_no", "int", "Order of the quote in the statement, from 0."),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: article-local entities
ENTITIES = Table(
    "lake", "entities", "one row per actor as one version alone tells it", ("entity_id",),
    (
        *_DAY,
        Column("entity_id", "str", "mk_id('entity', version_id, actor_type, name_norm)."),
        _VERSION_ID,
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
        _RESOLUTION_ID,
    ),
)  # fmt: skip
MENTION_ENTITIES = Table(
    "lake", "mention_entities", "one row per mention and entity that it may stand for; rank 1 is the answer",
    ("mention_id", "entity_id"),
    (
        *_DAY,
        Column("mention_id", "str", "The mention."),
        Column("entity_id", "str", "The entity."),
        _VERSION_ID,
        Column("rank", "int", "1 for the answer, then the other candidates."),
        _CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
        _RESOLUTION_ID,
    ),
)  # fmt: skip
STATEMENT_ENTITIES = Table(
    "lake", "statement_entities", "one row per statement and entity that said it, or may have",
    ("statement_id", "entity_id"),
    (
        *_DAY,
        Column("statement_id", "str", "The statement."),
        Column("entity_id", "str", "The entity."),
        _VERSION_ID,
        Column("speaker_rank", "int", "1 for the answer; joint speakers share it."),
        Column("is_joint", "bool", "Several speak together."),
        _CONFIDENCE,
        Column("method", "str", "How the speaker was found.", allowed=ATTRIBUTION_METHODS),
        _RESOLUTION_ID,
    ),
)  # fmt: skip
STATEMENT_SOURCES = Table(
    "lake", "statement_sources", "one row per statement: the kind of its source, once the article is read",
    ("statement_id",),
    (
        *_DAY,
        Column("statement_id", "str", "The statement."),
        _VERSION_ID,
        Column("source_kind", "str", "Who the source is: anonymous, a role, somebody with a name, ...",
               allowed=SOURCE_KINDS),
        Column("attribution_method", "str", "How the speaker was found; none: not found, or not named by the text.",
               allowed=ATTRIBUTION_METHODS),
        _RESOLUTION_ID,
    ),
)  # fmt: skip
STATEMENT_TARGETS = Table(
    "lake", "statement_targets", "one row per statement and entity that it addresses or is about",
    ("statement_id", "target_kind", "entity_id"),
    (
        *_DAY,
        Column("statement_id", "str", "The statement."),
        Column("target_kind", "str", "Addressed, spoken about, or the one who relayed it.",
               allowed=("addressee", "about", "relayed_by")),
        Column("entity_id", "str", "The entity."),
        _VERSION_ID,
        Column("is_inferred", "bool", "Not named by an explicit span."),
        Column("mention_id", "str", "The mention.", nullable=True),
        _RESOLUTION_ID,
    ),
)  # fmt: skip

# ---------------------------------------------------------------- lake: what ran
PIPELINE_RUNS = Table(
    "lake", "pipeline_runs", "one row per run and batch that it wrote", ("run_id", "batch_id"),
    (
        *_DAY,
        Column("run_id", "str", "The run.", volatile=True),
        Column("started_at", "instant", "When it began.", volatile=True),
        Column("n_seen", "int", "Records met in the batch."),
        Column("code_version", "str", "Version of OnRecord."),
        Column("config_sha256", "str", "Hash of the settings that decide what is read."),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- state: what later news can change
_OWN_DAY = replace(INGEST_DATE, text="Ingest day of the version that it is in.")
ENTITY_ACTORS = Table(
    "state", "entity_actors", "one row per entity that is a known actor: which", ("entity_id",),
    (
        _OWN_DAY,
        Column("entity_id", "str", "The entity."),
        Column("actor_id", "str", "The actor."),
        _CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
    ),
)  # fmt: skip
_ACTOR_COLUMNS = (
    Column("actor_id", "str", "mk_id('actor', type, Wikidata id or normalised name and country)."),
    Column("actor_type", "str", "What kind of actor.", allowed=ACTOR_TYPES),
    Column("canonical_name", "str", "The name to show."),
    Column("country_code", "str", "ISO 3166-1 alpha-3 code.", nullable=True),
    Column("wikidata_qid", "str", "Wikidata id, where the reference data gives one.", nullable=True),
    Column("parent_actor_id", "str", "The actor that it is part of.", nullable=True),
    Column("merged_into", "str", "The actor that a human correction merged it into.", nullable=True),
    Column("status", "str", "curated: in the reference data; provisional: found in text.",
           allowed=("curated", "provisional", "rejected")),
    Column("basis", "str", "How it was made."),
    Column("first_seen_on", "date", "First ingest day with a mention."),
    Column("last_seen_on", "date", "Last ingest day with a mention."),
)  # fmt: skip
ACTORS = Table("state", "actors", "one row per actor", ("actor_id",), _ACTOR_COLUMNS)
_ALIAS_COLUMNS = (
    Column("actor_id", "str", "The actor."),
    Column("alias", "str", "A name it goes by, as most often printed."),
    Column("alias_norm", "str", "The alias folded for comparison."),
    Column("alias_kind", "str", "What kind of name.", allowed=ALIAS_KINDS),
    Column("source", "str", "text: seen in articles; reference: from the reference data."),
    Column("is_ambiguous", "bool", "Other actors go by it too."),
    Column("n_mentions", "int", "Mentions with this alias."),
)  # fmt: skip
ACTOR_ALIASES = Table(
    "state", "actor_aliases", "one row per actor, alias and kind of alias", ("actor_id", "alias_norm", "alias_kind"),
    _ALIAS_COLUMNS,
)  # fmt: skip
_ROLE_COLUMNS = (
    Column("role_id", "str", "mk_id('role', actor_id, role_title in lower case, organisation, country_code)."),
    Column("actor_id", "str", "The actor."),
    Column("role_title", "str", "The role, without article, as printed."),
    Column("role_class", "str", "Kind of role.", allowed=ROLE_CLASSES),
    Column("org_actor_id", "str", "The organisation that the role names.", nullable=True),
    Column("country_code", "str", "ISO 3166-1 alpha-3 code of the country that the role names.", nullable=True),
    Column("first_seen_on", "date", "First publication day with it.", nullable=True),
    Column("last_seen_on", "date", "Last publication day with it.", nullable=True),
    Column("n_articles", "int", "Article versions that give the actor this role."),
    Column("source", "str", "text or reference."),
)  # fmt: skip
ACTOR_ROLES = Table("state", "actor_roles", "one row per role that an actor was seen in", ("role_id",), _ROLE_COLUMNS)
OVERRIDE_ACTIONS = ("merge", "split", "rename", "speaker")
_OVERRIDE_COLUMNS = (
    Column("override_no", "int", "Place in the log, from 0: they are replayed in this order."),
    Column("override_id", "str", "mk_id('override', action, name, value, words, versions)."),
    Column("action", "str", "What is corrected.", allowed=OVERRIDE_ACTIONS),
    Column("anchor", "json", "What it is about, as JSON: name, or versions and words."),
    Column("value", "str", "What holds instead."),
    Column("reason", "str", "Why."),
    Column("made_by", "str", "Who said so."),
    Column("made_at", "instant", "When it was said."),
    Column("is_orphan", "bool", "It finds nothing any more, and changes nothing."),
    Column("n_affected", "int", "Entities or statements that it changes."),
)  # fmt: skip
OVERRIDES = Table(
    "state", "overrides", "one row per human correction, and whether it still applies", ("override_id",),
    _OVERRIDE_COLUMNS,
)  # fmt: skip
_STATEMENT_OVERRIDE_COLUMNS = (
    _OWN_DAY,
    Column("statement_id", "str", "The statement."),
    Column("actor_id", "str", "Who said it."),
    Column("override_id", "str", "The correction."),
)  # fmt: skip
STATEMENT_OVERRIDES = Table(
    "state", "statement_overrides", "one row per statement whose speaker a person has corrected", ("statement_id",),
    _STATEMENT_OVERRIDE_COLUMNS,
)  # fmt: skip
ACTOR_MEMBERS = Table(
    "state", "actor_members", "one row per group and member", ("group_actor_id", "member_actor_id"),
    (
        Column("group_actor_id", "str", "The group."),
        Column("member_actor_id", "str", "The member."),
    ),
)  # fmt: skip
STORY_GROUPS = Table(
    "state", "story_groups", "one row per article that is a near copy of others", ("article_id",),
    (
        Column("article_id", "str", "The article."),
        Column("near_dup_group", "str", "mk_id('story', the article of the group that was met first): near copies "
               "share it."),
    ),
)  # fmt: skip
QUOTE_CLUSTERS = Table(
    "state", "quote_clusters", "one row per wording of a quote that is near another", ("canonical_quote_id",),
    (
        Column("canonical_quote_id", "str", "The wording."),
        Column("cluster_id", "str", "Near wordings share it: canonical_quote_id of the longest, the head."),
        Column("similarity_to_head", "float", "Share of its word triples that the head has too, 0 to 1."),
        Column("method", "str", "head: the longest; cut: all its word triples are in the head; "
               "reworded: nearly all, or all those of another member.", allowed=("head", "cut", "reworded")),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- core: facts of a day (incremental tables)
_V_REF = replace(_VERSION_ID, references="core.version_facts.version_id")
_S_REF = Column("statement_id", "str", "The statement.", references="core.statement_rows.statement_id")
_E_REF = Column("entity_id", "str", "The article-local entity.", references="core.entities.entity_id")


def _core(
    table: Table, name: str | None = None, *, drop: tuple[str, ...] = (), refs: dict[str, str] | None = None
) -> Table:
    """Return a lake table's contract as that of the core table with the same rows."""
    kept = (c for c in table.columns if c.name not in drop)
    columns = tuple(_ref(c, refs[c.name]) if refs and c.name in refs else c for c in kept)
    return replace(table, layer="core", name=name or table.name, columns=columns)


_V = {"version_id": "core.version_facts.version_id"}
_S = {"statement_id": "core.statement_rows.statement_id"}
_E = {"entity_id": "core.entities.entity_id"}
VERSION_FACTS = _core(
    ARTICLE_VERSIONS, "version_facts",  # with the outlet's name and domain: core.outlets is a function of these facts
    refs={"outlet_id": "core.outlets.outlet_id"},
)  # fmt: skip
CORE_NEAR_COPIES = _core(NEAR_COPIES, refs=_V)
CORE_SENTENCES = _core(SENTENCES, refs=_V)
CORE_MENTIONS = _core(MENTIONS, refs=_V)
CORE_QUOTES = _core(QUOTES, refs=_V)
_SPEAKER_ENTITY = (
    Column("speaker_entity_id", "str", "The entity that said it; NULL: none was found. Of joint ones the surest, then "
           "the one with the least id.", nullable=True, references="core.entities.entity_id"),
    Column("speaker_confidence", "float", "Probability, 0 to 1, that it was this entity; NULL: none was found.",
           nullable=True),
)  # fmt: skip
_FACT_COLUMNS = (*STATEMENTS.columns, *_SPEAKER_ENTITY)
_FACT_REFS = _V | {
    "speaker_mention_id": "core.mentions.mention_id",
    "parent_statement_id": "core.statement_rows.statement_id",
}
STATEMENT_FACTS = replace(
    _core(replace(STATEMENTS, columns=_FACT_COLUMNS), "statement_facts", refs=_FACT_REFS),
    grain="one row per attribution: what its text alone says", is_view=True,
)  # fmt: skip
CORE_STATEMENT_SPANS = _core(
    replace(STATEMENT_SPANS, columns=(*STATEMENT_SPANS.columns, _EXTRACTION_ID)), refs=_V | _S
)  # fmt: skip
CORE_STATEMENT_QUOTES = _core(STATEMENT_QUOTES, refs=_V | _S | {"quote_id": "core.quotes.quote_id"})
CORE_ENTITIES = _core(ENTITIES, refs=_V)
CORE_MENTION_ENTITIES = _core(MENTION_ENTITIES, refs=_V | _E | {"mention_id": "core.mentions.mention_id"})
CORE_STATEMENT_ENTITIES = _core(STATEMENT_ENTITIES, refs=_V | _E | _S)
CORE_TARGET_ENTITIES = _core(
    STATEMENT_TARGETS, "statement_target_entities", refs=_V | _E | _S | {"mention_id": "core.mentions.mention_id"}
)

# ---------------------------------------------------------------- core: state (small tables, replaced whole)
OUTLETS = Table(
    "core", "outlets", "one row per outlet", ("outlet_id",),
    (
        Column("outlet_id", "str", "mk_id('outlet', domain, else 'name:' + name, else 'source:' + source)."),
        Column("name", "str", "Name of the outlet, as most of its articles give it."),
        Column("domain", "str", "Registrable domain.", nullable=True),
        Column("first_seen_on", "date", "First ingest day with an article."),
        Column("last_seen_on", "date", "Last ingest day with a new version."),
    ),
)  # fmt: skip
VERSION_STATE = Table(
    "core", "version_state", "one row per version: what later versions change about it", ("version_id",),
    (
        _V_REF,
        Column("version_no", "int", "1 for the first text of the article, then upwards."),
        Column("is_current", "bool", "The text that the article was last seen with."),
        Column("supersedes", "str", "The version before it.", nullable=True),
    ),
)  # fmt: skip
ARTICLE_STATE = Table(
    "core", "article_state", "one row per article: its current text, its story, and whether counts include it",
    ("article_id",),
    (
        Column("article_id", "str", "The article."),
        Column("current_version_id", "str", "The text that it was last seen with.",
               references="core.version_facts.version_id"),
        Column("current_ingest_date", "date", "UTC day on which that text was first seen."),
        Column("outlet_id", "str", "The outlet.", references="core.outlets.outlet_id"),
        Column("outlet", "str", "Name of the outlet."),
        Column("external_key", "str", "Canonical URL, else the supplied id, else raw_id (or a path, by setting)."),
        Column("url", "str", "Canonical URL.", nullable=True),
        Column("headline", "str", "Headline as printed.", nullable=True),
        Column("published_on", "date", "Day of publication in the publisher's own zone.", nullable=True),
        Column("published_at", "instant", "Instant of publication, where time and zone are known.", nullable=True),
        Column("text_sha256", "str", "SHA-256 of the text as UTF-8."),
        Column("wire_agency", "str", "News agency named by dateline, byline or credit.", nullable=True),
        Column("is_retracted", "bool", "The current text withdraws the article."),
        Column("quality_flags", "strs", "Why the text may not be a whole article."),
        Column("first_seen_on", "date", "Ingest day of its first version."),
        Column("n_versions", "int", "Number of texts that it had."),
        Column("near_dup_group", "str", "Near copies of one story share it; NULL: none is known.", nullable=True),
        Column("uncounted_reason", "str", "Why no count includes it: retracted or quality; NULL: counts do.",
               nullable=True),
        Column("is_superseded_copy", "bool", "Another copy of its story counts for it."),
    ),
)  # fmt: skip
CORE_ENTITY_ACTORS = replace(
    ENTITY_ACTORS, layer="core",
    columns=tuple(
        _ref(c, {"entity_id": "core.entities.entity_id", "actor_id": "core.actors.actor_id"}[c.name])
        if c.name in ("entity_id", "actor_id") else c for c in ENTITY_ACTORS.columns
    ),
)  # fmt: skip
CORE_ACTORS = replace(ACTORS, layer="core")
CORE_ACTOR_ALIASES = replace(
    ACTOR_ALIASES, layer="core",
    columns=(_ref(_ALIAS_COLUMNS[0], "core.actors.actor_id"), *_ALIAS_COLUMNS[1:]),
)  # fmt: skip
CORE_ACTOR_ROLES = replace(
    ACTOR_ROLES, layer="core",
    columns=tuple(
        _ref(c, "core.actors.actor_id") if c.name in ("actor_id", "org_actor_id") else c for c in _ROLE_COLUMNS
    ),
)  # fmt: skip
CORE_STATEMENT_OVERRIDES = replace(
    STATEMENT_OVERRIDES, layer="core",
    columns=tuple(
        _ref(c, {"statement_id": "core.statement_rows.statement_id", "actor_id": "core.actors.actor_id"}[c.name])
        if c.name in ("statement_id", "actor_id") else c for c in _STATEMENT_OVERRIDE_COLUMNS
    ),
)  # fmt: skip
CORE_STORY_GROUPS = replace(STORY_GROUPS, layer="core")
CORE_QUOTE_CLUSTERS = replace(QUOTE_CLUSTERS, layer="core")

DAY_STATES = Table(
    "core", "day_states", "one row per ingest day: what all news say of its facts, as a hash", ("ingest_date",),
    (
        INGEST_DATE,
        Column("state_id", "str", "Changes when a current version, a story, an actor of an entity, a correction or a "
               "cluster of quotes of the day does."),
    ),
)  # fmt: skip
BUILT_DAYS = Table(
    "core", "built_days", "one row per table of facts joined with state, and ingest day: which state it was made with",
    ("relation", "ingest_date"),
    (Column("relation", "str", "The table, with its schema."), INGEST_DATE,
     Column("state_id", "str", "See day_states; where it is another, the day is made again.")),
)  # fmt: skip

# ---------------------------------------------------------------- core: facts of a day, joined with state
_ARTICLE_ID = Column("article_id", "str", "The article.")
_OUTLET_ID = Column("outlet_id", "str", "The outlet; two may share a name.")
_OUTLET = Column("outlet", "str", "Name of the outlet.")
_SPEAKER_ID = Column("speaker_actor_id", "str", "The actor; NULL: not known.", nullable=True)
_ACTOR_REF = replace(_SPEAKER_ID, references="core.actors.actor_id")
_IS_UNATTRIBUTED = Column("is_unattributed", "bool", "The text names no source.")
_N_STATEMENTS = Column("n_statements", "int", "Statements counted.")
_N_WITH_QUOTES = Column("n_with_quotes", "int", "Of these, with words in quotation marks.")
_AGENCY = Column("agency", "str", "The news agency that the article is credited to; NULL: to none.", nullable=True)
_N_ARTICLES = Column("n_articles", "int", "Articles with a counted one.")
_ON_DATE = Column(
    "on_date",
    "date",
    "Day on which it was said; where the text does not say, of publication. NULL: neither is known.",
    nullable=True,
)
_CUE_CLASS = Column("cue_class", "str", "Kind of speech act; none where no cue tells.")
_EXCLUDED_REASON = Column(
    "excluded_reason", "str", "The first rule that leaves it out; NULL: counted.", nullable=True,
    allowed=EXCLUDED_REASONS,
)  # fmt: skip
_LEFT_OUT_BY_REASON = tuple(
    Column(f"n_{reason}", "int", f"Left out of the counts: {reason}.") for reason in sorted(EXCLUDED_REASONS)
)
_FIRST_AND_LAST = (
    Column("first_on", "date", "First day.", nullable=True),
    Column("last_on", "date", "Last day.", nullable=True),
)
_TARGET_KIND = Column(
    "target_kind", "str", "Addressed, spoken about, or the one who relayed it.",
    allowed=("addressee", "about", "relayed_by"),
)  # fmt: skip
_TEXT_OF_ARTICLE = (
    Column("headline", "str", "Headline of the article.", nullable=True),
    Column("url", "str", "Canonical URL of the article.", nullable=True),
    Column("published_at", "instant", "Instant of publication.", nullable=True),
    Column("published_on", "date", "Day of publication.", nullable=True),
)
STATEMENT_ROWS = Table(
    "core", "statement_rows", "one row per attribution: what its text says, and what all news say of it",
    ("statement_id",),
    (
        *_core(replace(STATEMENTS, columns=_FACT_COLUMNS), "statement_rows", refs=_FACT_REFS).columns,
        Column("is_current", "bool", "It is in the text that its article was last seen with; else what follows of the "
               "article is NULL."),
        _maybe(_ARTICLE_ID), _maybe(_OUTLET_ID), _maybe(_OUTLET),
        Column("near_dup_group", "str", "Near copies of one story share it.", nullable=True),
        *_TEXT_OF_ARTICLE,
        Column("text_sha256", "str", "Hash of the text that the offsets refer to.", nullable=True),
        Column("is_retracted", "bool", "The current text withdraws the article.", nullable=True),
        Column("quality_flags", "strs", "Quality flags of the version.", nullable=True),
        Column("wire_agency", "str", "News agency named by dateline, byline or credit.", nullable=True),
        _ON_DATE, _ACTOR_REF,
        Column("attribution_confidence", "float", "Probability, 0 to 1, that the speaker is right; 0: none was found."),
        Column("is_corrected", "bool", "A person has said who the speaker is."),
        Column("corrected_source_kind", "str", "Kind of that speaker.", nullable=True, allowed=SOURCE_KINDS),
        _EXCLUDED_REASON,
    ),
)  # fmt: skip
TARGET_ROWS = Table(
    "core", "target_rows", "one row per statement and actor that it addresses, names, or is relayed by",
    ("statement_id", "target_kind", "actor_id"),
    (
        INGEST_DATE, _S_REF, _TARGET_KIND,
        Column("actor_id", "str", "The actor.", references="core.actors.actor_id"),
        Column("is_inferred", "bool", "Not named by an explicit span."),
        Column("mention_id", "str", "The first mention of it there.", nullable=True),
    ),
)  # fmt: skip
QUOTE_ROWS = Table(
    "core", "quote_rows", "one row per quote of four words or more in a current version: where words were printed",
    ("quote_id",),
    (
        INGEST_DATE, Column("quote_id", "str", "The quote.", references="core.quotes.quote_id"),
        Column("quote_key", "str", "Near wordings share it: the canonical_quote_id of the longest."),
        Column("canonical_quote_id", "str", "The same words anywhere have the same id."),
        Column("verbatim", "str", "The words between the marks, as printed."),
        Column("n_words", "int", "Number of words."),
        Column("quote_kind", "str", "Speech or written words.", allowed=QUOTE_KINDS),
        _VERSION_ID, Column("char_start", "int", "First code point, the opening mark included."), _ARTICLE_ID,
        Column("story", "str", "The article, or the group of near copies that it belongs to."),
        _OUTLET_ID, _OUTLET, *_TEXT_OF_ARTICLE[:2], _TEXT_OF_ARTICLE[3], _TEXT_OF_ARTICLE[2],
        Column("statement_id", "str", "The statement that it is part of; of several, the one whose speaker is surest.",
               nullable=True),
        _ACTOR_REF,
        Column("excluded_reason", "str", "Why no count includes it: retracted or quality.", nullable=True,
               allowed=EXCLUDED_REASONS),
    ),
)  # fmt: skip
REPLY_ROWS = Table(
    "core", "reply_rows", "one row per counted statement and actor that it is about: was the actor heard there",
    ("statement_id", "target_actor_id"),
    (
        INGEST_DATE, _S_REF, _ARTICLE_ID, _OUTLET_ID, _OUTLET, _TEXT_OF_ARTICLE[0], _ON_DATE, _ACTOR_REF,
        _IS_UNATTRIBUTED, _CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("target_actor_id", "str", "The one spoken about.", references="core.actors.actor_id"),
        Column("n_replies", "int", "Counted statements of the target in the same article."),
    ),
)  # fmt: skip
RELAY_ROWS = Table(
    "core", "relay_rows", "one row per statement and the one through whom it reached print, but for agencies",
    ("statement_id", "relay_kind", "relayer_actor_id"),
    (
        INGEST_DATE, _S_REF,
        Column("relay_kind", "str", "statement: inside a statement of the relayer; source: the article names it; wire "
               "is told by the mart.", allowed=("statement", "source", "wire")),
        Column("relayer_actor_id", "str", "The relayer, where it is a known actor.", nullable=True),
        Column("is_relayer_unattributed", "bool", "The text names no source for the statement around it."),
        Column("relayed_actor_id", "str", "Who is relayed.", nullable=True),
        Column("is_relayed_unattributed", "bool", "The text names no source for the statement."),
        _OUTLET_ID, _OUTLET, _ARTICLE_ID, _ON_DATE, _CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("parent_statement_id", "str", "The statement inside which this one is reported.", nullable=True),
        Column("depth", "int", "0: the article reports it; 1: inside another statement; and so on."),
        _EXCLUDED_REASON,
    ),
)  # fmt: skip
SPEAKER_DAYS = Table(
    "core", "speaker_days", "one row per ingest day, outlet and speaker: sums that speaker_counts, share_of_voice and "
    "those on them add up", ("ingest_date", "outlet_id", "speaker_actor_id", "is_unattributed"),
    (
        INGEST_DATE, _OUTLET_ID, _OUTLET, _ACTOR_REF, _IS_UNATTRIBUTED, _N_STATEMENTS, _N_WITH_QUOTES, _N_ARTICLES,
        Column("content_chars", "int", "Code points of content in the counted statements."),
        Column("confidence_millionths", "int", "Sum of attribution_confidence of those, in millionths."),
        *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
TARGET_DAYS = Table(
    "core", "target_days", "one row per ingest day, outlet, speaker, target and cue class: sums that who_about_whom "
    "adds up", ("ingest_date", "outlet_id", "speaker_actor_id", "target_kind", "target_actor_id", "cue_class"),
    (
        INGEST_DATE, _OUTLET_ID, replace(_ACTOR_REF, nullable=False), _TARGET_KIND,
        Column("target_actor_id", "str", "To, about or through whom.", references="core.actors.actor_id"),
        _CUE_CLASS, _N_STATEMENTS, _N_ARTICLES, *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
UNNAMED_DAYS = Table(
    "core", "unnamed_days", "one row per ingest day, outlet and unnamed source, as printed: sums that "
    "anonymous_sources adds up", ("ingest_date", "outlet_id", "source_kind", "source"),
    (
        INGEST_DATE, _OUTLET_ID, _OUTLET,
        Column("source_kind", "str", "anonymous, role_only or collective.", allowed=SOURCE_KINDS),
        Column("source", "str", "The source as printed, in lower case, without article and with single spaces."),
        _N_STATEMENTS, _N_WITH_QUOTES, _N_ARTICLES, *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
OUTLET_DAYS = Table(
    "core", "outlet_days", "one row per ingest day, outlet and news agency: what is counted, what is not, and what has "
    "no known speaker", ("ingest_date", "outlet_id", "agency"),
    (
        INGEST_DATE, _OUTLET_ID, _OUTLET, _AGENCY, _N_STATEMENTS, _N_ARTICLES, *_LEFT_OUT_BY_REASON,
        Column("n_looked_at", "int", "Statements that attribution_gaps looks at."),
        *(Column(f"n_gap_{reason}", "int", f"Statements that it does not look at: {reason}.")
          for reason in ("section", "polarity", "nested", "retracted", "quality")),
        *(Column(f"n_{what}", "int", f"Of those looked at: {text}.") for what, text in (
            ("unattributed", "no source in the text"), ("anonymous", "an anonymous or role-only source"),
            ("collective", "several or a group as the source"), ("unresolved", "a source, but no actor"),
            ("inferred", "speaker by pronoun, elided subject or carried forward"))),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- core: what analysts read (views of facts and state)
ARTICLES = Table(
    "core", "articles", "one row per article", ("article_id",),
    (
        Column("article_id", "str", "mk_id('article', outlet_id, external_key)."),
        Column("outlet_id", "str", "The outlet.", references="core.outlets.outlet_id"),
        Column("external_key", "str", "Canonical URL, else the supplied id, else raw_id (or a path, by setting)."),
        Column("url", "str", "Canonical URL.", nullable=True),
        Column("first_seen_on", "date", "Ingest day of its first version."),
        Column("n_versions", "int", "Number of texts that it had."),
        Column("current_version_id", "str", "The text that it was last seen with."),
        Column("is_retracted", "bool", "The current text withdraws the article."),
        Column("near_dup_group", "str", "Near copies of one story share it; NULL: none is known.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
CORE_ARTICLE_VERSIONS = Table(
    "core", "article_versions", "one row per text that a publisher gave an article", ("version_id",),
    (
        *_DAY, *_VERSION_COLUMNS,
        Column("version_no", "int", "1 for the first text of the article, then upwards."),
        Column("is_current", "bool", "The text that the article was last seen with."),
        Column("supersedes", "str", "The version before it.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
CORE_STATEMENTS = Table(
    "core", "statements", "one row per attribution: a source, a cue and content", ("statement_id",),
    (
        *_DAY, *_STATEMENT_COLUMNS,
        Column("speaker_actor_id", "str", "Who said it; NULL: not known (see source_kind, attribution_method). "
               "Of joint speakers the surest; statement_speakers has all.",
               nullable=True),
        Column("attribution_confidence", "float", "Probability, 0 to 1, that the speaker is right; 0: none was found."),
    ),
    is_view=True,
)  # fmt: skip
STATEMENT_SPEAKERS = Table(
    "core", "statement_speakers", "one row per statement and actor who said it, or may have",
    ("statement_id", "actor_id"),
    (
        Column("statement_id", "str", "The statement."),
        Column("actor_id", "str", "The actor."),
        Column("speaker_rank", "int", "1 for the answer; joint speakers share it."),
        Column("is_joint", "bool", "Several speak together."),
        _CONFIDENCE,
        Column("method", "str", "How the speaker was found.", allowed=ATTRIBUTION_METHODS),
    ),
    is_view=True,
)  # fmt: skip
CORE_STATEMENT_TARGETS = Table(
    "core", "statement_targets", "one row per statement and actor that it addresses, names, or is relayed by",
    ("statement_id", "target_kind", "actor_id"),
    (
        Column("statement_id", "str", "The statement."),
        Column("target_kind", "str", "Addressed, spoken about, or the one who relayed it.",
               allowed=("addressee", "about", "relayed_by")),
        Column("actor_id", "str", "The actor."),
        Column("is_inferred", "bool", "Not named by an explicit span."),
        Column("mention_id", "str", "The first mention of it there.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
MENTION_LINKS = Table(
    "core", "mention_links", "one row per mention and actor that it may stand for; rank 1 is the answer",
    ("mention_id", "actor_id"),
    (
        Column("mention_id", "str", "The mention."),
        Column("actor_id", "str", "The actor."),
        Column("rank", "int", "1 for the answer, then the other candidates."),
        _CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
    ),
    is_view=True,
)  # fmt: skip

# ---------------------------------------------------------------- ops
OPS_RAW_DOCUMENTS = replace(
    RAW_DOCUMENTS, layer="ops", columns=tuple(c for c in RAW_DOCUMENTS.columns if c.name != "bytes")
)
OPS_SIGHTINGS = Table(
    "ops", "sightings", "one row per meeting with a record, and what became of it", ("sighting_id",),
    (
        *(c for c in SIGHTINGS.columns if c.name not in ("refusal_rule", "refusal_detail")),
        *(_maybe(c) if c.name == "outcome" else c for c in SIGHTING_OUTCOMES.columns
          if c.name in ("outcome", "outcome_reason", "version_id", "batch_order")),
    ),
)  # fmt: skip
OPS_QUARANTINE = replace(QUARANTINE, layer="ops")
OPEN_REFUSALS = Table(
    "ops",
    "open_refusals",
    "one row per refused record or failed article that has not come through since",
    ("quarantine_id",),
    tuple(c for c in QUARANTINE.columns if c.name != "resolved_at"),
    is_view=True,
)
SOURCE_RATES = Table(
    "ops", "source_rates", "one row per source and ingest day: what it brought, what was refused, what was missing",
    ("source_name", "ingest_date"),
    (
        INGEST_DATE,
        Column("source_name", "str", "The source's name in the settings."),
        Column("n_seen", "int", "Records met."),
        Column("n_new", "int", "Of these, with other bytes than the last ones at their place."),
        *(Column(f"n_{outcome}", "int", f"Of the new ones, {outcome} (see ops.sightings).") for outcome in OUTCOMES),
        Column("n_no_date", "int", "Of the parsed ones, without a day of publication."),
        Column("n_no_author", "int", "Of the parsed ones, without byline and author."),
        Column("n_no_headline", "int", "Of the parsed ones, without a headline."),
        Column("n_no_url", "int", "Of the parsed ones, without a URL."),
        Column("last_seen_at", "instant", "When a record of it was last met that day.", volatile=True),
    ),
)  # fmt: skip
OPS_PIPELINE_RUNS = replace(PIPELINE_RUNS, layer="ops")
CHECK_RESULTS = Table(
    "ops", "check_results", "one row per check of the build that made this file", ("check_name", "table_name"),
    (
        Column("check_name", "str", "The check."),
        Column("table_name", "str", "What it looked at."),
        Column("passed", "bool", "Whether it held."),
        Column("severity", "str", "block stops a publication; warn does not.", allowed=("block", "warn")),
        Column("n_checked", "int", "Rows looked at.", nullable=True),
        Column("n_failed", "int", "Rows that broke it.", nullable=True),
        Column("detail", "json", "What was observed, with some of the rows that broke it, as JSON.", volatile=True),
        Column("checked_at", "instant", "When.", volatile=True),
    ),
)  # fmt: skip
EXTRACTORS = Table(
    "ops", "extractors", "one row per extraction_id in the file", ("extraction_id",),
    (
        Column("extraction_id", "str", "mk_id('extractor', name, version, model_sha256)."),
        Column("name", "str", "Name of the tagger."),
        Column("version", "str", "Version of model and code."),
        Column("model_sha256", "str", "Hash of the model or the lexicon."),
    ),
)  # fmt: skip
RESOLVERS = Table(
    "ops", "resolvers", "one row per resolution_id in the file", ("resolution_id",),
    (
        Column("resolution_id", "str", "mk_id('resolver', version, ref_data_sha256, overrides_sha256)."),
        Column("version", "str", "Version of the code."),
        Column("ref_data_sha256", "str", "Hash of the reference data."),
        Column("overrides_sha256", "str", "Hash of the human corrections."),
    ),
)  # fmt: skip
OPS_OVERRIDES = replace(OVERRIDES, layer="ops")
CHANGES = Table(
    "ops", "changes", "one row per thing that changed in who is who since the publication before this one",
    ("change", "subject_id"),
    (
        Column("change", "str", "What changed.",
               allowed=("added", "removed", "renamed", "retyped", "merged", "moved")),
        Column("actor_id", "str", "The actor; for moved the one that the entity is now."),
        Column("subject_id", "str", "What changed: moved: the entity that was another actor; else the actor."),
        Column("before", "str", "What it was: name, type or actor_id.", nullable=True),
        Column("after", "str", "What it is.", nullable=True),
    ),
)  # fmt: skip
REPROCESSING = Table(
    "ops", "reprocessing",
    "one row per source and kind of change in records that the publication before this one had already",
    ("source_name", "what", "effect"),
    (
        Column("source_name", "str", "The source's name in the settings."),
        Column("what", "str", "What changed: version, statement, text, or the name of another field."),
        Column("effect", "str", "How: came and went of versions and statements; filled, emptied or other of fields.",
               allowed=("came", "went", "filled", "emptied", "other")),
        Column("n_changes", "int", "Versions, statements or values that changed so."),
        Column("n_versions", "int", "Versions in which they are."),
        Column("n_chars_before", "int", "Characters of these texts before; NULL but for text.", nullable=True),
        Column("n_chars_after", "int", "Characters of these texts now; NULL but for text.", nullable=True),
        Column("example_version_id", "str", "One of these versions."),
    ),
)  # fmt: skip
TAKEDOWNS = Table(
    "ops", "takedowns", "one row per article that was taken down and is kept out", ("takedown_id",),
    (
        Column("takedown_id", "str", "mk_id('takedown', target)."),
        Column("target", "str", "The URL in its one form, or the article_id, that was to be forgotten."),
        Column("reason", "str", "Why, as given.", nullable=True),
        Column("forgotten_at", "instant", "When."),
        Column("made_by", "str", "Who said so."),
        Column("n_records", "int", "Distinct records (bytes) that carried it, so far."),
        Column("n_texts", "int", "Distinct texts that they gave."),
    ),
)  # fmt: skip
PUBLICATION = Table(
    "ops", "publication", "one row: this file", ("publication_id",),
    (
        Column("publication_id", "str", "Name of the publication, and of the file when it is kept as an earlier one.",
               volatile=True),
        Column("published_at", "instant", "When.", volatile=True),
        Column("contract_version", "int", "Version of these column contracts."),
        Column("code_version", "str", "Version of OnRecord."),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- marts
_SPEAKER = Column("speaker", "str", "Canonical name of the actor, else '(unattributed)' or '(unresolved)'.")
_LEFT_OUT = (
    Column("n_excluded", "int", "Statements left out of the counts."),
    Column("excluded_reasons", "counts", "How many of these for which reason (see statements_counted)."),
)
_N_STORIES = Column("n_stories", "int", "Stories with a counted one: near copies are one story.")
_N_OUTLETS = Column("n_outlets", "int", "Outlets with a counted one.")
_SPEAKER_TYPE = Column("speaker_type", "str", "What kind of actor.", allowed=ACTOR_TYPES)
_SPEAKER_COUNTRY = Column("speaker_country", "str", "ISO 3166-1 alpha-3 code of the actor.", nullable=True)
_WORDING = Column("verbatim", "str", "The words between the marks, as printed.")
_QUOTE_KEY = Column("quote_key", "str", "Near wordings share it: the canonical_quote_id of the longest.")
_CURRENT_COLUMNS = (
    *CORE_STATEMENTS.columns,
    _ARTICLE_ID,
    Column("outlet_id", "str", "The outlet."),
    _OUTLET,
    Column("near_dup_group", "str", "Near copies of one story share it.", nullable=True),
    Column("headline", "str", "Headline of the article.", nullable=True),
    Column("url", "str", "Canonical URL of the article.", nullable=True),
    Column("published_at", "instant", "Instant of publication.", nullable=True),
    Column("published_on", "date", "Day of publication.", nullable=True),
    Column("text_sha256", "str", "Hash of the text that the offsets refer to."),
    _SPEAKER,
    Column("speaker_type", "str", "What kind of actor.", nullable=True, allowed=ACTOR_TYPES),
    Column("speaker_country", "str", "ISO 3166-1 alpha-3 code of the actor.", nullable=True),
    Column("on_date", "date", "stated_date, else the day of publication; NULL if neither is known.", nullable=True),
    Column("is_retracted", "bool", "The current text withdraws the article."),
    Column("quality_flags", "strs", "Quality flags of the version."),
)  # fmt: skip
STATEMENTS_CURRENT = Table(
    "mart", "statements_current", "one row per statement of a current version: where analysts start",
    ("statement_id",), _CURRENT_COLUMNS, is_view=True,
)  # fmt: skip
STATEMENTS_COUNTED = Table(
    "mart", "statements_counted", "one row per statement of a current version, with why it is left out of counts",
    ("statement_id",),
    (
        *_CURRENT_COLUMNS,
        Column("is_counted", "bool", "It is in the default counts."),
        Column("excluded_reason", "str", "The first rule that leaves it out; NULL: counted.", nullable=True,
               allowed=EXCLUDED_REASONS),
    ),
    is_view=True,
)  # fmt: skip
SPEAKER_COUNTS = Table(
    "mart", "speaker_counts", "one row per actor: who is quoted most", ("speaker_actor_id",),
    (
        replace(_SPEAKER_ID, nullable=False), _SPEAKER, _SPEAKER_TYPE, _SPEAKER_COUNTRY,
        _N_STATEMENTS,
        Column("n_with_quotes", "int", "Of these, with words in quotation marks."),
        _N_ARTICLES, _N_STORIES, _N_OUTLETS, *_LEFT_OUT,
        Column("first_on", "date", "First day.", nullable=True),
        Column("last_on", "date", "Last day.", nullable=True),
        Column("mean_confidence", "float", "Mean attribution_confidence of the counted statements.", nullable=True),
    ),
)  # fmt: skip
SHARE_OF_VOICE = Table(
    "mart", "share_of_voice", "one row per outlet and speaker: whose voice fills the outlet",
    ("outlet_id", "speaker_actor_id", "speaker"),
    (
        _OUTLET_ID, _OUTLET, _SPEAKER_ID, _SPEAKER, _N_STATEMENTS, *_LEFT_OUT,
        Column("share", "float", "Share of the outlet's counted statements, 0 to 1; those of no known speaker are in "
               "the whole.", nullable=True),
        Column("content_chars", "int", "Code points of content in the counted statements."),
        Column("share_chars", "float", "Share of the outlet's counted content, 0 to 1.", nullable=True),
        Column("rank_in_outlet", "int", "1 for the most quoted actor of the outlet; equals share it. NULL: no known "
               "actor.", nullable=True),
    ),
)  # fmt: skip
VOICE_BY_DAY = Table(
    "mart", "voice_by_day", "one row per day and actor: whose voice rises or falls", ("on_date", "speaker_actor_id"),
    (
        _ON_DATE, replace(_SPEAKER_ID, nullable=False), _SPEAKER, _N_STATEMENTS, *_LEFT_OUT, _N_STORIES, _N_OUTLETS,
        Column("n_statements_of_day", "int", "Counted statements of that day, by whomever: the whole of the share."),
        Column("share", "float", "n_statements of n_statements_of_day, 0 to 1.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
OUTLET_COUNTS = Table(
    "mart", "outlet_counts", "one row per outlet: how much of it is counted, and what is left out", ("outlet_id",),
    (_OUTLET_ID, _OUTLET, _N_STATEMENTS, _N_ARTICLES, *_LEFT_OUT),
    is_view=True,
)  # fmt: skip
AGENCY_SHARE = Table(
    "mart", "agency_share", "one row per outlet and news agency: how much of what it prints is the agency's",
    ("outlet_id", "agency"),
    (
        _OUTLET_ID, _OUTLET, _AGENCY, _N_STATEMENTS, _N_ARTICLES, *_LEFT_OUT,
        Column("share", "float", "Share of the outlet's counted statements, 0 to 1.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
OUTLET_DIVERSITY = Table(
    "mart", "outlet_diversity", "one row per outlet: how many voices it has, and how evenly", ("outlet_id",),
    (
        _OUTLET_ID, _OUTLET,
        Column("n_statements", "int", "Counted statements with a known actor."),
        *_LEFT_OUT,
        Column("n_unknown", "int", "Counted statements without a known actor: no voice can be given to them."),
        Column("n_speakers", "int", "Actors with a counted statement."),
        Column("top_speaker_share", "float", "Share of the most quoted actor, 0 to 1.", nullable=True),
        Column("hhi", "float", "Herfindahl-Hirschman index: sum of squared shares; 1: one voice.", nullable=True),
        Column("shannon", "float", "Shannon entropy of the shares, in nats.", nullable=True),
        Column("effective_speakers", "float", "exp(shannon): as many equal voices would be as diverse.",
               nullable=True),
    ),
)  # fmt: skip
VOICES_BY_ROLE = Table(
    "mart", "voices_by_role", "one row per outlet, kind of speaker and kind of role: which part of society speaks",
    ("outlet_id", "speaker_type", "role_class"),
    (
        _OUTLET_ID, _OUTLET,
        Column("speaker_type", "str", "What kind of actor; unknown where the speaker is not known.",
               allowed=ACTOR_TYPES),
        Column("role_class", "str", "Kind of the role that most articles give the actor; NULL: none is known.",
               nullable=True, allowed=ROLE_CLASSES),
        _N_STATEMENTS, *_LEFT_OUT,
        Column("n_speakers", "int", "Actors with a counted statement."),
        Column("share", "float", "Share of the outlet's counted statements, 0 to 1.", nullable=True),
    ),
)  # fmt: skip
QUOTE_USES = Table(
    "mart", "quote_uses", "one row per quote of four words or more in a current version: where words were printed",
    ("quote_id",),
    (
        Column("quote_id", "str", "The quote."),
        _QUOTE_KEY,
        Column("canonical_quote_id", "str", "The same words anywhere have the same id."),
        _WORDING,
        Column("n_words", "int", "Number of words."),
        Column("quote_kind", "str", "Speech or written words.", allowed=QUOTE_KINDS),
        _VERSION_ID, Column("char_start", "int", "First code point, the opening mark included."),
        _ARTICLE_ID,
        Column("story", "str", "The article, or the group of near copies that it belongs to."),
        _OUTLET_ID, _OUTLET,
        Column("headline", "str", "Headline of the article.", nullable=True),
        Column("url", "str", "Canonical URL of the article.", nullable=True),
        Column("published_on", "date", "Day of publication.", nullable=True),
        Column("published_at", "instant", "Instant of publication.", nullable=True),
        Column("statement_id", "str", "The statement that it is part of; of several, the one whose speaker is surest.",
               nullable=True),
        _SPEAKER_ID,
        Column("speaker", "str", "Canonical name of the actor; NULL: not known.", nullable=True),
        Column("is_counted", "bool", "It is in the default counts. Copies of a story are: they carried the words."),
        Column("excluded_reason", "str", "Why not: retracted or quality.", nullable=True,
               allowed=EXCLUDED_REASONS),
    ),
    is_view=True,
)  # fmt: skip
QUOTE_REUSE = Table(
    "mart", "quote_reuse", "one row per wording of four words or more, near ones taken together: who carried it",
    ("quote_key",),
    (
        _QUOTE_KEY,
        Column("longest_wording", "str", "The longest form that was printed."),
        Column("n_words", "int", "Words of the longest form. A few words may be said by two people on their own."),
        Column("n_wordings", "int", "Different wordings, case and marks included."),
        Column("n_uses", "int", "Times printed."),
        Column("n_excluded", "int", "Times printed in articles left out of the counts."),
        Column("excluded_reasons", "counts", "How many of these for which reason."),
        Column("n_articles", "int", "Articles."),
        Column("n_stories", "int", "Stories: near copies count once."),
        Column("n_outlets", "int", "Outlets."),
        Column("outlets", "strs", "Their names, in alphabetical order."),
        Column("speakers", "strs", "Whom it was attributed to, in alphabetical order."),
        Column("n_unattributed", "int", "Times printed without a known speaker."),
        Column("has_conflicting_attribution", "bool", "Different actors are given for the same words."),
        Column("first_on", "date", "First day of publication.", nullable=True),
        Column("last_on", "date", "Last day of publication.", nullable=True),
    ),
)  # fmt: skip
FIRST_SEEN_QUOTES = Table(
    "mart", "first_seen_quotes", "one row per wording with a dated use: who printed it first", ("quote_key",),
    (
        _QUOTE_KEY,
        Column("verbatim", "str", "The words between the marks, as first printed."),
        _OUTLET_ID, _OUTLET, _ARTICLE_ID,
        Column("quote_id", "str", "The quote."),
        Column("published_on", "date", "Day of publication."),
        Column("published_at", "instant", "Instant of publication.", nullable=True),
        _SPEAKER_ID,
        Column("speaker", "str", "Canonical name of the actor; NULL: not known.", nullable=True),
        Column("n_outlets", "int", "Outlets that printed it, this one included."),
        Column("is_tied", "bool", "Another outlet printed it that day, and the hours do not tell who was first."),
        Column("n_undated", "int", "Uses whose day is not known: one of them may have been earlier."),
    ),
)  # fmt: skip
QUOTE_SPREAD = Table(
    "mart", "quote_spread", "one row per wording and outlet: how words went from outlet to outlet",
    ("quote_key", "outlet_id"),
    (
        _QUOTE_KEY, _OUTLET_ID, _OUTLET,
        Column("verbatim", "str", "The longest form that the outlet printed."),
        Column("n_uses", "int", "Times that it printed it."),
        Column("n_articles", "int", "Articles."),
        Column("first_on", "date", "First day of publication there.", nullable=True),
        Column("last_on", "date", "Last day of publication there.", nullable=True),
        Column("days_after_first", "int", "Days after the first outlet.", nullable=True),
        Column("share_of_words", "float", "Words of its longest form for one word of the longest of all, 0 to 1."),
        Column("speakers", "strs", "Whom it names, in alphabetical order."),
        Column("n_outlets", "int", "Outlets that printed the wording."),
    ),
)  # fmt: skip
ACTOR_TIMELINE = Table(
    "mart", "actor_timeline", "one row per statement with a known actor: what an actor said, in order",
    ("statement_id",),
    (
        replace(_SPEAKER_ID, nullable=False), _SPEAKER,
        *(c for c in _CURRENT_COLUMNS if c.name in (
            "ingest_date", "on_date", "stated_date_basis", "published_at", "published_on", "outlet", "headline", "url",
            "statement_type", "speaker_role_surface", "cue_text", "cue_class", "content_text", "section", "tier",
            "depth", "polarity", "attribution_method", "attribution_confidence", "statement_id", "version_id",
            "article_id")),
        *STATEMENTS_COUNTED.columns[-2:],
    ),
    is_view=True,
)  # fmt: skip
SPEECH_ACTS_BY_DAY = Table(
    "mart", "speech_acts_by_day", "one row per day, kind of speech act and speaker: denials, warnings, promises",
    ("on_date", "cue_class", "speaker_actor_id", "speaker"),
    (
        _ON_DATE, _CUE_CLASS, _SPEAKER_ID, _SPEAKER, _SPEAKER_COUNTRY, _N_STATEMENTS, *_LEFT_OUT, _N_STORIES,
        _N_OUTLETS,
    ),
    is_view=True,
)  # fmt: skip
ATTRIBUTION_GAPS = Table(
    "mart", "attribution_gaps", "one row per outlet: how much of what it prints has no known speaker", ("outlet_id",),
    (
        _OUTLET_ID, _OUTLET,
        Column("n_statements", "int", "Statements looked at: beside those counted also those of tier extended, where "
               "what has no source lies, and copies, which the outlet has printed too."),
        *_LEFT_OUT,
        Column("share_unattributed", "float", "No source in the text.", nullable=True),
        Column("share_anonymous", "float", "An anonymous or role-only source.", nullable=True),
        Column("share_collective", "float", "Several or a group as the source.", nullable=True),
        Column("share_unresolved", "float", "A source in the text, but no actor.", nullable=True),
        Column("share_inferred_speaker", "float", "Pronoun, elided subject or carried forward.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
ANONYMOUS_SOURCES = Table(
    "mart", "anonymous_sources", "one row per outlet and unnamed source, as printed: who is quoted without a name",
    ("outlet_id", "source_kind", "source"),
    (
        _OUTLET_ID, _OUTLET,
        Column("source_kind", "str", "anonymous: the text withholds the name; role_only: it gives a role only; "
               "collective: several people without names.", allowed=SOURCE_KINDS),
        Column("source", "str", "The source as printed, in lower case, without article and with single spaces."),
        _N_STATEMENTS,
        Column("n_with_quotes", "int", "Of these, with words in quotation marks."),
        _N_ARTICLES, _N_STORIES, *_LEFT_OUT,
        Column("first_on", "date", "First day.", nullable=True),
        Column("last_on", "date", "Last day.", nullable=True),
    ),
)  # fmt: skip
EVIDENCE = Table(
    "mart", "evidence", "one row per span of a statement, with the text cut out of the article again",
    ("statement_id", "span_kind", "span_no"),
    (
        INGEST_DATE,
        Column("statement_id", "str", "The statement."),
        Column("span_kind", "str", "What the span is.",
               allowed=("source", "cue", "content", "addressee", "time", "venue")),
        Column("span_no", "int", "Order among the spans of its kind, from 0."),
        _CHAR_START, _CHAR_END,
        Column("span_text", "str", "The span as stored."),
        Column("text_at_offsets", "str", "The article's text at these offsets."),
        Column("is_match", "bool", "The two are equal."),
        _VERSION_ID,
        Column("text_sha256", "str", "Hash of the article's text."),
        Column("raw_id", "str", "Hash of the bytes that the text was read from."),
        _EXTRACTION_ID,
    ),
    is_view=True,
)  # fmt: skip
_TARGET_COLUMNS = (
    Column("target_kind", "str", "Addressed, spoken about, or the one who relayed it.",
           allowed=("addressee", "about", "relayed_by")),
    Column("target_actor_id", "str", "To, about or through whom."),
    Column("target", "str", "Canonical name of the target."),
)  # fmt: skip
WHO_ABOUT_WHOM = Table(
    "mart", "who_about_whom", "one row per speaker, target and cue class: who speaks to and about whom",
    ("speaker_actor_id", "target_kind", "target_actor_id", "cue_class"),
    (
        Column("speaker_actor_id", "str", "Who speaks."),
        Column("speaker", "str", "Canonical name of the speaker."),
        *_TARGET_COLUMNS, _CUE_CLASS, _N_STATEMENTS, *_LEFT_OUT, _N_ARTICLES, _N_OUTLETS,
        Column("first_on", "date", "First day.", nullable=True),
        Column("last_on", "date", "Last day.", nullable=True),
    ),
)  # fmt: skip
RIGHT_OF_REPLY = Table(
    "mart", "right_of_reply", "one row per counted statement and actor that it is about: is that actor heard too",
    ("statement_id", "target_actor_id"),
    (
        Column("statement_id", "str", "The statement."),
        _ARTICLE_ID, _OUTLET_ID, _OUTLET,
        Column("headline", "str", "Headline of the article.", nullable=True),
        _ON_DATE, _SPEAKER_ID, _SPEAKER, _CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("target_actor_id", "str", "About whom."),
        Column("target", "str", "Canonical name of the target."),
        Column("n_replies", "int", "Counted statements of the target in the same article."),
        Column("is_heard", "bool", "There is one."),
    ),
    is_view=True,
)  # fmt: skip
RELAY_CHAINS = Table(
    "mart", "relay_chains", "one row per statement and relay of it: who quotes whom through whom",
    ("statement_id", "relay_kind", "relayer_actor_id", "relayer"),
    (
        Column("statement_id", "str", "The statement that was relayed."),
        Column("relay_kind", "str", "statement: inside a statement of the relayer; source: the text says who had it "
               "first; wire: the article is credited to an agency.", allowed=("statement", "source", "wire")),
        Column("relayer_actor_id", "str", "Through whom; NULL: not known, or an agency's credit.", nullable=True),
        Column("relayer", "str", "Name of the relayer."),
        Column("relayed_actor_id", "str", "Who said it; NULL: not known.", nullable=True),
        Column("relayed", "str", "Name of the one who said it, else '(unattributed)' or '(unresolved)'."),
        _OUTLET_ID, _OUTLET, _ARTICLE_ID, _ON_DATE,
        _CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("parent_statement_id", "str", "The statement inside which it is reported.", nullable=True),
        Column("depth", "int", "0: the article reports it; 1: inside another statement; and so on."),
        *STATEMENTS_COUNTED.columns[-2:],
    ),
    is_view=True,
)  # fmt: skip
VERSION_CHANGES = Table(
    "mart", "version_changes",
    "one row per version that superseded another and thing that changed: a statement that came, went, stayed or has "
    "another speaker, or a part of the article",
    ("version_id", "subject_id"),
    (
        INGEST_DATE,
        _ARTICLE_ID, _OUTLET_ID, _OUTLET,
        Column("version_id", "str", "The newer version."),
        Column("version_no", "int", "Its number."),
        Column("supersedes", "str", "The version before it, which it is compared with. Both were read by one parser: a "
               "version that was not is not compared."),
        Column("subject", "str", "What is compared; text: its length in characters, in a row of every version.",
               allowed=("statement", "text", "headline", "standfirst", "byline", "published_on", "correction_note",
                        "is_retracted")),
        Column("subject_id", "str", "lineage_key of the statement; else the same as subject."),
        Column("change", "str", "added: not in the version before; removed: no longer there; kept: a statement with "
               "the same words and speaker; reattributed: the same words, another speaker; changed: another value.",
               allowed=("added", "removed", "kept", "reattributed", "changed")),
        Column("before", "str", "Its value, or the statement's content, in the version before; NULL: it had none.",
               nullable=True),
        Column("after", "str", "The same in the newer version.", nullable=True),
        Column("statement_id", "str", "The statement in the newer version; if it was removed, in the one before. Where "
               "a version prints the same words twice, the first of them.", nullable=True),
        Column("speaker_actor_id", "str", "Who says it in the newer version.", nullable=True),
        Column("speaker", "str", "Canonical name of that actor.", nullable=True),
        Column("previous_speaker_actor_id", "str", "Who said it in the version before.", nullable=True),
        Column("previous_speaker", "str", "Canonical name of that actor.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
PIPELINE_COVERAGE = Table(
    "mart", "pipeline_coverage", "one row per outlet and ingest day: is the data complete enough to trust",
    ("outlet_id", "ingest_date"),
    (
        _OUTLET_ID, _OUTLET, INGEST_DATE,
        Column("n_articles", "int", "Articles with a current version first seen that day."),
        Column("n_with_statements", "int", "Of these, with at least one statement."),
        Column("n_statements", "int", "Statements."),
        Column("n_no_publication_date", "int", "Articles whose day of publication is not known."),
        Column("n_left_out", "int", "Articles that stay out of every count: retracted, or not a whole article (the "
               "flags that follow, and error_page)."),
        Column("n_too_short", "int", "Articles flagged too_short: fewer than 40 words."),
        Column("n_paywall", "int", "Articles flagged paywall: a stub that ends in an offer to subscribe."),
        Column("n_list_page", "int", "Articles flagged list_page: links rather than text."),
        Column("n_live_blog", "int", "Articles flagged live_blog."),
        Column("n_machine_translated", "int", "Articles flagged machine_translated: they say so themselves."),
        Column("n_corrected", "int", "Articles flagged correction; they are counted."),
        Column("n_copies", "int", "Articles that are near copies of others; one of each story is counted."),
        Column("n_not_english", "int", "Articles in another language, or one that could not be told."),
    ),
)  # fmt: skip

_ALL: tuple[Table, ...] = tuple(v for v in list(globals().values()) if isinstance(v, Table))


@cache
def tables(layer: Layer | None = None) -> tuple[Table, ...]:
    """Return the contracts of one layer, or all of them, in the order in which they stand here."""
    return tuple(t for t in _ALL if layer is None or t.layer == layer)


@cache
def table(layer: Layer, name: str) -> Table:
    """Return one contract.

    Raises:
        KeyError: there is no such table.
    """
    for candidate in tables(layer):
        if candidate.name == name:
            return candidate
    raise KeyError(f"no table {layer}.{name}")


@cache
def contract_sha256(*contracts: Table) -> str:
    """Return a hash of names, types and keys of these tables, or of all: what was made under another is made again."""
    lines = [
        f"{t.layer}.{t.name} {t.key} {t.is_view} " + " ".join(f"{c.name}:{c.kind}:{c.nullable}" for c in t.columns)
        for t in contracts or tables()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
