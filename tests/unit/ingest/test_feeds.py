"""Feeds: each entry once, from the entry or from its page, and nothing that a feed does stops another."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.core.documents.model import FEED_ENTRY
from pipelines.ingest.addresses import records
from pipelines.ingest.feed_formats import NotAFeedError, read_feed
from pipelines.ingest.fetch_notes import FetchNotes
from pipelines.settings import Source
from pipelines.storage import fingerprints
from pipelines.storage.fingerprints import step_sha256
from tests.site import Answer, Reader, Site, net_of, serving
from tests.web_news import LAUGHS, SECRET, body, item, json_feed, page, rss

FEED = "http://wire.example/feed"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def reader(site: Site, tmp_path: Path) -> Reader:
    return Reader(site, tmp_path, Source(name="wire", feed=(FEED,)))


def feed(*items: dict[str, str | None], etag: str | None = None) -> Answer:
    headers = {"ETag": etag} if etag else {}
    return Answer(rss(*items), media_type="application/rss+xml", headers=headers)


# ------------------------------------------------------------------ what is taken
def test_an_entry_with_its_article_is_a_record_of_its_own(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed(item(1), item(2))
    found = reader.run()
    assert [(m.source_name, m.source_uri, m.media_type) for m in found] == [
        ("wire", f"{FEED}#wire-1", FEED_ENTRY), ("wire", f"{FEED}#wire-2", FEED_ENTRY),
    ]  # fmt: skip
    held = json.loads(found[0].content or b"")
    assert held == {
        "feed": FEED, "feed_title": "World news | The Wire", "id": "wire-1",
        "link": "http://wire.example/news/1?utm_source=rss", "title": "Weir to be rebuilt, part 1",
        "authors": ["Odile Fenn"], "published": "Mon, 02 Mar 2026 01:00:00 GMT",
        "summary": {"type": "text/html", "value": "The weir will be rebuilt."},
        "content": {"type": "text/html", "value": body("It was part 1 of the plan that the council made.")},
    }  # fmt: skip
    assert site.paths() == ["/feed"]


def test_an_entry_with_a_teaser_is_its_page_as_received(site: Site, reader: Reader) -> None:
    site.routes |= {
        "/feed": feed(item(1, **{"content:encoded": None})),
        "/news/1?utm_source=rss": Answer(status=301, headers={"Location": "/news/weir-1"}),
        "/news/weir-1": Answer(page("Weir").replace(b"weir", b"w\xe9ir"), media_type="text/html; charset=iso-8859-1",
                               headers={"ETag": '"p"'}),
    }  # fmt: skip
    (found,) = reader.run()
    assert (found.source_uri, found.media_type) == ("http://wire.example/news/weir-1", "text/html; charset=iso-8859-1")
    assert found.content == page("Weir").replace(b"weir", b"w\xe9ir")
    assert (found.http_status, found.etag) == (200, '"p"')


@pytest.mark.parametrize(
    ("full_text", "more", "is_page"),
    [
        (None, {}, False), ("entry", {}, False), ("page", {}, True),
        (None, {"content:encoded": "<p>Only a teaser</p>"}, True),
        ("entry", {"content:encoded": "<p>Only a teaser</p>"}, False),
        (None, {"content:encoded": body() + "<p>The council then went on to… [Read more]</p>"}, True),
        (None, {"content:encoded": None, "description": body()}, False),
        (None, {"link": None, "content:encoded": "<p>Short</p>"}, False),
    ],
)  # fmt: skip
def test_where_the_text_is_got(
    site: Site, tmp_path: Path, full_text: str | None, more: dict[str, str | None], is_page: bool
) -> None:
    source = Source.model_validate({"name": "wire", "feed": FEED, "full_text": full_text})
    site.routes |= {"/feed": feed(item(1, **more)), "/news/1?utm_source=rss": Answer(page("Weir"))}
    (found,) = Reader(site, tmp_path, source).run()
    assert found.media_type.startswith("text/html" if is_page else FEED_ENTRY)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://wire.example/"><title>The Wire</title><id>w</id>
<entry><id>tag:wire.example,2026:1</id><title type="html">Weir &amp;amp; pond</title>
<link rel="alternate" href="/news/1"/><link rel="enclosure" href="/sound.mp3"/><author><name>Odile Fenn</name></author>
<author><name>Ilya Brandt</name></author><published>2026-03-02T08:00:00Z</published>
<updated>2026-03-02T09:00:00Z</updated><content type="html">{content}</content></entry></feed>"""


def test_atom_and_json_feeds_give_what_rss_gives(site: Site, reader: Reader) -> None:
    from html import escape

    site.routes["/feed"] = [
        Answer(ATOM.format(content=escape(body())).encode(), media_type="application/atom+xml"),
        Answer(json_feed([{"id": 7, "url": "/news/7", "title": "Weir", "content_html": body(),
                           "authors": [{"name": "Odile Fenn"}], "date_published": "2026-03-02T08:00:00Z",
                           "date_modified": "2026-03-02T09:00:00Z"}]), media_type="application/feed+json"),
    ]  # fmt: skip
    (atom,), (other,) = reader.run(), reader.run()
    held = [json.loads(m.content or b"") for m in (atom, other)]
    assert [h["link"] for h in held] == ["http://wire.example/news/1", "http://wire.example/news/7"]
    assert [h["id"] for h in held] == ["tag:wire.example,2026:1", "7"]
    assert [h["authors"] for h in held] == [["Odile Fenn", "Ilya Brandt"], ["Odile Fenn"]]
    assert {(h["published"], h["updated"], h["content"]["value"]) for h in held} == {
        ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z", body())
    }


@pytest.mark.parametrize("coding", ["iso-8859-1", "utf-16", "windows-1251"])
def test_a_feed_is_read_in_the_coding_that_it_declares(coding: str) -> None:
    word = "Вода" if coding == "windows-1251" else "Zoë"
    data = rss({"title": word, "link": "http://wire.example/1"}).decode().replace("UTF-8", coding).encode(coding)
    (entry,) = read_feed(data, "application/rss+xml", FEED).entries
    assert entry.content["title"] == word


def test_an_id_that_several_entries_share_tells_nothing(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed(item(1, guid="http://wire.example/"), item(2, guid="http://wire.example/"), item(3))
    found = reader.run()
    assert [m.source_uri.partition("#")[2] for m in found] == [
        "http://wire.example/news/1?utm_source=rss", "http://wire.example/news/2?utm_source=rss", "wire-3",
    ]  # fmt: skip


def test_entries_that_lead_to_one_page_are_one_record(site: Site, tmp_path: Path) -> None:
    moved = Answer(status=302, headers={"Location": "/same"})
    site.routes |= {
        "/feed": feed(item(1), item(2)), "/news/1?utm_source=rss": moved, "/news/2?utm_source=rss": moved,
        "/same": Answer(page("Weir")),
    }  # fmt: skip
    source = Source(name="wire", feed=(FEED,), full_text="page")
    assert [m.source_uri for m in Reader(site, tmp_path, source).run()] == ["http://wire.example/same"]


def test_a_page_in_two_feeds_of_a_source_is_one_record(site: Site, tmp_path: Path) -> None:
    other = "http://wire.example/sport"
    source = Source(name="wire", feed=(FEED, other), full_text="page")
    site.routes |= {
        "/feed": feed(item(1)), "/sport": feed(item(1), item(2)),
        "/news/1?utm_source=rss": Answer(page("Weir")), "/news/2?utm_source=rss": Answer(page("Pond")),
    }  # fmt: skip
    reader = Reader(site, tmp_path, source)
    assert [m.content for m in reader.run()] == [page("Weir"), page("Pond")]
    assert reader.run() == []


def test_a_page_that_failed_in_one_feed_and_came_in_another_is_there_after_the_next_run(
    site: Site, tmp_path: Path
) -> None:
    other = "http://wire.example/sport"
    reader = Reader(site, tmp_path, Source(name="wire", feed=(FEED, other), full_text="page"))
    site.routes |= {
        "/feed": feed(item(1)), "/sport": feed(item(1), etag='"s"'),
        "/news/1?utm_source=rss": [Answer(status=503), Answer(page("Weir"))],
    }  # fmt: skip
    assert [m.refusal_rule for m in reader.run()] == ["http_503"]
    assert [m.content for m in reader.run()] == [page("Weir")]
    assert reader.run() == []


def test_sources_are_fetched_side_by_side_and_given_in_their_order(site: Site, tmp_path: Path) -> None:
    together = threading.Barrier(3, timeout=5)

    def meet(_: object) -> Answer:
        together.wait()  # nobody is answered before all have asked
        return feed(item(1))

    names = ("c", "a", "b")
    site.routes |= {f"/{n}": meet for n in names}
    found = Reader(site, tmp_path, *(Source(name=n, feed=(f"http://{n}.example/{n}",)) for n in names)).run()
    assert [m.source_name for m in found] == ["c", "a", "b"]


def test_whoever_stops_taking_stops_the_fetching(site: Site, tmp_path: Path) -> None:
    names = [f"n{n}" for n in range(400)]
    site.routes |= {f"/{n}": feed(item(1)) for n in names}
    reader = Reader(site, tmp_path, *(Source(name=n, feed=(f"http://{n}.example/{n}",)) for n in names))
    before = threading.active_count()
    running = records(reader.sources.addresses(), reader.sources, net_of(site).client, FetchNotes(tmp_path), print)
    next(running)
    running.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before + 1  # the site's own thread for a request that is just ending
    assert len(site.paths()) < 400


# ------------------------------------------------------------------ from run to run
def test_what_was_taken_in_is_not_taken_again_and_what_changed_is(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed(item(1), item(2))
    assert len(reader.run()) == 2
    assert reader.run() == []
    site.routes["/feed"] = feed(item(3), item(1, title="Weir will not be rebuilt"), item(2))
    assert [m.source_uri.partition("#")[2] for m in reader.run()] == ["wire-3", "wire-1"]
    assert reader.run() == []


def test_a_page_is_not_fetched_again_while_its_entry_stays(site: Site, reader: Reader) -> None:
    teaser = item(1, **{"content:encoded": None})
    site.routes |= {"/feed": feed(teaser), "/news/1?utm_source=rss": Answer(page("Weir"))}
    assert len(reader.run()) == 1
    assert (reader.run(), site.paths()) == ([], ["/feed"])
    site.routes["/feed"] = feed({**teaser, "description": "The weir will not be rebuilt."})
    assert len(reader.run()) == 1


def test_an_unchanged_feed_is_not_sent_again(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = lambda h: (
        Answer(status=304, media_type=None) if h.headers.get("If-None-Match") == '"f"' else feed(item(1), etag='"f"')
    )
    assert (len(reader.run()), len(reader.run())) == (1, 0)
    assert site.requests[-1][2]["If-None-Match"] == '"f"'


def test_another_feedparser_asks_for_the_whole_feed_again_and_takes_what_it_finds_anew(
    site: Site, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/feed"] = lambda h: (
        Answer(status=304, media_type=None) if h.headers.get("If-None-Match") == '"f"' else feed(item(1), etag='"f"')
    )
    reader.run()
    step_sha256.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(fingerprints, "version", lambda _: "another")
        assert len(reader.run()) == 0, "its entries are the same"
        assert "If-None-Match" not in site.requests[-1][2]
        reader.run()
        assert site.requests[-1][2]["If-None-Match"] == '"f"'
    step_sha256.cache_clear()


def test_a_run_that_is_killed_loses_nothing(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed(item(1), item(2), etag='"f"')
    first = reader.run(is_killed=True)
    assert reader.run() == first
    assert "If-None-Match" not in site.requests[-1][2]


def test_what_is_on_the_disk_is_remembered_though_the_run_is_killed_later(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed(item(1), item(2), item(3), etag='"f"')
    memory = FetchNotes(reader.folder)
    running = records([FEED], reader.sources, net_of(site).client, memory, print)
    next(running), next(running)
    memory.commit()  # a batch of two is written: of the second it is not known yet that it is in it
    assert [m.source_uri.partition("#")[2] for m in reader.run()] == ["wire-2", "wire-3"]


def test_a_broken_file_of_notes_is_as_good_as_none(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed(item(1))
    reader.run()
    (notes,) = reader.folder.iterdir()
    notes.write_text("{ half")
    assert len(reader.run()) == 1


def test_entries_that_left_the_feed_are_forgotten(site: Site, reader: Reader) -> None:
    for number in range(1, 6):
        site.routes["/feed"] = feed(item(number))
        reader.run()
    (notes,) = reader.folder.iterdir()
    assert list(json.loads(notes.read_text())[FEED]["seen"]) == ["wire-5"]


# ------------------------------------------------------------------ what goes wrong
BROKEN = {
    "not found": (Answer(status=404), "http_404"),
    "fails": (Answer(status=500), "http_500"),
    "no content": (Answer(status=204), "no_content"),
    "html": (Answer(page("Not found")), "not_a_feed"),
    "empty": (Answer(b"", media_type="application/rss+xml"), "not_a_feed"),
    "path of a file": (Answer(b"/etc/passwd", media_type="application/rss+xml"), "not_a_feed"),
    "broken json": (Answer(b'{"version": "https://jsonfeed.org/ver', media_type="application/json"), "not_a_feed"),
    "deep json": (Answer(b'{"items":' + b"[" * 100_000, media_type="application/json"), "not_a_feed"),
    "image": (Answer(b"\x89PNG", media_type="image/png"), "not_text"),
    "laughs": (Answer((LAUGHS + "<rss version='2.0'><channel><title>&l10;</title></channel></rss>").encode(),
                      media_type="text/xml"), "not_a_feed"),
    "laughs in utf-16": (Answer((LAUGHS.replace("?>", " encoding='utf-16'?>", 1) + "<rss version='2.0'/>")
                                .encode("utf-16"), media_type="text/xml"), "not_a_feed"),
    "laughs behind a comment": (Answer(f"<!-- <a -->{LAUGHS[21:]}<rss version='2.0'><channel><title>&l10;</title>"
                                       "</channel></rss>".encode(), media_type="text/xml"), "not_a_feed"),
    "off limits": (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), "off_limits"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "rule"), BROKEN.values(), ids=BROKEN)
def test_a_feed_that_fails_is_one_line_and_one_record_and_the_others_go_on(
    site: Site, tmp_path: Path, answer: Answer, rule: str
) -> None:
    good = "http://good.example/rss"
    reader = Reader(site, tmp_path, Source(name="bad", feed=(FEED,)), Source(name="good", feed=(good,)))
    site.routes |= {"/feed": answer, "/rss": feed(item(1))}
    bad, other = reader.run()
    assert (bad.source_name, bad.source_uri, bad.content, bad.refusal_rule) == ("bad", FEED, None, rule)
    assert bad.refusal_detail is not None
    assert bad.refusal_detail.isprintable()
    assert len(bad.refusal_detail) < 400
    assert reader.said == [f"bad: {bad.refusal_detail}"]
    assert other.source_name == "good"


def test_an_entity_reads_no_file(site: Site, reader: Reader, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the crown jewels")
    text = SECRET.format(path=secret) + rss(item(1, title="T")).decode().partition("?>")[2].replace("T<", "&secret;<")
    site.routes["/feed"] = Answer(text.encode(), media_type="text/xml")
    assert all(b"crown" not in (m.content or b"") for m in reader.run())


def test_a_feed_that_breaks_off_gives_the_entries_before_that(site: Site, reader: Reader) -> None:
    whole = rss(item(1), item(2))
    site.routes["/feed"] = Answer(whole[: whole.index(b"part 2")], media_type="application/rss+xml")
    assert reader.run()[0].source_uri == f"{FEED}#wire-1"


def test_a_page_that_is_gone_is_one_record_and_not_asked_for_again(site: Site, tmp_path: Path) -> None:
    source = Source(name="wire", feed=(FEED,), full_text="page")
    reader = Reader(site, tmp_path, source)
    site.routes |= {"/feed": feed(item(1), item(2)), "/news/2?utm_source=rss": Answer(page("Weir"))}
    gone, other = reader.run()
    assert (gone.refusal_rule, gone.http_status, other.content) == ("http_404", 404, page("Weir"))
    assert (reader.run(), site.paths(), reader.said) == ([], ["/feed"], [])


def test_a_page_that_fails_is_asked_for_again_by_the_next_run(site: Site, tmp_path: Path) -> None:
    reader = Reader(site, tmp_path, Source(name="wire", feed=(FEED,), full_text="page"))
    site.routes |= {
        "/feed": feed(item(1), item(2), etag='"f"'),
        "/news/1?utm_source=rss": [Answer(status=503), Answer(page("Weir"))],
        "/news/2?utm_source=rss": Answer(page("Pond")),
    }
    assert [m.refusal_rule for m in reader.run()] == ["http_503", None]
    (again,) = reader.run()
    assert "If-None-Match" not in site.requests[1][2]
    assert again.content == page("Weir")
    assert reader.run() == []


def test_pages_that_robots_txt_closes_are_refused_one_by_one(site: Site, tmp_path: Path) -> None:
    reader = Reader(site, tmp_path, Source(name="wire", feed=(FEED,), full_text="page"))
    site.routes |= {
        "/feed": feed(item(1), item(2)),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /news/1\n", media_type="text/plain"),
        "/news/2?utm_source=rss": Answer(page("Pond")),
    }
    closed, other = reader.run()
    assert (closed.refusal_rule, other.refusal_rule) == ("robots_disallowed", None)
    assert (closed.source_uri, site.paths()) == (
        "http://wire.example/news/1?utm_source=rss",
        ["/feed", "/news/2?utm_source=rss"],
    )


def test_a_host_that_goes_down_ends_its_feed_with_one_record_and_the_rest_waits(site: Site, tmp_path: Path) -> None:
    reader = Reader(site, tmp_path, Source(name="wire", feed=(FEED,), full_text="page"))
    numbers = range(1, 9)
    site.routes["/feed"] = feed(*(item(n) for n in numbers))
    site.routes |= {f"/news/{n}?utm_source=rss": Answer(status=500) for n in numbers}
    assert [m.refusal_rule for m in reader.run()] == ["http_500"] * 3
    site.routes |= {f"/news/{n}?utm_source=rss": Answer(page(f"Weir {n}")) for n in numbers}
    assert [m.content for m in reader.run()] == [page(f"Weir {n}") for n in numbers]


def test_an_entry_without_text_or_link_is_refused(site: Site, reader: Reader) -> None:
    site.routes["/feed"] = feed({"title": "Only a title", "guid": "t"})
    (found,) = reader.run()
    assert found.refusal_rule == "empty_entry"
    assert reader.run() == []


@pytest.mark.parametrize("data", [b"", b"\x00" * 99, b"<html>", b"[]", b"{}", b"null", b"plain words"])
def test_what_is_no_feed_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(NotAFeedError):
        read_feed(data, "", FEED)
