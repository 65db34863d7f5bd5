"""From attributions to statements: quotes carried over sentences and paragraphs, and statements inside statements.

Belongs here: what needs more of a text than the paragraph that a tagger sees. Does not belong here: the paragraph
(see `rules`, `linker`), rows (see `rows`).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.core.attribution import names, quote_kinds, statements
from pipelines.core.attribution.cues import CueEntry, CueLexicon
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.lead_ins import lead_in
from pipelines.core.attribution.linker import link
from pipelines.core.attribution.model import Attribution, Tagger
from pipelines.core.ids import mk_id
from pipelines.core.text.quotation_marks import Quote
from pipelines.core.text.spans import Span

CARRIED_CONFIDENCE = 0.6
"""Span confidence of a statement that is a quote with no cue of its own."""
_MIN_CARRIED_WORDS = 3
_NESTED_MIN_WORDS = 6
_NESTED_MIN_CONFIDENCE = 0.9


@dataclass(slots=True)
class Said:
    """A statement on its way to its rows.

    Attributes:
        attribution: its spans.
        method: value of `statements.attribution_method`.
        entry: the lexicon's line for its cue, None without one.
        statement_id: its id.
        depth: 0, or how many statements it is reported in.
        parent: id of the statement that it is reported in.
    """

    attribution: Attribution
    method: str
    entry: CueEntry | None
    statement_id: str
    depth: int = 0
    parent: str | None = None


def make_said(
    doc: Document,
    lexicon: CueLexicon,
    a: Attribution,
    method: str | None = None,
    depth: int = 0,
    parent: str | None = None,
) -> Said:
    """Return an attribution with the fields that need the words of its text."""
    a = _with_marks(doc, a)
    cue = a.cue[0] if a.cue else None
    source = a.source[0] if a.source else None
    method = method or statements.attribution_method(doc.text, source, cue, a.content, a.is_shared_source)
    entry = None
    if cue:
        is_noun = statements.is_possessed(doc.text, source, cue)
        entry = statements.cue_entry(lexicon, doc.text[cue[0] : cue[1]], is_noun)
    parts = ("|".join(f"{s}-{e}" for s, e in spans) for spans in (a.cue, a.content, a.source))
    return Said(a, method, entry, mk_id("statement", doc.version_id, *parts), depth, parent)


def _with_marks(doc: Document, a: Attribution) -> Attribution:
    """Let content that begins or ends with the words of a quote take in the marks."""
    content: list[Span] = []
    for first, last in a.content:
        start, end = first, last
        for q in doc.quotes_in([(first, last)]):
            if q.start < start and not any(c.isalnum() for c in doc.text[q.start : start]):
                start = q.start
            if q.inner_start < end < q.end and not any(c.isalnum() for c in doc.text[end : q.end]):
                end = q.end
        content.append((start, end))
    return replace(a, content=tuple(content))


def shift(a: Attribution, by: int) -> Attribution:
    """Return an attribution with all its spans moved by a number of characters."""

    def moved(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple((s + by, e + by) for s, e in spans)

    return Attribution(moved(a.source), moved(a.cue), moved(a.content), a.confidence, a.is_shared_source)


def with_continuations(doc: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """Add what stands in the next paragraphs: the rest of an unclosed quote, and a quote that a colon announced.

    What a colon announced and no quote follows gives nothing.
    """
    out: list[Attribution] = []
    for a in found:
        content = a.content or _announced(doc, a, found)
        if not content:
            continue
        inside = doc.quotes_in(content)
        chain = doc.chain_after(inside[-1]) if inside and not inside[-1].close_mark else []
        extra = _until_next_speaker(doc, _unclaimed(chain, found))
        out.append(Attribution(a.source, a.cue, (*content, *extra), a.confidence, a.is_shared_source))
    return out


def _unclaimed(chain: Sequence[Span], found: Sequence[Attribution]) -> Sequence[Span]:
    """Cut a chain of quotes at the one that another cue claims: its mark before may just have been forgotten."""
    for k, (start, end) in enumerate(chain):
        if any(s < end and e > start for a in found for s, e in a.content):
            return chain[:k]
    return chain


def _until_next_speaker(doc: Document, chain: Sequence[Span]) -> Sequence[Span]:
    """Cut a chain of quotes where a label names another speaker, as in a quoted transcript."""
    for k, (start, end) in enumerate(chain):
        if lead_in(doc.text[start:end]):
            return chain[:k]
    return chain


def _announced(doc: Document, a: Attribution, found: Sequence[Attribution]) -> tuple[Span, ...]:
    """Return the quote that opens the paragraph after a cue and its colon, unless another cue there claims it."""
    after = bisect_right(doc.paragraphs, (a.cue[0][0], math.inf))
    if after >= len(doc.paragraphs):
        return ()
    start, end = doc.paragraphs[after]
    for q in doc.quotes_in([(start, min(end, start + 2))])[:1]:
        claimed = any(s < q.end and e > q.start for other in found for s, e in other.content)
        if q.start == start and not claimed:
            return ((q.start, q.end),)
    return ()


def carried(doc: Document, lexicon: CueLexicon, said: Sequence[Said]) -> list[Said]:
    """Return statements for whole quoted sentences that no cue claims; their speaker is that of the quote before.

    Only inside the paragraph, over one sentence at most, or from the last words of the paragraph before; and
    never past
    a sentence that starts with another name.
    """
    claimed = {q.start for s in said for q in doc.quotes_in(s.attribution.content)}
    speakers = sorted(
        (s for s in said if s.attribution.source),
        key=lambda s: max(e for _, e in (*s.attribution.cue, *s.attribution.content)),
    )
    ends = [max(e for _, e in (*s.attribution.cue, *s.attribution.content)) for s in speakers]
    out: list[Said] = []
    k = 0
    while k < len(doc.outer):
        q = doc.outer[k]
        k += 1
        if q.start in claimed or not _floats(doc, q):
            continue
        spans = [(q.start, q.end)]
        while (
            k < len(doc.outer)
            and doc.outer[k].start not in claimed
            and (doc.outer[k].continues or _adjoins(doc, spans[-1][1], doc.outer[k]))
        ):
            spans.append((doc.outer[k].start, doc.outer[k].end))
            k += 1
        at = bisect_right(ends, q.start) - 1
        source = _carried_source(doc, speakers[at], ends[at], q) if at >= 0 else None
        if source is None:
            continue
        a = Attribution((source,), (), tuple(spans), CARRIED_CONFIDENCE)
        quote = make_said(doc, lexicon, a, "carried_forward")
        out.append(quote)
        speakers.insert(at + 1, quote)
        ends.insert(at + 1, spans[-1][1])
    return out


def _floats(doc: Document, q: Quote) -> bool:
    """Tell whether a quote is a sentence of its own."""
    start = doc.sentences[doc.sentence_no(q.start)][0]
    inner = doc.text[q.inner_start : q.inner_end]
    last = doc.sentences[doc.sentence_no(q.end - 1)][1]
    whole = not any(c.isalnum() for c in doc.text[q.end : last])
    return (
        start == q.start and whole and len(inner.split()) >= _MIN_CARRIED_WORDS and quote_kinds.is_sentence_like(inner)
    )


def _adjoins(doc: Document, end: int, q: Quote) -> bool:
    return _floats(doc, q) and not doc.text[end : q.start].strip() and "\n" not in doc.text[end : q.start]


def _carried_source(doc: Document, said: Said, end: int, q: Quote) -> Span | None:
    """Return the source that a floating quote inherits, None if another speaker may have come between."""
    quoted = bool(doc.quotes_in(said.attribution.content))
    if (
        not quoted
        or said.method == "none"
        or (said.entry is not None and (said.entry.is_attitude or said.entry.cue_class == "ask"))
    ):
        return None
    here, there = doc.sentence_no(q.start), doc.sentence_no(end - 1)
    paragraph = doc.paragraph_of
    gap = here - there - 1
    if paragraph[here] == paragraph[there]:
        near = gap <= 1
    else:
        near = (
            paragraph[here] == paragraph[there] + 1 and gap == 0 and here > 0 and paragraph[here - 1] != paragraph[here]
        )
    between = doc.sentences[there + 1 : here]
    if not near or any(names.find_names(doc.text, s, min(e, s + 40))[:1] for s, e in between):
        return None
    return said.attribution.source[0]


def nested(doc: Document, lexicon: CueLexicon, said: Sequence[Said], tagger: Tagger) -> list[Said]:
    """Return the statements reported inside indirect statements (the ministry said the ambassador told ...)."""
    hosts: list[tuple[Said, Span]] = []
    for s in said:
        if s.entry is None or s.entry.is_attitude or len(s.attribution.content) != 1:
            continue
        start, end = s.attribution.content[0]
        if _may_report(doc.text[start:end], lexicon) and not doc.is_direct(start, end):
            hosts.append((s, (start, end)))
    pieces = [doc.text[start:end] for _, (start, end) in hosts]
    out: list[Said] = []
    for (host, (start, _)), piece, labels in zip(hosts, pieces, tagger.tag(pieces) if pieces else [], strict=True):
        for a in link(piece, labels, tagger.confidence):
            child = make_said(doc, lexicon, shift(a, start), depth=host.depth + 1, parent=host.statement_id)
            if _is_clear_report(doc, child):
                out.append(child)
    return out


def _is_clear_report(doc: Document, child: Said) -> bool:
    """Tell whether a statement inside another is plainly one: somebody did say a clause or words in quotes."""
    a, entry = child.attribution, child.entry
    if not a.source or not a.cue or not a.content or a.confidence < _NESTED_MIN_CONFIDENCE:
        return False
    if entry is None or entry.form != "verb" or entry.is_attitude or entry.is_silent:
        return False
    if statements.polarity(doc.text, a.cue[0], entry, a.content) != "asserted":
        return False
    return bool(doc.quotes_in(a.content)) or statements.is_clausal(doc.text, a.content, False)


def _may_report(content: str, lexicon: CueLexicon) -> bool:
    """Tell whether content is long enough to report another statement and holds a verb of speech."""
    words = content.lower().split()
    return len(words) >= _NESTED_MIN_WORDS and any(
        form.entry.form == "verb" and not form.entry.is_attitude and not form.entry.is_silent
        for word in words
        for form in lexicon.lookup(word.strip(",.;:"))
    )
