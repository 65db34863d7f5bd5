"""Whom pronouns, roles and descriptions stand for: candidates, hard constraints, and the choice of the scorer.

Covers the walk over an article's expressions in text order. For names, see `entities`; for what speaks for a candidate,
see `features`; for weights, see `scorer`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.core.resolution.entities import Article, Entity
from pipelines.core.resolution.features import Scene, describe, form_of, head_noun, offices_of, told_words
from pipelines.core.resolution.mentions import Mention, stem
from pipelines.core.resolution.phrases import Phrase
from pipelines.core.resolution.scorer import Scorer
from pipelines.core.resolution.words import FIRST, RELATIVE, YOU
from pipelines.core.text.names import fold

_BACK, _AHEAD = 25, 3
"""Sentences before and after an expression in which a candidate may be named."""
_MOST = 24
"""Candidates that are looked at, the latest named first."""
_SURE = 0.8
"""From this probability on an answer tells of the entity's type."""
_RANKED, _LEAST_RANKED = 3, 0.02
_METHODS = {
    "he": "pronoun", "she": "pronoun", "it": "pronoun_it", "they": "pronoun_it", "the body": "org_reference",
    "group": "group", "document": "document", "name": "surname_last",
}  # fmt: skip
_OWN_METHODS = {"org": "org_noun", "group": "group", "document": "document", "role": "role_unnamed"}
_TOGETHER = re.compile(r"\b(?:and|with|&)\s+(?:the\s+)?$")
_PRESS = frozenset({"paper", "newspaper", "magazine", "journal", "website", "site"})
"""What is read, and what prints it."""
_TWO = re.compile(r"^(?:both|the two|the pair|the duo|the couple)\b", re.IGNORECASE)
_ALONE = frozenset({"i", "me", "my", "mine", "myself"})
_NOUN_BEFORE = re.compile(r"((?:[\w’'-]+ ){0,2}[\w’'-]+),?\s*$")


@dataclass(frozen=True, slots=True)
class Choice:
    """One expression with its candidates.

    Attributes:
        candidates: None is nobody, the last of them.
        itself: place of the actor that the expression describes, if it is no other; -1: a pronoun describes none.
        rows: features of each candidate.
    """

    mention: Mention
    form: str
    candidates: tuple[Entity | None, ...]
    itself: int
    rows: list[list[float]]


Chooser = Callable[[Choice], Sequence[float]]
"""The candidates of an expression -> a probability for each."""


def by_scorer(scorer: Scorer) -> Chooser:
    """Return the chooser that asks the scorer."""
    return lambda choice: scorer.probabilities(choice.rows)


def link_expressions(scene: Scene, mentions: Sequence[Mention], choose: Chooser, scorer: Scorer | None) -> None:
    """Link all mentions that are no names, in text order; "I" last, when the speakers are known."""
    article = scene.article
    for i, m in enumerate(mentions):
        if m.mention_id not in article.links:
            if m.phrase.shape == "role" and (name := _name_behind(article, m, mentions[i + 1 : i + 4])):
                article.link(m, [name], "role")
                _learn(name, m, 1.0)
            else:
                _link(scene, m, mentions[:i], choose, scorer)
        elif m.is_relative and re.search(r"\b(?:from|of|in)\s+$", m.before):
            _behind_place(article, m, mentions[:i])
        link = article.links.get(m.mention_id)
        if m.is_speaker and link is not None and not link.is_open:
            scene.speakers.append((m.start, link.entities[0]))
    for m in mentions:
        if m.phrase.shape == "pronoun" and m.phrase.name in FIRST | YOU and m.mention_id not in article.links:
            _first_person(scene, m)


def _name_behind(article: Article, m: Mention, after: Sequence[Mention]) -> Entity | None:
    """Return the person whose name stands between commas behind a role: the port director, Jane Roe."""
    for n in after:
        link = article.links.get(n.mention_id)
        if n.start == m.end + 2 and n.before.endswith(", ") and link is not None and " " in link.entities[0].name:
            return link.entities[0] if link.entities[0].may_be_person and n.phrase.role_surface is None else None
    return None


def _link(scene: Scene, m: Mention, before: Sequence[Mention], choose: Chooser, scorer: Scorer | None) -> None:
    shape = m.phrase.shape
    if shape == "pronoun" and m.phrase.name in RELATIVE:
        _relative(scene, m, before, choose, scorer)
        return
    if shape == "nobody" and m.is_speaker and m.surface[:1].isdigit():
        _like_mention_before(scene.article, m, before)
        return
    if shape == "role" and len(scene.asked) == 1 and scene.interview and scene.interview.is_question(m.start) and (
        fold(m.surface.split()[0]) in scene.article.reference.honorifics
    ):  # fmt: skip
        scene.article.link(m, scene.asked, "interviewee")
        return
    is_open = shape in ("role", "org", "group", "document") or m.mention_id in scene.article.rivals
    is_pronoun = shape == "pronoun" and m.phrase.name not in FIRST | YOU
    if not (is_open or is_pronoun) or (m.in_heading and not m.is_speaker):
        return
    form = form_of(m)
    if form == "document" and any(_is_called(m, e) for e in scene.article.entities):
        form = "the body"
    if one := _told_holder(scene.article, m, form) or _known_holder(scene.article, m, form):
        scene.article.link(m, [one], "role")
        _learn(one, m, 1.0)
        scene.article.note(one, m)
    elif _TWO.match(m.surface) and (pair := _two_before(scene.article, m)):
        scene.article.link(m, pair, "group_members", joint=True)
    elif form != "nothing":
        choice = choice_of(scene, m, form)
        if choice.candidates != (None,):
            settle(scene, choice, choose(choice), scorer)


# ---------------------------------------------------------------- what the text tells outright
def _told_holder(article: Article, m: Mention, form: str) -> Entity | None:
    """Return the one person here who has the office by the reference data on the article's day.

    Of a text without a day, who has had it at any time. "The ministry" is the one body in whose name the noun stands.
    """
    if form == "the body" and not m.phrase.indefinite and m.phrase.possessor is None:
        noun = next(iter(m.phrase.lemmas), "")
        named = [e for e in article.entities if e.actor_type == "org" and e.basis not in ("role", "surname_only")]
        bodies = [e for e in named if noun in e.name_norm.split() and any(p.start < m.start for p in e.places)]
        return bodies[0] if len(bodies) == 1 and m.surface[:4].casefold() == "the " else None
    if form not in ("the role", "bare role"):
        return None
    words = set(fold(m.phrase.name).split())
    people = [e for e in article.entities if e.actor_type == "person" and e.places and fits(m, e, form)]
    near = [e for e in people if e.places[0].start < m.start or e.places[0].sentence_no - m.sentence_no <= _AHEAD]
    day, former = article.published_on, bool(words & {"former", "ex"})
    in_office = [
        e for e in near if any(day is None or r.is_held_on(day, former=former) for r in offices_of(m, e, article))
    ]  # fmt: skip
    return in_office[0] if len(in_office) == 1 else None


def _known_holder(article: Article, m: Mention, form: str) -> Entity | None:
    """Return who has an office by the reference data, where the words name the country and nobody here has it."""
    country, day = m.phrase.country_code, article.published_on
    if form not in ("the role", "bare role") or country is None or day is None:
        return None
    words = frozenset(fold(m.phrase.name).split()) - {"of", "the", "for", "and"}
    words = frozenset(w for w in words if w not in article.reference.demonyms)
    if any(e.actor_type == "person" and words <= told_words(e) and fits(m, e, form) for e in article.entities):
        return None
    holder = article.reference.holder_on(country, words, day)
    return article.person(Phrase("name", holder, actor_type="person", country_code=country)) if holder else None


def _two_before(article: Article, m: Mention) -> list[Entity]:
    """Return the two persons (else countries) named before "both" in its sentence, or in the sentence before."""
    noun = m.phrase.name.casefold()
    kinds = ("country",) if noun in ("nations", "countries", "states", "governments") else ("person",)
    if article.reference.kind_words.get(noun.removesuffix("s")) == "org" and kinds == ("person",):
        kinds = ("org",)
    for back in (0, 1):
        found = [
            e for e in article.entities if e.actor_type in kinds
            and any(p.sentence_no == m.sentence_no - back and p.start < m.start for p in e.places)
        ]  # fmt: skip
        if found:
            return sorted(found, key=lambda e: e.places[0].start) if len(found) == 2 else []
    return []


# ---------------------------------------------------------------- candidates
def choice_of(scene: Scene, m: Mention, form: str) -> Choice:
    """Return the candidates of an expression: what was named before it or just after it, itself, nobody."""
    article = scene.article
    if m.mention_id in article.rivals:
        rivals: list[Entity | None] = [*article.rivals[m.mention_id], None]
        return Choice(m, "name", tuple(rivals), -1, describe(m, rivals, -1, scene, "name"))
    if form in ("they", "group"):
        _pair_before(article, m)
    found: dict[int, Entity] = {}
    for place, e in article.named_before(m.start, m.sentence_no - _BACK):
        if id(e) not in found and len(found) < _MOST and place.mention_id != m.mention_id and fits(m, e, form):
            found[id(e)] = e
    words = set() if m.phrase.shape == "pronoun" else set(fold(m.phrase.name).split())
    for e in (*scene.spoke_before(m.start), *article.entities):
        if id(e) in found or not e.places or not fits(m, e, form):
            continue
        near = m.start < e.places[0].start and e.places[0].sentence_no - m.sentence_no <= _AHEAD
        if (
            near
            or (e.places[0].start < m.start and any(e is s for s in scene.spoke_before(m.start)))
            or words & told_words(e)
        ):
            found[id(e)] = e
    if form == "a role" and m.phrase.indefinite:  # "a reporter" is nobody who was named before
        found = {k: e for k, e in found.items() if e.actor_type != "person" or e.places[0].start > m.start}
    candidates: list[Entity | None] = list(found.values())
    itself = -1
    if m.phrase.shape != "pronoun":
        own = own_entity(article, m)
        itself = next((i for i, e in enumerate(candidates) if e is own), len(candidates))
        if itself == len(candidates):
            candidates.append(own)
    candidates.append(None)
    return Choice(m, form, tuple(candidates), itself, describe(m, candidates, itself, scene, form))


def own_entity(article: Article, m: Mention) -> Entity:
    """Return the actor that a description tells of, if it is no other: not yet one of the article's."""
    kind = m.phrase.actor_type if m.phrase.actor_type in ("org", "group", "document") else "role"
    own = article.entity_or_new(kind, m.phrase.name, "group" if kind == "group" else "role")
    own.country_code = own.country_code or m.phrase.country_code
    return own


def _pair_before(article: Article, m: Mention) -> None:
    """Make the last two who are named together before "they" or "the two" one candidate: Ruiz and Lind."""
    places = [(p, e) for p, e in article.named_before(m.start, m.sentence_no - 2) if not e.members]
    for (second, b), (first, a) in pairwise(places):
        both = {a.actor_type, b.actor_type}
        if _TOGETHER.search(second.before) and first.sentence_no == second.sentence_no and a is not b and (
            both <= {"person", "unknown"} or both <= {"org", "unknown"} or both == {"country"}
        ):  # fmt: skip
            article.pair([a, b], second)
            return


def is_surely_person(e: Entity) -> bool:
    """Tell whether more than the tagger says that a name is a person's: a title, a role, a pronoun, a first name."""
    return e.actor_type == "person" and bool(e.votes["told"] or e.gender or e.pronouns or e.known)


def fits(m: Mention, e: Entity, form: str) -> bool:
    """Tell whether nothing rules an entity out: type, gender, country, being a part of the expression itself."""
    phrase = m.phrase
    gender = e.gender or (e.usual_gender if phrase.shape == "pronoun" else None)
    if phrase.gender and gender and phrase.gender != gender:
        return False
    if form != "name" and any(m.start <= p.start < m.end and p.mention_id != m.mention_id for p in e.places):
        return False
    if form in ("he", "she"):
        return ((e.may_be_person and e.known is None) or e.actor_type in ("person", "role")) and not e.members
    if form == "it":
        return not is_surely_person(e) and e.actor_type != "group"
    if form == "they":
        return not is_surely_person(e)
    if phrase.country_code and e.country_code and phrase.country_code != e.country_code:
        return False
    if form == "document":
        own = {fold(w) for w in phrase.name.split()[1:] if w[:1].isupper() or w[:1].isdigit()}
        return e.actor_type == "document" and own <= set(e.name_norm.split())
    if form == "group":
        return e.actor_type in ("group", "org")
    if form == "the body":
        return not is_surely_person(e) and e.actor_type not in ("group", "document")
    if form == "origin":
        return (e.may_be_person and e.known is None) or e.actor_type in ("person", "role")
    return e.actor_type not in ("group", "document")


def _is_called(m: Mention, e: Entity) -> bool:
    """Tell whether "the paper" may be a body beside whose name the noun stands: the newspaper Lund Daily."""
    noun, told = head_noun(m.phrase), {w for p in e.places if p.start < m.start for w in p.beside}
    return e.actor_type == "org" and noun in _PRESS and not m.phrase.possessor and stem(noun) in told


# ---------------------------------------------------------------- the answer
def settle(scene: Scene, choice: Choice, likely: Sequence[float], scorer: Scorer | None) -> None:
    """Link an expression to the likeliest candidates; to nobody where that is likeliest, to none where it is unsure."""
    article, m = scene.article, choice.mention
    order = sorted(range(len(likely)), key=lambda i: (-likely[i], i))
    first = choice.candidates[order[0]]
    if first is None:
        return
    own = choice.candidates[choice.itself] if choice.itself >= 0 else None
    ranked = [
        (e, likely[i]) for i in order
        if (e := choice.candidates[i]) is not None and not e.members and (e is not own or e.places)
        and likely[i] >= _LEAST_RANKED and e is not first
    ][: _RANKED - 1]  # fmt: skip
    sure = scorer.calibrated(choice.form, likely[order[0]]) if scorer else likely[order[0]]
    is_open = scorer is not None and sure < scorer.least and first is not own
    if first is own:
        article.keep(first)
        first.take(m, m.phrase)
    elif not is_open:
        _learn(first, m, sure)
    if not is_open:
        article.note(first, m)
    if first.members:
        method = "pronoun_they" if choice.form == "they" else "group_members"
        article.link(m, first.members, method, [sure] * len(first.members), joint=True)
        return
    method = _OWN_METHODS[first.actor_type] if first is own else _METHODS.get(choice.form, "role")
    article.link(
        m, [first, *(e for e, _ in ranked)], method, [sure, *(min(p, sure) for _, p in ranked)], is_open=is_open
    )


def _learn(e: Entity, m: Mention, sure: float) -> None:
    """Learn from what a pronoun or a role was linked to."""
    if m.phrase.gender and m.phrase.shape == "pronoun":
        e.pronouns[m.phrase.gender] += 1
    elif m.phrase.gender:
        e.gender = e.gender or m.phrase.gender
    if e.actor_type == "unknown" and m.phrase.gender and sure > _SURE:
        e.actor_type = "person"
    if e.actor_type in ("person", "unknown") and m.phrase.shape == "org" and sure > _SURE:
        e.actor_type = "org"
    e.places.append(m)


# ---------------------------------------------------------------- who, I, and what an age stands behind
def _relative(scene: Scene, m: Mention, before: Sequence[Mention], choose: Chooser, scorer: Scorer | None) -> None:
    """Link "who" to the mention that ends just before it, else to the noun there: voters who."""
    article = scene.article
    near = [r for r in before if r.end <= m.start and m.start - r.end <= 3 and r.mention_id in article.links]
    if near:
        link = article.links[near[-1].mention_id]
        article.link(m, link.entities, "relative", link.confidence, joint=link.joint, is_open=link.is_open)
        return
    found = _NOUN_BEFORE.search(m.before)
    words = found.group(1).split() if found else []
    for n in range(len(words), 0, -1):
        phrase = article.read(" ".join(words[-n:]), None)
        if phrase.shape in ("group", "document") or (phrase.shape == "role" and n < len(words)):
            m.phrase = phrase
            choice = choice_of(scene, m, form_of(m))
            settle(scene, choice, [float(i == choice.itself) for i in range(len(choice.candidates))], None)
            return


def _like_mention_before(article: Article, m: Mention, before: Sequence[Mention]) -> None:
    """Link "58, of Springfield" to the name that it stands behind."""
    near = [r for r in before if r.end < m.start <= r.end + 3 and r.mention_id in article.links]
    if near:
        link = article.links[near[-1].mention_id]
        article.link(m, link.entities, "relative", link.confidence, joint=link.joint)


def _behind_place(article: Article, m: Mention, before: Sequence[Mention]) -> None:
    """Link the town of "Jane Roe, 24, from Oslo, who said" to the person before it."""
    links = [
        article.links[r.mention_id] for r in before if r.sentence_no == m.sentence_no and r.mention_id in article.links
    ]
    people = [link for link in links if link.entities[0].may_be_person and " " in link.entities[0].name]
    if people and article.links[m.mention_id].entities[0].actor_type != "person":
        article.link(m, people[-1].entities, "relative", joint=people[-1].joint)


def _first_person(scene: Scene, m: Mention) -> None:
    """Link "I" in quotation marks to who speaks there, in an interview to who is asked, else to the one author."""
    article, alone = scene.article, m.phrase.name in _ALONE
    if speakers := scene.speaker_of(m):
        article.link(m, speakers[:1], "first_person")
    elif m.quote >= 0:
        return
    elif scene.interview is not None:
        if not scene.asked or scene.interview.is_question(m.start) != (m.phrase.name in YOU):
            return
        if len(scene.asked) == 1 or not alone:
            method = "interviewee" if alone or m.phrase.name in YOU else "interviewee_we"
            article.link(m, scene.asked, method, joint=len(scene.asked) > 1)
        elif one := _one_of_two(scene.asked, m):
            article.link(m, one, "interviewee_we")
    elif scene.author is not None and alone:
        article.link(m, [scene.author], "author")


def _one_of_two(asked: Sequence[Entity], m: Mention) -> list[Entity]:
    """Return the one of two who says "I" in a paragraph: who names himself (I'm Jane Roe), or not the one it names."""
    here = [[p for p in e.places if p.paragraph_no == m.paragraph_no and p.phrase.shape != "pronoun"] for e in asked]
    selves = [
        e for e, places in zip(asked, here, strict=True)
        if any(re.search(r"\b(?:I['’]m|I am|[Mm]y name is)\s+$", p.before) for p in places)
    ]  # fmt: skip
    others = [e for e, places in zip(asked, here, strict=True) if not places]
    return selves or (others if len(asked) == 2 and len(others) == 1 else [])


__all__ = ["Choice", "Chooser", "by_scorer", "choice_of", "link_expressions", "settle"]
