"""Files that appear whole or not at all.

Covers the one way in which a file or an object is replaced, and small JSON files kept that way.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.storage.object_paths import ObjectPath


@contextlib.contextmanager
def replacing(path: Path | ObjectPath) -> Iterator[Path]:
    """Yield a place beside the file to write to; afterwards that is brought to the disk and renamed onto the file.

    A reader sees the old file or the new one. If anything fails, nothing is left behind. An object is written to a file
    of this machine first, and uploaded whole.
    """
    if isinstance(path, ObjectPath):
        with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
            yield (unfinished := Path(folder) / path.name)
            path.upload(unfinished)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield unfinished
        fsync(unfinished)
        unfinished.replace(path)
        fsync(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def fsync(path: Path) -> None:
    """Bring a file, or a folder's list of names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path | ObjectPath, value: Mapping[str, Any]) -> None:
    """Replace a JSON file."""
    with replacing(path) as unfinished:
        unfinished.write_text(json.dumps(value, indent=1, sort_keys=True), encoding="utf-8")


def read_json(path: Path | ObjectPath) -> dict[str, Any]:
    """Return the object of a JSON file; an empty one if there is no such file, or it holds none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
