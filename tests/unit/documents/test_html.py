"""Pages: declared against printed, and pages that hold no article."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Document, Ignored, Record, Refused, SourceRules
from tests.unit.documents.helpers import BODY, cut, page

HEAD = "Fernholm votes to rebuild its harbour wall"
DESCRIPTION = "The council approved three million crowns for the wall after a year of storms"
LD = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, {
    "@type": "NewsArticle", "headline": HEAD, "datePublished": "2025-06-03T10:00:00+02:00",
    "dateModified": "2025-06-03T12:30:00+02:00", "author": [{"@type": "Person", "name": "Ada Lund"}],
    "publisher": {"@type": "Organization", "name": "Fern Post"}, "description": DESCRIPTION}]}  # fmt: skip


def _page(ld: object = LD, head: str = "", top: str = f"<h1>{HEAD}</h1>", body: str = "", tail: str = "") -> str:
    paragraphs = body or "".join(f"<p>{p}</p>" for p in BODY.split("\n\n"))
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    return (
        f"<!DOCTYPE html><html><head><title>{HEAD} | Fern Post</title>{script}{head}</head>"
        "<body><nav><a href='/'>Home</a></nav>"
        f"<main><article>{top}{paragraphs}{tail}</article></main><footer>© Fern Post</footer></body></html>"
    )


LINKS = (
    '<link rel="canonical" href="https://www.fernpost.example.com/news/wall?utm_source=rss">'
    '<meta property="og:site_name" content="Fern Post">'
)


def test_what_a_page_declares_and_prints() -> None:
    figure = "<figure><img src='a.jpg'><figcaption>The harbour wall in May, seen from the north.</figcaption></figure>"
    found = page(
        _page(
            head=LINKS,
            top=f"<h1>{HEAD}</h1><h2 class='standfirst'>{DESCRIPTION}</h2>{figure}<p class='byline'>By Ada Lund</p>",
        )
    )
    assert (found.headline, found.standfirst) == (HEAD, DESCRIPTION)
    assert (found.byline, found.authors) == ("By Ada Lund", ("Ada Lund",))
    assert found.url == "https://www.fernpost.example.com/news/wall"
    assert (found.outlet_name, found.outlet_domain) == ("Fern Post", "example.com")
    assert (found.published.on, found.published.at) == (date(2025, 6, 3), datetime(2025, 6, 3, 8, tzinfo=UTC))
    assert found.updated_at == datetime(2025, 6, 3, 10, 30, tzinfo=UTC)
    assert cut(found, "caption") == ["The harbour wall in May, seen from the north."]
    assert found.text.startswith(f"{HEAD}\n\n{DESCRIPTION}\n\n")
    assert found.text.endswith("seen from the north.")
    assert "Home" not in found.text
    assert found.text.count(HEAD) == 1


def test_description_that_is_not_printed_is_no_standfirst() -> None:
    assert page(_page()).standfirst is None


def test_day_only_where_no_zone_is_declared() -> None:
    ld = {"@type": "NewsArticle", "headline": HEAD, "datePublished": "2025-06-03T10:00:00"}
    found = page(_page(ld)).published
    assert (found.on, found.at, found.precision, found.basis) == (date(2025, 6, 3), None, "day", "metadata")
    assert page(_page(ld), timezone="Europe/Oslo").published.at == datetime(2025, 6, 3, 8, tzinfo=UTC)


def test_no_date_is_no_date() -> None:
    found = page(_page(None))
    assert (found.published.on, found.published.basis) == (None, "none")
    assert "no_date" in found.quality_flags


def test_a_declared_name_goes_before_a_byline_with_glued_words() -> None:
    top = f"<h1>{HEAD}</h1><div class='byline'>By <b>Ada Lund</b><i>June 3, 2025 10:00</i></div>"
    assert page(_page(top=top)).authors == ("Ada Lund",)
    assert page(_page(None, top=top)).authors == ("Ada Lund",)


def test_a_printed_byline_goes_before_a_declared_stranger() -> None:
    ld = {"@type": "NewsArticle", "headline": HEAD, "author": {"@type": "Person", "name": "Site Admin Person"}}
    assert page(_page(ld, top=f"<h1>{HEAD}</h1><p class='byline'>By Ada Lund</p>")).authors == ("Ada Lund",)


def test_a_page_without_declarations_is_read_from_its_markup() -> None:
    top = (
        f"<h1>{HEAD}</h1><p class='standfirst'>{DESCRIPTION}</p><p class='byline'>By Ada Lund <span>|</span> "
        "<time datetime='2025-06-03T10:00:00+02:00'>3 June 2025, 10:00</time> <span class='updated'>Updated "
        "<time datetime='2025-06-04T09:00:00+02:00'>4 June 2025, 9:00</time></span></p>"
        "<p><b class='dateline'>LOWER FERN</b> — Work on the wall of Fernholm will begin before the winter.</p>"
    )
    found = page(_page(None, top=top))
    assert (found.standfirst, cut(found, "standfirst")) == (DESCRIPTION, [DESCRIPTION])
    assert (found.byline, found.authors) == ("By Ada Lund", ("Ada Lund",))
    assert found.published.at == datetime(2025, 6, 3, 8, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 6, 4, 7, tzinfo=UTC)
    assert (found.dateline_text, found.dateline_place) == ("LOWER FERN —", "LOWER FERN")


def test_markup_inside_the_body_is_no_standfirst() -> None:
    body = "".join(f"<p>{p}</p>" for p in BODY.split("\n\n"))
    found = page(_page(None, body=f"{body}<p class='standfirst'>{DESCRIPTION}</p>{body}"))
    assert found.standfirst is None


def test_a_wire_copy_names_its_agency() -> None:
    top = (
        f"<h1>{HEAD}</h1><div class='byline'>By Ada Lund, Associated Press</div>"
        "<p><strong>LOWER FERN, Norland (XQW)</strong> — Work on the wall will begin before the winter.</p>"
    )
    found = page(_page(None, top=top))
    assert (found.byline, found.authors) == ("By Ada Lund, Associated Press", ("Ada Lund",))
    assert (found.dateline_text, found.wire_agency) == ("LOWER FERN, Norland (XQW) —", "XQW")


def test_scripts_are_no_text_and_do_nothing() -> None:
    evil = "<p>He said so.<script>alert('x')</script><img src=x onerror=alert(1)></p><style>p{}</style>"
    found = page(_page(tail=evil))
    assert "alert" not in found.text and "<" not in found.text


def test_broken_json_ld_is_passed_over() -> None:
    html = _page(None, head='<script type="application/ld+json">{"@type": "NewsArticle", </script>' + LINKS)
    assert page(html).headline == HEAD


@pytest.mark.parametrize("top", ["", "<h1>Fern Post</h1>"])
def test_headline_without_h1_of_its_own(top: str) -> None:
    assert page(_page(head=f'<meta property="og:title" content="{HEAD}">', top=top)).headline == HEAD


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        "<!-- nothing -->",
        "<html><body><h1>Watch</h1><video src='a.mp4'></video></body></html>",
        "<html><body><div id='app'></div><script>boot()</script></body></html>",
        "plain words without markup",
        "<?xml version='1.0' encoding='utf-8'?><html><body/></html>",
    ],
)
def test_page_without_article_is_refused(html: str) -> None:
    with pytest.raises(Refused) as refused:
        page(html)
    assert (refused.value.refusal.stage, refused.value.refusal.rule) == ("parse", "no_article")


def test_front_page_is_ignored() -> None:
    links = "".join(
        f"<p><a href='/{i}'>Story number {i} of the day in Fernholm and around it</a></p>" for i in range(30)
    )
    html = f"<html><head><link rel='canonical' href='https://e.com/'></head><body>{links}</body></html>"
    with pytest.raises(Ignored) as ignored:
        page(html)
    assert ignored.value.reason == "front_page"


def test_empty_and_binary() -> None:
    for data in (b"", b"%PDF-1.4 ..."):
        with pytest.raises(Refused) as refused:
            page(data)
        assert refused.value.refusal.stage == "decode"


def test_declared_charset_of_a_page() -> None:
    html = _page(head='<meta charset="windows-1252">').replace("Fernholm voted", "Fernhølm’s café voted")
    assert "Fernhølm’s café" in page(html.encode("cp1252")).text


def test_deeply_nested_page_is_read_or_refused() -> None:
    try:
        page("<div>" * 5000 + "<p>He said so.</p>" + "</div>" * 5000)
    except Refused as refused:
        assert refused.refusal.stage == "parse"


def test_url_of_the_fetch_stands_in_for_a_missing_canonical() -> None:
    found = page(_page(), uri="https://news.fern.example.org/a/1?fbclid=3")
    assert found.url == "https://news.fern.example.org/a/1"


FETCHED = "https://news.fern.example.org/a/1"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="Canonical nofollow" href="/b/2?utm_source=x">', "https://news.fern.example.org/b/2"),
        ('<link rel="canonical" href="https://news.fern.example.org/b/2#top">', "https://news.fern.example.org/b/2"),
        ('<link rel="alternate" href="/de/2"><meta property="og:url" content="/b/2">',
         "https://news.fern.example.org/b/2"),
        ('<link rel="amphtml" href="/a/1/amp">', FETCHED),
        ('<link rel="canonical" href="https://news.fern.example.org/">', FETCHED),
        ('<link rel="canonical" href="">', FETCHED),
        ('<link rel="canonical" href="javascript:void(0)">', FETCHED),
        ('<link rel="canonical" href="http://[broken">', FETCHED),
    ],
    ids=["tokens", "absolute", "og:url", "amphtml", "front page", "empty", "script", "broken"],
)  # fmt: skip
def test_the_canonical_address_is_the_declared_one_else_that_of_the_fetch(head: str, url: str) -> None:
    assert page(_page(head=head), uri=FETCHED).url == url


def test_a_mobile_page_is_the_page_that_it_names() -> None:
    head = '<link rel="canonical" href="https://news.fern.example.org/a/1">'
    assert (
        page(_page(head=head), uri="https://news-fern-example-org.cdn.ampproject.org/c/s/x.example.org/amp").url
        == FETCHED
    )


@pytest.mark.parametrize(
    ("sent", "declared", "coding"),
    [
        ("windows-1251", "windows-1252", "cp1251"), ("utf-8", "windows-1251", "cp1251"), ("", "windows-1251", "cp1251"),
        ("windows-1252", "windows-1252", "utf-8"), ("no-such-coding", "windows-1251", "cp1251"),
    ],
    ids=["the server's goes first", "the server is wrong", "nothing sent", "valid UTF-8 goes before both", "unknown"],
)  # fmt: skip
def test_the_charset_that_the_server_sent_is_used(sent: str, declared: str, coding: str) -> None:
    sentence = "Городской совет решил во вторник восстановить старую стену гавани до зимних штормов этого года."
    text = _page(head=f'<meta charset="{declared}">', body=f"<p>{sentence}</p><p>{sentence[:-1]}!</p>")
    data = text.replace("©", "(c)").encode(coding)
    media_type = f"text/html; charset={sent}" if sent else "text/html"
    found = read_record(Record("r" * 64, data, media_type, "web", FETCHED), SourceRules("web"))
    assert sentence in found.text


def _simple(head: str = "", top: str = "") -> Document:
    story = "".join(f"<p>{line}</p>" for line in (
        "The ferry company of Wickholm will stop its night boats in the autumn, the council was told.",
        "“There are nights on which we carry two passengers and a dog,” said its director, Jon Mell.",
        "The council pays four hundred thousand crowns a year for the boats and wants part of that back.",
    ))  # fmt: skip
    return page(f"<html><head>{head}</head><body>{top}<article>{story}</article></body></html>")


def test_a_lone_h1_goes_before_a_title_that_says_something_else() -> None:
    assert _simple("<title>Wick</title>", "<h1>Night boats to stop</h1>").headline == "Night boats to stop"


def test_a_headline_that_is_escaped_twice_is_unescaped() -> None:
    assert (
        _simple(top="<h1>&amp;#8216;No boats&amp;#8217;: quay &amp;amp; pier</h1>").headline
        == "‘No boats’: quay & pier"
    )


@pytest.mark.parametrize(
    "line", ["Ada Lund", "Ada Lund, a.lund@wick.example", "Ada Lund | <a href='#'>a.lund@wick.example</a> Follow"]
)
def test_a_marked_byline_needs_no_by(line: str) -> None:
    assert _simple(top=f"<h1>Night boats to stop</h1><div class='byline'>{line}</div>").authors == ("Ada Lund",)


def test_nobody_of_the_other_stories_is_the_author() -> None:
    river = "<aside><li><div class='byline'>Bo Rask</div></li></aside>"
    assert _simple(top=f"<h1>Night boats to stop</h1>{river}").authors == ()


def test_json_ld_with_a_stray_comma_and_names_in_lists_is_read() -> None:
    ld = '{"@type": "NewsArticle", "headline": "Night boats to stop", "author": [{"name": ["Ada Lund"]},],}'
    assert _simple(f"<script type='application/ld+json'>{ld}</script>").authors == ("Ada Lund",)


def test_a_printed_headline_that_was_escaped_twice_is_no_paragraph() -> None:
    line = "&amp;#8216;No boat may sail&amp;#8217;: lock &amp;amp; weir shut at Fernholm"
    found = page(_page(None, head=f"<meta property='og:title' content='{line}'>", top=f"<h1>{line}</h1>"))
    assert found.headline == "‘No boat may sail’: lock & weir shut at Fernholm"
    assert found.text.count("No boat may sail") == 1
    assert "&#8216;" not in found.text


def test_every_name_of_an_author_that_has_a_list_of_them_is_read() -> None:
    ld = {"@type": "NewsArticle", "headline": HEAD, "author": {"@type": "Person", "name": ["Ada Lund", "Tor Brun"]}}
    assert page(_page(ld)).authors == ("Ada Lund", "Tor Brun")
    body = {"@type": "Organization", "name": ["Fern Post"]}
    assert page(_page({**ld, "author": [body, {"name": ["Ada Lund"]}]})).authors == ("Ada Lund",)
