"""Who the source of a statement is, once the article is read: the words that name it, its kind, the method.

Belongs here: the step from a statement's source to the mention and the kind that its answer has. Does not belong here:
linking mentions (see `article`, `anaphora`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.core.reference import Reference
from pipelines.core.resolution.article import Link
from pipelines.core.resolution.kinds import Phrase
from pipelines.core.text.names import fold, is_capitalised, tokens

_STATEMENT_METHOD = {
    "name": "name", "role+name": "name", "surname": "name", "surname_last": "name", "surname_only": "name",
    "acronym": "name", "given_name": "name", "part_of_name": "name",
    "reference": "name", "metonym": "metonym", "demonym": "metonym", "org_noun": "role_reference",
    "org_reference": "role_reference", "org_last": "role_reference", "org_class": "role_reference",
    "role_ranked": "role_reference", "role": "role_reference", "role_last": "role_reference",
    "role_ahead": "role_reference", "role_known": "role_reference",
    "role_unnamed": "role_reference", "group": "collective", "group_members": "collective", "joint": "collective",
    "document": "name", "pronoun": "pronoun", "pronoun_gender": "pronoun", "pronoun_ranked": "pronoun",
    "pronoun_tied": "pronoun",
    "pronoun_it": "pronoun", "pronoun_they": "collective",
    "relative": "relative", "first_person": "first_person", "interviewee": "first_person",
    "interviewee_we": "first_person", "interviewee_other": "first_person", "author": "first_person",
}  # fmt: skip
"""Rule that linked the mention -> attribution method of a statement whose source it is."""
_STRUCTURAL = frozenset(
    {"elided_subject", "carried_forward", "colon_lead_in", "block_quote", "transcript", "passive_agent", "relative"}
)
"""Methods that only the extraction can see; they stand before the mention's own."""
_KIND_OF_TYPE = {
    "person": "named_person", "org": "organisation", "country": "state", "group": "collective", "document": "document",
}  # fmt: skip
_NOBODY = dict.fromkeys(
    ("no one", "nobody", "none", "anyone", "anybody", "everyone", "everybody", "each", "neither", "either", "the two"),
    "collective",
) | dict.fromkeys(("one", "another", "someone", "somebody"), "anonymous")
"""Words for nobody in particular -> kind of source."""
_NAMES = frozenset({"name", "known", "metonym", "org", "joint"})
_SHOUTED = re.compile(r"^(?:[A-Z][A-Z'’-]+[\s,:]+){3,}(?=(?:The |A )?[A-Z][a-z])")
_ONE_OF = re.compile(r"^one of (?:them|these|those)\s*,\s*", re.IGNORECASE)
_PREPOSITION_END = re.compile(
    r"(?:\b(?:of|to|from|for|with|by|at|in|on|about|near|against|like|than|and|or|as|the|a|an)|['’]s?|[,(])\s*$"
)
_AFTER_NAME = re.compile(r"^ (?:[a-z]+ing\b|himself\b|herself\b|itself\b|themselves\b|meanwhile\b|also\b)")

Row = Mapping[str, Any]


def speaking_phrase(row: Row, phrase: Phrase, inside: Sequence[Row], read: Callable[[str], Phrase]) -> Phrase:
    """Return what a source names where its words as a whole name nobody.

    "an honor Lind" and "using a term Lind" end in the name of the speaker, "Lind taking to Twitter" and "Ms. Lind
    herself" begin with it; a line in capitals may stand before it.

    Args:
        row: the source's mention: char_start, char_end, surface.
        phrase: what its surface reads as.
        inside: the mentions within it.
        read: reads a surface.
    """
    surface = row["surface"]
    for cut in (_SHOUTED, _ONE_OF):
        found = cut.match(surface)
        if found and (rest := read(surface[found.end() :])).shape in _NAMES:
            return rest
    if phrase.shape not in ("role", "other") or phrase.gender or row["mention_kind"] in ("role+name",):
        return phrase
    start, end = row["char_start"], row["char_end"]
    for m in inside:
        part = read(m["surface"])
        if part.shape not in _NAMES or (part.shape == "org" and part.name.islower()):
            continue
        before, after = surface[: m["char_start"] - start], surface[m["char_end"] - start :]
        if m["char_end"] == end and before and not _PREPOSITION_END.search(before) and before.rstrip()[-1:].islower():
            return part
        if m["char_start"] == start and _AFTER_NAME.match(after):
            return part
    return phrase


def statement_method(given: str, link: Link) -> str:
    """Return the attribution method of a statement: the extraction's where only that can see it, else the link's."""
    return given if given in _STRUCTURAL else _STATEMENT_METHOD[link.method]


def resolved_source_kind(
    given: str, surface: str, phrase: Phrase | None, link: Link | None, reference: Reference
) -> str:
    """Return the kind of a source, by its words and by whom it was resolved to.

    Whoever has a name is of the kind of the actor; somebody whom the text introduces without a name ("a senior
    official", "one voter") is anonymous; a role that nobody in the article has stays a role.
    """
    if given in ("anonymous", "unattributed"):
        return given
    if kind := _NOBODY.get(surface.casefold()):
        return kind
    if link is None:
        return given
    if len(link.entities) > 1 and link.joint:
        return "collective"
    entity = link.entities[0]
    if entity.actor_type in _KIND_OF_TYPE:
        return _KIND_OF_TYPE[entity.actor_type]
    if entity.actor_type == "role":
        first = entity.places[0].phrase if entity.places else phrase
        return "anonymous" if first is not None and first.indefinite and _is_somebody(first, reference) else "role_only"
    return given if given in ("organisation", "state", "collective", "document") else "named_person"


def _is_somebody(phrase: Phrase, reference: Reference) -> bool:
    """Tell whether a role is a person's: "a senior official", "one Trump backer"; not "a Google search"."""
    if phrase.lemmas & reference.role_lemmas:
        return True
    last = fold(tokens(phrase.name)[-1]) if tokens(phrase.name) else ""
    return last in reference.demonyms or is_capitalised(last) or last.endswith(("er", "or", "ist", "ian", "ee"))
