"""Zip archives: every member is a file of its own, cut by its own suffix.

Covers which members are read, what makes one refused and the bounds of the whole archive. For what a member holds, see
file_records. Nothing is written under a member's name: "../../x" is a name and no path.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from pipelines.ingest.record_values import CHUNK, Bounds, Budget, CutRecord, Unreadable

MAX_DEPTH = 2
"""An archive may lie in an archive; in that, none is opened."""
_MAX_DIRECTORY = 64_000_000
"""Bytes of an archive's list of members, which is held in memory: 500,000 members and more."""
_TAIL = 65_557 + 76
Cut = Callable[[BinaryIO, str, int, Bounds], Iterator[CutRecord]]
"""Cuts a file: its bytes, its name, its packed size, its bounds."""


def cut_zip(file: BinaryIO, bounds: Bounds, cut: Cut) -> Iterator[CutRecord]:
    """Yield the records of every member, in the order of the archive.

    Raises:
        Unreadable: it is no archive, or one that must not be opened.
    """
    if bounds.depth >= MAX_DEPTH:
        raise Unreadable("too_deep", f"an archive inside of {MAX_DEPTH} others: unpack it first")
    size = file.seek(0, 2)
    if _directory_bytes(file, size) > _MAX_DIRECTORY:
        raise Unreadable("too_many_members", "its list of members is larger than 64 MB: split the archive")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error) as error:
        raise Unreadable("broken_zip", f"{_line(error)}: fetch the archive again") from None
    budget = Budget(size, bounds.max_bytes)
    times: Counter[str] = Counter()
    with archive:
        for info in archive.infolist():
            name = info.filename
            if info.is_dir() or _is_hidden(name):
                continue
            times[name] += 1
            again = f" ({times[name]})" if times[name] > 1 else ""
            for piece in _member(archive, info, bounds, budget, cut):
                yield replace(piece, member=f"!/{name}{again}{piece.member}", offset=None)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: Bounds, budget: Budget, cut: Cut
) -> Iterator[CutRecord]:
    if info.flag_bits & 0x1:
        yield CutRecord(None, rule="encrypted", detail="the member is encrypted: unpack the archive with its password")
        return
    inner = replace(bounds, depth=bounds.depth + 1)
    try:
        with archive.open(info) as member:
            counted = _Counted(cast(BinaryIO, member), budget)
            if PurePosixPath(info.filename).suffix.lower() in (".zip", ".parquet"):  # read from their end
                with tempfile.TemporaryFile() as whole:
                    while chunk := counted.read(CHUNK):
                        whole.write(chunk)
                    whole.seek(0)
                    yield from cut(cast(BinaryIO, whole), info.filename, info.compress_size, inner)
            else:
                yield from cut(cast(BinaryIO, counted), info.filename, info.compress_size, inner)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        yield CutRecord(
            None, rule="broken_zip", detail=f"the member is damaged ({_line(error)}): fetch the archive again"
        )
    except (NotImplementedError, RuntimeError) as error:
        yield CutRecord(
            None, rule="unsupported_zip", detail=f"the member cannot be read ({_line(error)}): unpack it first"
        )


class _Counted:
    """A member that counts what is read of it against what the archive may become."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file = file
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._budget.spend(len(chunk))
        return chunk

    def readline(self, size: int = -1) -> bytes:
        line = self._file.readline(size)
        self._budget.spend(len(line))
        return line


def _directory_bytes(file: BinaryIO, size: int) -> int:
    """Return the size of the list of members that the archive's end declares; 0 where it has no end."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    file.seek(0)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 22:
        return 0
    (declared,) = struct.unpack_from("<L", tail, found + 12)
    large = tail.rfind(b"PK\x06\x06", 0, found)
    if declared == 0xFFFFFFFF and large >= 0:
        (declared,) = struct.unpack_from("<Q", tail, large + 40)
    return int(declared)


def _is_hidden(name: str) -> bool:
    """Whether a member is what the walk of a folder would pass over too."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(p.startswith(".") and p not in (".", "..") for p in parts)


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
