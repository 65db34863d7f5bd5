"""Made-up feeds, sitemaps and pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

LONG = (
    "The old weir at Marlow Pond will be rebuilt before the summer, the council decided after a long meeting on Monday."
    " “We have waited for nine years,” Mayor Edda Quill said. “Nobody wants to wait for a tenth.”"
)
MORE = (
    "The work is to begin in April and will close the footpath along the north bank for about six weeks, the council's"
    " engineer, Tomas Arden, told reporters. He warned that rain could delay it. Residents of the north bank, who have"
    " asked for a new path since the flood, said that they had not been consulted. The town will pay a third of the"
    " cost, and the county the rest, according to a plan that was made public on Friday. Quill denied that it was late."
)


def body(*more: str) -> str:
    return "".join(f"<p>{escape(p, quote=False)}</p>" for p in (LONG, MORE, *more))


def rss(*items: Mapping[str, str | None], title: str = "World news | The Wire") -> bytes:
    """Return an RSS feed; the fields of an item are its elements."""
    shown = "".join(
        "<item>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in item.items() if v is not None) + "</item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{escape(title)}</title>'
        f"<link>http://wire.example/</link>{shown}</channel></rss>"
    ).encode()


def item(number: int, **fields: str | None) -> dict[str, str | None]:
    """Return an item that carries its article."""
    return {
        "title": f"Weir to be rebuilt, part {number}",
        "link": f"http://wire.example/news/{number}?utm_source=rss",
        "guid": f"wire-{number}",
        "pubDate": f"Mon, 02 Mar 2026 0{number}:00:00 GMT",
        "dc:creator": "Odile Fenn",
        "description": "The weir will be rebuilt.",
        "content:encoded": body(f"It was part {number} of the plan that the council made."),
    } | fields


def page(title: str, *paragraphs: str, head: str = "") -> bytes:
    shown = "".join(f"<p>{p}</p>" for p in paragraphs or (LONG, MORE))
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{shown}"
        "</article></body></html>"
    ).encode()


def sitemap(links: Mapping[str, str | None], *, is_news: bool = False) -> bytes:
    """Return a sitemap of addresses and when they were changed."""
    news = "<news:news><news:publication_date>{}</news:publication_date><news:title>T</news:title></news:news>"
    shown = "".join(
        f"<url><loc>{escape(url)}</loc>"
        + ((news.format(at) if is_news else f"<lastmod>{at}</lastmod>") if at else "")
        + "</url>"
        for url, at in links.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{shown}</urlset>'
    ).encode()


def index(links: Mapping[str, str | None]) -> bytes:
    shown = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for url, at in links.items()
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{shown}</sitemapindex>'.encode()


def json_feed(items: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "The Wire", "items": items}, ensure_ascii=False
    ).encode()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11))
    + "]>"
)
"""Ten entities that would grow to 30 GB."""
SECRET = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file://{path}">]>'
"""An entity that would read a file of this machine."""
