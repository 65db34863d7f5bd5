"""The client: polite, bounded, and whatever a server does ends in one line."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from pipelines import __version__
from pipelines.ingest.web.responses import Fetched, UnfetchedError, Validators
from tests.site import PUBLIC, Answer, Net, Site, net_of, serving

HOST = "http://wire.example"
PAGE = Answer(b"<html><body><p>Weir to be rebuilt</p></body></html>")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def net(site: Site) -> Net:
    return net_of(site)


def refusal(net: Net, url: str) -> UnfetchedError:
    """Return why nothing was got, having made sure that it is one line and that no connection is left open."""
    with pytest.raises(UnfetchedError) as caught:
        net.client.fetch(url)
    assert caught.value.detail.isprintable()
    assert all(s.fileno() == -1 for s in net.dial.sockets), "a connection is left open"
    return caught.value


# ------------------------------------------------------------------ what is fetched
def test_a_page_is_fetched_with_what_is_needed_to_read_it_and_to_ask_again(site: Site, net: Net) -> None:
    site.routes["/a"] = Answer(
        "Café".encode("cp1252"), media_type="text/html; charset=windows-1252",
        headers={"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"},
    )  # fmt: skip
    got = net.client.fetch(f"{HOST}/a")
    assert got == Fetched(
        f"{HOST}/a", 200, "text/html; charset=windows-1252", b"Caf\xe9",
        Validators('"1"', "Mon, 02 Mar 2026 08:00:00 GMT"),
    )  # fmt: skip
    assert all(s.fileno() == -1 for s in net.dial.sockets)


def test_the_agent_is_honest_and_says_whom_to_ask(site: Site) -> None:
    site.routes["/a"] = PAGE
    net_of(site, contact="desk@wire.example").client.fetch(f"{HOST}/a")
    net_of(site).client.fetch(f"{HOST}/a")
    agents = {headers["User-Agent"] for _, _, headers in site.requests}
    assert agents == {f"OnRecord/{__version__} (+desk@wire.example)", f"OnRecord/{__version__}"}


def test_what_has_not_changed_is_not_sent_again(site: Site, net: Net) -> None:
    site.routes["/a"] = lambda h: (
        Answer(status=304, media_type=None) if h.headers.get("If-None-Match") == '"1"' else PAGE
    )
    got = net.client.fetch(f"{HOST}/a", Validators('"1"', "Mon, 02 Mar 2026 08:00:00 GMT"))
    assert (got.status, got.body) == (304, b"")
    assert site.requests[-1][2]["If-Modified-Since"] == "Mon, 02 Mar 2026 08:00:00 GMT"
    assert net.client.fetch(f"{HOST}/a").status == 200


def test_a_304_that_was_not_asked_for_is_no_answer(site: Site, net: Net) -> None:
    site.routes["/a"] = Answer(status=304, media_type=None)
    assert refusal(net, f"{HOST}/a").rule == "http_304"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_body_is_decompressed(site: Site, net: Net, coding: str) -> None:
    packed = gzip.compress(b"news " * 999) if coding == "gzip" else zlib.compress(b"news " * 999)
    site.routes["/a"] = Answer(packed, headers={"Content-Encoding": coding})
    assert net.client.fetch(f"{HOST}/a").body == b"news " * 999


def test_redirects_are_followed_to_the_address_that_counts(site: Site, net: Net) -> None:
    site.routes |= {
        "/a": Answer(status=301, headers={"Location": "/b?x=1"}),
        "/b?x=1": Answer(status=307, headers={"Location": "http://news.example/c"}),
        "/c": PAGE,
    }
    assert net.client.fetch(f"{HOST}/a").url == "http://news.example/c"
    assert {host for host, _, _ in site.requests} == {"wire.example", "news.example"}


# ------------------------------------------------------------------ manners
def test_a_host_is_asked_one_page_after_the_other_with_a_gap(site: Site, net: Net) -> None:
    site.routes |= {"/a": PAGE, "/b": PAGE}
    for url in (f"{HOST}/a", f"{HOST}/b", "http://other.example/a"):
        net.client.fetch(url)
    assert net.clock.slept == [1.0]


def test_the_crawl_delay_of_a_site_goes_before_ours(site: Site, net: Net) -> None:
    site.routes |= {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 7\n", media_type="text/plain"), "/a": PAGE}
    for _ in range(3):
        net.client.fetch(f"{HOST}/a")
    assert net.clock.slept == [7.0, 7.0]


def test_a_crawl_delay_that_nobody_can_keep_ends_the_visit(site: Site, net: Net) -> None:
    site.routes |= {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 86400\n", media_type="text/plain"), "/a": PAGE}
    error = refusal(net, f"{HOST}/a")
    assert (error.rule, error.is_host) == ("crawl_delay", True)
    assert (site.paths(), net.clock.slept) == ([], [])


def test_robots_txt_is_obeyed_and_asked_for_once(site: Site, net: Net) -> None:
    text = b"\xef\xbb\xbfUser-agent: *\nAllow: /\n\nUser-agent: OnRecord\nDisallow: /private\n"
    site.routes |= {"/robots.txt": Answer(text, media_type="text/plain"), "/a": PAGE, "/private/a": PAGE}
    assert refusal(net, f"{HOST}/private/a").rule == "robots_disallowed"
    net.client.fetch(f"{HOST}/a")
    assert [path for _, path, _ in site.requests] == ["/robots.txt", "/a"]


def test_robots_txt_counts_after_a_redirect_too(site: Site, net: Net) -> None:
    closed = Answer(b"User-agent: *\nDisallow: /\n", media_type="text/plain")
    site.routes |= {
        "/robots.txt": lambda h: closed if h.headers["Host"] == "other.example" else Answer(status=404),
        "/a": Answer(status=302, headers={"Location": "http://other.example/b"}), "/b": PAGE,
    }  # fmt: skip
    assert refusal(net, f"{HOST}/a").rule == "robots_disallowed"
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("status", [404, 403, 401, 410])
def test_a_site_without_robots_txt_allows_everything(site: Site, net: Net, status: int) -> None:
    site.routes |= {"/robots.txt": Answer(status=status), "/a": PAGE}
    assert net.client.fetch(f"{HOST}/a").status == 200


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_txt_cannot_be_told_is_left_alone(site: Site, net: Net, status: int) -> None:
    site.routes |= {"/robots.txt": Answer(status=status), "/a": PAGE}
    for _ in range(2):
        error = refusal(net, f"{HOST}/a")
        assert (error.rule, error.is_host, error.is_final) == ("robots_unreachable", True, False)
    assert (site.paths(), len(site.requests)) == ([], 3)


# ------------------------------------------------------------------ tries
def test_a_server_that_fails_and_recovers_is_asked_again_after_a_growing_wait(site: Site, net: Net) -> None:
    site.routes["/a"] = [Answer(status=500), Answer(status=502), PAGE]
    assert net.client.fetch(f"{HOST}/a").status == 200
    first, second = (s for s in net.clock.slept if s > 0)
    assert 1.0 <= first <= 2.0 <= second <= 4.0


@pytest.mark.parametrize("asks", ["30", "Mon, 02 Mar 2026 12:00:30 GMT"])
def test_a_server_is_asked_again_when_it_says(site: Site, net: Net, asks: str) -> None:
    site.routes["/a"] = [Answer(status=429, headers={"Retry-After": asks}), PAGE]
    net.client.fetch(f"{HOST}/a")
    assert net.clock.slept == [30.0]


def test_a_server_that_asks_for_hours_is_left_alone_for_the_run(site: Site, net: Net) -> None:
    site.routes |= {"/a": Answer(status=429, headers={"Retry-After": "7200"}), "/b": PAGE}
    error = refusal(net, f"{HOST}/a")
    assert (error.rule, error.is_final, error.is_host) == ("http_429", False, True)
    assert "asks to wait 7,200 s" in error.detail
    assert refusal(net, f"{HOST}/b").rule == "host_failing"
    assert (site.paths(), net.clock.slept) == (["/a"], [])


def test_a_server_that_always_fails_is_tried_so_often_and_no_more(site: Site, net: Net) -> None:
    site.routes |= {"/a": Answer(status=500), "/b": PAGE}
    errors = [refusal(net, f"{HOST}/a") for _ in range(5)]
    assert [e.rule for e in errors] == ["http_500"] * 3 + ["host_failing"] * 2
    assert [e.is_host for e in errors] == [False, False, True, True, True]
    assert len(site.paths()) == 9
    assert "left alone for the rest of this run" in errors[-1].detail
    net.client.fetch("http://other.example/b")


@pytest.mark.parametrize(
    ("status", "rule", "is_final"), [(404, "http_404", True), (403, "http_403", True), (204, "no_content", False)]
)
def test_other_answers_are_taken_at_their_word(site: Site, net: Net, status: int, rule: str, is_final: bool) -> None:
    site.routes["/a"] = Answer(status=status)
    error = refusal(net, f"{HOST}/a")
    assert (error.rule, error.is_final, error.is_host) == (rule, is_final, False)
    assert len(site.paths()) == 1


@pytest.mark.parametrize(
    ("route", "rule"),
    [
        ({"/a": Answer(status=301, headers={"Location": "/b"}), "/b": Answer(status=301, headers={"Location": "/a"})},
         "redirect_loop"),
        ({f"/{'a' * n}": Answer(status=302, headers={"Location": f"/{'a' * (n + 1)}"}) for n in range(1, 20)},
         "too_many_redirects"),
        ({"/a": Answer(status=302, headers={"Location": "file:///etc/passwd"})}, "bad_url"),
        ({"/a": Answer(status=302, headers={"Location": "http://user:secret@news.example/"})}, "bad_url"),
        ({"/a": Answer(status=302, headers={"Location": "http://[broken/"})}, "bad_url"),
        ({"/a": Answer(status=302)}, "http_302"),
    ],
    ids=["loop", "chain", "file", "password", "broken", "nowhere"],
)  # fmt: skip
def test_redirects_that_lead_nowhere(site: Site, net: Net, route: dict[str, Any], rule: str) -> None:
    site.routes |= route
    error = refusal(net, f"{HOST}/a")
    assert error.rule == rule
    assert "secret" not in error.detail
    assert len(site.paths()) <= 6


@pytest.mark.parametrize("url", ["ftp://wire.example/a", "file:///etc/passwd", "http://", "http:///a", "wire.example/a",
                                 f"{HOST}/{'a' * 3000}", "http://user@wire.example/",
                                 "http://wire.example:99999/"])  # fmt: skip
def test_only_web_addresses_are_asked_for(net: Net, url: str) -> None:
    assert refusal(net, url).rule == "bad_url"
    assert net.dial.dialled == []


def test_a_host_that_nobody_knows_or_that_refuses_is_named(site: Site) -> None:
    assert "nowhere.invalid has no address" in refusal(net_of(site), "http://nowhere.invalid/a").detail
    gone = Site(port=1)  # nothing listens there
    assert refusal(net_of(gone), f"{HOST}/a").rule == "robots_unreachable"


# ------------------------------------------------------------------ bounds
def dripping() -> Iterator[bytes]:
    for _ in range(200):  # six seconds
        yield b"x"
        time.sleep(0.03)


def test_a_body_that_drips_is_given_up(site: Site) -> None:
    site.routes["/a"] = Answer(dripping)
    began = time.monotonic()
    assert refusal(net_of(site, total=0.3, attempts=1).open(HOST), f"{HOST}/a").rule == "timed_out"
    assert time.monotonic() - began < 5  # it would drip for six


def test_headers_that_drip_are_given_up(site: Site) -> None:
    def route(handler: BaseHTTPRequestHandler) -> Answer:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for piece in dripping():
            handler.wfile.write(piece)
        return PAGE

    def caught(handler: BaseHTTPRequestHandler) -> Answer:
        try:
            return route(handler)
        except OSError:
            return PAGE

    site.routes["/a"] = caught
    began = time.monotonic()
    assert refusal(net_of(site, total=0.3, attempts=1).open(HOST), f"{HOST}/a").rule == "timed_out"
    assert time.monotonic() - began < 5  # it would drip for six


def test_a_server_that_says_nothing_is_given_up(site: Site) -> None:
    def silent(_: object) -> Answer:
        time.sleep(0.6)
        return PAGE

    site.routes["/a"] = silent
    assert refusal(net_of(site, connect=0.2, attempts=1).open(HOST), f"{HOST}/a").rule == "timed_out"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"half of it", headers={"Content-Length": "1000"}),
        Answer(gzip.compress(bytes(range(256)) * 99)[:-40], headers={"Content-Encoding": "gzip"}),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
        Answer(b"what is this", headers={"Content-Encoding": "br"}),
    ],
    ids=["length", "gzip", "no gzip", "not asked for"],
)
def test_a_body_that_is_cut_off_is_no_body(site: Site, net: Net, answer: Answer) -> None:
    site.routes["/a"] = answer
    error = refusal(net, f"{HOST}/a")
    assert (error.rule, error.is_final) == ("cut_off", False)
    assert len(site.paths()) == 3
    site.routes["/a"] = [answer, PAGE]
    assert net_of(site).client.fetch(f"{HOST}/a").status == 200


def gigabyte() -> Iterator[bytes]:
    piece = b"x" * 65_536
    for _ in range(16_384):
        yield piece


def bomb() -> bytes:
    """Return 100 MB of nothing, in 0.1 MB."""
    packer = zlib.compressobj(wbits=31)
    zeros = bytes(1_000_000)
    return b"".join([*(packer.compress(zeros) for _ in range(100)), packer.flush()])


@pytest.mark.parametrize("kind", ["gigabyte", "gigabyte announced", "bomb"])
def test_a_body_without_end_is_left_before_it_is_held(site: Site, net: Net, kind: str) -> None:
    site.routes["/a"] = {
        "gigabyte": Answer(gigabyte),
        "gigabyte announced": Answer(gigabyte, headers={"Content-Length": str(1 << 30)}),
        "bomb": Answer(bomb() if kind == "bomb" else b"", headers={"Content-Encoding": "gzip"}),
    }[kind]
    refusal(net, f"{HOST}/robots-first")  # what is imported on the way does not count
    tracemalloc.start()
    error = refusal(net, f"{HOST}/a")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (error.rule, error.is_final) == ("too_large", True)
    assert peak < 8_000_000
    assert site.n_sent < 20_000_000
    assert len([p for p in site.paths() if p == "/a"]) == 1


@pytest.mark.parametrize("media_type", ["image/png", "video/mp4", "application/pdf", "application/zip"])
def test_what_is_no_text_is_not_fetched(site: Site, net: Net, media_type: str) -> None:
    site.routes["/a"] = Answer(gigabyte, media_type=media_type)
    error = refusal(net, f"{HOST}/a")
    assert (error.rule, error.is_final) == ("not_text", True)
    assert site.n_sent < 10_000_000


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/rss+xml", "application/feed+json", "text/xml"])
def test_texts_of_every_kind_are_fetched(site: Site, net: Net, media_type: str | None) -> None:
    site.routes["/a"] = Answer(b"<p>", media_type=media_type)
    assert net.client.fetch(f"{HOST}/a").body == b"<p>"


# ------------------------------------------------------------------ addresses that are off limits
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a", "http://169.254.169.254/latest/meta-data/", "http://[::1]/a", "http://10.0.0.8/a",
            "http://[::ffff:127.0.0.1]/a", "http://0.0.0.0/a"])  # fmt: skip
def test_addresses_of_this_machine_and_its_network_are_refused(site: Site, net: Net, url: str) -> None:
    error = refusal(net, url)
    assert error.rule == "off_limits"
    assert "ONRECORD_ALLOW_PRIVATE_ADDRESSES" in error.detail
    assert (net.dial.dialled, site.requests) == ([], [])


@pytest.mark.parametrize("to", ["http://127.0.0.1/secret", "http://169.254.169.254/latest/", "http://inside.example/"])
def test_a_redirect_to_one_of_them_is_refused(site: Site, net: Net, to: str) -> None:
    net.hosts["inside.example"] = [["192.168.0.7"]]
    site.routes |= {"/a": Answer(status=302, headers={"Location": to}), "/secret": PAGE}
    assert refusal(net, f"{HOST}/a").rule == "off_limits"
    assert site.paths() == ["/a"]
    assert set(net.dial.dialled) == {PUBLIC}


def test_a_redirect_of_robots_txt_to_one_of_them_is_refused(site: Site, net: Net) -> None:
    site.routes |= {"/robots.txt": Answer(status=302, headers={"Location": "http://127.0.0.1/secret"}), "/a": PAGE}
    assert refusal(net, f"{HOST}/a").rule == "off_limits"
    assert set(net.dial.dialled) == {PUBLIC}


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(site: Site, net: Net) -> None:
    net.hosts["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    site.routes["/a"] = PAGE
    assert refusal(net, "http://rebind.example/a").rule == "off_limits"  # robots.txt went to the public address
    assert net.dial.dialled == [PUBLIC]
    net.hosts["mixed.example"] = [[PUBLIC, "10.0.0.1"]]
    assert refusal(net, "http://mixed.example/a").rule == "off_limits"


def test_a_setting_allows_them(site: Site) -> None:
    site.routes["/a"] = PAGE
    assert net_of(site, allow_private=True).client.fetch("http://127.0.0.1/a").status == 200
