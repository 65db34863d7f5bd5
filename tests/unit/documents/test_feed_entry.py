"""An entry of a feed as a document: all of its text, and what it says about itself."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.core.documents.feed_entry import entry_text, is_whole
from pipelines.core.documents.formats import read_record
from pipelines.core.documents.identity import external_key
from pipelines.core.documents.model import FEED_ENTRY, Document, Record, Refused, SourceRules
from tests.web_news import LONG, MORE, body

FEED = "https://wire.example/feed"
RULES = SourceRules(name="wire")


def record(**entry: Any) -> Record:  # noqa: ANN401  whatever JSON holds
    data = json.dumps({"feed": FEED, **entry}).encode()
    return Record("r" * 64, data, FEED_ENTRY, "wire", f"{FEED}#1")


def read(**entry: Any) -> Document:  # noqa: ANN401  whatever JSON holds
    return read_record(record(**entry), RULES)


def html(value: str) -> dict[str, str]:
    return {"type": "text/html", "value": value}


def paragraphs(value: str) -> list[str]:
    return entry_text({"content": html(value)})[0]


def test_what_an_entry_says_about_itself() -> None:
    found = read(
        id="wire-1", link="https://www.example.com/news/weir?utm_source=rss&id=3", title="Weir &amp;amp; pond",
        authors=["Odile Fenn", "Ilya Brandt and Zoë Reh"], published="Mon, 02 Mar 2026 08:00:00 +0100",
        updated="2026-03-02T09:30:00Z", feed_title="World news | The Example", content=html(body()),
    )  # fmt: skip
    assert found.text == f"Weir & pond\n\n{LONG}\n\n{MORE}"
    assert found.url == "https://www.example.com/news/weir?id=3"
    assert (found.supplied_id, found.outlet_name, found.outlet_domain) == ("wire-1", "The Example", "example.com")
    assert (found.headline, found.authors) == ("Weir & pond", ("Odile Fenn", "Ilya Brandt", "Zoë Reh"))
    assert (found.published.on, found.published.at) == (date(2026, 3, 2), datetime(2026, 3, 2, 7, tzinfo=UTC))
    assert (found.published.basis, found.updated_at) == ("supplied", datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


def test_an_entry_without_a_link_is_told_by_its_id_and_not_by_the_feed() -> None:
    one, other = (read(id=i, title=f"T {i}", content=html(body())) for i in ("a", "b"))
    assert (one.url, other.url) == (None, None)
    keys = {external_key(d, RULES, "r" * 64, f"{FEED}#{d.supplied_id}", None) for d in (one, other)}
    assert keys == {"a", "b"}


def test_a_change_that_was_made_at_publication_is_none() -> None:
    at = "2026-03-02T09:30:00Z"
    assert read(published=at, updated=at, content=html(body())).updated_at is None


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("<p>One <b>two</b>\n three</p><p>four</p>", ["One two three", "four"]),
        ("bare text<br>next line<br/><br/>last", ["bare text next line", "last"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<ul><li>one<li>two</ul><blockquote>“Said”</blockquote>", ["one", "two", "“Said”"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["a b"]),
        ("<h2>Head</h2>text<script>var x = '<p>no</p>'</script> goes on<style>p {}</style>", ["Head", "text goes on"]),
        ("<p>a &amp; b &lt;c&gt; &nbsp; d</p>", ["a & b <c> d"]),
        ("<p>open<p>never <i>closed", ["open", "never closed"]),
        ("<p>Text</p><p>The post <a href='/'>Weir</a> appeared first on <a href='/'>The Wire</a>.</p>", ["Text"]),
        ("<p>Text</p><a href='/more'>Continue reading Weir →</a>", ["Text"]),
        ("<p>text \x00 here</p>", ["text \ufffd here"]),
        ("", []), ("<!-- nothing -->", []), ("<img src='https://wire.example/pixel.gif'>", []),
    ],
)  # fmt: skip
def test_the_paragraphs_of_an_entry(value: str, lines: list[str]) -> None:
    assert paragraphs(value) == lines


def test_no_word_of_an_entry_is_lost() -> None:
    value = body("A short one.", "“No,” she said.", "x")
    assert paragraphs(value) == [LONG, MORE, "A short one.", "“No,” she said.", "x"]


def test_captions_come_last() -> None:
    caption = "The weir at Marlow Pond, seen from the north bank."
    found = read(content=html(f"<figure><img><figcaption>{caption}</figcaption></figure>{body()}"))
    assert found.text == f"{LONG}\n\n{MORE}\n\n{caption}"
    assert [s.section for s in found.sections] == ["caption"]


def test_the_headline_stands_once() -> None:
    assert (
        read(title="Weir to be rebuilt", content=html(f"<h1>Weir to be rebuilt</h1>{body()}")).text.count("Weir to")
        == 1
    )


def test_a_plain_text_keeps_its_paragraphs() -> None:
    found = read(content={"type": "text/plain", "value": f"{LONG}\n\n{MORE} 1 < 2"})
    assert found.text == f"{LONG}\n\n{MORE} 1 < 2"


def test_the_longer_of_content_and_summary_is_the_text() -> None:
    assert read(content=html("<p>Short</p>"), summary=html(body())).text == f"{LONG}\n\n{MORE}"


@pytest.mark.parametrize(
    ("entry", "rule"),
    [({}, "empty_text"), ({"content": html("<img>")}, "empty_text"), ({"content": "no object"}, "empty_text"),
     ({"title": "T", "content": html("<p>T</p>")}, "empty_text")],
)  # fmt: skip
def test_an_entry_without_text_is_refused(entry: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        read(**entry)
    assert caught.value.refusal.rule == rule


@pytest.mark.parametrize("data", [b"", b"[1]", b"{", b"\xff\xfe"])
def test_bytes_that_are_no_entry_are_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_record(Record("r" * 64, data, FEED_ENTRY, "wire", FEED), RULES)


@pytest.mark.parametrize(
    ("value", "whole"),
    [(body(), True), ("<p>Short</p>", False), (body()[:-4] + "…</p>", False), (body("Read more"), True),
     (body("The council then said [...]"), False), (body("It went on. Continue reading…"), False)],
)  # fmt: skip
def test_whether_an_entry_carries_its_article(value: str, whole: bool) -> None:
    assert is_whole({"content": html(value)}) == whole
