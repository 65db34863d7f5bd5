"""What files, feeds and addresses give: a record as met, with its bytes or why they were refused unread.

Covers that one value, where in its file a record stood, and texts as one line.
"""

from __future__ import annotations

from dataclasses import dataclass


def printable(text: str) -> str:
    """Return a text as one line that can be stored and printed: whatever else is in it becomes escapes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


@dataclass(frozen=True)
class Mark:
    """Where in which file a record stood: what lets a later run pass over the file, or go on inside it.

    Attributes:
        file: Place of the file, as the source names it.
        stamp: State of the file by which a change is noticed; None: it must be read again.
        reading: Number of this reading of the file.
        seq: Number of the record in this reading, refused ones counted, from 0.
        is_last: Nothing of the file follows.
        offset: Byte of the file at which this record begins, where reading can begin there; else None.
    """

    file: str
    stamp: str | None
    reading: int
    seq: int
    is_last: bool
    offset: int | None = None


@dataclass(frozen=True)
class MetRecord:
    """A record as it was met: its bytes, or why they were refused unread.

    Attributes:
        mark: Where it stood, for records of files.
        raw_id: Id of its bytes where the file did not change since they were read, so that they are not read again.
        is_known: The file did not change: the record, or its refusal, is the one that was met there last.
    """

    source_name: str
    source_uri: str
    record_no: int | None
    media_type: str
    content: bytes | None
    refusal_rule: str | None = None
    refusal_detail: str | None = None
    mark: Mark | None = None
    raw_id: str | None = None
    is_known: bool = False
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
