"""Two days of made-up news in every format, with everything that can be wrong with a file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

HUGE = 50_000_000
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{title} - The Pond Gazette</title>
<link rel="canonical" href="https://pondgazette.example/news/weir">
<meta property="og:site_name" content="The Pond Gazette">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "{title}",
"datePublished": "2026-03-02T08:00:00Z", "author": {{"@type": "Person", "name": "Odile Fenn"}},
"publisher": {{"@type": "Organization", "name": "The Pond Gazette"}}}}</script></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>{title}</h1>
<p>The old weir at Marlow Pond will be rebuilt before the summer, the council decided after a long meeting.</p>
<p>“We have waited for nine years,” Mayor Edda Quill said. “Nobody wants to wait for a tenth.”</p>
<p>{last}</p>
<p>The work is to begin in April and will close the footpath along the north bank for about six weeks.</p>
</article><footer>All rights reserved</footer></body></html>"""
LIST_PAGE = """<!DOCTYPE html><html><head><title>Latest</title></head><body><ul>
<li><a href="/a">Weir to be rebuilt</a></li><li><a href="/b">Rain again</a></li><li><a href="/c">Results</a></li>
</ul></body></html>"""
WIRE = (
    "Ferry service to stop in June\n\n"
    "The ferry between Marlow and Pell will stop in June, its owner announced on Monday.\n\n"
    "“There are not enough passengers,” said Tomas Arden, the director of Arden Lines. He added that the two boats "
    "would be sold.\n\nEdda Quill, the mayor of Marlow, denied that the town had refused to help.\n"
)
FOREIGN = (
    "Prices rise again\n\nThe price of bread rose to 3 € – “a scandal”, Zoë Müller said. Café owners warned of worse.\n"
)


def record(number: int, words: str, **more: object) -> str:
    text = f"Talks on the harbour went on for a day more.\n\n“{words},” Harbour Master Ilya Brandt said on Monday."
    row = {
        "id": f"h{number}", "url": f"https://harbour.example/{number}", "outlet": "Harbour News",
        "title": f"Harbour talks, part {number}", "published_at": "2026-03-02T09:30:00Z", "text": text,
    }  # fmt: skip
    return json.dumps(row | more, ensure_ascii=False)


def write_first_day(folder: Path) -> None:
    """Write good files of each format and coding, and one of each kind of bad input."""
    folder.mkdir(parents=True)
    files = {
        "ferry.txt": WIRE.encode(),
        "ferry-copy.txt": WIRE.encode(),
        "weir.html": PAGE.format(title="Weir to be rebuilt", last="Quill said the town would pay a third.").encode(),
        "foreign-cp1252.txt": FOREIGN.encode("cp1252"),
        "foreign-utf16.txt": FOREIGN.replace("bread", "milk").encode("utf-16"),
        "foreign-broken.txt": FOREIGN.replace("bread", "salt").encode().replace("Müller".encode(), b"M\xfcller"),
        "talks.jsonl": "\n".join(
            [record(0, "We are close"), '{"id": "h1", "text": "cut o', json.dumps({"id": "h2", "title": "No text"}),
             record(3, "We are closer")]
        ).encode(),
        "empty.txt": b"",
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        "huge-line.txt": b"x" * HUGE,
        "huge-line.jsonl": b"%b\n%b\n%b" % (record(4, "Done").encode(), b"x" * HUGE, record(6, "So it is").encode()),
        "list.html": LIST_PAGE.encode(),
        "broken.html.gz": gzip.compress(PAGE.encode())[:300],
        "minutes.pdf": b"%PDF-1.7",
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)


REFUSED = {
    ("broken.html.gz", None): ("read", "broken_gzip"),
    ("empty.txt", None): ("decode", "empty"),
    ("huge-line.jsonl", 1): ("read", "too_large"),
    ("huge-line.txt", None): ("read", "too_large"),
    ("list.html", None): ("parse", "no_article"),
    ("picture.txt", None): ("decode", "binary"),
    ("talks.jsonl", 1): ("parse", "malformed_json"),
    ("talks.jsonl", 2): ("parse", "missing_field"),
}
"""What of the first day is refused: file and record number, stage and rule."""
N_MET, N_PARSED, N_DUPLICATE, N_IGNORED = 19, 9, 1, 1


def write_second_day(folder: Path) -> None:
    """Write a new article, a changed one, and one that is met again."""
    folder.mkdir(parents=True)
    page = PAGE.format(title="Weir to be rebuilt", last="Quill said the town would pay half of it.")
    (folder / "weir.html").write_text(page, encoding="utf-8")
    (folder / "ferry.txt").write_text(WIRE, encoding="utf-8")
    words = "Tomas Arden, the director of Arden Lines, promised on Tuesday that all tickets would be paid back."
    (folder / "tickets.txt").write_text(f"Tickets to be paid back\n\n{words}\n", encoding="utf-8")
