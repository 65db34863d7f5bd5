"""One record -> a `Document`, whatever its format.

Belongs here: choosing the reader, and turning what a reader did not expect into a refusal. Does not
belong here: any reading. To add a format, write a reader with this signature and enter it below.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.core.documents.compose import Known, compose
from pipelines.core.documents.decode import decode
from pipelines.core.documents.json_lines import read_json
from pipelines.core.documents.model import Document, Ignored, Record, Refused, SourceRules

Reader = Callable[[Record, SourceRules], Document]


def read_record(record: Record, rules: SourceRules) -> Document:
    """Read one record.

    Raises:
        Refused: the record cannot be read as an article.
        Ignored: it is no article and is not meant to be one.
    """
    reader = READERS.get(record.media_type.partition(";")[0].strip().lower())
    if reader is None:
        raise Refused(
            "parse",
            "unknown_media_type",
            f"No reader for {record.media_type}; known are: {', '.join(sorted(READERS))}.",
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
    decoded = decode(record.bytes)
    flags = ("encoding_repaired",) if decoded.is_repaired else ()
    return compose(decoded.text, Known(flags=flags), record, rules, guess=True)


def _read_html(record: Record, rules: SourceRules) -> Document:
    from pipelines.core.documents.html import read_html  # heavy, only where there is HTML

    return read_html(record, rules)


READERS: dict[str, Reader] = {
    "text/plain": read_plain,
    "text/html": _read_html,
    "application/xhtml+xml": _read_html,
    "application/json": read_json,
}
"""Media type -> its reader."""
