"""One text on its way through extraction: its paragraphs, sentences, sections and quotes, and look-ups over them.

Covers what can be said of a text before anything in it is attributed. For statements, see `candidates`; for rows, see
`rows`.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.attribution import statements
from pipelines.core.text.quotation_marks import Quote, parse_quotes
from pipelines.core.text.sentences import split_paragraphs, split_sentences
from pipelines.core.text.spans import Span

_ENGLISH_SHARE = 0.12
_ENGLISH_WORDS = frozenset(
    "the of and to in a is that for on was with as it by he at from his be are have has an this but not they "
    "said".split()
)


@dataclass(slots=True)
class Document:
    """One text with all that stands still while it is read.

    Attributes:
        version_id: the version that the text belongs to.
        lineage: what is the same over the versions of an article.
        text: the text.
        is_english: whether statements are looked for.
        sections: (start, end, section), rising.
        paragraphs: spans of the paragraphs, rising.
        sentences: spans of the sentences, rising.
        paragraph_of: number of the paragraph of each sentence.
        quotes: all quotes, outer before inner.
        outer: quotes that lie in no other.
        outer_starts: where those start.
        quote_starts: where all quotes start.
    """

    version_id: str
    lineage: str
    text: str
    is_english: bool
    sections: list[tuple[int, int, str]]
    paragraphs: list[Span]
    sentences: list[Span]
    paragraph_of: list[int]
    quotes: list[Quote]
    outer: list[Quote]
    outer_starts: list[int]
    quote_starts: list[int]

    @classmethod
    def read(cls, row: dict[str, object]) -> Document:
        """Split a row of texts (see `extract`) into paragraphs, sentences and quotes."""
        text = str(row["text"] or "")
        raw = row["sections"]
        sections = (
            [(int(s["char_start"]), int(s["char_end"]), str(s["section"])) for s in raw]
            if isinstance(raw, list)
            else []
        )
        paragraphs = split_paragraphs(text)
        sentences: list[Span] = []
        paragraph_of: list[int] = []
        for number, (start, end) in enumerate(paragraphs):
            for s, e in split_sentences(text[start:end]):
                sentences.append((s + start, e + start))
                paragraph_of.append(number)
        language = row["language"]
        is_english = str(language).lower().startswith("en") if language else reads_english(text)
        version_id = str(row["version_id"])
        quotes = parse_quotes(text, paragraphs)
        outer = [q for q in quotes if q.depth == 0]
        return cls(
            version_id,
            str(row.get("article_id") or version_id),
            text,
            is_english,
            sorted(sections),
            paragraphs,
            sentences,
            paragraph_of,
            quotes,
            outer,
            [q.start for q in outer],
            [q.start for q in quotes],
        )

    def sentence_no(self, position: int) -> int:
        """Return the number of the sentence at a position, or the one before it."""
        return max(0, bisect_right(self.sentences, (position, math.inf)) - 1)

    def section_at(self, position: int) -> str:
        """Return the section at a position; what no section covers is body."""
        found = "body"
        for start, end, section in self.sections:
            if start <= position < end:
                found = section
        return found

    def quotes_in(self, content: Sequence[Span]) -> list[Quote]:
        """Return the outer quotes that share words with content, rising."""
        out: list[Quote] = []
        for start, end in content:
            k = max(0, bisect_left(self.outer_starts, start) - 1)
            while k < len(self.outer) and self.outer[k].start < end:
                q = self.outer[k]
                if q.inner_end > start and q not in out[-2:]:
                    out.append(q)
                k += 1
        return out

    def goes_on(self, k: int) -> bool:
        """Tell whether outer quote k goes on with the one before it, whose mark was left open."""
        q, before = self.outer[k], self.outer[k - 1]
        if k == 0 or before.close_mark is not None:
            return False
        return q.continues or ("\n" not in (gap := self.text[before.end : q.start]) and not gap.strip())

    def chain_after(self, quote: Quote) -> list[Span]:
        """Return the spans of the quotes that go on with an unclosed one, up to the one that is closed."""
        k = bisect_left(self.outer_starts, quote.start) + 1
        out: list[Span] = []
        while k < len(self.outer) and self.goes_on(k):
            out.append((self.outer[k].start, self.outer[k].end))
            k += 1
        return out

    def chain_before(self, quote: Quote) -> list[Span]:
        """Return the spans of the unclosed quotes that a quote goes on with, rising."""
        k = bisect_left(self.outer_starts, quote.start)
        out: list[Span] = []
        while k > 0 and self.goes_on(k):
            k -= 1
            out.insert(0, (self.outer[k].start, self.outer[k].end))
        return out

    def holds_quote(self, outer: Quote) -> bool:
        """Tell whether another quote stands inside an outer one."""
        return any(q.depth and outer.start < q.start < outer.end for q in self._near(outer.start, outer.end))

    def is_inner_quote(self, content: Sequence[Span]) -> bool:
        """Tell whether content is a quote inside a quote, marks or no marks."""
        start, end = content[0][0], content[-1][1]
        return any(
            q.depth and q.start <= start <= q.inner_start and q.inner_end <= end <= q.end
            for q in self._near(start, end)
        )

    def inner_quote_at(self, position: int) -> Quote | None:
        """Return the quote inside a quote that opens at a position, or right before it."""
        return next((q for q in self._near(position, position + 1) if q.depth), None)

    def _near(self, start: int, end: int) -> Sequence[Quote]:
        """Return the quotes of any depth that begin in a stretch, or right before it."""
        first = bisect_left(self.quote_starts, start - 2)
        return self.quotes[first : bisect_left(self.quote_starts, end)]

    def is_direct(self, start: int, end: int) -> bool:
        """Tell whether all words of a span stand between marks."""
        inner = [(q.inner_start, q.inner_end) for q in self.quotes_in([(start, end)])]
        return statements.statement_type([(start, end)], inner, self.text) == "direct"


def reads_english(text: str) -> bool:
    """Tell whether a text of unknown language reads like English: enough of its words are common English ones."""
    words = text[:4000].lower().split()
    return len(words) < 25 or sum(w in _ENGLISH_WORDS for w in words) >= _ENGLISH_SHARE * len(words)
