"""Who a quotation in a paragraph of its own is by, where the paragraph before or behind it tells without a cue.

Covers the patterns: `And from Chairwoman X:`, `I got a letter from X.`, `X sent a statement.`, `— X, chair`. For
quotations that go on with a statement, see `cueless_quotes`; for signatures behind a quotation in its own paragraph,
see `lead_ins`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipelines.core.attribution.document import Document
from pipelines.core.text.quotation_marks import Quote
from pipelines.core.text.spans import Span

_WORDS = (
    r"(?:letter|statement|e-?mail|message|note|reply|response|answer|text|tweet|post|comment|press release|release"
    r"|announcement|call|memo|voicemail)s?"
)
_FROM = re.compile(r"(?:and |also |this |more )*(?:from|by)\s+(?P<who>[^\n“”\".;:]{3,100}):", re.IGNORECASE)
_LETTER = re.compile(
    rf".*\b{_WORDS}\s+(?:\w+ ){{0,2}}?(?:from|by)\s+(?P<who>[^\n“”\".;:,]{{3,100}}(?:, [^\n“”\".;:,]{{3,60}})?)[.:]",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"(?:(?:Asked|In|On|At|After|When|Later|Late|Earlier|But|And|Following|Responding)\b[^\n“”\".;:]{0,80}, )?"
    r"(?P<who>(?:[A-Z]|an? |the |her |his |their )[^\n“”\".;:]{2,100}?),? (?:has |have |had |later |also |then )*"
    r"(?:sent|issued|released|e-?mailed|posted|offered|gave|shared|published|read out|left|wrote|put out|provided)\b"
    rf"[^\n“”\".;]{{0,60}}\b{_WORDS}\b[^\n“”\".;]{{0,60}}[.:]"
)
_SIGNATURE = re.compile(r"(?:[-–—―]|--)\s{0,3}(?P<who>[A-Z][^\n“”\".!?;:]{2,100})\.?")
_SIGNATURE_WORDS = 16


def announced_source(doc: Document, q: Quote) -> Span | None:
    """Return who the sentence before a quotation that opens its paragraph says that it is from, None if it does not."""
    k = bisect_right(doc.paragraphs, (q.start, len(doc.text))) - 1
    if k < 1 or doc.paragraphs[k][0] != q.start:
        return None
    start, end = doc.sentences[doc.sentence_no(doc.paragraphs[k - 1][1] - 1)]
    for pattern in (_FROM, _LETTER, _SENT):
        found = pattern.fullmatch(doc.text, start, end)
        if found:
            return found.span("who")
    return None


def signing_source(doc: Document, spans: Sequence[Span]) -> Span | None:
    """Return who signs, in the paragraph behind it, a quotation that is a paragraph of its own; None if nobody does."""
    k = bisect_right(doc.paragraphs, (spans[-1][0], len(doc.text))) - 1
    if k + 1 >= len(doc.paragraphs) or doc.paragraphs[k] != spans[-1]:
        return None
    found = _SIGNATURE.fullmatch(doc.text, *doc.paragraphs[k + 1])
    return found.span("who") if found and len(found["who"].split()) <= _SIGNATURE_WORDS else None
