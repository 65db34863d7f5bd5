"""Extraction by the process pool and by Ray, one after the other on the same texts, and what the driver costs a task.

Covers writing a lake of a corpus' texts, extracting it twice, comparing the parts, and counting empty tasks. For the
cluster as a whole, see `cluster_demo`.

    python -m pipelines.bench.engines ../shared/corpora/polnear --articles 400 --batch 50
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.bench.corpus import polnear_articles
from pipelines.commands.article_lines import text_rows
from pipelines.compute.engine import over_batches
from pipelines.compute.pool import Hands, chunks
from pipelines.compute.steps import Due, extract_batch
from pipelines.contracts import table
from pipelines.settings import Settings, load_settings
from pipelines.storage.fingerprints import EXTRACTED
from pipelines.storage.lake import Batch, Lake

_NOW = datetime(2026, 3, 2, tzinfo=UTC)
_EMPTY_TASKS = 2_000


def main() -> None:
    """Print the articles a second of both, how they compare, and the driver's tasks a second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="the folder of PolNeAR")
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--batch", type=int, default=50, help="articles in a batch, for both")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="onrecord-engines-"))
    try:
        lake, due = lake_of(folder / "lake", given.corpus, given.articles, given.batch)
        paces = {}
        parts: dict[str, list[str]] = {}
        for engine in ("local", "ray"):
            settings = load_settings(data_dir=folder, engine=engine, workers=given.workers)
            began = time.monotonic()
            list(over_batches(settings, nothing, range(given.workers)))
            print(f"{engine}: ready after {time.monotonic() - began:.1f} s", flush=True)
            paces[engine] = given.articles / seconds_of(settings, lake, due)
            parts[engine] = [lake.sha256(name, batch) for name in EXTRACTED for batch, _ in due]
            print(f"{engine}: {paces[engine]:.2f} articles a second", flush=True)
        print(f"ray / local: {paces['ray'] / paces['local']:.2f}; parts equal: {parts['ray'] == parts['local']}")
        began = time.monotonic()
        n_done = sum(1 for _ in over_batches(settings, nothing, range(_EMPTY_TASKS)))
        print(f"driver: {n_done / (time.monotonic() - began):.0f} empty tasks a second")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def nothing(_: int, __: Hands) -> None:
    """Do nothing: what is left is what a task costs."""


def seconds_of(settings: Settings, lake: Lake, due: list[Due]) -> float:
    """Extract every batch again, and return how long it took."""
    began = time.monotonic()
    for _ in over_batches(settings, partial(extract_batch, lake, _NOW), due):
        pass
    return time.monotonic() - began


def lake_of(root: Path, corpus: Path, n: int, in_batch: int) -> tuple[Lake, list[Due]]:
    """Write the texts of some articles as batches of a lake, and return what is due."""
    lake = Lake(root)
    lake.create()
    contract = table("lake", "article_versions")
    kinds: dict[str, object] = {"str": "x", "int": 0, "bool": False, "instant": _NOW, "date": _NOW.date()}
    fill = {c.name: None if c.nullable else kinds.get(c.kind, []) for c in contract.columns}
    known = text_rows([(a.name, a.text) for a in polnear_articles(corpus)[:n]])
    rows = pl.DataFrame(
        contract.frame([fill | {k: v for k, v in row.items() if k in fill} for row in known.iter_rows(named=True)])
    )
    due = []
    for number, part in enumerate(chunks(rows, in_batch), start=1):
        batch = Batch(date(2026, 3, 2), f"2026-03-02-{number:06d}")
        lake.write("article_versions", batch, part)
        due.append((batch, "bench"))
    return lake, due


if __name__ == "__main__":
    main()
