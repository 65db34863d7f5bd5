"""Quotations that are sentences of their own and that no cue claims: whose they are.

Covers finding them, and the speaker that they take over. For quotations that a cue claims, see `linker`; for those that
go on behind an open mark, see `candidates`.

"Holm said three deer were missing." / "“I counted them myself.”": the quotation is Holm's. It is his only while nobody
else can have come between; where two are as likely it stays a quotation without a speaker.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipelines.core.attribution import names, quote_kinds
from pipelines.core.attribution.adjacent_sources import announced_source, signing_source
from pipelines.core.attribution.candidates import Candidate, make_candidate
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.mentions import Named
from pipelines.core.attribution.model import Attribution
from pipelines.core.text import tokens as t
from pipelines.core.text.quotation_marks import Quote
from pipelines.core.text.spans import Span

CARRIED_CONFIDENCE = 0.6
"""Span confidence of a statement that is a quote with no cue of its own."""
_MIN_WORDS = 3
_MOST_BETWEEN = 1
"""Sentences between a statement and the quotation that goes on with it."""
_SUBJECT_REACH = 40
_MOST_BACK = 2
"""Sentences before a quotation in which the one who acts is looked for."""
_MOST_ROLE = 5
_FRONTED = re.compile(r"[A-Z][^,“”\"]{2,60}, (?=\S)")
_PRONOUN = re.compile(r"(?:[A-Z][^,“”\"]{2,60}, )?(?P<who>[Hh]e|[Ss]he)\b")
_TIES = frozenset("that and or than which who whose when while if because".split())


def cueless_statements(
    doc: Document, lexicon: CueLexicon, said: Sequence[Candidate], named: Sequence[Named]
) -> list[Candidate]:
    """Return statements for quotations that no cue claims; each is one closed quotation, with what continues it.

    Args:
        doc: the text.
        lexicon: the cues.
        said: the statements that have a cue or a label.
        named: the names that the tagger saw, rising.
    """
    people = [(start, end) for start, end, kind in named if kind == "person"]
    claimed = {q.start for s in said for q in doc.quotes_in(s.attribution.content)}
    before = sorted(said, key=_end)
    ends = [_end(s) for s in before]
    out: list[Candidate] = []
    k = 0
    while k < len(doc.outer):
        q = doc.outer[k]
        k += 1
        if q.start in claimed or not _floats(doc, q):
            continue
        spans = [(q.start, q.end)]
        while k < len(doc.outer) and doc.outer[k].start not in claimed and doc.goes_on(k):
            spans.append((doc.outer[k].start, doc.outer[k].end))
            k += 1
        if doc.outer[k - 1].close_mark is None and len(spans) == 1:
            continue  # a lone mark that is never closed tells nothing
        at = bisect_right(ends, q.start)
        source = signing_source(doc, spans) or _source_of(doc, lexicon, before[:at], q) or announced_source(doc, q)
        source = source or _subject_before(doc, before[:at], q, people)
        if source is None:
            continue
        quote = make_candidate(
            doc, lexicon, Attribution((source,), (), tuple(spans), CARRIED_CONFIDENCE), "carried_forward"
        )
        out.append(quote)
        before.insert(at, quote)
        ends.insert(at, spans[-1][1])
    return out


def _end(s: Candidate) -> int:
    return max(e for _, e in (*s.attribution.cue, *s.attribution.content))


def _floats(doc: Document, q: Quote) -> bool:
    """Tell whether a quote is a sentence of its own."""
    start = doc.sentences[doc.sentence_no(q.start)][0]
    inner = doc.text[q.inner_start : q.inner_end]
    last = doc.sentences[doc.sentence_no(q.end - 1)][1]
    whole = not any(c.isalnum() for c in doc.text[q.end : last])
    return start == q.start and whole and len(inner.split()) >= _MIN_WORDS and quote_kinds.is_sentence_like(inner)


def _source_of(doc: Document, lexicon: CueLexicon, before: Sequence[Candidate], q: Quote) -> Span | None:
    """Return the source of the statement that a quotation goes on with, None where there is no one such statement."""
    if not before:
        return None
    said = before[-1]
    here, there = doc.sentence_no(q.start), doc.sentence_no(_end(said) - 1)
    if not said.attribution.source or not _may_go_on(said) or not _is_near(doc, there, here):
        return None
    rivals = [s for s in before[-4:-1] if doc.sentence_no(_end(s) - 1) == there and s.attribution.source]
    if any(_are_two(doc, lexicon, s, said) for s in rivals):
        return None
    return said.attribution.source[0]


def _subject_before(doc: Document, before: Sequence[Candidate], q: Quote, people: Sequence[Span]) -> Span | None:
    """Return the person whose doing is told right before a quotation (Holm shut the gate. “I counted them myself.”).

    None where a statement, or somebody who is not the subject, comes between.
    """
    here = doc.sentence_no(q.start)
    opens = doc.paragraphs[doc.paragraph_of[here]][0] == q.start
    for k in range(here - 1, max(here - 1 - _MOST_BACK, -1), -1):
        start, end = doc.sentences[k]
        apart = doc.paragraph_of[here] - doc.paragraph_of[k]
        if apart > opens or doc.section_at(start) != doc.section_at(q.start):
            return None
        if any(_begin(s) < end and _end(s) > start for s in before[-4:]):
            return None
        inside = [span for span in people if start <= span[0] < end]
        pronoun = _PRONOUN.match(doc.text, start, end)
        if pronoun:
            return pronoun.span("who")
        if inside:
            return inside[0] if _is_subject(doc.text, start, inside[0]) else None
    return None


def _is_subject(text: str, start: int, name: Span) -> bool:
    """Tell whether a name opens its sentence, but for a fronted phrase and words that say what its bearer is."""
    head = _FRONTED.sub("", text[start : name[0]])
    words = head.lower().replace(",", " ").split()
    owns = text[name[1] : name[1] + 2] in ("'s", "’s", "' ", "’ ")
    return len(words) <= _MOST_ROLE and not owns and not any(w in t.PREPOSITIONS or w in _TIES for w in words)


def _begin(s: Candidate) -> int:
    return min(b for b, _ in (*s.attribution.source, *s.attribution.cue, *s.attribution.content))


def _may_go_on(said: Candidate) -> bool:
    entry = said.entry
    return said.method != "none" and (entry is None or (entry.cue_class != "ask" and entry.form != "noun"))


def _is_near(doc: Document, there: int, here: int) -> bool:
    """Tell whether nobody else can have come between two sentences, of one paragraph or of two that adjoin."""
    paragraph = doc.paragraph_of
    gap = here - there - 1
    if not 0 <= gap <= _MOST_BETWEEN or paragraph[here] - paragraph[there] > 1:
        return False
    if paragraph[here] != paragraph[there] and paragraph[here - 1] == paragraph[here]:
        return False
    between = doc.sentences[there + 1 : here]
    return not any(names.find_names(doc.text, s, min(e, s + _SUBJECT_REACH))[:1] for s, e in between)


def _are_two(doc: Document, lexicon: CueLexicon, one: Candidate, other: Candidate) -> bool:
    """Tell whether two statements of a sentence have two sources, neither of which stands for the other."""
    first, second = one.attribution.source[0], other.attribution.source[0]
    if first == second:
        return False
    words = [doc.text[s:e].lower().split() for s, e in (first, second)]
    kinds = [names.analyse_phrase(doc.text, span, lexicon.own).kind for span in (first, second)]
    return "pronoun" not in kinds and not set(words[0]) & set(words[1])
