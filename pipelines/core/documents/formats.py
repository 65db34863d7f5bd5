"""One record -> a `Document`, whatever its format.

Covers choosing the reader, and turning what a reader did not expect into a refusal. To add a format, write a reader
with this signature and enter it below; a package of a user's own registers one without touching this file
(docs/readers.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.core.documents.compose import Known, compose
from pipelines.core.documents.decode import decode
from pipelines.core.documents.json_lines import load, read_object
from pipelines.core.documents.model import FEED_ENTRY, Document, Ignored, Record, Refused, SourceRules

Reader = Callable[[Record, SourceRules], Document]


def read_record(record: Record, rules: SourceRules, own: Mapping[str, Reader] | None = None) -> Document:
    """Read one record.

    Args:
        record: The record.
        rules: What its source's settings say.
        own: A user's own readers, by media type.

    Raises:
        Refused: the record cannot be read as an article.
        Ignored: it is no article and is not meant to be one.
    """
    readers = {**READERS, **(own or {})}
    reader = readers.get(record.media_type.partition(";")[0].strip().lower())
    if reader is None:
        raise Refused(
            "parse",
            "unknown_media_type",
            f"No reader for {record.media_type}; known are: {', '.join(sorted(readers))}.",
        )
    try:
        return reader(record, rules)
    except (Refused, Ignored, ImportError, MemoryError):
        raise
    except Exception as error:  # a reader must never stop a batch
        detail = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise Refused("parse", "reader_failed", f"The reader failed ({detail}); report it with this record.") from error


def read_plain(record: Record, rules: SourceRules) -> Document:
    """Read a plain text; it stands exactly as decoded."""
    decoded = decode(record.bytes, record.charset)
    flags = ("encoding_repaired",) if decoded.is_repaired else ()
    return compose(decoded.text, Known(flags=flags), record, rules, guess=True)


def _read_html(record: Record, rules: SourceRules) -> Document:
    from pipelines.core.documents.html import read_html  # heavy, only where there is HTML

    return read_html(record, rules)


def _read_markdown(record: Record, rules: SourceRules) -> Document:
    from pipelines.core.documents.markdown import read_markdown  # its libraries, only where there is Markdown

    return read_markdown(record, rules)


def read_json(record: Record, rules: SourceRules) -> Document:
    """Read a JSON object: as ninjs where it is that, unless the settings say where the text stands, else by fields."""
    row, is_repaired = load(record)
    if "text" not in rules.fields and "html" not in rules.fields:
        from pipelines.core.documents import ninjs

        if ninjs.is_ninjs(row):
            return ninjs.read_item(row, record, rules, is_repaired=is_repaired)
    return read_object(row, record, rules, is_repaired=is_repaired)


def _read_feed_entry(record: Record, rules: SourceRules) -> Document:
    from pipelines.core.documents.feed_entry import read_feed_entry  # likewise

    return read_feed_entry(record, rules)


READERS: dict[str, Reader] = {
    "text/plain": read_plain,
    "text/html": _read_html,
    "application/xhtml+xml": _read_html,
    "application/json": read_json,
    "text/markdown": _read_markdown,
    FEED_ENTRY: _read_feed_entry,
}
"""Media type -> its reader."""
