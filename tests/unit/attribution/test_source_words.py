"""Which words a source is, and which labels and words are none."""

from __future__ import annotations

import pytest

from pipelines.core.attribution.lead_ins import lead_in
from pipelines.core.attribution.names import find_names
from pipelines.core.attribution.source_words import source_words


@pytest.mark.parametrize(
    ("text", "tagged", "source"),
    [
        ("“It is late,” Mr. Lind said.", "Mr", "Mr. Lind"),
        ("It is late, said Dr. Ana B. Ruiz on the pier.", "Dr.", "Dr. Ana B. Ruiz"),
        ("Mr. Speaker, do you think it is late?", "Mr", "Mr. Speaker"),
        ("“It is late,” Lind said.", "Lind", "Lind"),
        ("The Hon. asked why.", "Hon.", "Hon"),
        ("Rep. Ana Lund (D-Wis.) said so.", "Rep. Ana Lund (D-Wis.", "Rep. Ana Lund (D-Wis.)"),
        ("We've said that it is late.", "We've", "We"),
        ("They’d say that it is late.", "They’d", "They"),
        ("Let me say that it is late.", "Let me", "me"),
        ("So Lind, - said it was late.", "Lind, -", "Lind"),
    ],
)
def test_a_source_is_cut_or_completed(text: str, tagged: str, source: str) -> None:
    at = text.index(tagged)
    start, end = source_words(text, (at, at + len(tagged)))
    assert text[start:end].removesuffix(".") == source.removesuffix(".")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We've met Lind. They’ll go.", ["Lind"]),
        ("That's late, and Let's go on.", []),
        ("“Let me say this to Lind.”", ["Lind"]),
        ("Tell us why Lind left.", ["Lind"]),
        ("It was Lind who told us.", ["Lind"]),
    ],
)
def test_a_verb_and_a_run_together_pronoun_are_no_names(text: str, names: list[str]) -> None:
    assert [text[s:e] for s, e in find_names(text, 0, len(text))] == names


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz: An interview with the mayor of Harrow about her first year.",
        "Ana Ruiz: A short profile of the woman who built the pier",
        "Disclaimer: the author owns a ferry.",
    ],
)
def test_the_heading_of_a_piece_and_a_box_are_no_turn(text: str) -> None:
    assert lead_in(text) is None


@pytest.mark.parametrize(
    "text", ["Ana Ruiz: An interview is out of the question.", "RUIZ: An interview with you? Never.", "Ruiz: I left."]
)
def test_what_somebody_says_of_an_interview_is_a_turn(text: str) -> None:
    found = lead_in(text)
    assert found is not None and found.cue
