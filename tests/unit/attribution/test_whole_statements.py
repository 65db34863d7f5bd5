"""Statements are whole: no words of another sentence, and quotations that no cue claims go on with whoever spoke."""

from __future__ import annotations

import polars as pl
import pytest

from .helpers import run


def said(text: str) -> list[tuple[str, str | None, str]]:
    """Content, cue and method of each statement, in the order of the text."""
    rows = run(text).statements.filter(pl.col("depth") == 0).sort("sentence_no")
    return [(r["content_text"], r["cue_text"], r["attribution_method"]) for r in rows.iter_rows(named=True)]


def contents(text: str) -> list[str]:
    return [content for content, _, _ in said(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Colm Brady, who runs a crab stall, said he had lost a third of his trade. The board meets again in April, when"
        " a firm from the capital will present its plan.",
        "Ines Okoro said the road was unsafe. It opens in May.",
        "Police said the driver was known to them. A spokesman for the union had called for calm.",
    ],
)
def test_words_of_another_sentence_are_no_part(text: str) -> None:
    first = contents(text)[0]
    assert "." not in first.rstrip(".")


def test_source_does_not_reach_into_the_sentence_before() -> None:
    found = run("Krantz, 52, showed no emotion. His lawyer, Ina Prost, said he would appeal.")
    sources = found.statement_spans.filter(pl.col("span_kind") == "source")["span_text"].to_list()
    assert sources == ["His lawyer, Ina Prost"]


def test_quotation_behind_indirect_words_is_a_statement_of_its_own() -> None:
    text = "Mara Quist said the bridge was worn. “I would not cross it. Nobody should.”"
    assert [(cue, method) for _, cue, method in said(text)] == [("said", "name"), (None, "carried_forward")]


def test_quotation_that_resumes_behind_its_cue_is_one_statement() -> None:
    text = "“We lost the boat,” said Ola Skerry. “We kept the nets.”"
    assert contents(text) == ["“We lost the boat,” “We kept the nets.”"]


def test_marks_that_are_opened_again_make_one_statement() -> None:
    text = 'Ann Poe said: "The ward was full. "We had forty beds. "We needed sixty."'
    assert len(said(text)) == 1
    assert contents(text)[0].endswith('sixty."')


def test_open_quotation_joins_the_cue_that_its_next_paragraph_has() -> None:
    text = "“The ward was full.\n\n“We had forty beds,” said Ann Poe."
    assert contents(text) == ["“The ward was full. “We had forty beds,”"]


class TestQuotationsInParagraphsOfTheirOwn:
    def test_goes_on_with_what_was_told_before(self) -> None:
        text = (
            "Holm said three deer were missing.\n\n“I counted them myself. The last one limped.”\n\n"
            "The police gave no comment."
        )
        assert [method for _, _, method in said(text)][:2] == ["name", "carried_forward"]

    def test_goes_on_over_several_paragraphs(self) -> None:
        text = "Holm said three deer were missing.\n\n“I counted them myself at dawn.”\n\n“The last one limped badly.”"
        assert [method for _, _, method in said(text)] == ["name", "carried_forward", "carried_forward"]

    def test_belongs_to_nobody_where_two_are_as_likely(self) -> None:
        text = "Holm said three deer were missing, but Reyes said four were.\n\n“I counted them myself at dawn.”"
        assert "carried_forward" not in [method for _, _, method in said(text)]

    def test_belongs_to_nobody_behind_a_question(self) -> None:
        text = "Holm asked who had cut the fence.\n\n“I counted them myself at dawn.”"
        assert "carried_forward" not in [method for _, _, method in said(text)]


def test_a_quotation_behind_what_somebody_does_is_theirs() -> None:
    text = "The fence\n\nDana Holm shut the gate.\n\n“I counted every post myself, and the last one leaned.”"
    assert [method for _, _, method in said(text)] == ["carried_forward"]
    spans = run(text).statement_spans.filter(pl.col("span_kind") == "source")
    assert spans["span_text"].to_list() == ["Dana Holm"]


def test_a_quotation_behind_a_sentence_about_somebody_else_is_nobodys() -> None:
    text = "The fence\n\nThe row with Dana Holm went on.\n\n“I counted every post, and the last one leaned.”"
    assert said(text) == []
