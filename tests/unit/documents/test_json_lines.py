"""JSON records, good and bad."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from pipelines.core.documents.model import Refused
from tests.unit.documents.helpers import BODY, cut, js

ROW = {"id": 7, "outlet": "Fern Post", "title": "Fernholm votes on its wall", "text": BODY,
       "published_at": "2025-06-03T10:00:00+02:00", "author": "Ada Lund and Bo Berg"}  # fmt: skip


def _refusal(row: object, **rules: object) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        js(row, **rules)
    assert refused.value.refusal.stage in ("parse", "decode")
    assert "\n" not in refused.value.refusal.detail
    return refused.value.refusal.rule, refused.value.refusal.detail


def test_fields_by_their_common_names() -> None:
    found = js(ROW)
    assert (found.supplied_id, found.outlet_name, found.headline) == ("7", "Fern Post", ROW["title"])
    assert found.authors == ("Ada Lund", "Bo Berg")
    assert (found.published.on, found.published.at) == (date(2025, 6, 3), datetime(2025, 6, 3, 8, tzinfo=UTC))
    assert found.published.basis == "supplied"
    assert found.text == f"{ROW['title']}\n\n{BODY}"
    assert cut(found, "headline") == [ROW["title"]]


def test_fields_by_the_settings() -> None:
    row = {"meta": {"head": "Fernholm votes on its wall"}, "Inhalt": BODY, "title": "not this"}
    found = js(row, fields={"headline": "meta.head", "text": "Inhalt"})
    assert found.headline == "Fernholm votes on its wall"


@pytest.mark.parametrize(
    "first", ["Fernholm votes on its wall.", "FERNHOLM VOTES ON ITS WALL", "Fernholm votes\non its wall"]
)
def test_headline_that_the_text_begins_with_stands_once(first: str) -> None:
    text = f"{first}\n\n{BODY}"
    found = js(ROW | {"text": text})
    assert found.text == text
    assert cut(found, "headline") == [first]


def test_lists_of_authors_and_objects() -> None:
    assert js(ROW | {"author": [{"name": "Ada Lund"}, "Bo Berg", 3]}).authors == ("Ada Lund", "Bo Berg")
    assert js(ROW | {"author": None}).authors == ()


def test_the_author_field_is_the_byline_where_none_is_supplied_or_printed() -> None:
    assert js(ROW).byline == "Ada Lund and Bo Berg"
    assert js(ROW | {"author": [{"name": "Ada Lund"}, "Bo Berg", 3]}).byline == "Ada Lund, Bo Berg"
    assert js(ROW | {"byline": "By A. Lund"}).byline == "By A. Lund"
    assert js(ROW | {"author": "https://fernpost.example/ada"}).byline is None
    assert js(ROW | {"author": "Ada Lund, Associated Press"}).wire_agency == "AP"


def test_html_field_is_read_as_a_page() -> None:
    html = "<html><body><article><h1>Fernholm votes on its wall</h1>" + "".join(
        f"<p>{p}</p>" for p in BODY.split("\n\n")
    )
    found = js({"id": "a", "html": html + "</article></body></html>", "published_at": "2020-01-02"})
    assert found.headline == "Fernholm votes on its wall"
    assert (found.supplied_id, found.published.basis) == ("a", "supplied")
    assert "<p>" not in found.text


def test_malformed_json_says_where() -> None:
    rule, detail = _refusal(b'{"text": "abc", }')
    assert rule == "malformed_json"
    assert "column" in detail


@pytest.mark.parametrize("row", [[1, 2], "text", 3, None])
def test_not_an_object(row: object) -> None:
    assert _refusal(json.dumps(row))[0] == "not_an_object"


def test_missing_text_says_how_to_map_it() -> None:
    rule, detail = _refusal({"headline": "x", "inhalt": "y"})
    assert rule == "missing_field"
    assert "inhalt" in detail and "fields: {text: NAME}" in detail
    assert _refusal(ROW, fields={"text": "story"})[0] == "missing_field"


def test_wrong_type_and_empty_text() -> None:
    assert _refusal(ROW | {"text": 7})[0] == "wrong_type"
    assert _refusal(ROW | {"text": " \n"})[0] == "empty_text"


def test_deep_nesting_is_refused_not_a_crash() -> None:
    assert _refusal("[" * 100_000)[0] == "malformed_json"
    assert _refusal('{"text": ' + "[" * 50_000 + "]" * 50_000 + "}")[0] == "malformed_json"


def test_many_brackets_in_a_text_are_no_nesting() -> None:
    assert js(ROW | {"text": BODY + "[" * 500}).text.endswith("[" * 500)


def test_lone_surrogates_and_nul_are_replaced_and_flagged() -> None:
    found = js('{"title": "A b c", "text": "' + BODY.replace("\n", "\\n").replace('"', '\\"') + ' \\ud800 \\u0000"}')
    assert found.text.endswith(" \ufffd \ufffd")
    assert "encoding_repaired" in found.quality_flags
    found.text.encode("utf-8")


def test_huge_number_is_no_date_and_no_crash() -> None:
    assert js(f'{{"text": {json.dumps(BODY)}, "date": 1e400, "id": true}}').published.on is None
