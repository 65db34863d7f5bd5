"""Entities that are alike: of one name, type and country, which no rule but a few tells apart, as one row with a count.

Covers making these units, and going back to single entities for the rules that look at the article. For the rules, see
`actors`.

The entities may be lazy: they are read again for what is asked, and never held as they are.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.core.identity.name_forms import name_forms
from pipelines.core.reference import Reference
from pipelines.core.text.names import SUFFIXES, is_one_word

ALIAS_SCHEMA = pl.Schema({"entity_id": pl.String(), "alias": pl.String(), "alias_norm": pl.String(), "n": pl.Int64()})
"""Shape of the frame of aliases: one row per entity and printed form, with how often."""
_PROFILE = ("actor_type", "name", "name_norm", "country_code", "wikidata_qid", "basis")
_OF_ARTICLE = ("version_id", "published_on", "outlet_id", "role_surface")
_SUFFIX = r" (?:" + "|".join(sorted(SUFFIXES)) + r")$"
_GROUP_WORDS = 4


class EntityGroups:
    """The entities that are somebody beyond their article, in units of those that are alike.

    Attributes:
        units: unit, the columns of `_PROFILE`, surname, is_bare, n, n_mentions, first_seen_on, last_seen_on, has_role.
    """

    def __init__(self, entities: pl.LazyFrame, reference: Reference) -> None:
        self._named = entities.filter(~_nameless(reference))
        units = (
            self._named.group_by(_PROFILE)
            .agg(
                n=pl.len().cast(pl.Int64),
                n_mentions=pl.col("n_mentions").sum(),
                first_seen_on=pl.col("ingest_date").min(),
                last_seen_on=pl.col("ingest_date").max(),
                has_role=pl.col("role_surface").is_not_null().any(),
            )
            .collect(engine="streaming")
            .with_row_index("unit")
        )
        one_word = [name for name in units["name"].unique().sort() if is_one_word(name)]
        self.units = units.with_columns(
            surname=pl.col("name_norm").str.replace(_SUFFIX, "").str.split(" ").list.last(),
            is_bare=pl.col("name").is_in(one_word) & pl.col("actor_type").is_in(["person", "unknown"]),
        )
        self._names = units.select("unit", "name", "actor_type")
        self._members = (
            self._named.select("entity_id", "ingest_date", *_PROFILE)
            .join(units.lazy().select("unit", *_PROFILE), on=_PROFILE, nulls_equal=True)
            .select("entity_id", "ingest_date", "unit")
            .collect(engine="streaming")
        )

    def entities(self, units: pl.DataFrame) -> pl.DataFrame:
        """Return the entities of some units, one row each: its own columns, and those that the unit was given."""
        wanted = self._members.join(units.select("unit"), on="unit", how="semi").select("entity_id", "unit")
        own = (
            self._named.select("entity_id", *_OF_ARTICLE, "n_mentions", "ingest_date")
            .join(wanted.lazy(), on="entity_id")
            .collect(engine="streaming")
        )
        counts = ("n", "n_mentions", "first_seen_on", "last_seen_on")
        return own.join(units.drop(counts), on="unit").with_columns(
            n=pl.lit(1, pl.Int64), first_seen_on="ingest_date", last_seen_on="ingest_date"
        )

    def named_in(self, version_ids: pl.Series) -> pl.DataFrame:
        """Return version_id and name_norm of everybody whom some versions name in full."""
        full = self.units.lazy().filter(~pl.col("is_bare")).select(*_PROFILE)
        return (
            self._named.join(version_ids.to_frame("version_id").lazy(), on="version_id", how="semi")
            .join(full, on=_PROFILE, how="semi", nulls_equal=True)
            .select("version_id", "name_norm")
            .collect(engine="streaming")
        )

    def split(self, entities: pl.DataFrame) -> pl.DataFrame:
        """Make each of some entities a unit of its own; all of their units must be given."""
        first = int(self._names["unit"].max() or 0) + 1  # type: ignore[arg-type]
        numbered = entities.with_row_index("own", offset=first)
        self._names = pl.concat(
            [
                self._names,
                numbered.select("unit", "own").join(self._names, on="unit").drop("unit").rename({"own": "unit"}),
            ]
        )
        self._members = (
            self._members.join(numbered.select("entity_id", "own"), on="entity_id", how="left")
            .with_columns(unit=pl.coalesce("own", "unit"))
            .drop("own")
        )
        return numbered.drop("unit").rename({"own": "unit"})

    def members(self, linked: pl.DataFrame) -> pl.DataFrame:
        """Return every entity of some units, with what these were given; sorted by entity_id."""
        return self._members.lazy().join(linked.lazy(), on="unit").drop("unit").sort("entity_id").collect()

    def aliases(self, frames: Iterable[pl.DataFrame], linked: pl.DataFrame, reference: Reference) -> pl.DataFrame:
        """Return unit, alias, alias_norm, n of linked units, from frames of aliases by entity."""
        shape = pl.DataFrame(schema={"unit": pl.UInt32, **{c: ALIAS_SCHEMA[c] for c in ("alias", "alias_norm", "n")}})
        found = [shape]
        members = self._members.join(linked.select("unit"), on="unit", how="semi").select("entity_id", "unit")
        keys = ("unit", "alias", "alias_norm")
        for frame in frames:
            own = members.join(frame, on="entity_id").group_by(keys).agg(pl.col("n").sum())
            found.append(own.select(shape.columns))
        every = pl.concat(found).group_by(keys).agg(pl.col("n").sum())
        return name_forms(every, self._names, reference)


def _nameless(reference: Reference) -> pl.Expr:
    return (
        pl.col("actor_type").is_in(["role", "document"])
        | ((pl.col("basis") == "role") & pl.col("country_code").is_null())
        | ((pl.col("actor_type") == "group") & ~_is_named_group(reference))
    )


def _is_named_group(reference: Reference) -> pl.Expr:
    """Tell whether a group has a name of its own (Lind aides, Western leaders), and no description (of, in, led by)."""
    name = pl.col("name")
    long = name.str.count_matches(" ") >= _GROUP_WORDS
    common = pl.col("name_norm").is_in(sorted(word for word, kind in reference.kind_words.items() if kind == "group"))
    return (
        name.str.contains(r"\p{Lu}")
        & ~common
        & ~long
        & ~name.str.contains(r" (?:of|in|by|from|to|on|with|at|for|who|that) ")
    )
