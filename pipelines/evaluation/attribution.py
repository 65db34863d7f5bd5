"""How right attributions are against a gold standard: the scores of PolNeAR, as pure functions.

Covers reading gold (from text that the caller read), matching, counting and summing up. It does not cover the command
line.

Rules, the same as those of the corpus's scorer: a span set counts by its alphanumeric characters, so that white space,
punctuation and quotation marks never matter. Content matches at an IoU of one half, greedily one to one, highest first.
A source is right when the two source sets meet, or both are empty. Strict content: equal character sets.
Corpus and task: Newell, Margolin and Ruths (2018), "An Attribution Relations Corpus for Political News", LREC.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from pipelines.core.text.spans import Span

DEFAULT_IOU = 0.5
_ROLE_NUMBER = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Spans:
    """One attribution as spans of its text, of gold or of a system; each role may be empty but content."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 in [0, 1], with the counts behind them."""

    true_positive: int
    n_predicted: int
    n_gold: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 0 if nothing was predicted."""
        return self.true_positive / self.n_predicted if self.n_predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 0 if there is no gold."""
        return self.true_positive / self.n_gold if self.n_gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.n_predicted + self.n_gold
        return 2 * self.true_positive / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """Scores over a corpus.

    Attributes:
        n_documents: texts scored.
        content: content at the IoU asked for.
        content_strict: content with equal characters.
        content_and_source: content at the IoU, with the source right.
        content_source_and_cue: the same, with the cue right.
        source_accuracy: share of the matched with the source right.
    """

    n_documents: int
    content: Score
    content_strict: Score
    content_and_source: Score
    content_source_and_cue: Score
    source_accuracy: float


def parse_brat(ann: str) -> list[Spans]:
    """Read the attributions of one brat stand-off file (PolNeAR's .ann), in the order of their content.

    Repeated roles (Content, Content2) are joined; events without content are left out, as are lines that are malformed.
    """
    texts: dict[str, list[Span]] = {}
    events: list[str] = []
    for line in ann.split("\n"):
        parts = line.rstrip("\r").split("\t")
        if len(parts) < 2 or not parts[0]:
            continue
        if parts[0][0] == "T" and " " in parts[1]:
            spans = _offsets(parts[1].split(" ", 1)[1])
            if spans is not None:
                texts[parts[0]] = spans
        elif parts[0][0] == "E":
            events.append(parts[1])
    out = [_event(event, texts) for event in events]
    return sorted((a for a in out if a.content), key=lambda a: min(a.content))


def _offsets(written: str) -> list[Span] | None:
    try:
        pairs = [piece.split() for piece in written.split(";")]
        return [(int(start), int(end)) for start, end in pairs]
    except ValueError:
        return None


def _event(event: str, texts: Mapping[str, list[Span]]) -> Spans:
    roles: dict[str, set[Span]] = {"source": set(), "cue": set(), "content": set()}
    for part in event.split():
        role, _, text_id = part.partition(":")
        name = _ROLE_NUMBER.sub("", role).lower()
        if name in roles:
            roles[name].update(texts.get(text_id, ()))
    return Spans(*(tuple(sorted(roles[name])) for name in ("source", "cue", "content")))


def parse_attribution_lines(lines: Iterable[str]) -> dict[str, list[Spans]]:
    """Read JSON lines of documents with their attributions.

    A line is `{"doc": name, "attributions": [{"source": [[start, end], ..], "cue": .., "content": ..}, ..]}`;
    `statements` may stand for `attributions`, and other keys are ignored.

    Raises:
        ValueError: a line is not JSON of that form; the message says which line.
    """
    out: dict[str, list[Spans]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            rows = record["attributions"] if "attributions" in record else record["statements"]
            out[str(record["doc"])] = [_spans(row) for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number} is no attribution record: {error}") from error
    return out


def _spans(row: Mapping[str, Sequence[Sequence[int]] | None]) -> Spans:
    def read(role: str) -> tuple[Span, ...]:
        return tuple((int(start), int(end)) for start, end in row.get(role) or ())

    return Spans(read("source"), read("cue"), read("content"))


def characters(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """Return the offsets of the letters and digits in spans; what lies outside the text is ignored."""
    return frozenset(i for s, e in spans for i in range(max(0, s), min(e, len(text))) if text[i].isalnum())


def match_content(
    predicted: Sequence[Set[int]], gold: Sequence[Set[int]], iou: float = DEFAULT_IOU
) -> list[tuple[int, int]]:
    """Return pairs (predicted, gold) of character sets, greedily by falling IoU, one to one; ties in document order."""
    holders: dict[int, list[int]] = defaultdict(list)
    for j, chars in enumerate(gold):
        for c in chars:
            holders[c].append(j)
    ranked: list[tuple[float, int, int]] = []
    for i, chars in enumerate(predicted):
        shared = Counter(j for c in chars for j in holders.get(c, ()))
        for j, n in shared.items():
            value = n / (len(chars) + len(gold[j]) - n)
            if value >= iou:
                ranked.append((-value, i, j))
    pairs: list[tuple[int, int]] = []
    used_i: set[int] = set()
    used_j: set[int] = set()
    for _, i, j in sorted(ranked):
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            pairs.append((i, j))
    return pairs


def count_document(
    text: str, gold: Sequence[Spans], predicted: Sequence[Spans], iou: float = DEFAULT_IOU
) -> Counter[str]:
    """Return the counts of one text: gold, predicted, content, strict, source, all (the last three of the matched)."""
    g = [(a, characters(text, a.content)) for a in gold]
    p = [(a, characters(text, a.content)) for a in predicted]
    g, p = [x for x in g if x[1]], [x for x in p if x[1]]
    counts: Counter[str] = Counter(gold=len(g), predicted=len(p))
    for i, j in match_content([c for _, c in p], [c for _, c in g], iou):
        source = _meets(text, p[i][0].source, g[j][0].source)
        counts["content"] += 1
        counts["source"] += source
        counts["all"] += source and _meets(text, p[i][0].cue, g[j][0].cue)
    left = Counter(chars for _, chars in g)
    for _, chars in p:
        if left[chars] > 0:
            left[chars] -= 1
            counts["strict"] += 1
    return counts


def _meets(text: str, a: Sequence[Span], b: Sequence[Span]) -> bool:
    first, second = characters(text, a), characters(text, b)
    return bool(first & second) or (not first and not second)


def evaluate(
    texts: Mapping[str, str],
    gold: Mapping[str, Sequence[Spans]],
    predicted: Mapping[str, Sequence[Spans]],
    iou: float = DEFAULT_IOU,
) -> Report:
    """Score predictions against gold over the documents of gold; a document without a prediction counts as empty.

    Args:
        texts: text by document name.
        gold: attributions by document name; each name must be in `texts`.
        predicted: attributions by document name.
        iou: smallest content IoU that counts as found.

    Raises:
        KeyError: a gold document has no text.
    """
    total: Counter[str] = Counter()
    for name, attributions in gold.items():
        total += count_document(texts[name], attributions, predicted.get(name, ()), iou)

    def score(key: str) -> Score:
        return Score(total[key], total["predicted"], total["gold"])

    accuracy = total["source"] / total["content"] if total["content"] else 0.0
    return Report(len(gold), score("content"), score("strict"), score("source"), score("all"), accuracy)
