"""Tables of the warehouse: facts of a day, state, the two joined, and what analysts read."""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.columns import (
    ATTRIBUTION_METHODS,
    CONFIDENCE,
    DAY,
    EXCLUDED_REASONS,
    EXTRACTION_ID,
    INGEST_DATE,
    QUOTE_KINDS,
    SOURCE_KINDS,
    VERSION_ID,
    maybe,
    ref,
)
from pipelines.contracts.lake import (
    ARTICLE_VERSIONS,
    ENTITIES,
    MENTION_ENTITIES,
    MENTIONS,
    NEAR_COPIES,
    QUOTES,
    SENTENCES,
    STATEMENT_COLUMNS,
    STATEMENT_ENTITIES,
    STATEMENT_QUOTES,
    STATEMENT_SPANS,
    STATEMENT_TARGETS,
    STATEMENTS,
    VERSION_COLUMNS,
)
from pipelines.contracts.model import Column, Table
from pipelines.contracts.state import (
    ACTOR_ALIASES,
    ACTOR_ROLES,
    ACTORS,
    ALIAS_COLUMNS,
    ENTITY_ACTORS,
    QUOTE_CLUSTERS,
    ROLE_COLUMNS,
    STATEMENT_OVERRIDE_COLUMNS,
    STATEMENT_OVERRIDES,
    STORY_GROUPS,
)

# ---------------------------------------------------------------- core: facts of a day (incremental tables)
_V_REF = replace(VERSION_ID, references="core.version_facts.version_id")
_S_REF = Column("statement_id", "str", "The statement.", references="core.statement_rows.statement_id")
_E_REF = Column("entity_id", "str", "The article-local entity.", references="core.entities.entity_id")


def _core(
    table: Table, name: str | None = None, *, drop: tuple[str, ...] = (), refs: dict[str, str] | None = None
) -> Table:
    """Return a lake table's contract as that of the core table with the same rows."""
    kept = (c for c in table.columns if c.name not in drop)
    columns = tuple(ref(c, refs[c.name]) if refs and c.name in refs else c for c in kept)
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
    replace(STATEMENT_SPANS, columns=(*STATEMENT_SPANS.columns, EXTRACTION_ID)), refs=_V | _S
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
        ref(c, {"entity_id": "core.entities.entity_id", "actor_id": "core.actors.actor_id"}[c.name])
        if c.name in ("entity_id", "actor_id") else c for c in ENTITY_ACTORS.columns
    ),
)  # fmt: skip
CORE_ACTORS = replace(ACTORS, layer="core")
CORE_ACTOR_ALIASES = replace(
    ACTOR_ALIASES, layer="core",
    columns=(ref(ALIAS_COLUMNS[0], "core.actors.actor_id"), *ALIAS_COLUMNS[1:]),
)  # fmt: skip
CORE_ACTOR_ROLES = replace(
    ACTOR_ROLES, layer="core",
    columns=tuple(
        ref(c, "core.actors.actor_id") if c.name in ("actor_id", "org_actor_id") else c for c in ROLE_COLUMNS
    ),
)  # fmt: skip
CORE_STATEMENT_OVERRIDES = replace(
    STATEMENT_OVERRIDES, layer="core",
    columns=tuple(
        ref(c, {"statement_id": "core.statement_rows.statement_id", "actor_id": "core.actors.actor_id"}[c.name])
        if c.name in ("statement_id", "actor_id") else c for c in STATEMENT_OVERRIDE_COLUMNS
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
ARTICLE_ID = Column("article_id", "str", "The article.")
OUTLET_ID = Column("outlet_id", "str", "The outlet; two may share a name.")
OUTLET = Column("outlet", "str", "Name of the outlet.")
SPEAKER_ID = Column("speaker_actor_id", "str", "The actor; NULL: not known.", nullable=True)
_ACTOR_REF = replace(SPEAKER_ID, references="core.actors.actor_id")
_IS_UNATTRIBUTED = Column("is_unattributed", "bool", "The text names no source.")
N_STATEMENTS = Column("n_statements", "int", "Statements counted.")
_N_WITH_QUOTES = Column("n_with_quotes", "int", "Of these, with words in quotation marks.")
AGENCY = Column("agency", "str", "The news agency that the article is credited to; NULL: to none.", nullable=True)
N_ARTICLES = Column("n_articles", "int", "Articles with a counted one.")
ON_DATE = Column(
    "on_date",
    "date",
    "Day on which it was said; where the text does not say, of publication. NULL: neither is known.",
    nullable=True,
)
CUE_CLASS = Column("cue_class", "str", "Kind of speech act; none where no cue tells.")
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
    "core", "reply_rows", "one row per counted statement and actor that it is about: was the actor heard there",
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
        OUTLET_ID, OUTLET, ARTICLE_ID, ON_DATE, CUE_CLASS,
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
        INGEST_DATE, OUTLET_ID, OUTLET, _ACTOR_REF, _IS_UNATTRIBUTED, N_STATEMENTS, _N_WITH_QUOTES, N_ARTICLES,
        Column("content_chars", "int", "Code points of content in the counted statements."),
        Column("confidence_millionths", "int", "Sum of attribution_confidence of those, in millionths."),
        *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
TARGET_DAYS = Table(
    "core", "target_days", "one row per ingest day, outlet, speaker, target and cue class: sums that who_about_whom "
    "adds up", ("ingest_date", "outlet_id", "speaker_actor_id", "target_kind", "target_actor_id", "cue_class"),
    (
        INGEST_DATE, OUTLET_ID, replace(_ACTOR_REF, nullable=False), _TARGET_KIND,
        Column("target_actor_id", "str", "To, about or through whom.", references="core.actors.actor_id"),
        CUE_CLASS, N_STATEMENTS, N_ARTICLES, *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
UNNAMED_DAYS = Table(
    "core", "unnamed_days", "one row per ingest day, outlet and unnamed source, as printed: sums that "
    "anonymous_sources adds up", ("ingest_date", "outlet_id", "source_kind", "source"),
    (
        INGEST_DATE, OUTLET_ID, OUTLET,
        Column("source_kind", "str", "anonymous, role_only or collective.", allowed=SOURCE_KINDS),
        Column("source", "str", "The source as printed, in lower case, without article and with single spaces."),
        N_STATEMENTS, _N_WITH_QUOTES, N_ARTICLES, *_LEFT_OUT_BY_REASON, *_FIRST_AND_LAST,
    ),
)  # fmt: skip
OUTLET_DAYS = Table(
    "core", "outlet_days", "one row per ingest day, outlet and news agency: what is counted, what is not, and what has "
    "no known speaker", ("ingest_date", "outlet_id", "agency"),
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
        *DAY, *VERSION_COLUMNS,
        Column("version_no", "int", "1 for the first text of the article, then upwards."),
        Column("is_current", "bool", "The text that the article was last seen with."),
        Column("supersedes", "str", "The version before it.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
CORE_STATEMENTS = Table(
    "core", "statements", "one row per attribution: a source, a cue and content", ("statement_id",),
    (
        *DAY, *STATEMENT_COLUMNS,
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
        CONFIDENCE,
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
        CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
    ),
    is_view=True,
)  # fmt: skip
