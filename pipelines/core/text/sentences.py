"""Paragraphs of a text and sentences of a paragraph, with exact spans.

Covers where a paragraph or a sentence begins and ends. For quotation marks as pairs, see `quotation_marks`.

The sentence splitter is a single pass over the candidates for a final stop. A stop ends a sentence when closing marks
and white space follow it and the next word could start a sentence, and the word before it is no abbreviation, after
Grefenstette and Tapanainen (1994), "What is a word, what is a sentence?".
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.core.text.spans import Span
from pipelines.core.text.tokens import SHORT_TITLES

_ABBREVIATIONS = SHORT_TITLES | frozenset(
    "sens reps govs maj cmdr adm st mt ft jr sr vs v no nos co corp inc ltd "
    "jan feb mar apr jun jul aug sept sep oct nov dec fig al etc e.g i.e cf approx dept est messrs mme pres "
    "pvt supt asst atty "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla "
    "ore pa penn tenn tex va vt wash wis wyo".split()
)
_MAY_END = frozenset("jr sr etc co corp inc ltd est no v pa mo del ill ind la va".split())
_STOP = re.compile(
    r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’»)\]]*+(?=\s)|(?<=[a-z][a-z])[.!?](?=[“‘]?[A-Z][a-z]|[“‘]?[A-Z] )"
)
_OPENERS = "\"'“‘«([`-–—•*#@$€£"
_LONG_LINE = 100
_SHORT_LINE = 45


def split_paragraphs(text: str) -> list[Span]:
    """Return the spans of the paragraphs of a text, trimmed of white space, none empty.

    A line end ends a paragraph. In hard-wrapped text (most lines that another line follows are 45 to 100 characters
    long and the next one starts in lower case or in mid-sentence) only blank lines and indented lines do.
    """
    lines = _lines(text)
    if not _is_hard_wrapped(text, lines):
        return [span for span in (_trim(text, s, e) for s, e in lines) if span]
    out: list[Span] = []
    start = -1
    end = -1
    for s, e in lines:
        trimmed = _trim(text, s, e)
        if trimmed is None:
            if start >= 0:
                out.append((start, end))
            start = -1
            continue
        if start >= 0 and trimmed[0] - s >= 2:
            out.append((start, end))
            start = -1
        if start < 0:
            start = trimmed[0]
        end = trimmed[1]
    if start >= 0:
        out.append((start, end))
    return out


def split_sentences(paragraph: str) -> list[Span]:
    """Return the spans of the sentences of a paragraph, in order, without the white space between them.

    Every character that is not white space lies in exactly one sentence. Linear in the paragraph's length.
    """
    out: list[Span] = []
    start = 0
    n = len(paragraph)
    for m in _STOP.finditer(paragraph):
        if m.start() < start or not _ends_sentence(paragraph, m.start(), m.end()):
            continue
        span = _trim(paragraph, start, m.end())
        if span:
            out.append(span)
        start = m.end()
    last = _trim(paragraph, start, n)
    if last:
        out.append(last)
    return out


def _lines(text: str) -> list[Span]:
    out: list[Span] = []
    start = 0
    while True:
        end = text.find("\n", start)
        if end < 0:
            out.append((start, len(text)))
            return out
        out.append((start, end))
        start = end + 1


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None


def _is_hard_wrapped(text: str, lines: list[Span]) -> bool:
    followed = wrapped = lower = 0
    for (s, e), (s2, e2) in pairwise(lines):
        this, after = _trim(text, s, e), _trim(text, s2, e2)
        if this is None or after is None:
            continue
        followed += 1
        if _SHORT_LINE <= this[1] - s <= _LONG_LINE:
            wrapped += 1
            lower += text[after[0]].islower()
    return followed >= 3 and wrapped * 10 >= followed * 6 and lower * 10 >= wrapped * 4


def _ends_sentence(text: str, stop: int, end: int) -> bool:
    nxt = end
    n = len(text)
    while nxt < n and text[nxt].isspace():
        nxt += 1
    if nxt >= n:
        return False
    k = nxt
    while k < n and k < nxt + 4 and text[k] in _OPENERS:
        k += 1
    if text[k : k + 1].islower():
        return False
    if text[stop] != "." or end > stop + 1:
        return True
    return _ends_at_one_stop(text, stop, k)


def _ends_at_one_stop(text: str, stop: int, k: int) -> bool:
    """Tell whether a single full stop ends a sentence, and not an abbreviation; `k`: where the next word starts."""
    word = _word_before(text, stop)
    bare = word.casefold()
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False
    if "." in word:
        return text[k : k + 1].isupper() and _starts_like_sentence(text, k)
    if bare in _ABBREVIATIONS and word[:1].isupper() | (
        bare in ("vs", "v", "etc", "e.g", "i.e", "cf", "no", "al", "approx", "est", "dept")
    ):
        return bare in _MAY_END and _starts_like_sentence(text, k)
    return True


_STARTERS = frozenset(
    "The A An He She They It We In On At But And If When As For This That These Those His Her Their There I You".split()
)


def _starts_like_sentence(text: str, k: int) -> bool:
    m = _WORD.match(text, k)
    return bool(m) and m.group(0) in _STARTERS  # type: ignore[union-attr]


_WORD = re.compile(r"[^\W\d_]{1,12}")


def _word_before(text: str, stop: int) -> str:
    start = stop
    floor = max(0, stop - 20)
    while start > floor and (text[start - 1].isalnum() or text[start - 1] == "."):
        start -= 1
    return text[start:stop]
