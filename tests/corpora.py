"""Converters of the shared corpora into inputs that the pipeline takes; for tests and benchmarks only.

Belongs here: real text in, our input formats out, into a folder of the caller's. Does not belong here:
any of that text itself. The corpora lie beside the repository and may be absent: `shared_or_skip`.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
_STORY = re.compile(r"<REUTERS[^>]*NEWID=\"(\d+)\"[^>]*>(.*?)</REUTERS>", re.S)


def shared_or_skip(part: str) -> Path:
    """Return the folder of shared material if that part of it is here; skip the test if not."""
    if not (SHARED / part).exists():
        pytest.skip(f"needs the corpus {part}, which is not beside this checkout")
    return SHARED


@dataclass(frozen=True)
class Story:
    """One Reuters story; `dateline` is the gold, as tagged, and stands at the head of `text`."""

    newid: str
    date: str
    title: str | None
    dateline: str | None
    text: str


def reuters_stories(shared: Path) -> Iterator[Story]:
    """Yield the stories that have a body, or are printed without tags."""
    for path in sorted((shared / "corpora/reuters").glob("*.sgm")):
        for newid, story in _STORY.findall(path.read_text(encoding="latin-1")):
            body = _tag(story, "BODY")
            dateline = _tag(story, "DATELINE")
            if body is None:
                whole = re.search(r"<TEXT[^>]*>(.*?)</TEXT>", story, re.S)
                body = re.sub(r"<(TITLE|AUTHOR)>.*?</\1>|<[^<>]*>", "", whole[1] if whole else "", flags=re.S)
                body, dateline = unescape(body).replace("\x02", ""), None
            text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", (dateline or "") + body)
            if text.strip():
                yield Story(newid, (_tag(story, "DATE") or "").strip(), _tag(story, "TITLE"), dateline, text)


def _tag(story: str, name: str) -> str | None:
    found = re.search(rf"<{name}>(.*?)</{name}>", story, re.S)
    return unescape(found[1]) if found else None


def write_reuters_jsonl(shared: Path, out: Path) -> int:
    """Write the Reuters stories as JSON lines; return how many."""
    return _write(
        out,
        (
            {"id": s.newid, "outlet": "Reuters", "title": s.title, "date": s.date, "text": s.text}
            for s in reuters_stories(shared)
        ),
    )


def write_polnear_jsonl(shared: Path, out: Path) -> int:
    """Write the PolNeAR articles as JSON lines with their exact texts; return how many."""
    return _write(out, polnear_rows(shared))


def polnear_rows(shared: Path) -> Iterator[dict[str, object]]:
    """Yield the PolNeAR articles with their metadata."""
    root = shared / "corpora/polnear"
    with (root / "metadata.tsv").open(encoding="utf-8", newline="") as lines:
        table = {row["filename"].removesuffix(".txt"): row for row in csv.DictReader(lines, delimiter="\t")}
    for path in sorted(root.glob("*/text/*.txt")):
        row = table.get(path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        yield {
            "id": path.stem,
            "outlet": row["publisher"] if row else path.stem.partition("_")[0],
            "published_at": row["publication_date"] if row else None,
            "author": row["author"] if row and row["author"] != "None" else None,
            "title": row["title"] if row else None,
            "text": text,
        }


def write_wikinews_jsonl(shared: Path, out: Path) -> int:
    """Write the Wikinews articles as JSON lines; return how many."""
    lines = (shared / "corpora/wikinews/articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = (json.loads(line) for line in lines if line.strip())
    return _write(
        out,
        (
            {"id": r["doc"], "outlet": "Wikinews", "url": r["url"], "title": r["title"], "author": r["author"],
             "published_at": r["published_on"], "text": r["text"]}
            for r in rows
        ),
    )  # fmt: skip


def write_html_folder(shared: Path, out: Path) -> int:
    """Copy the gzipped pages into a folder; return how many."""
    out.mkdir(parents=True, exist_ok=True)
    pages = sorted((shared / "corpora/html/pages").glob("*.html.gz"))
    for page in pages:
        (out / page.name).write_bytes(page.read_bytes())
    return len(pages)


def html_pages(shared: Path) -> Iterator[tuple[str, bytes, str, str]]:
    """Yield (id, page, URL, true body) of the benchmark's pages."""
    root = shared / "corpora/html"
    for key, gold in sorted(json.loads((root / "ground-truth.json").read_text(encoding="utf-8")).items()):
        yield key, gzip.decompress((root / f"pages/{key}.html.gz").read_bytes()), gold["url"], gold["articleBody"]


def _write(out: Path, rows: Iterator[dict[str, object]]) -> int:
    out.parent.mkdir(parents=True, exist_ok=True)
    n = 0
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False) + "\n")
            n += 1
    return n
