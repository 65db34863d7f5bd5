"""What a stretch between quotation marks is when no statement claims it: scare quote, title, term or unknown.

Covers rules over a quote and the words before it. For the marks, see `quotation_marks`.
"""

from __future__ import annotations

import re

from pipelines.core.text import tokens as t
from pipelines.core.text.quotation_marks import Quote

_SCARE = re.compile(
    r"\b(?:so-called|so called|supposed|self-styled|what (?:he|she|they|it) calls?|a kind of)\s*$", re.IGNORECASE
)
_TERM = re.compile(
    r"\b(?:the (?:term|word|phrase|expression|slogan|label)|terms?|words?|called|dubbed|known as|nicknamed|means?"
    r"|labell?ed)\s*$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:film|movie|book|novel|song|album|show|series|play|poem|essay|documentary|memoir|article|episode|podcast"
    r"|program|programme|magazine|opera|titled|entitled|headlined|(?:NBC|ABC|CBS|Fox|CNN|MSNBC)(?:[’']s)?"
    r"|author of|starring in|host of|on)\s*,?\s*$",
    re.IGNORECASE,
)
_MINOR = frozenset("a an the of in on at to for and or but with by from as".split())


def looks_like_title(inner: str) -> bool:
    """Tell whether all words but the minor ones have a capital: Ashes of Spring."""
    words = [w for w in (inner[s:e] for s, e in t.tokenize(inner[:200])) if t.is_word(w)]
    big = [w for w in words if w.lower() not in _MINOR]
    return (
        0 < len(words) <= 12
        and bool(big)
        and all(w[:1].isupper() or w[:1].isdigit() or w.startswith(("'", "’")) for w in big)
    )


def is_sentence_like(inner: str) -> bool:
    """Tell whether a quote could be a whole utterance: a capital at its head, and a stop, a comma or five words."""
    stripped = inner.strip()
    n_words = len(stripped.split())
    return stripped[:1].isupper() and (stripped[-1:] in ".?!,…" or n_words >= 5) and n_words >= 2


def unclaimed_kind(text: str, quote: Quote) -> str:
    """Return the kind of a quote that is in no statement's content: title, term, scare or unknown."""
    before = text[max(0, quote.start - 40) : quote.start]
    inner = text[quote.inner_start : quote.inner_end]
    if _SCARE.search(before):
        return "scare"
    if looks_like_title(inner) and (
        _TITLE.search(before) or (len(inner.split()) >= 2 and inner.strip()[-1:] not in ".?!,")
    ):
        return "title"
    if _TERM.search(before):
        return "term"
    if len(inner.split()) <= 4 and not is_sentence_like(inner):
        return "scare"
    return "unknown"
