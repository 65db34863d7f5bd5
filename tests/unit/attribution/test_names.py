from __future__ import annotations

import pytest

from pipelines.core.attribution.names import find_names, source_kind


def kind(surface: str) -> str:
    return source_kind(surface, (0, len(surface)), "")


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
