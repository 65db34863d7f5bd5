"""Which part of society a speaker belongs to, as one article tells it.

The kinds, of persons and of bodies alike: politics (governments' heads, ministers, parliaments, parties), government
(officials, ministries, agencies, regulators, central banks, states, international bodies), justice, police (and
rescue), military, business (companies, their people, their associations), union, expert (scholars, analysts, doctors,
institutes), campaign (charities, campaigners), media, sport, arts, religion, people (witnesses, relatives, residents,
workers, users). A former or shadow minister belongs to politics, too: who is in office is another question.

Belongs here: how words decide. Does not belong here: the words (see `kind_words`), what all articles tell together
(see `identity.kinds`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipelines.core.resolution.entities import Article
from pipelines.core.resolution.entity import Entity
from pipelines.core.resolution.kind_words import BODIES, GENERIC, ROLES, TOPICS
from pipelines.core.resolution.mentions import Mention
from pipelines.core.text.names import fold, tokens

_TIE = re.compile(r"\s(?:of|for|at|in|with|to|on|from)\s|,|;")
_OF = re.compile(
    r"\s*,?\s+(?:of|for|from|at|with)\s+(?:the\s+)?([A-Z][\w&.’'-]*(?:\s+(?:of|for|and|the|[A-Z][\w&.’'-]*))*)"
)
_APPOSED = re.compile(
    r",\s+((?:a |an |the |its |chief |[a-z])[^.;:“”\"\n]{3,90}?)(?=,|\.|;|\s(?:said|says|told)\b|$|\n)"
)
_CLAUSE = re.compile(r"[.,;:“”\"\n]|\b(?:said|says|told|and|but|as|by|with|to|from|when)\s")
_WHOSE = re.compile(r"([A-Z][\w&.-]*(?:\s+[A-Z][\w&.-]*)*)['’]s?\s+$")
_BEFORE = re.compile(r"([\w-]+)\s+$")
_TOPIC_LEAST, _TOPIC_SHARE = 4, 0.012
_TITLES = {"lord": "politics", "lady": "politics", "baroness": "politics", "senator": "politics", "prof": "expert",
           "professor": "expert", "dr": "expert", "president": "politics", "chancellor": "politics"}  # fmt: skip
_DEFAULT = {"president": "politics", "leader": "politics", "secretary": "politics", "governor": "government",
            "commissioner": "government", "adviser": "politics", "aide": "politics"}  # fmt: skip
_SPEAK_FOR = frozenset(
    {"spokesman", "spokeswoman", "spokesperson", "adviser", "advisor", "aide", "press secretary", "press officer"}
)
"""Nouns that take the kind of whom they speak for: the prime minister's spokesman."""
_OF_FIRMS = frozenset({"chairman", "chief", "head", "director", "manager", "boss", "founder"})
"""Nouns of companies, where no body is named."""
_SPORTS = ("rugby", "football", "cricket", "tennis", "athletics")
_OF_TOPIC = frozenset({"manager", "boss", "captain", "star", "director", "member", "chief", "producer", "president"})
BASES = ("role", "body", "name", "article")
"""What tells a kind, the surest first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind, and what tells it: the role, the body one speaks for, the name, what the article is about."""

    kind: str
    basis: str


def tell_kinds(article: Article, text: str) -> Mapping[int, Kind]:
    """Return id() of each actor of whose kind the article tells something -> the kind.

    Bodies come first: a person's may be one of them.
    """
    topic = topic_of(text)
    found: dict[int, Kind] = {}
    names: dict[str, str] = {}
    for e in article.entities:
        if e.actor_type not in ("person", "unknown", "role") and (body := _of_body(e, text, topic)):
            found[id(e)] = body
            for name in {e.name, *e.names}:
                names[fold(name)] = body.kind
    for e in article.entities:
        if e.actor_type in ("person", "unknown", "role") and (kind := _of_person(e, text, topic, names)):
            found[id(e)] = kind
    return found


def topic_of(text: str) -> str | None:
    """Return sport or arts, where many of the words of an article are of that field."""
    counts = Counter(w for w in (t.casefold() for t in tokens(text)))
    hits = {topic: sum(counts[w] for w in words) for topic, words in TOPICS.items()}
    topic = max(sorted(hits), key=lambda t: hits[t])
    return topic if hits[topic] >= max(_TOPIC_LEAST, _TOPIC_SHARE * sum(counts.values())) else None


# ---------------------------------------------------------------- bodies and groups
def _of_body(e: Entity, text: str, topic: str | None) -> Kind | None:
    if e.actor_type == "country":
        return Kind("government", "name")
    if e.actor_type == "document":
        return None
    if e.actor_type == "group":
        head = fold(_TIE.split(e.name, maxsplit=1)[0])
        kind = _last(head, ROLES) or _last(head, BODIES) or body_kind(e.name)
        return Kind(kind, "name") if kind else None
    if kind := body_kind(e.name):
        return Kind(kind, "name")
    for place in e.places[:4]:
        before = _BEFORE.search(text[max(0, place.start - 25) : place.start])
        if before and (kind := BODIES.get(fold(before[1]))):
            return Kind(kind, "role")
    return Kind("sport", "article") if topic == "sport" else Kind("business", "article")


@lru_cache(maxsize=20_000)
def body_kind(name: str) -> str | None:
    """Return the kind that the words of a body's name tell; kinds decide in the order of `BODIES`."""
    words = f" {fold(name)} "
    longest: tuple[int, str] | None = None
    for word, kind in BODIES.items():
        if f" {word} " in words and " " in word and (longest is None or len(word) > longest[0]):
            longest = (len(word), kind)
    if longest is not None:
        return longest[1]
    head = re.split(r" (?:of|for|and|at|in) ", words.strip(), maxsplit=1)[0].split()
    of_head = BODIES.get(head[-1]) if head else None
    if of_head is not None and of_head not in ("campaign", "union"):
        return of_head
    if "union" in words and any(f" {sport} " in words for sport in _SPORTS):
        return "sport"
    return next((kind for word, kind in BODIES.items() if f" {word} " in words), None)


# ---------------------------------------------------------------- persons
def _of_person(e: Entity, text: str, topic: str | None, names: Mapping[str, str]) -> Kind | None:
    roles = [*e.roles, *(p.role for p in e.places if p.role and p.role not in e.roles)]
    if e.actor_type == "role":
        roles.insert(0, e.name)
    for role in roles:
        if kind := role_kind(role, topic, names):
            return Kind(kind, "role")
    for place in e.places[:3]:
        for role in _around(text, place, e):
            if kind := role_kind(role, topic, names):
                return Kind(kind, "role")
            if role.startswith(("of ", "from ", "at ")) and (kind := body_kind(role)):
                return Kind(kind, "body")
        if kind := _affiliation(text, place.start, place.end, names):
            return Kind(kind, "body")
    for role in roles:
        for word in tokens(role):
            if kind := _TITLES.get(fold(word)):
                return Kind(kind, "role")
    if e.known is not None:
        return Kind("politics", "name")
    return Kind(topic, "article") if topic else None


def _around(text: str, place: Mention, e: Entity) -> list[str]:
    """Return what may be a role before a name and behind it: resources minister | Jane Roe, | head of a bank."""
    inside = place.surface.removesuffix(e.name) if place.surface.endswith(e.name) else ""
    before = _CLAUSE.split(text[max(0, place.start - 70) : place.start] + inside)[-1]
    last = fold(before).split()
    roles = []
    if last and (last[-1] in GENERIC or " ".join(last[-2:]) in GENERIC or _last(" ".join(last[-2:]), ROLES)):
        roles.append(before.strip())
    if after := _APPOSED.match(text, place.end, place.end + 110):
        roles.append(after[1])
    return roles


def role_kind(role: str, topic: str | None, names: Mapping[str, str]) -> str | None:
    """Return the kind of a role; of one that says nothing by itself, that of the body that it names."""
    folded = fold(role)
    head = fold(_TIE.split(role, maxsplit=1)[0])
    generic = next((w for n in (2, 1) for w in [" ".join(head.split()[-n:])] if w in GENERIC), None)
    kind = _last(head, ROLES)
    words = head.split()
    for n in (3, 2):
        whole = " ".join(words[-n:])
        if len(words) >= n and whole in ROLES and whole not in GENERIC:
            return ROLES[whole]  # a film director, a chief operating officer
    if generic is None and kind is not None:
        return _by_body(kind, folded)
    if generic is None:
        return _last(folded, ROLES) or None
    if generic == "secretary" and head != "secretary":
        return "politics"
    if body := body_kind(_without(role, generic)):
        return body
    if generic in _SPEAK_FOR and (inner := _last(_without(folded, generic), ROLES)):
        return inner
    named = [w for w in re.findall(r"[A-Z][\w&.-]*(?:\s+[A-Z][\w&.-]*)*", role) if fold(w) != generic]
    for name in named:
        if kind := names.get(fold(name)):
            return kind
    if topic and generic in _OF_TOPIC:
        return topic
    if generic in _DEFAULT and not (generic == "president" and (named or "’s " in role or "'s " in role)):
        return _DEFAULT[generic]
    return (
        "business"
        if named or generic in ("chairman", "chief", "head", "director", "manager", "boss", "founder")
        else None
    )


def _by_body(kind: str, folded: str) -> str:
    """Return the kind of a role whose noun is that of several bodies: a police inspector."""
    return "police" if kind == "government" and " police " in f" {folded} " else kind


def _without(role: str, generic: str) -> str:
    return re.sub(rf"\b{re.escape(generic)}\b", " ", role, flags=re.IGNORECASE)


def _last(phrase: str, lexicon: Mapping[str, str]) -> str | None:
    """Return the kind of the last word, or two or three words, of a phrase that a lexicon has."""
    found = phrase.split()
    for stop in range(len(found), 0, -1):
        for start in range(max(0, stop - 3), stop):
            words = " ".join(found[start:stop])
            if kind := lexicon.get(words) or lexicon.get(words.removesuffix("s")):
                return kind
    return None


def _affiliation(text: str, start: int, end: int, names: Mapping[str, str]) -> str | None:
    """Return the kind of the body that stands by a name: Jane Roe, of the Harrow Institute; Labour's Jane Roe."""
    after, before = _OF.match(text, end, end + 90), _WHOSE.search(text[max(0, start - 40) : start])
    for found in (before, after):
        if found and (kind := body_kind(found[1]) or names.get(fold(found[1]))):
            return kind
    return None


__all__ = ["BASES", "Kind", "body_kind", "role_kind", "tell_kinds", "topic_of"]
