"""Actors that a correction has merged into others: where what articles tell of them counts."""

from __future__ import annotations

import polars as pl


def final_actors(rows: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the actor that theirs was merged into at last, where it was.

    Args:
        rows: with actor_id.
        actors: actor_id, merged_into; merges that go round in a circle end anywhere.
    """
    merged = dict(actors.drop_nulls("merged_into").select("actor_id", "merged_into").iter_rows())
    ends = []
    for actor_id in sorted(merged):
        target, seen = actor_id, set[str]()
        while target in merged and target not in seen:
            seen.add(target)
            target = merged[target]
        ends.append((actor_id, target))
    targets = pl.DataFrame(ends, schema={"actor_id": pl.String, "target": pl.String}, orient="row")
    joined = rows.join(targets, on="actor_id", how="left")
    return joined.with_columns(actor_id=pl.coalesce("target", "actor_id")).drop("target")
