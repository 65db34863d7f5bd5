"""Sitemaps and addresses: new and changed pages, within bounds, and anything by what it is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.core.documents.model import FEED_ENTRY
from pipelines.ingest import sitemaps
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.sitemap_format import Link, NotASitemapError, read_sitemap
from pipelines.settings import WEB_SOURCE, Source
from tests.site import Answer, Reader, Site, serving
from tests.web_news import LAUGHS, SECRET, index, item, json_feed, page, rss, sitemap

HOST = "http://wire.example"
MAP = f"{HOST}/sitemap.xml"
XML = "application/xml"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        made.routes |= {f"/{n}": Answer(page(f"Weir, part {n}"), headers={"ETag": f'"{n}"'}) for n in range(10)}
        yield made


@pytest.fixture
def reader(site: Site, tmp_path: Path) -> Reader:
    return Reader(site, tmp_path, Source(name="wire", sitemap=(MAP,)))


def answer(links: dict[int, str | None], *, is_news: bool = False) -> Answer:
    data = sitemap({f"{HOST}/{n}": at for n, at in links.items()}, is_news=is_news)
    return Answer(data, media_type=XML)


def numbers(found: list[MetRecord]) -> list[str]:
    return [m.source_uri.rpartition("/")[2] for m in found]


# ------------------------------------------------------------------ what is taken
def test_each_page_is_a_record_the_newest_first(site: Site, reader: Reader) -> None:
    site.routes["/sitemap.xml"] = answer({1: "2026-03-01", 2: None, 3: "2026-03-02T09:00:00Z", 4: "2026-03-02T07:00Z"})
    found = reader.run()
    assert numbers(found) == ["3", "4", "1", "2"]
    assert found[0] == MetRecord(
        "wire", f"{HOST}/3", None, "text/html; charset=utf-8", page("Weir, part 3"), http_status=200, etag='"3"'
    )


def test_only_new_and_changed_pages_are_fetched_again(site: Site, reader: Reader) -> None:
    site.routes["/sitemap.xml"] = answer({1: "2026-03-01", 2: None})
    assert numbers(reader.run()) == ["1", "2"]
    assert (reader.run(), site.paths()) == ([], ["/sitemap.xml"])
    site.routes["/sitemap.xml"] = answer({1: "2026-03-02", 2: None, 3: None})
    assert numbers(reader.run()) == ["1", "3"]


def test_a_news_sitemap_tells_when_its_pages_were_published(site: Site, reader: Reader) -> None:
    site.routes["/sitemap.xml"] = answer({1: "2026-03-01T08:00:00Z", 2: "2026-03-02T08:00:00Z"}, is_news=True)
    assert numbers(reader.run()) == ["2", "1"]
    assert reader.run() == []


def test_an_unchanged_sitemap_is_not_sent_again(site: Site, reader: Reader) -> None:
    text = answer({1: None}).body
    site.routes["/sitemap.xml"] = lambda h: (
        Answer(status=304, media_type=None)
        if h.headers.get("If-None-Match") == '"m"'
        else Answer(text, media_type=XML, headers={"ETag": '"m"'})
    )
    assert (len(reader.run()), len(reader.run())) == (1, 0)
    assert site.requests[-1][2]["If-None-Match"] == '"m"'


def test_what_is_older_than_asked_for_is_left_alone(site: Site, tmp_path: Path) -> None:
    source = Source(name="wire", sitemap=(MAP,), since=date(2026, 3, 2))
    site.routes["/sitemap.xml"] = answer({1: "2026-03-01", 2: "2026-03-02", 3: None})
    assert numbers(Reader(site, tmp_path, source).run()) == ["2", "3"]


def test_what_is_too_much_for_one_run_waits_for_the_next(site: Site, tmp_path: Path) -> None:
    reader = Reader(site, tmp_path, Source(name="wire", sitemap=(MAP,), pages_per_run=2))
    links = answer({n: f"2026-03-0{n}" for n in range(1, 6)})
    site.routes["/sitemap.xml"] = Answer(links.body, media_type=XML, headers={"ETag": '"m"'})
    assert [numbers(reader.run()) for _ in range(4)] == [["5", "4"], ["3", "2"], ["1"], []]


# ------------------------------------------------------------------ indexes
def test_the_sitemaps_of_an_index_are_read_and_those_that_stayed_are_not_read_again(site: Site, reader: Reader) -> None:
    site.routes |= {
        "/sitemap.xml": Answer(index({f"{HOST}/old.xml.gz": "2026-03-01", f"{HOST}/new.xml": "2026-03-02"})),
        "/old.xml.gz": Answer(gzip.compress(answer({1: None}).body), media_type="application/x-gzip"),
        "/new.xml": answer({2: None, 1: None}),
    }  # fmt: skip
    assert numbers(reader.run()) == ["2", "1"]
    assert (reader.run(), site.paths()) == ([], ["/sitemap.xml"])
    site.routes["/sitemap.xml"] = Answer(index({f"{HOST}/old.xml.gz": "2026-03-01", f"{HOST}/new.xml": "2026-03-03"}))
    site.routes["/new.xml"] = answer({2: None, 1: None, 3: None})
    assert numbers(reader.run()) == ["3"]
    assert site.paths() == ["/sitemap.xml", "/new.xml", "/3"]


def test_a_sitemap_that_is_not_done_with_is_read_again(site: Site, tmp_path: Path) -> None:
    reader = Reader(site, tmp_path, Source(name="wire", sitemap=(MAP,), pages_per_run=1))
    site.routes |= {
        "/sitemap.xml": Answer(index({f"{HOST}/a.xml": "2026-03-01"})),
        "/a.xml": answer({1: None, 2: None}),
    }
    assert [numbers(reader.run()) for _ in range(3)] == [["1"], ["2"], []]


def test_sitemaps_that_name_each_other_end(site: Site, reader: Reader) -> None:
    site.routes |= {
        "/sitemap.xml": Answer(index({MAP: None, f"{HOST}/a.xml": None})),
        "/a.xml": Answer(index({MAP: None, f"{HOST}/b.xml": None, f"{HOST}/a.xml": None})),
        "/b.xml": answer({1: None}),
    }  # fmt: skip
    assert numbers(reader.run()) == ["1"]
    assert site.paths() == ["/sitemap.xml", "/a.xml", "/b.xml", "/1"]


def test_depth_and_number_of_sitemaps_are_bounded(site: Site, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(30):
        site.routes[f"/deep{n}"] = Answer(index({f"{HOST}/deep{n + 1}": None}))
    site.routes["/sitemap.xml"] = Answer(index({f"{HOST}/deep0": None}))
    reader.run()
    assert site.paths() == ["/sitemap.xml", "/deep0", "/deep1", "/deep2"]
    monkeypatch.setattr(sitemaps, "_MAX_SITEMAPS", 3)
    site.routes["/sitemap.xml"] = Answer(index({f"{HOST}/wide{n}": None for n in range(30)}))
    site.routes |= {f"/wide{n}": answer({}) for n in range(30)}
    reader.run()
    assert site.paths() == ["/sitemap.xml", "/wide0", "/wide1"]


def test_one_bad_sitemap_of_an_index_is_one_record(site: Site, reader: Reader) -> None:
    site.routes |= {
        "/sitemap.xml": Answer(index({f"{HOST}/gone.xml": None, f"{HOST}/page": None, f"{HOST}/good.xml": None})),
        "/page": Answer(page("No sitemap")), "/good.xml": answer({1: None}),
    }  # fmt: skip
    assert [(m.source_uri, m.refusal_rule) for m in reader.run()] == [
        (f"{HOST}/gone.xml", "http_404"), (f"{HOST}/page", "not_a_sitemap"), (f"{HOST}/1", None),
    ]  # fmt: skip


# ------------------------------------------------------------------ what goes wrong
@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (Answer(page("Not found")), "not_a_sitemap"), (Answer(b"", media_type=XML), "not_a_sitemap"),
        (Answer(b"\x1f\x8b broken", media_type="application/gzip"), "not_a_sitemap"),
        (Answer(gzip.compress(bytes(70_000_000)), media_type="application/gzip"), "not_a_sitemap"),
        (Answer(rss(item(1)), media_type=XML), "not_a_sitemap"), (Answer(status=410), "http_410"),
        (Answer(b"\x89PNG", media_type="image/png"), "not_text"),
    ],
    ids=["html", "empty", "broken gzip", "gzip bomb", "feed", "gone", "image"],
)  # fmt: skip
def test_a_sitemap_that_fails_is_one_line_and_one_record(site: Site, reader: Reader, broken: Answer, rule: str) -> None:
    site.routes["/sitemap.xml"] = broken
    (found,) = reader.run()
    assert (found.source_uri, found.refusal_rule, found.content) == (MAP, rule, None)
    assert reader.said == [f"wire: {found.refusal_detail}"]


def test_entities_neither_grow_nor_read_files(site: Site, reader: Reader, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("crown")
    rest = answer({1: None}).body.decode().partition("?>")[2]
    for head, entity in ((LAUGHS, "l10"), (SECRET.format(path=secret), "secret")):
        text = head + rest.replace("/1<", f"/1</loc></url><url><loc>{HOST}/&{entity};<")
        site.routes["/sitemap.xml"] = Answer(text.encode(), media_type=XML)
        links = read_sitemap(text.encode(), XML).links
        assert links[0] == Link(f"{HOST}/1", None)
        assert all(len(link.url) < 100 and "crown" not in link.url for link in links)


def test_a_sitemap_that_breaks_off_or_names_no_pages_of_the_web() -> None:
    whole = sitemap({f"{HOST}/1": None, "file:///etc/passwd": None, "ftp://wire.example/": None, f"{HOST}/2": None})
    assert [link.url for link in read_sitemap(whole, XML).links] == [f"{HOST}/1", f"{HOST}/2"]
    assert read_sitemap(whole[: whole.index(b"/2")], XML).links[0].url == f"{HOST}/1"
    assert read_sitemap(b"\xef\xbb\xbfhttp://wire.example/1\nno address\n", "text/plain").links == (
        Link(f"{HOST}/1", None),
    )
    with pytest.raises(NotASitemapError):
        read_sitemap(b"no address\n", "text/plain")


def test_a_picture_of_a_page_is_not_its_address() -> None:
    text = sitemap({f"{HOST}/1": "2026-03-01"}).replace(
        b"</url>", b"<image:image xmlns:image='i'><image:loc>http://wire.example/a.png</image:loc></image:image></url>"
    )
    assert read_sitemap(text, XML).links == (Link(f"{HOST}/1", "2026-03-01"),)


def test_pages_of_other_hosts_wait_their_own_turn_and_may_be_off_limits(site: Site, reader: Reader) -> None:
    site.routes["/sitemap.xml"] = Answer(
        sitemap({"http://10.0.0.1/a": None, "http://other.example/1": None}), media_type=XML
    )
    assert [m.refusal_rule for m in reader.run()] == ["off_limits", None]


# ------------------------------------------------------------------ an address by what it is
def test_an_address_is_taken_in_as_what_it_is(site: Site, tmp_path: Path) -> None:
    site.routes |= {
        "/rss": Answer(rss(item(1))),
        "/json": Answer(json_feed([{"id": "1", "content_text": "Edda Quill said so on Monday."}])),
        "/map": Answer(answer({1: None, 2: None}).body),
        "/map.gz": Answer(gzip.compress(answer({3: None}).body), media_type="application/gzip"),
        "/story": Answer(page("Weir"), headers={"ETag": '"s"'}),
        "/note.txt": Answer(b"Edda Quill said so on Monday.", media_type="text/plain"),
    }  # fmt: skip
    reader = Reader(site, tmp_path)
    addresses = [f"{HOST}{path}" for path in ("/rss", "/json", "/map", "/map.gz", "/story", "/note.txt", "/rss")]
    found = reader.run(*addresses)
    assert {m.source_name for m in found} == {WEB_SOURCE}
    assert [(m.source_uri.removeprefix(HOST), m.media_type.partition(";")[0]) for m in found[2:]] == [
        ("/1", "text/html"), ("/2", "text/html"), ("/3", "text/html"), ("/story", "text/html"),
        ("/note.txt", "text/plain"),
    ]  # fmt: skip
    # The first entry is too short to be an article, and has no page to be followed to.
    assert [m.source_uri.removeprefix(HOST) for m in found[:2]] == ["/rss#wire-1", "/json#1"]
    assert {m.media_type for m in found[:2]} == {FEED_ENTRY}


def test_a_page_that_has_not_changed_is_no_record_again(site: Site, tmp_path: Path) -> None:
    site.routes["/story"] = lambda h: (
        Answer(status=304, media_type=None)
        if h.headers.get("If-None-Match") == '"s"'
        else Answer(page("Weir"), headers={"ETag": '"s"'})
    )
    reader = Reader(site, tmp_path)
    assert (len(reader.run(f"{HOST}/story")), len(reader.run(f"{HOST}/story"))) == (1, 0)


def test_an_address_that_a_source_names_is_read_by_its_settings(site: Site, tmp_path: Path) -> None:
    source = Source(name="wire", feed=(f"{HOST}/rss",), full_text="page")
    site.routes |= {"/rss": Answer(rss(item(1, link=f"{HOST}/1")))}
    (found,) = Reader(site, tmp_path, source).run(f"{HOST}/rss")
    assert (found.source_name, found.source_uri) == ("wire", f"{HOST}/1")


def test_an_address_that_fails_is_one_line_and_one_record(site: Site, tmp_path: Path) -> None:
    reader = Reader(site, tmp_path)
    found = reader.run(f"{HOST}/nothing", "http://127.0.0.1:1/", f"{HOST}/1")
    assert [m.refusal_rule for m in found] == ["http_404", "off_limits", None]
    assert len(reader.said) == 2
