"""From feeds and sitemaps to the published file, over a real web site, with one that fails beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Answer, Site, serving
from tests.web_news import body, item, page, rss, sitemap
from tests.workbench import Workbench, good

SOURCES = """sources:
- {{name: wire, feed: "{site}/feed", outlet: The Wire, domain: wire.example}}
- {{name: gazette, sitemap: "{site}/news.xml", outlet: The Pond Gazette, domain: pondgazette.example}}
- {{name: gone, feed: "{site}/gone"}}
"""
FERRY = page(
    "Ferry service to stop in June",
    "The ferry between Marlow and Pell will stop in June, its owner announced on Monday after long talks.",
    "“There are not enough passengers,” said Ilya Brandt, the director of Brandt Lines, in a letter to the town.",
    "He added that the two boats would be sold, and that the crews had been told so a week before the letter.",
    head='<link rel="canonical" href="https://pondgazette.example/ferry"><meta property="og:type" content="article">',
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def onrecord(tmp_path: Path) -> Workbench:
    (tmp_path / "data").mkdir()
    return Workbench(tmp_path / "data").with_env(
        ONRECORD_ALLOW_PRIVATE_ADDRESSES="true", ONRECORD_REQUEST_GAP_SECONDS="0", ONRECORD_CONTACT="desk@wire.example"
    )


def items(site: Site, *, last: str) -> list[dict[str, str | None]]:
    links = {n: f"http://127.0.0.1:{site.port}/{n}?utm_source=rss" for n in (1, 2, 3)}
    more = {1: "Odile Fenn told reporters that she was glad.", 2: "Zoë Reh said that it was late.", 3: last}
    return [item(n, link=links[n], **{"content:encoded": body(more[n])}) for n in (1, 2, 3)]


def test_feeds_and_sitemaps_reach_the_published_file_and_only_what_is_new_is_built(
    site: Site, onrecord: Workbench
) -> None:
    here = f"http://127.0.0.1:{site.port}"
    site.routes |= {
        "/feed": Answer(rss(*items(site, last="Ilya Brandt warned of rain.")), media_type="application/rss+xml"),
        "/news.xml": Answer(
            sitemap({f"{here}/ferry": "2026-03-02T08:00:00Z", f"{here}/picture": None}, is_news=True),
            media_type="application/xml",
        ),
        "/ferry": Answer(
            FERRY.decode().replace("Brandt", "Brändt").encode("cp1252"), media_type="text/html; charset=windows-1252"
        ),
        "/picture": Answer(b"\x89PNG", media_type="image/png"),
    }
    (onrecord.data / "sources.yaml").write_text(SOURCES.format(site=here))

    done = good(onrecord("run"))
    assert done.stdout.splitlines()[0] == "met 6 records: 4 parsed, 0 duplicate, 2 quarantined, 0 ignored"
    failed = f"{here}/gone: the server answers 404"
    assert [line for line in done.stderr.splitlines() if line.startswith("onrecord: ")] == [f"onrecord: gone: {failed}"]
    assert onrecord.rows("SELECT source_uri, stage, rule FROM ops.quarantine ORDER BY 1") == [
        (f"{here}/gone", "read", "http_404"), (f"{here}/picture", "read", "not_text"),
    ]  # fmt: skip
    assert {headers["User-Agent"].partition(" ")[2] for _, _, headers in site.requests} == {"(+desk@wire.example)"}

    articles = "SELECT o.name, a.url FROM core.articles a JOIN core.outlets o USING (outlet_id) ORDER BY 2"
    assert onrecord.rows(articles) == [
        ("The Wire", f"{here}/1"), ("The Wire", f"{here}/2"), ("The Wire", f"{here}/3"),
        ("The Pond Gazette", "https://pondgazette.example/ferry"),
    ]  # fmt: skip
    said = "SELECT DISTINCT speaker FROM mart.statements_current WHERE speaker IS NOT NULL"
    assert {("Edda Quill",), ("Ilya Brändt",)} <= set(onrecord.rows(said))
    (entry,) = onrecord.rows(
        "SELECT v.headline, v.authors, v.published_at::VARCHAR, v.published_basis FROM core.article_versions v "
        f"JOIN core.articles USING (article_id) WHERE url = '{here}/1'"
    )
    assert entry == ("Weir to be rebuilt, part 1", ["Odile Fenn"], "2026-03-02 01:00:00+00", "supplied")

    before, site.requests = onrecord.published.stat(), []
    done = good(onrecord("run"))
    assert done.stdout.splitlines()[-1] == "nothing new: nothing was built"
    assert sorted(site.paths()) == ["/feed", "/gone", "/news.xml"]
    assert onrecord.published.stat() == before

    site.routes["/feed"] = Answer(rss(*items(site, last="Ilya Brandt promised to wait for a dry week.")))
    good(onrecord("run"))
    assert onrecord.rows(
        "SELECT v.version_no, v.is_current, contains(v.text, 'promised') FROM core.article_versions v "
        f"JOIN core.articles USING (article_id) WHERE url = '{here}/3' ORDER BY 1"
    ) == [(1, False, False), (2, True, True)]
    assert len(onrecord.rows("SELECT 1 FROM core.article_versions")) == 5


def test_a_run_that_is_killed_while_it_writes_loses_no_entry(site: Site, onrecord: Workbench) -> None:
    address = f"http://127.0.0.1:{site.port}/feed"
    site.routes["/feed"] = Answer(rss(*items(site, last="So it was.")), headers={"ETag": '"f"'})
    killed = onrecord("run", address, "--ingest-only", env={"ONRECORD_FAULT": "lake_part"})
    assert killed.returncode == -9
    assert not (onrecord.data / "state" / "fetched").exists()
    done = good(onrecord("run", address, "--ingest-only"))
    assert done.stdout.splitlines()[0] == "met 3 records, 0 of them unchanged"
    again = good(onrecord("run", address, "--ingest-only"))
    assert again.stdout.splitlines() == ["nothing new: nothing was built"]


def test_an_address_of_the_own_network_is_not_asked_for_unless_allowed(site: Site, onrecord: Workbench) -> None:
    address = f"http://127.0.0.1:{site.port}/ferry"
    site.routes["/ferry"] = Answer(FERRY)
    strict = onrecord.with_env(ONRECORD_ALLOW_PRIVATE_ADDRESSES="false")
    done = good(strict("run", address, "--ingest-only"))
    assert "an address of this machine or its network" in done.stderr
    assert site.requests == []
