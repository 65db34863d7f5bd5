"""Which blocks of a page are its article: a decision between readings.

Covers asking the libraries, weighing what they and the page say, and when a second one is asked. For the features, see
`body_features`; for the weights, see `body_weights`; for what becomes of the blocks chosen, see `html_body`.

trafilatura's fast mode reads every page. Where some blocks stay in doubt after that, its precision mode is asked as
well. Where it finds nothing, or hardly any of the page's prose, the page is weighed without it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.core.documents.body_features import Hints, Reading, features, is_prose, n_words
from pipelines.core.documents.body_weights import WEIGHTS
from pipelines.core.documents.page_blocks import Block

MODES: Mapping[str, Mapping[str, bool]] = {"fast": {"fast": True}, "precision": {"favor_precision": True}}
"""The readings that are asked, in this order, by trafilatura's options."""
_READ_BLOCKS = frozenset(("p", "head", "item", "cell", "quote", "code", "fw", "ab"))
"""What trafilatura calls the blocks of its answer."""
_DOUBT = (0.25, 0.75)
"""Between these a block is in doubt."""
_MAX_DOUBT = 0.05
"""Share of the chosen words that may stand in doubt before another reading is asked."""
_MIN_OF_PROSE = 0.3
"""Share of the page's densest prose below which a reading took something else for the article."""
_MIN_AGREED = 0.6
"""Agreement of the choice with the first reading (F1 of words) below which a body is flagged."""
_MAX_UNSURE = 0.25
"""Share of words in doubt at the end above which it is flagged."""


@dataclass(frozen=True)
class Choice:
    """The decision.

    Attributes:
        is_body: For each block whether it belongs to the article.
        is_unsure: The readings of the page disagree widely.
    """

    is_body: tuple[bool, ...]
    is_unsure: bool


def choose(tree: HtmlElement, blocks: Sequence[Block], hints: Hints) -> Choice:
    """Return which blocks of a page are its article; none if there is no article."""
    sizes = [n_words(b.text) for b in blocks]
    fast = read(tree, "fast")
    votes = fast.votes(blocks)
    if _is_elsewhere(blocks, sizes, votes, fast.n_words):
        return _decided(chances(features(blocks, {}, hints), "none"), sizes, votes)
    found = chances(features(blocks, {"fast": fast}, hints), "fast")
    if _doubt(found, sizes) > _MAX_DOUBT:
        both = {"fast": fast, "precision": read(tree, "precision")}
        found = chances(features(blocks, both, hints), "both")
    return _decided(found, sizes, votes)


def read(tree: HtmlElement, mode: str) -> Reading:
    """Return what trafilatura reads in one of its modes; an empty reading where it finds nothing."""
    from trafilatura import bare_extraction  # 0.5 s to import

    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False, **MODES[mode])
    if found is None or isinstance(found, dict) or found.body is None:
        return Reading(())
    return Reading(list(_lines(found.body)))


def chances(rows: Sequence[Mapping[str, float]], asked: str) -> list[float]:
    """Return for each block how likely it is to be of the article.

    Args:
        rows: The features of the blocks.
        asked: Which readings voted: none, fast, both.
    """
    weights = WEIGHTS[asked]
    bias = weights["bias"]
    sums = (bias + sum(value * weights.get(name, 0.0) for name, value in row.items()) for row in rows)
    return [1 / (1 + math.exp(-max(-30.0, min(30.0, s)))) for s in sums]


def _lines(body: etree._Element) -> Iterator[str]:
    """Yield the text of the innermost blocks of a reading, and what stands between blocks."""
    for child in body:
        if child.tag != "row" and any(d.tag in _READ_BLOCKS for d in child.iterdescendants()):
            yield child.text or ""
            yield from _lines(child)
        else:
            yield " ".join(map(str, child.itertext())) if child.tag == "row" else "".join(map(str, child.itertext()))
        if child.tail:
            yield child.tail


def _is_elsewhere(blocks: Sequence[Block], sizes: Sequence[int], votes: Sequence[float], n_read: int) -> bool:
    """Whether a reading is less than the prose of the element with most of it, and holds hardly anything of that."""
    dense = [n * is_prose(b, n) for b, n in zip(blocks, sizes, strict=True)]
    in_parent: Counter[int] = Counter()
    voted: Counter[int] = Counter()
    for b, n, vote in zip(blocks, dense, votes, strict=True):
        in_parent[b.parent] += n
        voted[b.parent] += n * (vote > 0.5)
    top = max(in_parent, key=lambda k: (in_parent[k], -k), default=0)
    return n_read < in_parent[top] and voted[top] < _MIN_OF_PROSE * in_parent[top]


def _doubt(found: Sequence[float], sizes: Sequence[int]) -> float:
    """Return the share of words in doubt, of those that are chosen."""
    low, high = _DOUBT
    n_doubt = sum(n for p, n in zip(found, sizes, strict=True) if low < p < high)
    return n_doubt / max(1, sum(n for p, n in zip(found, sizes, strict=True) if p >= 0.5))


def _decided(found: Sequence[float], sizes: Sequence[int], votes: Sequence[float]) -> Choice:
    is_body = tuple(p >= 0.5 for p in found)
    n_ours = sum(n for n, own in zip(sizes, is_body, strict=True) if own)
    n_read = sum(n * v for n, v in zip(sizes, votes, strict=True))
    n_both = sum(n * v for n, v, own in zip(sizes, votes, is_body, strict=True) if own)
    agreed = 2 * n_both / max(1.0, n_ours + n_read)
    return Choice(is_body, agreed < _MIN_AGREED or _doubt(found, sizes) > _MAX_UNSURE)
