"""How right the speakers are: the written rules by which an answer is compared with gold.

Covers pure comparison of names and spans. For reading gold from disk and running the pipeline, see `pipelines.bench`.

The rule for a name: two names are the same if their folded forms are equal, if one is an alias of the actor, or if both
are full names of one person by `article.same_name` (same surname and suffix, first names that agree: Chris may be
Christopher or Christine). A bare surname is never the same as a full name: a speaker of whom only the surname was found
was not found. Where the gold itself has one word only, it is compared with the surname. An organisation is the same
with and without its nationality, and with its noun before or behind: the Danish Transport Ministry is the Ministry of
Transport, but not the Swedish Transport Ministry.

The rule for a span: a source falls on the gold mention with which it shares most characters, if these are at least half
of all characters of the two together. What a source says of where its speaker belongs ("Ana Ruiz, of the University
of Harrow") is no part of that: the university does not speak.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from pipelines.core.reference import Reference
from pipelines.core.resolution.entities import same_name
from pipelines.core.resolution.phrases import read_phrase
from pipelines.core.resolution.words import PRONOUNS
from pipelines.core.text.names import fold, is_one_word, ministry_first, surname_key
from pipelines.core.text.spans import Span

_PARENTHESIS = re.compile(r"\s*\([^)]*\)\s*$")
_BELONGS = re.compile(r",\s+(?:of|from|at|with)\s.*$", re.DOTALL)
_NAMELESS = frozenset({"role", "group", "document"})
MIN_OVERLAP = 0.5


@dataclass(frozen=True)
class Answer:
    """Who is said to speak: the actor's (else the entity's) name, its type, and all folded names that it goes by."""

    name: str
    actor_type: str
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Share:
    """So many right of so many."""

    right: int = 0
    total: int = 0

    def plus(self, ok: bool) -> Share:
        """Return the share with one more case."""
        return Share(self.right + ok, self.total + 1)

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.right / self.total if self.total else 0.0


def overlap(a: Sequence[Span], b: Sequence[Span]) -> float:
    """Return the characters that two sets of spans share, of all that they have."""
    first = {i for start, end in a for i in range(start, end)}
    second = {i for start, end in b for i in range(start, end)}
    return len(first & second) / len(first | second) if first and second else 0.0


def is_called(answer: Answer, name: str, reference: Reference) -> bool:
    """Tell whether an answer is the actor of that name: see the module's first rule."""
    folded, own = fold(name), fold(answer.name)
    known, mine = reference.find(name), reference.find(answer.name)
    if folded == own or (known is not None and known is mine):
        return True
    if known is not None and mine is not None:
        return False
    if is_one_word(name) and answer.actor_type in ("person", "unknown"):
        return surname_key(own) == folded
    if folded in answer.aliases and not (is_one_word(name) and answer.actor_type == "person"):
        return True
    if answer.actor_type == "org" and _same_body(name, answer.name, reference):
        return True
    return same_name(folded, own, reference)


def _same_body(a: str, b: str, reference: Reference) -> bool:
    """Tell whether two names are one organisation's, of which at most one has its nationality."""
    (first, one), (second, other) = (_without_nation(name, reference) for name in (a, b))
    return first == second and not (one and other) and " " in first


def _without_nation(name: str, reference: Reference) -> tuple[str, bool]:
    """Return a folded name of an organisation without a nationality before it, and whether it had one."""
    head, _, rest = fold(name).partition(" ")
    has_nation = head in reference.demonyms and bool(rest)
    return ministry_first(rest if has_nation else fold(name)), has_nation


def head_of(source: str) -> str:
    """Return a source without where its speaker belongs: Ana Ruiz for "Ana Ruiz, of the University of Harrow"."""
    return _BELONGS.sub("", source)


def is_right(answers: Sequence[Answer], speakers: Sequence[str], reference: Reference) -> bool:
    """Tell whether the answers are exactly these speakers; with no speaker, that nobody with a name is given."""
    if not speakers:
        return all(a.actor_type in _NAMELESS for a in answers)
    if len(answers) < len(speakers):
        return False
    found = [any(is_called(a, s, reference) for a in answers) for s in speakers]
    return all(found)


def gold_name(wikipedia: str | None, mentions: Iterable[str], reference: Reference) -> str | None:
    """Return what a gold entity is called: its Wikipedia title, else its longest name.

    Names are what its mentions, up to a comma, read as; those that are a name and nothing else come first.
    """
    if wikipedia:
        return _PARENTHESIS.sub("", unquote(wikipedia).replace("_", " "))
    read = [(text.split(",")[0], read_phrase(text.split(",")[0], reference)) for text in mentions]
    names = [(fold(text) == fold(p.name), p.name) for text, p in read if p.shape in ("name", "known")]
    pure = [name for alone, name in names if alone] or [name for _, name in names]
    return max(pure, key=lambda n: (len(n.split()), len(n), n), default=None)


def is_anaphor(source: str, reference: Reference) -> bool:
    """Tell whether a source is a pronoun or a role, and no name."""
    phrase = read_phrase(source, reference)
    return source.casefold() in PRONOUNS or phrase.shape in ("pronoun", "role", "other") or (
        phrase.shape == "org" and phrase.name.islower()
    )  # fmt: skip


def merged_people(actor_of: Mapping[str, str], name_of: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the pairs of gold people who share an actor though their names differ.

    Args:
        actor_of: gold person -> the actor that most of its names were linked to.
        name_of: gold person -> name.
    """
    people: dict[str, list[str]] = defaultdict(list)
    for person, actor in sorted(actor_of.items()):
        people[actor].append(person)
    return [
        (a, b) for group in people.values() for i, a in enumerate(group) for b in group[i + 1 :]
        if fold(name_of[a]) != fold(name_of[b])
    ]  # fmt: skip
