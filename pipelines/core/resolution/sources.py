"""Who the source of a statement is, once the article is read: its kind, and how its speaker was found.

Covers the step from a link to what is said of the statement. For linking, see `speakers`.
"""

from __future__ import annotations

from pipelines.core.reference import Reference
from pipelines.core.resolution.entities import Link
from pipelines.core.resolution.mentions import Mention
from pipelines.core.resolution.phrases import Phrase
from pipelines.core.resolution.words import role_lemmas
from pipelines.core.text.names import fold, tokens

_METHODS = {
    **dict.fromkeys(("name", "role+name", "surname", "surname_last", "surname_only", "acronym", "part_of_name",
                     "reference", "document"), "name"),
    **dict.fromkeys(("metonym", "demonym"), "metonym"),
    **dict.fromkeys(("role", "role_unnamed", "role_known", "org_reference", "org_noun"), "role_reference"),
    **dict.fromkeys(("group", "group_members", "joint", "pronoun_they"), "collective"),
    **dict.fromkeys(("pronoun", "pronoun_it"), "pronoun"),
    **dict.fromkeys(("first_person", "interviewee", "interviewee_we", "author"), "first_person"),
    "relative": "relative",
}  # fmt: skip
"""How a mention was linked -> attribution method of a statement whose source it is."""
STRUCTURAL = {
    "elided_subject": 0.95, "carried_forward": 0.88, "block_quote": 0.9, "colon_lead_in": 0.97, "transcript": 0.98,
    "passive_agent": 0.95, "relative": 0.95,
}  # fmt: skip
"""Methods that only the extraction can see -> factor on the confidence: how often its source is right."""
_KINDS = {
    "person": "named_person", "org": "organisation", "country": "state", "group": "collective", "document": "document",
}  # fmt: skip
_NOBODY = dict.fromkeys(
    ("no one", "nobody", "none", "anyone", "anybody", "everyone", "everybody", "each", "neither", "either", "the two"),
    "collective",
) | dict.fromkeys(("one", "another", "someone", "somebody"), "anonymous")
"""Words for nobody in particular -> kind of source."""


def statement_method(given: str, link: Link) -> str:
    """Return the attribution method of a statement: the extraction's where only that can see it, else the link's."""
    return given if given in STRUCTURAL else _METHODS[link.method]


def resolved_source_kind(given: str, mention: Mention | None, link: Link | None, reference: Reference) -> str:
    """Return the kind of a source, by its words and by whom it was resolved to.

    Whoever has a name is of the kind of the actor; somebody whom the text introduces without a name ("a senior
    official", "one voter") is anonymous; a role that nobody in the article has stays a role.
    """
    if given in ("anonymous", "unattributed"):
        return given
    if mention is not None and (kind := _NOBODY.get(mention.surface.casefold())):
        return kind
    if link is None:
        return given
    if link.joint and len(link.entities) > 1:
        return "collective"
    entity = link.entities[0]
    if entity.actor_type in _KINDS:
        return _KINDS[entity.actor_type]
    if entity.actor_type == "role":
        first = entity.places[0].phrase if entity.places else None
        return "anonymous" if first is not None and first.indefinite and _is_somebody(first, reference) else "role_only"
    return given if given in ("organisation", "state", "collective", "document") else "named_person"


def _is_somebody(phrase: Phrase, reference: Reference) -> bool:
    """Tell whether a role is a person's: "a senior official", "one Trump backer"; not "a Google search"."""
    if phrase.lemmas & reference.role_lemmas or role_lemmas(phrase.name, reference):
        return True
    last = fold(tokens(phrase.name)[-1]) if tokens(phrase.name) else ""
    return last in reference.demonyms or last.endswith(("er", "or", "ist", "ian", "ee"))
