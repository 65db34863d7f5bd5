"""The gender of a person is what the text tells, and nothing where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.conftest import Answer, ArticleBuilder

Solve = Callable[[ArticleBuilder], Answer]


def told(answer: Answer, name: str) -> tuple[str | None, str | None, int, int]:
    rows = [r for r in answer.resolution.entities.iter_rows(named=True) if r["name"] == name]
    assert len(rows) == 1, answer.resolution.entities["name"].to_list()
    return rows[0]["gender"], rows[0]["gender_basis"], rows[0]["n_gender_for"], rows[0]["n_gender_against"]


@pytest.mark.parametrize(
    ("text", "mentions", "name", "gender", "basis"),
    [
        ("Karl Lind spoke. Mr Lind left.", ["Karl Lind", "Mr Lind"], "Karl Lind", "male", "title"),
        ("Spokeswoman Eva Lind spoke.", ["Spokeswoman Eva Lind"], "Eva Lind", "female", "role"),
        ("Eva Lind, the mother of the boy, spoke.", ["Eva Lind"], "Eva Lind", "female", "role"),
        ("The minister Eva Lind spoke. Then she left the hall.", ["Eva Lind"], "Eva Lind", "female", "pronoun"),
        ("Robin Lind said she would go.", ["Robin Lind"], "Robin Lind", "female", "pronoun"),
        ("Robin Lind, who uses they/them, spoke. She was glad.", ["Robin Lind"], "Robin Lind", "nonbinary", "told"),
        ("Eva Lind spoke about the port.", ["Eva Lind"], "Eva Lind", None, None),
        ("Chairman Eva Lind spoke.", ["Chairman Eva Lind"], "Eva Lind", None, None),
        ("Eva Lind said: “He knew.”", ["Eva Lind"], "Eva Lind", None, None),
        ("Eva Lind spoke of a man whose son saw him.", ["Eva Lind"], "Eva Lind", None, None),
        ("Eva Lind met Karl Berg. He was late.", ["Eva Lind", "Karl Berg"], "Eva Lind", None, None),
        ("Eva Lind spoke. Outlining his plan, Karl Berg left.", ["Eva Lind", "Karl Berg"], "Eva Lind", None, None),
    ],
)
def test_what_tells_a_gender_and_what_does_not(
    solve: Solve, text: str, mentions: list[str], name: str, gender: str | None, basis: str | None
) -> None:
    a = ArticleBuilder(text)
    a.quotes = [(s, text.index("”") + 1) for s in range(len(text)) if text[s] == "“"]
    for m in mentions:
        a.statement(m)
    assert told(solve(a), name)[:2] == (gender, basis)


def test_the_role_of_the_next_person_is_not_that_of_the_one_before(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind, and his wife, Eva Lind, spoke.")
    a.statement("Karl Lind")
    a.statement("Eva Lind")
    assert told(solve(a), "Karl Lind") == (None, None, 0, 1)


def test_words_that_contradict_each_other_tell_nothing_and_are_counted(solve: Solve) -> None:
    a = ArticleBuilder("Robin Lind spoke. Robin Lind said he would go. Robin Lind said she would stay.")
    for nth in range(3):
        a.statement("Robin Lind", nth=nth)
    assert told(solve(a), "Robin Lind") == (None, None, 0, 2)
