"""What a learned tagger sees of a paragraph: words, their pieces, and three marks a word.

Covers turning a paragraph into numbers, the same for training and for use. For any network, see `neural` and
`pipelines.training`.

The encoder that we build on is uncased and knows nothing of quotation, while names are told by capitals and direct
quotes by marks. So three small numbers go with each word: its shape, its place in the quotes of the paragraph, and
whether the cue lexicon knows it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.text.quotation_marks import paragraph_quotes
from pipelines.core.text.sentences import split_sentences
from pipelines.core.text.spans import Span
from pipelines.core.text.tokens import plain, tokenize

N_SHAPES = 14
N_QUOTES = 6
N_CUES = 6
WordPieces = Callable[[str], Sequence[int]]
"""A word as printed to the ids of its pieces, never empty."""

_MARK, _LOWER, _TITLE, _UPPER, _MIXED, _DIGIT, _LETTER = range(7)
_OUTSIDE_QUOTES, _INSIDE, _OPENS, _CLOSES, _NESTED, _UNCLOSED = range(N_QUOTES)
_NO_CUE, _SAYS, _THINKS, _SILENT, _CUE_NOUN, _CUE_PHRASE = range(N_CUES)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One paragraph in numbers; all lists but `pieces` have one element a word.

    Attributes:
        tokens: spans of the words (and marks) in the paragraph.
        pieces: ids of the pieces of all words, one after the other, without the ids that frame an input.
        firsts: index in `pieces` of the first piece of each word.
        shapes: 0 <= shape < N_SHAPES; the second half is for the first word of a sentence.
        quotes: 0 <= place in quotes < N_QUOTES.
        cues: 0 <= what the lexicon knows of the word < N_CUES.
    """

    tokens: tuple[Span, ...]
    pieces: tuple[int, ...]
    firsts: tuple[int, ...]
    shapes: tuple[int, ...]
    quotes: tuple[int, ...]
    cues: tuple[int, ...]


def encode(paragraph: str, pieces_of: WordPieces, lexicon: CueLexicon) -> Encoded:
    """Return a paragraph in numbers. Linear in its length."""
    tokens = tokenize(paragraph)
    words = [plain(paragraph[s:e]) for s, e in tokens]
    starts = {s for s, _ in split_sentences(paragraph)}
    pieces: list[int] = []
    firsts: list[int] = []
    shapes: list[int] = []
    for (start, _), word in zip(tokens, words, strict=True):
        firsts.append(len(pieces))
        pieces.extend(pieces_of(word))
        shapes.append(shape_of(word) + (7 if start in starts else 0))
    cues = [_cue_of(word.lower(), lexicon) for word in words]
    places = _quote_places(paragraph, tokens)
    return Encoded(tuple(tokens), tuple(pieces), tuple(firsts), tuple(shapes), tuple(places), tuple(cues))


@lru_cache(maxsize=100_000)  # news says the same words over and over
def shape_of(word: str) -> int:
    """Return how a word is written: 0 mark, 1 lower, 2 Title, 3 UPPER, 4 miXed, 5 with digits, 6 one capital letter."""
    if not any(c.isalnum() for c in word):
        return _MARK
    if any(c.isdigit() for c in word):
        return _DIGIT
    if word.islower():
        return _LOWER
    if len(word) == 1:
        return _LETTER if word.isupper() else _LOWER
    if word.isupper():
        return _UPPER
    return _TITLE if word[0].isupper() and word[1:].islower() else _MIXED


def _quote_places(paragraph: str, tokens: Sequence[Span]) -> list[int]:
    places = [_OUTSIDE_QUOTES] * len(tokens)
    starts = [s for s, _ in tokens]
    for q in paragraph_quotes(paragraph):
        first, end = bisect_right(starts, q.inner_start - 1), bisect_right(starts, q.inner_end - 1)
        inside = _NESTED if q.depth else _INSIDE if q.close_mark is not None else _UNCLOSED
        places[first:end] = [inside] * (end - first)
        if first and starts[first - 1] >= q.start:
            places[first - 1] = _OPENS
        if q.close_mark is not None and end < len(tokens) and starts[end] < q.end:
            places[end] = _CLOSES
    return places


def _cue_of(word: str, lexicon: CueLexicon) -> int:
    forms = lexicon.forms.get(word)
    if not forms:
        return _NO_CUE
    entries = [f.entry for f in forms if not f.tail]
    if not entries:
        return _CUE_PHRASE
    if all(e.form == "noun" for e in entries):
        return _CUE_NOUN
    if all(e.is_silent for e in entries):
        return _SILENT
    return _THINKS if all(e.is_attitude for e in entries) else _SAYS
