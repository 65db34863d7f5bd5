"""The pages over a published file: each answers, shows text as it was printed, and lets nothing of it run."""

from __future__ import annotations

import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from lxml import html as lxml_html
from starlette.testclient import TestClient

from pipelines.explore.file import Ask, PublishedFile
from pipelines.explore.queries import actors, articles, health, outlets, overview, quotes
from pipelines.explore.web import create_app
from pipelines.storage.search import Query, search
from tests.explore_news import DISPUTED, LONG, SCRIPT, SHARED, write_more
from tests.workbench import Workbench, good, refused


@pytest.fixture(scope="module")
def bench(explored: Workbench) -> Workbench:
    return explored


def ids(file: PublishedFile) -> dict[str, str]:
    wanted = {
        "actor": "SELECT actor_id FROM core.actors WHERE canonical_name = 'Ada Brook'",
        "version": "SELECT version_id FROM core.article_versions WHERE headline LIKE 'Talks%'",
        "article": "SELECT article_id FROM core.article_versions WHERE headline LIKE 'Talks%'",
        "quote": "SELECT quote_key FROM mart.quote_reuse WHERE longest_wording LIKE 'We will not%'",
        "outlet": "SELECT outlet_id FROM core.outlets WHERE name LIKE 'Hill%'",
        "cite": "SELECT statement_id FROM mart.statements_current WHERE content_text LIKE '%Do not print%'",
    }
    with file.ask() as ask:
        return {kind: next(iter(ask(sql)[0].values())) for kind, sql in wanted.items()}


def addresses(file: PublishedFile) -> list[str]:
    known = ids(file)
    return [
        "/", "/search", "/search?q=bridge", "/search?q=bridge&speaker=brook&outlet=Bridge+Herald&since=2026-03-01",
        "/search?q=script", "/search?q=nothingofthekind", "/actors", "/actors?q=ada&kind=person", "/quotes",
        "/quotes?show=conflicting", "/quotes?show=all", "/quotes?show=all&speaker=arden&counted=1",
        "/actors?counted=1&since=2026-03-03", "/articles?cue_class=report&section=body", "/articles",
        "/articles?q=cracks", "/outlets", "/health",
        *(f"/{kind}/{ident}" for kind, ident in known.items()),
    ]  # fmt: skip


# ------------------------------------------------------------------ queries
def test_the_queries_of_an_actor(ask: Ask, file: PublishedFile) -> None:
    ident = ask("SELECT actor_id FROM core.actors WHERE canonical_name = 'Ada Brook'")[0]["actor_id"]
    row = actors.actor(ask, ident)
    assert row
    assert (row["canonical_name"], row["actor_type"], row["n_outlets"]) == ("Ada Brook", "person", 2)
    assert sum(r["n"] for r in actors.timeline(ask, ident)) == row["n_statements"]
    assert "Brook" in {r["alias"] for r in actors.aliases(ask, ident)}
    assert any("ayor" in r["role_title"] for r in actors.roles(ask, ident))
    said = actors.statements(ask, ident, 100, 0)
    assert said[0]["total"] == len(said) >= row["n_statements"]
    assert [r["on_date"] for r in said] == sorted((r["on_date"] for r in said), reverse=True)
    assert "Tomas Arden" in {r["name"] for r in actors.spoken_of_by(ask, ident, 10)}
    assert actors.actor(ask, "nobody") is None


def test_the_queries_of_quotes(ask: Ask) -> None:
    shared = {row["longest_wording"].rstrip(","): row for row in quotes.quotes(ask, 2, False, 10, 0)}
    assert set(shared) == {SHARED, DISPUTED}
    assert shared[SHARED]["speakers"] == ["Ada Brook"]
    conflicting = quotes.quotes(ask, 2, True, 10, 0)
    assert [row["longest_wording"].rstrip(",") for row in conflicting] == [DISPUTED]
    uses = quotes.uses(ask, conflicting[0]["quote_key"])
    assert [(use["outlet"], use["speaker"]) for use in uses] == [
        ("Quay Courier", "Tomas Arden"), ("Hill & Dale < Post", "Ines Calloway"),
    ]  # fmt: skip
    assert all(use["printed"].strip("“”,") == DISPUTED for use in uses)
    assert quotes.uses(ask, "nothing") == []


def test_the_queries_of_an_article(ask: Ask) -> None:
    row = articles.articles(ask, Query("talks <script"), 10, 0)[0]
    version = articles.version(ask, article_id=row["article_id"])
    assert version
    assert version == articles.version(ask, version_id=row["version_id"])
    said = articles.statements(ask, row["version_id"])
    starts = {s["statement_id"]: s["char_start"] for s in reversed(articles.spans(ask, row["version_id"]))}
    assert [starts[s["statement_id"]] for s in said] == sorted(starts.values())
    for span in articles.spans(ask, row["version_id"]):
        assert 0 <= span["char_start"] < span["char_end"] <= version["n_chars"]
    begins = [p["char_start"] for p in articles.paragraphs(ask, row["version_id"])]
    assert begins == sorted(set(begins))
    free = [q["verbatim"] for q in articles.quotes(ask, row["version_id"]) if q["statement_id"] is None]
    assert "grand valley walk" in free
    assert articles.version(ask, version_id="none") is None


def test_a_quote_that_no_statement_holds_is_found(ask: Ask) -> None:
    for words in ("grand valley walk", "valleys walking", '"valley walk"', "alley wal"):
        (hit,) = search(ask.con, Query(words), limit=10).hits
        assert (hit.kind, hit.speaker, hit.content_text) == ("quote", "(unattributed)", "grand valley walk")


def test_the_queries_of_outlets(ask: Ask) -> None:
    rows = {row["outlet"]: row for row in outlets.sourcing(ask)}
    assert set(rows) == {"Bridge Herald", "Quay Courier", "Hill & Dale < Post"}
    for row in rows.values():
        kinds = outlets.source_kinds(ask, row["outlet_id"])
        known = sum(k["n_known"] for k in kinds)
        assert row["n_statements"] == sum(k["n"] for k in kinds)
        assert row["share_unknown"] == pytest.approx(1 - known / row["n_statements"])
    total = ask("SELECT count(*) AS n FROM mart.statements_counted WHERE is_counted AND speaker_actor_id IS NOT NULL")
    assert sum(row["n"] for row in outlets.matrix(ask, 100, 100)) == total[0]["n"]
    assert len({row["speaker"] for row in outlets.matrix(ask, 2, 100)}) == 2
    shares = outlets.speakers(ask, rows["Quay Courier"]["outlet_id"], 100)
    assert sum(row["share"] for row in shares) == pytest.approx(1)


def test_the_queries_of_health_and_the_first_page(ask: Ask) -> None:
    assert {row["outcome"]: row["n"] for row in health.outcomes(ask)} == {"parsed": 4, "quarantined": 1}
    assert [row["rule"] for row in health.refusals(ask, 10)] == ["malformed_json"]
    assert sum(row["n_articles"] for row in health.coverage(ask)) == 4
    assert [row["passed"] for row in health.checks(ask)] == sorted(row["passed"] for row in health.checks(ask))
    assert [row["n_seen"] for row in health.runs(ask, 10)] == [5]
    totals = overview.totals(ask)
    assert (totals["articles"], totals["outlets"], totals["shared_quotes"]) == (4, 3, 2)
    first = overview.actors(ask, Query(), None, 2, 0) + overview.actors(ask, Query(), None, 2, 2)
    assert first == overview.actors(ask, Query(), None, 4, 0)
    assert [row["canonical_name"] for row in overview.find_actors(ask, "BROOK", 5)] == ["Ada Brook"]


# ------------------------------------------------------------------ pages
def test_every_page_answers_and_every_link_of_it_too(client: TestClient, file: PublishedFile) -> None:
    waiting, seen = addresses(file), set()
    while waiting:
        address = waiting.pop()
        if address in seen or (address.startswith("/search?") and "page=" in address):
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 307), (address, answer.text[:2000])
        if answer.status_code == 307:
            waiting.append(answer.headers["location"].partition("#")[0])
            continue
        page = lxml_html.fromstring(answer.text)
        found = [*page.xpath("//@href"), *page.xpath("//@src"), *page.xpath("//@action")]
        outside = {link for link in found if not link.startswith(("/", "#", "?"))}
        assert all(link.startswith("https://") and ".example/" in link for link in outside)
        assert {id for id in page.xpath("//@id") if page.xpath("//@id").count(id) > 1} == set(), address
        for link in found:
            if link.startswith("#"):
                assert page.xpath(f"//*[@id='{link[1:]}']"), (address, link)
        waiting += [link.partition("#")[0] for link in found if link.startswith("/")]
    assert len(seen) > 40


def test_text_is_shown_and_never_run(client: TestClient, file: PublishedFile) -> None:
    for address in addresses(file):
        answer = client.get(address)
        page = lxml_html.fromstring(answer.text)
        assert [s.get("src") for s in page.xpath("//script")] == ["/static/explore.js"], address
        assert page.xpath("//@onerror | //@onclick | //@onload | //img | //iframe | //b") == [], address
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
    known = ids(file)
    text = "".join(lxml_html.fromstring(client.get(f"/version/{known['version']}").text).xpath("//article//text()"))
    assert text.count(SCRIPT) == 2
    assert "Hill & Dale < Post" in "".join(lxml_html.fromstring(client.get("/outlets").text).xpath("//table//text()"))


def test_the_text_of_an_article_stands_as_it_was_printed(client: TestClient, file: PublishedFile) -> None:
    with file.ask() as ask:
        texts = ask("SELECT version_id, text FROM core.article_versions")
    for row in texts:
        page = lxml_html.fromstring(client.get(f"/version/{row['version_id']}").text)
        shown = ["".join(p.itertext()) for p in page.xpath("//article/p")]
        assert "".join("".join(shown).split()) == "".join(row["text"].split())


def test_marks_hold_the_words_of_the_rows(client: TestClient, file: PublishedFile) -> None:
    with file.ask() as ask:
        spans = ask(
            "SELECT version_id, statement_id, string_agg(span_text, '' ORDER BY char_start) AS words "
            "FROM core.statement_spans WHERE span_kind IN ('source', 'cue', 'content') GROUP BY ALL"
        )
    assert any("שלום" in span["words"] for span in spans)
    pages = {v: lxml_html.fromstring(client.get(f"/version/{v}").text) for v in {s["version_id"] for s in spans}}
    for span in spans:
        marks = pages[span["version_id"]].xpath(f"//*[contains(@data-rows, '{span['statement_id']}')]")
        shown = "".join("".join(mark.itertext()) for mark in marks)
        assert sorted("".join(shown.split())) == sorted("".join(span["words"].split())), span
        assert pages[span["version_id"]].xpath(f"//*[@id='row-{span['statement_id']}']")


def test_the_row_behind_a_statement_is_shown(client: TestClient, file: PublishedFile) -> None:
    with file.ask() as ask:
        row = ask("SELECT * FROM core.statements WHERE content_text LIKE '%We will not leave%' LIMIT 1")[0]
    page = lxml_html.fromstring(client.get(f"/version/{row['version_id']}").text)
    (card,) = page.xpath(f"//*[@id='card-{row['statement_id']}']")
    shown = "".join(card.itertext())
    for name in ("statement_id", "version_id", "attribution_method", "speaker_actor_id", "extraction_id", "cue_text"):
        assert str(row[name]) in shown, name
    assert f"{row['attribution_confidence']:.0%}" in shown
    link = client.get(f"/statement/{row['statement_id']}").headers["location"]
    assert link == f"/version/{row['version_id']}#row-{row['statement_id']}"


def test_a_statement_is_cited_in_three_forms(client: TestClient, file: PublishedFile) -> None:
    with file.ask() as ask:
        (row,) = ask(
            "SELECT statement_id, version_id FROM mart.statements_current "
            "WHERE content_text LIKE '%Do not print%' AND outlet = 'Bridge Herald'"
        )
    address = f"/cite/{row['statement_id']}"
    page = lxml_html.fromstring(client.get(address).text)
    assert page.xpath(f"//a[@href='/statement/{row['statement_id']}']")
    for form, ending, media in (
        ("text", "txt", "text/plain; charset=utf-8"), ("bibtex", "bib", "application/x-bibtex; charset=utf-8"),
        ("csl", "json", "application/vnd.citationstyles.csl+json"),
    ):  # fmt: skip
        answer = client.get(f"{address}.{ending}")
        assert answer.headers["content-type"] == media
        assert f'filename="onrecord-{row["statement_id"]}.{ending}"' in answer.headers["content-disposition"]
        (shown,) = page.xpath(f"//pre[@id='cite-{form}']")
        assert shown.text_content().strip() == answer.text.strip()
        assert page.xpath(f"//a[@href='{address}.{ending}']")
    text = client.get(f"{address}.txt").text
    assert text.startswith("Ada Brook (“said”): “Do not print <script>")
    assert "Bridge Herald, “Talks <script>" in text
    assert "2 March 2026. https://bridgeherald.example/1 OnRecord statement" in text
    (item,) = client.get(f"{address}.json").json()
    assert item["issued"] == {"date-parts": [[2026, 3, 2]]}
    assert item["custom"]["speakers"] == ["Ada Brook"]
    card = lxml_html.fromstring(client.get(f"/version/{row['version_id']}").text)
    assert card.xpath(f"//*[@id='card-{row['statement_id']}']//a[@href='{address}']")


@pytest.mark.parametrize("ending", ["", ".txt", ".bib", ".json"])
def test_what_is_no_statement_is_not_cited(client: TestClient, ending: str) -> None:
    assert client.get(f"/cite/nothing{ending}").status_code == 404


def test_each_speaker_has_a_colour_and_a_number_in_text_and_cards(client: TestClient, file: PublishedFile) -> None:
    with file.ask() as ask:
        version = ask("SELECT version_id FROM core.article_versions WHERE headline = 'Cracks'")[0]["version_id"]
    page = lxml_html.fromstring(client.get(f"/version/{version}").text)
    legend = {
        "".join(e.xpath(".//bdi//text()")): e.get("class").split()[1] for e in page.xpath("//ul[@class='legend']//a")
    }
    assert len(legend) == len(set(legend.values())) >= 2
    assert {"Ines Calloway", "Tomas Arden"} <= set(legend)
    for mark in page.xpath("//a[contains(@class, 'mark')]"):
        row = mark.get("data-rows").split()[0]
        (card,) = page.xpath(f"//*[@id='card-{row}']")
        assert mark.get("class").split()[-1] == card.get("class").split()[-1]


def test_words_of_a_search_are_marked(client: TestClient) -> None:
    page = lxml_html.fromstring(client.get("/search?q=told+crack").text)
    assert {e.text for e in page.xpath("//mark")} == {"told", "cracks"}
    assert LONG.split()[0] not in {e.text for e in page.xpath("//mark")}


@pytest.mark.parametrize(
    "address",
    ["/search?q=%27%3B+DROP+TABLE+x", "/search?page=-3", "/search?q=%00%22%3C", "/actors?page=99999999999",
     "/articles?outlet=%27&page=0", "/search?q=" + "a" * 5000, "/quotes?show=%3Cscript%3E", "/search?q=a&page=9999"],
)  # fmt: skip
def test_odd_parameters_give_a_page(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/nothing", "/actor/x", "/quote/x", "/article/x", "/version/'", "/statement/x", "/outlet/x",
                "/static/../web.py", "/static/%2e%2e/web.py", "/static/nothing.css"],
)  # fmt: skip
def test_what_is_not_there_is_said(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text


def test_other_names_of_this_machine_are_refused(file: PublishedFile) -> None:
    client = TestClient(create_app(file), base_url="http://news.example")
    assert client.get("/").status_code == 400, "a page elsewhere could otherwise read the news by a name of its own"


def test_nothing_published_is_said_and_what_to_do(tmp_path: Path) -> None:
    client = TestClient(create_app(PublishedFile(tmp_path / "none.duckdb", "1GB", 5)), base_url="http://127.0.0.1")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "onrecord run" in answer.text


# ------------------------------------------------------------------ the command
def test_the_command_serves_this_machine_only_and_shows_a_new_publication(bench: Workbench, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(bench.data, tmp_path / "data", ignore=shutil.ignore_patterns("*.tmp"))
    own = Workbench(tmp_path / "data")
    process = own.start("explore", "--port", "0")
    try:
        assert process.stdout is not None
        began = time.monotonic()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found
        address, port = found[0], int(found[1])

        def read(path: str) -> str:
            for _ in range(100):
                try:
                    return str(urllib.request.urlopen(address + path, timeout=20).read(), "utf-8")
                except urllib.error.URLError:
                    time.sleep(0.1)
            raise AssertionError(path)

        assert "Ada Brook" in read("actors")
        assert time.monotonic() - began < 20
        with socket.socket() as other:
            other.settimeout(1)
            with pytest.raises(OSError):
                other.connect(("127.0.0.2", port))  # another address of this machine
        assert "opens in May" not in read("search?q=opens+may").replace('value="opens may"', "")
        write_more(tmp_path / "more")
        good(own("run", tmp_path / "more", "--date", "2026-03-06"))
        assert "opens</mark>" in read("search?q=opens+may")
        line = refused(own("explore", "--port", str(port)), 2)
        assert f"port {port} cannot be used" in line
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_the_command_stops_without_a_traceback(bench: Workbench) -> None:
    import signal

    process = bench.start("explore", "--port", "0", stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert "Traceback" not in err
    assert refused(bench("explore", "--port", "99999"), 2)
