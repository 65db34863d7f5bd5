"""What changed in who is who between two publications.

It does not cover reading the files. Actors and links that only new articles brought are no changes of what was
published, and are left out, but for actors that are new.
"""

from __future__ import annotations

import polars as pl

from pipelines.contracts import table


def actor_changes(
    old_actors: pl.DataFrame, new_actors: pl.DataFrame, old_links: pl.DataFrame, new_links: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of `ops.changes`, sorted.

    Args:
        old_actors: actor_id, canonical_name, actor_type, merged_into, as published.
        new_actors: the same, as built.
        old_links: entity_id, actor_id, as published.
        new_links: the same, as built.
    """
    columns = ["actor_id", "canonical_name", "actor_type", "merged_into"]
    both = old_actors.select(columns).join(new_actors.select(columns), on="actor_id", suffix="_new")
    parts = [
        _rows("added", new_actors.join(old_actors, on="actor_id", how="anti"), None, "canonical_name"),
        _rows("removed", old_actors.join(new_actors, on="actor_id", how="anti"), "canonical_name", None),
        _changed("renamed", both, "canonical_name"),
        _changed("retyped", both, "actor_type"),
        _changed("merged", both, "merged_into"),
        _moved(old_links, new_links),
    ]
    return table("ops", "changes").conform(pl.concat(parts).sort("change", "subject_id"))


def _rows(change: str, frame: pl.DataFrame, before: str | None, after: str | None) -> pl.DataFrame:
    text = pl.lit(None, pl.String)
    return frame.select(
        change=pl.lit(change), actor_id="actor_id", subject_id="actor_id",
        before=pl.col(before) if before else text, after=pl.col(after) if after else text,
    )  # fmt: skip


def _changed(change: str, both: pl.DataFrame, column: str) -> pl.DataFrame:
    return _rows(change, both.filter(pl.col(column).ne_missing(pl.col(f"{column}_new"))), column, f"{column}_new")


def _moved(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return the entities that are another actor now."""
    both = old.select("entity_id", "actor_id").join(new.select("entity_id", "actor_id"), on="entity_id", suffix="_new")
    return both.filter(pl.col("actor_id") != pl.col("actor_id_new")).select(
        change=pl.lit("moved"), actor_id="actor_id_new", subject_id="entity_id", before="actor_id", after="actor_id_new"
    )
