"""From label scores to attributions: the best legal labelling, then which source and content belong to which cue.

Covers decoding and joining, which are the same for every tagger. For scores, see `neural`; for anything beyond one
paragraph, see `extract`.

The labels say on which side a span's cue stands, so a span joins the nearest cue on that side; but a quote that goes on
("A," said Lind, fearing worse. "B.") joins the cue of the quote before it. A cue without a source of its own shares the
source of the cue before it when its clause has no subject (`and said`, `, adding that`).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.core.attribution.bounds import Bounds, within_bounds
from pipelines.core.attribution.confidence import Features, measure
from pipelines.core.attribution.cue_arguments import CueArgument
from pipelines.core.attribution.lead_ins import lead_in
from pipelines.core.attribution.model import LABELS, OUTSIDE, Attribution, TaggedParagraph
from pipelines.core.attribution.source_words import source_words
from pipelines.core.text.datelines import dateline_end
from pipelines.core.text.quotation_marks import Quote, paragraph_quotes
from pipelines.core.text.sentences import split_sentences
from pipelines.core.text.spans import Span

_N = len(LABELS)
_ELIDED_BEFORE = re.compile(r"(?:[,;–—-]|\b(?:and|but|or|then))\s*$", re.IGNORECASE)
_INSERTED = re.compile(
    r"\s((?:(?:the|a|an|his|her|their) (?:[a-z’'-]+ ){0,3}[a-z’'-]+)?(?: ?[A-Z][\w’'-]*\.?){0,4}(?<=\w)),\s+[a-z]"
)
_BOTH = re.compile(r"(?:that )?(?:both|the two|the three) [a-z]+s\b", re.IGNORECASE)
_ABOUT = re.compile(r"\s+(?:of|about)\b")
LEAST = 0.2
"""Attributions of which fewer than one in five is right are left out: more is gained in precision than lost."""
_SOURCELESS = 0.1


def decode(scores: Sequence[Sequence[float]]) -> list[int]:
    """Return the label sequence with the highest sum of scores in which each I- label follows its B- or I- label.

    Viterbi; as only I- labels constrain what comes before them, each step costs one pass over the labels.
    """
    greedy = [max(range(_N), key=row.__getitem__) for row in scores]
    if all(k == OUTSIDE or k % 2 or before in (k, k - 1) for before, k in pairwise([OUTSIDE, *greedy])):
        return greedy
    best = [s if k == OUTSIDE or k % 2 else -math.inf for k, s in enumerate(scores[0])]
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


def link(
    paragraph: str,
    tagged: TaggedParagraph,
    confidence: Callable[[Features], float],
    least: float = LEAST,
    may_be_led: bool = True,
) -> list[Attribution]:
    """Return the attributions of a paragraph, in the order of their cues; offsets are the paragraph's.

    Content without a cue gives nothing. A cue without content gives an attribution with no content only where the
    paragraph ends in a colon: what it announces may stand in the next paragraph.

    Args:
        paragraph: the text of the paragraph.
        tagged: what the tagger says of it.
        confidence: the curve from features of an attribution to a probability.
        least: attributions less sure than this are left out; without a source, those less sure by a tenth more.
        may_be_led: whether a label at its head may name a speaker.
    """
    marked = lead_in(paragraph) if may_be_led else None
    if marked:
        return [marked]
    labels = decode(tagged.scores)
    runs = _runs(labels)
    cues = [(first, end) for role, first, end in runs if role == "cue"]
    if not cues:
        return []
    parts = _join(runs, cues)
    _inserted_clauses(paragraph, tagged.tokens, parts, cues)
    sentence_starts = [s for s, _ in split_sentences(paragraph)]
    quotes = [q for q in paragraph_quotes(paragraph) if not q.depth]
    _resume_quotes(paragraph, tagged.tokens, quotes, parts, sentence_starts)
    _follow_quotes(paragraph, tagged.tokens, quotes, parts, sentence_starts)
    _lead_replies(paragraph, tagged.tokens, parts, cues)
    _whole_quotes(paragraph, tagged.tokens, quotes, parts, cues)
    parts = _without_topics(paragraph, tagged.tokens, quotes, parts, cues)
    parts = within_bounds(Bounds(paragraph, tagged.tokens, quotes, sentence_starts), parts, cues)
    sources: dict[int, list[Span]] = {}
    contents: dict[int, list[Span]] = {}
    for part in parts:
        (sources if part.kind == "source" else contents).setdefault(part.cue, []).append((part.first, part.end))
    announces = len(cues) - 1 if paragraph.endswith(":") and (len(cues) - 1) not in contents else -1
    out: list[Attribution] = []
    for number, cue in enumerate(cues):
        content = contents.get(number, [])
        source, shared = sources.get(number, []), False
        if not source and number:
            source = _shared_source(paragraph, tagged, cues, sources, number, sentence_starts)
            shared = bool(source)
            if shared:
                sources[number] = source
        if content or number == announces:
            found = _attribution(paragraph, tagged.tokens, cue, source, content, shared)
            if found.content or number == announces:
                measured = _features(tagged, labels, cue, source, content, shared)
                how_sure = confidence(measured)
                if how_sure >= least + (0.0 if found.source or not least else _SOURCELESS):
                    out.append(replace(found, confidence=how_sure, measured=measured))
    return _joint_acts(paragraph, out)


def _joint_acts(paragraph: str, found: Sequence[Attribution]) -> list[Attribution]:
    """Leave what two did together in one piece: Lind said both sides condemn the raid and called for talks.

    Read alone, `and called for talks` has Lind as its source; but it is both sides who called.
    """
    out: list[Attribution] = []
    for a in found:
        before = out[-1] if out else None
        if before and a.is_shared_source and a.content and len(before.content) == 1:
            start, end = before.content[0]
            between = paragraph[end : a.cue[0][0]]
            if _BOTH.match(paragraph, start) and between.strip('”"’ ') == "and":
                out[-1] = replace(before, content=((start, a.content[-1][1]),))
                continue
        out.append(a)
    return out


def _join(runs: Sequence[tuple[str, int, int]], cues: Sequence[Span]) -> list[CueArgument]:
    starts = [first for first, _ in cues]
    out: list[CueArgument] = []
    for role, first, end in runs:
        if role == "cue":
            continue
        kind, side = role.split("-")
        number = bisect_left(starts, end) if side == "right" else bisect_right(starts, first) - 1
        if 0 <= number < len(cues):
            out.append(CueArgument(kind, side, first, end, number))
    return out


def _inserted_clauses(paragraph: str, tokens: Sequence[Span], parts: list[CueArgument], cues: Sequence[Span]) -> None:
    """Give an inserted clause its own subject: The report, said Will Roth, was wrong.

    What is read as source (The report) and as the beginning of content (Will Roth) is the other way round.
    """
    for number, (first, end) in enumerate(cues):
        found = _INSERTED.match(paragraph, tokens[end - 1][1]) if end - first == 1 else None
        left = [p for p in parts if p.cue == number and p.side == "right"]
        if not found or not first or paragraph[slice(*tokens[first - 1])] != "," or len(left) != 1:
            continue
        after = bisect_left(tokens, (found.end(1), 0))
        sourceless = not any(p.kind == "source" and p.cue == number for p in parts)
        if not (sourceless or left[0].kind == "source") or not _is_subject(paragraph, tokens, left[0], first):
            continue
        rest = [p for p in parts if p.cue == number and p.side == "left" and p.first < after]
        parts[:] = [p for p in parts if p not in rest]
        parts.append(CueArgument("source", "left", end, after, number))
        parts += [
            CueArgument("content", "left", max(p.first, after + 1), p.end, number) for p in rest if p.end > after + 1
        ]
        left[0].kind = "content"


def _is_subject(paragraph: str, tokens: Sequence[Span], part: CueArgument, cue: int) -> bool:
    """Tell whether a part opens its sentence and only a comma stands between it and a cue."""
    before = paragraph[: tokens[part.first][0]].rstrip()
    return part.end == cue - 1 and (not before or before[-1] in ".!?”")


def _resume_quotes(
    paragraph: str,
    tokens: Sequence[Span],
    quotes: Sequence[Quote],
    parts: list[CueArgument],
    sentence_starts: Sequence[int],
) -> None:
    """Cut the rest of a quote off content that stands between its parts.

    "When you go," said Lind, citing the rent, "you pay." It is the rest when the first part ends in a comma, and it
    begins with a small letter behind another comma of the same sentence.
    """
    starts = [s for s, _ in tokens]
    for q, rest in pairwise(quotes):
        goes_on = paragraph[q.inner_end - 1] == "," and paragraph[rest.inner_start].islower()
        if not goes_on or _number(sentence_starts, q.end) != _number(sentence_starts, rest.start):
            continue
        first, end = bisect_left(starts, rest.start), bisect_left(starts, rest.inner_end)
        contents = [p for p in parts if p.kind == "content"]
        begun = [p for p in contents if p.side == "right" and q.inner_start <= starts[p.first] < q.inner_end]
        over = [p for p in contents if p.first < first - 1 and first + 1 < p.end <= end and starts[p.first] >= q.end]
        for part in over:
            is_clause = paragraph[slice(*tokens[part.first])].lower() == "that"
            if begun and not is_clause and paragraph[slice(*tokens[first - 1])] == ",":
                parts.append(CueArgument("content", "left", first + 1, part.end, begun[0].cue))
                part.end = first - 1


def _follow_quotes(
    paragraph: str,
    tokens: Sequence[Span],
    quotes: Sequence[Quote],
    parts: Sequence[CueArgument],
    sentence_starts: Sequence[int],
) -> None:
    """Let a quote that goes on after its cue join the cue of the quote before it, whatever cue stands between.

    It goes on when it opens a sentence, or follows a comma: "A," said Lind, hinting at strikes, "B." But what would
    leave a cue without content is that cue's: "A," said Lind, adding later, "B."
    """
    if not any(p.kind == "content" and p.side == "right" for p in parts):
        return
    starts = [s for s, _ in tokens]
    quoted: dict[int, int] = {}
    for q in quotes:
        first, end = bisect_left(starts, q.start), bisect_left(starts, q.end)
        quoted.update(dict.fromkeys(range(first, end), first))
    contents = sorted((p for p in parts if p.kind == "content"), key=lambda p: p.first)
    is_word = [any(c.isalnum() for c in paragraph[s:e]) for s, e in tokens]

    def all_quoted(p: CueArgument) -> bool:
        return all(i in quoted for i in range(p.first, p.end) if is_word[i])

    for number, part in enumerate(contents):
        opens = quoted.get(part.first, -1)
        if part.side != "left" or opens < 0 or any(is_word[opens : part.first]):
            continue
        before = next((p for p in reversed(contents[:number]) if all_quoted(p)), None)
        if before is None or before.cue == part.cue or (before.side != "right" and not _resumed(parts, before)):
            continue
        mark = paragraph[slice(*tokens[opens - 1])] if opens else ""
        apart = _number(sentence_starts, starts[before.first]) < _number(sentence_starts, starts[part.first])
        fresh = apart and not any(
            is_word[i] and _number(sentence_starts, starts[i]) == _number(sentence_starts, starts[part.first])
            for i in range(before.end, opens)
        )
        has_other = any(p is not part and p.cue == part.cue for p in contents)
        if (fresh and mark != ":") or (not apart and mark == "," and has_other):
            part.cue = before.cue


def _lead_replies(paragraph: str, tokens: Sequence[Span], parts: Sequence[CueArgument], cues: Sequence[Span]) -> None:
    """Give a quote that ends in a comma to the cue right behind it (“No,” Lind replied.), if that has no content."""
    contents = [p for p in parts if p.kind == "content"]
    for part in contents:
        after = part.cue + 1
        if part.side != "left" or after >= len(cues) or any(p.cue == after for p in contents):
            continue
        own = [p.first for p in parts if p.kind == "source" and p.cue == after]
        words = paragraph[tokens[part.end - 1][1] : tokens[min([cues[after][0], *own])][0]]
        if words[:1] == "," and words.strip(", ") in ("”", '"', "''", "’", "'"):
            part.cue = after


def _whole_quotes(
    paragraph: str, tokens: Sequence[Span], quotes: Sequence[Quote], parts: list[CueArgument], cues: Sequence[Span]
) -> None:
    """Complete a quote of which the tagger saw only the beginning, if no cue stands in the rest of it."""
    starts = [s for s, _ in tokens]
    for q in quotes:
        if q.close_mark is None:
            continue
        first, inner_end, end = (bisect_left(starts, at) for at in (q.inner_start, q.inner_end, q.end))
        for part in parts:
            if part.kind != "content" or not first - 1 <= part.first <= first or part.end <= first:
                continue
            left_out = part.end < inner_end and any(map(str.isalnum, paragraph[tokens[part.end - 1][1] : q.inner_end]))
            if left_out and not any(part.end <= c < end for c, _ in cues):
                rest = [p for p in parts if p is not part and part.end <= p.first and p.end <= end]
                if all(p.kind == "content" for p in rest):
                    parts[:] = [p for p in parts if p not in rest]
                    part.end = inner_end


def _without_topics(
    paragraph: str, tokens: Sequence[Span], quotes: Sequence[Quote], parts: Sequence[CueArgument], cues: Sequence[Span]
) -> list[CueArgument]:
    """Leave out what a quote is only about: "It is over," she said of the vote."""
    starts = [s for s, _ in tokens]
    quoted = [(q.start, q.end) for q in quotes]

    def in_quotes(p: CueArgument) -> bool:
        return any(s <= starts[p.first] < e for s, e in quoted)

    def is_topic(p: CueArgument) -> bool:
        behind = paragraph[tokens[cues[p.cue][1] - 1][1] : tokens[p.first][1]]
        return p.side == "left" and _ABOUT.match(behind) is not None and p.first <= cues[p.cue][1] + 1

    with_quotes = {p.cue for p in parts if p.kind == "content" and in_quotes(p)}
    return [p for p in parts if p.kind == "source" or p.cue not in with_quotes or in_quotes(p) or not is_topic(p)]


def _resumed(parts: Sequence[CueArgument], p: CueArgument) -> bool:
    return any(o.cue == p.cue and o.side == "right" and o.kind == "content" for o in parts)


def _number(starts: Sequence[int], position: int) -> int:
    return bisect_right(starts, position)


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


def _features(
    tagged: TaggedParagraph,
    labels: Sequence[int],
    cue: Span,
    source: Sequence[Span],
    content: Sequence[Span],
    shared: bool,
) -> Features:
    def of(span: Span) -> list[float]:
        return [tagged.scores[i][labels[i]] for i in range(*span)]

    return measure(of(cue), [of(span) for span in content], [x for span in source for x in of(span)], shared)


def _attribution(
    paragraph: str,
    tokens: Sequence[Span],
    cue: Span,
    source: Sequence[Span],
    content: Sequence[Span],
    shared: bool,
) -> Attribution:
    """Return the attribution in characters; its confidence is still to be set."""

    def chars(span: Span) -> Span:
        return (tokens[span[0]][0], tokens[span[1] - 1][1])

    return Attribution(
        source=tuple(t for t in (source_words(paragraph, chars(s)) for s in sorted(source)) if t[1] > t[0]),
        cue=(chars(cue),),
        content=tuple(s for s in (_behind_dateline(paragraph, chars(s)) for s in sorted(content)) if s[1] > s[0]),
        confidence=0.0,
        is_shared_source=shared,
    )


def _behind_dateline(paragraph: str, span: Span) -> Span:
    """Cut a dateline (CALDER, March 4 -) off content that opens a paragraph."""
    end = dateline_end(paragraph) if span[0] < 3 else 0
    return (min(max(end, span[0]), span[1]), span[1])
