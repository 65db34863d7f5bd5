"""What every door gives: a record as it was met, with its bytes or the reason why they were refused unread.

Belongs here: that one value. Does not belong here: finding records, and reading what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Met:
    """A record as it was met: its bytes, or why they were refused unread."""

    source_name: str
    source_uri: str
    record_no: int | None
    media_type: str
    content: bytes | None
    refusal_rule: str | None = None
    refusal_detail: str | None = None
