"""Does the order of articles matter: the same warehouse from shuffled articles, and from one batch a day.

    python -m pipelines.bench.orders --corpora ../shared/corpora

Covers the comparison of whole warehouses. For accuracy, see `speakers`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from pipelines.bench.corpus import Article, extracted, polnear_articles, state_of
from pipelines.compute.worker import resolve_texts
from pipelines.core.attribution import Extraction
from pipelines.core.identity.actors import ActorState
from pipelines.core.resolution.resolve import Resolution

SEEDS = (1, 2, 3)


def shuffled(rows: pl.DataFrame, extraction: Extraction, seed: int) -> tuple[pl.DataFrame, Extraction]:
    """Return texts and extraction with the rows of every frame in another order."""
    rng = random.Random(seed)

    def mixed(frame: pl.DataFrame) -> pl.DataFrame:
        order = list(range(frame.height))
        rng.shuffle(order)
        return frame[order] if order else frame

    frames = {name: mixed(getattr(extraction, name)) for name in Extraction.__dataclass_fields__}
    return mixed(rows), Extraction(**frames)


def by_day(articles: Sequence[Article], rows: pl.DataFrame, extraction: Extraction) -> Resolution:
    """Return the resolution of one batch a day, joined."""
    days = sorted({str(a.published_on) for a in articles})
    parts = []
    for day in days:
        names = [a.name for a in articles if str(a.published_on) == day]
        mine = pl.col("version_id").is_in(names)
        frames = {n: getattr(extraction, n).filter(mine) for n in Extraction.__dataclass_fields__}
        parts.append(resolve_texts(rows.filter(mine), Extraction(**frames))[0])
    names = list(Resolution.__dataclass_fields__)
    return Resolution(**{name: pl.concat([getattr(part, name) for part in parts]) for name in names})


def differences(one: ActorState, other: ActorState) -> list[str]:
    """Return the state tables that differ."""
    return [n for n in ActorState.__dataclass_fields__ if not getattr(one, n).equals(getattr(other, n))]


def trials(articles: Sequence[Article], rows: pl.DataFrame, extraction: Extraction) -> Iterator[tuple[str, list[str]]]:
    """Yield (name of the trial, tables that differ from those of the plain order)."""
    plain, _ = resolve_texts(rows, extraction)
    wanted = state_of(articles, plain, extraction.mentions)
    links = plain.statement_entities.sort("statement_id", "entity_id")
    for seed in SEEDS:
        mixed_rows, mixed = shuffled(rows, extraction, seed)
        found, _ = resolve_texts(mixed_rows, mixed)
        same = found.statement_entities.sort("statement_id", "entity_id").equals(links)
        state = state_of(articles, found, mixed.mentions)
        yield f"random order {seed}", [*differences(wanted, state), *([] if same else ["statement_entities"])]
    daily = by_day(articles, rows, extraction)
    same = daily.statement_entities.sort("statement_id", "entity_id").equals(links)
    state = state_of(articles, daily, extraction.mentions)
    yield "one batch a day", [*differences(wanted, state), *([] if same else ["statement_entities"])]


def main() -> int:
    """Print the trials; exit status 1 if an order mattered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with polnear/")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    articles = polnear_articles(options.corpora / "polnear")
    rows, extraction, _ = extracted(articles, options.workers)
    failed = 0
    for name, differing in trials(articles, rows, extraction):
        failed += bool(differing)
        print(f"{name}: {'differs in ' + ', '.join(differing) if differing else 'identical actors and links'}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
