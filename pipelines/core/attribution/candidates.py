"""From attributions to statements: quotes carried over sentences and paragraphs, and statements inside statements.

Covers what needs more of a text than the paragraph that a tagger sees. For the paragraph, see `neural` and `linker`;
for rows, see `rows`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.core.attribution import statements
from pipelines.core.attribution.cues import CueEntry, CueLexicon
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.lead_ins import lead_in
from pipelines.core.attribution.linker import link
from pipelines.core.attribution.model import Attribution, Tagger
from pipelines.core.attribution.split_cues import with_whole_cue
from pipelines.core.ids import mk_id
from pipelines.core.text.quotation_marks import Quote
from pipelines.core.text.spans import Span

_NESTED_MIN_WORDS = 6
_NESTED_MIN_CONFIDENCE = 0.9
_NESTED_MIN_QUOTED = 0.6
"""The same for a quotation in a quotation, which the marks tell too."""


@dataclass(slots=True)
class Candidate:
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


def make_candidate(
    doc: Document,
    lexicon: CueLexicon,
    a: Attribution,
    method: str | None = None,
    depth: int = 0,
    parent: str | None = None,
) -> Candidate:
    """Return an attribution with the fields that need the words of its text."""
    a = with_whole_cue(doc.text, _with_marks(doc, a))
    cue = a.cue[0] if a.cue else None
    source = a.source[0] if a.source else None
    method = method or statements.attribution_method(doc.text, source, cue, a.content, a.is_shared_source, lexicon.own)
    entry = None
    if cue:
        is_noun = statements.is_possessed(doc.text, source, cue)
        entry = statements.cue_entry(lexicon, doc.text[slice(*a.cue[-1])], is_noun)
    parts = ("|".join(f"{s}-{e}" for s, e in spans) for spans in (a.cue, a.content, a.source))
    return Candidate(a, method, entry, mk_id("statement", doc.version_id, *parts), depth, parent)


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

    return replace(a, source=moved(a.source), cue=moved(a.cue), content=moved(a.content))


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
        out.append(replace(a, content=(*_begun(doc, inside, content, found), *content, *extra)))
    return out


def _begun(doc: Document, inside: Sequence[Quote], content: Sequence[Span], found: Sequence[Attribution]) -> list[Span]:
    """Return the quotes of the paragraphs before that the first quote of content goes on with and no cue claims."""
    if not inside or not content[0][0] <= inside[0].inner_start:
        return []
    before = doc.chain_before(inside[0])
    return before if len(_unclaimed(before, found)) == len(before) else []


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


def nested_statements(doc: Document, lexicon: CueLexicon, said: Sequence[Candidate], tagger: Tagger) -> list[Candidate]:
    """Return the statements reported inside indirect statements (the ministry said the ambassador told ...)."""
    hosts: list[tuple[Candidate, Span]] = []
    for s in said:
        if s.entry is None or s.entry.is_attitude or len(s.attribution.content) != 1:
            continue
        start, end = s.attribution.content[0]
        if not doc.is_direct(start, end):
            if _may_report(doc.text[start:end], lexicon):
                hosts.append((s, (start, end)))
        else:
            hosts += ((s, (q.inner_start, q.inner_end)) for q in doc.quotes_in([(start, end)]) if doc.holds_quote(q))
    pieces = [doc.text[start:end] for _, (start, end) in hosts]
    out: list[Candidate] = []
    for (host, (start, _)), piece, labels in zip(hosts, pieces, tagger.tag(pieces) if pieces else [], strict=True):
        for a in link(piece, labels, tagger.confidence):
            inner = _within_inner_quote(doc, shift(a, start))
            child = make_candidate(doc, lexicon, inner, depth=host.depth + 1, parent=host.statement_id)
            if _is_clear_report(doc, child):
                out.append(child)
    return out


def _within_inner_quote(doc: Document, a: Attribution) -> Attribution:
    """Cut content that begins in a quote inside a quote at its end: My mother said, ‘Never,’ | and I never did."""
    if len(a.content) != 1:
        return a
    start, end = a.content[0]
    inner = doc.inner_quote_at(start)
    return a if inner is None else replace(a, content=((min(start, inner.start), min(end, inner.end)),))


def _is_clear_report(doc: Document, child: Candidate) -> bool:
    """Tell whether a statement inside another is plainly one: somebody did say a clause or words in quotes."""
    a, entry = child.attribution, child.entry
    if not a.source or not a.cue or not a.content:
        return False
    if a.confidence < (_NESTED_MIN_QUOTED if doc.is_inner_quote(a.content) else _NESTED_MIN_CONFIDENCE):
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
