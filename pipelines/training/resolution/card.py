"""The figures of a trained scorer, in Markdown.

Covers writing down what was measured on documents that the networks have not seen. For measuring whole articles, see
`pipelines.bench.speakers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.evaluation.calibration import calibration_error, equal_mass_bins
from pipelines.training.resolution.calibrate import (
    COST,
    LEAST,
    Answer,
    answers_out_of_fold,
    calibrated,
    wrong_against_missing,
)
from pipelines.training.resolution.fit import Example

_HEAD = """# The scorer of speakers: model card

Made by `python -m pipelines.training.resolution`; written by it, not by hand.

What it does: given a pronoun, a role or a description of a news article and the actors that the article names, it says
how likely each of them is meant, or the described actor itself, or nobody. All it sees is of the text,
but for one thing: a first name that 96 of 100 who have it are women is not "he", nor the other way round "she", unless
the text tells otherwise (first_names.csv, from nomquamgender 0.1.4, MIT). No row's gender comes from it.

Data: labels of {articles} articles (of news_unlabelled and html, made by reading: offsets and names; made-up ones,
annotated as they were written), gum but for Wikinews (CC BY 4.0 annotation), gap-development (Apache-2.0).
{labelled} + {gum} + {gap} expressions.

Below: answers about labelled articles by networks that have not seen them ({folds} folds by document).
"""


def written(
    answers: Sequence[Answer], curves: Mapping[str, tuple[float, float]], labelled: Sequence[Example],
    gum: Sequence[Example], gap: Sequence[Example],
) -> str:  # fmt: skip
    """Return the card."""
    cases = calibrated(answers, curves)
    head = _HEAD.format(
        articles=len({e.doc for e in labelled}), labelled=len(labelled), gum=len(gum), gap=len(gap), folds=5
    )
    bars = "\n".join(f"| {a:.2f} | {b:.3f} | {c:.3f} | {d:.3f} |" for a, b, c, d in wrong_against_missing(cases))
    error = calibration_error(equal_mass_bins(cases))
    return (
        f"{head}\n{_by_form(answers)}\n\nExpected calibration error, five bins of equal mass: {error:.3f}\n\n"
        f"| an answer stands from | right | wrong | none |\n|---|---|---|---|\n{bars}\n\n"
        f"The bar is {LEAST:.1f}. A wrong answer counts as {COST:.0f} missing ones.\n"
    )


def _by_form(answers: Sequence[Answer]) -> str:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for form, _, ok in answers:
        total[form] += 1
        right[form] += ok
    rows = [f"| {form} | {right[form]} of {n} | {right[form] / n:.3f} |" for form, n in total.most_common()]
    everything = f"| all | {right.total()} of {total.total()} | {right.total() / max(1, total.total()):.3f} |"
    return "\n".join(["| form | right | share |", "|---|---|---|", *rows, everything])


def learning_curve(labelled: Sequence[Example], gum: Sequence[Example], gap: Sequence[Example]) -> str:
    """Return the share of right answers for several sets of data to learn from."""
    sets: list[tuple[str, list[Example], list[Example]]] = [
        ("labels, a quarter of the articles", _share(labelled, 4), []),
        ("labels, half of the articles", _share(labelled, 2), []),
        ("labels", list(labelled), []),
        ("labels, gum", list(labelled), list(gum)),
        ("labels, gap", list(labelled), list(gap)),
        ("labels, gum, gap", list(labelled), [*gum, *gap]),
    ]
    lines = []
    for name, own, more in sets:
        answers = answers_out_of_fold(labelled, more, 1, own)
        lines.append(f"{name}: {sum(ok for _, _, ok in answers) / len(answers):.3f}")
    return "\n".join(lines)


def _share(examples: Sequence[Example], of: int) -> list[Example]:
    docs = sorted({e.doc for e in examples})[::of]
    return [e for e in examples if e.doc in docs]
