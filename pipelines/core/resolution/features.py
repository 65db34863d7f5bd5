"""What speaks for and against an entity as what an expression stands for, in numbers.

Covers features of one expression and one candidate, read from the text alone. For who is a candidate, see `speakers`;
for weights, see `scorer`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.core.reference import KnownRole
from pipelines.core.resolution.entities import Article, Entity
from pipelines.core.resolution.interviews import Interview
from pipelines.core.resolution.mentions import Mention
from pipelines.core.resolution.words import HE, IT, SHE, THEY
from pipelines.core.text.names import fold

FORMS = (
    "he", "she", "it", "they", "the role", "bare role", "owned role", "a role", "origin", "the body", "group",
    "document", "name", "nothing",
)  # fmt: skip
"""Kinds of expression that are ranked for."""
TYPES = ("person", "org", "country", "group", "role", "document", "unknown", "self", "nobody")
"""Kinds of candidate: entities by type, the described actor itself, nobody."""
_POSSESSIVE = frozenset({"his", "her", "hers", "its", "their"})
_OBJECT = frozenset({"him", "them", "himself", "herself", "itself"})
_NEAR = (0, 1, 2, 3, 5, 8)
_ORDERS = 4
_FORMER = frozenset({"former", "ex"})
SIDES = frozenset({"former", "ex", "shadow", "deputy", "vice", "acting", "assistant", "designate", "elect", "late"})
"""Words that make another office of an office."""


@dataclass(slots=True)
class Spoken:
    """What the statements of one source tell: where their content stands, and of whom it speaks."""

    content: tuple[tuple[int, int], ...] = ()
    says_it: bool = False
    says_i: bool = False
    says_we: bool = False

    def add(self, content: Sequence[tuple[int, int]], says_it: bool, says_i: bool, says_we: bool) -> None:
        """Add what one more statement tells."""
        self.content = (*self.content, *content)
        self.says_it, self.says_i, self.says_we = (
            self.says_it or says_it,
            self.says_i or says_i,
            self.says_we or says_we,
        )


@dataclass(slots=True)
class Scene:
    """An article as it is read: what was named and who spoke, so far.

    Attributes:
        speakers: (position, entity) of the statements whose source is resolved, in text order.
        spoken: mention -> what its own statement tells.
        interview, asked: the interview that the text is, if it is one, and whom it asks; author: the only one.
    """

    article: Article
    interview: Interview | None = None
    asked: list[Entity] = field(default_factory=list)
    author: Entity | None = None
    speakers: list[tuple[int, Entity]] = field(default_factory=list)
    spoken: dict[str, Spoken] = field(default_factory=dict)

    def spoke_before(self, start: int) -> list[Entity]:
        """Return who spoke before a position, last first, each once."""
        at = bisect_left(self.speakers, start, key=lambda s: s[0])
        return list(dict.fromkeys(e for _, e in reversed(self.speakers[max(0, at - 12) : at])))

    def speaker_of(self, m: Mention) -> Sequence[Entity]:
        """Return who speaks the words that a mention stands in: the source of the innermost statement round it."""
        best: tuple[int, str] | None = None
        for source, spoken in self.spoken.items():
            link = self.article.links.get(source)
            if source == m.mention_id or link is None or link.is_open:
                continue
            sizes = [(b - a, source) for a, b in spoken.content if a <= m.start < b]
            best = min([*sizes, *([best] if best else [])], default=None)
        return self.article.links[best[1]].entities if best else ()


def form_of(m: Mention) -> str:
    """Return the form of an expression, one of `FORMS`."""
    phrase = m.phrase
    if phrase.shape == "pronoun":
        word = phrase.name
        for form, forms in (("he", HE), ("she", SHE), ("it", IT), ("they", THEY)):
            if word in forms:
                return form
        return "nothing"
    if phrase.shape == "org":
        return "the body"
    if phrase.shape in ("group", "document"):
        return phrase.shape
    if phrase.shape in ("name", "known"):
        return "name"
    words = m.surface.split()
    first = fold(words[0]) if words else ""
    if (phrase.country_code and len(phrase.name.split()) == 1) or "year old" in fold(m.surface):
        return "origin"
    if first in ("his", "her", "their", "my", "its", "our"):
        return "owned role"
    if phrase.indefinite:
        return "a role"
    return "the role" if m.surface[:4].casefold() == "the " else "bare role"


NAMES: tuple[str, ...] = (
    *(f"form {f}" for f in FORMS), *(f"type {t}" for t in TYPES),
    *(f"sentences {d}" for d in _NEAR), "far", "ahead", "same paragraph", "paragraph before", "far paragraph",
    *(f"order {i}" for i in range(_ORDERS)), "log mentions before", "log mentions", "most named", "log rivals",
    "only one", "last is source", "last is subject", "last in quotation", "last is pronoun", "spoke last",
    "spoke last but one", "ever spoke", "spoke in paragraph", "first of paragraph", "subject of sentence before",
    "in head", "in own content", "first in quotation", "gender told", "gender conflict", "gender hint", "hint against",
    "gender open",
    "same role", "share of words told", "head in name", "side conflict", "country same", "country conflict",
    "has role", "full name", "one word", "acronym", "says it", "says I", "says we", "ahead near", "only of its type",
    "possessive", "object", "opens sentence", "log characters", "same sentence subject", "both subjects",
    "last named here",
    "same head", "same words", "two together", "is source", "capital the", "name part", "is known",
    "votes person", "votes org", "office on day", "office without day", "ends office", "indefinite",
)  # fmt: skip


def describe(
    m: Mention, candidates: Sequence[Entity | None], selves: int, scene: Scene, form: str
) -> list[list[float]]:
    """Return a row of `NAMES` for each candidate; the last one is nobody (None), the one at `selves` itself."""
    before = [_before(e, m) if e else None for e in candidates]
    recency = sorted((-p.start, i) for i, p in enumerate(before) if p is not None)
    order = {i: k for k, (_, i) in enumerate(recency)}
    counts = [_count(e, m) if e else 0 for e in candidates]
    most = max(counts, default=0)
    spoke = scene.spoke_before(m.start)
    paragraph_first = _first_of_paragraph(scene, m)
    common = [float(form == f) for f in FORMS]
    spoken = scene.spoken.get(m.mention_id, Spoken())
    types = [e.actor_type for e in candidates if e]
    return [
        [*common, *_row(m, e, before[i], order.get(i, 9), counts[i], most, i == selves, spoke, paragraph_first,
                        spoken, len(candidates), types, scene)]
        for i, e in enumerate(candidates)
    ]  # fmt: skip


def _row(
    m: Mention, e: Entity | None, last: Mention | None, order: int, count: int, most: int, is_self: bool,
    spoke: list[Entity], paragraph_first: Entity | None, spoken: Spoken, n: int, types: list[str], scene: Scene,
) -> list[float]:  # fmt: skip
    kind = "nobody" if e is None else "self" if is_self else e.actor_type
    out = [float(kind == t) for t in TYPES]
    distance = 99 if last is None else m.sentence_no - last.sentence_no
    bucket = next((i for i, d in enumerate(_NEAR) if distance <= d), len(_NEAR))
    out += [float(last is not None and i == bucket) for i in range(len(_NEAR) + 1)]
    out.append(float(last is None and e is not None and not is_self))
    gap = 99 if last is None else m.paragraph_no - last.paragraph_no
    out += [float(gap == 0), float(gap == 1), float(1 < gap < 99)]
    out += [float(order == i) for i in range(_ORDERS)]
    total = len(e.places) if e else 0
    rivals = math.log1p(n)
    out += [math.log1p(count), math.log1p(total), float(count == most and count > 0), rivals, float(n <= 3)]
    if e is None:
        return (
            out
            + [0.0] * (len(NAMES) - len(FORMS) - len(out) - 10)
            + [
                float(m.is_speaker),
                float(m.surface[:4] == "The "),
                0.0,
                0.0,
                0.0,
                0.0,
                0.0,
                0.0,
                0.0,
                float(m.phrase.indefinite),
            ]
        )
    out += _standing(m, e, last, spoke, paragraph_first, scene)
    out += _content(m, e, spoken)
    out += _agreement(m, e)
    named = " " in e.name
    out += [
        float(bool(e.roles)), float(named), float(not named), float(e.name.isupper()),
        float(spoken.says_it), float(spoken.says_i), float(spoken.says_we),
        float(last is None and any(p.sentence_no - m.sentence_no <= 2 for p in e.places)),
        float(types.count(e.actor_type) == 1),
    ]  # fmt: skip
    same_sentence = last is not None and last.sentence_no == m.sentence_no
    first_here = any(p.is_subject and p.sentence_no == m.sentence_no and p.start < m.start for p in e.places)
    out += [
        float(m.surface.casefold() in _POSSESSIVE), float(m.surface.casefold() in _OBJECT), float(m.is_initial),
        math.log1p(m.start - last.end) / 5 if last and last.end <= m.start else 0.0, float(first_here),
        float(last is not None and last.is_subject and m.surface.casefold() not in _OBJECT),
        float(same_sentence and order == 0),
    ]  # fmt: skip
    head = fold(m.phrase.name).split()[-1:] if m.phrase.shape != "pronoun" else []
    theirs = e.name_norm.split()
    same_head = bool(head) and theirs[-1:] == head
    out += [float(same_head), float(same_head and set(fold(m.phrase.name).split()) <= set(theirs)),
            float(bool(e.members)), float(m.is_speaker), float(m.surface[:4] == "The "),
            float(bool(head) and head[0] in theirs), float(e.known is not None)]  # fmt: skip
    votes = e.votes["person"] + e.votes["org"] + 1
    out += [e.votes["person"] / votes, e.votes["org"] / votes]
    out += _office(m, e, scene)
    return [*out, float(m.phrase.indefinite)]


def _office(m: Mention, e: Entity, scene: Scene) -> list[float]:
    """Tell whether by the reference data the person has, or had, the office that a role names.

    All words of the phrase must be words of the office; shadow, former and the like name another one.
    """
    fits = offices_of(m, e, scene.article)
    former, day = bool(frozenset(fold(m.phrase.name).split()) & _FORMER), scene.article.published_on
    on_day = day is not None and any(r.is_held_on(day, former=former) for r in fits)
    return [float(on_day), float(day is None and bool(fits)), float(day is not None and bool(fits) and not on_day)]


def offices_of(m: Mention, e: Entity, article: Article) -> list[KnownRole]:
    """Return the offices of the reference data that a person has, or had, and that a role names.

    All words of the phrase must be words of the office; shadow, former and the like name another one.
    """
    held = article.reference.known_roles.get(e.known.name_norm if e.known else e.name_norm, ())
    if not held or m.phrase.shape != "role" or e.actor_type != "person":
        return []
    words = frozenset(fold(m.phrase.name).split()) - _SMALL - _FORMER - {"then"}
    words = frozenset(w for w in words if w not in article.reference.demonyms)
    return [
        r for r in held
        if words and words <= r.words and not (r.words - words) & SIDES
        and (r.country_code is None or m.phrase.country_code in (None, r.country_code))
    ]  # fmt: skip


def _standing(
    m: Mention, e: Entity, last: Mention | None, spoke: list[Entity], paragraph_first: Entity | None, scene: Scene
) -> list[float]:
    """Tell how an entity stands in the text before: who spoke, who was the subject, whom the paragraph is about."""
    here = any(p.is_speaker and p.paragraph_no == m.paragraph_no and p.start < m.start for p in e.places)
    subject = any(p.is_subject and p.sentence_no == m.sentence_no - 1 for p in e.places)
    return [
        float(last is not None and last.is_speaker), float(last is not None and last.is_subject),
        float(last is not None and last.quote >= 0), float(last is not None and last.phrase.shape == "pronoun"),
        float(spoke[:1] == [e]), float(spoke[1:2] == [e]), float(e in spoke), float(here),
        float(paragraph_first is e), float(subject), float(any(p.sentence_no <= 1 for p in e.places)),
    ]  # fmt: skip


def _content(m: Mention, e: Entity, spoken: Spoken) -> list[float]:
    """Tell whether what the expression says names the entity, and whether it first stands in quotation marks."""
    own = any(a <= p.start < b for p in e.places for a, b in spoken.content)
    return [float(own), float(any(p.quote >= 0 for p in e.places[:1]))]


def _agreement(m: Mention, e: Entity) -> list[float]:
    """Tell how the words of an expression agree with what the article says of an entity."""
    phrase, gender = m.phrase, m.phrase.gender
    told = bool(gender) and e.gender == gender
    conflict = bool(gender) and bool(e.gender) and e.gender != gender
    hints = e.pronouns.most_common(1)[0][0] if e.pronouns else None
    is_pronoun = phrase.shape == "pronoun"
    words = set() if is_pronoun else set(fold(phrase.name).split()) - _SMALL
    theirs = told_words(e)
    same = bool(phrase.lemmas & e.lemmas) and not is_pronoun
    side = same and (words & SIDES) != (theirs & SIDES)
    country = bool(phrase.country_code and e.country_code)
    return [
        float(told), float(conflict), float(bool(gender) and hints == gender),
        float(bool(gender) and bool(hints) and hints != gender), float(bool(gender) and not told and not conflict),
        float(same), len(words & theirs) / len(words) if words else 0.0, float(bool(words & set(e.name_norm.split()))),
        float(side), float(country and phrase.country_code == e.country_code),
        float(country and phrase.country_code != e.country_code),
    ]  # fmt: skip


_SMALL = frozenset({"of", "the", "a", "an", "for", "and", "in", "at", "s"})


def told_words(e: Entity) -> set[str]:
    """Return the words of all roles that an article gives an entity."""
    return {w for role in e.roles for w in fold(role).split()} - _SMALL | e.lemmas


def _before(e: Entity, m: Mention) -> Mention | None:
    return max((p for p in e.places if p.start < m.start), key=lambda p: p.start, default=None)


def _count(e: Entity, m: Mention) -> int:
    return sum(p.start < m.start for p in e.places)


def _first_of_paragraph(scene: Scene, m: Mention) -> Entity | None:
    found = None
    for place, entity in scene.article.named_before(m.start, max(0, m.sentence_no - 6)):
        if place.paragraph_no != m.paragraph_no:
            break
        if entity.may_be_person or entity.actor_type == "org":
            found = entity
    return found
