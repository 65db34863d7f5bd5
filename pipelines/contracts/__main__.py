"""``python -m pipelines.contracts [--check]``: write the files that follow from the column contracts.

Covers reading and writing those files.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.contracts.docs import files

ROOT = Path(__file__).resolve().parents[2]


def stale(root: Path = ROOT) -> list[str]:
    """Return the paths of the generated files that differ from their contracts, or are missing."""
    return [path for path, text in files().items() if not _holds(root / path, text)]


def write(root: Path = ROOT) -> list[str]:
    """Write the generated files that differ, and return their paths."""
    changed = stale(root)
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files()[path], encoding="utf-8")
    return changed


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str] | None = None) -> int:
    """Write or check the files; the exit status is 1 if ``--check`` found one that differs."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.contracts", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not up to date")
    options = parser.parse_args(arguments)
    changed = stale() if options.check else write()
    for path in changed:
        print(f"{path}: {'not up to date; run `python -m pipelines.contracts`' if options.check else 'written'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
