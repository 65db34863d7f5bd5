"""A source or a piece of content on its way to its cue.

For where parts come from, see `linker`; for what is cut off them, see `bounds`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class CueArgument:
    """Words [first, end) of a paragraph.

    Attributes:
        kind: source or content.
        side: left or right: where its cue stands.
        first, end: its words.
        cue: number of the cue that it joins.
    """

    kind: str
    side: str
    first: int
    end: int
    cue: int
