from __future__ import annotations

import pytest

from pipelines.core.text.names import (
    acronyms,
    fold,
    is_name_like,
    is_one_word,
    ministry_first,
    short_keys,
    suffix_of,
    surname_key,
    surname_keys,
    tokens,
)


@pytest.mark.parametrize(
    ("surface", "folded"),
    [
        ("the Kremlin's", "kremlin"),
        ("U.S.", "us"),
        ("José Álvarez", "jose alvarez"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("Jean-Marie Le Pen", "jean marie le pen"),
        ("Donald Trump Jr.", "donald trump jr"),
        ("the workers’", "workers"),
        ("Hillary Clinton’s campaign", "hillary clinton campaign"),
        ("  O'Brien, ", "obrien"),
        ("", ""),
    ],
)
def test_fold(surface: str, folded: str) -> None:
    assert fold(surface) == folded


def test_folding_twice_changes_nothing() -> None:
    for surface in ("The New York Times", "A. B. Smith-Jones III", "“Ana Ruiz”"):
        assert fold(fold(surface)) == fold(surface)


def test_surname_leaves_out_suffix_and_keeps_particles() -> None:
    assert surname_key("donald trump jr") == "trump"
    assert surname_keys("ursula von der leyen") == ("leyen", "der leyen", "von der leyen")
    assert suffix_of("donald trump jr") == "jr"
    assert suffix_of("junior") == ""


def test_acronyms_with_and_without_small_words() -> None:
    assert acronyms("Ministry of Public Works") == ("mpw", "mopw")
    assert acronyms("Harbour Workers Union") == ("hwu",)
    assert acronyms("Harbour") == ()


def test_name_like() -> None:
    assert is_name_like(tokens("Ursula von der Leyen"))
    assert is_name_like(["al-Assad"])
    assert not is_name_like(tokens("the mayor"))
    assert not is_name_like([])


def test_a_double_surname_is_one_word_and_counts_whole() -> None:
    assert is_one_word("Vance-Rook") and is_one_word("von Berg") and is_one_word("Roe Jr.")
    assert not is_one_word("Al Roe")
    assert short_keys("Alma Vance-Rook") == ("vance rook", "rook")
    assert short_keys("Vance-Rook") == ("vance rook",)


def test_a_ministry_has_one_name() -> None:
    assert ministry_first("ministry of tides") == "tides ministry"
    assert ministry_first("department of the coast") == "coast department"
    assert ministry_first("bank of tides") == "bank of tides"
