"""Feeds and sitemaps as publishers misspell them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from pipelines.core.documents.formats import read_record
from pipelines.core.documents.identity import external_key
from pipelines.core.documents.model import FEED_ENTRY, Document, Record, SourceRules
from pipelines.ingest.feed_formats import read_feed
from pipelines.ingest.sitemap_format import read_sitemap

URL = "https://wick.example/feed"
TEXT = "<p>The night boats of Wickholm stop in the autumn.</p><p>Nurses asked how to get home.</p>"
LINES = ["The night boats of Wickholm stop in the autumn.", "Nurses asked how to get home."]
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def rss(*items: str) -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wick</title>{inner}</channel></rss>'.encode()


def documents(feed: bytes) -> list[Document]:
    found = read_feed(feed, "application/xml", URL)
    records = [Record("0", e.record(URL, found.title), FEED_ENTRY, "wick", e.key) for e in found.entries]
    return [read_record(r, SourceRules("wick")) for r in records]


def keys(found: list[Document]) -> list[str]:
    return [external_key(d, SourceRules("wick"), "0", "uri", None) for d in found]


def item(n: int, link: str, guid: str = "", text: str = f"<![CDATA[{TEXT}]]>", date: str = "") -> str:
    own = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    day = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<title>Boats {n}</title><link>{link}</link>{own}{day}<description>{text}</description>"


def test_entries_of_one_page_with_ids_of_their_own_are_articles_each() -> None:
    log = "https://wick.example/log"
    assert keys(documents(rss(*(item(n, log, f"{log}#{n}") for n in (1, 2))))) == [f"{log}#1", f"{log}#2"]


def test_links_that_differ_in_their_fragment_are_articles_each() -> None:
    day = "https://wick.example/day"
    assert keys(documents(rss(*(item(n, f"{day}#s{n}") for n in (1, 2))))) == [f"{day}#s1", f"{day}#s2"]


def test_a_link_of_its_own_is_the_key() -> None:
    assert keys(documents(rss(item(1, "https://wick.example/a", "77")))) == ["https://wick.example/a"]


@pytest.mark.parametrize(
    "text",
    [
        "&lt;![CDATA[&lt;p&gt;The night boats of Wickholm stop in the autumn.&lt;/p&gt;&lt;p&gt;Nurses asked how to get"
        " home.&lt;/p&gt;]]&gt;",
        TEXT.replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
    ],
)
def test_html_that_is_escaped_once_more_is_paragraphs(text: str) -> None:
    assert documents(rss(item(1, "https://wick.example/a", text=text)))[0].text.split("\n\n")[1:] == LINES


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Tue, 03 Jun 2025 22:52:30+5:30", datetime(2025, 6, 3, 17, 22, 30, tzinfo=UTC)),
        ("Tue Jun 03 00:15:00 +0000 2025", datetime(2025, 6, 3, 0, 15, tzinfo=UTC)),
    ],
)
def test_dates_that_are_no_rfc_822(date: str, at: datetime) -> None:
    assert documents(rss(item(1, "https://wick.example/a", date=date)))[0].published.at == at


def test_the_date_of_rss_1_is_that_of_publication() -> None:
    feed = (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Wick</title>'
        f"</channel><item><title>Boats</title><link>https://wick.example/a</link><description><![CDATA[{TEXT}]]>"
        "</description><dc:date>2025-06-03T09:00:00+01:00</dc:date></item></rdf:RDF>"
    )
    found = documents(feed.encode())[0]
    assert (found.published.at, found.updated_at) == (datetime(2025, 6, 3, 8, tzinfo=UTC), None)


def links(urls: str) -> list[str]:
    found = read_sitemap(f'<?xml version="1.0"?><urlset {SPACES}>{urls}</urlset>'.encode(), "application/xml")
    return [link.url for link in found.links]


def test_the_address_of_a_picture_before_that_of_the_page_is_not_followed() -> None:
    picture = "<image:image><image:loc>https://wick.example/a.jpg</image:loc></image:image>"
    flat = "<image:loc>https://wick.example/b.jpg</image:loc>"
    assert links(f"<url>{picture}<loc>https://wick.example/a</loc></url>") == ["https://wick.example/a"]
    assert links(f"<url>{flat}<loc>https://wick.example/b</loc></url>") == ["https://wick.example/b"]


def test_a_bare_ampersand_in_an_address_stays() -> None:
    assert links("<url><loc>https://wick.example/?a=1&b=2&amp;c=3</loc></url>") == ["https://wick.example/?a=1&b=2&c=3"]


def test_a_sitemap_that_is_gzipped_twice_is_read() -> None:
    text = f"<urlset {SPACES}><url><loc>https://wick.example/a</loc></url></urlset>".encode()
    assert len(read_sitemap(gzip.compress(gzip.compress(text)), "application/xml").links) == 1
