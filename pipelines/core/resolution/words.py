"""Words of a noun phrase: pronouns, roles, countries, genders, where its head stands.

Covers what single words and runs of words tell. For what a phrase as a whole says, see `phrases`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.core.reference import KnownActor, Reference
from pipelines.core.text import tokens as t
from pipelines.core.text.names import PARTICLES, cut_possessive, fold, is_capitalised, tokens, word_set

HE, SHE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
FIRST = frozenset({"i", "me", "my", "mine", "myself", "we", "our", "ours", "us", "ourselves"})
YOU = frozenset({"you", "your", "yours", "yourself"})
RELATIVE = frozenset({"who", "which", "whom", "that", "whose"})
NUMBERS = word_set(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand half "
    "dozens hundreds thousands millions"
)
INDEFINITE = word_set(
    "one someone somebody anyone anybody everyone everybody nobody none neither either each another anything something "
    "everything nothing this these those both others many some few all most several"
)
PRONOUNS = HE | SHE | IT | THEY | FIRST | YOU | RELATIVE | INDEFINITE
"""Pronouns, and determiners that stand alone."""
BREAKS = (t.PREPOSITIONS | t.CONJUNCTIONS | t.FINITE | {"'s"}) - {"and", "or", "like"}
POSSESSIVES = word_set("his her its their my our your")
TIES = frozenset({"of", "for", "on", "and", "&"})
"""Words over which the name of an organisation goes on: University of Oslo, Board for Women and Equality."""
_LEAD = re.compile(r"^(?:by|to|of|from|for|in|with|at|on)\s+(?=\S)")
_FRONTED = re.compile(r"^(?:Of|About|To|For|On|In|At|With|From|By) (?:[^,]+,\s+)?(?=[A-Z])")
"""What somebody speaks of, or when, before who speaks: Of Ruiz, Lind said."""
_SHOUTED = re.compile(r"^(?:[A-Z][A-Z'-]+[\s,:]+){3,}(?=(?:The |A )?[A-Z][a-z])")
_CONTRACTED = re.compile(r"^(i|we|you|he|she|it|they|who)'(?:ve|re|ll|d|m|s)$", re.IGNORECASE)
_PARENS = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
EDGES = " \t\n“”\"‘’'`,;:—–-()[]"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One surface, read.

    Attributes:
        shape: pronoun, known, metonym, place, demonym, name, joint: as they say; role, org, group, document: a
            description of one of these; nobody: names nobody.
        name: the name without role words, titles and possessive; for a description its words without determiner.
        role_surface: the role words, as printed.
        lemmas: the roles that it names, in comparable form; of a description with no role word its head noun.
        actor_type: person, org, country, group, document, role or unknown, as far as this surface alone tells.
        gender: m or f, where a title or role word tells.
        country_code: where a nationality stands in the role or the name.
        known: the curated actor, country, or what a metonym stands for.
        indefinite: "a reporter": somebody new.
        parts: the conjuncts of a joint name.
        possessor: "his campaign": the pronoun before the noun.
        is_told: a title, a role or a first name tells that it is a person.
    """

    shape: str
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
    is_told: bool = False


_LY_NOUNS = word_set("ally family rally reply assembly monopoly supply italy bully anomaly jelly")
"""Words in -ly that are no adverbs."""


def is_adverb(word: str) -> bool:
    """Tell whether a lower-case word is a common adverb or ends like one."""
    return word in t.ADVERBS or (word.endswith("ly") and word not in _LY_NOUNS)


def cleaned(surface: str, reference: Reference) -> str:
    """Return a surface without what is no part of its phrase: marks, parentheses, adverbs, what is fronted."""
    text = " ".join(_PARENS.sub("", surface).replace("\u2019", "'").split()).strip(EDGES)
    text = cut_possessive(_CONTRACTED.sub(r"\1", text))
    text = _SHOUTED.sub("", _LEAD.sub("", text))
    if reference.find(text.split(",")[0]) is None and (cut := _FRONTED.match(text)):
        rest = text[cut.end() :]
        text = rest if "," in cut.group() or cut.group()[:2] in ("Of", "By") else text
    return " ".join(untrailed(text.split(), reference))


def untrailed(words: list[str], reference: Reference) -> list[str]:
    """Return words without the adverbs at their end."""
    while len(words) > 1 and (_is_trailing(words[-1], reference) or words[-1] in ("Is", "Was", "Has", "Are")):
        words = words[:-1]
    return words


def _is_trailing(word: str, reference: Reference) -> bool:
    return word.islower() and is_adverb(word) and word not in reference.kind_words and word not in reference.roles


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
    text = cleaned(words, reference)
    if not text:
        return False
    start, stop = head_span(tokens(text.split(",")[0]))
    return role_ending_at(tokens(text)[start:stop], reference) > 0


def gender_of(words: str, reference: Reference) -> str | None:
    """Return m or f if a title or role word among these tells it (Mr, Ms, spokeswoman), else None."""
    for word in tokens(words):
        key = fold(word)
        role, honorific = reference.roles.get(key), reference.honorifics.get(key)
        gender = (role and role.gender) or (honorific and is_capitalised(word) and honorific.gender)
        if gender:
            return gender
    return None


def role_ending_at(words: list[str], reference: Reference) -> int:
    """Return how many words at the end name a role; 0 if none does."""
    for n in (3, 2, 1):
        if n <= len(words) and " ".join(fold(w) for w in words[-n:]) in reference.roles:
            return n
    return 0


def head_span(words: list[str]) -> tuple[int, int]:
    """Return where the head's words begin, behind determiners and numbers, and where they end."""
    start = 0
    while start < len(words) - 1 and (
        words[start].casefold() in t.DETERMINERS | POSSESSIVES | {"the"} | NUMBERS or words[start][0].isdigit()
    ) and not (words[start][0].isdigit() and words[start + 1][:1].isupper()) and not (
        words[start + 1][:1].islower()
        and (fold(words[start + 1]) in BREAKS or words[start + 1] in ("opposed", "involved"))
    ):  # fmt: skip
        start += 1
    stop = start + 1
    while stop < len(words) and not (_ends_head(words, stop) and not _is_owner(words, stop)):
        stop += 1
    return start, stop


def _is_owner(words: list[str], at: int) -> bool:
    """Tell whether "of" at that place goes on with somebody to whom the head belongs: Bank of Lund's economist."""
    rest = words[at + 1 : at + 5]
    end = next((i for i, w in enumerate(rest) if w.endswith(("'s", "s'"))), -1)
    return words[at] == "of" and end >= 0 and all(is_capitalised(w) or w in TIES for w in rest[: end + 1])


def _ends_head(words: list[str], i: int) -> bool:
    word = words[i]
    if not word[:1].islower() or (
        fold(word) in PARTICLES - {"of", "the"} and i + 1 < len(words) and words[i + 1][:1].isupper()
    ):
        return False
    if fold(word) in BREAKS or (word == "and" and i + 1 < len(words) and words[i + 1] in t.DETERMINERS | {"others"}):
        return True
    follows = words[i + 1] if i + 1 < len(words) else "of"
    verbal = len(word) > 4 and (word.endswith("ed") or word.endswith("ing"))
    return verbal and (fold(follows) in BREAKS | t.DETERMINERS or follows[:1].isupper() or is_adverb(follows)) and (
        i + 1 < len(words) or word.endswith("ed")
    )  # fmt: skip


def has_first_name(words: list[str], reference: Reference) -> bool:
    """Tell whether two or three words with capitals begin with a first name: Howard Dean, Steven B. Law."""
    return len(words) in (2, 3) and all(w[:1].isupper() for w in words) and fold(words[0]) in reference.given_names
