"""What one surface tells: a name, a role, a kind of organisation, a group, a document, a pronoun.

Belongs here: reading a noun phrase on its own, with the reference data. Does not belong here: anything that needs a
second mention (see `article` and `anaphora`).

The role phrase is cut before the name is looked at: "Danish Transport Ministry spokesperson Jane Roe" is Jane Roe, and
"Lind aide Maria Soto" is Maria Soto, not Lind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.core.reference import KnownActor, Reference
from pipelines.core.text.names import (
    SUFFIXES,
    cut_possessive,
    fold,
    is_acronym,
    is_capitalised,
    is_name_like,
    is_one_word,
    suffix_of,
    tokens,
    word_set,
)

Shape = Literal[
    "pronoun",
    "known",
    "metonym",
    "place",
    "demonym",
    "name",
    "role",
    "org",
    "document",
    "group",
    "joint",
    "other",
    "nobody",
]

HE, SHE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves", "both", "these", "those", "others"})
FIRST = frozenset({"i", "me", "my", "mine", "myself", "we", "our", "ours", "us", "ourselves"})
YOU = frozenset({"you", "your", "yours", "yourself"})
RELATIVE = frozenset({"who", "which", "whom", "that", "whose"})
PRONOUNS = (
    HE
    | SHE
    | IT
    | THEY
    | FIRST
    | RELATIVE
    | frozenset({"you", "your", "one", "someone", "anyone", "everyone", "nobody"})
    | word_set("somebody anybody everybody none yourself anything something everything nothing")
)
_LABELS = word_set(
    "q a note notes q&a update updated correction editor editors related advertisement photo photos caption latest "
    "wrap byline monday tuesday wednesday thursday friday saturday sunday january february september october november "
    "december today yesterday tomorrow tonight the an this that these those there here"
)
"""Words that open a line or a box and name nobody."""

_INDEFINITE = frozenset({"a", "an", "one", "another", "any", "some", "no", "every", "each"})
_DETERMINERS = _INDEFINITE | word_set(
    "the this that these those his her its their my our your both either neither all many several few most other "
    "two three four five six seven eight nine ten dozens hundreds thousands"
)
_PLURAL = word_set(
    "both either neither all many several few most these those some two three four five six seven eight nine ten "
    "dozens hundreds"
)
_PORTFOLIOS = word_set(
    "education health justice finance defence defense interior state transport transportation energy labor labour "
    "trade agriculture commerce culture environment economy affairs security treasury war police staff"
)
"""What a minister or secretary is minister of."""
_BREAK = word_set(
    "of for in at from with on who which that to by near under against about speaking whose whom into over after "
    "before "
    "during as is was were has had and or but outside inside across via based"
)
_LEADING_PREPOSITION = re.compile(r"^(?:by|to|of|from|for|in|with|at|on)\s+(?=\S)")
_FRONTED = re.compile(r"^(?:Of|About|To|For|On|In|At|With|From) [^,]+,\s+(?=[A-Z])")
"""What somebody speaks of, or when, before who speaks: Of Ruiz, Lind said."""
_FRONTED_ALONE = re.compile(r"^(?:Of|By) (?=[A-Z])")
_SIDE = re.compile(r"(?:pro|anti|non|ex|pre|post)-\S+", re.IGNORECASE)
"""One word that says on whose side somebody stands, and not who: pro-Ruiz."""
_HALF_NAMES = word_set("new los las san santa st greater northern southern eastern western")
"""Words with a capital that begin names (New York) or a sentence, and name nobody alone."""
_TRAILING_ADVERB = re.compile(
    r"(?<=\w)\s+(?:also|even|still|now|then|however|later|again|just|too|once|already|himself|herself|itself|"
    r"[a-z]{3,}ly|in turn|at least)$"
)
_AGE = re.compile(r"\d[\d,.]*")
_SHARE = re.compile(
    r"(?:(?:just|only|about|nearly|almost|roughly|another|over|some|fully|a full) )?(?:(?:none|some|many|most|half|"
    r"several|all|each|one|two|three|two-thirds|a (?:third|quarter|majority|plurality|number)) of\b"
    r"|[\w.-]+ ?(?:percent|%)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|\d+) (?:in|out of) (?:every )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b)",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(r"^(i|we|you|he|she|it|they|who)'(?:ve|re|ll|d|m|s)$", re.IGNORECASE)
_NOBODY = frozenset({"nobody", "none", "anyone", "anybody", "someone", "somebody", "neither", "either"})
_NUMBER = re.compile(r"\d[\d,.]*")
_PLURAL_NOUN = re.compile(r"[a-z-]{3,}(?<![su])s(?<!nments)(?<!ings)(?<!ances)(?<!ences)(?<!igations)(?<!news)")
_PARTICIPLES = word_set("familiar known close shown seen held given written taken made involved")
_LEADS = word_set("former ex late then acting incoming outgoing fellow longtime embattled self-described")
"""Words before a role or a name that say when or how somebody is what they are."""
_COMPOUND = re.compile(
    r"(?:born|based|winner|winning|led|backed|owned|style|era|area|turned|nominated|educated|bred|endorsing|backing|"
    r"supporting|friendly)$"
)
_OWNED = word_set("campaign camp administration team")
"""Nouns of an organisation that is called by the name of the person at its head: the Ruiz campaign."""
_TIED_TO_NAME = word_set("city town village county state municipality university ministry")
"""Nouns in lower case that with "of" and a name are a name: the city of Oslo."""
_KINDS_NAMED = word_set("movement party newspaper magazine website network channel organization organisation")
"""Nouns in lower case behind the name of what they tell the kind of: the Clean Rivers movement."""
_ADDRESSED = word_set("president chairman speaker secretary ambassador minister governor mayor senator chancellor") | {
    "vice president",
    "prime minister",
    "attorney general",
}
"""Offices that a title may stand before, and that are no surname: Mr. President."""
_OWNED_PREFIX = word_set("presidential election general primary re reelection reform transition senate")
_HEAD_BREAK = _BREAK - {"and", "or"}
_NAME_TIES = frozenset({"of", "and", "the", "at", "in", "with", "for"})
_PARENS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_TIME_AND_PLACE = re.compile(r"(?<=[\w.])\s+(?:on|in|at|during|after|from|with|who|whose|late|early)\s+(?=\S)")
_EDGES = " \t\n“”\"‘’'`,;:—–-()[]"
_AND = re.compile(r",\s+(?:and\s+)?|\s+(?:and|&)\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One surface, read.

    Attributes:
        shape: what kind of expression it is.
        name: the name without role words, honorifics and possessive; for a role or group the words without determiner.
        role_surface: the role words, as printed.
        lemmas: the roles that it names, in comparable form; for an organisation, a group or a document its head noun.
        actor_type: person, org, country, group, document or unknown, as far as this surface alone tells.
        gender: m or f, where a title or role word tells.
        country_code: where a nationality stands in the role or the name.
        known: the curated actor, country, or what a metonym stands for.
        indefinite: "a reporter": somebody new.
        parts: the conjuncts of a joint name.
        possessor: "his campaign": the pronoun before the noun.
    """

    shape: Shape
    name: str
    role_surface: str | None = None
    lemmas: frozenset[str] = frozenset()
    actor_type: str = "unknown"
    gender: str | None = None
    country_code: str | None = None
    known: KnownActor | None = None
    indefinite: bool = False
    parts: tuple[str, ...] = ()
    possessor: str | None = None


def read_phrase(surface: str, reference: Reference) -> Phrase:
    """Return what a surface tells on its own. Any text is accepted; what is not understood has shape "other"."""
    bare = " ".join(_PARENS.sub("", surface).replace("\u2019", "'").split()).strip(_EDGES)
    bare = _CONTRACTED.sub(r"\1", bare)
    text = _TRAILING_ADVERB.sub("", _LEADING_PREPOSITION.sub("", cut_possessive(bare)))
    if reference.find(text.split(",")[0]) is None:
        text = _FRONTED_ALONE.sub("", _FRONTED.sub("", text))
    if not text:
        return Phrase("nobody", surface)
    if _SIDE.fullmatch(text) or fold(text.removeprefix("the ")) in _HALF_NAMES:
        return Phrase("nobody", text)
    if fold(text) in _LABELS or _AGE.fullmatch(text.split(",")[0]) or (len(text.strip(".")) == 1 and text not in "Ii"):
        return Phrase("nobody", text)
    if fold(text) in reference.places or fold(text.split(",")[0]) in reference.places:
        return Phrase("nobody", text)
    if _is_title_alone(text, reference):
        return Phrase("nobody", text)
    if _SHARE.match(text):
        return Phrase("group", text, lemmas=frozenset({fold(text.split()[-1])}), actor_type="group")
    if text.casefold() in PRONOUNS and not (len(text) > 1 and text.isupper()):
        word = text.casefold()
        return Phrase("pronoun", word, gender="m" if word in HE else "f" if word in SHE else None)
    if text.split()[0].casefold() in _NOBODY:
        return Phrase("nobody", text)
    return (
        _known(text, reference)
        or _joint(text, reference)
        or _named_by_kind(_without_the(text), reference)
        or _person(text, reference)
        or _noun_phrase(text, reference)
        or Phrase("other", text)
    )


def _is_title_alone(text: str, reference: Reference) -> bool:
    """Tell whether a text is a title without its name: Mr. is nobody, the Pope and the rabbi are somebody."""
    honorific = reference.honorifics.get(text.rstrip(".").casefold())
    return honorific is not None and not honorific.keeps and fold(text) not in reference.roles


def country_of(words: str, reference: Reference) -> str | None:
    """Return the country whose name, abbreviation or demonym comes first in these words, or None."""
    parts = tokens(words)
    for i in range(len(parts)):
        for n in (3, 2, 1):
            piece = " ".join(parts[i : i + n])
            if code := reference.demonyms.get(fold(piece)):
                return code if is_capitalised(piece) else None
            known = reference.find(piece)
            if known is not None and known.actor_type == "country":
                return known.country_code
    return None


def role_lemmas(words: str, reference: Reference) -> frozenset[str]:
    """Return the comparable forms of all role words in these words."""
    parts = [fold(w) for w in tokens(words)]
    out: set[str] = set()
    i = 0
    while i < len(parts):
        for n in (3, 2, 1):
            role = reference.roles.get(" ".join(parts[i : i + n])) if i + n <= len(parts) else None
            if role is not None:
                out.add(role.lemma)
                i += n - 1
                break
        i += 1
    return frozenset(out)


def names_role(words: str, reference: Reference) -> bool:
    """Tell whether a phrase has a role word as its head: "the president of the guild", not "a majority of senators"."""
    phrase = _noun_phrase(words, reference)
    return phrase is not None and phrase.shape == "role" and bool(phrase.lemmas & reference.role_lemmas)


def gender_of(words: str, reference: Reference) -> str | None:
    """Return m or f if a title or role word among these tells it (Mr, Ms, spokeswoman), else None."""
    for word in tokens(words):
        key = fold(word)
        role, honorific = reference.roles.get(key), reference.honorifics.get(key)
        gender = (role and role.gender) or (honorific and is_capitalised(word) and honorific.gender)
        if gender:
            return gender
    return None


def _known(text: str, reference: Reference) -> Phrase | None:
    metonym = reference.metonyms.get(fold(text)) if is_capitalised(text.removeprefix("the ")) else None
    if metonym is not None:
        shape: Shape = "place" if metonym.when_speaking else "metonym"
        actor = metonym.actor
        return Phrase(shape, actor.name, actor_type=actor.actor_type, country_code=actor.country_code, known=actor)
    actor_or_none = reference.find(text)
    if actor_or_none is not None and any(c.isupper() for c in text):
        actor = actor_or_none
        name = text if actor.actor_type == "person" else actor.name
        return Phrase("known", name, actor_type=actor.actor_type, country_code=actor.country_code, known=actor)
    bare = re.sub(r"^the\s+", "", text, flags=re.IGNORECASE)
    for form in (bare, bare.removesuffix("s")):
        if form[:1].isupper() and (code := reference.demonyms.get(fold(form))):
            country = reference.countries.get(code)
            return Phrase(
                "demonym", country.name if country else form, actor_type="country", country_code=code, known=country
            )
    return None


def _joint(text: str, reference: Reference) -> Phrase | None:
    """Read "France and Germany"; not "Johnson and Johnson" or "Ministry of Health and Welfare"."""
    if " and " not in text and " & " not in text:
        return None
    parts = _with_shared_surname(tuple(p for p in (part.strip() for part in _AND.split(text)) if p), reference)
    if not 2 <= len(parts) <= 5 or fold(parts[0]) == fold(parts[1]):
        return None
    phrases = [_known(p, reference) or _person(p, reference) or _called(p, reference) for p in parts]
    if any(p is None or p.shape == "demonym" for p in phrases) or all(p and p.shape == "group" for p in phrases):
        return None
    firm = sum(
        p is not None and (p.known is not None or p.actor_type != "unknown" or len(tokens(p.name)) > 1) for p in phrases
    )
    if firm == len(parts) or (firm and all(len(tokens(p)) <= 3 and is_name_like(tokens(p)) for p in parts)):
        return Phrase("joint", text, actor_type="group", parts=parts)
    return None


def _called(part: str, reference: Reference) -> Phrase | None:
    """Read one of two who speak together that is no person: Republicans, the Clean Rivers movement."""
    words = _without_the(part)
    if named := _named_by_kind(words, reference):
        return named
    is_group = len(words) == 1 and words[0][:1].isupper() and _is_plural_role(fold(words[0]), reference)
    return _noun_phrase(part, reference) if is_group else None


def _without_the(text: str) -> list[str]:
    return tokens(text.removeprefix("the ").removeprefix("The "))


def _named_by_kind(words: list[str], reference: Reference) -> Phrase | None:
    """Read "Clean Rivers Now movement" and "CRN party": a name, then the noun that tells what has it.

    One word that is no acronym needs the noun (Labour party), and so does a nationality (the Danish news agency).
    """
    *name, noun = words or [""]
    if noun not in _KINDS_NAMED or not name or not all(is_capitalised(w) or w == "of" for w in name):
        return None
    if (len(name) == 1 and not name[0].isupper()) or any(fold(w) in reference.demonyms for w in name):
        return None
    if _has_first_name(name, reference) or not name[0][:1].isupper() or _owned_from(name):
        return None
    text = " ".join(name)
    known = reference.find(text)
    if known is None:
        return Phrase("name", text, actor_type="org", lemmas=frozenset({noun}))
    if known.actor_type != "org":
        return None
    return Phrase("known", known.name, actor_type="org", country_code=known.country_code, known=known)


def _with_shared_surname(parts: tuple[str, ...], reference: Reference) -> tuple[str, ...]:
    """Return Jane Roe and John Roe for "Jane and John Roe"; other parts as they are."""
    last = parts[-1].split() if parts else []
    if len(parts) != 2 or len(last) < 2 or " " in parts[0] or fold(parts[0]) not in reference.given_names:
        return parts
    return (f"{parts[0]} {' '.join(last[1:])}", parts[1])


def _person(text: str, reference: Reference) -> Phrase | None:
    """Read a name, with or without role words before it or after a comma; organisations' names are left to others."""
    segments = [s.strip() for s in text.split(",") if s.strip()]
    while len(segments) > 1 and fold(segments[1]) in SUFFIXES:
        segments[0:2] = [f"{segments[0]} {segments[1]}"]
    if not segments:
        return None
    first = segments[0]
    cut = _TIME_AND_PLACE.search(first)
    found = (
        _role_then_name(first, reference)
        or (cut and _role_then_name(first[: cut.start()], reference))
        or _bare_name(first, reference)
    )
    if found is None and len(segments) > 1 and role_lemmas(segments[0], reference):
        name = _role_then_name(segments[1], reference) or _bare_name(segments[1], reference)
        found = name and _with_role(name, segments[0], reference)
    elif found is None and len(segments) > 1 and tokens(segments[0])[-1:] and tokens(segments[0])[-1][:1].islower():
        found = _noun_comma_name(segments[0], segments[1], reference)
    elif found is not None and found.role_surface is None and len(segments) > 1:
        after = ", ".join(segments[1:])
        known = found.known or reference.find(found.name)
        if names_role(after, reference) and (known is None or known.actor_type == "person"):
            found = _with_role(found, after, reference)
    return found


def _noun_comma_name(noun: str, segment: str, reference: Reference) -> Phrase | None:
    """Read "the lock keeper, Jane Roe" and "the group, Clean Rivers": a lower-case noun tells of the name after it."""
    found = _role_then_name(segment, reference) or _bare_name(segment, reference)
    if found is None or found.known is not None or is_one_word(found.name):
        return None
    if reference.kind_words.get(fold(tokens(noun)[-1])) == "org":
        return Phrase("name", found.name, actor_type="org", lemmas=frozenset({fold(tokens(noun)[-1])}))
    return _with_role(found, noun, reference)


def _role_then_name(segment: str, reference: Reference) -> Phrase | None:
    """Cut at the last role word or title that only a name follows; "of Oslo" behind the name is no part of it."""
    words = tokens(segment)
    tie = next((i for i, w in enumerate(words) if i and w in _NAME_TIES), len(words))
    if tie < len(words) and is_capitalised(words[tie - 1]) and not _role_ending_at(words, tie, reference):
        found = _role_before_name(segment[: _end_of(segment, words[:tie])], words[:tie], reference)
        if found is not None:
            return found
    return (
        _role_of_place_then_name(segment, words, reference)
        or _role_before_name(segment, words, reference)
        or _noun_then_name(segment, words, reference)
    )


def _role_of_place_then_name(segment: str, words: list[str], reference: Reference) -> Phrase | None:
    """Read "Governor of Arkansas Jane Roe" and "Minister of Education Jane Roe": what is governed, then the name."""
    at = next((i for i, w in enumerate(words) if w == "of"), 0)
    if not at or not _role_ending_at(words, at, reference):
        return None
    for end in range(at + 2, len(words)):
        tail, field = words[end:], words[at + 1 : end]
        known = fold(field[-1]) in _PORTFOLIOS | reference.places or country_of(" ".join(field), reference)
        if len(tail) not in (2, 3) or not is_name_like(tail) or not tail[0][:1].isupper():
            continue
        if known or (fold(tail[0]) in reference.given_names and is_capitalised(field[-1])):
            return _with_role(Phrase("name", _trim(" ".join(tail))), _cut_before(segment, tail), reference)
    return None


def _role_before_name(segment: str, words: list[str], reference: Reference) -> Phrase | None:
    for end in range(len(words) - 1, 0, -1):
        tail = words[end:]
        if not is_name_like(tail) or fold(tail[0]) in _BREAK:
            continue
        if (len(tail) > 1 and fold(tail[0]) in reference.honorifics) or fold(" ".join(tail)) in _ADDRESSED:
            continue
        head_is_title = fold(words[end - 1]) in reference.honorifics and is_capitalised(words[end - 1])
        if not (head_is_title or _role_ending_at(words, end, reference)):
            continue
        told = head_is_title or (len(tail) == 2 and fold(tail[0]) in reference.given_names)
        if _is_org_tail(tail, reference) and not told:
            continue
        if fold(tail[0]) in reference.roles and len(tail) > 1:
            continue
        role = _cut_before(segment, tail)
        name = " ".join(tail)
        honorific = reference.honorifics.get(fold(words[end - 1]))
        if head_is_title and honorific is not None and honorific.keeps and len(tail) == 1:
            name = f"{words[end - 1]} {name}"
        return _with_role(Phrase("name", _trim(name)), role, reference)
    return None


def _end_of(segment: str, words: list[str]) -> int:
    at = 0
    for word in words:
        at = segment.index(word, at) + len(word)
    return at


def _noun_then_name(segment: str, words: list[str], reference: Reference) -> Phrase | None:
    """Read "longtime rival Jane Roe" and "the website WikiLeaks": a lower-case noun straight before a name."""
    for end in range(1, len(words)):
        before, tail = words[end - 1], words[end:]
        if (
            not before[:1].islower()
            or fold(before) in _BREAK | _DETERMINERS
            or not is_name_like(tail)
            or not tail[0][:1].isupper()
        ):
            continue
        kind = reference.kind_words.get(fold(before))
        if kind in ("org", "document") or _is_org_tail(tail, reference):
            return Phrase("name", _trim(" ".join(tail)), actor_type="org", lemmas=frozenset({fold(before)}))
        if len(tail) >= 2 and not any(fold(w) in _BREAK for w in words[:end]):
            return _with_role(Phrase("name", _trim(" ".join(tail))), _cut_before(segment, tail), reference)
    return None


def _bare_name(segment: str, reference: Reference) -> Phrase | None:
    """Read a segment that is a name and nothing else (up to a preposition)."""
    words = tokens(segment)
    stop = next((i for i, w in enumerate(words) if fold(w) in _BREAK and w[:1].islower()), len(words))
    head = words[:stop]
    if (
        not head
        or not is_name_like(head)
        or head[0][0].isdigit()
        or fold(head[0]) in _DETERMINERS
        or _is_org_tail(head, reference)
    ):
        return None
    if stop < len(words) and _are_followers(words, stop, reference):
        return None
    is_role = _role_ending_at(head, len(head), reference) and not _has_first_name(head, reference)
    if is_role or reference.kind_words.get(fold(head[0])) == "org":
        return None
    head = _without_lead(head)
    if owned := _owned_from(head):
        head = head[owned:]
        if fold(head[0]) not in reference.given_names:
            return None
    known = reference.find(" ".join(head)) if stop < len(words) else None
    if known is not None:
        return Phrase("known", known.name, actor_type=known.actor_type, country_code=known.country_code, known=known)
    return Phrase("name", _trim(" ".join(head)))


def _are_followers(words: list[str], at: int, reference: Reference) -> bool:
    """Tell whether "and" at that place joins two names before one noun: Roe and Lind supporters."""
    if words[at] not in ("and", "or") or len(words) != at + 3 or not words[at + 1][:1].isupper():
        return False
    other, noun = words[at + 1], fold(words[at + 2])
    known = reference.find(other)
    is_person = (known is None or known.actor_type == "person") and not (
        is_acronym(other) or fold(other) in reference.demonyms.keys() | reference.kind_words.keys() | _HALF_NAMES
    )
    return is_person and words[at + 2].islower() and (
        reference.kind_words.get(noun) == "group" or _is_plural_role(noun, reference)
    )  # fmt: skip


def _owned_from(words: list[str]) -> int:
    """Return where the words after the last possessive begin; 0 if there is none."""
    return next((i for i in range(len(words) - 1, 0, -1) if words[i - 1].endswith(("'s", "s'"))), 0)


def _without_lead(head: list[str]) -> list[str]:
    """Leave out "Former" and "South Korean-born" before a name."""
    born = next((i for i in range(len(head) - 2, -1, -1) if "-" in head[i] and _COMPOUND.search(head[i])), -1)
    head = head[born + 1 :]
    return head[1:] if len(head) > 1 and fold(head[0]) in _LEADS else head


def _with_role(phrase: Phrase, role: str, reference: Reference) -> Phrase:
    role = re.sub(r"^(?:the|a|an)\s+", "", role.strip(_EDGES), flags=re.IGNORECASE)
    known = phrase.known or reference.find(phrase.name)
    if known is not None and known.actor_type != "person":
        known = None
    titles = {fold(w) for w in tokens(role)} <= reference.honorifics.keys()
    return Phrase(
        "name", phrase.name, role_surface=None if titles else role or None,
        lemmas=role_lemmas(role, reference) or _head_noun(role),
        actor_type="person", gender=gender_of(role, reference), country_code=country_of(role, reference), known=known,
    )  # fmt: skip


def _without_owner_marks(words: list[str], reference: Reference) -> str:
    """Return "Ruiz supporters" for Ms. Ruiz's supporters."""
    kept = [w for w in words if not (fold(w) in reference.honorifics and w[:1].isupper())] or words
    return " ".join(cut_possessive(w) if i < len(kept) - 1 else w for i, w in enumerate(kept))


def _head_noun(role: str) -> frozenset[str]:
    """Return the noun that a role unknown to us is compared by: "master" of "harbour master of Oslo"."""
    words = tokens(role)
    stop = next((i for i, w in enumerate(words) if fold(w) in _HEAD_BREAK), len(words))
    return frozenset({fold(words[stop - 1])}) if stop and words[stop - 1].islower() else frozenset()


def _noun_phrase(text: str, reference: Reference) -> Phrase | None:
    """Read a role, an organisation by name or by noun, a group or a document."""
    segment = text.split(",", 1)[0].strip()
    words = tokens(segment)
    start = 0
    while start < len(words) - 1 and (fold(words[start]) in _DETERMINERS | {""} or _NUMBER.fullmatch(words[start])):
        start += 1
    determiners = {"several" if _NUMBER.fullmatch(w) else w.casefold() for w in words[:start]}
    if start and (words[start].casefold() == "of" or (determiners & _PLURAL and _tells_which(words, start))):
        return Phrase("group", " ".join(words), lemmas=frozenset({fold(words[-1])}), actor_type="group")
    stop = next(
        (
            i
            for i, w in enumerate(words)
            if i > start and w[:1].islower() and (fold(w) in _HEAD_BREAK or _describes(words[i - 1], w, reference))
        ),
        len(words),
    )
    head = words[start:stop]
    if not head:
        return None
    name = " ".join(head)
    last = fold(head[-1])
    country = country_of(name, reference)
    indefinite = bool(determiners & _INDEFINITE)
    kind = reference.kind_words.get(last)
    if kind is None and _is_documents(last, reference):
        kind = "document"
    capital = is_capitalised(head[-1])
    if last in reference.capital_kind_words and not capital:
        kind = None
    if _role_ending_at(head, len(head), reference) and not (kind == "org" and capital):
        role = " ".join(words[start:])
        tied = words[stop : stop + 2] if fold(" ".join(words[stop - 1 : stop + 2])) in reference.roles else []
        lemmas = role_lemmas(" ".join([*head[-3:], *tied]), reference)
        return Phrase(
            "role", name, role, lemmas, "role", gender_of(head[-1], reference), country, indefinite=indefinite
        )
    if kind == "group" or determiners & _PLURAL or _is_plural_role(last, reference):
        name = _without_owner_marks(words[start:], reference)
        name = name.lower() if name.isupper() else name
        return Phrase("group", name, lemmas=frozenset({last}), actor_type="group", country_code=country)
    if kind == "document":
        return Phrase("document", name, lemmas=frozenset({last}), actor_type="document", indefinite=indefinite)
    if kind == "org" or (capital and reference.kind_words.get(fold(head[0])) == "org"):
        first = next((i for i, w in enumerate(head) if w[:1].isupper()), 0)
        start, name = start + first, " ".join(head[first:])
        possessor = next((w for w in ("his", "her", "their", "its") if w in determiners), None)
        if last in _OWNED and (owner := _owner(head[:-1], reference)):
            name, indefinite = f"{owner} {'campaign' if last == 'camp' else last}", False
        long = " ".join(words[start:]) if stop < len(words) and _goes_on(words, stop) else name
        return Phrase(
            "org",
            long,
            lemmas=frozenset({last}),
            actor_type="org",
            country_code=country,
            indefinite=indefinite,
            possessor=possessor,
        )
    if is_name_like(head):
        owned = head[_owned_from(head) :]
        if len(owned) < min(2, len(head)):
            return Phrase("other", name)
        return Phrase("name", _trim(" ".join(owned)), actor_type="unknown")
    if _is_people(head[-1]):
        return Phrase("group", name, lemmas=frozenset({last}), actor_type="group", country_code=country)
    lemmas = role_lemmas(name, reference) or frozenset({last})
    return Phrase("role", name, name, lemmas, "role", None, country, indefinite=indefinite)


def _tells_which(words: list[str], start: int) -> bool:
    """Tell whether a phrase has no noun, but words that tell which people: those in favour of the toll, those hurt."""
    word = words[start]
    if not words[start - 1].isalpha():
        return False
    participle = word in _PARTICIPLES or (word.endswith("ed") and len(word) > 4)
    return word in _BREAK or (participle and (start + 1 == len(words) or words[start + 1] in _BREAK))


def _is_people(noun: str) -> bool:
    """Tell whether a common noun has the form of several people or bodies: elders, corporations; not investigations."""
    return noun.islower() and _PLURAL_NOUN.fullmatch(noun) is not None


def _describes(noun: str, word: str, reference: Reference) -> bool:
    """Tell whether a word behind a noun begins what is said of it: the audience gathered, a survey released."""
    return (word in _PARTICIPLES or (word.endswith("ed") and len(word) > 4)) and (
        fold(noun) in reference.kind_words or _is_documents(fold(noun), reference) or noun.endswith("s")
    )


def _owner(words: list[str], reference: Reference) -> str | None:
    """Return the surname of the person before "campaign" (Ruiz, of Ana Ruiz's presidential); None if it is nobody."""
    words = [w for w in words if fold(w) not in _OWNED_PREFIX and fold(w) not in reference.honorifics]
    name = cut_possessive(" ".join(words))
    if not words or not all(is_capitalised(w) for w in words) or country_of(name, reference):
        return None
    known = reference.find(name)
    if known is not None and known.actor_type != "person":
        return None
    is_full = known is not None or fold(words[0]) in reference.given_names
    return name.split()[-1] if is_full and suffix_of(fold(name)) == "" else name


def _goes_on(words: list[str], stop: int) -> bool:
    """Tell whether "of ..." belongs to a name: University of Helsinki, Ministry of Foreign Affairs."""
    before = is_capitalised(words[stop - 1]) or (words[stop - 1] in _TIED_TO_NAME and words[stop] == "of")
    return before and stop + 1 < len(words) and is_capitalised(words[-1])


def _role_ending_at(words: list[str], end: int, reference: Reference) -> bool:
    return any(" ".join(fold(w) for w in words[end - n : end]) in reference.roles for n in (1, 2, 3) if n <= end)


def _is_org_tail(words: list[str], reference: Reference) -> bool:
    last = words[-1]
    if len(words) == 1 and is_acronym(last):
        return False
    if not is_capitalised(last):
        return False
    if _has_first_name(words[_owned_from(words) :], reference) and reference.kind_words.get(fold(last)) != "org":
        return False
    kind = reference.kind_words.get(fold(last))
    return kind in ("org", "group", "document") or (len(words) > 1 and _is_documents(fold(last), reference))


def _has_first_name(words: list[str], reference: Reference) -> bool:
    """Tell whether two or three words with capitals begin with a first name: Howard Dean, Steven B. Law."""
    return len(words) in (2, 3) and all(w[:1].isupper() for w in words) and fold(words[0]) in reference.given_names


def _is_documents(word: str, reference: Reference) -> bool:
    """Tell whether a word is the plural of a document: polls, filings."""
    return word.endswith("s") and reference.kind_words.get(word[:-1]) == "document"


def _is_plural_role(word: str, reference: Reference) -> bool:
    singular = (
        word.removesuffix("s") if word.endswith("s") else word.replace("men", "man") if word.endswith("men") else ""
    )
    return bool(singular) and singular in reference.roles and word not in reference.roles


def _cut_before(segment: str, tail: list[str]) -> str:
    at = segment.rfind(tail[0], 0, len(segment) if len(tail) == 1 else segment.rfind(tail[-1]))
    return segment[: max(at, 0)].strip()


def _trim(name: str) -> str:
    return cut_possessive(name.strip(_EDGES))
