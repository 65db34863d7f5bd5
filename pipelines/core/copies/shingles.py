"""Shingles of a body: runs of five words, and how much two bodies have in common.

Covers what a body is compared by. For which bodies are compared, see `copies`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

N_WORDS = 5
Shingle = tuple[str, ...]
_WORD = re.compile(r"\w+")
_PRIME = np.uint64(0x100000001B3)


def words(text: str) -> list[str]:
    """Return the words of a text; case and punctuation do not count."""
    return _WORD.findall(text.casefold())


def shingles(found: Sequence[str]) -> set[Shingle]:
    """Return the different runs of five words; none if there are fewer words."""
    return set(zip(*(found[n:] for n in range(N_WORDS)), strict=False))


def shingle_hashes(found: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of every different run of five words, in order: the same on every machine."""
    n = len(found) - N_WORDS + 1
    if n < 1:
        return np.empty(0, np.uint64)
    codes = np.fromiter((crc32(w.encode("utf-8", "surrogatepass")) for w in found), np.uint64, len(found))
    out = np.zeros(n, np.uint64)
    for k in range(N_WORDS):
        out = out * _PRIME + codes[k : k + n]
    return np.unique(mixed(out))


def mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the values with every bit depending on every other (the finaliser of SplitMix64)."""
    out = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return out ^ (out >> np.uint64(31))


def jaccard(a: Collection[Shingle], b: set[Shingle]) -> float:
    """Return the share of the shingles of either body that both have, 0 to 1."""
    n_both = len(b.intersection(a))
    n_either = len(a) + len(b) - n_both
    return n_both / n_either if n_either else 0.0
