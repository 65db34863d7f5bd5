"""Datelines, and text that only looks like one."""

from __future__ import annotations

import pytest

from pipelines.core.text.datelines import dateline_end, parse_dateline


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FERNHOLM, Norland (XQTV) — The", ("FERNHOLM, Norland", "XQTV", None, None, None)),
        ("SALVADOR, Feb 26 - Rain", ("SALVADOR", None, None, 2, 26)),
        ("WASHINGTON (AP) — The", ("WASHINGTON", "AP", "AP", None, None)),
        ("LONDON/PARIS, March 3 (Reuters) - Two", ("LONDON/PARIS", "Reuters", "Reuters", 3, 3)),
        ("    NEW YORK, Feb 26 -\n    Shr 27", ("NEW YORK", None, None, 2, 26)),
        ("CHEVY CHASE, Md., - March 4 - A", ("CHEVY CHASE, Md.", None, None, 3, 4)),
        ("RICHMOND, Va. Feb 26 -\nDiv", ("RICHMOND, Va.", None, None, 2, 26)),
        ("Cleveland (AFP) – The crowd", ("Cleveland", "AFP", "AFP", None, None)),
        ("AMSTERDAM, 2 March - Two", ("AMSTERDAM", None, None, 3, 2)),
        ("COEUR D'ALENE, Idaho, March 2 - A", ("COEUR D'ALENE, Idaho", None, None, 3, 2)),
        ("PORTSMOUTH, N.H. -- He may", ("PORTSMOUTH, N.H.", None, None, None, None)),
        ("SÃO PAULO, Sept. 9, 2024 (EFE) — Um", ("SÃO PAULO", "EFE", "EFE", 9, 9)),
        ("BOSTON —Standing in front", ("BOSTON", None, None, None, None)),
        ("ST. PETERSBURG, Russia, Tuesday (TASS) - It", ("ST. PETERSBURG, Russia", "TASS", "TASS", None, None)),
        ("DETROIT, March 4 -Alder Motors", ("DETROIT", None, None, 3, 4)),
        ("THE HAGUE, March 2 - Dutch", ("THE HAGUE", None, None, 3, 2)),
    ],
)
def test_datelines(text: str, expected: tuple[object, ...]) -> None:
    found = parse_dateline(text)
    assert found is not None
    assert (found.place, found.credit, found.agency, found.month, found.day) == expected
    assert text[found.end - 1] in "-—–"
    assert text[found.start].isalpha()


def test_year_only_if_printed() -> None:
    with_year, without = parse_dateline("PARIS, May 5, 2019 (AFP) - It"), parse_dateline("PARIS, May 5 (AFP) - It")
    assert with_year is not None and without is not None
    assert (with_year.year, without.year) == (2019, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "—",
        "BREAKING — The council resigned",
        "UPDATE - The vote was put off",
        "NATO — the alliance of thirty-two states — met",
        "On Monday, Quill — who had earlier expressed doubts — resigned",
        "Sen. Ted Moss (R-Texas) — Announced March 23",
        "The mayor - Ada Quill - said",
        "In a March 3 letter (AP) - the council",
        "QUESTION: What now? - Nothing",
        "Wall-to-wall coverage, he said",
        "ACME/WIDGETS - Results for the quarter",
        "He said: “LONDON — that is where”",
        "JANE DOE — I went there",
        "No dash at all, March 3 (AP)",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert parse_dateline(text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("OLDTOWN, Norland — The council met", "OLDTOWN, Norland"),
        ("LOWER FERN, Norland -- “Nobody wanted this,” she said", "LOWER FERN, Norland"),
        ("OLDTOWN, East Norland – Two boats sank", "OLDTOWN, East Norland"),
    ],
)
def test_a_region_backs_a_place_that_nobody_knows(text: str, place: str) -> None:
    found = parse_dateline(text)
    assert found is not None
    assert (found.place, found.credit) == (place, None)


@pytest.mark.parametrize(
    "text",
    [
        "OLDTOWN, Norland - The council met",
        "OLDTOWN, Norland — where the council met",
        "ADA QUILL, Mayor — I went there",
        "ADA QUILL, Mayor — The wall is ours",
        "ACME, Inc. — The results for the quarter",
        "OLDTOWN, Norland, Fern, Moss — The council met",
    ],
)
def test_what_only_looks_like_a_place_and_its_region(text: str) -> None:
    assert parse_dateline(text) is None
    assert parse_dateline(text, is_lead=True) is None


def test_the_lead_of_a_report_may_bear_any_place() -> None:
    lead = "OLDTOWN — The council voted on Tuesday to rebuild the wall. It had waited."
    found = parse_dateline(lead, is_lead=True)
    assert found is not None and found.place == "OLDTOWN"
    assert parse_dateline(lead) is None
    for other in (
        "ADA QUILL — I went there on Tuesday",
        "OLDTOWN — The wall is old. On Tuesday it fell.",
        "QUILL--The council voted on Tuesday",
        "EXCLUSIVE — The council voted on Tuesday",
        "Oldtown — The council voted on Tuesday",
    ):
        assert parse_dateline(other, is_lead=True) is None


def test_what_markup_calls_a_dateline() -> None:
    found = parse_dateline("OLDTOWN — Bells", declared="OLDTOWN")
    assert found is not None and (found.place, found.end) == ("OLDTOWN", 9)
    assert parse_dateline("OLDTOWN — Bells", declared="Published June 3") is None
    assert parse_dateline("NEWS — Bells", declared="NEWS") is None


def test_long_line_is_cheap_and_none() -> None:
    assert parse_dateline("A, " * 400_000) is None


@pytest.mark.parametrize(
    ("paragraph", "rest"),
    [
        ("Toronto, Feb 26 - The", "The"),
        ("WASHINGTON ― The mayor", "The mayor"),
        ("CALDER, March 4 -- Bells", "Bells"),
        ("TALLAHASSEE — Bells rang on Friday.", "Bells rang on Friday."),
        ("NOW OPEN — “The pond is", "NOW OPEN — “The pond is"),
        ("POLLS WRONG - Bo Lind says", "POLLS WRONG - Bo Lind says"),
        ("Bells rang.", "Bells rang."),
        ("", ""),
    ],
)
def test_what_stands_behind_a_dateline(paragraph: str, rest: str) -> None:
    assert paragraph[dateline_end(paragraph) :] == rest


def test_a_release_parts_its_dateline_with_slashes() -> None:
    found = parse_dateline("WICK HARBOUR, NORTHMARK / WICKWIRE / June 3, 2025 / The company will stop its boats.")
    assert found is not None
    assert (found.place, found.month, found.day, found.year) == ("WICK HARBOUR, NORTHMARK", 6, 3, 2025)
    found = parse_dateline("WICK HARBOUR, Northmark, June 3, 2025 /WickWire/ -- The company will stop its boats.")
    assert found is not None
    assert (found.place, found.day, found.credit) == ("WICK HARBOUR, Northmark", 3, "WickWire")


def test_the_head_of_a_table_of_prices_is_no_dateline() -> None:
    assert parse_dateline("WICKHOLM TIN (CROWNS PER TONNE) - JUNE 03") is None
    assert parse_dateline("LONDON COPPER (PENCE PER POUND) - CLOSING") is None
