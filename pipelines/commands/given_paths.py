"""Paths that were named on the command line.

Covers which of them are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def existing(paths: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return the paths that exist, and those that do not."""
    found = [Path(p) for p in paths if _exists(Path(p))]
    return found, [p for p in paths if not _exists(Path(p))]


def _exists(path: Path) -> bool:
    """Whether something is there, also if nobody may look at it: reading it says why."""
    try:
        return path.exists()
    except OSError:
        return True
