from __future__ import annotations

import pytest

from pipelines.core.attribution import OwnWords
from pipelines.core.attribution.names import analyse_phrase, find_names, source_kind

NONE = OwnWords()
OWN = OwnWords(
    states=frozenset({"northmark"}),
    metonyms=frozenset({"lock hill", "vessen", "kremlin"}),
    institutions=frozenset({"lock hill"}),
    demonyms=frozenset({"northmarker"}),
    roles=frozenset({"lockwarden"}),
)


def kind(surface: str, own: OwnWords = NONE) -> str:
    return source_kind(surface, (0, len(surface)), "", own)


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Karl Lind", "named_person"),
        ("he", "named_person"),
        ("it", "organisation"),
        ("those", "collective"),
        ("you", "collective"),
        ("someone", "role_only"),
        ("Analysts", "collective"),
        ("Harrow bankers", "collective"),
        ("a producer for Harrow Studios", "role_only"),
        ("the Harrow ministry", "organisation"),
        ("the Lind report", "document"),
        ("Harrow car production", "role_only"),
    ],
)
def test_source_kind(surface: str, expected: str) -> None:
    assert kind(surface) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He met Karl Lind Friday on the pier.", ["Karl Lind"]),
        ("Karl Lind Dec. 3 resigned.", ["Karl Lind"]),
        ("They saw Theresa May and left.", ["Theresa May"]),
        ("He left the U.S. While Lind stayed, it rained.", ["U.S.", "Lind"]),
    ],
)
def test_a_name_ends_at_a_day_and_at_a_common_word(text: str, names: list[str]) -> None:
    assert [text[s:e] for s, e in find_names(text, 0, len(text))] == names


@pytest.mark.parametrize(
    ("surface", "without", "expected"),
    [
        ("Northmark", "named_person", "state"),
        ("Vessen", "named_person", "state"),
        ("Lock Hill", "named_person", "organisation"),
        ("The Kremlin", "organisation", "state"),
        ("Northmarker", "named_person", "collective"),
    ],
)
def test_words_of_a_users_own_stand_beside_ours_and_before_them(surface: str, without: str, expected: str) -> None:
    assert kind(surface) == without
    assert kind(surface, OWN) == expected


def test_a_role_word_of_a_users_own_is_cut_off_the_name() -> None:
    text = "Lockwarden Ana Lund"
    assert analyse_phrase(text, (0, len(text)), OwnWords()).role is None
    phrase = analyse_phrase(text, (0, len(text)), OWN)
    assert (phrase.kind, phrase.role, phrase.name) == ("role+name", (0, 10), (11, 19))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Will Carr said no.", ["Will Carr"]),
        ("He asked Can Yilmaz to wait.", ["Can Yilmaz"]),
        ("Will Carr say no?", ["Carr"]),
        ("Sunday Okoro agreed.", ["Sunday Okoro"]),
        ("On Sunday Ana Lund left.", ["Ana Lund"]),
        ("US Freightways had no comment.", ["US Freightways"]),
        ("And I'm Ana Lund.", ["Ana Lund"]),
    ],
)
def test_a_small_word_with_a_capital_may_begin_a_name(text: str, names: list[str]) -> None:
    assert [text[s:e] for s, e in find_names(text, 0, len(text))][-1:] == names
