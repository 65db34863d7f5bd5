"""An article as its page shows it: marked text, a colour for each speaker, the row behind each mark.

Covers joining rows and text. For SQL, see queries/articles.py; for cutting, see highlight.py.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from pipelines.explore.file import Ask, Row
from pipelines.explore.highlight import Span, paragraphs
from pipelines.explore.queries import articles

N_COLOURS = 8
"""Colours of speakers in static/explore.css; the ninth speaker has the first one's again, and a number of its own."""


def article_values(ask: Ask, version: Row) -> dict[str, Any]:
    """Return the values of the page of a version."""
    ident = version["version_id"]
    statements = articles.statements(ask, ident)
    found = articles.spans(ask, ident)
    quotes = articles.quotes(ask, ident)
    free = [quote for quote in quotes if quote["statement_id"] is None]
    spans = [
        Span(row["statement_id"], row["span_kind"], row["char_start"], row["char_end"], row["depth"]) for row in found
    ] + [Span(quote["quote_id"], "quote", quote["char_start"], quote["char_end"]) for quote in free]
    starts = [(row["char_start"], row["section"]) for row in articles.paragraphs(ask, ident)]
    people = speakers(statements)
    number = {key: place for place, (key, _, _) in enumerate(people, start=1)}
    return {
        "version": version,
        "versions": articles.versions(ask, version["article_id"]),
        "changes": articles.changes(ask, ident),
        "copies": articles.copies(ask, version["article_id"]),
        "paragraphs": paragraphs(version["text"], spans, starts),
        "people": [
            {"key": key, "name": name, "n": n, "number": number[key], "colour": colour(number[key])}
            for key, name, n in people
        ],
        "statements": [_card(row, number, quotes, found) for row in statements],
        "rows": {row["statement_id"]: number.get(row["speaker_actor_id"]) for row in statements},
        "free": free,
        "colour": colour,
    }


def speakers(statements: list[Row]) -> list[tuple[str, str, int]]:
    """Return the known speakers in the order in which they come to speak: actor, name, number of statements."""
    found: dict[str, tuple[str, int]] = {}
    for row in statements:
        if row["speaker_actor_id"]:
            name, n = found.get(row["speaker_actor_id"], (row["speaker"], 0))
            found[row["speaker_actor_id"]] = (name, n + 1)
    return [(key, name, n) for key, (name, n) in found.items()]


def colour(number: int | None) -> str:
    """Return the class of a speaker's colour, by number; 0 stands for nobody."""
    return f"c{(number - 1) % N_COLOURS + 1}" if number else "c0"


def _card(row: Row, number: dict[str, int], quotes: list[Row], spans: list[Row]) -> Row:
    """Return a statement with what its card shows."""
    place = number.get(row["speaker_actor_id"])
    at = [
        f"{s['span_kind']} {s['char_start']}–{s['char_end']}" for s in spans if s["statement_id"] == row["statement_id"]
    ]
    return {
        **row,
        "number": place,
        "colour": colour(place),
        "shared": [q for q in quotes if q["statement_id"] == row["statement_id"] and q["n_outlets"] > 1],
        "offsets": at,
        "fields": {
            name: str(value) if isinstance(value, str | date) else json.dumps(value, ensure_ascii=False, default=str)
            for name, value in row.items()
            if name not in _NOT_OF_THE_ROW and value is not None
        },
    }


_NOT_OF_THE_ROW = frozenset({"targets", "speakers", "content_text", "speaker", "extractor", "speaker_surface"})
