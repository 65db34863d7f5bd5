"""The rule tagger: paragraphs in, label scores out, with no model and no parser.

Belongs here: choosing among candidates, and painting the labels. Does not belong here: candidates (see `candidates`),
their probability (see `weights`), cutting their content (see `content`), or joining labels to attributions again (see
`linker`).

A direct quote goes on over the quoted sentences behind it in the paragraph.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.attribution.candidate import Candidate
from pipelines.core.attribution.candidates import find_candidates
from pipelines.core.attribution.content import content_of
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.model import LABELS, OUTSIDE, Span, TaggedParagraph
from pipelines.core.attribution.view import ParagraphView, view_paragraph
from pipelines.core.attribution.weights import CueWeights, confidence, probability
from pipelines.core.ids import sha256_hex

THRESHOLD = 0.36
ENCLOSING = 0.6
"""A clause at least this probable takes in a more probable one that lies inside its content."""
_CUTS = frozenset((",", "-", "–", "—", "―", "--", ";", "and", "but", "or", "(", "while", "as"))
_DIRECT_PATTERNS = ("quote", "left")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate that was kept: its content as token ranges, rising, and its probability."""

    candidate: Candidate
    content: tuple[Span, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class RuleTagger:
    """The Tagger that works by rules; see the head of this module.

    Attributes:
        lexicon: the cue lexicon.
        weights: what a candidate's features weigh.
        threshold: candidates below this probability are dropped.
    """

    lexicon: CueLexicon
    weights: CueWeights
    threshold: float = THRESHOLD

    @property
    def name(self) -> str:
        """Name of the tagger."""
        return "rules"

    @property
    def version(self) -> str:
        """Version of the rules."""
        return "2"

    @property
    def sha256(self) -> str:
        """Hash of all that decides the answer beside the code: the lexicon, the weights, the threshold."""
        return sha256_hex(f"{self.lexicon.sha256}\n{self.weights.sha256}\nthreshold {self.threshold}")

    def tag(self, paragraphs: Sequence[str]) -> list[TaggedParagraph]:
        """Tag each paragraph on its own."""
        return [self._tag_one(paragraph) for paragraph in paragraphs]

    def _tag_one(self, paragraph: str) -> TaggedParagraph:
        view = view_paragraph(paragraph)
        chosen = choose(view, find_candidates(view, self.lexicon), self.weights, self.threshold)
        return paint(view, chosen, self.weights)


def choose(view: ParagraphView, candidates: Sequence[Candidate], weights: CueWeights, threshold: float) -> list[Chosen]:
    """Return the candidates that stand, best first within a sentence, none inside another's cue, source or content."""
    out: list[Chosen] = []
    owner = bytearray(len(view.tokens))
    by_sentence: dict[int, list[tuple[float, Candidate]]] = {}
    for c in candidates:
        p = probability(c, weights)
        if p >= threshold:
            by_sentence.setdefault(view.sentence_of[c.head], []).append((p, c))
    for number in sorted(by_sentence):
        ranked = sorted(by_sentence[number], key=lambda pc: (-pc[0], pc[1].head))
        kept = _choose_in_sentence(view, ranked, owner)
        out.extend(kept)
        for chosen in kept:
            _claim(owner, chosen)
    return [c for c in _join_following_quotes(view, out, owner) if not c.candidate.is_silent]


def _claim(owner: bytearray, chosen: Chosen) -> None:
    c = chosen.candidate
    for first, end in (c.cue, (c.source.first, c.source.end), *chosen.content):
        for i in range(first, end):
            owner[i] = 1


def _choose_in_sentence(view: ParagraphView, ranked: list[tuple[float, Candidate]], owner: bytearray) -> list[Chosen]:
    picked: list[tuple[float, Candidate]] = []
    for p, c in ranked:
        if len(picked) >= 12:
            break
        if any(owner[i] for i in range(*c.cue)):
            continue
        clashing = [pc for pc in picked if _clash(view, c, pc[1])]
        if clashing and not (p >= ENCLOSING and all(_encloses(c, other) for _, other in clashing)):
            continue
        picked = [pc for pc in picked if pc not in clashing]
        picked.append((p, c))
    picked.sort(key=lambda pc: pc[1].head)
    kept: list[Chosen] = []
    for p, c in picked:
        before = [o for _, o in picked if o.head < c.head]
        after = [o for _, o in picked if o.head > c.head]
        content = content_of(view, c, before, after, owner)
        if content:
            kept.append(Chosen(c, content, p))
    return kept


def _encloses(c: Candidate, other: Candidate) -> bool:
    """Tell whether another candidate lies inside the content that follows cue c: it is reported by c, and nested."""
    return 0 <= c.right <= other.start and not other.is_elided and c.pattern in ("that", "clause", "quote", "wh")


def _clash(view: ParagraphView, c: Candidate, other: Candidate) -> bool:
    """Tell whether candidate c cannot stand beside one that was chosen before it."""
    if c.cue[0] < other.cue[1] and other.cue[0] < c.cue[1]:
        return True
    if not other.source.is_empty and c.cue[0] < other.source.end and other.source.first < c.cue[1]:
        return True
    if c.right >= 0 and c.right == other.right:
        return True
    if other.right >= 0 and c.head > other.right:
        # inside the content that follows another cue: only a clause that can end that content may stand
        return not _can_cut(view, c, other)
    if other.left[1] > other.left[0] and other.left[0] <= c.head < other.left[1]:
        return True
    if c.right >= 0 and c.head < other.head and c.right <= other.start and not _can_cut(view, other, c):
        return True
    return c.left[1] > c.left[0] and c.left[0] <= other.head < c.left[1] and c.pattern != "agent"


def _can_cut(view: ParagraphView, c: Candidate, other: Candidate) -> bool:
    """Tell whether clause c starts with a mark or conjunction that ends the content of the cue before it."""
    k = c.start - 1
    if k <= other.right:
        return False
    if c.entry.form == "phrase" and c.pattern != "left":
        return False
    if view.low[k] not in _CUTS:
        return False
    if c.left[1] > c.left[0] or (c.pattern == "passive" and view.low[k] == ","):
        return False
    if view.low[k] in ("and", "but", "or"):
        return c.is_elided or view.low[k - 1] == ","
    return "source=relative" not in c.features


def content_alone(view: ParagraphView, c: Candidate) -> tuple[Span, ...]:
    """Return the content that a candidate would have if no other one of its paragraph stood; empty if none is left."""
    owner = bytearray(len(view.tokens))
    content = content_of(view, c, (), (), owner)
    return _join_following_quotes(view, [Chosen(c, content, 1.0)], owner)[0].content if content else ()


def _join_following_quotes(view: ParagraphView, chosen: list[Chosen], owner: bytearray) -> list[Chosen]:
    """Add the quoted sentences right behind a direct quote and its cue, in the same paragraph (“A,” X said. “B.”)."""
    out: list[Chosen] = []
    cues_in = {view.sentence_of[c.candidate.head] for c in chosen}
    last_of = {view.sentence_of[c.candidate.head]: c for c in chosen}
    for c in chosen:
        number = view.sentence_of[c.candidate.head]
        extra: list[Span] = []
        if last_of[number] is c and _is_direct(view, c):
            p = max(view.sentences[number][1], *(e for _, e in c.content))
            while p < len(view.tokens) and view.opens_quote(p):
                first, end = view.quote_ranges[view.quote_of[p]]
                if (
                    any(owner[i] for i in range(first, end))
                    or view.sentence_of[end - 1] in cues_in
                    or not _fills_sentence(view, end)
                ):
                    break
                extra.append((first, end))
                p = end
        out.append(Chosen(c.candidate, (*c.content, *extra), c.probability))
    return out


def _is_direct(view: ParagraphView, chosen: Chosen) -> bool:
    _, end = chosen.content[-1]
    return view.closes_quote(end - 1) and chosen.candidate.pattern in _DIRECT_PATTERNS


def _fills_sentence(view: ParagraphView, end: int) -> bool:
    return end >= len(view.tokens) or view.sentence_of[end] != view.sentence_of[end - 1]


# ---------------------------------------------------------------- labels


def paint(view: ParagraphView, chosen: Sequence[Chosen], weights: CueWeights) -> TaggedParagraph:
    """Return the label scores of a paragraph: the label of each token gets its candidate's confidence."""
    n = len(view.tokens)
    labels = [OUTSIDE] * n
    sure = [0.97] * n
    cues = sorted(c.candidate.cue[0] for c in chosen)
    for c in sorted(chosen, key=lambda c: -c.probability):
        cand, how_sure = c.candidate, confidence(c.probability, weights)
        spans: list[tuple[Span, str]] = [(cand.cue, "cue")]
        if not cand.source.is_empty and not _is_cut_off(cand, cues):
            spans.append(((cand.source.first, cand.source.end), _side("source", cand.source.first, cand.cue)))
        spans += [(span, _side("content", span[0], cand.cue)) for span in c.content]
        for (first, end), role in spans:
            if any(labels[i] for i in range(first, end)):
                continue
            begin = LABELS.index(f"B-{role}")
            for i in range(first, end):
                labels[i] = begin if i == first else begin + 1
                sure[i] = how_sure
    scores = {(label, p): _row(label, p) for label, p in set(zip(labels, sure, strict=True))}
    return TaggedParagraph(view.tokens, tuple(scores[key] for key in zip(labels, sure, strict=True)))


def _is_cut_off(c: Candidate, cues: Sequence[int]) -> bool:
    """Tell whether another cue stands between an elided clause and its source: the linker would give it to that one.

    Args:
        c: the candidate.
        cues: first tokens of all chosen cues, rising.
    """
    between = bisect_left(cues, c.source.end)
    return c.is_elided and between < len(cues) and cues[between] < c.cue[0]


def _side(role: str, first: int, cue: Span) -> str:
    return f"{role}-{'left' if first >= cue[1] else 'right'}"


def _row(label: int, p: float) -> tuple[float, ...]:
    """Return log-probabilities: `p` for the label (never less than for another one), the rest shared by the others."""
    p = min(0.99, max(0.3, p))
    rest = (1 - p) / (len(LABELS) - 1)
    row = [math.log(rest)] * len(LABELS)
    row[label] = math.log(p)
    return tuple(row)
