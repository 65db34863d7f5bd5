"""Value sets, and columns that recur in the tables of several layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.contracts.model import Column, Layer, Table

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
GENDERS = ("female", "male", "nonbinary")
GENDER_BASES = ("told", "title", "role", "pronoun")
SPEAKER_KINDS = (
    "politics", "government", "justice", "police", "military", "business", "union", "expert", "campaign", "media",
    "sport", "arts", "religion", "people",
)  # fmt: skip
KIND_BASES = ("role", "body", "name", "article")
ANONYMITIES = ("by_choice", "spokesperson", "not_resolved")
OUTCOMES = ("parsed", "duplicate", "quarantined", "ignored")
STAGES = ("read", "decode", "parse", "resolve", "extract", "check")
DATE_BASES = ("explicit", "relative", "inherited", "published", "no_anchor", "none")
EXCLUDED_REASONS = (
    "section", "tier", "polarity", "nested", "superseded_copy", "retracted", "quality",
)  # fmt: skip

# ---------------------------------------------------------------- columns that recur
INGEST_DATE = Column("ingest_date", "date", "UTC day on which the record was first seen; the unit that is replaced.")
BATCH_ID = Column("batch_id", "str", "The ingest run's raw part that the row was computed from.")
DAY = (INGEST_DATE, BATCH_ID)
VERSION_ID = Column("version_id", "str", "The article version whose text the offsets refer to.")
CHAR_START = Column("char_start", "int", "First code point of the span.")
CHAR_END = Column("char_end", "int", "Code point after the last one of the span.")
SENTENCE_NO = Column("sentence_no", "int", "Number of the sentence in its version, from 0.")
EXTRACTION_ID = Column("extraction_id", "str", "Model and code that found the row (ops.extractors).")
RESOLUTION_ID = Column(
    "resolution_id", "str", "Code, reference data and overrides that resolved the row (ops.resolvers)."
)
CONFIDENCE = Column("confidence", "float", "Probability, 0 to 1, that the row is right.")
GENDER = Column(
    "gender", "str", "Gender as the text tells it, never by a given name; NULL: it tells none, or not clearly.",
    nullable=True, allowed=GENDERS,
)  # fmt: skip
GENDER_BASIS = Column(
    "gender_basis", "str", "The surest thing that tells it. told: the text says how the person wants to be called; "
    "title: Mr, Ms; role: spokeswoman, mother; pronoun: he, she.", nullable=True, allowed=GENDER_BASES,
)  # fmt: skip
SPEAKER_KIND = Column(
    "speaker_kind", "str", "Part of society: politics (heads of government, ministers, parliaments, parties, also "
    "former and shadow ones), government (officials, agencies, states, international bodies), justice, police (and "
    "rescue), military, business, union, expert (scholars, analysts, doctors), campaign (charities, campaigners), "
    "media, sport, arts, religion, people (witnesses, relatives, residents, workers). NULL: the text tells none.",
    nullable=True, allowed=SPEAKER_KINDS,
)  # fmt: skip
KIND_BASIS = Column(
    "kind_basis", "str", "The surest thing that tells the kind. role: what somebody is; body: whom a person speaks "
    "for; name: what a body is called; article: what the article is about.", nullable=True, allowed=KIND_BASES,
)  # fmt: skip
ANONYMITY = Column(
    "anonymity", "str", "Why a source without an actor has no name. by_choice: introduced without one (a senior "
    "official, critics); spokesperson: unnamed, of a body or person that is named; not_resolved: the words point at "
    "somebody whom we did not find (the minister, they). NULL: it has a name, or is no such source.",
    nullable=True, allowed=ANONYMITIES,
)  # fmt: skip
ARTICLE_ID = Column("article_id", "str", "The article.")
OUTLET_ID = Column("outlet_id", "str", "The outlet; two may share a name.")
OUTLET = Column("outlet", "str", "Name of the outlet.")
SPEAKER_ID = Column("speaker_actor_id", "str", "The actor; NULL: not known.", nullable=True)
N_STATEMENTS = Column("n_statements", "int", "Statements counted.")
AGENCY = Column("agency", "str", "The news agency that the article is credited to; NULL: to none.", nullable=True)
N_ARTICLES = Column("n_articles", "int", "Articles with a counted one.")
ON_DATE = Column(
    "on_date",
    "date",
    "Day on which it was said; where the text does not say, of publication. NULL: neither is known.",
    nullable=True,
)
PRINTED = (
    Column("source_text", "str", "Source spans as printed, joined by a space; NULL: the text names none.",
           nullable=True),
    Column("sentence_text", "str", "The sentence that holds the cue (without one: the content's first), as printed."),
)  # fmt: skip
"""What a statement's row is judged by, beside its cue and its content."""
CUE_CLASS = Column("cue_class", "str", "Kind of speech act; none where no cue tells.")


def ref(column: Column, target: str) -> Column:
    """Return the column as one that refers to a key, named as schema.table.column."""
    return replace(column, references=target)


def maybe(column: Column) -> Column:
    """Return the column as one that may be NULL."""
    return replace(column, nullable=True)


def in_warehouse(
    table: Table, layer: Layer, name: str | None = None, *, refs: Mapping[str, str] | None = None
) -> Table:
    """Return a lake or state table's contract as that of the warehouse's table with the same rows.

    Args:
        table: The contract.
        layer: The schema.
        name: Its name there, if it is another.
        refs: Column -> the key that it refers to there, as schema.table.column.
    """
    columns = tuple(ref(c, refs[c.name]) if refs and c.name in refs else c for c in table.columns)
    return replace(table, layer=layer, name=name or table.name, columns=columns)
