"""The gender of a person as one article tells it: by a title, a role word, a pronoun; never by a given name.

Belongs here: collecting what the text tells of one actor, and weighing it. Does not belong here: which actor a
pronoun means (see `speakers`), what all articles tell together (see `identity.genders`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.core.reference import Reference
from pipelines.core.resolution.entities import Article
from pipelines.core.resolution.entity import Entity
from pipelines.core.resolution.mentions import Mention
from pipelines.core.text.names import fold, is_capitalised, tokens

BASES = ("told", "title", "role", "pronoun")
"""What tells a gender, the surest first."""
_WORDS = {"m": "male", "f": "female"}
_WEIGHT = {"told": 9.0, "title": 3.0, "role": 2.0, "pronoun": 1.0, "near": 0.7, "its own": 0.4}
_LEAST_SHARE = 0.75
"""Share of the weight that one gender must have."""
_LEAST_WEIGHT = 0.5
"""A possessive by the only person named does not tell a gender alone: Conte says that the runner sold her medals."""
_LEAST_SURE = 0.5
"""From this probability on a pronoun's link is evidence."""
_OF_BOTH = re.compile(r"(?:^|\s)(?:chairman|councilman|alderman|priest|cardinal)$")
"""Roles in -man, and of churches, that are printed of women too."""
_LOWER = frozenset({"mr", "mrs", "ms", "madam"})
"""Titles that are no other word where they stand before a name without a capital."""
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_SAID_HE = re.compile(
    r"(?:, [^,.\n“\"]{1,60},)? (?:has |had )?(?:said|says|told \w+|claimed|believes) (?:that )?(he|she)\b"
)
"""How a sentence goes on whose pronoun is nearly always its subject: Jane Roe said she would go."""
_ENDS = re.compile(r"[.!?]['’”\"]?\s+")
_NONBINARY = re.compile(
    r"\b(?:uses? (?:the )?(?:pronouns? )?[‘'“\"]?they(?:[/ ](?:and )?them)?\b|non-?binary\b)", re.IGNORECASE
)
_MEN = r"man|boy|father|husband|son|brother|spokesman|businessman|policeman|king|prince|uncle|grandfather|boyfriend|mr"
_WOMEN = (
    r"woman|girl|mother|wife|daughter|sister|spokeswoman|actress|businesswoman|queen|princess|aunt|grandmother|"
    r"girlfriend|mrs|ms|miss|mum|mom"
)
_NOUNS = {
    "male": re.compile(rf"\b(?:{_MEN})s?\b", re.IGNORECASE),
    "female": re.compile(rf"\b(?:{_WOMEN})s?\b", re.IGNORECASE),
}
"""Words for other people whom a pronoun may mean."""


@dataclass(slots=True)
class Told:
    """What one article tells of an actor's gender.

    Attributes:
        weights: gender -> how much speaks for it.
        counts: gender -> basis -> how many words of the text.
    """

    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, gender: str, basis: str, sure: float = 1.0) -> None:
        """Count one more word that tells a gender; ``near`` and ``its own``: a pronoun by the only person named."""
        self.weights[gender] += _WEIGHT[basis] * sure
        self.counts[gender][basis if basis in BASES else "pronoun"] += 1

    def answer(self) -> tuple[str | None, str | None, int, int]:
        """Return gender, its surest basis, how many words tell it, and how many another; None where it is not clear."""
        total = sum(self.weights.values())
        n = {g: sum(c.values()) for g, c in self.counts.items()}
        gender = max(sorted(self.weights), key=lambda g: self.weights[g], default=None)
        if gender is None or self.weights[gender] < max(_LEAST_SHARE * total, _LEAST_WEIGHT):
            return None, None, 0, sum(n.values())
        basis = next(b for b in BASES if self.counts[gender][b])
        return gender, basis, n[gender], sum(n.values()) - n[gender]


def tell_genders(
    article: Article, mentions: Sequence[Mention], text: str, quotes: Sequence[tuple[int, int]]
) -> Mapping[int, Told]:
    """Return id() of each actor of whose gender the article tells something -> what.

    Args:
        article: with its links.
        mentions: in text order.
        text: the article.
        quotes: where quotations stand.
    """
    told: dict[int, Told] = defaultdict(Told)
    linked: set[int] = set()
    for m in mentions:
        link = article.links.get(m.mention_id)
        if link is None or link.is_open or link.joint:
            continue
        e = link.entities[0]
        if m.phrase.shape == "pronoun":
            linked.add(m.start)
            if m.phrase.gender and link.confidence[0] >= _LEAST_SURE and e.actor_type in ("person", "unknown"):
                told[id(e)].add(_WORDS[m.phrase.gender], "pronoun", link.confidence[0])
        elif e.actor_type in ("person", "unknown"):
            for gender, basis in _of_words(m, text, article.reference):
                told[id(e)].add(gender, basis)
    people = [e for e in article.entities if e.actor_type == "person" and not e.members]
    _by_place(people, text, quotes, linked, told)
    return told


def _of_words(m: Mention, text: str, reference: Reference) -> Iterable[tuple[str, str]]:
    """Yield the genders that titles and role words in or round a mention tell: Mr Lind, Jane Roe, mother of two."""
    before = re.search(r"(\w+)\.?\s$", text[max(0, m.start - 15) : m.start])
    for word in (*([before[1]] if before else []), *tokens(m.surface)):
        honorific = reference.honorifics.get(fold(word))
        if honorific and honorific.gender and (is_capitalised(word) or word in _LOWER):
            yield _WORDS[honorific.gender], "title"
            break
    for words in (m.phrase.role_surface or (m.surface if m.phrase.shape == "role" else ""), m.role or ""):
        gender = _role_gender(words, reference)
        if gender:
            yield _WORDS[gender], "role"


def _role_gender(words: str, reference: Reference) -> str | None:
    """Return the gender of the noun that a role phrase is about: not of "her" or of the one whose wife it is."""
    head = re.split(r"\b(?:of|for|at|in|to|who|whose|and)\b|,", words, maxsplit=1)[0]
    for word in reversed(tokens(head)):
        role = reference.roles.get(fold(word))
        if role is not None:
            return None if _OF_BOTH.search(fold(word)) else role.gender
    return None


def _by_place(
    people: Sequence[Entity], text: str, quotes: Sequence[tuple[int, int]], linked: set[int], told: dict[int, Told]
) -> None:
    """Count pronouns outside quotation marks near which one person only is named, and nobody else is spoken of.

    Then those near which one person only is named who is not told to be of another gender.
    """
    places = sorted((p.start, i) for i, e in enumerate(people) for p in e.places)
    open_ones = []
    for e in people:
        for p in e.places:
            if said := _SAID_HE.match(text, p.end):
                told[id(e)].add("male" if said[1].casefold() == "he" else "female", "near")
                linked.add(said.start(1))
    for found in _PRONOUN.finditer(text):
        gender, at = ("male" if found[1] else "female"), found.start()
        if at in linked or any(s <= at < e for s, e in quotes):
            continue
        near = _near(places, text, at, gender)
        if len(near) == 1:
            told[id(people[near.pop()])].add(gender, _kind(found))
        elif near:
            open_ones.append((gender, near, _kind(found)))
    for gender, near, kind in open_ones:
        answers = {i: told[id(people[i])].answer()[0] for i in near}
        fit = [i for i in near if answers[i] in (gender, None)]
        if len(fit) == 1 and len(fit) < len(near):
            told[id(people[fit[0]])].add(gender, kind)
    for found in _NONBINARY.finditer(text):
        since, until = text.rfind(". ", 0, found.start()) + 1, found.end()
        near = {i for s, i in places if since <= s < until}
        if len(near) == 1:
            told[id(people[near.pop()])].add("nonbinary", "told")


def _kind(pronoun: re.Match[str]) -> str:
    """Return how much a pronoun says: one that opens its sentence, or is its subject, means whom it is about."""
    return "near" if pronoun[0].casefold() in ("he", "she") or pronoun[0][0].isupper() else "its own"


def _near(places: Sequence[tuple[int, int]], text: str, at: int, gender: str) -> set[int]:
    """Return the people named shortly before a pronoun; nobody, where a word for another of that gender stands there.

    Where its paragraph has named nobody yet, those of the end of the paragraph before.
    """
    since = _window(text, at)
    near = {i for s, i in places if since <= s < at}
    line = text.rfind("\n", 0, at)
    start = _window(text, at, back=1)
    if not any(start <= s < at for s, _ in places) and any(at < s < _end(text, at) for s, _ in places):
        return set()  # Outlining her plan, Jane Roe said
    if not near and line > 0:
        end = len(text[:line].rstrip())
        since = _window(text, end)
        near = {i for s, i in places if since <= s < at}
    return set() if _NOUNS[gender].search(text, since, at) else near


def _window(text: str, at: int, back: int = 2) -> int:
    """Return where the sentence of a place begins, or that many sentences back, in the same paragraph."""
    start = text.rfind("\n", 0, at) + 1
    ends = [m.end() for m in _ENDS.finditer(text[start:at])]
    return start + (ends[-back] if len(ends) >= back else 0)


def _end(text: str, at: int) -> int:
    """Return where the sentence of a place ends."""
    found = _ENDS.search(text, at)
    return found.start() if found else len(text)


__all__ = ["BASES", "Told", "tell_genders"]
