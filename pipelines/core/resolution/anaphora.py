"""Expressions that stand for a name: pronouns, roles alone, groups, documents.

Belongs here: finding who is meant from what the same article says before. Does not belong here: names (see `article`).
Gender comes from the text's own words (Mr, Ms, spokeswoman, a pronoun that can mean one person only), never from a
given name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from pipelines.core.resolution.article import Article, Entity, Mention
from pipelines.core.resolution.kinds import FIRST, HE, IT, RELATIVE, SHE, THEY, YOU, Phrase
from pipelines.core.text.names import PARTICLES, cut_possessive, fold, is_acronym, word_set

_SENTENCE_END = re.compile(r"[.!?]['”\"]?\s|\n")
_PARTS = re.compile(r"[\s-]+")
_HINT_REACH = 160
_ALONE = frozenset({"i", "me", "my", "mine", "myself"})
_TWO = re.compile(r"^(?:both|the two|the pair|the duo|the couple)\b", re.IGNORECASE)
_GENDERED = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_NO_PEOPLE = word_set(
    "camps campaigns sides parties companies firms groups teams chambers houses papers networks polls"
)
"""What "the two ..." may count besides people and countries."""
_FORMER = frozenset({"former", "ex"})
_DROPPED = _FORMER | word_set("the a an then current sitting us american longtime new of")
_LESSER = word_set("vice deputy assistant")
"""Words of an office without which its name is that of a higher one."""
_PLACED = word_set("senator governor congressman congresswoman mayor representative")
"""Offices that are held in one place."""
_AHEAD = 3
"""Sentences after "the attorney general" in which its holder may be named."""
_FIRST_SENTENCES = 2
"""Headline and lead name a role before they give its holder's name."""
_CALLED_BY_NAME = frozenset({"campaign", "administration", "team"})
_ONE_OF_A_KIND = word_set(
    "spokesperson lawyer deputy wife husband widow father mother brother sister son daughter rival opponent manager "
    "predecessor successor boss"
) | {"campaign manager", "campaign chairman", "running mate", "chief of staff", "press secretary"}
_NEAR = (1.0, 0.85, 0.6, 0.4, 0.3)
_FAR, _OLDEST = 0.15, 12
_SPEAKER, _SUBJECT, _QUOTED, _UNTYPED = 0.35, 0.25, -0.3, -0.25
_INITIAL, _TOLD = -0.4, 0.1
_SAME_GENDER, _OTHER_GENDER = 0.2, -0.5
_PARAGRAPH = 0.4
"""A paragraph is about somebody: who is named in the pronoun's own one comes before the speaker of the one before."""
_MAX_CANDIDATES = 3
_EPITHETS = word_set(
    "candidate nominee frontrunner hopeful contender businessman businesswoman billionaire mogul tycoon developer "
    "senator governor representative congressman congresswoman lawmaker republican democrat politician independent "
    "socialist conservative libertarian texan floridian vermonter ohioan kentuckian wisconsinite virginian"
)
"""Roles by which the person spoken of is called again, though the article gives nobody that role."""
_EPITHET_REACH, _EPITHET_LEAD = 3, 0.1
_TIE = 0.3

SpeakerOf = Callable[[Mention], Sequence[Entity]]
"""A first-person mention -> the speaker of the words that it stands in."""


def learn_gender(article: Article, text: str, quotes: Sequence[tuple[int, int]]) -> None:
    """Note genders where a pronoun outside quotation marks can hardly mean somebody else.

    One person is named so far: the gender is told. One is named in the sentence before the pronoun: a hint.
    """
    for entity in article.entities:
        if entity.known is not None and entity.known.gender and entity.actor_type == "person":
            entity.gender = entity.known.gender
    _count_hints(article, text, quotes)
    seen = sorted(((p.start, e) for e in article.entities if e.may_be_person for p in e.places[:1]), key=lambda x: x[0])
    if not seen:
        return
    only = seen[0][1]
    limit = next((start for start, e in seen if e is not only), len(text))
    for m in _GENDERED.finditer(text, seen[0][0], min(limit, seen[0][0] + 2000)):
        if not any(s <= m.start() < e for s, e in quotes):
            only.gender = only.gender or ("m" if m.group(1) else "f")
            return


def _count_hints(article: Article, text: str, quotes: Sequence[tuple[int, int]]) -> None:
    """Count for each person the pronouns that follow its name in a sentence with no other name before them."""
    named: dict[int, list[tuple[int, int, Entity]]] = {}
    for e in article.entities:
        if e.may_be_person or e.actor_type == "role":
            for p in e.places:
                named.setdefault(p.sentence_no, []).append((p.start, p.end, e))
    for rows in named.values():
        rows.sort(key=lambda r: r[0])
        start, end, only = rows[0]
        limit = next((s for s, _, e in rows if e is not only), end + _HINT_REACH)
        found = _GENDERED.search(text, end, min(limit, end + _HINT_REACH))
        if found is None or only.gender or _SENTENCE_END.search(text, end, found.start()):
            continue
        if not any(s <= found.start() < e or s <= start < e for s, e in quotes):
            only.pronouns["m" if found.group(1) else "f"] += 1


def resolve_anaphora(article: Article, mentions: Iterable[Mention], speaker_of: SpeakerOf) -> None:
    """Link all mentions that are no names, in text order; first-person pronouns last, when the speakers are known."""
    rows = list(mentions)
    first: list[Mention] = []
    for m in rows:
        shape = m.phrase.shape
        if m.is_speaker and m.after_place and m.is_relative:
            _behind_place(article, m, rows)
        if shape == "pronoun":
            if m.phrase.name in FIRST:
                first.append(m)
            else:
                _pronoun(article, m, rows)
        elif shape in ("role", "other"):
            if not m.in_heading or m.is_speaker:
                _role(article, m)
        elif shape in ("group", "document"):
            if not m.in_heading or m.is_speaker:
                _group(article, m)
        elif shape == "nobody":
            _behind_age(article, m, rows)
        elif shape == "org" and m.phrase.possessor in ("his", "her"):
            _owned(article, m)
    asked = interviewees(article)
    for m in rows:
        if m.phrase.name in FIRST | YOU and m.phrase.shape == "pronoun" and m.quote < 0:
            _outside_quotes(article, m, asked)
        elif len(asked) == 1 and _is_addressed(article, m):
            article.link(m, asked, "interviewee")
    for m in first:
        speakers = speaker_of(m)
        if speakers and m.mention_id not in article.links:
            article.link(m, speakers[:1], "first_person")


def interviewees(article: Article) -> list[Entity]:
    """Return whom an interview asks: those named near its head, else the first full name before the questions."""
    if article.interview is None:
        return []
    for words in article.interview.named:
        phrase = article.read(words)
        phrases = [article.read(part) for part in phrase.parts] if phrase.shape == "joint" else [phrase]
        if all(_is_full_name(p) for p in phrases):
            return [_asked(article, p) for p in phrases]
        if phrase.shape == "joint":
            return []
    first_question = article.interview.questions[0][1] if article.interview.questions else 0
    named = [
        e for e in article.entities
        if e.actor_type == "person" and " " in e.name and e.places and not e.places[0].is_credit
        and e.places[0].start < first_question
    ]  # fmt: skip
    return sorted(named, key=lambda e: (e.places[0].start, e.name_norm))[:1]


def _is_full_name(phrase: Phrase) -> bool:
    return phrase.shape in ("name", "known") and phrase.actor_type in ("person", "unknown") and " " in phrase.name


def _asked(article: Article, phrase: Phrase) -> Entity:
    known = next((e for e in article.entities if e.may_be_person and e.name_norm == fold(phrase.name)), None)
    entity = known or article.person_called(phrase)
    entity.actor_type = "person"
    return entity


def _is_addressed(article: Article, m: Mention) -> bool:
    """Tell whether a question calls somebody by a title and an office: Mr. President, do you ...?"""
    title = fold(m.surface.split(" ")[0])
    in_question = article.interview is not None and article.interview.is_question(m.start)
    return in_question and m.phrase.shape == "role" and title in article.reference.honorifics


def _outside_quotes(article: Article, m: Mention, asked: Sequence[Entity]) -> None:
    """Link "I" of an answer and "you" of a question to the one who is asked; "I" of a signed piece to its author.

    Where two are asked, "we" and "you" are both, and "I" is whom the answer lets be told (see `_one_of_two`).
    """
    if article.interview is not None:
        alone = m.phrase.name in _ALONE
        if not asked or article.interview.is_question(m.start) != (m.phrase.name in YOU):
            return
        if alone and len(asked) > 1:
            if one := _one_of_two(asked, m):
                article.link(m, one, "interviewee_other")
            return
        method = "interviewee" if alone or m.phrase.name in YOU else "interviewee_we"
        article.link(m, asked, method, joint=len(asked) > 1)
    elif article.author and m.phrase.name in _ALONE:
        phrase = article.read(article.author)
        if phrase.shape in ("name", "known") and " " in phrase.name:
            article.link(m, [article.person_called(phrase)], "author")


def _one_of_two(asked: Sequence[Entity], m: Mention) -> list[Entity]:
    """Return the one of two who says "I" in a paragraph: who names himself (I'm Jane Roe), or not the one it names."""
    here = [[p for p in e.places if p.paragraph_no == m.paragraph_no and p.phrase.shape != "pronoun"] for e in asked]
    selves = [e for e, places in zip(asked, here, strict=True) if any(p.is_self for p in places)]
    others = [e for e, places in zip(asked, here, strict=True) if not places]
    return selves or (others if len(asked) == 2 and len(others) == 1 else [])


def _pronoun(article: Article, m: Mention, rows: Sequence[Mention]) -> None:
    word = m.phrase.name
    if word in RELATIVE:
        _relative(article, m, rows)
    elif word in HE | SHE:
        _he_or_she(article, m)
    elif word in IT:
        ranked = _ranked(article, m, lambda e: e.actor_type in ("org", "country"))
        if ranked:
            _settle(article, m, ranked, "pronoun_it")
    elif word in THEY:
        ranked = _ranked(article, m, lambda e: e.actor_type == "group")
        if ranked and _distance(ranked[0], m) <= 1:
            _settle(article, m, ranked, "pronoun_it")
        elif word == "they" and m.is_speaker and (pair := _in_company_before(article, m)):
            article.link(m, pair, "pronoun_they", joint=True)


def _in_company_before(article: Article, m: Mention) -> list[Entity]:
    """Return the two people whom the sentence of "they" names together before it: Ruiz and Lind, Ruiz ... with Lind."""
    named = [
        (p, e) for p, e in article.named_before(m.start, m.sentence_no)
        if e.actor_type == "person" and p.phrase.shape in ("name", "known")
    ]  # fmt: skip
    if len(named) < 2 or not named[0][0].in_company or named[0][1] is named[1][1]:
        return []
    return [named[1][1], named[0][1]]


def _behind_age(article: Article, m: Mention, rows: Sequence[Mention]) -> None:
    """Link "58, of Springfield" to the name that it stands behind."""
    before = [r for r in rows if r.end < m.start <= r.end + 3 and r.mention_id in article.links]
    if before and m.surface[:1].isdigit():
        link = article.links[before[-1].mention_id]
        article.link(m, link.entities, "relative", joint=link.joint)


def _behind_place(article: Article, m: Mention, rows: Sequence[Mention]) -> None:
    """Link the town of "Jane Roe, 24, from Oslo, who said" to the person before it."""
    link = article.links.get(m.mention_id)
    if link is not None and link.entities[0].actor_type in ("person", "group", "role"):
        return
    before_it = [
        article.links[r.mention_id] for r in rows
        if r.sentence_no == m.sentence_no and r.end <= m.start and r.mention_id in article.links
    ]  # fmt: skip
    people = [link for link in before_it if link.entities[0].may_be_person and " " in link.entities[0].name]
    if people:
        before = people[-1]
        article.link(m, before.entities, "relative", joint=before.joint)


def _owned(article: Article, m: Mention) -> None:
    """Make "her campaign" the campaign of the woman spoken of; any other "his company" is one of its own."""
    gender = "m" if m.phrase.possessor == "his" else "f"
    noun = m.phrase.name.casefold()
    ranked = _people_of(article, m, gender) if noun in _CALLED_BY_NAME else []
    if ranked and ranked[0].actor_type == "person":
        owner = ranked[0].name.split()[-1] if ranked[0].known or ranked[0].basis == "full_name" else ranked[0].name
        entity = article.new_entity("org", f"{cut_possessive(owner)} {noun}", "full_name")
        method = "org_last"
    else:
        entity = article.new_entity("org", m.phrase.name, "role")
        method = "org_noun"
    entity.take(m, m.phrase)
    article.note(entity, m)
    article.link(m, [entity], method)


def _people_of(article: Article, m: Mention, gender: str | None) -> list[Entity]:
    return _ranked(
        article, m,
        lambda e: (_may_be_he_or_she(e) or _is_person_role(article, e)) and e.gender in (None, gender),
        gender,
    )  # fmt: skip


def _may_be_he_or_she(entity: Entity) -> bool:
    """A person, or an untyped name that does not look like a firm's, a place's or a slogan's."""
    if entity.actor_type != "unknown":
        return entity.actor_type == "person"
    words = entity.name.split()
    if is_acronym(entity.name) or len(words) > 3 or any(c.isdigit() for c in entity.name):
        return False
    return all(part[:1].isupper() or fold(part) in PARTICLES for part in _PARTS.split(entity.name) if part)


def _he_or_she(article: Article, m: Mention) -> None:
    gender = m.phrase.gender
    ranked = _people_of(article, m, gender)
    if not ranked:
        return
    told = [e for e in ranked if e.gender == gender and e.actor_type == "person"]
    if len(ranked) == 1:
        method = "pronoun"
        ranked[0].gender = gender
    elif told == ranked[:1]:
        method = "pronoun_gender"
    else:
        method = "pronoun_tied" if _tied(ranked, m) else "pronoun_ranked"
    if method not in ("pronoun_ranked", "pronoun_tied") and ranked[0].actor_type == "unknown":
        ranked[0].actor_type = "person"
    _settle(article, m, ranked, method)


def _is_person_role(article: Article, entity: Entity) -> bool:
    """Tell whether "the ambassador" stands for somebody; "the location" stands for nobody."""
    return entity.actor_type == "role" and any(lemma in article.reference.role_lemmas for lemma in entity.lemmas)


def _relative(article: Article, m: Mention, rows: Sequence[Mention]) -> None:
    """Link "who" to the mention that ends just before it, else to the noun there: voters who."""
    nouns = [r for r in rows if r.end <= m.start and m.start - r.end <= 3 and r.mention_id in article.links]
    if nouns:
        link = article.links[nouns[-1].mention_id]
        article.link(m, link.entities, "relative", joint=link.joint)
    elif m.antecedent is not None:
        m.phrase = m.antecedent
        (_group if m.phrase.shape in ("group", "document") else _role)(article, m)


def _role(article: Article, m: Mention) -> None:
    """Link "the minister" to those in the article who have this role, else to the role itself."""
    phrase = m.phrase
    fits: list[Entity] = []
    if not phrase.indefinite and _is_told_apart(m) and len(holders := _holders(article, m)) == 1:
        _settle(article, m, holders, "role_known")
        return
    if not phrase.indefinite and phrase.lemmas:
        known = _known_holders(article, m)
        fits = [
            e for e in article.entities
            if e.actor_type == "person" and (phrase.lemmas & e.lemmas or e in known) and _compatible(e, phrase)
            and not _held_elsewhere(article, e, m)
            and (_seen_before(e, m) or m.sentence_no <= _FIRST_SENTENCES) and not _is_owned(m)
        ]  # fmt: skip
    if fits:
        ranked = _ranked(article, m, lambda e: e in fits) or fits
        ranked[0].gender = ranked[0].gender or phrase.gender
        _settle(article, m, ranked, "role" if len(ranked) == 1 else "role_last")
        return
    if not phrase.indefinite and (holders := _holders(article, m)):
        _settle(article, m, holders, "role_known")
        return
    if not phrase.indefinite and not _is_owned(m) and (ahead := _named_ahead(article, m)):
        _settle(article, m, ahead, "role_ahead")
        return
    if _is_epithet(m):
        ranked = _ranked(article, m, lambda e: _may_be_called(article, e, m))
        if ranked and _distance(ranked[0], m) <= _EPITHET_REACH and _leads(ranked, m):
            _settle(article, m, ranked, "role_ranked")
            return
    entity = article.new_entity("role", phrase.name, "role")
    entity.take(m, phrase)
    article.note(entity, m)
    article.link(m, [entity], "role_unnamed")


def _may_be_called(article: Article, entity: Entity, m: Mention) -> bool:
    return (
        entity.actor_type == "person" and _compatible(entity, m.phrase) and not _held_elsewhere(article, entity, m)
    )  # fmt: skip


def _held_elsewhere(article: Article, entity: Entity, m: Mention) -> bool:
    """Tell whether a placed office is none that the reference data gives a person: the Ohio senator is not Texas's."""
    words = frozenset(fold(m.phrase.role_surface or m.phrase.name).split()) - _DROPPED
    known = article.reference.known_roles.get(entity.known.name_norm, ()) if entity.known is not None else ()
    return (
        len(words) > 1 and bool(words & _PLACED) and bool(known) and not any(words <= role.words for role in known)
    )  # fmt: skip


def _is_told_apart(m: Mention) -> bool:
    """Tell whether a role says which of its holders is meant: the former president, the Texas senator."""
    words = frozenset(fold(m.surface).split())
    return bool(words & _FORMER) or len(frozenset(fold(m.phrase.name).split()) - _DROPPED) > 1


def _holders(article: Article, m: Mention) -> list[Entity]:
    """Return the one person of the article who by the reference data holds, or held, the office that is named."""
    fits = _known_holders(article, m)
    return fits if len(fits) == 1 else _ranked(article, m, lambda e: e in fits)


def _known_holders(article: Article, m: Mention) -> list[Entity]:
    """Return those of the article who by the reference data hold, or held, the office that is named.

    All words of the phrase must be words of the office, so that "the Texas senator" is not the one of Florida.
    """
    words = frozenset(fold(m.phrase.role_surface or m.phrase.name).split()) - _DROPPED
    former = bool(_FORMER & frozenset(fold(m.surface).split()))
    day = article.published_on
    if day is None or not words or not words & article.reference.office_words:
        return []
    return [
        e for e in article.entities
        if e.known is not None and e.actor_type == "person" and e.places and (
            _seen_before(e, m) or m.sentence_no <= _FIRST_SENTENCES
        ) and any(
            words <= role.words and not (role.words - words) & _LESSER and role.is_held_on(day, former=former)
            for role in article.reference.known_roles.get(e.known.name_norm, ())
        )
    ]  # fmt: skip


def _named_ahead(article: Article, m: Mention) -> list[Entity]:
    """Return the one person who is given the role, by name, in the sentences after it."""
    if not m.phrase.lemmas & article.reference.role_lemmas:
        return []
    fits = [
        e for e in article.entities
        if e.actor_type == "person" and m.phrase.lemmas & e.lemmas and _compatible(e, m.phrase) and e.places
        and m.start < e.places[0].start and e.places[0].sentence_no - m.sentence_no <= _AHEAD
    ]  # fmt: skip
    return fits if len(fits) == 1 else []


def _is_owned(m: Mention) -> bool:
    """Tell whether it is "her friend" or "Ruiz's lawyer": somebody who need not be the friend named before."""
    first = fold(m.surface.split()[0]) if m.surface.split() else ""
    return first in ("his", "her", "their", "my") and not (m.phrase.lemmas & _ONE_OF_A_KIND)


def _is_epithet(m: Mention) -> bool:
    return m.is_speaker and m.surface[:4].casefold() == "the " and bool(m.phrase.lemmas & _EPITHETS)


def _tied(ranked: Sequence[Entity], m: Mention) -> bool:
    """Tell whether the second may as well be meant: he is nearly as salient, and none of the two has spoken."""
    spoke = any(p.is_speaker and p.start < m.start for e in ranked[:2] for p in e.places)
    scores = [max(_salience(p, m, e)[0] for p in e.places if p.start < m.start) for e in ranked[:2]]
    return not spoke and len(scores) > 1 and scores[0] - scores[1] < _TIE


def _leads(ranked: Sequence[Entity], m: Mention) -> bool:
    """Tell whether the first of them is clearly the one spoken of."""
    scores = [max(_salience(p, m, e)[0] for p in e.places if p.start < m.start) for e in ranked[:2]]
    return len(scores) == 1 or scores[0] - scores[1] >= _EPITHET_LEAD


def _group(article: Article, m: Mention) -> None:
    """Link "both leaders" to the two persons just named; any other group or document is an entity of its own."""
    if m.phrase.shape == "group" and _TWO.match(m.surface.strip("“\"' ")):
        pair = _two_before(article, m)
        if pair:
            article.link(m, pair, "group_members", joint=True)
            return
    entity = article.new_entity(m.phrase.actor_type, m.phrase.name, "group" if m.phrase.shape == "group" else "role")
    entity.take(m, m.phrase)
    article.note(entity, m)
    article.link(m, [entity], m.phrase.shape)


def _two_before(article: Article, m: Mention) -> list[Entity]:
    """Return the two persons (else countries) named before it in its sentence, or in the sentence before."""
    noun = fold(m.phrase.name)
    if noun in _NO_PEOPLE:
        return []
    wanted = ("country",) if noun in ("nations", "countries", "states", "governments") else ("person",)
    for sentence_no in (m.sentence_no, m.sentence_no - 1):
        named = [
            e for e in article.entities
            if e.actor_type in wanted and any(p.sentence_no == sentence_no and p.start < m.start for p in e.places)
        ]  # fmt: skip
        if len(named) == 2:
            return sorted(named, key=lambda e: min(p.start for p in e.places if p.sentence_no == sentence_no))
        if named:
            return []
    return []


def _settle(article: Article, m: Mention, ranked: list[Entity], method: str) -> None:
    article.link(m, ranked[:_MAX_CANDIDATES], method)
    if m.phrase.gender and m.phrase.shape == "pronoun":
        ranked[0].pronouns[m.phrase.gender] += 1
    ranked[0].places.append(m)
    article.note(ranked[0], m)


def _ranked(article: Article, m: Mention, fits: Callable[[Entity], bool], gender: str | None = None) -> list[Entity]:
    """Return the fitting entities named before the mention, most salient first, ties by nearness."""
    best: dict[int, tuple[tuple[float, int], Entity]] = {}
    for place, entity in article.named_before(m.start, m.sentence_no - _OLDEST):
        if place.mention_id != m.mention_id and fits(entity):
            score = _salience(place, m, entity, gender)
            if id(entity) not in best or score > best[id(entity)][0]:
                best[id(entity)] = (score, entity)
    return [entity for _, entity in sorted(best.values(), key=lambda x: x[0], reverse=True)]


def _salience(place: Mention, m: Mention, entity: Entity, gender: str | None = None) -> tuple[float, int]:
    distance = m.sentence_no - place.sentence_no
    score = _NEAR[distance] if 0 <= distance < len(_NEAR) else _FAR
    score += _SPEAKER * place.is_speaker + _SUBJECT * place.is_subject
    score += _PARAGRAPH * (place.paragraph_no == m.paragraph_no)
    score += _QUOTED * (place.quote >= 0 and place.quote != m.quote) + _UNTYPED * (
        entity.actor_type in ("unknown", "role")
    )
    score += _INITIAL * (place.is_initial and not place.is_speaker and _may_be_no_name(entity))
    gender = gender or m.phrase.gender
    score += _TOLD * (gender is not None and entity.gender == gender)
    if gender and entity.pronouns:
        score += _OTHER_GENDER if entity.pronouns.most_common(1)[0][0] != gender else _SAME_GENDER
    return score, place.start


def _may_be_no_name(entity: Entity) -> bool:
    """Tell whether one word, met once, is all that is known of it."""
    return entity.actor_type == "unknown" and len(entity.places) == 1 and " " not in entity.name


def _distance(entity: Entity, m: Mention) -> int:
    return min((m.sentence_no - p.sentence_no for p in entity.places if p.start < m.start), default=99)


def _seen_before(entity: Entity, m: Mention) -> bool:
    return any(p.start < m.start for p in entity.places)


def _compatible(entity: Entity, phrase: Phrase) -> bool:
    if phrase.gender and entity.gender and phrase.gender != entity.gender:
        return False
    return not (phrase.country_code and entity.country_code and phrase.country_code != entity.country_code)
