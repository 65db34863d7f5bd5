"""What each page shows: queries in, values for its template out.

Covers the addresses, their parameters and putting answers together. For HTTP, see web.py; for SQL, see queries/; for
HTML, see templates/.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.requests import Request

from pipelines.errors import counted
from pipelines.explore import plots
from pipelines.explore.article import article_values
from pipelines.explore.file import Ask, Row
from pipelines.explore.highlight import marked_words
from pipelines.explore.queries import actors, articles, health, outlets, overview, quotes
from pipelines.storage.search import Query, matching_words, search

SIZE = 50
"""Rows of a page of a list."""

ADDRESSES = {
    "home": "/", "search": "/search", "actors": "/actors", "actor": "/actor/{ident}", "quotes": "/quotes",
    "quote": "/quote/{ident}", "articles": "/articles", "article": "/article/{ident}", "version": "/version/{ident}",
    "statement": "/statement/{ident}", "outlets": "/outlets", "outlet": "/outlet/{ident}", "health": "/health",
}  # fmt: skip


class UnknownError(Exception):
    """There is nothing under this address; the message says what is missing."""


def publication(ask: Ask) -> Row:
    """Return the publication that a page shows."""
    return overview.publication(ask)


def _home(ask: Ask, request: Request) -> dict[str, Any]:
    speakers = overview.top_speakers(ask, 12)
    return {
        "totals": overview.totals(ask),
        "speakers": speakers,
        "plot": plots.bars([_bar(row) for row in speakers]),
        "latest": overview.latest_statements(ask, 8),
        "shared": quotes.quotes(ask, 2, False, 6, 0),
    }


def _search(ask: Ask, request: Request) -> dict[str, Any]:
    text, speaker, outlet = (_text(request, name) for name in ("q", "speaker", "outlet"))
    since, until = _day(request, "since"), _day(request, "until")
    values: dict[str, Any] = {
        "q": text, "speaker": speaker, "outlet": outlet, "since": since, "until": until,
        "outlets": overview.outlets(ask), "people": [], "found": None, "page": _page(request), "size": SIZE,
        "hits": [],
    }  # fmt: skip
    if not any((text, speaker, outlet, since, until)):
        return values
    query = Query(text, speaker or None, outlet or None, since, until)
    found = search(ask.con, query, **overview.page_of(values["page"], SIZE))
    printed = sorted({word for hit in found.hits for word in re.findall(r"\w+", hit.content_text)})
    marked = matching_words(ask.con, text, printed) if text else set()
    values["found"] = found
    values["hits"] = [(hit, marked_words(hit.content_text, marked)) for hit in found.hits]
    values["people"] = overview.find_actors(ask, text, 6) if text and values["page"] == 1 else []
    return values


def _actors(ask: Ask, request: Request) -> dict[str, Any]:
    text, kind, page = _text(request, "q"), _text(request, "kind"), _page(request)
    rows = overview.actors(ask, text, kind or None, **overview.page_of(page, SIZE))
    return {"rows": rows, "q": text, "kind": kind, "kinds": overview.actor_kinds(ask), "page": page, "size": SIZE}


def _actor(ask: Ask, request: Request) -> dict[str, Any] | str:
    ident, page = request.path_params["ident"], _page(request)
    actor = actors.actor(ask, ident)
    if actor is None:
        raise UnknownError("No actor has this id in the file that is published now")
    if actor["merged_into"] and actor["merged_into"] != ident:
        return f"/actor/{actor['merged_into']}"
    days = actors.timeline(ask, ident)
    return {
        "actor": actor, "aliases": actors.aliases(ask, ident), "roles": actors.roles(ask, ident),
        "plot": plots.timeline(days, "statements"), "n_days": len({row["day"] for row in days}),
        "of": actors.speaks_of(ask, ident, 15), "by": actors.spoken_of_by(ask, ident, 15),
        "statements": actors.statements(ask, ident, **overview.page_of(page, SIZE)), "page": page, "size": SIZE,
    }  # fmt: skip


def _quotes(ask: Ask, request: Request) -> dict[str, Any]:
    show, page = _text(request, "show") or "shared", _page(request)
    rows = quotes.quotes(ask, 1 if show == "all" else 2, show == "conflicting", **overview.page_of(page, SIZE))
    return {"rows": rows, "show": show, "page": page, "size": SIZE}


def _quote(ask: Ask, request: Request) -> dict[str, Any]:
    uses = quotes.uses(ask, request.path_params["ident"])
    if not uses:
        raise UnknownError("No wording has this id in the file that is published now")
    spots: dict[tuple[date | None, str, str], int] = {}
    for use in uses:
        key = (use["published_on"], use["outlet"], use["speaker"] or "no known speaker")
        spots[key] = spots.get(key, 0) + 1
    rows = [
        {"day": day, "outlet": outlet, "speaker": speaker, "n": n, "what": f"{day}: {outlet}, {speaker}, {n} times"}
        for (day, outlet, speaker), n in spots.items()
    ]
    return {
        "uses": uses,
        "wording": max((use["verbatim"] for use in uses), key=lambda words: (len(words), words)),
        "outlets": sorted({use["outlet"] for use in uses}),
        "speakers": sorted({(use["speaker"], use["speaker_actor_id"]) for use in uses if use["speaker"]}),
        "plot": plots.spread(rows) if len(spots) > 1 else "",
        "n_undated": sum(use["published_on"] is None for use in uses),
    }


def _articles(ask: Ask, request: Request) -> dict[str, Any]:
    text, outlet, page = _text(request, "q"), _text(request, "outlet"), _page(request)
    rows = articles.articles(ask, outlet or None, text, **overview.page_of(page, SIZE))
    return {
        "rows": rows, "q": text, "outlet": outlet, "outlets": overview.outlets(ask), "page": page, "size": SIZE,
    }  # fmt: skip


def _article(ask: Ask, request: Request) -> dict[str, Any]:
    return _text_of(ask, articles.version(ask, article_id=request.path_params["ident"]))


def _version(ask: Ask, request: Request) -> dict[str, Any]:
    return _text_of(ask, articles.version(ask, version_id=request.path_params["ident"]))


def _text_of(ask: Ask, version: Row | None) -> dict[str, Any]:
    if version is None:
        raise UnknownError("No article has this id in the file that is published now")
    return article_values(ask, version)


def _statement(ask: Ask, request: Request) -> str:
    ident = request.path_params["ident"]
    row = articles.where_stands(ask, ident)
    if row is None:
        raise UnknownError("No statement has this id in the file that is published now")
    return f"/version/{row['version_id']}#row-{ident}"


def _outlets(ask: Ask, request: Request) -> dict[str, Any]:
    cells = outlets.matrix(ask, 14, 8)
    rows = [
        {**row, "href": f"/actor/{row['actor_id']}", "what": f"{row['speaker']} in {row['outlet']}: {row['n']}"}
        for row in cells
    ]
    return {"rows": outlets.sourcing(ask), "plot": plots.matrix(rows)}


def _outlet(ask: Ask, request: Request) -> dict[str, Any]:
    ident = request.path_params["ident"]
    row = next((row for row in outlets.sourcing(ask) if row["outlet_id"] == ident), None)
    if row is None:
        raise UnknownError("No outlet has this id in the file that is published now")
    speakers = outlets.speakers(ask, ident, 20)
    return {
        "outlet": row, "speakers": speakers, "plot": plots.bars([_bar(row) for row in speakers[:12]]),
        "kinds": outlets.source_kinds(ask, ident), "cues": outlets.cue_classes(ask, ident, 12),
        "articles": articles.articles(ask, ident, "", 10, 0),
    }  # fmt: skip


def _health(ask: Ask, request: Request) -> dict[str, Any]:
    coverage = health.coverage(ask)
    plotted = [{"day": row["ingest_date"], "outlet": row["outlet"], "n": row["n_articles"]} for row in coverage]
    return {
        "coverage": coverage, "plot": plots.timeline(plotted, "articles"), "outcomes": health.outcomes(ask),
        "rules": health.refusal_rules(ask), "refusals": health.refusals(ask, 50), "checks": health.checks(ask),
        "runs": health.runs(ask, 10), "changes": health.changes(ask), "corrections": health.corrections(ask),
    }  # fmt: skip


PAGES: dict[str, Callable[[Ask, Request], dict[str, Any] | str]] = {
    "home": _home, "search": _search, "actors": _actors, "actor": _actor, "quotes": _quotes, "quote": _quote,
    "articles": _articles, "article": _article, "version": _version, "statement": _statement, "outlets": _outlets,
    "outlet": _outlet, "health": _health,
}  # fmt: skip


def _bar(row: Row) -> Row:
    return {
        "name": row["speaker"], "n": row["n_statements"], "href": f"/actor/{row['actor_id']}",
        "what": f"{row['speaker']}: {counted(row['n_statements'], 'statement')}",
    }  # fmt: skip


def _text(request: Request, name: str) -> str:
    return request.query_params.get(name, "").strip()[:300]


def _page(request: Request) -> int:
    text = request.query_params.get("page", "")
    return min(max(int(text), 1), 100_000) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _day(request: Request, name: str) -> date | None:
    try:
        return date.fromisoformat(_text(request, name))
    except ValueError:
        return None
