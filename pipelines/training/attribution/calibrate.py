"""Fits the curve from what is measured of an attribution to the probability that it is right.

Covers the fit, and what it is fitted to. For the features, see core/attribution/confidence; for the calibration error,
see evaluation/calibration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np

from pipelines.core.attribution.candidates import shift
from pipelines.core.attribution.confidence import FEATURES, Features
from pipelines.core.attribution.linker import link
from pipelines.core.attribution.model import Tagger
from pipelines.core.text.sentences import split_paragraphs
from pipelines.evaluation.attribution import Spans, characters, match_content

RIDGE = 1.0


def observe(
    corpus: Iterable[tuple[str, str, Sequence[Spans]]], tagger: Tagger
) -> tuple[list[Features], list[bool], list[float]]:
    """Return the features of what the tagger finds, whether it is right, and the confidence it has now.

    What a mark attributes (see `lead_ins`) is left out: it is no matter of the model.
    """
    seen: list[Features] = []
    right: list[bool] = []
    sure: list[float] = []

    def note(features: Features) -> float:
        noted.append(features)
        return tagger.confidence(features)

    for _, text, gold in corpus:
        paragraphs = split_paragraphs(text)
        found: list[Spans] = []
        of_found: list[Features | None] = []
        for (start, end), tagged in zip(paragraphs, tagger.tag([text[s:e] for s, e in paragraphs]), strict=True):
            noted: list[Features] = []
            attributions = link(text[start:end], tagged, note, least=0.0)
            for k, a in enumerate(attributions):
                b = shift(a, start)
                found.append(Spans(b.source, b.cue, b.content))
                of_found.append(noted[k] if noted else None)
        contents = [characters(text, a.content) for a in found]
        wanted = [(characters(text, g.content), characters(text, g.source)) for g in gold]
        matched = dict(match_content(contents, [c for c, _ in wanted]))
        for k, (a, features) in enumerate(zip(found, of_found, strict=True)):
            if features is None or not contents[k]:
                continue
            source = characters(text, a.source)
            gold_source = wanted[matched[k]][1] if k in matched else frozenset()
            seen.append(features)
            right.append(k in matched and (bool(source & gold_source) or not (source or gold_source)))
            sure.append(tagger.confidence(features))
    return seen, right, sure


def fit_confidence(seen: Sequence[Features], right: Sequence[bool]) -> str:
    """Return the curve as JSON: ridge logistic regression by Newton's method."""
    x, y = np.asarray(seen), np.asarray(right, float)
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + RIDGE * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return json.dumps({name: round(float(v), 4) for name, v in zip(FEATURES, w, strict=True)})
