"""One actor as one article tells it: names, roles, gender, type, and the link of a mention to it.

Covers what is learned of one actor. For which mentions are its, see `entities` and `speakers`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.core.reference import KnownActor, Reference
from pipelines.core.resolution.mentions import Mention
from pipelines.core.resolution.phrases import Phrase
from pipelines.core.text.names import fold, is_acronym, suffix_of, surname_key

_KINDS = {"person": "person", "organization": "org", "group": "group"}
_GENDERED = re.compile(r"\b(?:(he|his|himself)|(she|hers|herself))\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]['”\"]?\s|\n")
_HINT_REACH, _ONLY_REACH = 160, 2000
SURE = {
    "name": 0.98, "role+name": 0.98, "surname": 0.97, "surname_only": 0.8, "acronym": 0.95, "part_of_name": 0.9,
    "reference": 0.96, "metonym": 0.93, "demonym": 0.8, "joint": 0.93, "role": 0.93, "group_members": 0.85,
    "relative": 0.9, "interviewee": 0.93,
    "interviewee_we": 0.7, "author": 0.75, "first_person": 0.9,
}  # fmt: skip
"""How often the link of a name is right, by how it was found: measured on labelled news (training/resolution)."""


@dataclass(slots=True, eq=False)
class Entity:
    """One actor as one article tells it.

    Attributes:
        actor_type: what the article, taken as a whole, tells.
        name: the fullest name.
        basis: how it was made (a value of `entities.basis`).
        roles: the roles that it is given, as printed; lemmas: their comparable forms.
        gender: told by a title, a role word or a pronoun that can mean nobody else.
        usual_gender: that of nearly all who have the first name.
        pronouns: genders of the pronouns that probably mean it.
        names: printed forms of its name.
        places: the mentions that stand for it, in the order in which they were linked.
        members: of two who are spoken of together.
    """

    actor_type: str
    name: str
    basis: str
    country_code: str | None = None
    known: KnownActor | None = None
    lemmas: set[str] = field(default_factory=set)
    roles: list[str] = field(default_factory=list)
    gender: str | None = None
    usual_gender: str | None = None
    pronouns: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    votes: Counter[str] = field(default_factory=Counter)
    places: list[Mention] = field(default_factory=list)
    members: tuple[Entity, ...] = ()

    @property
    def name_norm(self) -> str:
        """The folded name."""
        return fold(self.name)

    @property
    def may_be_person(self) -> bool:
        """A person, or something that nothing in the article says is not one."""
        return self.actor_type in ("person", "unknown")

    def take(self, m: Mention, phrase: Phrase) -> None:
        """Learn from one more mention: roles, gender, country, what kind of actor it is."""
        for role in (phrase.role_surface, m.role if phrase.shape in ("name", "known") else None):
            if role and role not in self.roles:
                self.roles.append(role)
        self.lemmas |= phrase.lemmas
        self.gender = self.gender or phrase.gender
        self.country_code = self.country_code or phrase.country_code
        if phrase.is_told:
            self.votes["told"] += 1
        if phrase.actor_type in ("person", "org", "group") and self.basis not in ("role", "group"):
            self.votes[phrase.actor_type] += 1
        if m.name_kind in _KINDS:
            self.votes[_KINDS[m.name_kind]] += 1
        self.votes["org"] += 2 * m.says_it
        self.places.append(m)


@dataclass(frozen=True, slots=True)
class Link:
    """A mention's answer.

    Attributes:
        entities: best first; or, where `joint`, all of them together.
        method: how it was found.
        confidence: probability of each entity; of a joint answer that of all.
        is_open: none of them is likely enough to be the answer.
    """

    entities: tuple[Entity, ...]
    method: str
    confidence: tuple[float, ...]
    joint: bool = False
    is_open: bool = False


def same_name(a: str, b: str, reference: Reference) -> bool:
    """Tell whether two folded full names may be one person's: same surname and suffix, first names that agree.

    First names agree when they are equal, when one is the initial of the other, or when one is the other's nickname.
    """
    if a == b:
        return True
    first_a, first_b = a.split(), b.split()
    if suffix_of(a) != suffix_of(b) or surname_key(a) != surname_key(b) or len(first_a) < 2 or len(first_b) < 2:
        return False
    x, y = first_a[0], first_b[0]
    if len(x) == 1 or len(y) == 1:
        return x[0] == y[0]
    return not ({x} | reference.nicknames.get(x, frozenset())).isdisjoint({y} | reference.nicknames.get(y, frozenset()))


def reads_as_person(name: str) -> bool:
    """Tell whether an untyped name that speaks looks like a person's: two to four plain words with capitals."""
    words = name.split()
    plain = all(w.isalpha() or "-" in w or "'" in w for w in words)
    return 2 <= len(words) <= 4 and plain and not any(len(w) > 2 and w.isupper() for w in words) and not any(
        w in ("of", "the", "and", "for") for w in words
    )  # fmt: skip


def tell_type(e: Entity, reference: Reference) -> None:
    """Set what kind of actor a name is: what a role or title tells, else what most of its mentions say."""
    if e.known is not None or e.actor_type != "unknown":
        return
    votes = e.votes
    last = reference.kind_words.get(e.name_norm.split()[-1] if e.name_norm else "")
    if votes["told"] or (votes["person"] > votes["org"] and votes["person"] >= votes["group"] and not e.name.isupper()):
        e.actor_type = "person"
    elif votes["org"] or last == "org" or is_acronym(e.name):
        e.actor_type = "org"
    elif votes["group"]:
        e.actor_type = "org" if len(e.name.split()) > 1 else "group"
    elif any(p.is_speaker for p in e.places):
        the = any(p.surface[:4].casefold() == "the " for p in e.places)
        e.actor_type = "org" if the else "person" if reads_as_person(e.name) else "unknown"


def drop_first_word(e: Entity, reference: Reference) -> None:
    """Show a name without a word before it that other mentions have not, and that is no first name: Icon Jane Roe."""
    first, _, rest = e.name.partition(" ")
    if e.known is not None or " " not in rest or fold(first) in reference.given_names:
        return
    is_word = e.actor_type == "person" and fold(first) not in reference.first_names
    if e.names[rest] > (0 if is_word else e.names[e.name]):
        e.name = rest


def tell_usual_gender(e: Entity, reference: Reference) -> None:
    """Note the gender of nearly all who have a person's first name: whom "she" can mean, and no gender in a row."""
    if e.may_be_person and " " in e.name:
        e.usual_gender = reference.first_names.get(e.name_norm.split()[0]) or None


def learn_gender(entities: Sequence[Entity], text: str, quotes: Sequence[tuple[int, int]]) -> None:
    """Note genders by pronouns outside quotation marks: told where one person only is named before it, else a hint.

    A pronoun tells of the subject of its sentence, as long as nobody else has been named there; "her" and "him" may
    well be somebody else.
    """
    places = sorted(
        ((p, e) for e in entities if e.may_be_person for p in e.places), key=lambda x: (x[0].start, x[0].end)
    )

    def pronoun(start: int, end: int) -> re.Match[str] | None:
        found = _GENDERED.finditer(text, start, end)
        return next((m for m in found if not any(a <= m.start() < b for a, b in quotes)), None)

    for i, (p, e) in enumerate(places):
        limit = next((q.start for q, other in places[i + 1 :] if other is not e), p.end + _HINT_REACH)
        found = pronoun(p.end, min(limit, p.end + _HINT_REACH)) if p.is_subject and p.quote < 0 else None
        if found is not None and not _SENTENCE_END.search(text, p.end, found.start()):
            e.pronouns["m" if found.group(1) else "f"] += 1
    if places:
        first, only = places[0]
        limit = next((q.start for q, other in places if other is not only), len(text))
        if found := pronoun(first.start, min(limit, first.start + _ONLY_REACH)):
            only.gender = only.gender or ("m" if found.group(1) else "f")
