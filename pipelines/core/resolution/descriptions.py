"""Descriptions: roles, bodies by their noun, groups, documents.

Covers what a phrase says whose head is no name. For names, see `phrases`.
"""

from __future__ import annotations

from pipelines.core.reference import Reference
from pipelines.core.resolution.words import (
    NUMBERS,
    POSSESSIVES,
    Phrase,
    country_of,
    gender_of,
    role_ending_at,
    role_lemmas,
)
from pipelines.core.text.names import cut_possessive, fold, is_acronym, is_capitalised, word_set

_A = frozenset({"a", "an", "one", "another", "any", "some", "no", "every", "each"})
SEVERAL = NUMBERS | word_set("both all many several few most these those some other others") - {"one", "half"}
_WORDS_TOLD = 10
"""Words of a description that are kept."""


def description(words: list[str], start: int, stop: int, reference: Reference) -> Phrase:
    """Read a role, an organisation by its noun, a group or a document."""
    head = words[start:stop]
    last = fold(head[-1])
    determiners = {w.casefold() for w in words[:start]}
    name = " ".join(words[start : start + _WORDS_TOLD])
    country = country_of(" ".join(head), reference)
    possessor = next((w for w in words[:start] if w.casefold() in POSSESSIVES), None)
    kind = reference.kind_words.get(last) or (
        "document" if reference.kind_words.get(last.removesuffix("s")) == "document" else None
    )
    if last in reference.capital_kind_words and not is_capitalised(head[-1]) and last not in _NAMED_KINDS:
        kind = None
    if last in reference.capital_kind_words and last.endswith("s") and last.removesuffix("s") in reference.roles:
        kind = "group"  # Republicans
    indefinite = bool(determiners & _A)
    if n := role_ending_at(head, reference):
        tied = (
            role_lemmas(" ".join(words[stop - 1 : stop + 2]), reference)
            if stop < len(words) and n == 1
            else frozenset()
        )
        lemmas = tied or role_lemmas(" ".join(head[-3:]), reference)
        return Phrase("role", name, name, lemmas, "role", gender_of(head[-1], reference), country, None, indefinite,
                      possessor=possessor)  # fmt: skip
    several = determiners & SEVERAL or any(w[0].isdigit() for w in words[:start])
    if kind == "group" or several or (kind is None and _is_plural(head[-1], reference)):
        name = " ".join(_without_owner(words[start : start + _WORDS_TOLD], reference))
        return Phrase(
            "group", name, None, frozenset({last}), "group", None, country, None, indefinite, possessor=possessor
        )
    if kind in ("document", "org"):
        if kind == "org" and last in _OWNED and (owner := _owner(head[:-1], reference)):
            name = f"{owner} {'campaign' if last == 'camp' else last}"
            return Phrase("name", name, None, frozenset({last}), "org", None, country)
        if kind == "org" and (named := _called(head, reference)):
            return named
        if kind == "org" and _tells_which(head, last, reference):
            first = next(i for i, w in enumerate(head) if is_capitalised(w))
            long = words[start + first : _end_of_body(words, stop)]
            return Phrase("name", " ".join(long), None, frozenset({last}), "org", None, country)
        return Phrase(kind, name, None, frozenset({last}), kind, None, country, None, indefinite, possessor=possessor)
    return Phrase("role", name, name, role_lemmas(" ".join(head), reference) or frozenset({last}), "role",
                  gender_of(head[-1], reference), country, None, indefinite, possessor=possessor)  # fmt: skip


_OWNED = frozenset({"campaign", "camp", "administration", "team", "government"})
"""Nouns of a body that is called by the name of the person at its head: the Ruiz campaign."""
_NAMED_KINDS = word_set("movement party newspaper magazine website network channel organization organisation agency")
"""Nouns behind the name of what they tell the kind of: the Clean Rivers movement."""


_OF_STATES = word_set(
    "government parliament army navy military police treasury cabinet embassy ministry court delegation senate "
    "congress assembly council commission authority federation association union"
)
"""Nouns of bodies of which a state, or a people, has one: the Danish government is a name, the Danish club is none."""


def _tells_which(head: list[str], last: str, reference: Reference) -> bool:
    """Tell whether the words before the noun of a body make a name of it: the New Zealand government."""
    capitals = [
        cut_possessive(w) for w in head[:-1] if is_capitalised(w) and not w.endswith(("-based", "-born", "-owned"))
    ]
    own = [w for w in capitals if fold(w) not in reference.demonyms and country_of(w, reference) is None]
    owned = any(w.endswith(("'s", "s'")) for w in head[:-1])
    return bool(capitals) and (last in _OF_STATES or (bool(own) and not owned))


def _end_of_body(words: list[str], stop: int) -> int:
    """Return where the name of a body ends that goes on behind its head: the city council of Lund."""
    while stop + 1 < len(words) and words[stop] == "of" and goes_on(words, stop):
        stop = next((i for i in range(stop + 2, len(words)) if not is_capitalised(words[i])), len(words))
    return stop


def _called(head: list[str], reference: Reference) -> Phrase | None:
    """Read "Clean Rivers Now movement" and "CRN party": a name, then the noun that tells what has it."""
    head = head[next((i for i, w in enumerate(head) if is_capitalised(w)), 0) :]
    name = head[: next((i for i, w in enumerate(head) if not is_capitalised(w) and w != "of"), 0)]
    if head[-1] not in _NAMED_KINDS or not name or any(fold(w) in reference.demonyms for w in name):
        return None
    if len(name) == 1 and not (name[0].isupper() or head[-1] in ("newspaper", "magazine", "website", "channel")):
        return None
    known = reference.find(" ".join(name))
    if known is None:
        return Phrase("name", " ".join(name), None, frozenset({head[-1]}), "org")
    return Phrase("known", known.name, None, frozenset({head[-1]}), known.actor_type, None, known.country_code, known)


def _owner(words: list[str], reference: Reference) -> str | None:
    """Return the surname of the person before "campaign" (Ruiz, of Ana Ruiz's presidential); None if it is nobody."""
    names = [w for w in words if is_capitalised(w) and fold(w) not in reference.honorifics]
    if not names or len(names) > 2:
        return None
    name = cut_possessive(" ".join(names))
    if (
        country_of(name, reference)
        or is_acronym(name)
        or fold(name) in reference.demonyms
        or fold(name) in reference.places
    ):
        return None
    return name.split()[-1] if len(names) == 1 or fold(names[0]) in reference.given_names else None


def _without_owner(words: list[str], reference: Reference) -> list[str]:
    kept = [w for w in words if not (fold(w) in reference.honorifics and w[:1].isupper())] or words
    return [cut_possessive(w) if i < len(kept) - 1 and w[:1].isupper() else w for i, w in enumerate(kept)]


def _is_plural(noun: str, reference: Reference) -> bool:
    """Tell whether a common noun has the form of several people or bodies."""
    single = noun.removesuffix("s") if noun.endswith("s") else noun.replace("men", "man")
    if single != noun and (fold(single) in reference.roles or reference.kind_words.get(fold(single)) == "org"):
        return True
    return (
        noun.islower() and len(noun) > 3 and noun.endswith("s") and not noun.endswith(("ss", "us", "is", "ews", "ics"))
    )


def goes_on(words: list[str], at: int) -> bool:
    """Tell whether a name goes on behind the small word at that place: University of Oslo."""
    rest = [w for w in words[at + 1 :][:3] if w not in ("the",)]
    return bool(rest) and is_capitalised(rest[0])
