"""`onrecord extract`: statements and quotes of text files, without a warehouse.

Belongs here: files in, JSON lines out. Does not belong here: reading and extraction (core).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from pipelines.commands.article_lines import article_lines
from pipelines.commands.given_paths import existing
from pipelines.commands.messages import json_line, printable
from pipelines.compute.pool import map_batches
from pipelines.ingest.compressed import PACKED
from pipelines.ingest.file_records import KINDS, WHOLE
from pipelines.settings import load_settings

_CHUNK = 20
_TEXT = "text/plain"


def main(paths: Sequence[str], output: str | None) -> int:
    """Extract and return the exit status: 1 if a path does not exist or a file cannot be read as text."""
    found, missing = existing(paths)
    refused = [f"{p}: no such file or folder" for p in missing]
    files: list[Path] = []
    for path in found:
        below = sorted(path.rglob("*.txt")) if path.is_dir() else [path]
        files += (f for f in below if not _is_other(f))
        refused += (f"{f}: not plain text; `onrecord run` reads it" for f in below if _is_other(f))
        if not below:
            refused.append(f"{path}: holds no .txt file")
    chunks = [files[i : i + _CHUNK] for i in range(0, len(files), _CHUNK)]
    with _opened(output) as out:
        for lines, problems in map_batches(_written, chunks, workers=load_settings().n_workers):
            out.write(lines)
            refused += problems
    for line in refused:
        print(f"onrecord: {printable(line)}", file=sys.stderr)
    return 1 if refused else 0


def _written(paths: Sequence[Path]) -> tuple[str, list[str]]:
    """Return the JSON lines of some files as text, which takes less room on its way than what it says, and refusals."""
    lines, refused = article_lines(paths)
    return "".join(json_line(line) + "\n" for line in lines), refused


def _is_other(path: Path) -> bool:
    """Whether a file's name says that it is a format that other commands read."""
    suffix = path.suffix.lower()
    return suffix in PACKED or (suffix in KINDS and WHOLE.get(suffix) != _TEXT)


@contextlib.contextmanager
def _opened(output: str | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
    else:
        with Path(output).open("w", encoding="utf-8") as file:
            yield file
