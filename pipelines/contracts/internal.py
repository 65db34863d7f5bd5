"""What analysts never name, and what `core` and `mart` are made of: schema `internal`.

Facts of a day are never changed by later news; state is rebuilt from all news; the two are joined once, by day, and
summed.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.columns import (
    AGENCY,
    ANONYMITY,
    ARTICLE_ID,
    CONFIDENCE,
    CUE_CLASS,
    EXCLUDED_REASONS,
    INGEST_DATE,
    N_ARTICLES,
    N_STATEMENTS,
    ON_DATE,
    OUTLET,
    OUTLET_ID,
    PRINTED,
    QUOTE_KINDS,
    SOURCE_KINDS,
    SPEAKER_ID,
    VERSION_ID,
    in_warehouse,
    maybe,
)
from pipelines.contracts.lake import (
    ARTICLE_VERSIONS,
    ENTITIES,
    MENTION_ENTITIES,
    STATEMENT_ENTITIES,
    STATEMENT_QUOTES,
    STATEMENT_TARGETS,
    STATEMENTS,
)
from pipelines.contracts.model import Column, Table
from pipelines.contracts.state import ENTITY_ACTORS, QUOTE_CLUSTERS, STATEMENT_OVERRIDES, STORY_GROUPS

_V_REF = replace(VERSION_ID, references="internal.version_facts.version_id")
_S_REF = Column("statement_id", "str", "The statement.", references="internal.statement_rows.statement_id")
_E_REF = Column("entity_id", "str", "The article-local entity.", references="internal.entities.entity_id")
_V = {"version_id": "internal.version_facts.version_id"}
_S = {"statement_id": "internal.statement_rows.statement_id"}
_E = {"entity_id": "internal.entities.entity_id"}
_A = {"actor_id": "core.actors.actor_id"}
_M = {"mention_id": "core.mentions.mention_id"}

# ---------------------------------------------------------------- facts of a day (incremental tables)
VERSION_FACTS = in_warehouse(
    # With the outlet's name and domain: core.outlets is a function of these facts.
    ARTICLE_VERSIONS, "internal", "version_facts",
    refs={"outlet_id": "core.outlets.outlet_id"},
)  # fmt: skip
_SPEAKER_ENTITY = (
    Column("speaker_entity_id", "str", "The entity that said it; NULL: none was found. Of joint ones the surest, then "
           "the one with the least id.", nullable=True, references="internal.entities.entity_id"),
    Column("speaker_confidence", "float", "Probability, 0 to 1, that it was this entity; NULL: none was found.",
           nullable=True),
)  # fmt: skip
_FACT_COLUMNS = (*STATEMENTS.columns, *PRINTED, ANONYMITY, *_SPEAKER_ENTITY)
_FACT_REFS = _V | {
    "speaker_mention_id": "core.mentions.mention_id",
    "parent_statement_id": "internal.statement_rows.statement_id",
}
STATEMENT_FACTS = replace(
    in_warehouse(replace(STATEMENTS, columns=_FACT_COLUMNS), "internal", "statement_facts", refs=_FACT_REFS),
    grain="one row per attribution: what its text alone says", is_view=True,
)  # fmt: skip
WAREHOUSE_STATEMENT_QUOTES = in_warehouse(
    STATEMENT_QUOTES, "internal", refs=_V | _S | {"quote_id": "core.quotes.quote_id"}
)
WAREHOUSE_ENTITIES = in_warehouse(ENTITIES, "internal", refs=_V)
WAREHOUSE_MENTION_ENTITIES = in_warehouse(MENTION_ENTITIES, "internal", refs=_V | _E | _M)
WAREHOUSE_STATEMENT_ENTITIES = in_warehouse(STATEMENT_ENTITIES, "internal", refs=_V | _E | _S)
TARGET_ENTITIES = in_warehouse(STATEMENT_TARGETS, "internal", "statement_target_entities", refs=_V | _E | _S | _M)

# ---------------------------------------------------------------- state (small tables, replaced whole)
VERSION_STATE = Table(
    "internal", "version_state", "one row per version: what later versions change about it", ("version_id",),
    (
        _V_REF,
        Column("version_no", "int", "1 for the first text of the article, then upwards."),
        Column("is_current", "bool", "The text that the article was last seen with."),
        Column("supersedes", "str", "The version before it.", nullable=True),
    ),
)  # fmt: skip
ARTICLE_STATE = Table(
    "internal", "article_state", "one row per article: its current text, its story, and whether counts include it",
    ("article_id",),
    (
        Column("article_id", "str", "The article."),
        Column("current_version_id", "str", "The text that it was last seen with.",
               references="internal.version_facts.version_id"),
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
WAREHOUSE_ENTITY_ACTORS = in_warehouse(ENTITY_ACTORS, "internal", refs=_E | _A)
WAREHOUSE_STATEMENT_OVERRIDES = in_warehouse(STATEMENT_OVERRIDES, "internal", refs=_S | _A)
WAREHOUSE_STORY_GROUPS = in_warehouse(STORY_GROUPS, "internal")
WAREHOUSE_QUOTE_CLUSTERS = in_warehouse(QUOTE_CLUSTERS, "internal")

DAY_STATES = Table(
    "internal", "day_states", "one row per ingest day: what all news say of its facts, as a hash", ("ingest_date",),
    (
        INGEST_DATE,
        Column("state_id", "str", "Changes when a current version, a story, an actor of an entity, a correction or a "
               "cluster of quotes of the day does."),
    ),
)  # fmt: skip
BUILT_DAYS = Table(
    "internal", "built_days", "one row per table of facts joined with state, and ingest day: which state it was "
    "made with", ("relation", "ingest_date"),
    (Column("relation", "str", "The table, with its schema."), INGEST_DATE,
     Column("state_id", "str", "See day_states; where it is another, the day is made again.")),
)  # fmt: skip

# ---------------------------------------------------------------- facts of a day, joined with state, and their sums
_ACTOR_REF = replace(SPEAKER_ID, references="core.actors.actor_id")
_IS_UNATTRIBUTED = Column("is_unattributed", "bool", "The text names no source.")
_N_WITH_QUOTES = Column("n_with_quotes", "int", "Of these, with words in quotation marks.")
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
    "internal", "statement_rows", "one row per attribution: what its text says, and what all news say of it",
    ("statement_id",),
    (
        *STATEMENT_FACTS.columns,
        Column("is_current", "bool", "It is in the text that its article was last seen with; else what follows of the "
               "article is NULL."),
        maybe(ARTICLE_ID), maybe(OUTLET_ID), maybe(OUTLET),
        Column("near_dup_group", "str", "Near copies of one story share it.", nullable=True),
        *_TEXT_OF_ARTICLE,
        Column("text_sha256", "str", "Hash of the text that the offsets refer to.", nullable=True),
        Column("is_retracted", "bool", "The current text withdraws the article.", nullable=True),
        Column("quality_flags", "strs", "Quality flags of the version.", nullable=True),
        Column("wire_agency", "str", "News agency named by dateline, byline or credit.", nullable=True),
        ON_DATE, _ACTOR_REF,
        Column("attribution_confidence", "float", "Probability, 0 to 1, that the speaker is right; 0: none was found."),
        Column("is_corrected", "bool", "A person has said who the speaker is."),
        Column("corrected_source_kind", "str", "Kind of that speaker.", nullable=True, allowed=SOURCE_KINDS),
        _EXCLUDED_REASON,
    ),
)  # fmt: skip
TARGET_ROWS = Table(
    "internal", "target_rows", "one row per statement and actor that it addresses, names, or is relayed by",
    ("statement_id", "target_kind", "actor_id"),
    (
        INGEST_DATE, _S_REF, _TARGET_KIND,
        Column("actor_id", "str", "The actor.", references="core.actors.actor_id"),
        Column("is_inferred", "bool", "Not named by an explicit span."),
        Column("mention_id", "str", "The first mention of it there.", nullable=True),
    ),
)  # fmt: skip
QUOTE_ROWS = Table(
    "internal", "quote_rows", "one row per quote of four words or more in a current version: where words were printed",
    ("quote_id",),
    (
        INGEST_DATE, Column("quote_id", "str", "The quote.", references="core.quotes.quote_id"),
        Column("quote_key", "str", "Near wordings share it: the canonical_quote_id of the longest."),
        Column("canonical_quote_id", "str", "The same words anywhere have the same id."),
        Column("verbatim", "str", "The words between the marks, as printed."),
        Column("n_words", "int", "Number of words."),
        Column("quote_kind", "str", "Speech or written words.", allowed=QUOTE_KINDS),
        VERSION_ID, Column("char_start", "int", "First code point, the opening mark included."), ARTICLE_ID,
        Column("story", "str", "The article, or the group of near copies that it belongs to."),
        OUTLET_ID, OUTLET, *_TEXT_OF_ARTICLE[:2], _TEXT_OF_ARTICLE[3], _TEXT_OF_ARTICLE[2],
        Column("statement_id", "str", "The statement that it is part of; of several, the one whose speaker is surest.",
               nullable=True),
        _ACTOR_REF,
        Column("excluded_reason", "str", "Why no count includes it: retracted or quality.", nullable=True,
               allowed=EXCLUDED_REASONS),
    ),
)  # fmt: skip
REPLY_ROWS = Table(
    "internal", "reply_rows", "one row per counted statement and actor that it is about: was the actor heard there",
    ("statement_id", "target_actor_id"),
    (
        INGEST_DATE, _S_REF, ARTICLE_ID, OUTLET_ID, OUTLET, _TEXT_OF_ARTICLE[0], ON_DATE, _ACTOR_REF,
        _IS_UNATTRIBUTED, CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("target_actor_id", "str", "The one spoken about.", references="core.actors.actor_id"),
        Column("n_replies", "int", "Counted statements of the target in the same article."),
    ),
)  # fmt: skip
RELAY_ROWS = Table(
    "internal", "relay_rows", "one row per statement and the one through whom it reached print, but for agencies",
    ("statement_id", "relay_kind", "relayer_actor_id"),
    (
        INGEST_DATE, _S_REF,
        Column("relay_kind", "str", "statement: inside a statement of the relayer; source: the article names it; wire "
               "is told by the mart.", allowed=("statement", "source", "wire")),
        Column("relayer_actor_id", "str", "The relayer, where it is a known actor.", nullable=True),
        Column("is_relayer_unattributed", "bool", "The text names no source for the statement around it."),
        Column("relayed_actor_id", "str", "Who is relayed.", nullable=True),
        Column("is_relayed_unattributed", "bool", "The text names no source for the statement."),
        OUTLET_ID, OUTLET, ARTICLE_ID, ON_DATE, CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("parent_statement_id", "str", "The statement inside which this one is reported.", nullable=True),
        Column("depth", "int", "0: the article reports it; 1: inside another statement; and so on."),
        _EXCLUDED_REASON,
    ),
)  # fmt: skip
SPEAKER_DAYS = Table(
    "internal", "speaker_days", "one row per ingest day, outlet and speaker: sums that speaker_counts, share_of_voice "
    "and those on them add up", ("ingest_date", "outlet_id", "speaker_actor_id", "is_unattributed"),
    (
        INGEST_DATE, OUTLET_ID, OUTLET, _ACTOR_REF, _IS_UNATTRIBUTED, N_STATEMENTS, _N_WITH_QUOTES, N_ARTICLES,
        Column("content_chars", "int", "Code points of content in the counted statements."),
        Column("confidence_millionths", "int", "Sum of attribution_confidence of those, in millionths."),
        *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
TARGET_DAYS = Table(
    "internal", "target_days", "one row per ingest day, outlet, speaker, target and cue class: sums that "
    "who_about_whom adds up",
    ("ingest_date", "outlet_id", "speaker_actor_id", "target_kind", "target_actor_id", "cue_class"),
    (
        INGEST_DATE, OUTLET_ID, replace(_ACTOR_REF, nullable=False), _TARGET_KIND,
        Column("target_actor_id", "str", "To, about or through whom.", references="core.actors.actor_id"),
        CUE_CLASS, N_STATEMENTS, N_ARTICLES, *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
UNNAMED_DAYS = Table(
    "internal", "unnamed_days", "one row per ingest day, outlet and unnamed source, as printed: sums that "
    "anonymous_sources adds up", ("ingest_date", "outlet_id", "anonymity", "source_kind", "source"),
    (
        INGEST_DATE, OUTLET_ID, OUTLET, replace(ANONYMITY, nullable=False),
        Column("source_kind", "str", "anonymous, role_only or collective.", allowed=SOURCE_KINDS),
        Column("source", "str", "The source as printed, in lower case, without article and with single spaces."),
        N_STATEMENTS, _N_WITH_QUOTES, N_ARTICLES, *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
OUTLET_DAYS = Table(
    "internal", "outlet_days", "one row per ingest day, outlet and news agency: what is counted, what is not, and what "
    "has no known speaker", ("ingest_date", "outlet_id", "agency"),
    (
        INGEST_DATE, OUTLET_ID, OUTLET, AGENCY, N_STATEMENTS, N_ARTICLES, *_LEFT_OUT_BY_REASON,
        Column("n_looked_at", "int", "Statements that attribution_gaps looks at."),
        *(Column(f"n_gap_{reason}", "int", f"Statements that it does not look at: {reason}.")
          for reason in ("section", "polarity", "nested", "retracted", "quality")),
        *(Column(f"n_{what}", "int", f"Of those looked at: {text}.") for what, text in (
            ("unattributed", "no source in the text"), ("anonymous", "an anonymous or role-only source"),
            ("collective", "several or a group as the source"), ("unresolved", "a source, but no actor"),
            ("inferred", "speaker by pronoun, elided subject or carried forward"))),
    ),
)  # fmt: skip

# ---------------------------------------------------------------- links (a view of facts and state)
MENTION_LINKS = Table(
    "internal", "mention_links", "one row per mention and actor that it may stand for; rank 1 is the answer",
    ("mention_id", "actor_id"),
    (
        Column("mention_id", "str", "The mention."),
        Column("actor_id", "str", "The actor."),
        Column("rank", "int", "1 for the answer, then the other candidates."),
        CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
    ),
    is_view=True,
)  # fmt: skip
