"""Damaged parts of the lake: which one it is, what depends on it, and what cures it.

Covers knowing a message that means broken Parquet, and finding the part, which Polars does not name. For a broken
warehouse, see storage/warehouse; for parts that are missing, see storage/manifest.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipelines.storage.object_paths import ObjectPath

_BROKEN = re.compile(
    r"parquet|zstd|snappy|decompress|data corruption|out of spec|no magic bytes|thrift|page header", re.IGNORECASE
)
_RECEIVED = {
    "raw_documents": "the records of its batch cannot be read again (what was read of them before stays)",
    "sightings": "nothing of its batch can be computed or built",
    "pipeline_runs": "ops.pipeline_runs cannot be published",
}
"""What depends on a part that cannot be made again."""


class DamagedPartError(Exception):
    """A part is not a readable Parquet file; the message names it, what depends on it, and what cures it."""


def is_broken_parquet(message: str) -> bool:
    """Whether Polars or DuckDB says by this that a Parquet file is broken."""
    return _BROKEN.search(message) is not None


def has_footer(path: Path) -> bool:
    """Whether a part can be opened: without its footer nothing in it can be found, not even whose it is."""
    try:
        pl.read_parquet_metadata(path)
    except pl.exceptions.ComputeError:
        return False
    return True


def is_readable(path: Path | ObjectPath) -> bool:
    """Whether every value of a part can be read.

    Raises:
        OSError: an object store does not answer, which says nothing about the part.
    """
    source = io.BytesIO(path.read_bytes()) if isinstance(path, ObjectPath) else path
    try:
        pl.read_parquet(source, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return False
    return True


def advice(path: Path | ObjectPath, said: str = "") -> str:
    """Return a line about a damaged part: its path, what was said of it, what depends on it, and the cure."""
    name = path.parent.name if path.parent.name in _RECEIVED else path.parent.parent.name
    told = f"{path}: damaged" + (f" ({' '.join(said.split())})" if said else "")
    if name in _RECEIVED:
        return (
            f"{told}: {_RECEIVED[name]}; it cannot be made again: put it back from a copy and run again, or remove it "
            "and accept the loss (onrecord run --accept-loss)"
        )
    return f"{told}: it holds {name} of one batch, and its day cannot be built; cured by: onrecord rebuild"


@contextmanager
def naming(paths: Iterable[Path | ObjectPath]) -> Iterator[None]:
    """Name the part, where reading any of some parts fails on a broken one.

    Raises:
        DamagedPartError: it was one of them.
    """
    try:
        yield
    except (pl.exceptions.ComputeError, pl.exceptions.PanicException) as error:
        if not is_broken_parquet(str(error)):
            raise
        broken = next((path for path in paths if not is_readable(path)), None)
        if broken is None:
            raise
        raise DamagedPartError(advice(broken, str(error))) from None
