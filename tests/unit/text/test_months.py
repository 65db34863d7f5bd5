"""Months as they are printed."""

from __future__ import annotations

import re

import pytest

from pipelines.core.text.months import MONTH, MONTHS, month_number


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_is_found_in_full_and_short(number: int) -> None:
    full = MONTHS[number - 1].capitalize()
    for form in (full, full[:3], f"{full[:3]}.".removesuffix("." if full == "May" else "")):
        assert re.fullmatch(MONTH, form), form
        assert month_number(form) == month_number(form.upper()) == number


@pytest.mark.parametrize("form", ["Sept", "Sept."])
def test_september_has_a_longer_short_form(form: str) -> None:
    assert re.fullmatch(MONTH, form)
    assert month_number(form) == 9


@pytest.mark.parametrize("words", ["June.", "September.", "May."])
def test_the_stop_behind_a_full_name_is_not_part_of_it(words: str) -> None:
    found = re.match(MONTH, words)
    assert found and found.group() == words[:-1]
