"""One paragraph as the rules see it: tokens with sentence and quote numbers.

Belongs here: look-ups over one paragraph. Does not belong here: any decision about cues, sources or content.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from pipelines.core.attribution.model import Span
from pipelines.core.attribution.quotation import Quote, paragraph_quotes
from pipelines.core.attribution.sentences import split_sentences
from pipelines.core.attribution.tokens import tokenize

_DATELINE = re.compile(
    r"[A-Z][A-Z.'’ -]{2,30}(?:[,/] ?[A-Z][^—–\n:;“\"]{1,40}?)?(?: ?\([A-Za-z. ]{2,20}\))?\s(?:—|–|--|-)\s+"
)


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph's tokens and what each lies in. All indices below are token indices.

    Attributes:
        text: the paragraph.
        tokens: spans of the tokens.
        words: the tokens as printed.
        low: the tokens in lower case, with the straight apostrophe.
        sentences: (first, end) token range of each sentence.
        sentence_of: sentence number of each token.
        quotes: outer quotes.
        quote_ranges: (first, end) token range of each outer quote, its marks included.
        quote_of: number of the outer quote of each token, -1 outside.
    """

    text: str
    tokens: tuple[Span, ...]
    words: tuple[str, ...]
    low: tuple[str, ...]
    sentences: tuple[Span, ...]
    sentence_of: tuple[int, ...]
    quotes: tuple[Quote, ...]
    quote_ranges: tuple[Span, ...]
    quote_of: tuple[int, ...]

    def sentence_range(self, token: int) -> Span:
        """Return the token range of a token's sentence."""
        return self.sentences[self.sentence_of[token]]

    def opens_quote(self, token: int) -> bool:
        """Tell whether a token is the opening mark of an outer quote."""
        return (
            0 <= token < len(self.tokens)
            and self.quote_of[token] >= 0
            and self.quote_ranges[self.quote_of[token]][0] == token
        )

    def closes_quote(self, token: int) -> bool:
        """Tell whether a token is the last one of an outer quote."""
        return (
            0 <= token < len(self.tokens)
            and self.quote_of[token] >= 0
            and self.quote_ranges[self.quote_of[token]][1] - 1 == token
        )

    def chars(self, first: int, end: int) -> Span:
        """Return the character span of the token range (first, end), which must not be empty."""
        return (self.tokens[first][0], self.tokens[end - 1][1])


def dateline_end(paragraph: str) -> int:
    """Return where the text starts behind a dateline (`LONDON, March 4 - `), 0 if the paragraph opens with none."""
    m = _DATELINE.match(paragraph)
    return m.end() if m else 0


def view_paragraph(paragraph: str) -> ParagraphView:
    """Tokenise a paragraph and place each token in its sentence and quote. Linear in the paragraph's length."""
    tokens = tuple(tokenize(paragraph))
    words = tuple(paragraph[s:e] for s, e in tokens)
    starts = [s for s, _ in tokens]
    sentences: list[Span] = []
    dateline = dateline_end(paragraph)
    for s, e in split_sentences(paragraph):
        first, end = bisect_left(starts, s), bisect_left(starts, e)
        body = bisect_left(starts, dateline) if s < dateline < e else first
        sentences.extend(span for span in ((first, body), (body, end)) if span[1] > span[0])
    sentence_of = [0] * len(tokens)
    for number, (first, end) in enumerate(sentences):
        for i in range(first, end):
            sentence_of[i] = number
    quotes = tuple(q for q in paragraph_quotes(paragraph) if q.depth == 0)
    ranges: list[Span] = []
    quote_of = [-1] * len(tokens)
    for number, quote in enumerate(quotes):
        first, end = bisect_left(starts, quote.start), bisect_left(starts, quote.end)
        ranges.append((first, end))
        for i in range(first, end):
            quote_of[i] = number
    low = tuple(w.lower().replace("’", "'") for w in words)
    return ParagraphView(
        paragraph, tokens, words, low, tuple(sentences), tuple(sentence_of), quotes, tuple(ranges), tuple(quote_of)
    )
