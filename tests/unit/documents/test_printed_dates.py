"""Dates that pages print: the forms, what is a change, what cannot be told, what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.core.documents.batches import read_documents
from pipelines.core.documents.model import SourceRules
from tests.unit.documents.helpers import page, sighting

STORY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The ferry company of Wickholm will stop its night boats in the autumn, the council was told.",
        "“There are nights on which we carry two passengers and a dog,” said its director, Jon Mell.",
        "The council pays four hundred thousand crowns a year for the boats and wants part of that back.",
    )
)


def dated(line: str, lang: str = "en", tag: str = "p class='story-date'") -> tuple[date | None, datetime | None]:
    found = page(
        f"<html lang='{lang}'><body><h1>Night boats to stop</h1><{tag}>{line}</{tag.split(maxsplit=1)[0]}>"
        f"<article>{STORY}</article></body></html>"
    )
    return found.published.on, found.published.at


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Published 7:40 a.m. ET June 3, 2025", datetime(2025, 6, 3, 11, 40, tzinfo=UTC)),
        ("June 3, 2025, 7:40 a.m. ET", datetime(2025, 6, 3, 11, 40, tzinfo=UTC)),
        ("Jan. 3, 2025, 7:40 p.m. PT", datetime(2025, 1, 4, 3, 40, tzinfo=UTC)),
        ("Tuesday, June 3, 2025 | 7:40 a.m.", None),
        ("June 3, 2025", None),
    ],
)
def test_printed_forms_with_and_without_zones(line: str, at: datetime | None) -> None:
    on, found = dated(line)
    assert found == at
    assert on == (date(2025, 1, 3) if "Jan" in line else date(2025, 6, 3))


def test_a_time_element_without_its_attribute_is_read_as_printed() -> None:
    assert dated("June 3, 2025", tag="time")[0] == date(2025, 6, 3)


@pytest.mark.parametrize("line", ["Last updated: 4 June 2025", "Updated 4 June 2025"])
def test_the_day_of_a_change_is_not_that_of_publication(line: str) -> None:
    assert dated(line) == (None, None)


def test_of_two_labels_each_is_what_it_says() -> None:
    assert dated("Updated 4 June 2025. Published 3 June 2025")[0] == date(2025, 6, 3)
    assert dated("Published 3 June 2025 | Updated 4 June 2025")[0] == date(2025, 6, 3)


@pytest.mark.parametrize(
    ("lang", "on"),
    [("en", None), ("en-US", date(2025, 5, 6)), ("en-GB", date(2025, 6, 5)), ("de", date(2025, 6, 5))],
)
def test_numbers_alone_need_a_language_or_a_country_that_decides(lang: str, on: date | None) -> None:
    assert dated("05/06/2025", lang)[0] == on


@pytest.mark.parametrize(
    ("declared", "flagged"), [("2199-02-17", True), ("1970-01-01", True), ("2026-01-02", False)]
)  # fmt: skip
def test_a_day_before_the_web_or_after_the_fetch_is_not_believed(declared: str, flagged: bool) -> None:
    markup = f"<meta property='article:published_time' content='{declared}T00:00:00Z'><h1>Night boats</h1>{STORY}"
    rows = pl.DataFrame([sighting(markup, "a.html", media_type="text/html")], infer_schema_length=None)
    found = read_documents(rows, {})[0].document
    assert found is not None
    assert ("impossible_date" in found.quality_flags) is flagged
    assert (found.published.on is None) is flagged


def test_an_archive_may_be_older_than_the_web() -> None:
    markup = f"<meta property='article:published_time' content='1970-01-01'><h1>Night boats</h1>{STORY}"
    rows = pl.DataFrame([sighting(markup, "a.html", media_type="text/html")], infer_schema_length=None)
    found = read_documents(rows, {"files": SourceRules("files", earliest=date(1900, 1, 1))})[0].document
    assert found is not None
    assert found.published.on == date(1970, 1, 1)


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("Posted: Jun 3, 2025 / 07:40 AM CDT Updated: Jun 4, 2025 / 08:00 AM CDT", date(2025, 6, 3)),
        ("Originally published June 3, 2025; last updated June 4, 2025", date(2025, 6, 3)),
        ("Last update: 4 June 2025 - 10:12", None),
        ("Last updated June 4, 2025", None),
    ],
)
def test_a_change_that_stands_beside_a_publication_is_told_from_it(line: str, on: date | None) -> None:
    assert dated(line)[0] == on
