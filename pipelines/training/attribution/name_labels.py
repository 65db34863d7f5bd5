"""Names that a larger tagger finds in free text, as labels for the head for names.

Covers running that tagger (spaCy, a package named by the user) and turning its spans into labels of words. For the
head, see `network`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from pipelines.core.attribution.neural import NAME_LABELS
from pipelines.core.text.spans import Span
from pipelines.training.attribution.variants import Names

_KINDS = {
    "PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "group",
}  # fmt: skip


def find_names(texts: Sequence[str], package: str) -> list[Names]:
    """Return the names of each text by a spaCy model package, e.g. en_core_web_sm.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    nlp = importlib.import_module(package).load(disable=["parser", "lemmatizer", "attribute_ruler", "tagger"])
    return [
        [(e.start_char, e.end_char, _KINDS[e.label_]) for e in doc.ents if e.label_ in _KINDS]
        for doc in nlp.pipe(texts, batch_size=256)
    ]


def label_names(text: str, tokens: Sequence[Span], names: Names) -> list[int]:
    """Return the number in NAME_LABELS of each word; an article before a name and a genitive after it are outside."""
    out = [0] * len(tokens)
    for start, end, kind in names:
        begun = False
        for i, (s, e) in enumerate(tokens):
            word = text[s:e]
            if s < end and e > start and word not in ("'s", "’s") and (begun or word.lower() != "the"):
                out[i] = NAME_LABELS.index(f"{'I' if begun else 'B'}-{kind}")
                begun = True
    return out
