"""Takedowns: what a log covers, and that a record of a forgotten article is met but not read."""

from __future__ import annotations

import json

import pytest

from pipelines.core.documents.batches import assemble, read_documents
from pipelines.core.documents.model import SourceRules
from pipelines.core.documents.takedown import FORGOTTEN, Takedown, Takedowns, parse_log, url_key
from pipelines.core.ids import mk_id, sha256_hex
from tests.unit.documents.helpers import BODY, KNOWN, batch, parse_batch, sighting

AT = "2026-03-04T10:00:00+00:00"
URL = "https://ledger.example/weir"
RULES = {"a": SourceRules("a")}


def record(uri: str, **row: object) -> dict[str, object]:
    content = json.dumps({"text": BODY, "outlet": "Ledger"} | row)
    return sighting(content, uri, record_no=0, media_type="application/json", source_name="a")


@pytest.mark.parametrize(
    "url",
    ["https://ledger.example/weir", "http://www.ledger.example/weir/", "https://LEDGER.example:443/weir?utm_source=x",
     "https://ledger.example/weir#top", "https://ledger.example/weir?fbclid=1&ref=a"],
)  # fmt: skip
def test_the_addresses_of_one_page_have_one_key(url: str) -> None:
    assert url_key(url) == URL


@pytest.mark.parametrize("url", [None, "weir.html", "ledger.example/weir", "https://ledger.example/weir?page=2"])
def test_what_is_no_address_or_another_page_has_not(url: str | None) -> None:
    assert url_key(url) != URL


def test_a_log_is_read_as_it_was_written_and_later_lines_add_to_the_first() -> None:
    first = Takedown(URL, AT, "ana", "asked", ("a1",), ("r1",), ("t1",))
    again = Takedown(URL, "2026-03-05T10:00:00+00:00", raw_ids=("r0",))
    (entry,) = parse_log(f"{first.line()}\n\n{again.line()}\n").entries
    assert entry == Takedown(URL, AT, "ana", "asked", ("a1",), ("r0", "r1"), ("t1",))
    assert entry.takedown_id == mk_id("takedown", URL)


@pytest.mark.parametrize("line", ["{", "[]", '{"made_at": "soon", "target": "x"}', '{"made_at": "2026-03-04"}'])
def test_a_broken_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"forgotten\.jsonl, line 2: "):
        parse_log(f"{Takedown(URL, AT).line()}\n{line}\n")


ARTICLE = str(parse_batch(batch(record("x.jsonl", url=URL)), RULES, KNOWN).article_versions["article_id"][0])
RAW = str(record("x.jsonl", title="The weir")["raw_id"])


@pytest.mark.parametrize(
    ("takedown", "comes"),
    [
        (Takedown(URL, AT), record("x.jsonl", title="The weir, again", url="http://ledger.example/weir/?utm_id=2")),
        (Takedown(URL, AT), record("http://ledger.example/weir", title="The weir")),
        (Takedown(ARTICLE, AT, article_ids=(ARTICLE,)), record("x.jsonl", url=URL, title="New")),
        (Takedown(URL, AT, raw_ids=(RAW,)), record("elsewhere.jsonl", title="The weir")),
        (Takedown(URL, AT, texts=(sha256_hex(BODY),)), sighting(BODY, "copy.txt", source_name="a")),
    ],
    ids=["address in the record", "address of the record", "article", "bytes", "text"],
)
def test_a_record_of_a_forgotten_article_is_ignored(takedown: Takedown, comes: dict[str, object]) -> None:
    rows = batch(comes, record("other.jsonl", title="Another", text=BODY + "More."))
    read = read_documents(rows, RULES, takedowns=Takedowns.of([takedown]))
    parsed = assemble(rows, read, KNOWN)
    outcomes = dict(parsed.sighting_outcomes.select("sighting_id", "outcome_reason").iter_rows())
    assert outcomes[str(comes["sighting_id"])] == FORGOTTEN
    assert parsed.article_versions.height == 1
    again = [r.again for r in read if r.again is not None]
    if takedown.raw_ids:
        assert again == [], "its bytes are known: nothing of them was stored"
    else:
        (found,) = again
        assert found[:2] == (takedown.target, comes["raw_id"])
    plain = read_documents(rows, RULES)
    assert all(r.document is not None for r in plain), "without the takedown both are read"


def test_a_forgotten_page_that_cannot_be_read_any_more_is_forgotten_too() -> None:
    rows = batch(sighting(b"\x00\x01", f"{URL}/", source_name="a", media_type="text/plain"))
    (reading,) = read_documents(rows, RULES, takedowns=Takedowns.of([Takedown(URL, AT)]))
    assert (reading.ignored, reading.refusal) == (FORGOTTEN, None)
    assert reading.again == (URL, rows["raw_id"][0], "")


def test_records_without_their_bytes_say_so_where_nothing_was_forgotten() -> None:
    row = record("x.jsonl") | {"bytes": None}
    (reading,) = read_documents(batch(row), RULES)
    assert reading.ignored == "no_bytes"
