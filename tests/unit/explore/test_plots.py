"""Plots are SVG that can stand in a page: words escaped, links of ours only, nothing that runs or loads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lxml import etree
from markupsafe import Markup

from pipelines.explore import plots

BAD = "<script>alert(1)</script> \"&' 👋🏽 שלום"
DAY = date(2026, 3, 2)


def parsed(svg: Markup) -> etree._Element:
    root = etree.fromstring(str(svg).encode(), etree.XMLParser(resolve_entities=False))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    for element in root.iter():
        name = etree.QName(element).localname
        assert name not in ("script", "foreignObject", "image", "use", "style"), name
        for key, value in element.attrib.items():
            assert not etree.QName(key).localname.startswith("on")
            if etree.QName(key).localname == "href":
                assert value.startswith("/"), value
            assert "url(http" not in value
    return root


def words(svg: Markup) -> list[str]:
    return ["".join(e.itertext()) for e in parsed(svg).iter("{http://www.w3.org/2000/svg}text")]


DRAWN = {
    "timeline": plots.timeline([{"day": DAY, "outlet": BAD, "n": 2}], "statements"),
    "spread": plots.spread([
        {"day": DAY, "outlet": BAD, "speaker": BAD, "n": 1, "what": BAD},
        {"day": DAY + timedelta(days=1), "outlet": "B", "speaker": "S", "n": 3, "what": "w"},
    ]),
    "bars": plots.bars([{"name": BAD, "n": 3, "href": "/actor/1", "what": BAD}]),
    "matrix": plots.matrix([{"outlet": BAD, "speaker": BAD, "n": 3, "href": "/actor/1", "what": BAD}]),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_the_text_of_news_is_shown_and_never_run(name: str) -> None:
    assert "<script" not in str(DRAWN[name])
    assert any("<script>alert(1)" in text for text in words(DRAWN[name]))


@pytest.mark.parametrize("name", DRAWN)
def test_marks_have_words_for_those_who_cannot_see_them(name: str) -> None:
    labels = [e.get("aria-label") or "" for e in parsed(DRAWN[name]).iter()]
    assert any("script" in label for label in labels)


@pytest.mark.parametrize("name", ["bars", "matrix"])
def test_marks_lead_to_their_pages(name: str) -> None:
    links = [e for e in parsed(DRAWN[name]).iter() if etree.QName(e).localname == "a"]
    assert {v for e in links for k, v in e.attrib.items() if etree.QName(k).localname == "href"} == {"/actor/1"}


def test_nothing_is_drawn_of_nothing() -> None:
    assert plots.timeline([], "x") == plots.bars([]) == plots.matrix([]) == plots.spread([]) == ""
    assert plots.spread([{"day": None, "outlet": "A", "speaker": "S", "n": 1, "what": ""}]) == ""


@pytest.mark.parametrize(
    ("days", "labels"),
    [(3, ["2 Mar", "3 Mar", "4 Mar", "5 Mar"]), (80, ["Mar 2026", "Apr 2026", "May 2026"]), (4000, ["2026", "2037"])],
)
def test_units_of_time_fit_the_span(days: int, labels: list[str]) -> None:
    rows = [{"day": DAY, "outlet": "A", "n": 1}, {"day": DAY + timedelta(days=days), "outlet": "A", "n": 1}]
    shown = words(plots.timeline(rows, "statements"))
    assert [label for label in labels if label not in shown] == []


def test_many_outlets_are_a_few_and_the_others() -> None:
    rows = [{"day": DAY, "outlet": f"Outlet {n:02}", "n": 100 - n} for n in range(30)]
    shown = words(plots.timeline(rows, "statements"))
    assert [w for w in shown if w.startswith("Outlet")] == [f"Outlet {n:02}" for n in range(6)]
    assert plots.OTHERS in shown
