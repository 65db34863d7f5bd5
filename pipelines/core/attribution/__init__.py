"""Attribution: text in, statements and quotes out.

Covers the package's face. It does not cover any rule (see the modules). The way through: sentences, quotation marks and
words (`core/text`) -> a `Tagger` (`encoding`, `neural`) -> `linker`, `lead_ins` -> `candidates`, `statements`, `names`,
`quote_kinds` -> `extract`. `evaluation/attribution` scores the result.
"""

from __future__ import annotations

from pipelines.core.attribution.cues import CueEntry, CueLexicon, OwnWords, parse_cue_lexicon
from pipelines.core.attribution.extract import Extraction, extract, extraction_id
from pipelines.core.attribution.model import LABELS, Attribution, TaggedParagraph, Tagger
from pipelines.core.attribution.neural import NeuralTagger

__all__ = [
    "LABELS",
    "Attribution",
    "CueEntry",
    "CueLexicon",
    "Extraction",
    "NeuralTagger",
    "OwnWords",
    "TaggedParagraph",
    "Tagger",
    "extract",
    "extraction_id",
    "parse_cue_lexicon",
]
