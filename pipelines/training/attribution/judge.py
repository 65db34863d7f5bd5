"""Fits the judge: which candidates are statements, which are core, and whose spans are right.

    python -m pipelines.training.attribution.judge --read FILE --texts DIR [--read FILE --texts DIR ...] -o judge.json

The labels are made by reading (see `readings`); a candidate of the present tagger takes the label that its content and
cue overlap. Prints, out of fold by document, how often each answer is right and how well its probability is calibrated.

Covers matching candidates to labels, the fit, cross-validation. For the marks, see core/attribution/judge_features.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipelines.commands.article_lines import text_rows
from pipelines.compute.worker import MODEL_DIR, lexicon, load_tagger
from pipelines.core.attribution import NeuralTagger, extract
from pipelines.core.attribution.judge import QUESTIONS, Judgement, Marks
from pipelines.core.text.spans import Span
from pipelines.evaluation.attribution import characters
from pipelines.evaluation.calibration import calibration_error, equal_mass_bins
from pipelines.training.attribution.readings import Reading, parse_readings

RIDGE = 3.0
FOLDS = 8
LEAST = 3
"""A mark that fewer candidates bear gets no weight."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate of the present tagger with its label.

    Attributes:
        doc: its document.
        marks: what is seen of it.
        verdict: core, extended or none.
        is_right: whether content and source are right.
    """

    doc: str
    marks: Marks
    verdict: str
    is_right: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Fit on all labels, say how right it is out of fold, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.training.attribution.judge")
    parser.add_argument("--read", type=Path, action="append", required=True, help="labels made by reading, JSON lines")
    parser.add_argument("--texts", type=Path, action="append", required=True, help="folder of their texts, DOC.txt")
    parser.add_argument(
        "--full", type=Path, action="append", default=[], help="those of the labels that leave no statement out"
    )
    parser.add_argument("--model", type=Path, default=MODEL_DIR, help="folder of the tagger")
    parser.add_argument("-o", "--output", type=Path, required=True, help="file for the weights")
    args = parser.parse_args(argv)
    tagger = load_tagger(args.model, lexicon())
    candidates: list[Candidate] = []
    for file, folder in zip(args.read, args.texts, strict=True):
        with file.open(encoding="utf-8") as lines:
            readings = parse_readings(lines)
        texts = {doc: (folder / f"{doc}.txt").read_bytes().decode("utf-8") for doc in readings}
        candidates += observe(texts, readings, tagger, is_full=file in args.full)
    weights = {question: fit_question(question, candidates) for question in QUESTIONS}
    args.output.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def observe(
    texts: Mapping[str, str], readings: Mapping[str, Sequence[Reading]], tagger: NeuralTagger, *, is_full: bool = False
) -> list[Candidate]:
    """Return the candidates of the body that have a label; where labels are full, the others are no statements."""
    names = sorted(texts)
    seen: dict[str, Marks] = {}
    found = extract(text_rows([(name, texts[name]) for name in names]), recording(tagger, seen), lexicon())
    spans: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for row in found.statement_spans.iter_rows(named=True):
        spans[row["statement_id"]][row["span_kind"]].append((row["char_start"], row["char_end"]))
    out: list[Candidate] = []
    judged = zip(found.statements.iter_rows(named=True), seen.values(), strict=True)
    for row, marks in judged:
        doc = names[int(row["version_id"])]
        if row["depth"] or row["section"] != "body":
            continue
        label = label_of(texts[doc], spans[row["statement_id"]], readings[doc])
        if label or is_full:
            out.append(Candidate(doc, marks, *(label or ("none", False))))
    return out


def recording(tagger: NeuralTagger, seen: dict[str, Marks]) -> NeuralTagger:
    """Return a tagger whose judge notes the marks of each candidate, in the order of the statements."""

    def judge(marks: Marks) -> Judgement:
        seen[str(len(seen))] = marks
        return Judgement(1.0, 1.0, 1.0)

    out = replace(tagger)
    object.__setattr__(out, "judge", judge)
    return out


def label_of(text: str, spans: Mapping[str, Sequence[Span]], readings: Sequence[Reading]) -> tuple[str, bool] | None:
    """Return (verdict, whether content and source are right) by the label that fits, None where none does."""
    content, cue, source = (characters(text, spans.get(kind, ())) for kind in ("content", "cue", "source"))
    best: tuple[float, Reading | None] = (0.0, None)
    same_cue: list[str] = []
    for r in readings:
        other, its_cue = characters(text, r.spans.content), characters(text, r.spans.cue)
        if not (cue & its_cue or not (cue or its_cue)):
            continue
        same_cue.append(r.verdict)
        iou = len(content & other) / max(1, len(content | other))
        best = max(best, (iou, r), key=lambda pair: pair[0])
    iou, reading = best
    if reading is None or iou < 0.5:
        return ("none", False) if cue and same_cue and set(same_cue) == {"none"} else None
    its_source = characters(text, reading.spans.source)
    right = reading.verdict != "none" and (bool(source & its_source) or not its_source)
    return reading.verdict, right


def fit_question(question: str, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return the weights of one question, and print how right its answers are out of fold."""
    counts = Counter(mark for c in candidates for mark in c.marks)
    names = sorted(mark for mark, n in counts.items() if n >= LEAST)
    x = matrix([c.marks for c in candidates], names)
    y = np.asarray([truth(question, c) for c in candidates], float)
    fold = np.asarray([int(hashlib.sha256(c.doc.encode()).hexdigest(), 16) % FOLDS for c in candidates])
    said = np.zeros(len(y))
    for k in range(FOLDS):
        said[fold == k] = probability(x[fold == k], logistic(x[fold != k], y[fold != k]))
    error = calibration_error(equal_mass_bins(zip(said.tolist(), (y > 0.5).tolist(), strict=True)))
    accuracy = ((said >= 0.5) == (y > 0.5)).mean()
    print(f"{question}: {len(y)} candidates, {y.mean():.3f} yes; right out of fold {accuracy:.3f}, ", end="")
    print(f"calibration error {error:.3f}")
    return {name: round(float(w), 3) for name, w in zip(names, logistic(x, y), strict=True) if abs(w) >= 0.0005}


def truth(question: str, c: Candidate) -> bool:
    """Return the answer that the label gives."""
    return {"statement": c.verdict != "none", "core": c.verdict == "core", "right": c.is_right}[question]


def matrix(marks: Sequence[Marks], names: Sequence[str]) -> Floats:
    """Return (candidates, names) values of marks."""
    place = {name: k for k, name in enumerate(names)}
    out = np.zeros((len(marks), len(names)))
    for row, own in enumerate(marks):
        for name, value in own.items():
            if name in place:
                out[row, place[name]] = value
    return out


def logistic(x: Floats, y: Floats) -> Floats:
    """Return the weights of a ridge logistic regression, by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = probability(x, w)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(w))
        step = np.linalg.solve(hessian, x.T @ (p - y) + RIDGE * w)
        w -= step
        if np.abs(step).max() < 1e-7:
            break
    return w


def probability(x: Floats, w: Floats) -> Floats:
    """Return what the weights say of each row."""
    return 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))


if __name__ == "__main__":
    sys.exit(main())
