"""What may join a cue: words of its own sentence, and a quotation that goes on.

Covers cutting parts at the ends of sentences. For which cue a part belongs to, see `linker`; for quotations that no cue
claims, see `cueless_quotes`.

Read on news of many kinds, words of another sentence were hardly ever the cue's: of 2,192 attributions of PolNeAR's
dev split nine hold such words outside of quotation marks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipelines.core.attribution.cue_arguments import CueArgument
from pipelines.core.text.quotation_marks import Quote
from pipelines.core.text.spans import Span

_OPENERS = "“\"'‘«„( \xa0"


class Bounds:
    """The sentences and quotations of one paragraph, by its words."""

    def __init__(
        self, paragraph: str, tokens: Sequence[Span], quotes: Sequence[Quote], sentence_starts: Sequence[int]
    ) -> None:
        self.paragraph = paragraph
        self.starts = [s for s, _ in tokens]
        self.tokens = tokens
        self.sentence_starts = sentence_starts
        self.quote_starts = [q.start for q in quotes]
        self.quotes = quotes

    def sentence(self, word: int) -> int:
        """Return the number of the sentence of a word."""
        return bisect_right(self.sentence_starts, self.starts[word])

    def first_word(self, sentence: int) -> int:
        """Return the number of the first word of a sentence."""
        return bisect_left(self.starts, self.sentence_starts[sentence - 1])

    def end_word(self, sentence: int) -> int:
        """Return the number behind the last word of a sentence."""
        return self.first_word(sentence + 1) if sentence < len(self.sentence_starts) else len(self.starts)

    def quote_of(self, word: int) -> Quote | None:
        """Return the quotation that a word (or the mark that opens it) stands in."""
        k = bisect_right(self.quote_starts, self.starts[word]) - 1
        return self.quotes[k] if k >= 0 and self.starts[word] < self.quotes[k].end else None

    def is_quoted(self, first: int, end: int) -> bool:
        """Tell whether all words of a range stand in quotations; marks count for nothing."""
        return all(self.quote_of(i) is not None for i in range(first, end) if self._is_word(i))

    def opens_sentence(self, quote: Quote) -> bool:
        """Tell whether nothing but marks stands between a quotation and the start of its sentence."""
        start = self.sentence_starts[bisect_right(self.sentence_starts, quote.start) - 1]
        return not any(map(str.isalnum, self.paragraph[start : quote.start]))

    def closes_sentence(self, quote: Quote) -> bool:
        """Tell whether no word stands between the end of a quotation and that of its sentence."""
        k = bisect_right(self.sentence_starts, quote.end - 1)
        end = self.sentence_starts[k] if k < len(self.sentence_starts) else len(self.paragraph)
        return not any(map(str.isalnum, self.paragraph[quote.end : end]))

    def goes_on(self, word: int) -> bool:
        """Tell whether one quotation holds a word and the one before it; one never closed may open again."""
        before, here = self.quote_of(word - 1), self.quote_of(word)
        if before is None or here is None:
            return False
        return before == here or (before.close_mark is None and not self.paragraph[before.end : here.start].strip())

    def _is_word(self, i: int) -> bool:
        return any(map(str.isalnum, self.paragraph[slice(*self.tokens[i])]))


def within_bounds(bounds: Bounds, parts: Sequence[CueArgument], cues: Sequence[Span]) -> list[CueArgument]:
    """Return the parts, cut to what may join their cues.

    A source lies in the sentence of its cue. Content outside of it is a quotation: one that reaches over its border, or
    one that is a sentence of its own and goes on with what the cue reports in marks.
    """
    held = {p.cue: _sentences_held(bounds, parts, p.cue) for p in parts if p.kind == "content"}
    direct = {p.cue for p in parts if p.kind == "content" and _is_direct(bounds, p, cues[p.cue])}
    indirect = {p.cue for p in parts if p.kind == "content" and _in_sentence_of(bounds, p, cues[p.cue])} - direct
    out: list[CueArgument] = []
    for part in parts:
        here = bounds.sentence(cues[part.cue][0])
        if part.kind == "source":
            if bounds.sentence(part.first) == here:
                out.append(part)
            continue
        _cut(bounds, part, here)
        if part.end > part.first and _may_join(bounds, part, here, held[part.cue], part.cue in indirect):
            out.append(part)
    return out


def _sentences_held(bounds: Bounds, parts: Sequence[CueArgument], cue: int) -> set[int]:
    return {
        n
        for p in parts
        if p.kind == "content" and p.cue == cue
        for n in range(bounds.sentence(p.first), bounds.sentence(p.end - 1) + 1)
    }


def _in_sentence_of(bounds: Bounds, part: CueArgument, cue: Span) -> bool:
    here = bounds.sentence(cue[0])
    return bounds.sentence(part.first) <= here <= bounds.sentence(part.end - 1)


def _is_direct(bounds: Bounds, part: CueArgument, cue: Span) -> bool:
    """Tell whether a part before its cue, or in the cue's sentence, stands between marks."""
    before = part.end <= cue[0] or _in_sentence_of(bounds, part, cue)
    return before and bounds.is_quoted(part.first, part.end)


def _cut(bounds: Bounds, part: CueArgument, here: int) -> None:
    """Cut a part that reaches over the border of its cue's sentence without being quoted there."""
    first, last = bounds.sentence(part.first), bounds.sentence(part.end - 1)
    if first <= here < last:
        border = bounds.end_word(here)
        if not bounds.is_quoted(border, part.end) or not bounds.goes_on(border):
            part.end = border
    if first < here <= last:
        border = bounds.first_word(here)
        if not bounds.is_quoted(part.first, border):
            part.first = border


def _may_join(bounds: Bounds, part: CueArgument, here: int, held: set[int], is_indirect: bool) -> bool:
    first = bounds.sentence(part.first)
    if first <= here <= bounds.sentence(part.end - 1):
        return True
    if not bounds.is_quoted(part.first, part.end):
        return False
    between = range(min(first, here) + 1, max(first, here))
    if any(n not in held for n in between):
        return False
    if first < here:
        return not is_indirect
    before = bounds.paragraph[: bounds.starts[part.first]].rstrip(_OPENERS)
    quote = bounds.quote_of(part.first)
    whole = quote is not None and bounds.opens_sentence(quote) and bounds.closes_sentence(quote)
    return whole and not is_indirect and not before.endswith(":")
