"""Gold attributions of a corpus as labels of the words of its paragraphs.

Covers from brat stand-off to training examples. For the network, see `network`.

Of several annotators of one document the first by file name counts, as in the scorer. Marks at the ends of a span are
left out of it: annotators differ on them, and the scorer ignores them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.encoding import Encoded, WordPieces, encode
from pipelines.core.attribution.model import LABELS
from pipelines.core.text.sentences import split_paragraphs
from pipelines.core.text.spans import Span
from pipelines.evaluation.attribution import Spans

_LABEL = {name: number for number, name in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Example:
    """One paragraph of a document.

    Attributes:
        doc: name of the document.
        start: offset of the paragraph in the document.
        text: the paragraph.
        encoded: it in numbers.
        labels: one label number a word.
    """

    doc: str
    start: int
    text: str
    encoded: Encoded
    labels: tuple[int, ...]


def read_examples(
    corpus: Iterable[tuple[str, str, Sequence[Spans]]], pieces_of: WordPieces, lexicon: CueLexicon
) -> list[Example]:
    """Return the paragraphs of (name, text, gold attributions) triples with their labels."""
    out: list[Example] = []
    for name, text, gold in corpus:
        for start, end in split_paragraphs(text):
            encoded = encode(text[start:end], pieces_of, lexicon)
            labels = label_words(text[start:end], encoded.tokens, [_moved(a, start, end) for a in gold])
            out.append(Example(name, start, text[start:end], encoded, labels))
    return out


def label_words(paragraph: str, tokens: Sequence[Span], gold: Iterable[Spans]) -> tuple[int, ...]:
    """Return the label of each word; where attributions overlap the later one is not drawn over the earlier."""
    labels = [0] * len(tokens)
    starts = [s for s, _ in tokens]
    is_word = [any(c.isalnum() for c in paragraph[s:e]) for s, e in tokens]

    def words_of(spans: Iterable[Span]) -> list[int]:
        found: set[int] = set()
        for s, e in spans:
            first = max(0, bisect_right(starts, s) - 1)
            found.update(k for k in range(first, len(tokens)) if tokens[k][0] < e and tokens[k][1] > s and is_word[k])
        return sorted(found)

    def draw(words: Sequence[int], name: str) -> None:
        before = None
        for k in words:
            if labels[k]:
                before = None
                continue
            goes_on = before is not None and not any(is_word[j] for j in range(before + 1, k))
            if goes_on and before is not None:
                labels[before + 1 : k] = [_LABEL[f"I-{name}"]] * (k - before - 1)
            labels[k] = _LABEL[f"{'I' if goes_on else 'B'}-{name}"]
            before = k

    for attribution in gold:
        cue = words_of(attribution.cue)
        if not cue:
            continue
        draw(cue, "cue")
        for role, spans in (("source", attribution.source), ("content", attribution.content)):
            words = words_of(spans)
            draw([k for k in words if k < cue[0]], f"{role}-right")
            draw([k for k in words if k > cue[0]], f"{role}-left")
    return tuple(labels)


def _moved(a: Spans, start: int, end: int) -> Spans:
    def moved(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple((max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start)

    return Spans(moved(a.source), moved(a.cue), moved(a.content))
