"""``python -m pipelines.bench.bodies --corpora DIR``: the body of real pages against what people marked as it.

Covers the score of the public article-extraction benchmark, and trafilatura's modes beside ours. For reading a page,
see core/documents.

Score: word 4-gram shingles with their counts, precision and recall of every page, each averaged over the pages; F1 is
of the two averages (github.com/scrapinghub/article-extraction-benchmark). Ours reads metadata and language as well;
time is the processor's, of one core, after every page was read once.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.core.documents.formats import read_record
from pipelines.core.documents.model import Ignored, Record, Refused, SourceRules
from pipelines.core.documents.quality import body_of

_N = 4
MODES: dict[str, dict[str, bool]] = {
    "default": {},
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
    "fast": {"fast": True},
}
"""trafilatura's, by the options that set them."""


@dataclass(frozen=True)
class Page:
    """A page and its true body."""

    name: str
    content: bytes
    body: str


@dataclass(frozen=True)
class Score:
    """Averages over the pages; pages a second of one core, 0 where time was not taken."""

    precision: float
    recall: float
    pages_a_second: float = 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two averages."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pages(folder: Path) -> list[Page]:
    """Return the pages of a copy of the benchmark: ground-truth.json, pages/NAME.html.gz."""
    gold = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    read = ((k, gzip.decompress((folder / f"pages/{k}.html.gz").read_bytes())) for k in sorted(gold))
    return [Page(name, content, gold[name]["articleBody"]) for name, content in read]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the word 4-grams of a text with their counts; a shorter one is a shingle of its own."""
    words = re.findall(r"\w+", text)
    runs = [tuple(words[i : i + _N]) for i in range(max(1, len(words) - _N + 1))]
    return Counter(runs if words else [])


def page_score(predicted: str, true: str) -> tuple[float, float]:
    """Return precision and recall of one body."""
    ours, gold = shingles(predicted), shingles(true)
    n_both = sum((ours & gold).values())
    precision = n_both / sum(ours.values()) if ours else float(not gold)
    return precision, n_both / sum(gold.values()) if gold else 1.0


def score(read: Callable[[bytes], str], found: Sequence[Page]) -> Score:
    """Return the score of a reader over pages that it has seen before, so that imports and caches are not timed."""
    started = time.process_time()
    bodies = [read(page.content) for page in found]
    seconds = time.process_time() - started
    precisions, recalls = zip(*(page_score(b, p.body) for b, p in zip(bodies, found, strict=True)), strict=True)
    n = len(found)
    return Score(sum(precisions) / n, sum(recalls) / n, n / seconds)


def our_body(page: bytes) -> str:
    """Return the body that we find; nothing where a page is refused."""
    try:
        document = read_record(Record("0", page, "text/html", "files", "page.html"), SourceRules("files"))
    except (Refused, Ignored):
        return ""
    return body_of(document.text, document.sections)


def main() -> int:
    """Print a line for ours and for each of trafilatura's modes."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench.bodies", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with html/")
    found = pages(parser.parse_args().corpora / "html")
    readers = {"onrecord": our_body}
    for name, options in MODES.items():
        readers[f"trafilatura {name}"] = lambda page, options=options: _extracted(page, options)  # type: ignore[misc]
    print(f"{len(found)} pages        precision  recall      F1  pages/s")
    for name, read in readers.items():
        score(read, found)
        s = score(read, found)
        print(f"{name:<22} {s.precision:.4f}  {s.recall:.4f}  {s.f1:.4f}  {s.pages_a_second:7.0f}")
    return 0


def _extracted(page: bytes, options: dict[str, bool]) -> str:
    from trafilatura import extract

    return extract(page.decode("utf-8", "replace"), include_comments=False, **options) or ""


if __name__ == "__main__":
    raise SystemExit(main())
