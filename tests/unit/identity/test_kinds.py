"""The kind that weighs most over all articles is an actor's."""

from __future__ import annotations

import polars as pl

from pipelines.core.identity.kinds import with_kinds


def test_a_role_weighs_more_than_what_articles_are_about() -> None:
    told = [("ana", "sport", "article")] * 3 + [("ana", "politics", "role"), ("bo", None, None)]
    entities = pl.DataFrame(
        [(f"e{i}", kind, basis) for i, (_, kind, basis) in enumerate(told)],
        schema={"entity_id": pl.String, "speaker_kind": pl.String, "kind_basis": pl.String}, orient="row",
    )  # fmt: skip
    links = pl.DataFrame({"entity_id": [f"e{i}" for i in range(5)], "actor_id": [actor for actor, _, _ in told]})
    actors = pl.DataFrame(
        {"actor_id": ["ana", "bo", "cy"], "merged_into": [None, None, None]},
        schema={"actor_id": pl.String, "merged_into": pl.String},
    )
    found = with_kinds(actors, links, entities.lazy()).select("actor_id", "speaker_kind", "kind_basis").rows()
    assert found == [("ana", "politics", "role"), ("bo", None, None), ("cy", None, None)]
