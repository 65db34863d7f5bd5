"""`onrecord extract`: statements and quotes of articles, without a warehouse.

Belongs here: what was named in, lines or rows out. Does not belong here: reading and extraction (see `article_lines`).
"""

from __future__ import annotations

import contextlib
import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO

from pipelines.commands.article_lines import COLUMNS, Line, article_lines, articles_of, lines_of, statement_rows
from pipelines.commands.given_paths import existing
from pipelines.commands.messages import harmless, json_line, printable
from pipelines.compute.pool import map_batches
from pipelines.ingest.file_records import kind_of
from pipelines.settings import is_web, load_settings

Format = Literal["jsonl", "csv", "table"]
_CHUNK = 20
_SHOWN = (("doc", 18), ("speaker", 22), ("cue", 14), ("content", 74), ("tier", 8))
"""Columns of a table, and their widths."""
_STANDARD_INPUT = "-"
_FETCHED = {"text/plain": "page.txt", "application/json": "page.json"}


def main(inputs: Sequence[str], output: str | None, format: Format = "jsonl") -> int:
    """Extract and return the exit status: 1 if something does not exist or cannot be read."""
    found, missing = existing([i for i in inputs if i != _STANDARD_INPUT and not is_web(i)])
    refused = [f"{p}: no such file or folder" for p in missing]
    files = list(_files(found, refused))
    chunks = [files[i : i + _CHUNK] for i in range(0, len(files), _CHUNK)]
    with _opened(output) as out:
        if format != "jsonl":
            out.write(_head(format))
        for name in (i for i in inputs if i == _STANDARD_INPUT or is_web(i)):
            out.write(_text(_read(name, refused), format))
        work = [(chunk, format) for chunk in chunks]
        for text, problems in map_batches(_written, work, workers=load_settings().n_workers):
            out.write(text)
            refused += problems
    for line in refused:
        print(f"onrecord: {printable(line)}", file=sys.stderr)
    return 1 if refused else 0


def _files(paths: Iterable[Path], refused: list[str]) -> Iterator[Path]:
    """Yield the files that were named, and those below folders that a reader takes."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        below = [p for p in sorted(path.rglob("*")) if p.is_file() and kind_of(p.name, {})]
        if not below:
            refused.append(f"{path}: holds no file of a kind that is read")
        yield from below


def _read(name: str, refused: list[str]) -> list[Line]:
    """Return the lines of standard input or of a web address."""
    if name == _STANDARD_INPUT:
        content = sys.stdin.buffer.read()
        kind = "input.jsonl" if content.lstrip()[:1] == b"{" else "input.html" if _is_html(content) else "input.txt"
        return lines_of(articles_of(io.BytesIO(content), "-", len(content), refused, kind), refused)
    from pipelines.ingest.web.client import client_of
    from pipelines.ingest.web.responses import UnfetchedError

    try:
        page = client_of(load_settings()).fetch(name)
    except UnfetchedError as error:
        refused.append(error.detail)
        return []
    kind = _FETCHED.get(page.media_type.partition(";")[0].strip().lower(), "page.html")
    return lines_of(articles_of(io.BytesIO(page.body), name, len(page.body), refused, kind), refused)


def _is_html(content: bytes) -> bool:
    return content.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<head", b"<article", b"<body"))


def _written(work: tuple[Sequence[Path], Format]) -> tuple[str, list[str]]:
    """Return what is written of some files as text, which takes less room on its way than rows, and refusals."""
    lines, refused = article_lines(work[0])
    return _text(lines, work[1]), refused


def _text(lines: Sequence[Line], format: Format) -> str:
    if format == "jsonl":
        return "".join(json_line(line) + "\n" for line in lines)
    rows = [row for line in lines for row in statement_rows(line)]
    if format == "table":
        return "".join(_shown(row) for row in rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return out.getvalue()


def _head(format: Format) -> str:
    return ",".join(COLUMNS) + "\n" if format == "csv" else _shown({name: name for name, _ in _SHOWN})


def _shown(row: Line) -> str:
    def cell(value: object, width: int) -> str:
        words = harmless(" ".join(str("" if value is None else value).split()))
        return words.ljust(width) if len(words) <= width else words[: width - 1] + "…"

    return "  ".join(cell(row[name], width) for name, width in _SHOWN).rstrip() + "\n"


@contextlib.contextmanager
def _opened(output: str | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
    else:
        with Path(output).open("w", encoding="utf-8", newline="") as file:
            yield file
