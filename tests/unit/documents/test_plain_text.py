"""Plain text: parts of the article as spans of a text that is never changed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Refused, SourceRules
from pipelines.core.documents.paragraphs import paragraphs
from tests.unit.documents.helpers import BODY, cut, plain, record

HEAD = "Fernholm votes to rebuild its harbour wall"
STAND = "Council approves 3 million crowns after a year of storms"


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r\n\r\n"])
def test_parts_of_an_article(gap: str) -> None:
    lead = "FERNHOLM, Norland (AP) — The council of Fernholm voted on Tuesday to rebuild the old harbour wall."
    text = gap.join(
        [HEAD, STAND, "By Ada Lund and Bo Berg, Associated Press", "June 3, 2025", lead, *BODY.split("\n\n")]
    )
    found = plain(text)
    assert found.text == text
    assert (found.headline, found.standfirst) == (HEAD, STAND)
    assert cut(found, "headline") == [HEAD] and cut(found, "standfirst") == [STAND]
    assert found.authors == ("Ada Lund", "Bo Berg")
    assert cut(found, "dateline") == ["FERNHOLM, Norland (AP) —"] == [found.dateline_text]
    assert (found.dateline_place, found.wire_agency) == ("FERNHOLM, Norland", "AP")
    assert (found.published.on, found.published.basis) == (date(2025, 6, 3), "text")
    assert found.language == "en"
    assert found.quality_flags == ()


def test_no_headline_where_there_is_none() -> None:
    found = plain(BODY)
    assert found.headline is None
    assert not cut(found, "headline")
    assert set(found.quality_flags) == {"no_headline", "no_date"}


@pytest.mark.parametrize(("credit", "agency"), [("XQW", "XQW"), ("AFP", "AFP"), ("USA", None), ("Moss Mail", None)])
def test_a_wire_copy_bears_the_code_of_its_agency(credit: str, agency: str | None) -> None:
    lead = f"LOWER FERN, Norland ({credit}) — The council voted on Tuesday."
    found = plain(f"{HEAD}\n{STAND}\nBy Ada Lund\n{lead}\n{BODY}")
    assert found.dateline_text == f"LOWER FERN, Norland ({credit}) —"
    assert (found.dateline_place, found.wire_agency) == ("LOWER FERN, Norland", agency)


def test_the_first_paragraph_under_a_headline_may_begin_with_any_place() -> None:
    lead = "LOWER FERN — The council voted on Tuesday to rebuild the wall."
    assert plain(f"{HEAD}\n\n{lead}\n\n{BODY}").dateline_place == "LOWER FERN"
    assert plain(f"{HEAD}\n\n{BODY.strip()}\n\n{lead}\n").dateline_place is None


def test_headline_over_a_transcript_that_is_introduced() -> None:
    turns = "QUILL: We will build it, whatever it costs.\n\nREPORTER: When?\n\nQUILL: Before the winter.\n"
    found = plain(f"{HEAD}\n\n{STAND}\n\nBy Ada Lund\n\nThe mayor spoke on the steps of the town hall.\n\n{turns}")
    assert (found.headline, found.standfirst, found.byline) == (HEAD, STAND, "By Ada Lund")


def test_transcript_has_no_headline() -> None:
    text = (
        "ADA QUILL: Thank you all for coming here.\n\nREPORTER: What about the wall?\n\nADA QUILL: We will build it.\n"
        * 3
    )
    assert plain(text).headline is None


def test_unknown_date_stays_unknown() -> None:
    found = plain(BODY)
    assert (found.published.on, found.published.precision, found.published.basis) == (None, "unknown", "none")


def test_file_name_gives_a_day_with_its_basis() -> None:
    assert plain(BODY, uri="x/fern_2020-02-03.txt").published.basis == "file_name"


def test_correction_and_boilerplate_and_caption() -> None:
    text = "\n\n".join(
        [
            HEAD,
            BODY.strip(),
            "Image: The wall in May. Credit: Bo Berg",
            "Read more: Storms of the century",
            "Correction: An earlier version of this story misstated the cost.",
            "(Reporting by Ada Lund; Editing by Bo Berg)",
        ]
    )
    found = plain(text)
    assert found.correction_note == "Correction: An earlier version of this story misstated the cost."
    assert cut(found, "correction") == [found.correction_note]
    assert cut(found, "caption") == ["Image: The wall in May. Credit: Bo Berg"]
    assert cut(found, "boilerplate") == [
        "Read more: Storms of the century",
        "(Reporting by Ada Lund; Editing by Bo Berg)",
    ]
    assert "correction" in found.quality_flags


def test_correction_label_on_a_line_of_its_own() -> None:
    found = plain(f"{BODY}\n\nCORRECTION:\n\nThe wall is in Fernholm, not in Farnholm.")
    assert len(cut(found, "correction")) == 2
    assert found.correction_note == "CORRECTION: The wall is in Fernholm, not in Farnholm."


@pytest.mark.parametrize(
    "notice",
    [
        "This article has been withdrawn.",
        "We have removed this story because its source could not be verified.",
        "Editor's note: This report was retracted on Monday.",
    ],
)
def test_retraction(notice: str) -> None:
    found = plain(f"{HEAD}\n\n{notice}\n\n{BODY}")
    assert found.is_retracted
    assert "retracted" in found.quality_flags


@pytest.mark.parametrize(
    "sentence",
    [
        "The study was retracted by the journal on Monday, the university said.",
        "Correction officers in Fernholm went on strike on Tuesday.",
        "She said the newspaper had corrected its story twice.",
        "Troops have withdrawn from the town.",
        "Norland has withdrawn its report on the harbour, the ministry said.",
        "Corrected figures show three things: debt, tax and rain.",
    ],
)
def test_news_about_corrections_is_body(sentence: str) -> None:
    found = plain(f"{BODY}\n\n{sentence}")
    assert not found.is_retracted
    assert found.correction_note is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Register to vote by Friday, officials urged.",
        "Copyright law will change in May, she said.",
        "Video showed the wave.",
    ],
)
def test_sentences_that_begin_like_boilerplate_are_body(sentence: str) -> None:
    assert not cut(plain(f"{BODY}\n\n{sentence}\n\nHe went home."), "boilerplate")


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "    OLDTOWN, May 4 - Showers fell throughout the week in\nthe harbour zone, easing the drought since early\n"
        "January and improving the outlook for the coming crop,\nalthough normal levels have not been restored.\n"
        "    The dry period means the crop will be late this year\nand smaller than in the year before it.\n Reuter\n"
    )
    found = plain(text)
    assert len(paragraphs(text)) == 3
    assert found.dateline_text == "OLDTOWN, May 4 -"
    assert found.wire_agency == "Reuters"
    assert found.headline is None


def test_one_megabyte_on_one_line() -> None:
    text = "He said that it was so and then some more. " * 25_000
    found = plain(text)
    assert found.text == text
    assert found.sections == ()


def test_encodings_flag_and_exact_text() -> None:
    assert plain((BODY + "café").encode("cp1252")).text == BODY + "café"
    repaired = plain((BODY + "éé").encode() + b"\xc3")
    assert "encoding_repaired" in repaired.quality_flags


def test_unknown_media_type() -> None:
    with pytest.raises(Refused) as refused:
        read_record(record("x", "image/png"), SourceRules("files"))
    assert refused.value.refusal.rule == "unknown_media_type"


_LINES = st.lists(
    st.sampled_from(
        [
            HEAD,
            STAND,
            "By Ada Lund",
            "",
            "  ",
            "Correction: It was so.",
            "PARIS (AP) — He went.",
            "Read more",
            *BODY.split("\n\n"),
            "Reuter",
            "May 5, 2020",
            "“Yes,” he",
        ]
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(_LINES, st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_sections_are_ordered_spans_of_the_text(lines: list[str], gap: str) -> None:
    text = gap.join(lines)
    try:
        found = plain(text)
    except Refused:
        assert not text.strip()
        return
    assert found.text == text
    ends = [0]
    for s in found.sections:
        assert ends[-1] <= s.char_start < s.char_end <= len(text)
        assert text[s.char_start : s.char_end].strip() == text[s.char_start : s.char_end]
        ends.append(s.char_end)
    if found.dateline_text is not None:
        assert cut(found, "dateline") == [found.dateline_text]
