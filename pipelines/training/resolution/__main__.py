"""Trains the scorer of speakers and writes the file that ships, and its card.

    python -m pipelines.training.resolution --corpora ../shared/corpora [--out pipelines/reference/speakers]

Learns from labels.jsonl (articles of news_unlabelled and html), made_up.jsonl (made-up articles, annotated as they were
written), gum but for Wikinews, and gap-development. Nothing of who_said_what, Wikinews, PolNeAR or gap-test is read.
Some five minutes on one core; the same input gives the same file.

Covers the order of the steps.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pipelines.compute.worker import SPEAKERS_DIR, reference
from pipelines.core.resolution.scorer import Layer, Scorer
from pipelines.training import attribution
from pipelines.training.resolution import calibrate, card, corpora, targets
from pipelines.training.resolution.fit import Example, examples_of, fit, scorer_of

NETWORKS = 25
_FIRST_NETWORKS = 2
MADE_UP_WEIGHT, GUM_WEIGHT, GAP_WEIGHT = 1.0, 0.1, 0.1
"""What an example of another genre, or of made-up news, counts beside one of news."""
MADE_UP_TEXTS = Path(attribution.__file__).with_name("labels") / "made_up"
Source = tuple[corpora.Texts, targets.Target, float]
"""Texts, what gold says of them, and what an example of them counts."""


def main(argv: Sequence[str] | None = None) -> int:
    """Train, calibrate, write; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with news_unlabelled/, gum/ and gap/")
    parser.add_argument("--out", type=Path, default=SPEAKERS_DIR)
    parser.add_argument("--curve", action="store_true", help="also print the learning curve over data sources")
    options = parser.parse_args(argv)
    labelled, gum, gap = learned_from(options.corpora)
    print(f"examples: {len(labelled)} labelled, {len(gum)} of gum, {len(gap)} of gap", flush=True)
    if options.curve:
        print(card.learning_curve(labelled, gum, gap), flush=True)
    answers = calibrate.answers_out_of_fold(labelled, [*gum, *gap], 2)
    curves = calibrate.curves_of(answers)
    layers = fit([*labelled, *gum, *gap], NETWORKS)
    scorer = Scorer(scorer_of(layers).names, layers, curves, calibrate.LEAST)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "scorer.json").write_text(dumped(scorer), encoding="utf-8")
    (options.out / "README.md").write_text(card.written(answers, curves, labelled, gum, gap), encoding="utf-8")
    print((options.out / "README.md").read_text(encoding="utf-8"))
    return 0


def learned_from(folder: Path) -> tuple[list[Example], list[Example], list[Example]]:
    """Return the examples of labelled articles, of gum and of gap-development.

    They are made twice: what gold says nothing of is linked by a first scorer in the second round.
    """
    sources = [[news_of(folder), made_up()], [gum_of(folder)], [gap_of(folder)]]
    guide: Scorer | None = None
    for _ in range(2):
        news, gum, gap = ([e for s in some for e in examples_of(*s, guide)] for some in sources)
        guide = scorer_of(fit([*news, *gum, *gap], _FIRST_NETWORKS)) if guide is None else guide
    return news, gum, gap


def news_of(folder: Path) -> Source:
    """Return the articles that were labelled by reading."""
    labels = corpora.read_labels()
    texts = corpora.extracted(list(corpora.read_labelled(folder, {x.doc for x in labels})))
    return texts, targets.by_labels(texts, labels, reference()), 1.0


def made_up() -> Source:
    """Return the made-up articles, which name the speaker of each statement as they were written."""
    labels = corpora.read_labels(corpora.MADE_UP)
    docs = sorted({x.doc for x in labels})
    texts = corpora.extracted([(d, (MADE_UP_TEXTS / f"{d}.txt").read_text(encoding="utf-8")) for d in docs])
    return texts, targets.by_labels(texts, labels, reference()), MADE_UP_WEIGHT


def gum_of(folder: Path) -> Source:
    """Return the documents of gum."""
    articles = list(corpora.read_gum(folder / "gum"))
    gold = corpora.coreference(articles)
    more: list[corpora.More] = [(doc, *span, "pronoun", None) for doc, g in gold.items() for span in sorted(g.asked)]
    texts = corpora.with_mentions(corpora.extracted([(a["doc"], a["text"]) for a in articles]), more)
    return texts, targets.by_coreference(gold), GUM_WEIGHT


def gap_of(folder: Path) -> Source:
    """Return the rows of gap-development."""
    rows = corpora.read_gap(folder / "gap" / "gap-development.tsv")
    texts = corpora.with_mentions(corpora.extracted([(r["ID"], r["Text"]) for r in rows]), corpora.gap_mentions(rows))
    return texts, targets.by_pairs(rows), GAP_WEIGHT


def dumped(scorer: Scorer) -> str:
    """Return a scorer as the text of its file."""

    def part(layer: Layer) -> dict[str, object]:
        return {"w": layer.w.tolist(), "b": layer.b.tolist(), "v": layer.v.tolist()}

    return json.dumps(
        {
            "names": scorer.names,
            "least": scorer.least,
            "curves": scorer.curves,
            "layers": [part(x) for x in scorer.layers],
        },
        separators=(",", ":"),
    )


if __name__ == "__main__":
    sys.exit(main())
