from __future__ import annotations

import polars as pl

from pipelines.core.identity.changes import actor_changes


def people(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    schema = {"actor_id": pl.String, "canonical_name": pl.String, "merged_into": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(actor_type=pl.lit("person"))


def links(**actor_of: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"entity_id": list(actor_of), "actor_id": list(actor_of.values())},
        schema={"entity_id": pl.String, "actor_id": pl.String},
    )


def test_each_kind_of_change_is_told_and_new_articles_are_none() -> None:
    old = people(("a", "Ana", None), ("b", "Bo", None), ("c", "Cy", None), ("gone", "Gil", None))
    new = people(("a", "Ana Ruiz", None), ("b", "Bo", "c"), ("c", "Cy", None), ("new", "Nia", None))
    found = actor_changes(old, new, links(e1="a", e2="b"), links(e1="a", e2="c", e3="new"))
    assert found.rows() == [
        ("added", "new", "new", None, "Nia"),
        ("merged", "b", "b", None, "c"),
        ("moved", "c", "e2", "b", "c"),
        ("removed", "gone", "gone", "Gil", None),
        ("renamed", "a", "a", "Ana", "Ana Ruiz"),
    ]


def test_the_same_state_has_no_changes() -> None:
    state = people(("a", "Ana", None))
    assert actor_changes(state, state, links(e="a"), links(e="a")).is_empty()
