"""Lists of the pages: narrowed by what an analyst asks, given as files, each query of a page ready to run as it is."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from lxml import html as lxml_html
from starlette.testclient import TestClient

from pipelines.explore import pages
from pipelines.explore.downloads import as_file
from pipelines.explore.file import Ask, PublishedFile
from pipelines.explore.queries import articles, overview, quotes
from pipelines.explore.web import create_app
from pipelines.storage.search import Query, search

NARROWED = {
    "outlet": (Query(outlet="Quay"), "outlet = 'Quay Courier'"),
    "since": (Query(since=date(2026, 3, 3)), "on_date >= DATE '2026-03-03'"),
    "until": (Query(until=date(2026, 3, 3)), "on_date <= DATE '2026-03-03'"),
    "section": (Query(section="body"), "section = 'body'"),
    "class": (Query(cue_class="criticize"), "cue_class = 'criticize'"),
    "speaker": (Query(speaker="arden"), "speaker = 'Tomas Arden'"),
    "counted": (Query(only_counted=True), "is_counted"),
}


@pytest.mark.parametrize("name", NARROWED)
def test_a_search_keeps_the_statements_that_meet_a_condition_and_no_others(ask: Ask, name: str) -> None:
    query, where = NARROWED[name]
    rows = ask(f"SELECT statement_id FROM mart.statements_counted WHERE {where}")
    found = [hit.passage_id for hit in search(ask.con, query, limit=1000).hits if hit.kind == "statement"]
    assert sorted(found) == sorted(row["statement_id"] for row in rows)
    assert rows, name


def test_only_counted_leaves_out_quotes_of_no_statement(ask: Ask) -> None:
    assert [hit.kind for hit in search(ask.con, Query("valley walk"), limit=9).hits] == ["quote"]
    assert search(ask.con, Query("valley walk", only_counted=True), limit=9).hits == []


@pytest.mark.parametrize("name", [name for name in NARROWED if name != "speaker"])
def test_people_of_a_narrowed_list_have_the_counts_of_its_statements(ask: Ask, name: str) -> None:
    query, where = NARROWED[name]
    rows = ask(
        "SELECT speaker_actor_id AS a, count(*) FILTER (is_counted) AS n FROM mart.statements_counted "
        f"WHERE speaker_actor_id IS NOT NULL AND {where} GROUP BY 1"
    )
    found = {row["actor_id"]: row["n_statements"] for row in overview.actors(ask, query, None, 1000, 0)}
    assert found == {row["a"]: row["n"] for row in rows}


def test_counts_are_those_of_the_mart_where_nothing_narrows_them(ask: Ask) -> None:
    names = ("n_statements", "n_with_quotes", "n_articles", "n_outlets", "first_on", "last_on")
    listed = {row["actor_id"]: row for row in overview.actors(ask, Query(), None, 1000, 0)}
    counted = overview.actors(ask, Query(only_counted=True), None, 1000, 0)
    assert counted
    assert [[row[n] for n in names] for row in counted] == [
        [listed[row["actor_id"]][n] for n in names] for row in counted
    ]


def test_articles_and_quotes_are_narrowed_by_what_was_said_in_them(ask: Ask) -> None:
    def headlines(query: Query) -> set[str]:
        return {row["headline"] for row in articles.articles(ask, query, 100, 0)}

    assert headlines(Query(outlet="hill")) == {"Cracks", "No date, no quote"}
    assert headlines(Query(outlet="hill", since=date(2026, 3, 4))) == {"Cracks"}
    assert headlines(Query(speaker="Ines Calloway")) == {"Cracks"}
    arden = quotes.quotes(ask, 1, False, 100, 0, Query(speaker="arden"))
    assert arden
    assert all("Tomas Arden" in row["speakers"] for row in arden)
    assert quotes.quotes(ask, 1, False, 100, 0, Query("nobody was told", outlet="Bridge Herald")) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [("/search?since=2005-13-45", "2005-13-45 is not a day; write one as 2026-03-02"),
     ("/articles?until=never", "until: never is not a day"), ("/actors?as=xlsx", "csv and json are"),
     ("/search?since=2026-03-04&until=2026-03-02", "until: 2026-03-02 is before since, 2026-03-04"),
     ("/actors?as=csv&list=secrets", "list: secrets is none of this page; rows are")],
)  # fmt: skip
def test_a_wrong_parameter_is_refused_in_words(client: TestClient, address: str, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert words in " ".join(lxml_html.fromstring(answer.text).xpath("//main//text()"))


def addresses(file: PublishedFile) -> dict[str, str]:
    """Return an address of each kind of page."""
    with file.ask() as ask:
        known = {
            "actor": ask("SELECT actor_id AS x FROM core.actors WHERE canonical_name = 'Ada Brook'")[0]["x"],
            "quote": ask("SELECT quote_key AS x FROM mart.quote_reuse WHERE n_outlets > 1 LIMIT 1")[0]["x"],
            "article": ask("SELECT article_id AS x FROM core.article_versions WHERE headline = 'Cracks'")[0]["x"],
            "version": ask("SELECT version_id AS x FROM core.article_versions WHERE headline = 'Cracks'")[0]["x"],
            "outlet": ask("SELECT outlet_id AS x FROM core.outlets LIMIT 1")[0]["x"],
            "cite": ask("SELECT statement_id AS x FROM mart.statements_current ORDER BY statement_id LIMIT 1")[0]["x"],
        }
    plain = {name: pages.ADDRESSES[name] for name in pages.LISTS if name not in known}
    return plain | {name: f"/{name}/{ident}" for name, ident in known.items()} | {"search": "/search?counted=1"}


def test_every_list_of_every_page_is_given_as_csv_and_json(client: TestClient, file: PublishedFile) -> None:
    for page, address in addresses(file).items():
        for name in pages.LISTS[page]:
            end = f"{'&' if '?' in address else '?'}list={name}&as="
            rows = client.get(address + end + "json").json()
            answer = client.get(address + end + "csv")
            assert answer.headers["content-disposition"] == f'attachment; filename="onrecord-{page}-{name}.csv"'
            table = list(csv.DictReader(io.StringIO(answer.text)))
            assert [list(row) for row in table] == [list(row) for row in rows], (page, name)
            assert not rows or "total" not in rows[0]


def test_the_links_to_files_lead_to_the_same_list(client: TestClient) -> None:
    for address in ("/search?q=bridge&outlet=Quay", "/actors?kind=person", "/quotes?show=all", "/articles?q=cracks"):
        page = lxml_html.fromstring(client.get(address).text)
        links = page.xpath("//p[@class='downloads']//@href")
        assert len(links) == 2
        rows = client.get(address.partition("?")[0] + next(link for link in links if "as=json" in link)).json()
        shown = page.xpath("//main//*[@class='statement' or contains(@class, 'statement excluded')] | //tbody/tr")
        assert len(rows) == len(shown or page.xpath("//ol[@class='quotes list']/li")) > 0, address


def test_a_spreadsheet_runs_nothing_of_the_news() -> None:
    bad = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "\n=1"]
    (head, *lines) = list(
        csv.reader(io.StringIO(as_file([{"words": text, "n": -3} for text in bad], "csv"), newline=""))
    )
    assert head == ["words", "n"]
    assert [words for words, _ in lines] == ["'" + text for text in bad]
    assert {n for _, n in lines} == {"-3"}, "a number is no formula"
    assert [row["words"] for row in json.loads(as_file([{"words": text} for text in bad], "json"))] == bad


def test_each_query_of_a_page_runs_as_it_is_shown(file: PublishedFile) -> None:
    odd = "o'hara; DROP TABLE x; -- $limit"
    more = {
        "search words": f"/search?q={odd}", "search phrase": '/search?q="will not" bridge&speaker=o%27brien&counted=1',
        "narrowed": "/actors?outlet=Quay&since=2026-03-01&until=2026-03-09&section=body&cue_class=report",
        "quotes narrowed": "/quotes?show=all&speaker=brook",
    }  # fmt: skip
    seen = 0
    for name, address in (addresses(file) | more).items():
        client = TestClient(create_app(file), base_url="http://127.0.0.1")
        page = lxml_html.fromstring(client.get(address).text)
        shown = ["".join(pre.itertext()) for pre in page.xpath("//details[@class='asked']//pre")]
        counts = [
            text.split()[0].replace(",", "")
            for text in page.xpath("//details[@class='asked']//p[@class='meta']/text()[1]")
        ]
        assert len(shown) == len(counts) > 0, name
        with file.ask() as ask:
            for sql, n in zip(shown, counts, strict=True):
                assert sql.endswith(";")
                assert len(ask.con.execute(sql).fetchall()) == int(n), sql
                seen += 1
    assert seen > 40
