"""The part of society that an actor belongs to, as all articles tell it together.

Belongs here: weighing what single articles tell. Does not belong here: what one article tells (see
`resolution.kinds`).
"""

from __future__ import annotations

import polars as pl

from pipelines.contracts.columns import KIND_BASES
from pipelines.core.identity.merged import final_actors

_WEIGHTS = {"role": 4, "body": 3, "name": 2, "article": 1}
COLUMNS = ("speaker_kind", "kind_basis")


def with_kinds(actors: pl.DataFrame, entity_actors: pl.DataFrame, entities: pl.LazyFrame) -> pl.DataFrame:
    """Return the actors with the kind that weighs most over their articles, in place of what stood in these columns.

    An article weighs by what tells it: a role more than the body one speaks for, a name, or what the article is about.

    Args:
        actors: by the contract.
        entity_actors: entity_id, actor_id.
        entities: entity_id, version_id, speaker_kind, kind_basis; NULL where the article tells none.
    """
    told = (
        entities.drop_nulls("speaker_kind")
        .select("entity_id", *COLUMNS)
        .join(entity_actors.lazy().select("entity_id", "actor_id"), on="entity_id")
        .collect(engine="streaming")
    )
    order = {basis: i for i, basis in enumerate(KIND_BASES)}
    weighed = final_actors(told, actors).with_columns(
        weight=pl.col("kind_basis").replace_strict(_WEIGHTS, return_dtype=pl.Int64),
        order=pl.col("kind_basis").replace_strict(order, return_dtype=pl.Int64),
    )
    answers = (
        weighed.group_by("actor_id", "speaker_kind")
        .agg(pl.col("weight").sum(), pl.col("order").min())
        .sort("actor_id", "weight", "speaker_kind", descending=[False, True, False])
        .unique("actor_id", keep="first", maintain_order=True)
        .select(
            "actor_id",
            "speaker_kind",
            kind_basis=pl.col("order").replace_strict(dict(enumerate(KIND_BASES)), return_dtype=pl.String),
        )
    )
    return actors.drop(COLUMNS, strict=False).join(answers, on="actor_id", how="left").sort("actor_id")
