"""Roles, bodies and names tell which part of society speaks; a role that says nothing asks the body."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.core.resolution.kinds import body_kind, role_kind, topic_of
from tests.unit.conftest import Answer, ArticleBuilder

Solve = Callable[[ArticleBuilder], Answer]


@pytest.mark.parametrize(
    ("role", "topic", "kind"),
    [
        ("shadow home secretary", None, "politics"),
        ("former prime minister", None, "politics"),
        ("Justice Minister", None, "politics"),
        ("chief operating officer", None, "business"),
        ("chairman of Harrow Motors", None, "business"),
        ("chairman of Harrow United FC", None, "sport"),
        ("chairman of the Labour Party", None, "politics"),
        ("vice-chancellor of the University of Harrow", None, "expert"),
        ("general secretary of the dockers' union", None, "union"),
        ("chief constable", None, "police"),
        ("film director", None, "arts"),
        ("director", "arts", "arts"),
        ("director", None, "business"),
        ("manager", "sport", "sport"),
        ("the prime minister's spokesman", None, "politics"),
        ("spokesman for the Port Authority", None, "government"),
        ("analyst at Harrow Capital", None, "expert"),
        ("US District Judge", None, "justice"),
        ("mother of two", None, "people"),
        ("member", None, None),
    ],
)
def test_what_a_role_tells(role: str, topic: str | None, kind: str | None) -> None:
    assert role_kind(role, topic, {}) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Bank of England", "government"), ("Bank of Harrow", "business"), ("Harrow Department Stores", "business"),
        ("Department of Commerce", "government"), ("Scotland Yard", "police"), ("Rugby Football Union", "sport"),
        ("University of Harrow", "expert"), ("Lib Dems", "politics"), ("Lindholm", None),
    ],
)  # fmt: skip
def test_what_the_name_of_a_body_tells(name: str, kind: str | None) -> None:
    assert body_kind(name) == kind


def test_an_article_full_of_matches_is_of_sport() -> None:
    assert topic_of("The coach saw the match. The striker scored the goal that won the cup for the team.") == "sport"
    assert topic_of("The council met on Monday and spoke about the budget of the port for an hour and more.") is None


def test_the_words_round_a_name_tell_its_kind(solve: Solve) -> None:
    a = ArticleBuilder("Economist Ana Ruiz spoke. Karl Lind, of the Harrow Police, left. Bo Berg slept.")
    for name in ("Ana Ruiz", "Karl Lind", "Bo Berg"):
        a.statement(name)
    rows = solve(a).resolution.entities.select("name", "speaker_kind", "kind_basis").rows()
    found = {name: (kind, basis) for name, kind, basis in rows}
    assert found["Ana Ruiz"] == ("expert", "role")
    assert found["Karl Lind"] == ("police", "body")
    assert found["Bo Berg"] == (None, None)
