"""Made-up bodies for the comparison of texts: random words, and copies of them with edits."""

from __future__ import annotations

import random

import polars as pl

from pipelines.contracts import table

VOCABULARY = [a + b for a in ("bel", "cor", "dun", "fal", "gar", "hol", "mar", "pel") for b in
              ("a", "den", "ford", "is", "kin", "low", "mond", "ster", "ton", "wick")]  # fmt: skip


def body(chance: random.Random, n_words: int = 150) -> list[str]:
    return [chance.choice(VOCABULARY) for _ in range(n_words)]


def edited(text: list[str], chance: random.Random, rate: float) -> list[str]:
    """Change, drop and add words, and cut the end, as a copy's editor does."""
    out = []
    for word in text:
        draw = chance.random()
        if draw >= rate / 3:
            out.append(chance.choice(VOCABULARY) if draw < rate * 2 / 3 else word)
        if rate * 2 / 3 <= draw < rate:
            out.append("reportedly")
    return out[: round(len(out) * (1 - chance.choice((0.0, 0.0, rate * 3))))]


def versions(texts: list[list[str]], articles: list[str] | None = None) -> pl.DataFrame:
    """Return the columns of article versions that are compared; version n is called v000n."""
    sections = table("lake", "article_versions")["sections"].polars
    return pl.DataFrame(
        {
            "version_id": [f"v{n:04d}" for n in range(len(texts))],
            "article_id": articles or [f"a{n:04d}" for n in range(len(texts))],
            "text": [" ".join(t) for t in texts],
            "sections": [None] * len(texts),
        },
        schema_overrides={"sections": sections},
    )
