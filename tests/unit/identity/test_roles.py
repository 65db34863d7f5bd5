from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.core.identity.roles import actor_roles
from pipelines.core.ids import mk_id
from pipelines.core.reference import Reference

LINKS = pl.DataFrame({"entity_id": ["e1", "e2", "e3", "e4"], "actor_id": ["ana", "ana", "ana", "bo"]})


def rows_of(reference: Reference, actors: list[str], *roles: tuple[str, str | None, date | None]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [(e, f"v-{e}", role, day) for e, role, day in roles],
        schema={"entity_id": pl.String, "version_id": pl.String, "role_surface": pl.String, "published_on": pl.Date},
        orient="row",
    )
    return actor_roles(frame, LINKS, pl.DataFrame({"actor_id": actors}), reference)


def test_a_role_is_dated_by_the_articles_that_give_it(reference: Reference) -> None:
    found = rows_of(
        reference, ["ana", "bo"], ("e1", "the Norwegian foreign minister", date(2026, 3, 2)),
        ("e2", "Norwegian Foreign Minister", date(2026, 3, 9)), ("e3", "mayor", None), ("e4", None, date(2026, 3, 1)),
    ).sort("role_class")  # fmt: skip
    assert found.select("role_class", "country_code", "first_seen_on", "last_seen_on", "n_articles").rows() == [
        ("minister", "NOR", date(2026, 3, 2), date(2026, 3, 9), 2),
        ("official", None, None, None, 1),
    ]


def test_the_organisation_of_a_role_is_the_actor(reference: Reference) -> None:
    known = reference.find("NATO")
    assert known is not None
    nato = mk_id("actor", "org", known.qid) if known.qid else mk_id("actor", "org", known.name_norm, "")
    role = ("e1", "NATO spokeswoman", date(2026, 3, 2))
    assert rows_of(reference, ["ana", nato], role).select("org_actor_id", "role_class").row(0) == (nato, "spokesperson")
    assert rows_of(reference, ["ana"], role)["org_actor_id"].to_list() == [None]  # nobody in the lake is it


def test_words_that_are_no_role_are_left_out(reference: Reference) -> None:
    assert rows_of(reference, ["ana"], ("e1", "Sunday", date(2026, 3, 2))).is_empty()


def test_the_order_of_rows_does_not_matter(reference: Reference) -> None:
    roles = [
        ("e1", "mayor of Oslo", date(2026, 3, 2)),
        ("e2", "Mayor of Oslo", date(2026, 3, 1)),
        ("e3", "mayor", None),
    ]
    assert rows_of(reference, ["ana"], *roles).equals(rows_of(reference, ["ana"], *reversed(roles)))
