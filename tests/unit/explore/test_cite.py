"""A citation says what is known of a statement and nothing else, in text that each reader takes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipelines.explore.cite import Citation, as_bibtex, as_csl, as_text, citation

BARE = Citation("s1", "The bridge is safe", "direct", "Bridge Herald")
FULL = replace(
    BARE, cue="said", speakers=("Ada Brook",), headline="Talks go on", byline="By Jon Reed and Mia Holt",
    published_on=date(2026, 3, 2), url="https://bridgeherald.example/a_b?c=1&d=%20#e",
)  # fmt: skip
ROW: dict[str, Any] = {
    "statement_id": "s1", "content_text": "The bridge\n is\x00 safe", "statement_type": "direct", "cue_text": None,
    "polarity": "asserted", "source_text": " ", "speakers": [], "outlet": "Bridge Herald", "headline": None,
    "byline": "", "published_on": None, "url": "files/1.html", "is_current": True, "is_retracted": False,
}  # fmt: skip
_COMMANDS = {
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~",
    "textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|",
}  # fmt: skip


def fields(entry: str) -> dict[str, str]:
    """Return the fields of an entry as BibTeX cuts them: by braces alone, whatever stands before them."""
    body = entry[entry.index("{") + 1 :]
    found, at = {"key": body[: body.index(",")]}, body.index(",")
    while match := re.compile(r",\s*(\w+) = ").match(body, at):
        at, depth, start = match.end(), 0, match.end()
        while depth or body[at] != ",":
            depth += {"{": 1, "}": -1}.get(body[at], 0)
            at += 1
        found[match[1]] = body[start:at]
    assert body[at:].strip(",\n ") == "}"
    return found


def typeset(value: str) -> str:
    """Return the text that TeX sets for a field."""
    value = re.sub(r"\\(text\w+)\{\}", lambda m: f"\0{_COMMANDS[m[1]]}", value)
    value = re.sub(r"(?<!\0)\\([$&#_%])", lambda m: f"\0{m[1]}", value)
    assert not re.search(r"(?<!\0)[$&#_%~^\\|<>]", value), "TeX would take it for a command"
    return re.sub(r"(?<!\0)[{}]", "", value).replace("\0", "")


def test_plain_text_holds_all_that_is_known() -> None:
    assert as_text(FULL) == (
        "Ada Brook (“said”): “The bridge is safe”. Bridge Herald, “Talks go on”, 2 March 2026. "
        "https://bridgeherald.example/a_b?c=1&d=%20#e OnRecord statement s1.\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    cited = citation(ROW)
    assert cited == BARE
    assert as_text(cited) == "“The bridge is safe”. Bridge Herald. OnRecord statement s1.\n"
    assert set(fields(as_bibtex(cited))) == {"key", "howpublished", "note"}
    (item,) = json.loads(as_csl(cited))
    assert item == {
        "id": "onrecord-s1", "type": "article-newspaper", "container-title": "Bridge Herald",
        "note": "“The bridge is safe”. OnRecord statement s1.",
        "custom": {"quote": "The bridge is safe", "statement_id": "s1"},
    }  # fmt: skip


def test_words_of_the_outlet_are_not_put_between_marks() -> None:
    told = replace(FULL, kind="indirect", quote="that the bridge is safe")
    assert as_text(told).startswith("Ada Brook (“said”, in the outlet's words): that the bridge is safe. Bridge")
    told = replace(FULL, kind="mixed", quote="that it is “safe.”", cue=None)
    assert as_text(told).startswith("Ada Brook (partly in the outlet's words): that it is “safe.” Bridge")
    assert as_text(replace(FULL, quote="“Safe!”")).startswith("Ada Brook (“said”): “Safe!” Bridge")


def test_a_source_without_a_name_stands_as_printed_and_joint_speakers_all() -> None:
    assert as_text(replace(BARE, source="a senior official")).startswith("a senior official: “The")
    assert as_text(replace(FULL, source="they", speakers=("Ada Brook", "Jon Reed"))).startswith("Ada Brook, Jon Reed (")


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"polarity": "negated"}, "this was not said"), ({"is_retracted": True}, "was withdrawn"),
     ({"is_current": False}, "earlier text"), ({"polarity": "question"}, "asks whether")],
)  # fmt: skip
def test_what_one_must_know_before_citing_is_in_every_form(changed: dict[str, Any], words: str) -> None:
    told = replace(FULL, **changed)
    for form in (as_text, as_bibtex, as_csl):
        assert words in form(told)
        assert words not in form(FULL)


@pytest.mark.parametrize(
    "text",
    [
        "50% of $3 & #1_a",
        "unbalanced { brace",
        "} and {{",
        r"C:\new\{x}",
        "a ~ b ^ c | d < e > f",
        "שלום 🌉 é “q”",
        "\\",
    ],
)
def test_bibtex_sets_the_text_as_printed(text: str) -> None:
    told = replace(FULL, quote=text, headline=text, byline=text, outlet=text, speakers=(text,))
    found = fields(as_bibtex(told))
    assert typeset(found["title"]) == typeset(found["author"]) == typeset(found["howpublished"]) == text
    assert typeset(found["note"]).startswith(f"{text} (“said”): “{text}”.")


def test_bibtex_keeps_capitals_names_and_addresses() -> None:
    found = fields(as_bibtex(replace(FULL, url="https://bridgeherald.example/{a}\\b_c")))
    assert found["author"] == "{{By Jon Reed and Mia Holt}}", "a byline is not cut into names"
    assert found["title"] == "{{Talks go on}}"
    assert (found["date"], found["year"], found["month"]) == ("{2026-03-02}", "{2026}", "mar")
    assert found["url"] == "{https://bridgeherald.example/%7Ba%7D%5Cb_c}"
    assert fields(as_bibtex(replace(FULL, statement_id="a,b}")))["key"] == "onrecord-a-b-"


def test_csl_is_one_item_with_a_day_and_an_author_as_printed() -> None:
    (item,) = json.loads(as_csl(FULL))
    assert item["issued"] == {"date-parts": [[2026, 3, 2]]}
    assert item["author"] == [{"literal": "By Jon Reed and Mia Holt"}]
    assert (item["title"], item["URL"]) == (FULL.headline, FULL.url)
    assert item["custom"]["speakers"] == ["Ada Brook"]
