"""State tables: small Parquet files that are replaced whole, since later news can change them."""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.columns import (
    ACTOR_TYPES,
    ALIAS_KINDS,
    CONFIDENCE,
    GENDER,
    GENDER_BASIS,
    INGEST_DATE,
    KIND_BASIS,
    ROLE_CLASSES,
    SPEAKER_KIND,
)
from pipelines.contracts.model import Column, Table

# ---------------------------------------------------------------- state: what later news can change
_OWN_DAY = replace(INGEST_DATE, text="Ingest day of the version that it is in.")
ENTITY_ACTORS = Table(
    "state", "entity_actors", "one row per entity that is a known actor: which", ("entity_id",),
    (
        _OWN_DAY,
        Column("entity_id", "str", "The entity."),
        Column("actor_id", "str", "The actor."),
        CONFIDENCE,
        Column("method", "str", "The rule that linked them."),
    ),
)  # fmt: skip
_ACTOR_COLUMNS = (
    Column("actor_id", "str", "mk_id('actor', type, Wikidata id or normalised name and country)."),
    Column("actor_type", "str", "What kind of actor.", allowed=ACTOR_TYPES),
    Column("canonical_name", "str", "The name to show."),
    Column("country_code", "str", "ISO 3166-1 alpha-3 code.", nullable=True),
    Column("wikidata_qid", "str", "Wikidata id, where the reference data gives one.", nullable=True),
    Column("merged_into", "str", "The actor that a human correction merged it into.", nullable=True),
    Column("status", "str", "curated: in the reference data; provisional: found in text.",
           allowed=("curated", "provisional", "rejected")),
    Column("basis", "str", "How it was made."),
    Column("first_seen_on", "date", "First ingest day with a mention."),
    Column("last_seen_on", "date", "Last ingest day with a mention."),
    GENDER, GENDER_BASIS,
    Column("n_gender_for", "int", "Article versions that tell this gender."),
    Column("n_gender_against", "int", "Article versions that tell another one; without a gender: all that tell one."),
    SPEAKER_KIND, KIND_BASIS,
)  # fmt: skip
ACTORS = Table("state", "actors", "one row per actor", ("actor_id",), _ACTOR_COLUMNS)
ALIAS_COLUMNS = (
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
    ALIAS_COLUMNS,
)  # fmt: skip
ROLE_COLUMNS = (
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
ACTOR_ROLES = Table("state", "actor_roles", "one row per role that an actor was seen in", ("role_id",), ROLE_COLUMNS)
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
STATEMENT_OVERRIDE_COLUMNS = (
    _OWN_DAY,
    Column("statement_id", "str", "The statement."),
    Column("actor_id", "str", "Who said it."),
    Column("override_id", "str", "The correction."),
)  # fmt: skip
STATEMENT_OVERRIDES = Table(
    "state", "statement_overrides", "one row per statement whose speaker a person has corrected", ("statement_id",),
    STATEMENT_OVERRIDE_COLUMNS,
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
