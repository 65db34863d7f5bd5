"""What speaks for and against an entity as what an expression stands for, in numbers.

Covers features of one expression and one candidate, read from the text alone. For who is a candidate, see `speakers`;
for weights, see `scorer`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.core.reference import KnownRole
from pipelines.core.resolution.entities import Article, Entity
from pipelines.core.resolution.interviews import Interview
from pipelines.core.resolution.mentions import Mention, stem
from pipelines.core.resolution.phrases import Phrase
from pipelines.core.resolution.words import HE, IT, SHE, THEY
from pipelines.core.text.names import fold
from pipelines.core.text.tokens import PREPOSITIONS

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


_COMMON = (
    *(f"form {f}" for f in FORMS), "is source", "capital the", "indefinite", "says it", "says I", "says we",
    "possessive", "object", "opens sentence", "log rivals", "only one", "bare noun", "log words",
    "has owner", "has capitals",
)  # fmt: skip
"""What is the same for all candidates of an expression."""
_OWN = (
    *(f"type {t}" for t in TYPES), *(f"sentences {d}" for d in _NEAR), "far", "ahead", "ahead near", "same paragraph",
    "paragraph before", "far paragraph", *(f"order {i}" for i in range(_ORDERS)), "log mentions before", "log mentions",
    "most named", "log characters", "same sentence subject", "both subjects", "last named here", "new here",
    "last is source", "last is subject", "last in quotation", "last is pronoun", "spoke last", "spoke last but one",
    "ever spoke", "spoke in paragraph", "first of paragraph", "subject of sentence before", "in head", "in own content",
    "first in quotation", "gender told", "gender conflict", "gender hint", "hint against", "gender open",
    "first name for", "first name against", "same role",
    "share of words told", "head in name", "side conflict", "country same", "country conflict", "has role", "full name",
    "one word", "acronym", "only of its type", "same head", "same words", "name part", "two together", "is known",
    "votes person", "votes org", "office on day", "office without day", "ends office", "share beside", "head beside",
    "share around", "head around",
)  # fmt: skip
_COMPARED = ("gender told", "same role", "share of words told", "head beside", "head around", "same head")
"""What may tell one candidate from all others: whether it has most of it, and whether another has more."""
NAMES: tuple[str, ...] = (
    *_COMMON, *_OWN, *(f"most {name}" for name in _COMPARED), *(f"less {name}" for name in _COMPARED)
)  # fmt: skip


def describe(
    m: Mention, candidates: Sequence[Entity | None], selves: int, scene: Scene, form: str
) -> list[list[float]]:
    """Return a row of `NAMES` for each candidate; the last one is nobody (None), the one at `selves` itself."""
    before = [_before(e, m) if e else None for e in candidates]
    recency = sorted((-p.start, i) for i, p in enumerate(before) if p is not None)
    order = {i: k for k, (_, i) in enumerate(recency)}
    most = max((_count(e, m) for e in candidates if e), default=0)
    spoke, first = scene.spoke_before(m.start), _first_of_paragraph(scene, m)
    types = [e.actor_type for e in candidates if e]
    common = _common(m, form, scene, len(candidates))
    rows = []
    for i, e in enumerate(candidates):
        row = {"type nobody": 1.0} if e is None else {f"type {'self' if i == selves else e.actor_type}": 1.0}
        if e is not None:
            row |= _place(m, e, before[i], order.get(i, 9), i == selves)
            row |= _standing(m, e, before[i], spoke, scene)
            row |= _agreement(m, e, scene.article.reference.first_names) | _words(m, e) | _office(m, e, scene)
            row["most named"] = _count(e, m) == most > 0
            row["first of paragraph"] = first is e
            row["only of its type"] = types.count(e.actor_type) == 1
        rows.append(row)
    _compare(rows)
    return [[float(common.get(n, row.get(n, 0.0))) for n in NAMES] for row in rows]


def _common(m: Mention, form: str, scene: Scene, n: int) -> dict[str, float]:
    spoken, word = scene.spoken.get(m.mention_id, Spoken()), m.surface.casefold()
    n_words = len(m.phrase.name.split())
    return {
        f"form {form}": 1.0, "is source": m.is_speaker, "capital the": m.surface[:4] == "The ",
        "indefinite": m.phrase.indefinite, "says it": spoken.says_it, "says I": spoken.says_i,
        "says we": spoken.says_we, "possessive": word in _POSSESSIVE, "object": word in _OBJECT,
        "opens sentence": m.is_initial, "log rivals": math.log1p(n), "only one": n <= 3,
        "bare noun": n_words == 1, "log words": math.log1p(n_words),
        "has owner": "'s " in m.surface.replace("’", "'"), "has capitals": any(c.isupper() for c in m.phrase.name),
    }  # fmt: skip


def _compare(rows: Sequence[dict[str, float]]) -> None:
    """Add to each candidate whether it has most of what is compared, and whether another has more."""
    for name in _COMPARED:
        best = max(row.get(name, 0.0) for row in rows)
        if best:
            for row in rows:
                row[f"most {name}" if row.get(name, 0.0) == best else f"less {name}"] = 1.0


def _place(m: Mention, e: Entity, last: Mention | None, order: int, is_self: bool) -> dict[str, float]:
    """Tell how far away, and how often, an entity is named."""
    out: dict[str, float] = {f"order {order}": 1.0, "log mentions": math.log1p(len(e.places))}
    out["log mentions before"] = math.log1p(_count(e, m))
    if last is None:
        near = any(p.sentence_no - m.sentence_no <= 2 for p in e.places)
        return out | {"far": 1.0, "ahead": not is_self, "ahead near": near}
    away, gap = m.sentence_no - last.sentence_no, m.paragraph_no - last.paragraph_no
    bucket = next((f"sentences {d}" for d in _NEAR if away <= d), "far")
    is_object = m.surface.casefold() in _OBJECT
    return out | {
        bucket: 1.0, "same paragraph": gap == 0, "paragraph before": gap == 1, "far paragraph": gap > 1,
        "log characters": math.log1p(m.start - last.end) / 5 if last.end <= m.start else 0.0,
        "same sentence subject": any(
            p.is_subject and p.sentence_no == m.sentence_no and p.start < m.start for p in e.places
        ),
        "both subjects": last.is_subject and not is_object, "last named here": away == 0 and order == 0,
        "new here": m.sentence_no - min(p.sentence_no for p in e.places) <= 1,
    }  # fmt: skip


def _office(m: Mention, e: Entity, scene: Scene) -> dict[str, float]:
    """Tell whether by the reference data the person has, or had, the office that a role names.

    All words of the phrase must be words of the office; shadow, former and the like name another one.
    """
    fits = offices_of(m, e, scene.article)
    former, day = bool(frozenset(fold(m.phrase.name).split()) & _FORMER), scene.article.published_on
    on_day = day is not None and any(r.is_held_on(day, former=former) for r in fits)
    return {
        "office on day": on_day, "office without day": day is None and bool(fits),
        "ends office": day is not None and bool(fits) and not on_day,
    }  # fmt: skip


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
    m: Mention, e: Entity, last: Mention | None, spoke: list[Entity], scene: Scene
) -> dict[str, float]:  # fmt: skip
    """Tell how an entity stands in the text before: who spoke, who was the subject, of whom the words speak."""
    spoken = scene.spoken.get(m.mention_id, Spoken())
    out: dict[str, float] = {
        "spoke last": spoke[:1] == [e], "spoke last but one": spoke[1:2] == [e], "ever spoke": e in spoke,
        "spoke in paragraph": any(
            p.is_speaker and p.paragraph_no == m.paragraph_no and p.start < m.start for p in e.places
        ),
        "subject of sentence before": any(p.is_subject and p.sentence_no == m.sentence_no - 1 for p in e.places),
        "in head": any(p.sentence_no <= 1 for p in e.places),
        "in own content": any(a <= p.start < b for p in e.places for a, b in spoken.content),
        "first in quotation": any(p.quote >= 0 for p in e.places[:1]),
    }  # fmt: skip
    if last is not None:
        out |= {
            "last is source": last.is_speaker, "last is subject": last.is_subject, "last in quotation": last.quote >= 0,
            "last is pronoun": last.phrase.shape == "pronoun",
        }  # fmt: skip
    return out


def _agreement(m: Mention, e: Entity, first_names: Mapping[str, str]) -> dict[str, float]:
    """Tell how gender, country and kind of an entity agree with an expression."""
    phrase, gender = m.phrase, m.phrase.gender
    hint = e.pronouns.most_common(1)[0][0] if e.pronouns else None
    country, votes = bool(phrase.country_code and e.country_code), e.votes["person"] + e.votes["org"] + 1
    person, org = (1.0, 0.0) if e.actor_type == "person" else (e.votes["person"] / votes, e.votes["org"] / votes)
    named = " " in e.name
    usual = first_names.get(e.name_norm.split()[0]) if gender and named and e.may_be_person else None
    return {
        "gender told": bool(gender) and e.gender == gender,
        "gender conflict": bool(gender) and bool(e.gender) and e.gender != gender,
        "gender hint": bool(gender) and hint == gender,
        "hint against": bool(gender) and bool(hint) and hint != gender, "gender open": bool(gender) and not e.gender,
        "first name for": usual is not None and usual == gender,
        "first name against": usual is not None and usual != gender,
        "country same": country and phrase.country_code == e.country_code,
        "country conflict": country and phrase.country_code != e.country_code,
        "full name": named, "one word": not named, "acronym": e.name.isupper(), "has role": bool(e.roles),
        "two together": bool(e.members), "is known": e.known is not None,
        "votes person": person, "votes org": org,
    }  # fmt: skip


def _words(m: Mention, e: Entity) -> dict[str, float]:
    """Tell how the words of a description agree with what the article calls an entity, and with the words round it."""
    if m.phrase.shape == "pronoun":
        return {}
    said = fold(m.phrase.name).split()
    words, theirs, name = set(said) - _SMALL, told_words(e), e.name_norm.split()
    same, head = bool(m.phrase.lemmas & e.lemmas), said[-1:]
    own = {stem(w) for w in words}
    top = stem(head_noun(m.phrase)) if said else ""
    others = [p for p in e.places if p.mention_id != m.mention_id and p.phrase.shape != "pronoun"]
    beside, around = (set[str]().union(*(getattr(p, k) for p in others)) for k in ("beside", "around"))
    return {
        "same role": same, "side conflict": same and (words & SIDES) != (theirs & SIDES),
        "share of words told": len(words & theirs) / len(words) if words else 0.0,
        "head in name": bool(words & set(name)), "same head": bool(head) and name[-1:] == head,
        "same words": bool(head) and name[-1:] == head and set(said) <= set(name),
        "name part": bool(head) and head[0] in name,
        "share beside": len(own & beside) / len(own) if own else 0.0, "head beside": top in beside,
        "share around": len(own & around) / len(own) if own else 0.0, "head around": top in around,
    }  # fmt: skip


def head_noun(phrase: Phrase) -> str:
    """Return the head of a description: the last word before a preposition."""
    words = fold(phrase.name).split()
    end = next((i for i, w in enumerate(words) if i and w in PREPOSITIONS), len(words))
    return words[end - 1] if words else ""


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
