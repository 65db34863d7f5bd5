"""One article's entities: which names in it are the same person, organisation or country.

Covers clustering of names within one article and the type of each cluster. For expressions that stand for a name
without being one, see `speakers`; for frames, see `resolve`; for other articles, see `identity`.

Full names come first, then what is short for one of them: the end of a person's name, a first name, initials, a short
form in parentheses, the begin of an organisation's name. A name that the article gives to somebody goes before a place
or a known name of the same spelling.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from pipelines.core.reference import Reference
from pipelines.core.resolution.entity import (
    SURE,
    Entity,
    Link,
    drop_first_word,
    learn_gender,
    same_name,
    tell_type,
    tell_usual_gender,
)
from pipelines.core.resolution.mentions import Mention, Reader
from pipelines.core.resolution.phrases import Phrase
from pipelines.core.resolution.words import gender_of, role_lemmas
from pipelines.core.text.names import (
    acronyms,
    fold,
    ministry_first,
    suffix_of,
    surname_key,
    tokens,
    without_suffix,
)

_NAMED = frozenset({"name", "known", "metonym", "demonym", "place"})
_INITIALS = re.compile(r"[A-Z][A-Za-z]{2,6}")
_RUN = re.compile(r"[A-Z][\w’'-]*(?: (?:(?:of|for|and|the|on|in|&) )*[A-Z][\w’'-]*)+")
"""Words with capitals, tied by small ones: Association of Harbour Masters."""
_ALONE = 2
"""A word that stands alone more often is no surname of what only opens sentences: Brave Tessa."""
_HEADING_REACH = 12
"""Words of a run of capitals that are looked at; a longer run is a heading in which no name can be told."""


class Article:
    """The entities of one article, built from its mentions: full names, then short forms."""

    def __init__(self, reference: Reference, read: Reader) -> None:
        self.reference = reference
        self.read = read
        self.published_on: date | None = None
        self.entities: list[Entity] = []
        self.links: dict[str, Link] = {}
        self.answers: Link | None = None  # who gives the answers of the interview that the article is
        self.rivals: dict[str, list[Entity]] = {}
        self._by_key: dict[tuple[str, str], Entity] = {}
        self._by_word: dict[str, list[Entity]] = {}
        self._short: dict[str, list[Entity]] = {}
        self._timeline: list[tuple[int, int, Mention, Entity]] = []
        self._first: dict[str, int] = {}
        self._alone: Counter[str] = Counter()
        self._text = ""
        self._runs: dict[str, str] | None = None

    # ------------------------------------------------------------ what others ask
    def named_before(self, start: int, sentence_no: int) -> Iterator[tuple[Mention, Entity]]:
        """Yield the mentions that begin before `start`, last first, down to a sentence."""
        for i in range(bisect_left(self._timeline, (start, -1), key=lambda x: x[:2]) - 1, -1, -1):
            _, _, place, entity = self._timeline[i]
            if place.sentence_no < sentence_no:
                return
            yield place, entity

    def note(self, entity: Entity, mention: Mention) -> None:
        """Add one more mention of an entity to the timeline."""
        insort(self._timeline, (mention.start, len(self._timeline), mention, entity), key=lambda x: x[:2])

    def entity_or_new(self, actor_type: str, name: str, basis: str) -> Entity:
        """Return the entity of that type and name, or one that is not yet the article's (see `keep`)."""
        return self._by_key.get(_key(actor_type, name)) or Entity(actor_type, name, basis)

    def keep(self, entity: Entity) -> None:
        """Make an entity one of the article's."""
        if self._by_key.setdefault(_key(entity.actor_type, entity.name), entity) is entity and not any(
            e is entity for e in self.entities
        ):
            self.entities.append(entity)

    def link(
        self, m: Mention, entities: Iterable[Entity], method: str, confidence: Sequence[float] = (), *,
        joint: bool = False, is_open: bool = False,
    ) -> None:  # fmt: skip
        """Record a mention's answer; without a confidence the one that its method has."""
        found = tuple(dict.fromkeys(entities))
        sure = tuple(confidence) or tuple(SURE[method] * (1 if joint else 0.5**i) for i in range(len(found)))
        self.links[m.mention_id] = Link(found, method, sure, joint, is_open)

    def person(self, phrase: Phrase) -> Entity:
        """Return the person of that full name, made if the article names none."""
        found = (self._same(phrase) if phrase.known is None else None) or self._new(phrase, "full_name")
        found.actor_type = "person"
        return found

    # ------------------------------------------------------------ clustering
    def add_names(self, mentions: Sequence[Mention], text: str, quotes: Sequence[tuple[int, int]]) -> None:
        """Cluster the names among the mentions (in text order), tell the types, learn genders."""
        named = [m for m in mentions if m.phrase.shape in _NAMED and not m.in_heading]
        self._alone = Counter(without_suffix(fold(m.phrase.name)) for m in named if " " not in m.phrase.name)
        full = Counter(fold(m.phrase.name) for m in named if " " in m.phrase.name)
        for m in named:
            _drop_opener(m, full, self.reference)
            one_word = m.phrase.shape == "known" and len(tokens(m.surface)) == 1
            if " " in m.phrase.name and not one_word and not _is_end_of(m, full):
                self._add_full(m)
        self._runs = None
        self._text = text
        for m in named:
            if m.mention_id not in self.links and m.sentence_no:
                self._first.setdefault(without_suffix(fold(m.phrase.name)), m.start)
        for m in named:
            if m.mention_id not in self.links:
                self._add_short(m)
        for m in mentions:
            if m.in_heading and m.mention_id not in self.links:
                self._add_heading(m)
        for m in mentions:
            if m.phrase.shape == "joint" and not m.in_heading:
                self._add_joint(m)
        for e in self.entities:
            tell_type(e, self.reference)
            drop_first_word(e, self.reference)
            tell_usual_gender(e, self.reference)
        rows = ((p, e) for e in self.entities for p in e.places)
        self._timeline = sorted(((p.start, i, p, e) for i, (p, e) in enumerate(rows)), key=lambda x: x[:2])
        learn_gender(self.entities, text, quotes)

    def _new(self, phrase: Phrase, basis: str) -> Entity:
        known = phrase.known
        kind, name = (known.actor_type, known.name) if known else ("unknown", phrase.name)
        found = self._by_key.get(_key("name", name))
        if found is None:
            found = Entity(kind, name, "reference" if known else basis, known.country_code if known else None, known)
            if known is not None and known.actor_type == "person":
                found.gender = known.gender
            self._by_key[_key("name", name)] = found
            self.entities.append(found)
        return found

    def _add_full(self, m: Mention) -> None:
        phrase = m.phrase
        if phrase.shape == "place" and not (m.is_speaker or m.is_metonym):
            return
        entity = (self._same(phrase) if phrase.known is None else None) or self._new(phrase, "full_name")
        self._name(entity, m)
        method = {"metonym": "metonym", "place": "metonym", "demonym": "demonym", "known": "reference"}.get(
            phrase.shape
        )
        self.link(m, [entity], method or ("role+name" if phrase.role_surface else "name"))

    def _same(self, phrase: Phrase) -> Entity | None:
        """Return the entity that a full name of another spelling names."""
        folded = fold(phrase.name)
        tail = folded.partition(" ")[2]
        for e in self._by_word.get(surname_key(folded), ()):
            if e.votes["org"] > e.votes["person"] + e.votes["told"] and not phrase.is_told:
                continue
            norm = e.name_norm
            if same_name(folded, norm, self.reference) or (
                phrase.actor_type != "org" and ((" " in tail and tail == norm) or norm.partition(" ")[2] == folded)
            ):  # fmt: skip
                return e
        if phrase.actor_type == "person":
            return None
        fits = [
            e for e in self.entities
            if " " in e.name and not e.votes["told"] and e.known is None and _is_part(folded, e.name_norm)
        ]  # fmt: skip
        return fits[0] if len(fits) == 1 and (phrase.actor_type == "org" or fits[0].votes["org"]) else None

    def _name(self, entity: Entity, m: Mention) -> None:
        """Count a name of the entity, keep the fullest, and index its short forms."""
        phrase = m.phrase
        entity.take(m, phrase)
        if m.role:
            entity.votes["told"] += 1
            entity.lemmas |= role_lemmas(m.role, self.reference)
            entity.gender = entity.gender or gender_of(m.role, self.reference)
        if entity.known is None or entity.known.actor_type == "person":
            entity.names[phrase.name] += 1
            if entity.known is None and self._is_fuller(phrase.name, entity.name):
                entity.name = phrase.name
            if entity.name.isupper() and not phrase.name.isupper() and fold(phrase.name) == entity.name_norm:
                entity.name = phrase.name
        words = without_suffix(fold(phrase.name)).split()
        for word in {*words, fold(phrase.name.split()[-1])} if words else ():
            _put(self._by_word, word, entity)
        if " " in phrase.name:
            for key in acronyms(phrase.name):
                _put(self._short, key, entity)
        if m.alias:
            _put(self._short, fold(m.alias), entity)

    def _is_fuller(self, new: str, old: str) -> bool:
        """Tell whether a form of a name is fuller."""
        a, b = fold(new).split(), fold(old).split()
        return len(a) > len(b) and b[:1] not in (["lord"], ["lady"])

    # ------------------------------------------------------------ short forms
    def _add_short(self, m: Mention) -> None:
        """Link a short name to the full one that it is short for, else to an entity of its own."""
        phrase = m.phrase
        printed = phrase.name if phrase.shape == "name" else m.surface.split(",")[0]
        word = without_suffix(fold(printed))
        people = [e for e in self._by_word.get(word.split()[-1] if word else "", ()) if self._may_be_called(e, word, m)]
        if phrase.shape != "name":
            people = [e for e in people if e.votes["told"]] if not _is_place_here(m) else []
        if people:
            self._link_person(m, people, printed)
            return
        if not (phrase.actor_type == "person" and phrase.is_told) and phrase.known is None:
            short = self._short.get(word, ()) if printed.isupper() or len(printed) > 3 else ()
            short = [e for e in short if e.votes["org"] >= e.votes["person"] + e.votes["told"]]
            longer = (
                []
                if m.name_kind == "person"
                else [e for e in self._by_word.get(word.split()[0] if word else "", ()) if self._begins(e, word)]
            )
            if short or longer:
                found = (short or longer)[0]
                found.take(m, phrase)
                self.link(m, [found], "acronym" if short else "part_of_name")
                return
        if phrase.shape == "place" and not (m.is_speaker or m.is_metonym):
            return
        if phrase.known is None and phrase.shape == "name" and (whole := self._spelled_out(phrase.name)):
            m.phrase = replace(phrase, name=whole, actor_type="org")
            self._add_full(m)
            return
        entity = self._new(phrase, "surname_only")
        self._name(entity, m)
        method = {"metonym": "metonym", "place": "metonym", "demonym": "demonym", "known": "reference"}.get(
            phrase.shape
        )
        self.link(m, [entity], method or "surname_only")

    def _spelled_out(self, name: str) -> str | None:
        """Return the name in the text whose initials a short name is, also where it is no mention: of a role, say."""
        if not _INITIALS.fullmatch(name):
            return None
        if self._runs is None:
            self._runs = {}
            for run in _RUN.finditer(self._text):
                words = run.group().split(" ")
                for i in range(len(words) - 2):
                    for key in acronyms(" ".join(words[i:])) if words[i][:1].isupper() else ():
                        self._runs.setdefault(key, " ".join(words[i:]))
        return self._runs.get(fold(name))

    def _may_be_called(self, e: Entity, word: str, m: Mention) -> bool:
        """Tell whether a short name may be a person's: the end of a full name, or a first name without a title."""
        if m.phrase.gender and e.gender and m.phrase.gender != e.gender:
            return False
        if e.known is not None and e.known.actor_type != "person":
            return False
        if self.reference.kind_words.get(e.name_norm.split()[-1]) == "org" and not e.votes["told"]:
            return False
        given = e.name_norm.split()[0] in self.reference.given_names
        opens = all(p.is_initial for p in e.places) and self._alone[word] > _ALONE
        seen = (e.votes["person"] or not e.votes["org"]) and not opens
        if not (given or e.votes["told"] or seen):
            return False
        name, suffix = without_suffix(e.name_norm), suffix_of(fold(m.phrase.name))
        if " " not in name or (suffix and suffix != suffix_of(e.name_norm)):
            return False
        ends = name.endswith(f" {word}") or name.startswith(f"lord {word} ")
        hyphened = fold(e.name.split()[-1]).split()[:1] == [word]
        sir = fold(m.surface.split()[0]) in ("sir", "dame")
        first = name.startswith(f"{word} ") and m.phrase.shape == "name" and m.name_kind != "organization"
        titled = bool(m.phrase.gender or m.phrase.role_surface)
        surname_first = titled and word not in self.reference.given_names  # Ms Lin, of Lin Meizhen
        return ends or hyphened or (first and (sir or not titled or surname_first))

    def _link_person(self, m: Mention, people: list[Entity], printed: str) -> None:
        exact = [e for e in people if any(n.endswith(printed) for n in e.names)]
        people = exact or people
        told = [e for e in people if m.phrase.gender and e.gender == m.phrase.gender]
        people = told if len(told) == 1 else people
        before = [e for e in people if any(p.start < m.start and " " in p.phrase.name for p in e.places)]
        people = before if len(before) == 1 else people
        if len(people) > 1:
            self.rivals[m.mention_id] = people
            return
        people[0].take(m, m.phrase)
        people[0].votes["person"] += m.name_kind != "organization"
        self.link(m, people, "surname")

    def _begins(self, e: Entity, word: str) -> bool:
        """Tell whether a name is the begin of a body's: Harrow of Harrow Shipyards; no place or nationality."""
        plain = word in self.reference.demonyms or word in self.reference.places or word in self.reference.metonyms
        is_org = e.votes["org"] >= e.votes["person"] and not e.votes["told"] and e.known is None
        is_org = is_org and min(p.start for p in e.places) < self._first.get(word, 0)
        return is_org and not plain and e.name_norm.startswith(f"{word} ") and e.votes["org"] > 0

    # ------------------------------------------------------------ headings, joint names
    def _add_heading(self, m: Mention) -> None:
        """Link a run of capitals in a heading to the longest name in it that is known from elsewhere, if any."""
        if m.phrase.shape in ("pronoun", "role", "group", "document", "demonym", "place"):
            return
        words = tokens(m.surface)[:_HEADING_REACH]
        for n in range(len(words), 0, -1):
            for i in range(len(words) - n + 1):
                phrase = self.read(" ".join(words[i : i + n]), None)
                if phrase.shape in ("name", "known", "metonym") and self._is_told(phrase):
                    m.phrase, m.in_heading = phrase, False
                    (self._add_full if " " in phrase.name else self._add_short)(m)
                    return
        if m.is_speaker and m.phrase.is_told:
            self._add_full(m)

    def _is_told(self, phrase: Phrase) -> bool:
        """Tell whether the reference data or the article's sentences know a name."""
        folded = without_suffix(fold(phrase.name))
        full = [e for e in self._by_word.get(surname_key(folded), ()) if e.places]
        if " " in folded:
            return (
                phrase.known is not None or any(e.name_norm == folded for e in full) or self._same(phrase) is not None
            )
        return phrase.known is not None or phrase.shape == "metonym" or any(e.name_norm.endswith(folded) for e in full)

    def _add_joint(self, m: Mention) -> None:
        """Make "France and Germany" two entities; the parts are resolved as if each stood alone."""
        found: list[Entity] = []
        for i, part in enumerate(m.phrase.parts):
            inner = Mention(f"{m.mention_id}/{i}", m.start, m.end, part, m.sentence_no, self.read(part, None),
                            m.paragraph_no, is_speaker=True)  # fmt: skip
            if inner.phrase.shape in ("group", "org"):
                found.append(self.entity_or_new("group", inner.phrase.name, "group"))
                self.keep(found[-1])
                continue
            (self._add_full if " " in inner.phrase.name else self._add_short)(inner)
            link = self.links.pop(inner.mention_id, None)
            rivals = self.rivals.pop(inner.mention_id, [])
            found += link.entities[:1] if link else rivals[:1]
        alone = all(
            e.basis == "surname_only" and len(e.places) == 1 and not e.votes["person"] | e.votes["org"] for e in found
        )
        if alone and not m.phrase.is_told:
            self.entities = [e for e in self.entities if not any(e is f for f in found)]
            m.phrase = Phrase("name", m.phrase.name, actor_type="org")
            self._add_full(m)
        elif found:
            self.link(m, found, "joint", joint=True)
            self.pair(found, m)

    def pair(self, members: Sequence[Entity], m: Mention) -> Entity:
        """Return those who are named together as one that "they" may stand for, with the mention as its place."""
        name = " and ".join(e.name for e in members)
        both = self.entity_or_new("group", name, "group")
        both.members = tuple(members)
        both.places.append(m)
        self.note(both, m)
        return both


def _key(actor_type: str, name: str) -> tuple[str, str]:
    return (actor_type, ministry_first(fold(name)))


def _is_end_of(m: Mention, full: Counter[str]) -> bool:
    """Tell whether two words are the double surname of a longer name."""
    name = fold(m.phrase.name)
    return any(other.endswith(f" {name}") for other in full) and (m.phrase.is_told or m.name_kind == "person")


def _drop_opener(m: Mention, full: Counter[str], reference: Reference) -> None:
    """Read a name without a first word that is no first name where the rest is named too: Brave Jane Roe, Jane Roe."""
    first, _, rest = m.phrase.name.partition(" ")
    known = reference.first_names
    if (
        m.phrase.actor_type != "org"
        and " " in rest
        and fold(first) not in known
        and fold(rest.split()[0]) in known
        and full[fold(rest)]
    ):
        m.phrase = replace(m.phrase, name=rest)


def _is_part(a: str, b: str) -> bool:
    """Tell whether one of two organisations' names is the end of the other, its begin, or its end but for "of"."""
    short, long = sorted((a, b), key=len)
    return " " in short and (
        long.endswith(f" {short}") or long.startswith(f"{short} ") or f" {short} of " in f" {long} "
    )


def _is_place_here(m: Mention) -> bool:
    """Tell whether a name that is a place too stands where places do: in Paris."""
    return not m.is_speaker and re.search(r"\b(?:in|from|at|near|of|to)\s+$", m.before) is not None


def _put(index: dict[str, list[Entity]], key: str, entity: Entity) -> None:
    row = index.setdefault(key, [])
    if not any(e is entity for e in row):
        row.append(entity)


__all__ = ["Article", "Entity", "Link", "same_name"]
