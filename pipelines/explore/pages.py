"""What each page shows: queries in, values for its template out.

Covers the addresses, their parameters and putting answers together. For HTTP, see web.py; for SQL, see queries/; for
HTML, see templates/.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from pipelines.errors import counted
from pipelines.explore import plots
from pipelines.explore.article import article_values
from pipelines.explore.cite import FORMS, citation
from pipelines.explore.downloads import TextFile
from pipelines.explore.file import Ask, Row
from pipelines.explore.given import SIZE, Given
from pipelines.explore.highlight import marked_words
from pipelines.explore.queries import actors, articles, health, outlets, overview, quotes
from pipelines.storage.search import Query, matching_words, search

ADDRESSES = {
    "home": "/", "search": "/search", "actors": "/actors", "actor": "/actor/{ident}", "quotes": "/quotes",
    "quote": "/quote/{ident}", "articles": "/articles", "article": "/article/{ident}", "version": "/version/{ident}",
    "statement": "/statement/{ident}", "text": "/cite/{ident}.txt", "bibtex": "/cite/{ident}.bib",
    "csl": "/cite/{ident}.json", "cite": "/cite/{ident}", "outlets": "/outlets", "outlet": "/outlet/{ident}",
    "health": "/health",
}  # fmt: skip


class UnknownError(Exception):
    """There is nothing under this address; the message says what is missing."""


def publication(ask: Ask) -> Row:
    """Return the publication that a page shows."""
    return overview.publication(ask)


def _home(ask: Ask, given: Given) -> dict[str, Any]:
    speakers = overview.top_speakers(ask, 12)
    return {
        "totals": overview.totals(ask),
        "speakers": speakers,
        "plot": plots.bars([_bar(row) for row in speakers]),
        "latest": overview.latest_statements(ask, 8),
        "shared": quotes.quotes(ask, 2, False, 6, 0),
    }


def _search(ask: Ask, given: Given) -> dict[str, Any]:
    query = given.query
    values: dict[str, Any] = {
        **_listed(ask, given), "people": [], "found": None, "hits": [], "rows": [],
    }  # fmt: skip
    if query == Query():
        return values
    began = time.perf_counter()
    found = search(ask.con, query, **given.window)
    ask.note(found.sql, found.parameters, len(found.hits), began)
    values["found"] = found
    if given.form:
        return {**values, "rows": [{"total": found.n_hits, **asdict(hit)} for hit in found.hits]}
    printed = sorted({word for hit in found.hits for word in re.findall(r"\w+", hit.content_text)})
    marked = matching_words(ask.con, query.text, printed) if query.text else set()
    values["hits"] = [(hit, marked_words(hit.content_text, marked)) for hit in found.hits]
    values["people"] = overview.find_actors(ask, query.text, 6) if query.text and given.page == 1 else []
    return values


def _actors(ask: Ask, given: Given) -> dict[str, Any]:
    kind = given.text("kind")
    rows = overview.actors(ask, given.query, kind or None, **given.window)
    return {**_listed(ask, given), "rows": rows, "kind": kind, "kinds": overview.actor_kinds(ask)}


def _actor(ask: Ask, given: Given) -> dict[str, Any] | str:
    ident = given.ident
    actor = actors.actor(ask, ident)
    if actor is None:
        raise UnknownError("No actor has this id in the file that is published now")
    if actor["merged_into"] and actor["merged_into"] != ident:
        return f"/actor/{actor['merged_into']}"
    days = actors.timeline(ask, ident)
    return {
        "actor": actor, "aliases": actors.aliases(ask, ident), "roles": actors.roles(ask, ident),
        "plot": plots.timeline(days, "statements"), "n_days": len({row["day"] for row in days}),
        "of": actors.speaks_of(ask, ident, given.most(15)), "by": actors.spoken_of_by(ask, ident, given.most(15)),
        "statements": actors.statements(ask, ident, **given.window, query=given.query), "days": days,
        **_listed(ask, given),
    }  # fmt: skip


def _quotes(ask: Ask, given: Given) -> dict[str, Any]:
    show = given.text("show") or "shared"
    least = 1 if show == "all" else 2
    rows = quotes.quotes(ask, least, show == "conflicting", **given.window, query=given.query)
    return {**_listed(ask, given), "rows": rows, "show": show}


def _quote(ask: Ask, given: Given) -> dict[str, Any]:
    uses = quotes.uses(ask, given.ident)
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


def _articles(ask: Ask, given: Given) -> dict[str, Any]:
    return {**_listed(ask, given), "rows": articles.articles(ask, given.query, **given.window)}


def _article(ask: Ask, given: Given) -> dict[str, Any]:
    return _text_of(ask, articles.version(ask, article_id=given.ident))


def _version(ask: Ask, given: Given) -> dict[str, Any]:
    return _text_of(ask, articles.version(ask, version_id=given.ident))


def _text_of(ask: Ask, version: Row | None) -> dict[str, Any]:
    if version is None:
        raise UnknownError("No article has this id in the file that is published now")
    return article_values(ask, version)


def _statement(ask: Ask, given: Given) -> str:
    ident = given.ident
    row = articles.where_stands(ask, ident)
    if row is None:
        raise UnknownError("No statement has this id in the file that is published now")
    return f"/version/{row['version_id']}#row-{ident}"


def _cite(ask: Ask, given: Given) -> dict[str, Any]:
    row = articles.cited(ask, given.ident)
    if row is None:
        raise UnknownError("No statement has this id in the file that is published now")
    cited = citation(row)
    return {
        "rows": [row],
        "cited": cited,
        "forms": [{"name": name, "text": make(cited), "ending": ending} for name, (make, _, ending) in FORMS.items()],
    }


def _cited_as(form: str) -> Callable[[Ask, Given], TextFile]:
    """Return what gives the citation of a statement in a form."""
    make, media, ending = FORMS[form]

    def file(ask: Ask, given: Given) -> TextFile:
        row = articles.cited(ask, given.ident)
        if row is None:
            raise UnknownError("No statement has this id in the file that is published now")
        cited = citation(row)
        return TextFile(make(cited), media, f"{cited.key}.{ending}")

    return file


def _outlets(ask: Ask, given: Given) -> dict[str, Any]:
    cells = outlets.matrix(ask, given.most(14), given.most(8))
    rows = [
        {**row, "href": f"/actor/{row['actor_id']}", "what": f"{row['speaker']} in {row['outlet']}: {row['n']}"}
        for row in cells
    ]
    return {"rows": outlets.sourcing(ask), "cells": cells, "plot": plots.matrix(rows)}


def _outlet(ask: Ask, given: Given) -> dict[str, Any]:
    ident = given.ident
    row = next((row for row in outlets.sourcing(ask) if row["outlet_id"] == ident), None)
    if row is None:
        raise UnknownError("No outlet has this id in the file that is published now")
    speakers = outlets.speakers(ask, ident, given.most(20))
    return {
        "outlet": row, "speakers": speakers, "plot": plots.bars([_bar(row) for row in speakers[:12]]),
        "kinds": outlets.source_kinds(ask, ident), "cues": outlets.cue_classes(ask, ident, given.most(12)),
        "articles": articles.articles(ask, Query(outlet=ident), given.most(10), 0),
    }  # fmt: skip


def _health(ask: Ask, given: Given) -> dict[str, Any]:
    coverage = health.coverage(ask)
    plotted = [{"day": row["ingest_date"], "outlet": row["outlet"], "n": row["n_articles"]} for row in coverage]
    return {
        "coverage": coverage, "plot": plots.timeline(plotted, "articles"), "outcomes": health.outcomes(ask),
        "rules": health.refusal_rules(ask), "refusals": health.refusals(ask, given.most(50)),
        "checks": health.checks(ask), "runs": health.runs(ask, given.most(10)), "changes": health.changes(ask),
        "corrections": health.corrections(ask),
    }  # fmt: skip


LISTS: dict[str, tuple[str, ...]] = {
    "home": ("speakers", "latest", "shared"), "search": ("rows",), "actors": ("rows",),
    "actor": ("statements", "days", "of", "by", "roles", "aliases"), "quotes": ("rows",), "quote": ("uses",),
    "cite": ("rows",), "articles": ("rows",), "article": ("statements", "free", "changes", "copies", "versions"),
    "version": ("statements", "free", "changes", "copies", "versions"), "outlets": ("rows", "cells"),
    "outlet": ("speakers", "kinds", "cues", "articles"),
    "health": ("checks", "coverage", "rules", "refusals", "runs", "changes", "corrections", "outcomes"),
}  # fmt: skip
"""The lists of each page that are given as files, the first one where none is named."""

PAGES: dict[str, Callable[[Ask, Given], dict[str, Any] | str | TextFile]] = {
    "home": _home, "search": _search, "actors": _actors, "actor": _actor, "quotes": _quotes, "quote": _quote,
    "articles": _articles, "article": _article, "version": _version, "statement": _statement,
    **{form: _cited_as(form) for form in FORMS}, "cite": _cite, "outlets": _outlets, "outlet": _outlet,
    "health": _health,
}  # fmt: skip


def _bar(row: Row) -> Row:
    return {
        "name": row["speaker"], "n": row["n_statements"], "href": f"/actor/{row['actor_id']}",
        "what": f"{row['speaker']}: {counted(row['n_statements'], 'statement')}",
    }  # fmt: skip


def _listed(ask: Ask, given: Given) -> dict[str, Any]:
    """Return what the form and the pager of a list show."""
    return {"filters": given.filters, "choices": overview.choices(ask), "page": given.page, "size": SIZE}
