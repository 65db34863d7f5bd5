from __future__ import annotations

import random
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts import table
from pipelines.core.identity.actors import ActorState, alias_frame, assign_actors
from pipelines.core.identity.entity_groups import ALIAS_SCHEMA
from pipelines.core.reference import Reference
from pipelines.core.text.names import fold

FRAMES = ("actors", "entity_actors", "actor_aliases", "actor_roles")


def entities(*rows: tuple[str, str, str] | tuple[str, str, str, dict[str, Any]]) -> pl.DataFrame:
    """(entity_id, type, name[, further columns]) -> rows of the lake table."""
    out = []
    for i, (entity_id, actor_type, name, *more) in enumerate(rows):
        basis = "surname_only" if " " not in name and actor_type in ("person", "unknown") else "full_name"
        out.append(
            {
                "ingest_date": date(2025, 1, 1 + i % 5), "batch_id": "b", "entity_id": entity_id,
                "version_id": f"v-{entity_id}",
                "actor_type": actor_type, "name": name, "name_norm": fold(name), "basis": basis, "n_mentions": 1,
                "resolution_id": "r", **(more[0] if more else {}),
            }
        )  # fmt: skip
    return table("lake", "entities").frame(out)


def assign(frame: pl.DataFrame, reference: Reference) -> ActorState:
    return assign_actors(frame, [], reference)


def actor_of(state: ActorState) -> dict[str, str]:
    joined = state.entity_actors.join(state.actors, on="actor_id")
    return dict(joined.select("entity_id", "canonical_name").iter_rows())


def test_same_full_name_and_type_is_one_actor(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "Karl Lind"), ("b", "person", "KARL LIND"), ("c", "org", "Karl Lind")), reference
    )
    assert state.actors.height == 2
    assert actor_of(state)["a"] == actor_of(state)["b"] == "Karl Lind"


def test_a_nickname_is_the_one_whole_name_of_that_surname(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "Vince Lind"), ("b", "person", "Vincent Lind"), ("c", "person", "Alex Roe"),
                 ("d", "person", "Alexander Roe"), ("e", "person", "Alexandra Roe"), ("f", "person", "Vince Oort")),
        reference,
    )  # fmt: skip
    found = state.entity_actors.select("entity_id", "actor_id")
    actor = dict(found.iter_rows())
    assert actor["a"] == actor["b"]
    assert len({actor[k] for k in "bcdef"}) == 5


@pytest.mark.parametrize("names", [("Lib Dems", "Liberal Democrats"), ("Tories", "Conservative Party"),
                                   ("Labour", "Labour Party")])  # fmt: skip
def test_a_party_is_one_actor_by_all_its_names(names: tuple[str, str], reference: Reference) -> None:
    state = assign(entities(("a", "org", names[0]), ("b", "org", names[1])), reference)
    assert set(actor_of(state).values()) == {names[1]}


def test_bare_surname_links_to_the_only_holder(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "Karl Lind"), ("b", "unknown", "Lind"), ("c", "unknown", "Oort")), reference
    )
    assert actor_of(state) == {"a": "Karl Lind", "b": "Karl Lind", "c": "Oort"}
    confidence = dict(state.entity_actors.select("entity_id", "confidence").iter_rows())
    assert confidence["b"] < confidence["a"]


def test_bare_surname_of_two_is_an_actor_of_its_own(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "Karl Lind"), ("b", "person", "Eva Lind"), ("c", "person", "Lind")), reference
    )
    assert actor_of(state)["c"] == "Lind"
    assert state.actors.height == 3


def test_curated_by_alias(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "Sergey Lavrov"), ("b", "person", "Lavrov"), ("c", "country", "Russia")), reference
    )
    assert actor_of(state) == {"a": "Sergei Lavrov", "b": "Sergei Lavrov", "c": "Russia"}
    assert set(state.actors["status"]) == {"curated"}
    assert set(state.actors["country_code"]) == {"RUS"}


def test_curated_person_with_a_middle_initial_and_not_another_of_that_name(reference: Reference) -> None:
    state = assign(
        entities(
            ("a", "person", "Barack Q. Obama"), ("b", "person", "George H. W. Bush"), ("c", "person", "George W. Bush")
        ),
        reference,
    )
    assert actor_of(state) == {"a": "Barack Obama", "b": "George H. W. Bush", "c": "George W. Bush"}


def test_an_untyped_name_takes_the_type_other_articles_give(reference: Reference) -> None:
    state = assign(entities(("a", "person", "Karl Lind"), ("b", "unknown", "Karl Lind")), reference)
    assert state.actors.height == 1
    split = assign(
        entities(("a", "person", "Karl Lind"), ("b", "unknown", "Karl Lind"), ("c", "org", "Karl Lind")), reference
    )
    assert dict(split.actors.select("actor_type", "canonical_name").iter_rows()) == dict.fromkeys(
        ("person", "org"), "Karl Lind"
    )
    ids = dict(split.entity_actors.select("entity_id", "actor_id").iter_rows())
    assert ids["a"] == ids["b"] != ids["c"]


def test_an_untyped_name_takes_the_type_of_most(reference: Reference) -> None:
    rows = [("a", "org", "Harrow Daily"), ("b", "org", "Harrow Daily"), ("c", "person", "Harrow Daily")]
    state = assign(entities(*rows, ("d", "unknown", "Harrow Daily")), reference)
    ids = dict(state.entity_actors.select("entity_id", "actor_id").iter_rows())
    assert ids["d"] == ids["a"] != ids["c"]


def test_a_middle_initial_makes_no_second_person(reference: Reference) -> None:
    rows = [("a", "person", "Karl T. Lind"), ("b", "person", "Karl Lind"), ("c", "unknown", "Karl Lind")]
    assert assign(entities(*rows), reference).actors.height == 1


def test_two_middle_initials_are_two_people(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "Karl T. Lind"), ("b", "person", "Karl B. Lind"), ("c", "person", "Karl Lind")),
        reference,
    )
    assert state.actors.height == 3


def test_father_and_son_stay_apart(reference: Reference) -> None:
    names = ("Karl Lind", "Karl Lind Jr.", "Eva Lind", "Eva B. Lind Jr.")
    assert assign(entities(*((name, "person", name) for name in names)), reference).actors.height == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [("Harrow Shipyards Inc", "Harrow Shipyards"), ("Ministry of Tides", "Tides Ministry"),
     ("Department of the Coast", "Coast Department")],
)  # fmt: skip
def test_forms_of_an_organisations_name(one: str, other: str, reference: Reference) -> None:
    assert assign(entities(("a", "org", one), ("b", "org", other)), reference).actors.height == 1


def test_a_bare_surname_means_the_one_nearly_all_articles_mean(reference: Reference) -> None:
    many = [(f"e{i}", "person", "Karl Lind") for i in range(18)]
    state = assign(entities(*many, ("x", "person", "Eva Lind"), ("y", "unknown", "Lind")), reference)
    assert actor_of(state)["y"] == "Karl Lind"
    few = assign(entities(*many[:4], ("x", "person", "Eva Lind"), ("y", "unknown", "Lind")), reference)
    assert actor_of(few)["y"] == "Lind"


def test_a_first_name_alone_is_nobody_beyond_its_article(reference: Reference) -> None:
    assert actor_of(assign(entities(("a", "person", "Bob"), ("b", "person", "Oort")), reference)) == {"b": "Oort"}


def test_a_group_has_a_name_or_is_described(reference: Reference) -> None:
    names = (
        "Lind aides",
        "supporters of Karl Lind",
        "panel of reporters led by Karl Lind",
        "two of the Harrow dockers",
    )
    rows = [(str(i), "group", name, {"basis": "group"}) for i, name in enumerate(names)]
    assert actor_of(assign(entities(*rows), reference)) == {"0": "Lind aides"}


def test_a_short_first_name_that_is_also_a_particle(reference: Reference) -> None:
    state = assign(entities(("a", "person", "Al Roe"), ("b", "person", "Ben Roe")), reference)
    assert set(actor_of(state).values()) == {"Al Roe", "Ben Roe"}


def test_of_a_family_each_has_an_actor(reference: Reference) -> None:
    names = ["Hillary Clinton", "Bill Clinton", "Chelsea Clinton", "Donald Trump", "Melania Trump", "Ivanka Trump",
             "Eric Trump", "Donald Trump Jr."]  # fmt: skip
    assert actor_of(assign(entities(*((n, "person", n) for n in names)), reference)) == {n: n for n in names}


def test_country_tells_organisations_apart(reference: Reference) -> None:
    rows = [
        ("a", "org", "Transport Ministry", {"country_code": "DNK"}),
        ("b", "org", "Transport Ministry", {"country_code": "NOR"}),
    ]
    assert assign(entities(*rows), reference).actors.height == 2
    lone = assign(entities(rows[0], ("c", "org", "Transport Ministry")), reference)
    assert lone.actors.height == 1


def test_nobody_in_particular_has_no_actor(reference: Reference) -> None:
    state = assign(
        entities(
            ("a", "role", "mayor", {"basis": "role"}), ("b", "document", "memo", {"basis": "role"}),
            ("c", "org", "army", {"basis": "role"}), ("d", "group", "officials", {"basis": "group"}),
            ("e", "group", "Western leaders", {"basis": "group"}),
        ),
        reference,
    )  # fmt: skip
    assert actor_of(state) == {"e": "Western leaders"}


def test_canonical_name_is_the_form_printed_most_and_not_shouted(reference: Reference) -> None:
    state = assign(
        entities(("a", "person", "José Lind"), ("b", "person", "Jose Lind"), ("c", "person", "JOSE LIND"),
                 ("d", "person", "Jose Lind")),
        reference,
    )  # fmt: skip
    assert state.actors["canonical_name"].to_list() == ["Jose Lind"]
    tie = assign(entities(("a", "person", "JOSE LIND"), ("b", "person", "Jose Lind")), reference)
    assert tie.actors["canonical_name"].to_list() == ["Jose Lind"]


def test_aliases(reference: Reference) -> None:
    frame = entities(("a", "person", "Karl Lind"), ("b", "person", "Eva Lind"), ("c", "country", "Russia"))
    aliases = pl.DataFrame(
        [("a", "Karl Lind", "karl lind", 2), ("a", "Lind", "lind", 3),
         ("b", "Lind", "lind", 1), ("c", "Moscow", "moscow", 1)],
        schema=ALIAS_SCHEMA, orient="row",
    )  # fmt: skip
    found = assign_actors(frame, [aliases[:2], aliases[2:]], reference).actor_aliases
    rows = {(r["alias"], r["alias_kind"], r["is_ambiguous"], r["n_mentions"]) for r in found.iter_rows(named=True)}
    assert ("Lind", "surname", True, 3) in rows
    assert ("Karl Lind", "full_name", False, 2) in rows
    assert ("Moscow", "metonym", False, 1) in rows
    assert ("Russian Federation", "full_name", False, 0) in rows


def test_alias_frame_cuts_roles_and_possessives(reference: Reference) -> None:
    mentions = pl.DataFrame({"mention_id": ["1", "2", "3"], "surface": ["President Ana Ruiz", "Ruiz’s", "She"]})
    links = pl.DataFrame(
        {
            "mention_id": ["1", "2", "3"],
            "entity_id": ["e"] * 3,
            "rank": [1, 1, 1],
            "method": ["role+name", "surname", "pronoun"],
        }
    )
    found = alias_frame(mentions, links, reference)
    assert found.select("alias", "alias_norm", "n").rows() == [("Ana Ruiz", "ana ruiz", 1), ("Ruiz", "ruiz", 1)]


def test_frames_keep_the_contracts_also_when_empty(reference: Reference) -> None:
    for frame in (entities(), entities(("a", "person", "Karl Lind"))):
        state = assign(frame, reference)
        for name in FRAMES:
            contract = table("state", name)
            rows = getattr(state, name)
            assert rows.schema == contract.schema
            assert not rows.select(contract.key).is_duplicated().any()
            for column in contract.columns:
                assert not column.allowed or set(rows[column.name].drop_nulls()) <= set(column.allowed)


def test_two_people_of_one_name_are_told_apart_by_country_and_role(reference: Reference) -> None:
    def person(entity_id: str, role: str | None, country: str | None, version: str) -> tuple[str, str, str, Any]:
        return (entity_id, "person", "Jan Berg",
                {"role_surface": role, "country_code": country, "version_id": version})  # fmt: skip

    frame = entities(
        person("a", "Norwegian finance minister", "NOR", "v1"), person("b", "Norwegian finance minister", "NOR", "v2"),
        person("c", "Kenyan general", "KEN", "v3"), person("d", None, None, "v4"),
        ("e", "person", "Amina Otieno", {"version_id": "v3"}), ("f", "person", "Amina Otieno", {"version_id": "v4"}),
    )  # fmt: skip
    for order in (frame, frame.reverse()):
        state = assign(order, reference)
        actor = dict(state.entity_actors.select("entity_id", "actor_id").iter_rows())
        assert actor["a"] == actor["b"] != actor["c"] == actor["d"]  # who is named beside them decides on d
        assert set(state.actors.filter(pl.col("canonical_name") == "Jan Berg")["country_code"]) == {"NOR", "KEN"}


def test_one_person_with_two_offices_stays_one(reference: Reference) -> None:
    frame = entities(
        ("a", "person", "Jan Berg", {"role_surface": "Norwegian minister", "country_code": "NOR"}),
        ("b", "person", "Jan Berg", {"role_surface": "minister", "country_code": "SWE"}),
        ("c", "person", "Jan Berg"),
    )
    assert assign(frame, reference).actors.height == 1


def test_a_surname_of_several_is_whom_the_outlet_names_that_week(reference: Reference) -> None:
    def dated(entity_id: str, name: str, outlet: str, day: int, kind: str = "person") -> tuple[str, str, str, Any]:
        return (entity_id, kind, name, {"published_on": date(2025, 3, day), "outlet_id": outlet})

    rows = [
        dated("a", "Karl Oort", "north", 3), dated("b", "Karl Oort", "north", 5), dated("c", "Eva Oort", "south", 4),
        dated("d", "Eva Oort", "south", 6), dated("e", "Oort", "north", 7, "unknown"),
        dated("f", "Oort", "south", 2, "unknown"), dated("g", "Oort", "south", 25, "unknown"),
    ]  # fmt: skip
    plain = [(i, k, n) for i, k, n, _ in rows]
    more = pl.DataFrame([m for *_, m in rows], schema={"published_on": pl.Date, "outlet_id": pl.String})
    frame = pl.concat([entities(*plain), more], how="horizontal")
    state = assign(frame, reference)
    assert actor_of(state) == {
        "a": "Karl Oort", "b": "Karl Oort", "c": "Eva Oort", "d": "Eva Oort", "e": "Karl Oort", "f": "Eva Oort",
        "g": "Oort",
    }  # fmt: skip
    sure = dict(state.entity_actors.select("entity_id", "confidence").iter_rows())
    assert sure["e"] < sure["a"]
    assert assign(frame.reverse(), reference).entity_actors.equals(state.entity_actors)


NAMES = [
    "Karl Lind",
    "Eva Lind",
    "Lind",
    "KARL LIND",
    "Putin",
    "Vladimir Putin",
    "Transport Ministry",
    "Russia",
    "Oort",
    "Karl Oort Jr.",
]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["person", "unknown", "org", "country", "group"]), st.sampled_from(NAMES),
            st.sampled_from([None, "RUS", "DNK"]),
        ),
        max_size=14,
    ),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_order_does_not_matter(rows: list[tuple[str, str, str | None]], seed: int, reference: Reference) -> None:
    frame = entities(
        *(
            (f"e{i}", t, n, {"country_code": c, "ingest_date": date(2025, 1, 1 + i % 3)})
            for i, (t, n, c) in enumerate(rows)
        )
    )
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    shuffled = frame[order] if order else frame
    one, other = assign(frame, reference), assign(shuffled, reference)
    for name in FRAMES:
        assert getattr(one, name).equals(getattr(other, name)), name
    assert one.entity_actors.height + frame.filter(_nameless()).height == frame.height


def _nameless() -> pl.Expr:
    return (pl.col("actor_type") == "group") & ~pl.col("name").str.contains(r"\p{Lu}")
