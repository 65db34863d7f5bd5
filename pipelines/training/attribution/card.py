"""The figures of a trained model, as tables in Markdown.

Covers measuring on dev and writing it down. It does not cover what is said of data and stands in docs/model-card.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.core.attribution.candidates import shift
from pipelines.core.attribution.linker import link
from pipelines.core.attribution.model import Tagger
from pipelines.core.attribution.statements import statement_type
from pipelines.core.text.quotation_marks import parse_quotes
from pipelines.core.text.sentences import split_paragraphs
from pipelines.evaluation.attribution import Report, Spans, characters, evaluate, match_content
from pipelines.evaluation.calibration import Bin, calibration_error, equal_width_bins
from pipelines.training.attribution.calibrate import observe

Corpus = Sequence[tuple[str, str, Sequence[Spans]]]
TYPES = ("direct", "mixed", "indirect")


def predict(corpus: Corpus, tagger: Tagger) -> dict[str, list[Spans]]:
    """Return what the tagger and the linker find in each document."""
    out: dict[str, list[Spans]] = {}
    for name, text, _ in corpus:
        spans = split_paragraphs(text)
        tagged = tagger.tag([text[s:e] for s, e in spans])
        found = [
            shift(a, s) for (s, e), t in zip(spans, tagged, strict=True) for a in link(text[s:e], t, tagger.confidence)
        ]
        out[name] = [Spans(a.source, a.cue, a.content) for a in found if a.content]
    return out


def write(dev: Corpus, tagger: Tagger) -> str:
    """Return the tables: scores, scores by type, calibration."""
    predicted = predict(dev, tagger)
    report = evaluate({n: t for n, t, _ in dev}, {n: g for n, _, g in dev}, predicted)
    _, right, sure = observe(dev, tagger)
    bins = equal_width_bins(zip(sure, right, strict=True))
    return "\n\n".join((_scores(report), _by_type(dev, predicted), _calibration(bins))) + "\n"


def _scores(r: Report) -> str:
    rows = [
        ("content (IoU >= .5)", r.content),
        ("content, strict", r.content_strict),
        ("content + source", r.content_and_source),
    ]
    lines = [f"| {n} | {100 * s.precision:.1f} | {100 * s.recall:.1f} | **{100 * s.f1:.1f}** |" for n, s in rows]
    return "\n".join([f"| dev, {r.n_documents} articles | precision | recall | F1 |", "|---|---|---|---|", *lines])


def _by_type(dev: Corpus, predicted: dict[str, list[Spans]]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    for name, text, gold in dev:
        quotes = [(q.inner_start, q.inner_end) for q in parse_quotes(text, split_paragraphs(text)) if not q.depth]
        kinds = [
            [
                statement_type(
                    a.content, [q for q in quotes if q[0] < a.content[-1][1] and q[1] > a.content[0][0]], text
                )
                for a in side
            ]
            for side in (predicted[name], gold)
        ]
        for which, side in zip(("predicted", "gold"), kinds, strict=True):
            counts.update((which, kind) for kind in side)
        contents = [[characters(text, a.content) for a in side] for side in (predicted[name], gold)]
        for i, j in match_content(contents[0], contents[1]):
            counts["precise", kinds[0][i]] += 1
            counts["recalled", kinds[1][j]] += 1
    lines = []
    for kind in TYPES:
        p = counts["precise", kind] / max(1, counts["predicted", kind])
        r = counts["recalled", kind] / max(1, counts["gold", kind])
        f = 200 * p * r / (p + r) if p + r else 0.0
        lines.append(f"| {kind} | {counts['gold', kind]} | {100 * p:.1f} | {100 * r:.1f} | {f:.1f} |")
    return "\n".join(["| content by type | gold | precision | recall | F1 |", "|---|---|---|---|---|", *lines])


def _calibration(bins: Sequence[Bin]) -> str:
    lines = [f"| {b.confidence:.2f} | {b.right:.2f} | {b.n} | {'#' * round(40 * b.right)} |" for b in bins]
    head = f"Expected calibration error on dev: {calibration_error(bins):.3f} (content and source both right)."
    return "\n".join([head, "", "| mean confidence | share right | statements | |", "|---|---|---|---|", *lines])
