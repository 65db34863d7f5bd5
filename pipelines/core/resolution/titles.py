"""The words before a name that say what its bearer is: Prime Minister, Hydrogeologist, PC, Alhaji.

Covers how many words at the begin of a run of capitals are no part of the name. For whole phrases, see `phrases`.
"""

from __future__ import annotations

import re

from pipelines.core.reference import Reference
from pipelines.core.resolution.words import role_ending_at
from pipelines.core.text.names import PARTICLES, fold

_LEADS = frozenset({"former", "ex", "late", "then", "acting"})
_OCCUPATION = re.compile(r"(?:[a-z]{2}(?:er|or|eer|ist|ian|man|woman|person|smith|wright|ant)|-[Gg]eneral)$")
"""How words for an occupation end."""


def titles_before(run: list[str], reference: Reference) -> int:
    """Return how many words at the begin of a run are titles and roles, and no part of the name."""
    best = 0
    for end in range(1, len(run)):
        word = fold(run[end - 1])
        is_title = word in reference.honorifics or word in _LEADS or _is_occupation(run, end, reference)
        if (is_title or role_ending_at(run[:end], reference)) and not (end > 1 and run[end - 1].endswith("'s")):
            best = end
    if (
        best
        and best == len(run) - 1
        and fold(run[-1]) in reference.roles
        and fold(run[best - 1]) not in reference.honorifics
    ):
        return 0
    return best


def _is_occupation(run: list[str], end: int, reference: Reference) -> bool:
    """Tell whether the word before `end` says what somebody is, by its form: Hydrogeologist Ana Roe, PC Kit Moss.

    What follows must be a first name with another name, so that Oliver, Baker and Christian stay names.
    """
    word, rest = run[end - 1], run[end:]
    known = reference.first_names
    if len(rest) < 2 or fold(rest[0]) not in known or fold(word) in PARTICLES:
        return False
    if (word.isupper() and word.isalpha() and 2 <= len(word) <= 3) or fold(word) in reference.demonyms:
        return True
    return fold(word) not in known and bool(_OCCUPATION.search(word))
