"""``python -m pipelines.bench.body_fit --corpora DIR``: the weights of the body's features, fitted and cross-validated.

Covers the fit, its priors, and what each part brings. For the features, see core/documents/body_features; for the score
of the benchmark, see `bodies`.

A logistic regression over blocks. Every page counts the same, longer blocks count more. Rules of thumb stand in for
pages that we do not have: each feature may weigh only in the direction that it has for any site, and some start from
a weight of their own, from which few pages cannot move them far. Nothing is fitted to a site.

Cross-validated: fitted on one half of the pages, scored on the other, and the other way round, for several halvings.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.bench.bodies import Page, Score, page_score, pages, shingles
from pipelines.core.documents.body_choice import MODES, read
from pipelines.core.documents.body_features import FEATURES, features, n_words
from pipelines.core.documents.decode import declared_charset, decode
from pipelines.core.documents.html import hints_of, tidied
from pipelines.core.documents.html_body import parse_tree
from pipelines.core.documents.html_meta import Meta, read_meta
from pipelines.core.documents.page_blocks import Block, blocks
from pipelines.core.documents.plain_text import lay_out
from pipelines.core.documents.quality import body_of

Floats = NDArray[np.float64]
ASKED: Mapping[str, tuple[str, ...]] = {"none": (), "fast": ("fast",), "both": ("fast", "precision")}
"""Which readings vote, by the name of their weights."""
RIDGE = 10.0
"""How hard a weight is held to its prior, against 30 for each page."""
HALVINGS = 8
PRIORS: Mapping[str, float] = {
    "in_comment": -1, "in_related": -1, "in_share": -0.5, "in_signup": -1, "in_caption": -0.7, "in_ad": -1,
    "in_cookie": -1, "in_menu": -0.5, "in_side": -0.7, "in_foot": -1, "in_form": -1, "in_header": -0.5, "in_body": 0.5,
    "boilerplate": -2, "navigation": -1, "declared": 2, "undeclared": -2.5, "link_line": -1.5, "is_headline": -2,
    "is_byline": -2, "tag_figcaption": -1.5, "repeated": -0.7, "stamp": -0.7, "by": -0.7, "label_and_link": -0.7,
    "tag_h1": -1, "symbols": -0.3, "sentence": 0.5, "before_title": -2,
}  # fmt: skip
"""Where a weight starts; the others start at 0."""
SET: Mapping[str, float] = {"bio": -3, "pitch": -2, "pitch_1": -2, "pitch_2": -2, "teaser": -2, "credited": -2}
"""Weights that are set and not fitted: these pages hardly have what they are for, and others would give way to them."""
RISING = frozenset((
    "vote_fast", "vote_precision", "vote_dense", "vote_least", "prose_share", "share_1", "share_2", "density_1",
    "density_2", "inside", "previous", "second_previous", "next_length", "declared", "long", "sentence", "opens_quote",
    "in_body", "in_article", "tag_p",
))  # fmt: skip
"""Features that can only speak for a block."""
FALLING = frozenset((
    "before", "after", "previous_link", "undeclared", "repeated", "is_headline", "is_byline", "capitals", "symbols",
    "stamp", "by", "link_line", "label_and_link", "boilerplate", "navigation", "tag_h1", "tag_figcaption",
    "before_title",
    *(f"in_{m}" for m in ("comment", "related", "share", "signup", "caption", "ad", "cookie", "menu", "side", "foot",
                          "header", "form", "head", "pullquote")),
))  # fmt: skip
"""Features that can only speak against one."""
OURS = frozenset(("boilerplate", "navigation"))
"""Features made of our own patterns, which were written looking at these pages."""


@dataclass(frozen=True)
class Example:
    """A page: its blocks, their features under each set of readings, what is the article, what a block counts."""

    page: Page
    blocks: list[Block]
    meta: Meta
    rows: Mapping[str, Floats]
    is_body: Floats
    counts: Floats


def example(page: Page) -> Example:
    """Read a page as `html.read_html` does, up to the choice."""
    tree = parse_tree(decode(page.content, declared_charset(page.content)).text)
    meta = read_meta(tree, None, None)
    found = blocks(tree)
    read_all = {mode: read(tree, mode) for mode in MODES}
    rows = {}
    for asked, modes in ASKED.items():
        named = features(found, {m: read_all[m] for m in modes}, hints_of(meta))
        rows[asked] = np.array([[row.get(name, 0.0) for name in FEATURES] for row in named])
    sizes = np.array([n_words(b.text) for b in found], dtype=np.float64)
    counts = np.sqrt(np.minimum(sizes, 60)) + 0.2
    counts[sizes < 4] *= 0.5
    counts[sizes == 0] = 0.0
    return Example(page, found, meta, rows, _labels(found, page.body), 30 * counts / counts.sum())


def _labels(found: Sequence[Block], body: str) -> Floats:
    """Return which blocks are of the true body: by their runs of four words, a short one by its words in order."""
    runs = shingles(body)
    words = [list(shingles(b.text)) for b in found]
    text = " ".join(["", *re.findall(r"\w+", body), ""])
    share = [sum(w in runs for w in own) / len(own) if own and len(own[0]) == 4 else 0.0 for own in words]
    long = [i for i, b in enumerate(found) if share[i] > 0.5 and n_words(b.text) >= 8]
    low, high = (long[0] - 2, long[-1] + 2) if long else (0, 0)
    for i, own in enumerate(words):
        if own and len(own[0]) < 4 and low <= i <= high:
            share[i] = float(f" {' '.join(own[0])} " in text)
    return np.array([float(s >= 0.5) for s in share])


def fit(examples: Sequence[Example], asked: str, without: Collection[str] = ()) -> dict[str, float]:
    """Return the weights of the features, each on the side that it may have.

    Args:
        examples: The pages to fit on.
        asked: Which readings vote.
        without: Features that are left out.
    """
    rows = np.vstack([e.rows[asked] for e in examples])
    names = [*FEATURES, "bias"]
    prior = np.array([PRIORS.get(n, 0.0) for n in names])
    sign = np.array([(n in RISING) - (n in FALLING) for n in names])
    is_set = {n: w for n, w in SET.items() if n not in frozenset(without)}
    is_free = np.array([n not in {*without, *SET} for n in names])
    is_free[:-1] &= rows.any(axis=0)
    inputs = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.full(len(names), RIDGE)
    ridge[-1] = 1e-3
    target = np.concatenate([e.is_body for e in examples])
    counts = np.concatenate([e.counts for e in examples])
    weights = np.where(is_free, prior, 0.0)
    while True:
        weights = _newton(inputs, target, counts, weights, prior, ridge, is_free)
        wrong = is_free & (weights * sign < 0)
        if not wrong.any():
            fitted = {n: round(float(w), 3) for n, w in zip(names, weights, strict=True) if abs(w) >= 0.005}
            return fitted | is_set
        weights[wrong] = 0.0
        is_free &= ~wrong


def _newton(
    inputs: Floats, target: Floats, counts: Floats, weights: Floats, prior: Floats, ridge: Floats,
    is_free: NDArray[np.bool_],
) -> Floats:  # fmt: skip
    weights = weights.copy()
    free = inputs[:, is_free]
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = free.T @ (counts * (chance - target)) + (ridge * (weights - prior))[is_free]
        bend = (free * (counts * chance * (1 - chance) + 1e-9)[:, None]).T @ free + np.diag(ridge[is_free])
        step = np.linalg.solve(bend, slope)
        weights[is_free] -= step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def body(e: Example, asked: str, weights: Mapping[str, float], *, is_tidied: bool) -> str:
    """Return the body that weights choose; tidied as a page's is, or the blocks as they are."""
    vector = np.array([weights.get(name, 0.0) for name in FEATURES])
    is_body = e.rows[asked] @ vector + weights.get("bias", 0.0) >= 0
    chosen = [b.text for b, own in zip(e.blocks, is_body, strict=True) if own]
    if not is_tidied:
        return "\n\n".join(chosen)
    text = "\n\n".join(tidied(chosen, e.meta.headline, e.meta.byline, []))
    return body_of(text, lay_out(text, headline=e.meta.headline, guess=False).sections)


def halved(examples: Sequence[Example], asked: str, without: Collection[str], *, is_tidied: bool) -> list[Score]:
    """Return a score for every halving: each page read by weights that were fitted on the other half."""
    out = []
    for seed in range(HALVINGS):
        order = np.random.default_rng(seed).permutation(len(examples))
        half = len(order) // 2
        found: list[tuple[float, float]] = []
        for fitted_on, scored in ((order[:half], order[half:]), (order[half:], order[:half])):
            weights = fit([examples[i] for i in fitted_on], asked, without)
            for i in scored:
                found.append(page_score(body(examples[i], asked, weights, is_tidied=is_tidied), examples[i].page.body))
        precision, recall = np.mean(found, axis=0)
        out.append(Score(float(precision), float(recall)))
    return out


def main() -> int:
    """Print the scores by part, cross-validated, and the weights fitted on all pages."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench.body_fit", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with html/")
    examples = [example(page) for page in pages(parser.parse_args().corpora / "html")]
    votes = {f for f in FEATURES if f.startswith("vote_")}
    marks = {f for f in FEATURES if f.startswith(("in_", "tag_"))}
    parts: list[tuple[str, str, Collection[str], bool]] = [
        ("no library", "none", (), True),
        ("fast mode", "fast", (), True),
        ("fast and precision", "both", (), True),
        ("  not tidied", "both", (), False),
        ("  without our patterns, not tidied", "both", OURS, False),
        ("  without marks of elements", "both", marks, True),
        ("  without the densest part", "both", {"vote_dense", "prose_share"}, True),
        ("  without JSON-LD's body", "both", {"declared", "undeclared"}, True),
        ("  votes alone, not tidied", "both", set(FEATURES) - votes, False),
    ]
    print(f"{len(examples)} pages, fitted on half, {HALVINGS} halvings   precision  recall      F1   worst")
    for name, asked, without, is_tidied in parts:
        scores = halved(examples, asked, without, is_tidied=is_tidied)
        line = [_mean(scores, lambda s: s.precision), _mean(scores, lambda s: s.recall), _mean(scores, lambda s: s.f1)]
        print(f"{name:<40} {line[0]:.4f}  {line[1]:.4f}  {line[2]:.4f}  {min(s.f1 for s in scores):.4f}")
    print(f"WEIGHTS: Mapping[str, Mapping[str, float]] = { ({asked: fit(examples, asked) for asked in ASKED})!r}")
    return 0


def _mean(scores: Sequence[Score], of: Callable[[Score], float]) -> float:
    return sum(map(of, scores)) / len(scores)


if __name__ == "__main__":
    raise SystemExit(main())
