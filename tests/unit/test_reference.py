from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.core.reference import Reference, parse_reference

FILES = {p.name: p.read_text() for p in (Path(__file__).parents[2] / "pipelines" / "reference").glob("*.csv")}


def broken(name: str, line: str) -> dict[str, str]:
    return {**FILES, name: FILES[name].rstrip("\n") + "\n" + line + "\n"}


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("actors.csv", "robot,R2,,,,", "actor_type 'robot'"),
        ("actors.csv", "person,Ana Ruiz,XX,,,", "country_code 'XX'"),
        ("actors.csv", "person,Ana Ruiz,,12,,", "wikidata_qid '12'"),
        ("actors.csv", "person,Ana Ruiz", "2 cells"),
        ("actors.csv", ",Ana Ruiz,,,,", "actor_type is empty"),
        ("metonyms.csv", "The Hill,org,Hill,USA,often", "reads_as_actor is 'often'"),
        ("actors.csv", "person,Ana Ruiz,,,,x", "gender is 'x'"),
        ("role_words.csv", "wizard,magic,wizard,", "role_class 'magic'"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_do(name: str, line: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        parse_reference(broken(name, line))
    assert re.match(rf"{name}, line \d+: ", str(error.value))
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_wrong_header_are_named() -> None:
    with pytest.raises(ValueError, match=r"actors\.csv: missing"):
        parse_reference({k: v for k, v in FILES.items() if k != "actors.csv"})
    with pytest.raises(ValueError, match=r"nicknames\.csv, line 1"):
        parse_reference({**FILES, "nicknames.csv": "a,b\n"})


def test_the_hash_follows_the_data_and_not_other_files(reference: Reference) -> None:
    assert parse_reference({**FILES, "other.csv": "x\n"}).sha256 == reference.sha256
    changed = parse_reference(broken("actors.csv", "person,Ana Ruiz,,,,"))
    assert changed.sha256 != reference.sha256


def test_an_alias_that_two_actors_share_names_none() -> None:
    twice = parse_reference(broken("actors.csv", "person,Jane Roe,,,Janey,\nperson,Jane Poe,,,Janey,"))
    assert twice.find("Janey") is None
    assert twice.find("Jane Roe") is not None


def test_the_checked_in_data_names_each_actor_once(reference: Reference) -> None:
    keys = [(a.actor_type, a.name_norm) for a in reference.actors]
    assert len(keys) == len(set(keys))
    qids = [a.qid for a in reference.actors if a.qid]
    assert len(qids) == len(set(qids))
    assert len(reference.countries) >= 195


def test_an_acronym_is_found_with_an_article_before_it(reference: Reference) -> None:
    for surface in ("US", "the US", "The US", "The U.S."):
        found = reference.find(surface)
        assert found is not None and found.name == "United States"
    assert reference.find("us") is None


def test_persons_have_a_gender_and_others_have_none(reference: Reference) -> None:
    for actor in reference.actors:
        assert (actor.gender is not None) == (actor.actor_type == "person"), actor.name


# ---------------------------------------------------------------- a user's own rows
HEADER = {name: text.splitlines()[0] for name, text in FILES.items()}


def own(name: str, *lines: str) -> dict[str, str]:
    return {name: "\n".join([HEADER[name], *lines]) + "\n"}


def test_a_users_actor_is_found_and_changes_the_hash(reference: Reference) -> None:
    mine = parse_reference(FILES, own("actors.csv", "person,Petra Lunn,,,Harbour Petra,f", ""))
    found = mine.find("Harbour Petra")
    assert found is not None and found.name == "Petra Lunn"
    assert mine.sha256 != reference.sha256
    assert parse_reference(FILES, {}).sha256 == reference.sha256


def test_a_users_row_takes_the_place_of_ours_with_the_aliases_of_both() -> None:
    mine = parse_reference(FILES, own("actors.csv", "person,Ted Cruz,USA,,Lone Star Ted,m"))
    found = mine.find("Lone Star Ted")
    assert found is not None and mine.find("Ted Cruz") is found
    assert [a.name for a in mine.actors].count("Ted Cruz") == 1


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"actors.csv": "name\n"}, "reference/actors.csv, line 1: the columns are name"),
        (own("actors.csv", "person,Ana Ruiz,XX,,,"), "reference/actors.csv, line 2: country_code 'XX'"),
        (own("actors.csv", "person,Ana Ruiz"), "reference/actors.csv, line 2: 2 cells"),
        ({"people.csv": "name\n"}, "reference/people.csv: no such table"),
        (own("known_roles.csv", "Nobody Here,mayor,,"), "reference/known_roles.csv, line 2: 'Nobody Here' is not in"),
        (own("known_roles.csv", "Ted Cruz,mayor,soon,"), "reference/known_roles.csv, line 2: 'soon' is not a day"),
    ],
)
def test_a_wrong_line_of_the_users_is_named(files: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_reference(FILES, files)
