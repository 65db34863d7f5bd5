"""The gender of an actor as all articles tell it together.

Belongs here: adding up what single articles tell. Does not belong here: what one article tells (see
`resolution.genders`).
"""

from __future__ import annotations

import polars as pl

from pipelines.contracts.columns import GENDER_BASES
from pipelines.core.identity.merged import final_actors

_LEAST_SHARE = 0.75
"""Share of the articles that tell a gender which must tell the same one."""
COLUMNS = ("gender", "gender_basis", "n_gender_for", "n_gender_against")


def with_genders(actors: pl.DataFrame, entity_actors: pl.DataFrame, entities: pl.LazyFrame) -> pl.DataFrame:
    """Return the actors with what the articles tell of their gender, in place of what stood in these columns.

    An actor that was merged into another has none of its own: its articles count for the other.

    Args:
        actors: by the contract.
        entity_actors: entity_id, actor_id.
        entities: entity_id, version_id, gender, gender_basis; NULL where the article tells none.
    """
    told = (
        entities.drop_nulls("gender")
        .select("entity_id", "version_id", "gender", "gender_basis")
        .join(entity_actors.lazy().select("entity_id", "actor_id"), on="entity_id")
        .collect(engine="streaming")
    )
    order = {basis: i for i, basis in enumerate(GENDER_BASES)}
    told = final_actors(told, actors).with_columns(
        order=pl.col("gender_basis").replace_strict(order, return_dtype=pl.Int64)
    )
    counts = told.group_by("actor_id", "gender").agg(n=pl.col("version_id").n_unique(), order=pl.col("order").min())
    answers = (
        counts.with_columns(total=pl.col("n").sum().over("actor_id"))
        .sort("actor_id", "n", "gender", descending=[False, True, False])
        .unique("actor_id", keep="first", maintain_order=True)
        .with_columns(is_clear=pl.col("n") >= _LEAST_SHARE * pl.col("total"))
    )
    clear = pl.col("is_clear")
    own = answers.select(
        "actor_id",
        gender=pl.when(clear).then("gender"),
        gender_basis=pl.when(clear).then(
            pl.col("order").replace_strict(dict(enumerate(GENDER_BASES)), return_dtype=pl.String)
        ),
        n_gender_for=pl.when(clear).then("n").otherwise(0).cast(pl.Int64),
        n_gender_against=(pl.col("total") - pl.when(clear).then("n").otherwise(0)).cast(pl.Int64),
    )
    joined = actors.drop(COLUMNS, strict=False).join(own, on="actor_id", how="left").sort("actor_id")
    return joined.with_columns(pl.col("n_gender_for", "n_gender_against").fill_null(0))
