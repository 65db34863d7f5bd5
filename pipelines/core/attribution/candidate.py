"""The type of a candidate attribution: a hypothesis about one clause.

Belongs here: the value type that finding (`candidates` and the modules it calls), weighing (`weights`) and choosing
(`rules`) share. Does not belong here: anything that computes.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.core.attribution.cues import CueEntry
from pipelines.core.attribution.model import Span
from pipelines.core.attribution.phrases import Phrase

NOT_DONE = "not done"
"""Feature of a speech act that did not take place."""
NO_PHRASE = Phrase(0, 0, "none")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible attribution; every position is a token index.

    Attributes:
        entry: the cue's line in the lexicon.
        cue: token range of the cue, auxiliaries and adverbs before it included.
        head: the cue's head word.
        source: the source phrase, empty if there is none.
        is_elided: the clause has no subject of its own (`and said`, `, adding`): the source is an earlier one.
        pattern: one of `cues.PATTERNS`.
        right: first token of the content that follows, -1 if none does.
        left: (first, end) of the content that precedes, empty range if none does.
        features: names of what speaks for or against it (see `weights`).
    """

    entry: CueEntry
    cue: Span
    head: int
    source: Phrase
    is_elided: bool
    pattern: str
    right: int
    left: Span
    features: tuple[str, ...]

    @property
    def is_silent(self) -> bool:
        """Whether it only ends the content before it, and reports nothing itself (seems, has not offered any help)."""
        return self.entry.is_silent or NOT_DONE in self.features

    @property
    def start(self) -> int:
        """First token of the clause that holds cue and source."""
        beside = not self.source.is_empty and not self.is_elided and self.source.first < self.cue[0]
        return self.source.first if beside else self.cue[0]

    @property
    def end(self) -> int:
        """Token after the cue and the source that follows it."""
        return max(self.cue[1], self.source.end if not self.source.is_empty else 0)
