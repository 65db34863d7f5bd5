"""Near copies over the whole lake: which batches to compare again, and with what.

Covers reading signatures and texts, a bounded number at a time. For what a copy is, see core/copies.

Each pair belongs to the batch of its later version, so that what is found for a batch follows from it and from the
batches before it alone. Memory follows from the batches that are compared: of those before, only the rows that share
a band are held, and texts of at most `_PAIRS` pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from pipelines.compute.worker import comparison_id
from pipelines.core.copies.near_copies import NEAR_COPIES, body_words, candidates, verified
from pipelines.core.ids import mk_id
from pipelines.storage.lake import Batch, Lake

SIGNATURE_OF = ("version_id", "article_id", "text_sha256", "sections")
"""What a signature follows from, the text by its hash."""
_COLUMNS = ("batch_id", "version_id", "article_id", "n_shingles", "bands")
_LOW_BITS = 2**22 - 1
_PAIRS = 4_000
_VERSIONS = 20_000


def signed_by(lake: Lake, batch: Batch) -> str:
    """Return what a batch's signatures would be made by and from now."""
    return mk_id("signatures", comparison_id(), lake.sha256("article_versions", batch, SIGNATURE_OF))


def compared_by(lake: Lake) -> dict[Batch, str]:
    """Return what each batch's copies would be made by and from: its own signatures and all before them, in order."""
    chain, out = comparison_id(), {}
    for batch in lake.batches():
        chain = mk_id("copies", chain, lake.made_by("text_signatures", batch))
        out[batch] = chain
    return out


def compare(lake: Lake, stale: Sequence[Batch]) -> Iterator[dict[Batch, pl.DataFrame]]:
    """Yield the near copies of some batches, several batches at a time: reading what was there before costs the same.

    Args:
        lake: With the signatures of all batches.
        stale: The batches, in order.
    """
    group: list[Batch] = []
    n_versions = 0
    for batch in stale:
        group.append(batch)
        n_versions += lake.n_rows("text_signatures", [batch])
        if n_versions >= _VERSIONS:
            yield _compared(lake, group)
            group, n_versions = [], 0
    if group:
        yield _compared(lake, group)


def _compared(lake: Lake, group: Sequence[Batch]) -> dict[Batch, pl.DataFrame]:
    own = lake.read("text_signatures", batches=group, columns=_COLUMNS).explode("bands")
    before = [b for b in lake.batches() if b <= group[-1]]
    known = pl.concat([_sharing(lake, part, own) for part in _slices(lake, before)])
    by_id = {batch.batch_id: batch for batch in before}
    pairs = candidates(own, known)
    found = [NEAR_COPIES.empty().drop("ingest_date")]
    for start in range(0, pairs.height, _PAIRS):
        part = pairs.slice(start, _PAIRS)
        found.append(verified(part, _words(lake, part, by_id).__getitem__).select(found[0].columns))
    copies = pl.concat(found)
    return {batch: copies.filter(pl.col("batch_id") == batch.batch_id).drop("batch_id") for batch in group}


def _slices(lake: Lake, batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Yield the batches in order, in lists of at most `_VERSIONS` signatures (or one batch)."""
    part: list[Batch] = []
    n = 0
    for batch in batches:
        n_own = lake.n_rows("text_signatures", [batch])
        if part and n + n_own > _VERSIONS:
            yield part
            part, n = [], 0
        part.append(batch)
        n += n_own
    yield part


def _sharing(lake: Lake, batches: Sequence[Batch], own: pl.DataFrame) -> pl.DataFrame:
    """Return the bands of some batches that a band of `own` equals, a row each.

    Nearly none does, so that a table of their low bits leaves few to be compared as they are.
    """
    rows = lake.read("text_signatures", batches=batches, columns=_COLUMNS)
    bands, wanted = (f["bands"].explode(empty_as_null=False).to_numpy() for f in (rows, own))
    is_low = np.zeros(_LOW_BITS + 1, np.bool_)
    is_low[wanted & _LOW_BITS] = True
    places = np.flatnonzero(is_low[bands & _LOW_BITS])
    lengths = rows["bands"].list.len().to_numpy()
    which = np.repeat(np.arange(rows.height), lengths)[places]
    found = rows.drop("bands")[which].with_columns(pl.Series("bands", bands[places], dtype=pl.Int64))
    return found.join(own.select("bands").unique(), on="bands", how="semi", maintain_order="left").select(_COLUMNS)


def _words(lake: Lake, pairs: pl.DataFrame, by_id: Mapping[str, Batch]) -> dict[str, list[str]]:
    """Return the words of the bodies of both versions of some pairs."""
    wanted = pl.concat([pairs["version_id"], pairs["earlier_version_id"]]).unique()
    batches = sorted({by_id[i] for column in ("batch_id", "earlier_batch_id") for i in pairs[column].unique()})
    texts = (
        lake.scan("article_versions", batches=batches)
        .filter(pl.col("version_id").is_in(wanted.implode()))
        .select("version_id", "text", "sections")
    )
    with lake.naming_damage():
        rows = texts.collect(engine="streaming")
    return {version_id: body_words(text, sections) for version_id, text, sections in rows.iter_rows()}
