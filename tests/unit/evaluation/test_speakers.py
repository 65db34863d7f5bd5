from __future__ import annotations

import pytest

from pipelines.core.reference import Reference
from pipelines.evaluation.speakers import (
    Answer,
    gold_name,
    head_of,
    is_anaphor,
    is_called,
    is_right,
    merged_people,
    overlap,
)


@pytest.mark.parametrize(
    ("answer", "name", "same"),
    [
        ("Jane Roe", "Jane Roe", True),
        ("Jane Q. Roe", "Jane Roe", True),
        ("J. Roe", "Jane Roe", True),
        ("Roe", "Jane Roe", False),  # a bare surname was not resolved
        ("Jane Roe", "Roe", True),  # the gold knows no more
        ("John Roe", "Jane Roe", False),
        ("Jane Roe Jr.", "Jane Roe", False),
        ("Federal Bureau of Investigation", "FBI", True),
        ("Bill Clinton", "Hillary Clinton", False),
    ],
)
def test_names_are_compared_by_one_rule(answer: str, name: str, same: bool, reference: Reference) -> None:
    assert is_called(Answer(answer, "person"), name, reference) is same


@pytest.mark.parametrize(
    ("answer", "name", "same"),
    [
        ("Danish Transport Ministry", "Ministry of Transport", True),
        ("Transport Ministry", "Danish Ministry of Transport", True),
        ("Danish Transport Ministry", "Swedish Transport Ministry", False),
        ("Danish Transport Ministry", "Ministry of Culture", False),
        ("Danish Ministry", "Ministry", False),  # one word is too little
    ],
)
def test_an_organisation_is_the_same_without_its_nationality(
    answer: str, name: str, same: bool, reference: Reference
) -> None:
    assert is_called(Answer(answer, "org"), name, reference) is same


def test_nicknames_are_first_names(reference: Reference) -> None:
    chris = Answer("Chris Roe", "person")
    assert is_called(chris, "Christine Roe", reference) and is_called(chris, "Christopher Roe", reference)
    assert not is_called(chris, "Catherine Roe", reference)
    assert not is_called(Answer("Christopher Roe", "person"), "Christine Roe", reference)


def test_where_a_speaker_belongs_is_not_who_speaks() -> None:
    assert head_of("Ana Ruiz, of the University of Harrow") == "Ana Ruiz"
    assert head_of("The harbour master, Ana Ruiz") == "The harbour master, Ana Ruiz"


def test_nobody_is_right_only_where_nobody_is_named(reference: Reference) -> None:
    ana, group = Answer("Ana Ruiz", "person"), Answer("officials", "group")
    assert is_right([], [], reference) and is_right([group], [], reference)
    assert not is_right([ana], [], reference)
    assert not is_right([], ["Ana Ruiz"], reference)
    assert is_right([ana, Answer("Bo Lind", "person")], ["Bo Lind", "Ana Ruiz"], reference)
    assert not is_right([ana], ["Bo Lind", "Ana Ruiz"], reference)


def test_overlap_counts_characters_once() -> None:
    assert overlap([(0, 10)], [(5, 15)]) == pytest.approx(1 / 3)
    assert overlap([(0, 4), (2, 6)], [(0, 6)]) == 1
    assert overlap([], [(0, 1)]) == 0


def test_a_gold_name_is_the_title_else_the_longest_name(reference: Reference) -> None:
    assert gold_name("Jane_Roe_%28poet%29", ["she"], reference) == "Jane Roe"
    assert gold_name(None, ["the mayor", "Roe", "Jane Roe, mayor of the town", "her"], reference) == "Jane Roe"
    assert gold_name(None, ["the mayor", "she"], reference) is None


def test_sources_that_are_no_names_are_told(reference: Reference) -> None:
    assert all(is_anaphor(s, reference) for s in ("she", "I", "the mayor", "the ministry"))
    assert not any(is_anaphor(s, reference) for s in ("Jane Roe", "Mayor Jane Roe", "NATO"))


def test_people_of_two_names_in_one_actor_are_found() -> None:
    names = {"a": "Jane Roe", "b": "John Roe", "c": "Jane Roe"}
    assert merged_people({"a": "x", "b": "x", "c": "x"}, names) == [("a", "b"), ("b", "c")]
    assert merged_people({"a": "x", "b": "y", "c": "x"}, names) == []
