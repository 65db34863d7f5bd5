"""Cues that a tagger cuts in two: whole again, and given to the one who said it."""

from __future__ import annotations

import pytest

from pipelines.core.attribution.model import Attribution
from pipelines.core.attribution.split_cues import with_whole_cue
from pipelines.core.text.spans import Span


def _spans(text: str, *pieces: str) -> tuple[Span, ...]:
    return tuple((text.index(p), text.index(p) + len(p)) for p in pieces)


@pytest.mark.parametrize(
    ("text", "tagged", "whole"),
    [
        (
            "The captain was quoted by the Daily Gull as saying she would rest.",
            (["the Daily Gull"], ["was quoted"], ["The captain", "as saying she would rest"]),
            (["The captain"], ["was quoted", "as saying"], ["she would rest"]),
        ),
        (
            "Mr Orr is alleged to have said that the pier was his.",
            ([], ["is alleged"], ["Mr Orr", "to have said that the pier was his"]),
            (["Mr Orr"], ["is alleged", "to have said"], ["that the pier was his"]),
        ),
        (
            "It also quoted the mayor, Ada Vick, as saying “a fin is a fin”.",
            (["It"], ["also quoted"], ["the mayor, Ada Vick, as saying “a fin is a fin”"]),
            (["the mayor, Ada Vick"], ["also quoted", "as saying"], ["“a fin is a fin”"]),
        ),
        (
            "Holm wanted to know who would pay.",
            (["Holm"], ["wanted"], ["to know who would pay"]),
            (["Holm"], ["wanted to know"], ["who would pay"]),
        ),
    ],
)
def test_the_cue_is_whole_and_its_source_is_who_said_it(
    text: str, tagged: tuple[list[str], ...], whole: tuple[list[str], ...]
) -> None:
    found = with_whole_cue(text, Attribution(*(_spans(text, *pieces) for pieces in tagged), 0.9))
    assert (found.source, found.cue, found.content) == tuple(_spans(text, *pieces) for pieces in whole)


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("The bank reported that losses had grown.", (["The bank"], ["reported"], ["that losses had grown"])),
        ("Holm wanted to sell the boat.", (["Holm"], ["wanted"], ["to sell the boat"])),
        ("The theft was reported to police.", ([], ["was reported"], ["The theft"])),
    ],
)
def test_another_cue_stays_as_it_is(text: str, tagged: tuple[list[str], ...]) -> None:
    a = Attribution(*(_spans(text, *pieces) for pieces in tagged), 0.9)
    assert with_whole_cue(text, a) == a
