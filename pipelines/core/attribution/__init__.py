"""Attribution: text in, statements and quotes out.

Belongs here: the package's face. Does not belong here: any rule (see the modules). The way through:
`sentences`, `quotation`, `tokens` -> a `Tagger` (`rules`: `view`, `phrases`, `complements`, `candidates`, `weights`) ->
`linker` -> `statements`, `names`, `quote_kinds` -> `extract`. `evaluate` scores the result against gold.
"""

from __future__ import annotations

from pipelines.core.attribution.cues import CueEntry, CueLexicon, parse_cue_lexicon
from pipelines.core.attribution.extract import Extraction, extract, extraction_id
from pipelines.core.attribution.model import LABELS, Attribution, TaggedParagraph, Tagger
from pipelines.core.attribution.rules import RuleTagger
from pipelines.core.attribution.weights import CueWeights, parse_cue_weights

__all__ = [
    "LABELS",
    "Attribution",
    "CueEntry",
    "CueLexicon",
    "CueWeights",
    "Extraction",
    "RuleTagger",
    "TaggedParagraph",
    "Tagger",
    "extract",
    "extraction_id",
    "parse_cue_lexicon",
    "parse_cue_weights",
]
