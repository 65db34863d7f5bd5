"""Entities of all articles to actors: a full-state step, a pure function of the SET of entities.

Covers which entities are the same actor, the actor's canonical name and its aliases. For anything that looks into one
article, see `resolve`. No row order matters anywhere: ties are broken by value.

Most rules look at names only, so that entities of the same name, type and country are one row with a count (see
`entity_groups`); memory follows from the different names, and from the ids of the entities.

Linking, first rule that fits:
1. a name or alias of a curated actor or country;
2. the same folded full name and type; an organisation's country tells namesakes apart where it is known; an entity
   whose type is not known takes the type that most other articles give the name. Middle initials count only where two
   people of one name have different ones; Inc and the like never count;
   People of one name are two where countries and roles tell them apart (see `namesakes`);
3. a bare surname: the only person in the lake with that surname, or the one whom nearly all articles mean, or the one
   whom the outlet, or all outlets, name in full in the days around;
4. an actor of its own.
A role alone ("the mayor"), a document, a nameless organisation ("the army") or group ("officials"), or somebody of whom
an article gives a first name only, is nobody in particular beyond its article, and has no actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
import polars.selectors as cs

from pipelines.contracts import table
from pipelines.core.identity.entity_groups import ALIAS_SCHEMA, EntityGroups
from pipelines.core.identity.genders import with_genders
from pipelines.core.identity.kinds import with_kinds
from pipelines.core.identity.namesakes import near_holders, senses
from pipelines.core.identity.overrides import Override, apply_overrides
from pipelines.core.identity.roles import actor_roles
from pipelines.core.ids import mk_id
from pipelines.core.reference import KnownActor, Reference
from pipelines.core.resolution.phrases import read_phrase
from pipelines.core.text.names import MINISTRY, cut_possessive, fold, is_acronym

_MIDDLE = r"^(\w{2,})(?: \w)+ (\w{2,}.*)$"
_LEGAL_FORM = r"^(.+?)(?: (?:inc|corp|corporation|co|company|cos|ltd|llc|llp|plc|ag|sa|nv|spa|gmbh))+$"
_MOST, _MOST_ENTITIES = 0.9, 5
"""Share of the articles, and how many of them, that make one of several namesakes the one a bare surname means."""
_TYPE_ORDER = {"person": 0, "org": 1, "country": 2, "group": 3}
_NAMING = ("name", "role+name", "surname", "surname_last", "surname_only", "acronym", "reference", "metonym", "demonym")
_KEY = ("actor_type", "key_name", "key_country")
_NO_STATEMENTS = pl.DataFrame(
    schema={"statement_id": pl.String, "version_id": pl.String, "content_norm": pl.String, "ingest_date": pl.Date}
)

_SURE: dict[str, float] = {
    "reference": 0.99,  # name or alias of a curated actor
    "reference_surname": 0.95,  # the bare surname is curated; a namesake may be meant
    "full_name": 0.99,  # the same full name elsewhere; homonyms exist
    "namesake": 0.85,  # one of two people of that name, told apart by country and role
    "surname_near": 0.75,  # of several people the one whom the outlet, or the days around, name
    "override": 1.0,  # a person has said so
    "surname_most": 0.9,  # nearly all articles that give a full name mean one person
    "surname_unique": 0.93,  # only one person in the lake has this surname
    "surname_unique_untyped": 0.85,  # the same, and the article does not even tell that it is a person
    "provisional": 0.6,  # nothing but its own name
}
"""Method of `entity_actors` -> probability that the entity is this actor."""


@dataclass(frozen=True)
class ActorState:
    """Who is who in the lake. The frames keep the `state` contracts."""

    actors: pl.DataFrame
    entity_actors: pl.DataFrame
    actor_aliases: pl.DataFrame
    actor_roles: pl.DataFrame
    statement_overrides: pl.DataFrame
    overrides: pl.DataFrame


def alias_frame(mentions: pl.DataFrame, mention_entities: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return the names by which each entity is mentioned, without role words, titles and possessives.

    Args:
        mentions: mention_id, surface.
        mention_entities: as `resolve` gives them.
        reference: for what is a role word.

    Returns:
        entity_id, alias, alias_norm, n; sorted.
    """
    answers = mention_entities.filter((pl.col("rank") == 1) & pl.col("method").is_in(_NAMING))
    found = (
        answers.join(mentions.select("mention_id", "surface"), on="mention_id")
        .group_by("entity_id", "surface")
        .len("n")
    )
    surfaces = found.select(pl.col("surface").unique().sort())
    names = pl.DataFrame({"alias": [_bare(s, reference) for s in surfaces["surface"]]}, schema={"alias": pl.String})
    named = pl.concat([surfaces, names], how="horizontal").with_columns(
        alias_norm=pl.Series([fold(a) for a in names["alias"]], dtype=pl.String)
    )
    return (
        found.join(named, on="surface")
        .filter(pl.col("alias_norm") != "")
        .group_by("entity_id", "alias", "alias_norm")
        .agg(pl.col("n").sum().cast(pl.Int64))
        .select(ALIAS_SCHEMA.names())
        .sort("entity_id", "alias")
    )


def assign_actors(
    entities: pl.DataFrame | pl.LazyFrame, aliases: Iterable[pl.DataFrame], reference: Reference,
    overrides: Sequence[Override] = (), statements: pl.DataFrame | None = None,
) -> ActorState:  # fmt: skip
    """Return the actors of the lake.

    Args:
        entities: all rows of the lake table, with ingest_date; published_on and outlet_id of their article, if known.
        aliases: see `alias_frame`; in as many frames as it takes, each entity in one of them.
        reference: curated actors and countries.
        overrides: human corrections, in the order in which they were made.
        statements: statement_id, version_id, content_norm, ingest_date of the versions that a correction names.
    """
    rows = _with_article(entities.lazy())
    groups = EntityGroups(rows, reference)
    linked = _link(_with_key_names(groups.units, reference), groups, reference)
    keys = linked.select(*_KEY, "qid").unique()
    ids = pl.Series("actor_id", [_actor_id(*row) for row in keys.iter_rows()], dtype=pl.String)
    linked = linked.join(keys.with_columns(ids), on=[*_KEY, "qid"], nulls_equal=True)
    actors = _actors(linked, reference)
    links = groups.members(linked.select("unit", "actor_id", "confidence", "method"))
    corrected = apply_overrides(
        table("state", "actors").conform(actors.sort("actor_id")),
        table("state", "entity_actors").conform(links),
        table("state", "actor_aliases").conform(
            _aliases(linked, groups.aliases(aliases, linked, reference), actors, reference)
        ),
        _of_corrected(rows, overrides), _NO_STATEMENTS if statements is None else statements, overrides,
    )  # fmt: skip
    told = with_genders(corrected.actors, corrected.entity_actors, rows)
    told = with_kinds(told, corrected.entity_actors, rows)
    return ActorState(
        actors=table("state", "actors").conform(told),
        entity_actors=corrected.entity_actors,
        actor_aliases=corrected.actor_aliases,
        actor_roles=actor_roles(rows, corrected.entity_actors, corrected.actors, reference),
        statement_overrides=corrected.statement_overrides,
        overrides=corrected.overrides,
    )


def _with_article(entities: pl.LazyFrame) -> pl.LazyFrame:
    """Return the entities with published_on, outlet_id, role and gender, NULL where the caller does not know them."""
    missing = {"published_on": pl.Date, "outlet_id": pl.String, "role_surface": pl.String,
               "gender": pl.String, "gender_basis": pl.String, "speaker_kind": pl.String,
               "kind_basis": pl.String}  # fmt: skip
    there = entities.collect_schema().names()
    return entities.with_columns(pl.lit(None, kind).alias(name) for name, kind in missing.items() if name not in there)


def _of_corrected(entities: pl.LazyFrame, overrides: Sequence[Override]) -> pl.DataFrame:
    """Return the entities of the versions that a correction names."""
    versions = sorted({version for override in overrides for version in override.versions})
    columns = ["entity_id", "version_id", "name", "ingest_date"]
    return entities.filter(pl.col("version_id").is_in(versions)).select(columns).collect()


# ---------------------------------------------------------------- names
def _with_key_names(named: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add `full_norm`, the name by which entities of different articles are the same: see the module's second rule."""
    may_be_person = pl.col("actor_type").is_in(["person", "unknown"])
    short = pl.col("name_norm").str.replace(_MIDDLE, "$1 $2")
    rows = named.with_columns(short=pl.when(may_be_person).then(short).otherwise("name_norm"))
    initials = (
        rows.filter(may_be_person & (pl.col("short") != pl.col("name_norm")))
        .group_by("short")
        .agg(n_initials=pl.col("name_norm").n_unique())
    )
    org = pl.col("actor_type").is_in(["org", "unknown"])
    plain = pl.col("short").str.replace(_LEGAL_FORM, "$1").str.replace(MINISTRY.pattern, "$2 $1")
    keyed = (
        rows.join(initials, on="short", how="left")
        .with_columns(full_norm=pl.when(pl.col("n_initials") > 1).then("name_norm").otherwise("short"))
        .with_columns(full_norm=pl.when(org & pl.col("n_initials").is_null()).then(plain).otherwise("full_norm"))
        .drop("short", "n_initials")
    )
    people = set(keyed.filter(pl.col("actor_type") == "person")["full_norm"])
    whole = pl.col("full_norm").replace(_whole_names(people, reference))
    return keyed.with_columns(full_norm=pl.when(pl.col("actor_type") == "person").then(whole).otherwise("full_norm"))


def _whole_names(people: set[str], reference: Reference) -> dict[str, str]:
    """Return the names with a nickname -> the one name here that has the whole first name: Vince Lind, Vincent Lind."""
    out = {}
    for name in people:
        first, _, rest = name.partition(" ")
        found = [w for n in reference.nicknames.get(first, ()) if (w := f"{n} {rest}") in people] if rest else []
        if len(found) == 1:
            out[name] = found[0]
    return out


# ---------------------------------------------------------------- linking
def _link(named: pl.DataFrame, groups: EntityGroups, reference: Reference) -> pl.DataFrame:
    """Return the units with actor key, qid, confidence, method and the curated name, if any."""
    curated = _curated(reference)
    # a curated person is also known with a middle initial, unless that is a name of another one
    exact = named.join(
        curated.select("actor_type", "name_norm", is_alias=pl.lit(True)), on=["actor_type", "name_norm"], how="left"
    )
    short = pl.col("name_norm").str.replace(_MIDDLE, "$1 $2")
    rows = exact.with_columns(alias_key=pl.when(pl.col("is_alias")).then("name_norm").otherwise(short))
    rows = rows.join(curated, left_on=["actor_type", "alias_key"], right_on=["actor_type", "name_norm"], how="left")
    known = rows.filter(pl.col("known_norm").is_not_null()).with_columns(
        key_name=pl.col("known_norm"),
        key_country=pl.when(pl.col("actor_type") == "org").then(pl.col("known_country")).fill_null(""),
        method=pl.when("is_bare").then(pl.lit("reference_surname")).otherwise(pl.lit("reference")),
    )
    open_rows = rows.filter(pl.col("known_norm").is_null())
    full = _told_apart(_by_full_name(open_rows.filter(~pl.col("is_bare")), known), groups, reference)
    people = pl.concat([known, full], how="diagonal_relaxed").filter(
        (pl.col("actor_type") == "person") & ~pl.col("is_bare")
    )
    bare = _by_surname(open_rows.filter("is_bare"), people, groups).filter(
        (pl.col("method") != "provisional") | ~pl.col("name_norm").is_in(sorted(reference.given_names))
    )
    linked = pl.concat([known, full, bare], how="diagonal_relaxed")
    return linked.with_columns(confidence=pl.col("method").replace_strict(_SURE, return_dtype=pl.Float64))


def _curated(reference: Reference) -> pl.DataFrame:
    """Return (actor_type, name_norm) -> curated actor, one row per alias that names one actor only."""
    actors: dict[tuple[str, str], KnownActor] = {(a.actor_type, norm): a for norm, a in reference.by_alias.items()}
    actors |= {(m.actor.actor_type, m.actor.name_norm): m.actor for m in reference.metonyms.values()}
    schema = dict.fromkeys(("actor_type", "name_norm", "known_name", "known_norm", "known_country", "qid"), pl.String)
    rows = [(t, norm, a.name, a.name_norm, a.country_code, a.qid) for (t, norm), a in sorted(actors.items())]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _by_full_name(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give each entity the key of its full name; see the module's second rule."""
    typed = pl.concat([rows, known], how="diagonal_relaxed").filter(pl.col("actor_type") != "unknown")
    types = (
        typed.group_by("full_norm", told_type="actor_type")
        .agg(pl.col("n").sum())
        .with_columns(order=pl.col("told_type").replace_strict(_TYPE_ORDER, default=9, return_dtype=pl.Int64))
        .sort("full_norm", "n", "order", descending=[False, True, False])
        .unique("full_norm", keep="first", maintain_order=True)
    )
    told_rows = typed.join(types, on="full_norm").filter(pl.col("actor_type") == pl.col("told_type"))
    only_type = told_rows.group_by("full_norm").agg(
        pl.col("told_type").first(),
        pl.col("qid").drop_nulls().sort().first().alias("told_qid"),
        pl.col("known_norm").drop_nulls().sort().first().alias("told_norm"),
        pl.col("known_name").drop_nulls().sort().first().alias("told_name"),
        pl.col("known_country").drop_nulls().sort().first().alias("told_country"),
    )  # fmt: skip
    told = (pl.col("actor_type") == "unknown") & pl.col("told_type").is_not_null()
    rows = rows.join(only_type, on="full_norm", how="left").with_columns(
        actor_type=pl.when(told).then("told_type").otherwise("actor_type"),
        qid=pl.when(told).then("told_qid").otherwise("qid"),
        known_norm=pl.when(told).then("told_norm").otherwise("known_norm"),
        known_name=pl.when(told).then("told_name").otherwise("known_name"),
        known_country=pl.when(told).then("told_country").otherwise("known_country"),
    )
    org = pl.col("actor_type") == "org"
    countries = (
        rows.filter(org & pl.col("country_code").is_not_null())
        .group_by("actor_type", "full_norm")
        .agg(pl.col("country_code").n_unique().alias("n_countries"), pl.col("country_code").min().alias("only_country"))
        .filter(pl.col("n_countries") == 1)
    )
    country = pl.coalesce("known_country", "country_code", "only_country", pl.lit(""))
    return rows.join(countries, on=["actor_type", "full_norm"], how="left").with_columns(
        key_name=pl.coalesce("known_norm", "full_norm"),
        key_country=pl.when(org).then(country).otherwise(pl.lit("")),
        method=pl.lit("full_name"),
    )


def _told_apart(full: pl.DataFrame, groups: EntityGroups, reference: Reference) -> pl.DataFrame:
    """Give people who share a full name, and whom countries and roles tell apart, keys of their own."""
    people = full.filter((pl.col("actor_type") == "person") & pl.col("known_norm").is_null())
    several = (
        people.filter("has_role")
        .group_by("full_norm")
        .agg(n_countries=pl.col("country_code").drop_nulls().n_unique())
        .filter(pl.col("n_countries") > 1)
    )
    rows = groups.entities(people.join(several, on="full_norm", how="semi"))
    found = senses(rows, groups.named_in(rows["version_id"].unique()), reference)
    told = rows.join(found, on="entity_id").with_columns(key_country=pl.col("sense"), method=pl.lit("namesake"))
    rest = full.join(told.select("unit").unique(), on="unit", how="anti")
    return pl.concat([rest, groups.split(told).select(rest.columns)], how="vertical_relaxed")


def _by_surname(rows: pl.DataFrame, people: pl.DataFrame, groups: EntityGroups) -> pl.DataFrame:
    """Link bare surnames to the only person who has it, else make them actors of their own."""
    holders = (
        people.with_columns(pl.col("key_country").fill_null(""))
        .group_by("surname", holder_key_name="key_name", holder_country="key_country", holder_qid="qid")
        .agg(
            pl.col("n").sum(),
            *(pl.col(c).drop_nulls().sort().first().alias(f"holder_{c}") for c in ("known_name", "known_norm")),
        )
        .with_columns(n_all=pl.col("n").sum().over("surname"), n_holders=pl.len().over("surname"))
        .filter(
            (pl.col("n_holders") == 1) | ((pl.col("n") >= _MOST * pl.col("n_all")) & (pl.col("n") >= _MOST_ENTITIES))
        )
        .drop("n")
    )
    # Where the surname has several holders, each entity is looked at by itself.
    shared = rows.join(holders, on="surname", how="anti").join(people, on="surname", how="semi")
    single = groups.entities(shared)
    near = _near(single, people.join(shared, on="surname", how="semi"), groups)
    single = single.join(single.join(near, on="entity_id", how="semi").select("unit").unique(), on="unit", how="semi")
    rest = rows.join(single.select("unit").unique(), on="unit", how="anti")
    single = groups.split(single)
    rows = pl.concat(
        [rest.join(holders, on="surname", how="left"),
         single.join(near, on="entity_id", how="left").select(*rest.columns, cs.starts_with("holder_"))],
        how="diagonal_relaxed",
    )  # fmt: skip
    found = pl.col("holder_key_name").is_not_null()
    untyped = pl.col("actor_type") == "unknown"
    return rows.with_columns(
        key_name=pl.when(found).then("holder_key_name").otherwise("name_norm"),
        key_country=pl.when(found).then("holder_country").otherwise(pl.lit("")),
        qid=pl.when(found).then("holder_qid").otherwise("qid"),
        known_name=pl.when(found).then("holder_known_name").otherwise("known_name"),
        method=pl.when(found & pl.col("n_holders").is_null()).then(pl.lit("surname_near"))
        .when(found & (pl.col("n_holders") > 1)).then(pl.lit("surname_most"))
        .when(found & untyped).then(pl.lit("surname_unique_untyped"))
        .when(found).then(pl.lit("surname_unique")).otherwise(pl.lit("provisional")),
        actor_type=pl.when(found).then(pl.lit("person")).otherwise("actor_type"),
    )  # fmt: skip


def _near(bare: pl.DataFrame, people: pl.DataFrame, groups: EntityGroups) -> pl.DataFrame:
    """Return entity_id and the holder of the surname whom the outlet, or the days around, mean."""
    keyed = people.with_columns(pl.col("key_country").fill_null(""))
    of_key = keyed.group_by("key_name", "key_country").agg(
        pl.col("qid").drop_nulls().sort().first().alias("holder_qid"),
        *(pl.col(c).drop_nulls().sort().first().alias(f"holder_{c}") for c in ("known_name", "known_norm")),
    )
    return near_holders(bare, groups.entities(keyed)).join(of_key, on=["key_name", "key_country"]).rename(
        {"key_name": "holder_key_name", "key_country": "holder_country"}
    )  # fmt: skip


def _actor_id(actor_type: str, key_name: str, key_country: str, qid: str | None) -> str:
    return mk_id("actor", actor_type, qid) if qid else mk_id("actor", actor_type, key_name, key_country)


# ---------------------------------------------------------------- what an actor is called
def _actors(linked: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return one row per actor; `key_name` and `known_norm` come along for the aliases."""
    facts = linked.group_by("actor_id").agg(
        pl.col("actor_type").first(),
        pl.col("key_name").min(),
        pl.col("known_name").drop_nulls().sort().first(),
        pl.col("known_country").drop_nulls().sort().first(),
        pl.col("qid").first().alias("wikidata_qid"),
        pl.col("first_seen_on").min(),
        pl.col("last_seen_on").max(),
        pl.col("is_bare").all().alias("all_bare"),
        pl.col("method").is_in(["reference", "reference_surname"]).any().alias("is_reference"),
    )
    curated = pl.col("known_name").is_not_null()
    return (
        facts.join(_best_name(linked), on="actor_id", how="left")
        .join(_majority_country(linked), on="actor_id", how="left")
        .with_columns(
            canonical_name=pl.coalesce("known_name", "best_name"),
            country_code=pl.when(curated).then("known_country").otherwise("majority_country"),
            merged_into=pl.lit(None, pl.String),
            gender=pl.lit(None, pl.String), gender_basis=pl.lit(None, pl.String),  # see with_genders
            n_gender_for=pl.lit(0, pl.Int64), n_gender_against=pl.lit(0, pl.Int64),
            speaker_kind=pl.lit(None, pl.String), kind_basis=pl.lit(None, pl.String),  # see with_kinds
            status=pl.when(curated).then(pl.lit("curated")).otherwise(pl.lit("provisional")),
            basis=pl.when(curated).then(pl.lit("reference"))
            .when(pl.col("actor_type") == "group").then(pl.lit("group"))
            .when("all_bare").then(pl.lit("surname_only")).otherwise(pl.lit("full_name")),
        )
    )  # fmt: skip


def _best_name(linked: pl.DataFrame) -> pl.DataFrame:
    """Return the form of the actor's full name that is printed most, not all capitals; then longest, alphabetical."""
    return (
        linked.filter((pl.col("name_norm") == pl.col("key_name")) | (pl.col("full_norm") == pl.col("key_name")))
        .group_by("actor_id", "name")
        .agg(pl.col("n_mentions").sum().alias("n"))
        .with_columns(
            shouted=pl.col("name") == pl.col("name").str.to_uppercase(), length=pl.col("name").str.len_chars()
        )
        .sort("actor_id", "shouted", "n", "length", "name", descending=[False, False, True, True, False])
        .unique("actor_id", keep="first", maintain_order=True)
        .select("actor_id", best_name="name")
    )


def _majority_country(linked: pl.DataFrame) -> pl.DataFrame:
    """Return the country that more than half of the actor's entities with a country give."""
    return (
        linked.drop_nulls("country_code")
        .group_by("actor_id", "country_code")
        .agg(pl.col("n").sum())
        .with_columns(share=pl.col("n") / pl.col("n").sum().over("actor_id"))
        .filter(pl.col("share") > 0.5)
        .select("actor_id", majority_country="country_code")
    )


def _aliases(linked: pl.DataFrame, aliases: pl.DataFrame, actors: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return the aliases seen in text and, for curated actors, those of the reference data."""
    own = linked.select("unit", alias="name", alias_norm="name_norm", n=pl.lit(0, pl.Int64))
    seen = (
        pl.concat([aliases, own])
        .join(linked.select("unit", "actor_id"), on="unit")
        .group_by("actor_id", "alias", "alias_norm")
        .agg(pl.col("n").sum())
        .with_columns(source=pl.lit("text"))
    )
    listed = actors.filter(pl.col("status") == "curated").select("actor_id", "actor_type", name_norm="key_name")
    known = listed.join(_reference_aliases(reference), on=["actor_type", "name_norm"])
    every = pl.concat(
        [seen, known.select("actor_id", "alias", "alias_norm", n=pl.lit(0, pl.Int64), source=pl.lit("reference"))]
    )
    merged = (
        every.sort("n", "alias", descending=[True, False])
        .group_by("actor_id", "alias_norm", maintain_order=True)
        .agg(pl.col("alias").first(), pl.col("n").sum().alias("n_mentions"), pl.col("source").max())
        .with_columns(is_ambiguous=pl.col("actor_id").n_unique().over("alias_norm") > 1)
        .join(actors.select("actor_id", "actor_type", "key_name"), on="actor_id")
    )
    kinds = [
        _alias_kind(alias, norm, kind, key, reference)
        for alias, norm, kind, key in merged.select("alias", "alias_norm", "actor_type", "key_name").iter_rows()
    ]
    out = merged.with_columns(pl.Series("alias_kind", kinds, dtype=pl.String))
    return out.sort("actor_id", "alias_norm")


def _reference_aliases(reference: Reference) -> pl.DataFrame:
    rows = [(a.actor_type, a.name_norm, alias, fold(alias)) for a in reference.actors for alias in (a.name, *a.aliases)]
    schema = dict.fromkeys(("actor_type", "name_norm", "alias", "alias_norm"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").unique(
        ["actor_type", "name_norm", "alias_norm"], keep="first"
    )


def _alias_kind(alias: str, alias_norm: str, actor_type: str, key_name: str, reference: Reference) -> str:
    if alias_norm == key_name:
        return "full_name"
    if alias_norm in reference.demonyms:
        return "demonym"
    if alias_norm in reference.metonyms:
        return "metonym"
    if is_acronym(alias):
        return "acronym"
    if actor_type == "person" and key_name.endswith(f" {alias_norm}"):
        return "surname"
    if actor_type == "person" and key_name.startswith(f"{alias_norm} "):
        return "given_name"
    return "full_name"


def _bare(surface: str, reference: Reference) -> str:
    phrase = read_phrase(surface, reference)
    if phrase.shape == "name":
        return phrase.name
    text = cut_possessive(surface.strip(' “”"‘’,;:()'))
    return text[4:] if text[:4].casefold() == "the " else text
