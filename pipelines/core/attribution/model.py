"""The types of the attribution core: labels, the Tagger's face, spans and attributions.

Covers plain value types that two or more modules of this package share, and the label set. For anything that computes
(see `linker`, `neural`, `statements`) and any frame, see `extract`.

Terms are those of PARC and PolNeAR: an attribution has a *source* (who), a *cue* (said, according to) and *content*
(what).
All offsets are 0-based Unicode code points, end exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.core.attribution.confidence import Confidence, Features
from pipelines.core.attribution.judge import Judging
from pipelines.core.text.spans import Span

OUTSIDE = 0
LABELS: tuple[str, ...] = (
    "O",
    "B-cue",
    "I-cue",
    "B-source-left",
    "I-source-left",
    "B-source-right",
    "I-source-right",
    "B-content-left",
    "I-content-left",
    "B-content-right",
    "I-content-right",
)
"""`-left` means the span's cue stands to its LEFT (the span follows its cue); `-right` that the cue stands to its
right.

A `B-` label has an odd index and its `I-` label the index after it.
"""


@dataclass(frozen=True, slots=True)
class TaggedParagraph:
    """What a tagger says about one paragraph.

    Attributes:
        tokens: spans of the tokens in the paragraph, rising, not overlapping.
        scores: one row a token, `len(LABELS)` natural-log probabilities a row (they need not sum to one exactly).
        names: (start, end, kind) of names, rising, kind one of person, organization, place, group; None if the tagger
            finds no names.
    """

    tokens: tuple[Span, ...]
    scores: tuple[tuple[float, ...], ...]
    names: tuple[tuple[int, int, str], ...] | None = None


class Tagger(Protocol):
    """Paragraphs in, label scores out. The only part that a learned model replaces."""

    @property
    def name(self) -> str:
        """Short name, e.g. `rules`."""
        ...

    @property
    def version(self) -> str:
        """Version of the code and its settings."""
        ...

    @property
    def sha256(self) -> str:
        """Hash of the weights or reference data that decide the answer (64 hex digits)."""
        ...

    @property
    def confidence(self) -> Confidence:
        """The curve from what is measured of an attribution to the probability that it is right."""
        ...

    @property
    def judge(self) -> Judging:
        """What tells statements from what only looks like one."""
        ...

    def tag(self, paragraphs: Sequence[str]) -> list[TaggedParagraph]:
        """Return one TaggedParagraph for each paragraph, in order; none depends on its neighbours."""
        ...


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution of a paragraph or a text: spans by role, and how sure the spans are.

    Attributes:
        source: zero or one span as a rule; more when the source is split.
        cue: zero or one span as a rule.
        content: one span or more, rising.
        confidence: probability in [0, 1] that content and source are right (see `confidence`).
        is_shared_source: the source belongs to an earlier cue of the sentence and is elided here.
        measured: what was measured of its labels (see `confidence`); empty where no tagger labelled it.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float
    is_shared_source: bool = False
    measured: Features = ()
