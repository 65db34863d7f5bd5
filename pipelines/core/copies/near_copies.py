"""Near copies: signatures of bodies, pairs that may be copies, pairs that are, and the groups that they form.

Covers MinHash, banding, the exact comparison, connected components. For where texts and signatures lie, see
compute/near_copies; for which copy counts, see sql/models/marts/statements_counted.sql.

Method: MinHash over word 5-grams (Broder 1997), locality-sensitive hashing by bands (Leskovec, Rajaraman, Ullman,
Mining of Massive Datasets, ch. 3): two bodies are compared where all rows of a band are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.contracts import table
from pipelines.core.copies.shingles import Shingle, jaccard, mixed, shingle_hashes, shingles, words
from pipelines.core.documents.model import Section
from pipelines.core.documents.quality import body_of
from pipelines.core.ids import mk_id

MIN_JACCARD = 0.7
"""Share of common 5-grams from which two bodies are near copies. One changed word breaks five 5-grams, so that 0.7
is reached by a text with about one word in thirty changed, or with a sixth cut from either end. Independent reports
of one event stay below 0.2 even where they print the same quotes, so nothing stands near the line."""

MIN_SHINGLES = 20
"""Bodies with fewer 5-grams (24 words) are compared with none: teasers, stubs and error pages repeat whole."""

N_BANDS, N_ROWS = 32, 4
"""A pair at the threshold shares no band with probability (1 - 0.7 ** 4) ** 32 = 0.00015."""

MAX_HEADS = 32
"""A body is compared with the first 32 that share a band with it: a text that is met ten thousand times gives
no fifty million pairs. All of them stay one group, since each is compared with the same first ones."""

_SEED = 20_260_101
_TEXTS_KEPT = 256
_ORDER = ("batch_id", "version_id")
SIGNATURES = table("lake", "text_signatures")
NEAR_COPIES = table("lake", "near_copies")


def body_words(text: str, sections: Sequence[Mapping[str, object]] | None) -> list[str]:
    """Return the words of a version's body: headline, dateline, captions and boilerplate are no part of it."""
    return words(body_of(text, [Section(**s) for s in sections or ()]))  # type: ignore[arg-type]


def signatures(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the signature of every body that is long enough.

    Args:
        texts: version_id, article_id, text and sections of some versions.

    Returns:
        `lake.text_signatures` without ingest_date and batch_id.
    """
    rows, hashes = [], []
    for version_id, article_id, text, sections in texts.select(
        "version_id", "article_id", "text", "sections"
    ).iter_rows():
        own = shingle_hashes(body_words(text, sections))
        if len(own) >= MIN_SHINGLES:
            rows.append((version_id, article_id, len(own)))
            hashes.append(own)
    shape = {name: kind for name, kind in SIGNATURES.schema.items() if name not in ("ingest_date", "batch_id")}
    if not rows:
        return pl.DataFrame(schema=shape)
    frame = pl.DataFrame(rows, schema=["version_id", "article_id", "n_shingles"], orient="row")
    bands = pl.Series("bands", _bands(hashes).view(np.int64)).cast(pl.List(pl.Int64))
    return frame.with_columns(bands).cast(shape)  # type: ignore[arg-type]


def _bands(hashes: Sequence[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Return a hash of each band of each body's MinHash signature; equal bands of different number differ."""
    from rensa import RMinHash  # only where texts are read

    starts = np.zeros(len(hashes) + 1, np.uint64)
    starts[1:] = np.cumsum([len(h) for h in hashes])
    digests = RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(hashes), starts, N_BANDS * N_ROWS, _SEED)
    rows = np.array(digests.to_rows(), np.uint64).reshape(len(hashes), N_BANDS, N_ROWS)
    out = np.broadcast_to(np.arange(N_BANDS, dtype=np.uint64), rows.shape[:2])
    for k in range(N_ROWS):
        out = mixed(out ^ mixed(rows[:, :, k] + np.uint64(k + 1)))
    return np.ascontiguousarray(out)


def candidates(own: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that share a band and may be copies by their lengths, each once, in order.

    Args:
        own: Signatures of the versions whose pairs are wanted, one row per version and band.
        known: The same of all versions that were met before, of one's own batch, and `own`; of `bands` that no row
            of `own` has, there need be no row.

    Returns:
        batch_id, version_id, article_id of the later version of a pair, earlier_* of the other.
    """
    heads = (
        known.unique(["bands", "version_id"])
        .sort("bands", *_ORDER)
        .filter(pl.int_range(pl.len()).over("bands") < MAX_HEADS)
        .rename({n: f"earlier_{n}" for n in ("batch_id", "version_id", "article_id", "n_shingles")})
    )
    n, other = pl.col("n_shingles"), pl.col("earlier_n_shingles")
    batch, earlier_batch = pl.col("batch_id"), pl.col("earlier_batch_id")
    return (
        own.lazy()
        .join(heads.lazy(), on="bands")
        .filter(
            (earlier_batch < batch) | ((earlier_batch == batch) & (pl.col("earlier_version_id") < pl.col("version_id")))
        )
        .filter(pl.col("article_id") != pl.col("earlier_article_id"))
        .filter(pl.min_horizontal(n, other) >= MIN_JACCARD * pl.max_horizontal(n, other))
        .drop("bands", "n_shingles", "earlier_n_shingles")
        .unique()
        .sort(*_ORDER, "earlier_batch_id", "earlier_version_id")
        .collect()
    )


def verified(pairs: pl.DataFrame, words_of: Callable[[str], Sequence[str]]) -> pl.DataFrame:
    """Return the pairs that are near copies, by an exact comparison of their shingles.

    Args:
        pairs: What `candidates` gave.
        words_of: version_id -> words of its body.

    Returns:
        The pairs with `jaccard`: `lake.near_copies` without ingest_date.
    """

    @lru_cache(maxsize=_TEXTS_KEPT)
    def of(version_id: str) -> set[Shingle]:
        return shingles(words_of(version_id))

    shares = [jaccard(of(a), of(b)) for a, b in pairs.select("version_id", "earlier_version_id").iter_rows()]
    found = pairs.with_columns(pl.Series("jaccard", shares, dtype=pl.Float64))
    return found.filter(pl.col("jaccard") >= MIN_JACCARD)


def story_groups(edges: pl.DataFrame) -> pl.DataFrame:
    """Return the group of every article that is a near copy of another: connected components of all pairs.

    The id follows from the article of the group that was met first, so that later copies do not change it; it does
    only where two groups turn out to be one.

    Args:
        edges: article_id, batch_id, earlier_article_id, earlier_batch_id of all pairs, in any order.
    """
    ends = [(b, a, eb, ea) for b, a, eb, ea in edges.select(
        "batch_id", "article_id", "earlier_batch_id", "earlier_article_id").iter_rows()]  # fmt: skip
    first: dict[str, str] = {}
    for batch, article, earlier_batch, earlier in ends:
        first[article] = min(batch, first.get(article, batch))
        first[earlier] = min(earlier_batch, first.get(earlier, earlier_batch))
    parent = {article: article for article in first}

    def head(article: str) -> str:
        while parent[article] != article:
            parent[article] = parent[parent[article]]
            article = parent[article]
        return article

    for _, article, _, earlier in ends:
        a, b = sorted((head(article), head(earlier)), key=lambda x: (first[x], x))
        parent[b] = a
    rows: Iterator[tuple[str, str]] = ((article, mk_id("story", head(article))) for article in sorted(parent))
    return table("state", "story_groups").conform(
        pl.DataFrame(list(rows), schema={"article_id": pl.String, "near_dup_group": pl.String}, orient="row")
    )
