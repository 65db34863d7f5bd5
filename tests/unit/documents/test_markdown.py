"""Markdown with front matter: what is known, what is prose, and what is taken off."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Document, Refused, SourceRules
from tests.unit.documents.helpers import BODY, cut, record

FRONT = """---
title: Fernholm votes on its wall
author: [Ada Lund, Bo Berg]
date: 2025-06-03
url: https://fernpost.example/wall
outlet: Fern Post
lang: en
tags: [harbour]
---
"""


def md(text: str | bytes, **rules: object) -> Document:
    return read_record(record(text, "text/markdown", "a.md"), SourceRules("files", **rules))  # type: ignore[arg-type]


def refusal(text: str | bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        md(text)
    assert "\n" not in refused.value.refusal.detail
    return refused.value.refusal.stage, refused.value.refusal.rule


def test_front_matter_is_what_is_known() -> None:
    found = md(FRONT + "\n" + BODY)
    assert found.headline == "Fernholm votes on its wall"
    assert (found.authors, found.outlet_name, found.language) == (("Ada Lund", "Bo Berg"), "Fern Post", "en")
    assert (found.published.on, found.published.basis) == (date(2025, 6, 3), "supplied")
    assert found.url == "https://fernpost.example/wall"
    assert found.text == f"{found.headline}\n\n{BODY.strip()}"
    assert cut(found, "headline") == [found.headline]


def test_names_of_fields_may_be_mapped() -> None:
    found = md("---\nmeta: {head: Another head}\n---\n" + BODY, fields={"headline": "meta.head"})
    assert found.headline == "Another head"


def test_a_first_heading_is_the_headline_where_none_is_given() -> None:
    assert md("# Fernholm *votes*\n\n" + BODY).headline == "Fernholm votes"
    found = md(FRONT + "\n# Another heading\n\n" + BODY)
    assert found.headline == "Fernholm votes on its wall"
    assert "Another heading" in found.text


def test_marks_are_taken_off_and_the_words_stay() -> None:
    text = (
        "**Ada Quill** said: \"We [cannot wait](https://fernpost.example/x 'title') for *another*\nstorm\".\\\n"
        "She left.\n"
        "\n> First quoted line\n> goes on.\n\n1. One thing\n2. Another `thing`\n\nA setext heading\n----\n"
        "\n| a | b |\n|---|---|\n| c | d |\n"
        "\n```\ncode = 1\n```\n\n***\n\n<div>html</div>\n\n<!-- note -->\n\n![Ada Quill at the harbour](a.jpg)\n"
        "\nAT&amp;T, 3 \\* 4 <b>bold</b>\n"
    )
    found = md(text)
    assert found.text.split("\n\n") == [
        'Ada Quill said: "We cannot wait for another storm".\nShe left.', "First quoted line goes on.", "One thing",
        "Another thing", "A setext heading", "a | b", "c | d", "AT&T, 3 * 4 bold", "Ada Quill at the harbour",
    ]  # fmt: skip
    assert cut(found, "caption") == ["Ada Quill at the harbour"]


def test_a_text_without_front_matter_and_one_that_begins_with_a_rule() -> None:
    assert md(BODY).text == BODY.strip()
    assert md("---\n\n" + BODY).text == BODY.strip()
    assert md("---\n---\n" + BODY).text == BODY.strip()


@pytest.mark.parametrize(
    "front",
    ["title: [open", "\ttabs: x", "title: a: b", "just words", "- a\n- list", "a: &x 1\nb: *y", "d: 2026-99-99"],
)
def test_front_matter_that_is_no_yaml_of_names_is_refused(front: str) -> None:
    assert refusal(f"---\n{front}\n---\n{BODY}") == ("parse", "malformed_front_matter")


def test_nothing_but_marks_is_refused() -> None:
    assert refusal(FRONT) == ("parse", "empty_text")
    assert refusal("```\ncode\n```\n") == ("parse", "empty_text")
    assert refusal(b"") == ("decode", "empty")
    assert refusal(b"\x89PNG\x00\x00")[1] == "binary"


def test_aliases_that_multiply_stay_small() -> None:
    front = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
    )
    assert md(f"---\n{front}title: Small\n---\n{BODY}").headline == "Small"
