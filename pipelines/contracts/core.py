"""What analysts read: schema `core` holds what they would name, and nothing else.

Rows of a table are those of the lake's table of the same name; what views are made of is in internal.py.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.columns import ATTRIBUTION_METHODS, CONFIDENCE, DAY, EXTRACTION_ID, PRINTED, in_warehouse
from pipelines.contracts.lake import (
    MENTIONS,
    NEAR_COPIES,
    QUOTES,
    SENTENCES,
    STATEMENT_COLUMNS,
    STATEMENT_SPANS,
    VERSION_COLUMNS,
)
from pipelines.contracts.model import Column, Table
from pipelines.contracts.state import ACTOR_ALIASES, ACTOR_ROLES, ACTORS

_V = {"version_id": "internal.version_facts.version_id"}
_S = {"statement_id": "internal.statement_rows.statement_id"}
_A = {"actor_id": "core.actors.actor_id"}

_STATEMENT_COLUMNS = tuple(
    replace(c, name="speaker_role") if c.name == "speaker_role_surface" else c
    for c in STATEMENT_COLUMNS if c.name != "lineage_key"
)  # fmt: skip
"""Of the lake's statements all but what follows them over versions (internal.statement_facts has it)."""

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
CORE_NEAR_COPIES = in_warehouse(NEAR_COPIES, "core", refs=_V)
CORE_SENTENCES = in_warehouse(SENTENCES, "core", refs=_V)
CORE_STATEMENTS = Table(
    "core", "statements", "one row per attribution: a source, a cue and content", ("statement_id",),
    (
        *DAY, *_STATEMENT_COLUMNS, *PRINTED,
        Column("speaker_actor_id", "str", "Who said it; NULL: not known (see source_kind, attribution_method). "
               "Of joint speakers the surest; statement_speakers has all.",
               nullable=True),
        Column("attribution_confidence", "float", "Probability, 0 to 1, that the speaker is right; 0: none was found."),
    ),
    is_view=True,
)  # fmt: skip
CORE_STATEMENT_SPANS = in_warehouse(
    replace(STATEMENT_SPANS, columns=(*STATEMENT_SPANS.columns, EXTRACTION_ID)), "core", refs=_V | _S
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
CORE_QUOTES = in_warehouse(QUOTES, "core", refs=_V)
CORE_MENTIONS = in_warehouse(MENTIONS, "core", refs=_V)
CORE_ACTORS = in_warehouse(ACTORS, "core")
CORE_ACTOR_ALIASES = in_warehouse(ACTOR_ALIASES, "core", refs=_A)
CORE_ACTOR_ROLES = in_warehouse(ACTOR_ROLES, "core", refs=_A | {"org_actor_id": "core.actors.actor_id"})
