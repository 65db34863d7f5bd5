"""One article's entities: which names in it are the same person, organisation or country.

Belongs here: clustering of names within one article and the type of each cluster. Does not belong here: expressions
that stand for a name without being one (see `anaphora`), frames (see `resolve`), and other articles (see `actors`).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from pipelines.core.reference import KnownActor, Reference
from pipelines.core.resolution.confidence import MENTION
from pipelines.core.resolution.interviews import Interview
from pipelines.core.resolution.kinds import Phrase
from pipelines.core.text.names import (
    acronyms,
    fold,
    is_acronym,
    is_one_word,
    ministry_first,
    short_keys,
    suffix_of,
    surname_key,
    tokens,
    without_suffix,
    word_set,
)

_FIRM = word_set(
    "inc corp corporation co company ltd llc llp plc ag sa nv gmbh spa group holdings motors motor airlines airways "
    "technologies systems pharmaceuticals industries electric energy oil financial capital partners stores foods"
)
"""Last words of a firm's name whose first word alone may stand for it (Exxon for Exxon Corp)."""
_NO_NAME_PART = word_set(
    "of over for on in at to from with against after and the a an no not is are was by who how why new act poll polls "
    "city state states street university day night week party house act association center county"
)
"""Words that a capitalised heading or a thing's name has and a person's name has not."""
_NAMING_SHAPES = frozenset({"name", "known", "metonym", "demonym", "org", "place"})
_CLASS_REACH = 6
"""Sentences over which "the company" reaches back."""
_HEADING_REACH = 12
"""Words of a run of capitals that are looked at; a longer run is a heading in which no name can be told."""


@dataclass(slots=True)
class Mention:
    """One mention as the extraction found it, with what its surface tells.

    Attributes:
        is_speaker: it is the source of a statement. is_subject: the first name of its sentence.
        quote: number of the quotation that it stands in, or -1.
        is_initial: it opens its sentence, so that its capital may be no name's.
        in_heading: all words of its sentence have capitals, so that they tell no name.
        says_it: its words go on with "it" or "its", as those of an organisation do.
        apposition: the role between commas after it.
        is_credit: it names who took a picture. after_place: "from", "of" or "in" stands before it.
        in_company: "and" or "with" stands before it.
        is_self: "I'm" stands before it.
        is_relative: a statement's "who" follows it.
        antecedent: what the noun before a "who" reads as.
    """

    mention_id: str
    start: int
    end: int
    surface: str
    sentence_no: int
    phrase: Phrase
    kind: str = "name"
    is_speaker: bool = False
    is_subject: bool = False
    quote: int = -1
    is_initial: bool = False
    apposition: str | None = None
    in_heading: bool = False
    says_it: bool = False
    paragraph_no: int = 0
    is_credit: bool = False
    after_place: bool = False
    in_company: bool = False
    is_self: bool = False
    is_relative: bool = False
    antecedent: Phrase | None = None


@dataclass(slots=True, eq=False)
class Entity:
    """One actor as one article tells it.

    Attributes:
        gender: told by a title, a role word or a pronoun that can mean nobody else.
        pronouns: genders of the pronouns linked so far.
        names: printed forms of its name.
        places: the mentions that stand for it, in the order in which they were linked.
    """

    actor_type: str
    name: str
    basis: str
    country_code: str | None = None
    known: KnownActor | None = None
    role_surface: str | None = None
    lemmas: set[str] = field(default_factory=set)
    gender: str | None = None
    pronouns: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    places: list[Mention] = field(default_factory=list)
    n_mentions: int = 0

    @property
    def name_norm(self) -> str:
        """The folded name."""
        return fold(self.name)

    @property
    def may_be_person(self) -> bool:
        """A person, or something that nothing in the article says is not one."""
        return self.actor_type in ("person", "unknown")

    def take(self, mention: Mention, phrase: Phrase) -> None:
        """Learn from one more mention: role, gender, country, type."""
        if phrase.role_surface and self.role_surface is None:
            self.role_surface = phrase.role_surface
        self.lemmas |= phrase.lemmas
        self.gender = self.gender or phrase.gender
        self.country_code = self.country_code or phrase.country_code
        if self.actor_type == "unknown" and phrase.actor_type in ("person", "org"):
            self.actor_type = phrase.actor_type
        if self.actor_type == "unknown" and mention.is_speaker and self.basis == "full_name":
            self.actor_type = "org" if mention.says_it else "person" if reads_as_person(self.name) else "unknown"
        self.places.append(mention)


@dataclass(frozen=True, slots=True)
class Link:
    """A mention's answer: entities with the share of the confidence, best first; `joint`: all of them together."""

    entities: tuple[Entity, ...]
    method: str
    joint: bool = False
    confidence: float | None = None

    def confidence_at(self, index: int, decay: float) -> float:
        """Return the probability of the entity at that place: the table's for the first, a share of it after that."""
        base = MENTION[self.method] if self.confidence is None else self.confidence
        return base if self.joint else base * decay**index


class Article:
    """The entities of one article, built from its mentions in two passes: full names, then short forms."""

    def __init__(self, reference: Reference, read: Callable[[str], Phrase]) -> None:
        self.reference = reference
        self.read = read
        self.author: str | None = None
        self.published_on: date | None = None
        self.interview: Interview | None = None
        self.entities: list[Entity] = []
        self.links: dict[str, Link] = {}
        self._by_key: dict[tuple[str, str], Entity] = {}
        self._surnames: dict[str, list[Entity]] = {}
        self._acronyms: dict[str, list[Entity]] = {}
        self._timeline: list[tuple[int, int, Mention, Entity]] = []

    def add_names(self, mentions: Iterable[Mention]) -> None:
        """Cluster the names among the mentions (in text order)."""
        rows = list(mentions)
        named = [m for m in rows if m.phrase.shape in _NAMING_SHAPES and not m.in_heading]
        for m in named:
            if not (_is_short(m.phrase) or _is_org_noun(m.phrase) or _is_one_word_of_another(m)):
                self._add_full(m)
        for m in rows:
            if self._is_surname(m):
                m.phrase = Phrase("name", m.surface.split(",")[0])
                self._add_short(m)
        for m in named:
            if m.mention_id not in self.links and not _is_org_noun(m.phrase):
                (self._add_short if _is_short(m.phrase) else self._add_full)(m)
        for m in rows:
            if m.in_heading:
                self._add_heading(m)
        for m in named:
            if _is_org_noun(m.phrase) and m.phrase.possessor not in ("his", "her") and m.mention_id not in self.links:
                self._add_org_noun(m)
        for m in rows:
            if m.phrase.shape == "joint" and not m.in_heading:
                self._add_joint(m)

    def _is_surname(self, m: Mention) -> bool:
        """Tell whether one word that elsewhere names a paper or a city is the surname of somebody in the article."""
        if m.in_heading or not _is_one_word_of_another(m):
            return False
        known = m.phrase.known
        if known is not None and known.actor_type == "country" and not m.is_speaker:
            return False
        word = m.surface.split(",")[0]
        return any(e.actor_type == "person" and not is_one_word(e.name) for e in self._surnames.get(fold(word), ()))

    def start_timeline(self) -> None:
        """Put all mentions that name somebody in text order, for `named_before`; call it once all names are in."""
        rows = ((p, e) for e in self.entities for p in e.places)
        self._timeline = sorted(((p.start, i, p, e) for i, (p, e) in enumerate(rows)), key=lambda x: x[:2])

    def note(self, entity: Entity, mention: Mention) -> None:
        """Add one more mention of an entity to the timeline."""
        insort(self._timeline, (mention.start, len(self._timeline), mention, entity), key=lambda x: x[:2])

    def named_before(self, start: int, sentence_no: int) -> Iterator[tuple[Mention, Entity]]:
        """Yield the mentions that begin before `start`, last first, down to a sentence."""
        for i in range(bisect_left(self._timeline, (start, -1), key=lambda x: x[:2]) - 1, -1, -1):
            _, _, place, entity = self._timeline[i]
            if place.sentence_no < sentence_no:
                return
            yield place, entity

    def new_entity(self, actor_type: str, name: str, basis: str) -> Entity:
        """Return the entity of that type and name, made if there is none."""
        key = (actor_type, ministry_first(fold(name)) if actor_type == "org" else fold(name))
        found = self._by_key.get(key)
        if found is None:
            found = Entity(actor_type, name, basis)
            self._by_key[key] = found
            self.entities.append(found)
        return found

    def link(self, mention: Mention, entities: Iterable[Entity], method: str, *, joint: bool = False) -> None:
        """Record a mention's answer."""
        self.links[mention.mention_id] = Link(tuple(dict.fromkeys(entities)), method, joint)

    # ------------------------------------------------------------ full names
    def _add_full(self, m: Mention) -> None:
        phrase = m.phrase
        if phrase.shape == "place" and not (m.is_speaker or m.kind == "metonym"):
            return  # a capital that does not speak is a place
        entity = self._full_entity(phrase, m)
        self._name(entity, m, phrase)
        method = "name"
        if phrase.shape in ("metonym", "place"):
            method = "metonym"
        elif phrase.shape == "demonym":
            method = "demonym"
        elif phrase.role_surface:
            method = "role+name"
        self.link(m, [entity], method)

    def _full_entity(self, phrase: Phrase, m: Mention) -> Entity:
        known = phrase.known
        if known is not None:
            entity = self.new_entity(known.actor_type, known.name, "reference")
            entity.known, entity.country_code = known, known.country_code
            return entity
        found = self._same_person(phrase) if phrase.shape == "name" else self._same_org(phrase)
        if found is not None:
            return found
        actor_type = phrase.actor_type
        words = phrase.name.split()
        told = m.apposition or (len(words) <= 4 and fold(words[0]) in self.reference.given_names)
        if actor_type == "unknown" and (told or m.is_speaker):
            article = m.surface[:4].casefold() == "the "
            is_person = told or (m.surface[:1].isupper() and not article and reads_as_person(phrase.name))
            actor_type = "org" if (m.says_it and not told) or article else "person" if is_person else "unknown"
        return self.new_entity(actor_type, phrase.name, "full_name")

    def person_called(self, phrase: Phrase) -> Entity:
        """Return the person of that name, made if the article names none."""
        known = phrase.known
        if known is not None:
            entity = self.new_entity("person", known.name, "reference")
            entity.known, entity.country_code = known, known.country_code
            return entity
        return self._same_person(phrase) or self.new_entity("person", phrase.name, "full_name")

    def _same_person(self, phrase: Phrase) -> Entity | None:
        folded = fold(phrase.name)
        if any(w in _NO_NAME_PART for w in folded.split()[1:-1] if len(w) > 1):
            return None
        for entity in self._surnames.get(surname_key(folded), ()):
            if entity.may_be_person and same_name(folded, fold(entity.name), self.reference):
                return entity
        return None

    def _same_org(self, phrase: Phrase) -> Entity | None:
        """Return the organisation of which one name is the end of the other, or its end but for "of".

        Rivers Board and Vessen Rivers Board, High Court and Vessen High Court of Appeal.
        """
        folded = fold(phrase.name)
        fits = []
        for e in self.entities:
            short, long = sorted((folded, e.name_norm), key=len)
            is_part = long.endswith(f" {short}") or f" {short} of " in f" {long} "
            if e.actor_type == "org" and e.known is None and " " in short and is_part:
                fits.append(e)
        return fits[0] if len(fits) == 1 else None

    def _name(self, entity: Entity, m: Mention, phrase: Phrase) -> None:
        """Count a name of the entity, keep the fullest, and index its short forms."""
        entity.take(m, phrase)
        if m.apposition and entity.may_be_person:
            entity.actor_type = "person"
            role = self.read(m.apposition)
            entity.lemmas |= role.lemmas
            entity.role_surface = entity.role_surface or role.role_surface
            entity.gender = entity.gender or role.gender
        if entity.known is None or entity.actor_type == "person":
            entity.names[phrase.name] += 1
            if len(phrase.name) > len(entity.name) or entity.name not in entity.names:
                entity.name = (
                    phrase.name if len(fold(phrase.name).split()) >= len(entity.name_norm.split()) else entity.name
                )
            if entity.name.isupper() and not phrase.name.isupper() and fold(phrase.name) == entity.name_norm:
                entity.name = phrase.name
        if entity.may_be_person:
            for key in short_keys(phrase.name):
                _put(self._surnames, key, entity)
        if entity.actor_type in ("org", "unknown", "country"):
            for key in acronyms(phrase.name):
                _put(self._acronyms, key, entity)
            words = fold(phrase.name).split()
            if (
                entity.actor_type == "org"
                and 2 <= len(words) <= 3
                and words[-1] in _FIRM
                and words[0] not in self.reference.demonyms
            ):
                _put(self._acronyms, words[0], entity)

    # ------------------------------------------------------------ short forms
    def _add_short(self, m: Mention) -> None:
        phrase = m.phrase
        folded = fold(phrase.name)
        people = [
            e for e in self._surnames.get(without_suffix(folded), ()) if e.may_be_person and _agrees(e, folded, phrase)
        ]
        people = [e for e in people if not is_one_word(e.name)] or people
        if people:
            before = [e for e in people if _is_introduced(e, m)] or [e for e in people if _last_place(e, m.start) >= 0]
            ranked = sorted(before or people, key=lambda e: (-e.names.total(), -_last_place(e, m.start)))
            ranked += [e for e in people if e not in ranked]
            if ranked[0].actor_type == "unknown" and phrase.actor_type == "person":
                ranked[0].actor_type = "person"
            ranked[0].take(m, phrase)
            bare = is_one_word(ranked[0].name)
            self.link(m, ranked, "surname_only" if bare else "surname" if len(ranked) == 1 else "surname_last")
            return
        orgs = self._acronyms.get(folded, ()) if phrase.actor_type != "person" else ()
        if orgs and (is_acronym(phrase.name) or orgs[0].actor_type == "org"):
            orgs[0].take(m, phrase)
            self.link(m, orgs, "acronym")
            return
        if phrase.known is None and self._add_by_first_word(m, folded):
            return
        self._add_unmatched(m)

    def _add_by_first_word(self, m: Mention, folded: str) -> bool:
        """Link "Jane" to the one person of that first name, a speaking "Harrow" to the one Harrow Shipyards."""
        fits = [e for e in self.entities if e.name_norm.startswith(f"{folded} ")]
        people = [e for e in fits if e.actor_type == "person"]
        if len(people) == 1 and (m.phrase.actor_type in ("person", "unknown")) and not m.phrase.role_surface:
            people[0].take(m, m.phrase)
            self.link(m, people, "given_name")
            return True
        orgs = [e for e in fits if e.actor_type == "org"]
        if m.is_speaker and not people and len(orgs) == 1 and m.phrase.actor_type in ("org", "unknown"):
            orgs[0].take(m, m.phrase)
            self.link(m, orgs, "part_of_name")
            return True
        return False

    def _add_heading(self, m: Mention) -> None:
        """Link a run of capitals in a heading to the longest name in it that is known from elsewhere, if any."""
        if m.phrase.shape in ("pronoun", "role", "group", "document", "place"):
            return
        words = tokens(m.surface)[:_HEADING_REACH]
        for n in range(len(words), 0, -1):
            for i in range(len(words) - n + 1):
                piece = " ".join(words[i : i + n])
                if fold(piece) in _NO_NAME_PART or not piece[:1].isupper():
                    continue
                phrase = self.read(piece)
                if phrase.shape in ("name", "known", "metonym", "org") and self._is_told(phrase):
                    m.phrase, m.in_heading = phrase, False
                    (self._add_short if _is_short(phrase) else self._add_full)(m)
                    return
        first = fold(words[0]) if words else ""
        if m.is_speaker and m.phrase.shape == "name" and len(words) in (2, 3) and first in self.reference.given_names:
            self._add_full(m)

    def _is_told(self, phrase: Phrase) -> bool:
        """Tell whether the reference data or the article's sentences know a name."""
        if phrase.known is not None or phrase.shape == "metonym":
            return True
        if _is_short(phrase):
            return bool(self._surnames.get(without_suffix(fold(phrase.name))))
        return self._same_person(phrase) is not None or any(e.name_norm == fold(phrase.name) for e in self.entities)

    def _add_unmatched(self, m: Mention) -> None:
        phrase = m.phrase
        known = phrase.known
        if known is not None:
            there = next((e for e in self.entities if e.known is known), None)
            entity = there or self.new_entity(known.actor_type, phrase.name, "reference")
            entity.known, entity.country_code = known, known.country_code or entity.country_code
            method = "reference"
        else:
            given = phrase.actor_type == "unknown" and fold(phrase.name) in self.reference.given_names
            kind = "org" if m.says_it and phrase.actor_type == "unknown" else phrase.actor_type
            entity = self.new_entity("person" if given else kind, phrase.name, "surname_only")
            method = "surname_only"
        self._name(entity, m, phrase)
        self.link(m, [entity], method)

    # ------------------------------------------------------------ organisations by noun, joint names
    def _add_org_noun(self, m: Mention) -> None:
        """Link "the ministry" to the one organisation with this head noun, else make an entity of the words."""
        phrase = m.phrase
        fits, method = self._orgs_called(phrase, m)
        if fits:
            fits[0].take(m, phrase)
            self.link(m, fits[:3], method)
            return  # `take` has told the type of an untyped name: the company
        entity = self.new_entity("org", phrase.name, "role")
        entity.take(m, phrase)
        self.link(m, [entity], "org_noun")

    def _orgs_called(self, phrase: Phrase, m: Mention) -> tuple[list[Entity], str]:
        """Return the organisations that "the ministry" may mean, likeliest first (by its words, else by its kind)."""
        if phrase.indefinite:
            return [], ""
        words = set(phrase.name.casefold().split())
        orgs = [e for e in self.entities if e.actor_type == "org" and e.basis != "role"]
        fits = [e for e in orgs if words <= set(e.name.casefold().split())]
        method = "org_reference" if len(fits) == 1 else "org_last"
        wanted = _CLASSES.get(phrase.name.casefold())
        if not fits and wanted and m.surface[:4].casefold() == "the ":
            fits = [e for e in self.entities if self._is_called(e, m, wanted)]
            method = "org_class"
        speaks = {id(e) for e in fits if any(p.is_speaker and p.start < m.start for p in e.places)}
        return sorted(fits, key=lambda e: (id(e) not in speaks, -_last_place(e, m.start), e.name_norm)), method

    def _is_called(self, entity: Entity, m: Mention, wanted: Callable[[Entity, Reference], bool]) -> bool:
        """Tell whether an organisation named shortly before may be "the company"; an untyped name must stand next."""
        near = [p for p in entity.places if p.start < m.start and m.sentence_no - p.sentence_no <= _CLASS_REACH]
        if not near or entity.basis == "role" or not wanted(entity, self.reference):
            return False
        if entity.actor_type != "unknown":
            return entity.actor_type == "org"
        is_next = any(m.sentence_no - p.sentence_no <= 1 for p in near) and not is_one_word(entity.name)
        return is_next or any(p.is_speaker for p in near)

    def _add_joint(self, m: Mention) -> None:
        """Make "France and Germany" two entities; the parts are resolved as if each stood alone."""
        entities: list[Entity] = []
        for i, part in enumerate(m.phrase.parts):
            inner = Mention(f"{m.mention_id}/{i}", m.start, m.end, part, m.sentence_no, self.read(part), "name", True)
            if inner.phrase.shape in ("name", "known", "metonym", "place", "demonym", "org"):
                (self._add_short if _is_short(inner.phrase) else self._add_full)(inner)
                link = self.links.pop(inner.mention_id, None)
                if link is not None:
                    entities.append(link.entities[0])
            elif inner.phrase.shape == "group":
                entities.append(self.new_entity("group", inner.phrase.name, "group"))
        if entities:
            self.link(m, entities, "joint", joint=True)


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
    """Tell whether an untyped name that speaks looks like a person's: two to four words, none of them a small one."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and not any(fold(w) in _NO_NAME_PART or any(c.isdigit() for c in w) for w in words)
        and not any(len(w) > 2 and w.isupper() for w in words[:-1])
    )


def _is_firm(entity: Entity, reference: Reference) -> bool:
    """Tell whether an organisation may be called a company: nothing in its name says that it is of another kind."""
    return not any(reference.kind_words.get(w) == "org" and w not in _FIRM for w in entity.name_norm.split())


def _has(*nouns: str) -> Callable[[Entity, Reference], bool]:
    return lambda entity, reference: any(w in nouns for w in entity.name_norm.split())


_CLASSES: dict[str, Callable[[Entity, Reference], bool]] = {
    **dict.fromkeys(("company", "firm", "corporation", "manufacturer", "retailer"), _is_firm),
    **dict.fromkeys(("airline", "carrier"), _has("airline", "airlines", "airways", "air")),
    **dict.fromkeys(("newspaper", "paper", "magazine"), _has("times", "post", "journal", "herald", "tribune", "news",
                                                             "telegraph", "guardian", "gazette", "chronicle")),
    "group": lambda entity, _: any(p.is_speaker for p in entity.places),
    "agency": _has("bureau", "administration", "service", "intelligence"),
}  # fmt: skip
"""Generic noun -> the organisations that it can stand for."""


def _is_short(phrase: Phrase) -> bool:
    """A name of one word (suffix and particles aside), unless the reference data knows it as no person."""
    if phrase.shape not in ("name", "known"):
        return False
    if phrase.known is not None and phrase.known.actor_type != "person":
        return False
    return is_one_word(phrase.name)


def _is_one_word_of_another(m: Mention) -> bool:
    """Tell whether a mention is one capitalised word without an article that names no person: Guardian, Jordan."""
    word = m.surface.split(",")[0]
    if m.phrase.known is not None and m.phrase.known.actor_type == "person":
        return False
    other = m.phrase.shape in ("org", "known", "nobody", "place")
    return other and word.isalpha() and word[:1].isupper() and len(word) > 2 and fold(word) == fold(m.phrase.name)


def _is_org_noun(phrase: Phrase) -> bool:
    return phrase.shape == "org" and _is_common(phrase)


def _is_common(phrase: Phrase) -> bool:
    """Tell an organisation named by a noun (the foreign ministry, police) from one with a name (the Ruiz campaign)."""
    words = phrase.name.split()
    return len(words) == 1 or (words[-1][:1].islower() and not any(w[:1].isupper() for w in words[:-1]))


def _agrees(entity: Entity, folded: str, phrase: Phrase) -> bool:
    if phrase.gender and entity.gender and phrase.gender != entity.gender:
        return False
    suffix = suffix_of(folded)
    return not suffix or suffix == suffix_of(entity.name_norm)


def _is_introduced(entity: Entity, m: Mention) -> bool:
    """Tell whether the person's surname stands before a mention; a first name alone does not tell the surname."""
    surname = surname_key(entity.name_norm)
    return any(p.start < m.start and surname_key(fold(p.phrase.name)) == surname for p in entity.places)


def _last_place(entity: Entity, before: int) -> int:
    return max((p.start for p in entity.places if p.start < before), default=-1)


def _put(index: dict[str, list[Entity]], key: str, entity: Entity) -> None:
    row = index.setdefault(key, [])
    if entity not in row:
        row.append(entity)
