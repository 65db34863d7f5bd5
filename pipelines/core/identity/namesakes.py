"""People of one name: two where country and role tell them apart, and which of several a bare surname means.

Covers both decisions, from the set of all entities. For everything else that links entities, see `actors`. No row order
matters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.core.reference import Reference
from pipelines.core.resolution.words import role_lemmas

_NO_CLASS = frozenset({"civilian", "other"})
NEAR_DAYS = 7
"""A surname means whom the outlet, or else all outlets, named in full so many days around."""
NEAR_SHARE, NEAR_ENTITIES = 0.8, 2


def senses(people: pl.DataFrame, mentioned: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Tell people of one full name apart.

    One name is two people where some articles give its holder one country, others another one, and the kinds of role
    that go with the two have nothing in common. An article that gives no country goes with those that name most of the
    same others; with none in common, with the country that most articles give.

    Args:
        people: entity_id, version_id, full_norm, country_code, role_surface; only persons that are not curated.
        mentioned: version_id, name_norm: everybody whom an article names in full.
        reference: role words.

    Returns:
        entity_id, sense: a country code, for the entities of names that have several holders.
    """
    told = people.drop_nulls(["country_code", "role_surface"])
    several = told.group_by("full_norm").agg(pl.col("country_code").n_unique().alias("n")).filter(pl.col("n") > 1)
    rows: list[tuple[str, str]] = []
    candidates = people.join(several, on="full_norm", how="semi").sort("entity_id")
    others = mentioned.join(candidates.select("version_id").unique(), on="version_id", how="semi")
    named: dict[str, set[str]] = defaultdict(set)
    for version, name in others.select("version_id", "name_norm").iter_rows():
        named[version].add(name)
    for (name,), group in candidates.group_by(["full_norm"], maintain_order=True):
        rows.extend(_senses_of(str(name), group.to_dicts(), named, reference))
    return pl.DataFrame(rows, schema={"entity_id": pl.String, "sense": pl.String}, orient="row").sort("entity_id")


def _senses_of(
    name: str, rows: Sequence[Mapping[str, str | None]], named: Mapping[str, set[str]], reference: Reference
) -> list[tuple[str, str]]:
    classes: dict[str, set[str]] = defaultdict(set)
    count: Counter[str] = Counter()
    company: dict[str, set[str]] = defaultdict(set)
    of_lemma = {r.lemma: r.role_class for r in reference.roles.values()}
    for row in rows:
        country = row["country_code"]
        if country is None:
            continue
        count[country] += 1
        company[country] |= named.get(str(row["version_id"]), set()) - {name}
        lemmas = role_lemmas(row["role_surface"] or "", reference)
        classes[country] |= {of_lemma[lemma] for lemma in lemmas if lemma in of_lemma} - _NO_CLASS
    apart = [c for c in sorted(count) if classes[c]]
    if len(apart) < 2 or any(classes[a] & classes[b] for a in apart for b in apart if a < b):
        return []
    out = []
    for row in rows:
        mine = named.get(str(row["version_id"]), set())
        best = max(apart, key=lambda c: (len(mine & company[c]), count[c], c))
        out.append((str(row["entity_id"]), row["country_code"] if row["country_code"] in apart else best))
    return [(entity, str(sense)) for entity, sense in out]


def near_holders(bare: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return for bare surnames that several people have the one whom the outlet, or the days around, name.

    Args:
        bare: entity_id, surname, outlet_id, published_on.
        people: surname, key_name, key_country, outlet_id, published_on, one row per entity with a full name.

    Returns:
        entity_id, key_name, key_country; only where one holder has four fifths of all, and at least two.
    """
    dated = bare.drop_nulls("published_on")
    days = dated.with_columns(
        day=pl.date_ranges(
            pl.col("published_on").dt.offset_by(f"-{NEAR_DAYS}d"), pl.col("published_on").dt.offset_by(f"{NEAR_DAYS}d")
        )
    ).explode("day")
    holder = ["key_name", "key_country"]
    per_day = people.drop_nulls("published_on").group_by(
        "surname", *holder, "outlet_id", day="published_on"
    ).len("n")  # fmt: skip
    here = days.join(per_day, on=["surname", "outlet_id", "day"]).group_by("entity_id", *holder).agg(pl.col("n").sum())
    found = _clear(here)
    everywhere = per_day.group_by("surname", *holder, "day").agg(pl.col("n").sum())
    rest = days.join(found, on="entity_id", how="anti").join(everywhere, on=["surname", "day"])
    return pl.concat([found, _clear(rest.group_by("entity_id", *holder).agg(pl.col("n").sum()))]).sort("entity_id")


def _clear(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the holder of each entity that has most of its counts."""
    share = pl.col("n") / pl.col("n").sum().over("entity_id")
    rows = counts.filter((share >= NEAR_SHARE) & (pl.col("n") >= NEAR_ENTITIES))
    return rows.select("entity_id", "key_name", "key_country")
