"""Near wordings of one quotation: which wordings belong together, over all articles.

Covers when two wordings are near, and what follows for all of them. For finding quotes, see core/attribution; for who
printed them, see sql/models/marts.

A full-state step and a pure function of the SET of wordings: no row order matters, ties are broken by the words.

The words are compared folded (`text_norm`): case, marks and spaces are gone already. Of two wordings the shorter is
near the longer by their **triples** (three words in a row, each counted once):

1. it has at least `MIN_WORDS` words, and they share at least four triples (six words in a row have four);
2. at most three of its triples are not in the longer one (a changed word spoils three, a gap two), or at most a fifth
   of them.

A triple that stands in more than `STOCK` wordings is a stock phrase: it tells nothing, and two wordings that share
nothing rarer are not looked at, which also bounds the time.

A near pair whose shorter one has `LONG_WORDS` words or more is one quotation: nobody says ten words of another by
chance. So a cut quote ties together two that go on differently. What is shorter may be said by two people on their own:
it joins a quotation only if all that it is near belong to one, else it stays alone.

One million made-up quotes (15 million triples) take about a minute and 2.3 GB on two busy cores.

The method is that of prefix filtering for set similarity joins (Chaudhuri, Ganti and Kaushik 2006): the pairs that
satisfy 1 and 2 share one of the few rarest triples of the shorter one, so that only these are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.contracts import table

MIN_WORDS = 6
LONG_WORDS = 10
STOCK = 500
_SHARED = 4
_SPOILT = 3
_SPOILT_SHARE = 0.2
_WORDINGS_AT_ONCE = 500_000
_PARTS = 16
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd numbers that spread the bits, so that the order of the words counts."""
_PAIRS_AT_ONCE = 4_000_000
"""Pairs that are held in memory at once, about 100 bytes each while they are compared."""


def cluster_wordings(wordings: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return the wordings that are near others, with the quotation that they belong to.

    Args:
        wordings: canonical_quote_id, text_norm; a wording may come several times. If lazy, it is read once.

    Returns:
        Rows of the state table `quote_clusters`, sorted by canonical_quote_id.
    """
    listed = _listed(wordings)
    triples, n_triples = _triples(listed)
    listed = listed.drop("text_norm")
    pairs = _near_pairs(triples, n_triples)
    heads = _heads(pairs, listed["n_words"].to_numpy())
    return _state(listed, triples, n_triples, heads)


def _listed(wordings: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return each wording that is long enough once, the longest first: its place there is its number, `wording`."""
    return (
        wordings.lazy()
        .select("canonical_quote_id", "text_norm")
        .with_columns(n_words=pl.col("text_norm").str.count_matches(" ", literal=True) + 1)
        .filter(pl.col("n_words") >= MIN_WORDS)
        .unique("canonical_quote_id")
        .sort(["n_words", "text_norm", "canonical_quote_id"], descending=[True, False, False])
        .with_row_index("wording")
        .collect(engine="streaming")
    )


def _triples(listed: pl.DataFrame) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Return the triples that several wordings have, and how many different ones each wording has in all.

    Three words are one number, made of the hashes of the words: two triples get one number as likely as two hashes of
    64 bits are equal. Most triples stand in one wording; they are counted and let go, a part of all numbers at a time.

    Returns:
        wording, triple, and in how many wordings it stands, each triple of a wording once; and a number by wording.
    """
    wordings, numbers = [np.empty(0, np.uint32)], [np.empty(0, np.uint64)]
    for start in range(0, listed.height, _WORDINGS_AT_ONCE):
        some = listed.slice(start, _WORDINGS_AT_ONCE)
        words = some.select("wording", pl.col("text_norm").str.split(" ").alias("word")).explode("word")
        wording, word = words["wording"].to_numpy(), words["word"].hash(0).to_numpy()
        number = (word[:-2] * _FIRST) ^ (word[1:-1] * _SECOND) ^ word[2:]
        is_inside = wording[:-2] == wording[2:]
        wordings.append(wording[:-2][is_inside])
        numbers.append(number[is_inside])
    every, number = np.concatenate(wordings), np.concatenate(numbers)
    del wordings, numbers
    n_triples = np.zeros(listed.height, dtype=np.int64)
    shared = [pl.DataFrame(schema={"wording": pl.UInt32, "triple": pl.UInt64, "n_wordings": pl.UInt32})]
    part = number % _PARTS
    for which in range(_PARTS):
        is_here = part == which
        own = pl.DataFrame({"wording": every[is_here], "triple": number[is_here]}).unique()
        n_triples += np.bincount(own["wording"].to_numpy(), minlength=listed.height)
        counted = own.with_columns(n_wordings=pl.len().over("triple"))
        shared.append(counted.filter(pl.col("n_wordings") > 1))
    return pl.concat(shared).sort("wording", "n_wordings", "triple"), n_triples


def _near_pairs(triples: pl.DataFrame, n_triples: NDArray[np.int64]) -> pl.DataFrame:
    """Return the near pairs: shorter, longer (numbers of wordings)."""
    spoilt = np.maximum(_SPOILT, (n_triples * _SPOILT_SHARE).astype(np.int64))
    n_looked_up = np.minimum(spoilt + 1, n_triples - _SHARED + 1)
    wording = triples["wording"].to_numpy()
    # Those that no other wording has are the rarest: they would come before.
    n_shared = np.bincount(wording, minlength=len(n_triples))
    first = np.cumsum(n_shared) - n_shared
    place = np.arange(len(wording)) - first[wording] + (n_triples - n_shared)[wording]
    shared_by_some = pl.col("n_wordings") <= STOCK
    looked_up = triples.filter(pl.Series(place < n_looked_up[wording]) & shared_by_some)
    index = (
        triples.lazy()
        .filter(shared_by_some)
        .join(looked_up.lazy().select("triple").unique(), on="triple", how="semi")
        .select("triple", pl.col("wording").alias("longer"))
        .collect()
    )
    found = []
    for some in _chunks(looked_up):
        candidates = (
            some.lazy()
            .join(index.lazy(), on="triple")
            .filter(pl.col("longer") < pl.col("wording"))
            .select(pl.col("wording").alias("shorter"), "longer")
            .unique()
            .collect()
        )
        shared = _n_shared(candidates, triples)
        of = n_triples[candidates["shorter"].to_numpy()]
        is_near = (shared >= _SHARED) & (of - shared <= np.maximum(_SPOILT, of * _SPOILT_SHARE))
        found.append(candidates.filter(pl.Series(is_near)))
    pairs = pl.concat(found) if found else pl.DataFrame(schema={"shorter": pl.UInt32, "longer": pl.UInt32})
    return pairs.sort("shorter", "longer")


def _chunks(looked_up: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the triples to look up, wording by wording, in lots that give a bounded number of pairs."""
    lots = looked_up.with_columns(lot=pl.col("n_wordings").cum_sum() // _PAIRS_AT_ONCE)
    # The lot of a wording's first triple takes all of its triples: each pair is then found in one lot only.
    whole = lots.with_columns(lot=pl.col("lot").first().over("wording"))
    for _, some in whole.group_by("lot", maintain_order=True):
        yield some.select("wording", "triple")


def _n_shared(pairs: pl.DataFrame, triples: pl.DataFrame) -> NDArray[np.int64]:
    """Return how many triples the two wordings of each pair share."""
    numbered = pairs.lazy().with_row_index("pair")
    own = triples.lazy().select("wording", "triple")
    counts = (
        numbered.join(own, left_on="shorter", right_on="wording")
        .join(own, left_on=["longer", "triple"], right_on=["wording", "triple"], how="semi")
        .group_by("pair")
        .len("n")
        .collect()
    )
    shared = np.zeros(pairs.height, dtype=np.int64)
    shared[counts["pair"].to_numpy()] = counts["n"].to_numpy()
    return shared


def _heads(pairs: pl.DataFrame, n_words: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the longest wording of each one's quotation: itself where it stands alone."""
    head = list(range(len(n_words)))

    def top(wording: int) -> int:
        while head[wording] != wording:
            head[wording] = head[head[wording]]
            wording = head[wording]
        return wording

    is_long = pl.Series(n_words[pairs["shorter"].to_numpy()] >= LONG_WORDS, dtype=pl.Boolean)
    for shorter, longer in pairs.filter(is_long).iter_rows():
        first, second = sorted((top(shorter), top(longer)))
        head[second] = first
    # From the longest to the shortest, so that those before it are settled.
    for shorter, near in pairs.filter(~is_long).group_by("shorter", maintain_order=True).agg("longer").iter_rows():
        tops = {top(longer) for longer in near}
        if len(tops) == 1:
            head[shorter] = tops.pop()
    return np.array([top(wording) for wording in range(len(head))], dtype=np.int64)


def _state(
    listed: pl.DataFrame, triples: pl.DataFrame, n_triples: NDArray[np.int64], heads: NDArray[np.int64]
) -> pl.DataFrame:
    """Return the rows of the state table: the members of every quotation of several wordings."""
    placed = pl.DataFrame({"shorter": listed["wording"], "longer": pl.Series(heads, dtype=pl.UInt32)})
    members = placed.filter(pl.len().over("longer") > 1)
    of = n_triples[members["shorter"].to_numpy()]
    is_head = (members["shorter"] == members["longer"]).to_numpy()
    shared = np.where(is_head, of, _n_shared(members, triples))
    ids = listed["canonical_quote_id"]
    similarity = pl.col("similarity_to_head")
    rows = members.select(
        canonical_quote_id=ids.gather(members["shorter"]),
        cluster_id=ids.gather(members["longer"]),
        similarity_to_head=pl.Series(shared / np.maximum(of, 1), dtype=pl.Float64),
        is_head=pl.col("shorter") == pl.col("longer"),
    ).with_columns(
        method=pl.when("is_head").then(pl.lit("head")).when(similarity == 1).then(pl.lit("cut"))
        .otherwise(pl.lit("reworded"))
    )  # fmt: skip
    return table("state", "quote_clusters").conform(rows.sort("canonical_quote_id"))
