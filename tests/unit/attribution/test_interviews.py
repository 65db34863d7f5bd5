"""Interviews printed as questions and answers."""

from __future__ import annotations

import polars as pl

from .helpers import run

BARE = """The keeper of the light

The Harbour Post spoke to Ada Holm about forty years on the rock.

How did you come to the island?

I came with my father in 1981. He had the keys.

What do you miss?

Nothing much, though we had no doctor.

Would you do it again?

I would go tomorrow.

And the light?

They turned it off in May, and I wept."""


def answers(text: str) -> list[tuple[str, str]]:
    found = run(text).statements.filter(pl.col("attribution_method") == "transcript", pl.col("depth") == 0)
    return list(zip(found["content_text"], found["tier"], strict=True))


def test_every_answer_is_a_core_statement_of_the_one_who_is_asked() -> None:
    assert answers(BARE) == [
        ("I came with my father in 1981. He had the keys.", "core"),
        ("Nothing much, though we had no doctor.", "core"),
        ("I would go tomorrow.", "core"),
        ("They turned it off in May, and I wept.", "core"),
    ]
    spans = run(BARE).statement_spans.filter(pl.col("span_kind") == "source")
    assert spans["span_text"].unique().to_list() == ["Ada Holm"]


def test_answers_behind_labels() -> None:
    text = "Five things\n\nQ: Why now?\n\nA: The roof leaks.\n\nIt has for years.\n\nQ: And then?\n\nA: Then I retire."
    assert [content for content, _ in answers(text)] == ["The roof leaks. It has for years.", "Then I retire."]


def test_an_article_that_answers_its_own_questions_is_no_interview() -> None:
    text = "\n\n".join(
        ("What happens now?", "The bill goes to the upper house, which votes in May.", "Why does it matter?",
         "The ports lose a third of their income.", "Who is against it?", "Two parties and the union.")
    )  # fmt: skip
    assert answers(text) == []


def test_nobody_is_named_where_two_are_as_likely() -> None:
    text = BARE.replace("The Harbour Post spoke to Ada Holm about", "Ada Holm and Bo Reyes know")
    assert answers(text)
    found = run(text)
    ids = found.statements.filter(pl.col("attribution_method") == "transcript")["statement_id"]
    spans = found.statement_spans.filter(pl.col("span_kind") == "source", pl.col("statement_id").is_in(ids.to_list()))
    assert spans.is_empty()


def test_labels_that_name_the_speaker_tell_who_answers() -> None:
    lines = BARE.split("\n\n")
    labelled = [f"HOLM: {p}" if lines[i - 1].endswith("?") else p for i, p in enumerate(lines)]
    contents = [content for content, _ in answers("\n\n".join(labelled))]
    assert contents
    assert not any("HOLM" in content for content in contents)


def test_answers_between_marks_are_statements_of_the_one_who_is_asked() -> None:
    quoted = "\n\n".join(f"“{p}”" if k > 1 and not p.endswith("?") else p for k, p in enumerate(BARE.split("\n\n")))
    assert [tier for _, tier in answers(quoted)] == ["core"] * 4
