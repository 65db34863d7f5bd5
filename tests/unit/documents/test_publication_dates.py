"""Dates, and what cannot be read for certain."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.documents.model import UNDATED
from pipelines.core.documents.publication_dates import date_in_name, date_line, parse_date


@pytest.mark.parametrize(
    ("value", "on"),
    [
        ("2016-09-12", date(2016, 9, 12)),
        ("20160912", date(2016, 9, 12)),
        (20160912, date(2016, 9, 12)),
        ("26-FEB-1987 15:01:01.79", date(1987, 2, 26)),
        ("Tuesday, September 1, 2015", date(2015, 9, 1)),
        ("5th of June 2019", date(2019, 6, 5)),
        ("2016-09-12T10:00:00", date(2016, 9, 12)),
        ("25/12/2016", date(2016, 12, 25)),
        ("5 June 2019 10:00 BST", date(2019, 6, 5)),
    ],
)
def test_a_day_is_a_day(value: object, on: date) -> None:
    found = parse_date(value)
    assert (found.on, found.at, found.precision, found.basis) == (on, None, "day", "metadata")


@pytest.mark.parametrize(
    ("value", "on", "at"),
    [
        ("2016-09-12T23:30:00-05:00", date(2016, 9, 12), datetime(2016, 9, 13, 4, 30, tzinfo=UTC)),
        ("2016-09-12 10:00:00.5Z", date(2016, 9, 12), datetime(2016, 9, 12, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("Wed, 02 Oct 2002 13:00:00 +0200", date(2002, 10, 2), datetime(2002, 10, 2, 11, tzinfo=UTC)),
        ("Sept. 5, 2019 at 3:45 p.m. EST", date(2019, 9, 5), datetime(2019, 9, 5, 20, 45, tzinfo=UTC)),
        (1568282400, date(2019, 9, 12), datetime(2019, 9, 12, 10, tzinfo=UTC)),
        (1568282400000, date(2019, 9, 12), datetime(2019, 9, 12, 10, tzinfo=UTC)),
    ],
)
def test_an_instant_needs_time_and_zone(value: object, on: date, at: datetime) -> None:
    found = parse_date(value)
    assert (found.on, found.at, found.precision) == (on, at, "instant")


def test_settings_zone_makes_an_instant_and_the_publishers_day() -> None:
    naive = parse_date("2016-09-12 23:30", "America/New_York")
    assert (naive.on, naive.at) == (date(2016, 9, 12), datetime(2016, 9, 13, 3, 30, tzinfo=UTC))
    zulu = parse_date("2016-09-13T03:30:00Z", "America/New_York")
    assert (zulu.on, zulu.at) == (date(2016, 9, 12), datetime(2016, 9, 13, 3, 30, tzinfo=UTC))
    assert parse_date("2016-09-12 23:30", "No/Such").precision == "day"


def test_month_only() -> None:
    assert (parse_date("2016-09").on, parse_date("2016-09").precision) == (date(2016, 9, 1), "month")


@pytest.mark.parametrize(
    "value",
    ["2016", 2016, "03/04/2016", "February 30, 2016", "yesterday", "", None, True, float("nan"), "0000-00-00", [], {}],
)
def test_unknown_is_unknown(value: object) -> None:
    assert parse_date(value) == UNDATED


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats()))
def test_anything_is_read_or_not(value: object) -> None:
    found = parse_date(value)
    assert (found.on is None) == (found.basis == "none") == (found.precision == "unknown")


def test_date_lines() -> None:
    published = date_line("Published: June 26, 2025, 10:00 GMT")
    updated = date_line("Last updated 10:32 GMT, 5 May 2012")
    assert published is not None and not published[0]
    assert published[1].at == datetime(2025, 6, 26, 10, tzinfo=UTC)
    assert updated is not None and updated[0]
    assert date_line("He was born on June 26, 2025, in a barn.") is None


def test_date_in_a_files_name() -> None:
    found = date_in_name("in/2001/fern_2016-09-12_harbour.txt")
    assert (found.on, found.basis, found.precision) == (date(2016, 9, 12), "file_name", "day")
    assert date_in_name("2016-09-12_to_2016-09-13.txt") == UNDATED
    assert date_in_name("id-120160912345.txt") == UNDATED
