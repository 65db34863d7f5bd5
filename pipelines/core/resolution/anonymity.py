"""Why a source has no name: it is unnamed by choice, it speaks for a body that is named, or we did not resolve it.

Belongs here: what the words of a source say about this. Does not belong here: who it is (see `speakers`), of what kind
a source is (see `sources`).
"""

from __future__ import annotations

import re

from pipelines.core.reference import Reference
from pipelines.core.resolution.words import PRONOUNS
from pipelines.core.text.names import fold, tokens

_KINDS = ("anonymous", "role_only", "collective")
_SPOKES = re.compile(r"\bspokes(?:man|woman|person|men|women|people)\b|\bpress (?:officer|secretary)\b", re.IGNORECASE)
_DEFINITE = re.compile(
    r"(?:the|this|that|these|those|his|her|its|their|our|my|your|both|all|neither|either)\b", re.IGNORECASE
)
_INDEFINITE = re.compile(
    r"(?:an?|one|another|other|others|some|someone|somebody|several|many|most|few|a few|two|three|four|five|six|seven|"
    r"eight|nine|ten|dozens|hundreds|thousands|more than|about|around|[\d,.]+%?)\b",
    re.IGNORECASE,
)  # fmt: skip
_ALONE = frozenset({"some", "many", "others", "most", "several", "another", "one", "few"})
"""Words that mean people where nothing follows: some say."""
_TIE = re.compile(
    r"\s(?:of|at|in|on|for|from|with|to|by|within|among|close|familiar|briefed|who|which|that|whose|such|including|"
    r"speaking|working|and|or)\b|,",
    re.IGNORECASE,
)  # fmt: skip
"""What the noun that a source is about stands before: officials | of the ministry."""
_PEOPLE = frozenset(
    "people person man woman source insider observer critic opponent supporter backer viewer reader listener watcher "
    "gamer blogger pupil parent child youth commuter bystander onlooker local campaigner colleague employee executive "
    "official warden recruit thousands individual industry group firm company business studio maker network "
    "retailer operator authority union party bank "
    "club charity agency newspaper outlet paper media maker lender insurer airline".split()
)  # fmt: skip
_ENDINGS = ("er", "or", "ist", "ian", "ee", "man", "woman", "expert", "politician", "strategist")
_ENDS_IN_NAME = re.compile(r"\s(?!of\b|for\b|the\b)[a-z]\w+ [A-Z][\w’'-]+ [A-Z][\w’'-]+$")
"""The spokesman has a name: spokesman for sport | Hugh Roe."""
_NAME = re.compile(r"[A-Z][\w&’'-]*")


def anonymity(words: str | None, source_kind: str, reference: Reference) -> str | None:
    """Return why a source without an actor has no name; None for a kind of source that has one, or needs none.

    Args:
        words: the source as printed.
        source_kind: its kind, once the article is read.
        reference: roles, and words for groups and organisations.

    Returns:
        by_choice: the text introduces somebody and gives no name (a senior official, two diplomats, critics);
        spokesperson: unnamed, but the words name the body or person they speak for (a Treasury spokesman);
        not_resolved: the words point at somebody whom the article has told (the minister, they), or are no source.
    """
    if source_kind not in _KINDS:
        return None
    printed = " ".join((words or "").split())
    if not printed or fold(printed) in PRONOUNS - _ALONE:
        return "not_resolved"
    if _SPOKES.search(printed):
        return "spokesperson" if _names_body(printed) and not _ENDS_IN_NAME.search(printed) else "not_resolved"
    head = _TIE.split(printed, maxsplit=1)[0]
    if fold(printed) in _ALONE:
        return "by_choice"
    if _DEFINITE.match(printed) or not _is_of_people(head, reference):
        return "not_resolved"
    return "by_choice" if _INDEFINITE.match(printed) or head.rstrip().endswith(("s", "people", "media")) else (
        "by_choice" if source_kind == "anonymous" else "not_resolved"
    )  # fmt: skip


def _names_body(printed: str) -> bool:
    """Tell whether the words name somebody beside the role: a name that does not only open the sentence."""
    found = [m for m in _NAME.finditer(printed) if not _SPOKES.match(m.group())]
    return any(m.start() > 0 or m.group().isupper() or len(found) > 1 for m in found if fold(m.group()) not in _OPENERS)


_OPENERS = frozenset({"a", "an", "the", "one", "another", "his", "her", "its", "their", "our"})


def _is_of_people(head: str, reference: Reference) -> bool:
    """Tell whether the noun at the end of a head is one for people or bodies, and no name."""
    found = tokens(head)
    if not found:
        return False
    last = found[-1]
    noun = fold(last)
    if last[:1].isupper() and len(found) > 1 and noun not in reference.roles:
        return False
    forms = {
        noun,
        noun.removesuffix("s"),
        noun.removesuffix("es"),
        re.sub(r"ies$", "y", noun),
        re.sub(r"men$", "man", noun),
    }
    if forms & _PEOPLE or any(f in reference.roles or reference.kind_words.get(f) in ("group", "org") for f in forms):
        return True
    return noun in reference.demonyms or any(f.endswith(_ENDINGS) for f in forms)
