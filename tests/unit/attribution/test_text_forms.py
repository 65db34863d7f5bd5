"""Statements in forms that are not plain prose: transcripts, releases, odd marks, inserted clauses, odd names."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from .helpers import run


def rows(text: str) -> list[dict[str, Any]]:
    """Statements with the words of their source, in the order of the text."""
    found = run(text)
    sources = found.statement_spans.filter(pl.col("span_kind") == "source").group_by("statement_id").first()
    joined = found.statements.join(
        sources.select("statement_id", source="span_text"), on="statement_id", how="left", maintain_order="left"
    )
    return joined.sort("sentence_no", "depth", maintain_order=True).to_dicts()


def said(text: str) -> list[tuple[str | None, str]]:
    return [(row["source"], row["content_text"]) for row in rows(text) if not row["depth"]]


@pytest.mark.parametrize(
    ("line", "source", "content"),
    [
        (
            "Senator VELLA (Northern Region) (14:02): When did he learn of it?",
            "Senator VELLA",
            "When did he learn of it?",
        ),
        ("Rhona Pike (Keel West) (Lab): I thank the Minister.", "Rhona Pike", "I thank the Minister."),
        ("Mr. TRAFFORD (during the reading). I ask for the floor.", "Mr. TRAFFORD", "I ask for the floor."),
        ("Ms. OAKDEN. I object to that.", "Ms. OAKDEN", "I object to that."),
        ("[Applause] The day went well.", None, None),
        ("Mr. Orr. He left.", None, None),
    ],
)
def test_labels_of_transcripts(line: str, source: str | None, content: str | None) -> None:
    assert said(f"Minutes of the hearing\n\n{line}") == ([] if source is None else [(source, content)])


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("And from Chairwoman Marit Osei:\n\n“She brings twenty years of night watches.”", "Chairwoman Marit Osei"),
        ("“Dana knows every mooring.”\n\n— Ilse Vant, harbour commissioner", "Ilse Vant, harbour commissioner"),
        (
            "Later, I got a letter from a spokesman for Tolk Foods.\n\n“The recipe has not changed since 1987.”",
            "a spokesman for Tolk Foods",
        ),
        (
            "Asked about the river, Keel Water issued a statement late on Friday.\n\n“The river is clean and safe.”",
            "Keel Water",
        ),
    ],
)
def test_quotations_that_another_paragraph_announces_or_signs(text: str, source: str) -> None:
    found = [pair for pair in said(f"A title\n\n{text}") if pair[1].startswith("“")]
    assert [who for who, _ in found] == [source]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Theresa May said the boats would sail.", "asserted"),
        ("Will Carr said the case was closed.", "asserted"),
        ("Mr Never told reporters the tide was wrong.", "asserted"),
        ("Did the minister say the bridge was safe?", "question"),
        ("Why had the council said that the pier was sound?", "question"),
        ("Orr never said the bridge was safe.", "negated"),
        ("Orr may say the bridge is safe.", "hypothetical"),
    ],
)
def test_polarity_takes_no_name_for_a_modal(text: str, polarity: str) -> None:
    assert [row["polarity"] for row in rows(text)] == [polarity]


def test_no_blank_after_a_stop_ends_a_sentence() -> None:
    text = "The pool will reopen in May, Brenda Kolle said.Ivo Prahl said the money was gone.“We are broke,” he said."
    assert said(text) == [
        ("Brenda Kolle", "The pool will reopen in May"),
        ("Ivo Prahl", "the money was gone"),
        ("he", "“We are broke,”"),
    ]


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_marks_of_no_width_are_no_border_of_words(mark: str) -> None:
    text = f"Har{mark}bour master Finn Al{mark}dous sa{mark}id the tide was high."
    assert said(text) == [(f"Har{mark}bour master Finn Al{mark}dous", "the tide was high")]


def test_marks_with_blanks_on_both_sides() -> None:
    found = rows('" The trucks keep coming , " the warden said . " We count them . "')
    assert [(row["source"], row["statement_type"]) for row in found] == [("the warden", "direct")]


def test_quote_in_a_quote_is_a_statement_inside_another() -> None:
    found = rows("“My mother said, ‘Never sell the boat,’ and I never did,” Ola Skerry said.")
    assert [(row["depth"], row["source"]) for row in found] == [(0, "Ola Skerry"), (1, "My mother")]
    assert found[1]["content_text"] == "‘Never sell the boat,’"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The report, said Will Roth, was wrong.", "Will Roth"),
        ("The vote, said the minister, will take place in May.", "the minister"),
    ],
)
def test_inserted_clause_has_its_own_subject(text: str, source: str) -> None:
    assert [who for who, _ in said(text)] == [source]
    assert source not in said(text)[0][1]
