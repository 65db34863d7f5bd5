"""What cutting a file gives, and what it is given: the values that all containers share.

Covers plain values, the one exception, and reading within bounds. It does not cover any one format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

CHUNK = 1 << 20
_MAX_RATIO = 200
"""Bytes that one compressed byte may become, on average over a file: news text gives 3 to 20, a bomb 1,000 and more."""


@dataclass(frozen=True)
class CutRecord:
    """One record of a file, or why it, or what is left of the file, was refused.

    Attributes:
        content: Its bytes; None where they were refused.
        number: Number of the record in its container, from 0; None for a container of one record.
        media_type: Which reader takes it; parameters (charset) may follow.
        member: What names it inside the file: "!/" and a member's name or a URL.
        offset: Byte of the file at which it begins, where reading can begin there.
        may_pass: The refusal is none of the file's contents, so that another try may do better.
    """

    content: bytes | None
    number: int | None = None
    media_type: str = "application/octet-stream"
    rule: str | None = None
    detail: str | None = None
    member: str = ""
    offset: int | None = None
    may_pass: bool = False


@dataclass(frozen=True)
class Start:
    """Where reading goes on inside a file: the last record that was met there, and its number."""

    offset: int
    number: int


@dataclass(frozen=True)
class Bounds:
    """What limits the reading of a file, and what its source's settings say about its columns.

    Attributes:
        max_bytes: A larger record is refused unread, also when it is compressed.
        fields: Our field -> the source's name of it.
        own: Suffixes of a user's own readers, and the media types of what they read.
        depth: How many containers the file lies in.
    """

    max_bytes: int
    fields: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0


class Unreadable(Exception):  # noqa: N818  the name says what the file is
    """The file, or what is left of it, cannot be cut; the detail says what to do."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail


class Bomb(Unreadable):
    """The file becomes much more than news ever does: nothing more of it is read, nor of an archive round it."""


def too_large(number: int | None, max_bytes: int) -> CutRecord:
    """Return the refusal of a record that is larger than the bound."""
    where = "" if number is None else f"record {number}: "
    detail = f"{where}larger than {max_bytes:,} bytes: split it, or raise ONRECORD_MAX_DOCUMENT_BYTES"
    return CutRecord(None, number, rule="too_large", detail=detail)


def read_bounded(file: BinaryIO, max_bytes: int) -> bytes | None:
    """Return the file's bytes, or None as soon as there are more than max_bytes."""
    parts: list[bytes] = []
    size = 0
    while chunk := file.read(min(CHUNK, max_bytes + 1)):
        size += len(chunk)
        if size > max_bytes:
            return None
        parts.append(chunk)
    return b"".join(parts)


class Budget:
    """How much a compressed file may become; what takes it beyond that is a bomb.

    Args:
        packed_bytes: Size of the compressed file.
        max_bytes: What any file may become.
    """

    def __init__(self, packed_bytes: int, max_bytes: int) -> None:
        self._left = max_bytes + _MAX_RATIO * packed_bytes

    def spend(self, n_bytes: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            Bomb: there are too many.
        """
        self._left -= n_bytes
        if self._left < 0:
            raise Bomb(
                "bomb", f"unpacks to more than {_MAX_RATIO} times its size, as no news does: look at what made it"
            )


def lines(file: BinaryIO, max_bytes: int, budget: Budget | None = None) -> Iterator[tuple[int, bytes | None]]:
    """Yield number and bytes of each line that is not blank; None for one that is too large."""
    number = 0
    while line := file.readline(max_bytes + 1):
        if budget is not None:
            budget.spend(len(line))
        stripped = line.rstrip(b"\r\n")
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (rest := file.readline(CHUNK)) and not rest.endswith(b"\n"):
                if budget is not None:
                    budget.spend(len(rest))
            yield number, None
        elif stripped.strip():
            yield number, stripped
        number += 1
