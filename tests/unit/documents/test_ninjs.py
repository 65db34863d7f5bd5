"""IPTC ninjs items, of all versions, told from other JSON by their contents."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipelines.core.documents.model import Ignored, Refused
from tests.unit.documents.helpers import BODY, cut, js

ITEM = {
    "uri": "urn:newsml:fernpost.example:20250603:wall", "type": "text", "version": "2", "pubstatus": "usable",
    "firstcreated": "2025-06-03T10:00:00+02:00", "versioncreated": "2025-06-03T11:30:00+02:00", "language": "en",
    "headline": "Fernholm votes on its wall", "byline": "By Ada Lund", "located": "Fernholm",
    "copyrightholder": "Fern Post", "body_text": BODY,
}  # fmt: skip
HTML = "".join(f"<p>{p}</p>" for p in BODY.strip().split("\n\n"))


def without(*names: str, **more: object) -> dict[str, object]:
    return {k: v for k, v in ITEM.items() if k not in names} | more


def test_an_item_is_read() -> None:
    found = js(ITEM)
    assert (found.headline, found.byline, found.authors) == (ITEM["headline"], "By Ada Lund", ("Ada Lund",))
    assert (found.supplied_id, found.outlet_name, found.language) == (ITEM["uri"], "Fern Post", "en")
    assert (found.published.on, found.published.at) == (date(2025, 6, 3), datetime(2025, 6, 3, 8, tzinfo=UTC))
    assert found.updated_at == datetime(2025, 6, 3, 9, 30, tzinfo=UTC)
    assert found.text == f"{ITEM['headline']}\n\n{BODY.strip()}"
    assert cut(found, "headline") == [ITEM["headline"]]
    assert (found.is_retracted, found.dateline_place) == (False, None)


def test_a_located_place_helps_to_recognise_a_printed_dateline() -> None:
    body = "FERNHOLM — The wall will be rebuilt, the council decided.\n\n" + BODY
    assert js(without("body_text", "located", body_text=body)).dateline_place is None
    assert js(without("body_text", body_text=body, located="FERNHOLM")).dateline_place == "FERNHOLM"


@pytest.mark.parametrize("name", ["body_html", "body_xhtml", "body_other"])
def test_a_body_in_html_is_read_as_a_page(name: str) -> None:
    found = js(without("body_text", **{name: HTML}))
    assert "<p>" not in found.text
    assert "“" in found.text or '"We cannot wait' in found.text
    assert (found.supplied_id, found.headline) == (ITEM["uri"], ITEM["headline"])


def test_bodies_and_headlines_of_version_two_and_names_of_version_three() -> None:
    item = {
        "uri": ITEM["uri"], "standard": {"name": "ninjs", "version": "3.0"}, "versionCreated": ITEM["versioncreated"],
        "pubStatus": "usable", "by": "By Ada Lund",
        "headlines": [{"role": "short", "value": "Wall"}, {"role": "main", "value": "Fernholm votes on its wall"}],
        "bodies": [{"contentType": "text/html", "value": HTML}, {"contentType": "text/plain", "value": BODY}],
    }  # fmt: skip
    found = js(item)
    assert (found.headline, found.authors) == ("Fernholm votes on its wall", ("Ada Lund",))
    assert found.text == f"{found.headline}\n\n{BODY.strip()}"


def test_a_cancelled_item_withdraws_the_article() -> None:
    found = js(ITEM | {"pubstatus": "canceled"})
    assert found.is_retracted
    assert "retracted" in " ".join(found.quality_flags) or found.quality_flags
    note = js(without("body_text", pubstatus="canceled", ednote="This story has wrong figures and is withdrawn."))
    assert note.is_retracted
    assert note.supplied_id == ITEM["uri"]


def test_what_is_no_text_or_not_for_publication_is_passed_over() -> None:
    for item in (ITEM | {"type": "picture"}, ITEM | {"pubstatus": "withheld"}):
        with pytest.raises(Ignored):
            js(item)


@pytest.mark.parametrize("item", [without("body_text"), without(body_text="  "), without("body_text", bodies=[3, {}])])
def test_an_item_without_a_body_is_refused(item: dict[str, object]) -> None:
    with pytest.raises(Refused, match="missing_field") as told:
        js(item)
    assert "ninjs" in told.value.refusal.detail


def test_other_json_is_read_by_its_fields() -> None:
    assert js({"uri": "https://fernpost.example/a", "text": BODY}).url == "https://fernpost.example/a"
    assert js(ITEM | {"Artikel": BODY + "More."}, fields={"text": "Artikel"}).text.endswith("More.")
