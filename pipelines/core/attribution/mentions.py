"""Which spans of a text are mentions, and of what kind their names are: rules and the tagger's head for names, joined.

For the rules for one sentence or phrase, see `names`; for the head, see `neural`; for who is meant, see resolution.

The rules find whole phrases, titles included (Sen. Ana Ruiz); the head knows which capitals are names at all. So a
phrase of the rules stands if the head saw a name in it, or saw one of its words in a name anywhere in the text; a
phrase in which the head saw two names apart (Ana Ruiz of Lind Motors) is those two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import pairwise

from pipelines.core.attribution import names
from pipelines.core.attribution.cues import OwnWords
from pipelines.core.attribution.document import Document
from pipelines.core.text.spans import Span

Named = tuple[int, int, str]
"""A name: start, end, kind (person, organization, place, group)."""
_PARTICIPLE = re.compile(r"[A-Z][a-z]+ing\s+")
_MARKED = frozenset({"metonym", "demonym", "role+name"})
"""Kinds of phrase whose words tell that they are names."""


def find_mentions(
    doc: Document, sources: Collection[Span], named: Sequence[Named] | None, own: OwnWords
) -> list[tuple[Span, str | None]]:
    """Return the spans of mentions, rising, each with the kind of its name, None where that is not known.

    Args:
        doc: the text.
        sources: spans that are mentions because they are the source of a statement.
        named: names that the tagger saw, rising; None where it saw nothing of the text.
        own: what a user adds to the words that we know.
    """
    ruled = [span for start, end in doc.sentences for span in names.find_names(doc.text, start, end)]
    if named is None:
        return [(span, None) for span in sorted({*sources, *ruled})]
    starts = [start for start, _, _ in named]
    seen = {word for start, end, _ in named for word in doc.text[start:end].split()}
    spans = set(sources)
    for whole in ruled:
        inside = _within(named, starts, whole)
        span = _behind_participle(doc.text, whole, inside)
        if len(inside) > 1 and not _are_joined(doc.text, inside):
            spans.update((start, end) for start, end, _ in inside)
        elif inside or _is_name(doc.text, span, seen, own):
            spans.add(span)
    taken = sorted(spans)
    spans.update((s, e) for s, e, _ in named if not any(a < e and s < b for a, b in _around(taken, s, e)))
    return [(span, _kind(_within(named, starts, span))) for span in sorted(spans)]


def _within(named: Sequence[Named], starts: Sequence[int], span: Span) -> list[Named]:
    """Return the names that share words with a span."""
    k = max(0, bisect_left(starts, span[0]) - 1)
    out = []
    while k < len(named) and named[k][0] < span[1]:
        if named[k][1] > span[0]:
            out.append(named[k])
        k += 1
    return out


def _behind_participle(text: str, span: Span, inside: Sequence[Named]) -> Span:
    """Cut a capital participle off a name that the tagger saw behind it: Hosting Cook is a pleasure."""
    if len(inside) == 1 and _PARTICIPLE.fullmatch(text, span[0], inside[0][0]):
        return (inside[0][0], span[1])
    return span


def _around(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    at = bisect_left(spans, (start, end))
    return spans[max(0, at - 3) : at + 3]


def _are_joined(text: str, inside: Sequence[Named]) -> bool:
    """Tell whether nothing but a blank stands between names: Vessen Mayor's two words are one phrase."""
    return all(not text[a[1] : b[0]].strip() for a, b in pairwise(inside))


def _is_name(text: str, span: Span, seen: Collection[str], own: OwnWords) -> bool:
    words = text[span[0] : span[1]].split()
    return any(word in seen for word in words) or names.analyse_phrase(text, span, own).kind in _MARKED


def _kind(inside: Sequence[Named]) -> str | None:
    """Return the kind of the last person in a phrase (Vessen Mayor Ana Ruiz), else of its first name."""
    people = [kind for _, _, kind in inside if kind == "person"]
    return people[-1] if people else inside[0][2] if inside else None
