"""The learned tagger: paragraphs in, label probabilities out, by a small encoder that ships with the product.

Covers running the network and turning its scores into probabilities. For what it sees, see `encoding`; for joining
labels, see `linker`; for training, see `pipelines.training.attribution`.

One paragraph is run at a time. Paragraphs need no company (what stands elsewhere is never looked at), nothing is
padded, and as the weights' eight-bit arithmetic scales itself to its input, a paragraph's answer depends on it alone:
whatever the batch, the order or the number of workers, it is the same.

The chain over the labels is a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001); scores are its
marginals, found by the forward-backward algorithm.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipelines.core.attribution.confidence import Confidence, parse_confidence
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.encoding import Encoded, WordPieces, encode
from pipelines.core.attribution.judge import Judging, parse_judge
from pipelines.core.attribution.model import LABELS, TaggedParagraph
from pipelines.core.ids import sha256_hex
from pipelines.core.text.spans import Span

INPUTS = ("pieces", "shapes", "quotes", "cues", "firsts")
NAME_LABELS = (
    "O", "B-person", "I-person", "B-organization", "I-organization", "B-place", "I-place", "B-group", "I-group",
)  # fmt: skip
MAX_PIECES = 400
"""Longer paragraphs are run in windows; the encoder has 512 places."""
_MOST_PIECES = 500
_OVERLAP_WORDS = 40
_FLOOR = 6e-6
_SIDE_BY_SIDE = 64

Floats = npt.NDArray[np.float32]


class Session(Protocol):
    """The part of an ONNX Runtime session that is used."""

    def run(self, names: Sequence[str] | None, inputs: Mapping[str, npt.NDArray[np.int64]], /) -> Sequence[Floats]:
        """Return the outputs for the inputs."""
        ...


@dataclass(frozen=True, slots=True)
class NeuralTagger:
    """The Tagger that was learned; see the head of this module.

    Attributes:
        session: the loaded network.
        metadata: what the model file says of itself: name, version, chain, labels.
        model_sha256: hash of the model's files: the weights, the pieces that words are cut into, and the judge.
        pieces_of: a word to the ids of its pieces.
        frame: ids that stand before and after the pieces of an input.
        lexicon: the cue lexicon.
        judge_weights: the JSON of the judge.
    """

    session: Session
    metadata: Mapping[str, str]
    model_sha256: str
    pieces_of: WordPieces
    frame: tuple[int, int]
    lexicon: CueLexicon
    judge_weights: str
    chain: Floats = field(init=False)
    confidence: Confidence = field(init=False)
    judge: Judging = field(init=False)

    def __post_init__(self) -> None:
        if tuple(json.loads(self.metadata["labels"])) != LABELS:
            raise ValueError("the model file has other labels than this code: train it again")
        object.__setattr__(self, "chain", np.asarray(json.loads(self.metadata["chain"]), np.float32))
        object.__setattr__(self, "judge", parse_judge(self.judge_weights))
        object.__setattr__(self, "confidence", parse_confidence(self.metadata["confidence"]))

    @property
    def name(self) -> str:
        """Name of the tagger."""
        return self.metadata["name"]

    @property
    def version(self) -> str:
        """Version of the model."""
        return self.metadata["version"]

    @property
    def sha256(self) -> str:
        """Hash of the model's files, of the lexicon and of a user's own words."""
        return sha256_hex(f"{self.model_sha256}\n{self.lexicon.sha256}")

    def tag(self, paragraphs: Sequence[str]) -> list[TaggedParagraph]:
        """Tag each paragraph on its own; only the chain, which is the same arithmetic for each, is run side by side."""
        seen = [encode(paragraph, self.pieces_of, self.lexicon) for paragraph in paragraphs]
        raw = [self._scores(one) for one in seen]
        scores = log_marginals([labels for labels, _ in raw], self.chain)
        return [
            TaggedParagraph(one.tokens, tuple(map(tuple, rows.tolist())), _names(names, one.tokens))
            for one, rows, (_, names) in zip(seen, scores, raw, strict=True)
        ]

    def _scores(self, seen: Encoded) -> tuple[Floats, list[int] | None]:
        """Return the network's scores of the labels of each word, and the label of the head for names."""
        if not seen.tokens:
            return np.empty((0, len(LABELS)), np.float32), None
        parts = [self._run(seen, window) for window in _windows(seen)]
        labels = np.concatenate([part[0] for part in parts])
        if len(parts[0]) == 1:
            return labels, None
        return labels, np.concatenate([part[1] for part in parts]).argmax(1).tolist()

    def _run(self, seen: Encoded, window: tuple[int, int, int, int]) -> list[Floats]:
        """Return the scores of the words that a window keeps."""
        first, end, keep_from, keep_to = window
        start = seen.firsts[first]
        stop = seen.firsts[end] if end < len(seen.firsts) else len(seen.pieces)
        stop = min(stop, start + _MOST_PIECES)  # one endless word is cut
        at = np.asarray(seen.firsts[first:end], np.int64) - start
        at = np.minimum(at, stop - start - 1)
        owner = np.repeat(np.arange(first, end), np.diff(np.append(at, stop - start)))
        marks = np.zeros((3, stop - start + 2), np.int64)
        for row, values in enumerate((seen.shapes, seen.quotes, seen.cues)):
            marks[row, 1:-1] = np.asarray(values, np.int64)[owner]
        pieces = np.asarray([self.frame[0], *seen.pieces[start:stop], self.frame[1]], np.int64)
        given = dict(zip(INPUTS, (pieces, marks[0], marks[1], marks[2], at + 1), strict=True))
        return [out[keep_from - first : keep_to - first] for out in self.session.run(None, given)]


def _windows(seen: Encoded) -> Iterator[tuple[int, int, int, int]]:
    """Yield (first, end, keep_from, keep_to) word ranges; all is kept once, from the window where it lies deepest."""
    n = len(seen.tokens)
    firsts = (*seen.firsts, len(seen.pieces))
    first = kept = 0
    while True:
        end = first + 1
        while end < n and firsts[end + 1] - firsts[first] <= MAX_PIECES:
            end += 1
        keep_to = n if end == n else max(kept + 1, end - _OVERLAP_WORDS // 2)
        yield first, end, kept, keep_to
        if end == n:
            return
        kept = keep_to
        first = max(first + 1, kept - _OVERLAP_WORDS // 2)


def log_marginals(scores: Sequence[Floats], chain: Floats) -> list[Floats]:
    """Return the log probability of each label of each word of each paragraph, not below -12.

    Args:
        scores: a paragraph each: (words, labels), the network's.
        chain: (labels + 1, labels) transition scores; the last row is the start.
    """
    out: list[Floats] = [np.empty((0, chain.shape[1]), np.float32)] * len(scores)
    order = sorted((len(s), k) for k, s in enumerate(scores) if len(s))
    for at in range(0, len(order), _SIDE_BY_SIDE):
        group = [k for _, k in order[at : at + _SIDE_BY_SIDE]]
        for k, rows in zip(group, _marginals([scores[k] for k in group], chain), strict=True):
            out[k] = rows
    return out


def _marginals(scores: Sequence[Floats], chain: Floats) -> list[Floats]:
    """Forward-backward over paragraphs padded to one length, rescaled at each word so that nothing underflows."""
    lengths = np.asarray([len(s) for s in scores])
    n, k = int(lengths.max()), chain.shape[1]
    local = np.ones((len(scores), n, k))
    for row, s in enumerate(scores):
        local[row, : len(s)] = np.exp(s.astype(np.float64) - s.max(1, keepdims=True))
    step, start = np.exp(chain[:k].astype(np.float64)), np.exp(chain[k].astype(np.float64))
    on = np.arange(n)[None, :, None] < lengths[:, None, None]
    forward, back = np.empty_like(local), np.ones_like(local)
    forward[:, 0] = local[:, 0] * start
    for i in range(1, n):
        # Sums in a fixed order, not a matrix product: the result must not depend on how many stand side by side.
        here = (forward[:, i - 1, :, None] * step).sum(1) * local[:, i]
        here /= here.sum(1, keepdims=True)
        forward[:, i] = np.where(on[:, i], here, forward[:, i - 1])
    for i in range(n - 2, -1, -1):
        here = (step * (local[:, i + 1] * back[:, i + 1])[:, None, :]).sum(2)
        here /= here.sum(1, keepdims=True)
        back[:, i] = np.where(on[:, i + 1], here, 1.0)
    both = forward * back
    both /= both.sum(2, keepdims=True)
    logs = np.log(np.maximum(both, _FLOOR)).astype(np.float32)
    return [logs[row, : len(s)] for row, s in enumerate(scores)]


def _names(labels: Sequence[int] | None, tokens: Sequence[Span]) -> tuple[tuple[int, int, str], ...] | None:
    if labels is None:
        return None
    out: list[tuple[int, int, str]] = []
    start = -1
    for i, label in enumerate((*labels, 0)):
        goes_on = start >= 0 and label and label % 2 == 0 and label // 2 == (labels[start] + 1) // 2
        if start >= 0 and not goes_on:
            out.append((tokens[start][0], tokens[i - 1][1], NAME_LABELS[labels[start]][2:]))
            start = -1
        if start < 0 and label:
            start = i
    return tuple(out)
