"""Near wordings of one quotation: which wordings belong together, over all articles.

Belongs here: when two wordings are near, and what follows for all of them. Does not belong here: finding quotes
(core/attribution), who printed them (sql/models/marts).

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

from pipelines.core.tables import table

MIN_WORDS = 6
LONG_WORDS = 10
STOCK = 500
_SHARED = 4
_SPOILT = 3
_SPOILT_SHARE = 0.2
_PAIRS_AT_ONCE = 4_000_000
"""Pairs that are held in memory at once, about 100 bytes each while they are compared."""


def cluster_wordings(wordings: pl.DataFrame) -> pl.DataFrame:
    """Return the wordings that are near others, with the quotation that they belong to.

    Args:
        wordings: canonical_quote_id, text_norm; a wording may come several times.

    Returns:
        Rows of the state table `quote_clusters`, sorted by canonical_quote_id.
    """
    listed = _listed(wordings)
    triples = _triples(listed)
    pairs = _near_pairs(triples, _n_triples(triples, listed.height))
    heads = _heads(pairs, listed["n_words"].to_numpy())
    return _state(listed, triples, heads)


def _listed(wordings: pl.DataFrame) -> pl.DataFrame:
    """Return each wording that is long enough once, the longest first: its place there is its number, `wording`."""
    return (
        wordings.lazy()
        .select("canonical_quote_id", "text_norm")
        .with_columns(n_words=pl.col("text_norm").str.count_matches(" ", literal=True) + 1)
        .filter(pl.col("n_words") >= MIN_WORDS)
        .unique("canonical_quote_id")
        .sort(["n_words", "text_norm", "canonical_quote_id"], descending=[True, False, False])
        .with_row_index("wording")
        .collect()
    )


def _triples(listed: pl.DataFrame) -> pl.DataFrame:
    """Return each triple of each wording once, as numbers: wording, triple, and in how many wordings it stands."""
    words = listed.select("wording", pl.col("text_norm").str.split(" ").alias("word")).explode("word")
    vocabulary = words.select(pl.col("word").unique().sort()).with_row_index("number")
    wording = words["wording"].to_numpy()
    word = words.join(vocabulary, on="word", how="left", maintain_order="left")["number"].to_numpy().astype(np.uint64)
    # Words are numbered, so that three of them are one number of 64 bits while there are fewer than two million words;
    # of more, two triples may get one number, which is as likely as two equal hashes.
    number = (word[:-2] << np.uint64(42)) ^ (word[1:-1] << np.uint64(21)) ^ word[2:]
    is_inside = wording[:-2] == wording[2:]
    return (
        pl.DataFrame({"wording": wording[:-2][is_inside], "triple": number[is_inside]})
        .lazy()
        .unique()
        .with_columns(n_wordings=pl.len().over("triple"))
        .sort("wording", "n_wordings", "triple")
        .collect()
    )


def _n_triples(triples: pl.DataFrame, n_wordings: int) -> NDArray[np.int64]:
    """Return the number of triples of each wording."""
    return np.bincount(triples["wording"].to_numpy(), minlength=n_wordings)


def _near_pairs(triples: pl.DataFrame, n_triples: NDArray[np.int64]) -> pl.DataFrame:
    """Return the near pairs: shorter, longer (numbers of wordings)."""
    spoilt = np.maximum(_SPOILT, (n_triples * _SPOILT_SHARE).astype(np.int64))
    n_looked_up = np.minimum(spoilt + 1, n_triples - _SHARED + 1)
    wording = triples["wording"].to_numpy()
    place = np.arange(len(wording)) - np.concatenate([[0], np.cumsum(n_triples)[:-1]])[wording]
    shared_by_some = pl.col("n_wordings").is_between(2, STOCK)
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


def _state(listed: pl.DataFrame, triples: pl.DataFrame, heads: NDArray[np.int64]) -> pl.DataFrame:
    """Return the rows of the state table: the members of every quotation of several wordings."""
    placed = pl.DataFrame({"shorter": listed["wording"], "longer": pl.Series(heads, dtype=pl.UInt32)})
    members = placed.filter(pl.len().over("longer") > 1)
    shared = _n_shared(members, triples)
    n_triples = _n_triples(triples, listed.height)[members["shorter"].to_numpy()]
    ids = listed["canonical_quote_id"]
    similarity = pl.col("similarity_to_head")
    rows = members.select(
        canonical_quote_id=ids.gather(members["shorter"]),
        cluster_id=ids.gather(members["longer"]),
        similarity_to_head=pl.Series(shared / np.maximum(n_triples, 1), dtype=pl.Float64),
        is_head=pl.col("shorter") == pl.col("longer"),
    ).with_columns(
        method=pl.when("is_head").then(pl.lit("head")).when(similarity == 1).then(pl.lit("cut"))
        .otherwise(pl.lit("reworded"))
    )  # fmt: skip
    return table("state", "quote_clusters").conform(rows.sort("canonical_quote_id"))
