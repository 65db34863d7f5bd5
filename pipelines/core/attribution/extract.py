"""Texts in, rows of evidence out: sentences, statements, spans, quotes and mentions.

Covers the walk over texts with a tagger. For one text, see `document`, `candidates` and `rows`. It does not cover who
an actor is.

The same text gives the same rows whatever stands beside it: nothing is shared between texts but the tagger's batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from pipelines.core.attribution.candidates import shift
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.frames import Extraction, Rows
from pipelines.core.attribution.lead_ins import topic_labels
from pipelines.core.attribution.linker import link
from pipelines.core.attribution.mentions import Named
from pipelines.core.attribution.model import Attribution, Tagger
from pipelines.core.attribution.rows import Writer
from pipelines.core.ids import mk_id

_BATCH_PARAGRAPHS = 2048


def extraction_id(tagger: Tagger) -> str:
    """Return the id of a model and its code: mk_id('extractor', name, version, sha256)."""
    return mk_id("extractor", tagger.name, tagger.version, tagger.sha256)


def extract(texts: pl.DataFrame, tagger: Tagger, lexicon: CueLexicon) -> Extraction:
    """Find who said what in texts.

    Args:
        texts: one row a text. Columns: `version_id` str, `text` str, `language` str or NULL, `sections`
            list[struct{section, char_start, char_end}] or NULL (what no section covers is body), and, if there is one,
            `article_id` str (without it the lineage of a statement follows `version_id`).
        tagger: finds cues, sources and content.
        lexicon: gives cues their lemma, class and stance.

    Returns:
        The rows, sorted by version and position. Texts in another language than English give sentences, quotes and
        names, but no statements. Every offset is a code point of `text`, 0-based, end exclusive.

    Raises:
        polars.exceptions.ColumnNotFoundError: a column is missing.
    """
    columns = ["version_id", "text", "language", "sections", *(["article_id"] if "article_id" in texts.columns else [])]
    out = Rows()
    how = extraction_id(tagger)
    documents = [Document.read(row) for row in texts.select(columns).sort("version_id").iter_rows(named=True)]
    for document, (found, named) in zip(documents, _tag_all(documents, tagger), strict=True):
        Writer(document, lexicon, tagger.judge, how, out).write(found, named, tagger)
    return out.frames()


Found = tuple[list[Attribution], list[Named] | None]
"""Attributions and names of a text; names are None where none were looked for."""


def _tag_all(documents: Sequence[Document], tagger: Tagger) -> Iterable[Found]:
    """Yield what is found in each document; paragraphs of many documents go to the tagger together."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.paragraphs)
        if size >= _BATCH_PARAGRAPHS:
            yield from _tag_batch(batch, tagger)
            batch, size = [], 0
    yield from _tag_batch(batch, tagger)


def _tag_batch(documents: Sequence[Document], tagger: Tagger) -> list[Found]:
    english = [d for d in documents if d.is_english]
    pieces = [d.text[s:e] for d in english for s, e in d.paragraphs]
    tagged = iter(zip(pieces, tagger.tag(pieces), strict=True))
    out: list[Found] = []
    for document in documents:
        found: list[Attribution] = []
        named: list[Named] | None = [] if document.is_english else None
        topics = topic_labels(document.text, document.paragraphs) if document.is_english else set()
        for number, (start, _) in enumerate(document.paragraphs if document.is_english else ()):
            piece, labels = next(tagged)
            linked = link(piece, labels, tagger.confidence, may_be_led=number not in topics)
            found.extend(shift(a, start) for a in linked)
            if labels.names is None:
                named = None
            elif named is not None:
                named.extend((s + start, e + start, kind) for s, e, kind in labels.names)
        out.append((found, named))
    return out


__all__ = ["Extraction", "extract", "extraction_id"]
