"""Offices as dated facts: one holder at a time, and who holds one on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from pipelines.core.reference import KnownRole, Reference, parse_reference
from pipelines.core.resolution.resolve import resolve
from pipelines.core.resolution.scorer import Scorer
from tests.unit.conftest import ROOT, Answer, ArticleBuilder

ROWS = (
    "country,office,holder,aliases,from,to\n"
    "NOR,prime minister,Ana Ruiz,A. Ruiz,2001-01-01,2003-05-01\n"
    "NOR,prime minister,Bo Lind,,2003-05-02,\n"
)


def overlaps(offices: tuple[KnownRole, ...]) -> list[tuple[str, str]]:
    """Return the pairs of holders of one office whose days overlap; one day in common is the day of the change."""
    by_office: dict[tuple[str | None, str], list[KnownRole]] = defaultdict(list)
    for office in offices:
        by_office[office.country_code, office.title].append(office)
    found = []
    for rows in by_office.values():
        rows.sort(key=lambda r: r.valid_from or date.min)
        found += [
            (a.holder, b.holder) for a, b in pairwise(rows)
            if a.holder != b.holder and (a.valid_to is None or (b.valid_from or date.min) < a.valid_to)
        ]  # fmt: skip
    return found


def with_offices(rows: str) -> Reference:
    files = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "pipelines" / "reference").glob("*.csv")}
    return parse_reference({**files, "offices.csv": rows})


def test_no_office_has_two_holders_on_a_day(reference: Reference) -> None:
    assert overlaps(reference.offices) == []
    assert overlaps(with_offices(ROWS.replace("2003-05-02", "2003-04-01")).offices) == [("Ana Ruiz", "Bo Lind")]


def test_the_holder_of_an_office_on_a_day() -> None:
    found = with_offices(ROWS)
    words = frozenset({"prime", "minister"})
    assert found.holder_on("NOR", words, date(2002, 1, 1)) == "Ana Ruiz"
    assert found.holder_on("NOR", words, date(2010, 1, 1)) == "Bo Lind"
    assert found.holder_on("NOR", words | {"deputy"}, date(2010, 1, 1)) is None
    assert found.holder_on("SWE", words, date(2010, 1, 1)) is None
    assert [role.title for role in found.known_roles["a ruiz"]] == ["prime minister"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("The Norwegian prime minister", True),
        ("The former Norwegian prime minister", False),
        ("The prime minister", False),
    ],
)
def test_an_office_of_a_country_is_its_holders_on_that_day(words: str, found: bool, scorer: Scorer) -> None:
    a = ArticleBuilder(f"It rained on the pier. {words} said no.")
    statement = a.statement(words, "no")
    texts = a.texts.with_columns(published_on=pl.lit(date(2010, 1, 1)))
    answer = Answer(resolve(texts, a.extracted(), with_offices(ROWS), scorer, resolution_id="r"))
    assert (answer.speakers(statement) == ["Bo Lind"]) == found
