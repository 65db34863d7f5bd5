"""What articles tell of a gender adds up over articles, and nothing stands where they disagree."""

from __future__ import annotations

import polars as pl

from pipelines.core.identity.genders import with_genders

_SCHEMA = ["entity_id", "version_id", "gender", "gender_basis"]


def of_articles(
    *told: tuple[str, str | None, str | None], merged_into: str | None = None
) -> dict[str, tuple[object, ...]]:
    """Return actor -> gender, basis, for, against; `told`: actor, gender and basis by one article each."""
    entities = pl.DataFrame(
        [(f"e{i}", f"v{i}", gender, basis) for i, (_, gender, basis) in enumerate(told)], schema=_SCHEMA, orient="row"
    ).cast(pl.String)
    links = pl.DataFrame({"entity_id": [f"e{i}" for i in range(len(told))], "actor_id": [a for a, _, _ in told]})
    ids = sorted({a for a, _, _ in told} | ({merged_into} if merged_into else set()))
    actors = pl.DataFrame(
        {"actor_id": ids, "merged_into": [merged_into if a != merged_into else None for a in ids]},
        schema={"actor_id": pl.String, "merged_into": pl.String},
    )
    found = with_genders(actors, links, entities.lazy())
    columns = ("gender", "gender_basis", "n_gender_for", "n_gender_against")
    return {row["actor_id"]: tuple(row[c] for c in columns) for row in found.iter_rows(named=True)}


def test_most_articles_decide_and_the_surest_basis_stands() -> None:
    told = of_articles(*[("ana", "female", "pronoun")] * 3, ("ana", "female", "title"), ("ana", "male", "pronoun"))
    assert told["ana"] == ("female", "title", 4, 1)


def test_articles_that_disagree_tell_nothing() -> None:
    assert of_articles(("ana", "female", "title"), ("ana", "male", "title"))["ana"] == (None, None, 0, 2)


def test_of_whom_no_article_tells_it_is_unknown() -> None:
    assert of_articles(("ana", None, None))["ana"] == (None, None, 0, 0)


def test_articles_of_a_merged_actor_count_for_the_other() -> None:
    told = of_articles(("a", "female", "pronoun"), ("b", "female", "title"), merged_into="b")
    assert told == {"a": (None, None, 0, 0), "b": ("female", "title", 2, 0)}
