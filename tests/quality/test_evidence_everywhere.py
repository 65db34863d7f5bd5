"""Evidence on every real text that is here: cutting a text at a row's offsets gives the row's text."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.bench.corpus import Article, extracted, polnear_articles, wikinews_articles
from pipelines.core.attribution import Extraction
from tests.corpora import shared_or_skip


def polnear(corpora: Path) -> list[Article]:
    return polnear_articles(corpora / "polnear")


def wikinews(corpora: Path) -> list[Article]:
    return [article for article, _ in wikinews_articles(corpora / "wikinews")]


def mismatches(texts: pl.DataFrame, found: Extraction) -> list[tuple[str, int, int, str]]:
    """Return (version, start, end, row's text) where the text says something else."""
    by_id = dict(texts.select("version_id", "text").iter_rows())
    rows = [
        *found.statement_spans.select("version_id", "char_start", "char_end", "span_text").iter_rows(),
        *found.mentions.select("version_id", "char_start", "char_end", "surface").iter_rows(),
        *found.quotes.select("version_id", "inner_start", "inner_end", "verbatim").iter_rows(),
    ]
    assert len(rows) > 1000
    return [row for row in rows if by_id[row[0]][row[1] : row[2]] != row[3]]


@pytest.mark.parametrize(("read", "n_articles"), [(polnear, 924), (wikinews, 30)])
def test_evidence_holds_on_every_article(read: object, n_articles: int) -> None:
    articles = read(shared_or_skip("corpora/polnear") / "corpora")  # type: ignore[operator]
    assert len(articles) == n_articles
    texts, found, _ = extracted(articles)
    assert mismatches(texts, found) == []
    assert not found.sentences.filter(pl.col("char_end") <= pl.col("char_start")).height
