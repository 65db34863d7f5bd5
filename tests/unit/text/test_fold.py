"""Words folded for comparison: two prints of the same words are the same, whichever way they were typed."""

from __future__ import annotations

import pytest

from pipelines.core.text.fold import fold_words, letters_only, strip_accents


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("“Don’t — STOP!”  Now", "dont stop now"),
        ("don't", "dont"),
        ("don‘t", "dont"),
        ("donʼt", "dont"),
        ("‘We won’", "we won"),
        ("e\u0301", "é"),
        ("É", "é"),
        ("E\u0301COLE", "école"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("İzmir", "i\u0307zmir"),
        ("हिन्दी", "हिन्दी"),
        ("x\u0323y", "x\u0323y"),
        ("U.S. rules", "u s rules"),
        ("5½%", "5½"),
        ("", ""),
        ("—", ""),
    ],
)
def test_words_are_folded(words: str, folded: str) -> None:
    assert fold_words(words) == folded
    assert fold_words(folded) == folded


def test_plain_words_fold_as_they_do_beside_others() -> None:
    words = "It's 9 o'clock - \"go\", they_said\x1c(now)"
    assert fold_words(words) == fold_words(words + " é").removesuffix(" é")


def test_letters_only_are_left_of_a_headline() -> None:
    assert letters_only("“Weir opens” – at last") == letters_only('"Weir Opens" - at last') == "weiropensatlast"


def test_accents_are_taken_off() -> None:
    assert strip_accents("Łódź, Søren, Straße") == "Lodz, Soren, Strasse"
