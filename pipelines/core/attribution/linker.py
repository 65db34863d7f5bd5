"""From label scores to attributions: the best legal labelling, then which source and content belong to which cue.

Belongs here: decoding and joining, the same for every tagger. Does not belong here: scores (see `rules`), or
anything beyond
one paragraph (see `extract`).

The labels say on which side a span's cue stands, so a span joins the nearest cue on that side. A cue without a
source of
its own shares the source of the cue before it when its clause has no subject (`and said`, `, adding that`).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipelines.core.attribution.model import LABELS, OUTSIDE, Attribution, Span, TaggedParagraph
from pipelines.core.attribution.sentences import split_sentences

_N = len(LABELS)
_ELIDED_BEFORE = re.compile(r"(?:[,;–—-]|\b(?:and|but|or|then))\s*$", re.IGNORECASE)
_TRIM = ",;: \t\r\n-–—"


def decode(scores: Sequence[Sequence[float]]) -> list[int]:
    """Return the label sequence with the highest sum of scores in which each I- label follows its B- or I- label.

    Viterbi; as only I- labels constrain what comes before them, each step costs one pass over the labels.
    """
    if not scores:
        return []
    legal_first = [s if k == OUTSIDE or k % 2 else -math.inf for k, s in enumerate(scores[0])]
    best = legal_first
    back: list[list[int]] = []
    for row in scores[1:]:
        top = max(range(_N), key=best.__getitem__)
        pointers = [top] * _N
        step = [0.0] * _N
        for k in range(_N):
            if k == OUTSIDE or k % 2:
                step[k] = best[top] + row[k]
                continue
            before = k - 1 if best[k - 1] >= best[k] else k
            pointers[k] = before
            step[k] = best[before] + row[k]
        back.append(pointers)
        best = step
    label = max(range(_N), key=best.__getitem__)
    out = [label]
    for pointers in reversed(back):
        label = pointers[label]
        out.append(label)
    out.reverse()
    return out


def link(paragraph: str, tagged: TaggedParagraph) -> list[Attribution]:
    """Return the attributions of a paragraph, in the order of their cues; offsets are the paragraph's.

    A cue without content and content without a cue give nothing.
    """
    labels = decode(tagged.scores)
    runs = _runs(labels)
    cues = [(first, end) for role, first, end in runs if role == "cue"]
    if not cues:
        return []
    sources: dict[int, list[Span]] = {}
    contents: dict[int, list[Span]] = {}
    starts = [first for first, _ in cues]
    for role, first, end in runs:
        if role == "cue":
            continue
        kind, side = role.split("-")
        number = bisect_left(starts, end) if side == "right" else bisect_right(starts, first) - 1
        if 0 <= number < len(cues):
            (sources if kind == "source" else contents).setdefault(number, []).append((first, end))
    sentence_starts = [s for s, _ in split_sentences(paragraph)]
    out: list[Attribution] = []
    for number, cue in enumerate(cues):
        content = contents.get(number)
        source, shared = sources.get(number, []), False
        if not source and number:
            source = _shared_source(paragraph, tagged, cues, sources, number, sentence_starts)
            shared = bool(source)
            if shared:
                sources[number] = source
        if content:
            out.append(_attribution(paragraph, tagged, labels, cue, source, content, shared))
    return [a for a in out if a.content]


def _runs(labels: Sequence[int]) -> list[tuple[str, int, int]]:
    out: list[tuple[str, int, int]] = []
    start = -1
    for i, label in enumerate((*labels, OUTSIDE)):
        goes_on = start >= 0 and label and label % 2 == 0 and (labels[start] + 1 == label)
        if start >= 0 and not goes_on:
            out.append((LABELS[labels[start]][2:], start, i))
            start = -1
        if start < 0 and label:
            start = i
    return out


def _shared_source(
    paragraph: str,
    tagged: TaggedParagraph,
    cues: Sequence[Span],
    sources: dict[int, list[Span]],
    number: int,
    starts: Sequence[int],
) -> list[Span]:
    here = tagged.tokens[cues[number][0]][0]
    before = tagged.tokens[cues[number - 1][0]][0]
    if bisect_right(starts, here) != bisect_right(starts, before):
        return []
    return sources.get(number - 1, []) if _ELIDED_BEFORE.search(paragraph[max(0, here - 8) : here]) else []


def _attribution(
    paragraph: str,
    tagged: TaggedParagraph,
    labels: Sequence[int],
    cue: Span,
    source: Sequence[Span],
    content: Sequence[Span],
    shared: bool,
) -> Attribution:
    def chars(span: Span) -> Span:
        return (tagged.tokens[span[0]][0], tagged.tokens[span[1] - 1][1])

    total = n = 0.0
    for first, end in (cue, *content):
        for i in range(first, end):
            total += tagged.scores[i][labels[i]]
            n += 1
    return Attribution(
        source=tuple(t for t in (_trim(paragraph, chars(s)) for s in sorted(source)) if t[1] > t[0]),
        cue=(chars(cue),),
        content=tuple(chars(s) for s in sorted(content)),
        confidence=round(min(1.0, math.exp(total / n)), 4),
        is_shared_source=shared,
    )


def _trim(paragraph: str, span: Span) -> Span:
    start, end = span
    while end > start and paragraph[end - 1] in _TRIM:
        end -= 1
    while start < end and paragraph[start] in _TRIM:
        start += 1
    return (start, end)
