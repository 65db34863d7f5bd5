"""What capitals are worth in one article: headings, and common words that open a sentence.

Belongs here: telling a name's capital from that of a heading or of a sentence's first word, by the rest of the text.
Does not belong here: what kind of name it is (see `kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.core.reference import Reference
from pipelines.core.resolution.kinds import PRONOUNS
from pipelines.core.text.names import PARTICLES, fold, is_capitalised, tokens, word_set

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_HEADING_WORDS, _HEADING_SHARE = 4, 0.9
_SMALL = word_set(
    "a an the of in on at to for from by with and or but nor as is are vs v via over into than that if it its not his "
    "her be up off out"
)
"""Words that need no capital in a heading."""
_OPENERS = word_set(
    "having conversely contrary asked according following despite speaking meanwhile using reacting responding citing "
    "noting given based see unlike although though while when where if as but and or so yet then there here this that "
    "these those what why how who which with without within under over after before during since until because among "
    "between against about above across along around behind below beneath beside besides beyond by for from in into of "
    "on onto out outside through throughout to toward towards upon via per plus still also even just only now today "
    "yesterday tomorrow tonight last next first second third finally earlier later recently overall perhaps maybe "
    "indeed instead otherwise however moreover furthermore therefore thus hence nevertheless nonetheless regardless "
    "none nobody nothing everybody everyone everything somebody someone something anybody anyone anything most many "
    "much more some several few other others another each every both either neither all any no not never once twice "
    "asking adding saying calling being going coming looking taking making getting let make do does did is are was "
    "were be been has have had can could will would should must shall might please thanks yes ok okay well oh wow "
    "breaking revealed update related advertisement watch read listen more latest exclusive wherever whenever whatever "
    "whoever whether contributing the a an it its he she they we you i his her their our your my"
)
"""Words that open sentences and are no names."""

_PLURAL = re.compile(r"(?:[^aeiouys]|[^s]e|[aeio]n|ic)s$")
"""The end of a common noun in the plural; a name that only ever opens a sentence may look like it (Hicks)."""
_KEPT = PRONOUNS | {"the", "a", "an"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Capitals:
    """What the text tells of its capitals.

    Attributes:
        headings: numbers of the sentences in which all words but small ones have capitals.
        lower: words that the text has without a capital.
        upper: words that it has with one inside a sentence.
    """

    headings: frozenset[int]
    lower: frozenset[str]
    upper: frozenset[str]

    def without_opener(self, surface: str, reference: Reference) -> str:
        """Return a surface that opens a sentence, without a first word that is no part of its name.

        "See Lind" is Lind; "Asked" alone is nobody, and is returned as an empty text; "Analysts" are "analysts".
        """
        words = surface.split()
        if not words or not words[0][:1].isupper() or words[0].casefold() in _KEPT:
            return surface
        first = fold(words[0])
        if first in self.upper or first in reference.honorifics or reference.find(words[0]) or reference.find(surface):
            return surface
        is_opener = first in _OPENERS
        common = is_opener or (first in self.lower and first not in reference.given_names)
        rest = words[1:]
        if not rest:
            if _is_noun(first, reference) or (_PLURAL.search(words[0]) and words[0][1:].islower()):
                return surface.lower()
            return "" if common else surface
        if first in reference.roles or first in reference.demonyms:
            return surface
        if common and rest[0][:1].isupper() and fold(rest[0]) not in reference.roles:
            return " ".join(rest)
        plain = words[0].isalpha() and words[0][1:].islower()
        if rest[0][:1].islower() and fold(rest[0]) not in PARTICLES and plain:
            return surface[:1].lower() + surface[1:]
        return surface


def _is_noun(word: str, reference: Reference) -> bool:
    """Tell whether a word is a noun for people or institutions: it needs no capital."""
    if word in reference.capital_kind_words:
        return False
    single = word.removesuffix("s")
    return any(w in reference.kind_words or w in reference.roles for w in (word, single))


def read_capitals(text: str, sentences: Sequence[Row], mentions: Sequence[Row]) -> Capitals:
    """Return what a text's capitals are worth.

    Args:
        text: the text.
        sentences: sentence_no, char_start, char_end.
        mentions: sentence_no, char_start, surface.
    """
    headings: set[int] = set()
    lower: set[str] = set()
    starts: dict[int, int] = {}
    for row in sentences:
        starts[row["sentence_no"]] = row["char_start"]
        words = _WORD.findall(text, row["char_start"], row["char_end"])
        if _is_heading(words):
            headings.add(row["sentence_no"])
        else:
            lower.update(w for w in words if w.islower())
    upper: set[str] = set()
    for row in mentions:
        no = row["sentence_no"]
        if no in headings:
            continue
        words = tokens(row["surface"])
        initial = not any(c.isalnum() for c in text[starts.get(no, 0) : row["char_start"]])
        upper.update(fold(w) for w in words[initial:] if is_capitalised(w))
    return Capitals(frozenset(headings), frozenset(lower), frozenset(upper))


def goes_on_name(word: str) -> bool:
    """Tell whether a word after a name may belong to it: it has a capital and is no common word."""
    return word[:1].isupper() and (word.casefold() == "may" or fold(word) not in _OPENERS)


def _is_heading(words: Sequence[str]) -> bool:
    big = [w for w in words if w not in _SMALL]
    return len(big) >= _HEADING_WORDS and sum(w[:1].isupper() for w in big) >= _HEADING_SHARE * len(big)
