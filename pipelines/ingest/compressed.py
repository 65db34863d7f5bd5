"""Files that are compressed as a whole: gzip and Zstandard, unpacked while they are read.

Covers opening one within bounds, and what a broken one is called. For containers of several files, see zips and warcs.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO, cast

import zstandard

from pipelines.ingest.record_values import Unreadable

PACKED = frozenset({".gz", ".zst"})
_ZSTD_SLICE = 512
"""Bytes unpacked at a time: a block of four may become 128 KiB, so that this is at most 16 MiB."""
_ZSTD_WINDOW = 1 << 27
"""Memory that a frame may ask for; what `zstd` itself allows without being asked."""
BROKEN = (gzip.BadGzipFile, zlib.error, EOFError, zstandard.ZstdError)
"""What reading a broken file raises."""


def unpacked(raw: BinaryIO, suffix: str) -> BinaryIO:
    """Return a file that unpacks another while it is read."""
    if suffix == ".gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    return cast(BinaryIO, io.BufferedReader(_Zstd(raw)))


def broken(suffix: str, error: Exception) -> Unreadable:
    """Return what a broken file is called."""
    name = "gzip" if suffix == ".gz" else "zstd"
    return Unreadable(f"broken_{name}", f"{' '.join(str(error).split())}: fetch or compress the file again")


class _Zstd(io.RawIOBase):
    """Unpacks frame after frame; one that is cut off is an error, which the library's own stream passes over."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frames = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = self._out = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._out:
            if not self._packed:
                self._packed = memoryview(self._raw.read(1 << 16))
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("the file ends before its last frame does")
                return 0
            if self._frame is None:
                self._frame = self._frames.decompressobj()
            taken, self._packed = self._packed[:_ZSTD_SLICE], self._packed[_ZSTD_SLICE:]
            self._out = memoryview(self._frame.decompress(taken))
            if self._frame.eof:
                self._packed = memoryview(bytes(self._frame.unused_data) + bytes(self._packed))
                self._frame = None
        n = min(len(target), len(self._out))
        target[:n] = self._out[:n]
        self._out = self._out[n:]
        return n
