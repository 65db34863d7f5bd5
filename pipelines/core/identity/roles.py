"""Roles as dated facts: what an actor was called, by which articles, from when to when.

Covers the rows of `actor_roles` from all entities. For reading a role phrase, see `phrases`.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pipelines.contracts import table
from pipelines.core.ids import mk_id
from pipelines.core.reference import Reference
from pipelines.core.resolution.words import country_of, role_lemmas
from pipelines.core.text.names import fold, tokens

_LONGEST = 12
"""Words of a role; a longer phrase tells a story and is no role."""
_LEADING = ("the ", "a ", "an ", "then ", "fellow ", "longtime ")


def actor_roles(
    entities: pl.DataFrame | pl.LazyFrame, entity_actors: pl.DataFrame, actors: pl.DataFrame, reference: Reference
) -> pl.DataFrame:
    """Return one row per actor and role, by the contract.

    Args:
        entities: entity_id, version_id, role_surface, published_on (NULL where the day is not known).
        entity_actors: entity_id, actor_id.
        actors: actor_id; an organisation that is none of them is left out.
        reference: role words and their classes, organisations, countries.
    """
    seen = (
        entities.lazy()
        .drop_nulls("role_surface")
        .select("entity_id", "version_id", "role_surface", "published_on")
        .join(entity_actors.lazy().select("entity_id", "actor_id"), on="entity_id")
        .drop("entity_id")
        .collect(engine="streaming")
    )
    surfaces = seen["role_surface"].unique().sort()
    read = pl.DataFrame(
        [(s, *_read(s, reference)) for s in surfaces],
        schema={"role_surface": pl.String, "role_title": pl.String, "role_class": pl.String, "org": pl.String,
                "country_code": pl.String},
        orient="row",
    )  # fmt: skip
    rows = (
        seen.join(read, on="role_surface")
        .drop_nulls("role_title")
        .with_columns(norm=pl.col("role_title").str.to_lowercase())
        .sort("role_title", "role_surface")
        .group_by("actor_id", "norm", "org", "country_code", "role_class")
        .agg(
            pl.col("role_title").mode().sort().first(),
            pl.col("published_on").min().alias("first_seen_on"),
            pl.col("published_on").max().alias("last_seen_on"),
            pl.col("version_id").n_unique().alias("n_articles"),
        )
        .with_columns(
            org_actor_id=pl.when(pl.col("org").is_in(actors["actor_id"].to_list())).then("org"), source=pl.lit("text")
        )
    )
    keys = rows.select("actor_id", "norm", "org", "country_code").iter_rows()
    ids = pl.Series("role_id", [mk_id("role", *key) for key in keys], dtype=pl.String)
    return table("state", "actor_roles").conform(rows.with_columns(ids).sort("actor_id", "role_id"))


def _read(surface: str, reference: Reference) -> tuple[str | None, str | None, str | None, str | None]:
    """Return title, class, the organisation's actor_id and the country of a role; no title: it is none."""
    title = surface.strip()
    for lead in _LEADING:
        if title.casefold().startswith(lead):
            title = title[len(lead) :]
    lemmas = role_lemmas(title, reference)
    if not lemmas or len(title.split()) > _LONGEST:
        return None, None, None, None
    classes = _classes(reference)
    found = sorted({classes[lemma] for lemma in lemmas if lemma in classes})
    told = [c for c in found if c not in ("other", "civilian")] or found
    return title, told[0] if told else "other", _organisation(title, reference), country_of(title, reference)


@lru_cache(maxsize=4)
def _classes_of(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(pairs)


def _classes(reference: Reference) -> dict[str, str]:
    return _classes_of(tuple(sorted({(r.lemma, r.role_class) for r in reference.roles.values()})))


def _organisation(title: str, reference: Reference) -> str | None:
    """Return the actor_id of the first organisation of the reference data that a role names."""
    words = tokens(title)
    for n in range(min(6, len(words)), 0, -1):
        for i in range(len(words) - n + 1):
            piece = " ".join(words[i : i + n])
            if not piece[:1].isupper():
                continue
            metonym = reference.metonyms.get(fold(piece))
            known = metonym.actor if metonym is not None and not metonym.when_speaking else reference.find(piece)
            if known is not None and known.actor_type == "org":
                return mk_id("actor", "org", known.qid) if known.qid else mk_id(
                    "actor", "org", known.name_norm, known.country_code or ""
                )  # fmt: skip
    return None
