"""Labels made by reading what a tagger found: which candidates are statements, and whose spans are whole.

Covers reading those labels, and turning them into paragraphs with gold. For the labels of words, see `examples`.

A label is a JSON line: `doc`, `source`, `cue` and `content` (spans of the document's text), `verdict` (core, extended
or none), `fault` where the spans are wrong (foreign, short, long, split), `missing` where no tagger found it, and
`polarity` where it is not asserted. Texts are not part of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.core.text.sentences import split_paragraphs, split_sentences
from pipelines.core.text.spans import Span
from pipelines.evaluation.attribution import Spans

READ = "read:"
"""Names of the documents that `clean_pieces` makes begin with this."""
_MARKS = '"“”'


@dataclass(frozen=True, slots=True)
class Reading:
    """One judged candidate, or a statement that no candidate was.

    Attributes:
        spans: source, cue and content as the tagger (or, if it is missing, the reader) gave them.
        verdict: core, extended, or none where it is not a statement.
        is_whole: whether the spans are right.
        is_missing: whether no tagger found it.
    """

    spans: Spans
    verdict: str
    is_whole: bool
    is_missing: bool


def parse_readings(lines: Iterable[str]) -> dict[str, list[Reading]]:
    """Return the labels of each document, in their order."""
    out: dict[str, list[Reading]] = defaultdict(list)
    for row in map(json.loads, filter(str.strip, lines)):
        spans = Spans(*(tuple((s, e) for s, e in row[role]) for role in ("source", "cue", "content")))
        out[row["doc"]].append(Reading(spans, row["verdict"], "fault" not in row, bool(row.get("missing"))))
    return dict(out)


def clean_pieces(doc: str, text: str, readings: Sequence[Reading]) -> list[tuple[str, str, list[Spans]]]:
    """Return (name, text, gold) of the stretches of a document in which every label is sure.

    A stretch is a run of sentences of one paragraph; a sentence that a wrong span touches is in none, and where that
    cuts a quotation in two its rest is in none either.
    """
    gold = [r.spans for r in readings if r.verdict != "none" and r.is_whole]
    wrong = [span for r in readings if r.verdict != "none" and not r.is_whole for span in _all(r.spans)]
    out: list[tuple[str, str, list[Spans]]] = []
    for start, end in split_paragraphs(text):
        for first, last in _runs([(s + start, e + start) for s, e in split_sentences(text[start:end])], wrong):
            piece = text[first:last]
            if sum(piece.count(m) for m in _MARKS) % 2 and (first, last) != (start, end):
                continue
            inside = [_moved(a, first) for a in _outer(gold) if _lies_in(a, first, last)]
            out.append((f"{READ}{doc}:{first}", piece, inside))
    return out


def _all(a: Spans) -> list[Span]:
    return [*a.source, *a.cue, *a.content]


def _runs(sentences: Sequence[Span], wrong: Sequence[Span]) -> list[Span]:
    out: list[Span] = []
    goes_on = False
    for start, end in sentences:
        if any(s < end and e > start for s, e in wrong):
            goes_on = False
        elif goes_on:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
            goes_on = True
    return out


def _outer(gold: Sequence[Spans]) -> list[Spans]:
    """Leave out statements inside the content of another: a tagger labels a word once."""

    def holds(a: Spans, b: Spans) -> bool:
        return all(any(s <= x and y <= e for s, e in a.content) for x, y in (*b.cue, *b.content))

    return [b for b in gold if not any(a is not b and holds(a, b) for a in gold)]


def _lies_in(a: Spans, start: int, end: int) -> bool:
    return bool(a.cue) and all(start <= s and e <= end for s, e in (*a.cue, *a.content))


def _moved(a: Spans, by: int) -> Spans:
    return Spans(*(tuple((s - by, e - by) for s, e in spans if s >= by) for spans in (a.source, a.cue, a.content)))
