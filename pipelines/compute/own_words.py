"""The words that a user's own reference data adds to those by which extraction takes phrases apart.

Covers which columns of which files they are. For how a CSV is read, see core/reference; for what the words do, see
core/attribution/names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.core.attribution import OwnWords
from pipelines.core.reference import own_rows
from pipelines.core.text.names import fold


def own_words(own: Mapping[str, str]) -> OwnWords:
    """Return the words of a user's files.

    Args:
        own: file name -> text. Only countries, metonyms, role words and honorifics are read: extraction has no word
            from the other files.

    Raises:
        ValueError: a line is wrong; the message says which, and what to do.
    """
    countries, places = list(own_rows("countries.csv", own)), list(own_rows("metonyms.csv", own))
    titles = [row["word"] for row in own_rows("role_words.csv", own)]
    titles += [row["honorific"] for row in own_rows("honorifics.csv", own)]
    states = _folded(f"{row['name']}|{row['aliases']}" for row in countries)
    return OwnWords(
        states=states,
        metonyms=_folded([row["metonym"] for row in places] + [row["capital"] for row in countries]) - states,
        institutions=_folded(row["metonym"] for row in places if row["actor_type"] != "country"),
        demonyms=_folded(row["demonyms"] for row in countries),
        roles=frozenset(word for word in _folded(titles) if " " not in word),
    )


def _folded(cells: Iterable[str]) -> frozenset[str]:
    """Return all words of some cells, which hold several with | between them."""
    return frozenset(word for cell in cells for part in cell.split("|") if (word := fold(part)))
