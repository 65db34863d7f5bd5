"""Articles in the shapes of other tools' exports."""

from __future__ import annotations

import json

import pytest

from tests.unit.documents.helpers import js

LINES = [
    "The night boats of Wickholm stop in the autumn, the council was told on Monday.",
    "“We carry two passengers and a dog,” said Jon Mell, the director of the ferry company.",
    "Nurses of the hospital on the island asked how they should get home in the winter.",
]
HTML = "".join(f"<p>{line}</p>" for line in LINES)
ROW = {"url": "https://wick.example/a", "title": "Boats to stop"}


@pytest.mark.parametrize(
    "own",
    [
        {"paragraphs": LINES},
        {"body": [{"type": "paragraph", "text": line} for line in LINES]},
        {"body": {"summary": ["Boats."], "sections": [{"headline": [], "paragraphs": LINES}]}},
        {"content": {"rendered": HTML, "protected": False}},
        {"text": HTML},
        {"maintext": "\n\n".join(LINES)},
    ],
)
def test_a_text_in_pieces_or_as_html_is_its_paragraphs(own: dict[str, object]) -> None:
    assert js(ROW | own).text.split("\n\n") == ["Boats to stop", *LINES]


def test_the_field_that_the_settings_name_as_html_goes_before_every_alias() -> None:
    row = ROW | {"content": {"rendered": HTML}, "text": "A teaser.", "title": {"rendered": "Boats &#8220;stop&#8221;"}}
    found = js(row, fields={"html": "content.rendered", "headline": "title.rendered"})
    assert found.text.split("\n\n") == ["Boats “stop”", *LINES]


def test_entities_in_a_plain_text_become_what_they_mean() -> None:
    found = js(ROW | {"text": "&ldquo;We stop,&rdquo; said Jon&nbsp;Mell of the night boats of Wickholm."})
    assert "“We stop,” said Jon\xa0Mell" in found.text


def test_a_text_that_only_compares_stays_as_it_is() -> None:
    text = "The tide was < 2 m & > 1 m at Wickholm on Monday, the harbour office said in its report."
    assert text in js(ROW | {"text": text}).text


def test_a_source_that_is_an_address_is_no_outlet() -> None:
    row = {"title": "Boats", "text": "\n\n".join(LINES), "source": "https://wick.example/a", "sitename": "Wick Post"}
    found = js(row)
    assert (found.outlet_name, found.url) == ("Wick Post", "https://wick.example/a")
    found = js({k: v for k, v in row.items() if k != "sitename"})
    assert (found.outlet_name, found.url) == (None, "https://wick.example/a")


def test_a_text_that_was_escaped_twice_has_its_line_breaks() -> None:
    quoted = LINES[1].replace("“", '"').replace("”", '"')
    escaped = json.dumps("\n\n".join([LINES[0], quoted, LINES[2]]), ensure_ascii=False)[1:-1]
    assert "\n" not in escaped
    assert js(ROW | {"text": escaped}).text.split("\n\n") == ["Boats to stop", LINES[0], quoted, LINES[2]]


def test_a_text_that_writes_of_escapes_stays_as_it_is() -> None:
    text = r"The folder C:\news\new of the office of Wickholm was lost on Monday, with \n in every name, it was told."
    assert text in js(ROW | {"text": text}).text
