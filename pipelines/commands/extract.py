"""`onrecord extract`: statements and quotes of articles, without a warehouse.

What was named in, lines or rows out. Articles are read and extracted from in article_lines.py.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl

from pipelines.commands.article_lines import Line, article_lines, articles_of, lines_of, statement_frame
from pipelines.commands.given_paths import existing
from pipelines.commands.messages import json_line, printable
from pipelines.commands.output import Format, format_for, opened, write_array, write_frame
from pipelines.compute.pool import map_batches
from pipelines.ingest.file_records import kind_of
from pipelines.settings import is_web, load_settings

_CHUNK = 20
_ARTICLES = ("json", "jsonl")
"""Formats that hold an article with all its statements; the others hold a statement a row."""
_SHOWN = ("doc", "speaker", "cue", "content", "tier")
"""Columns of a table on a terminal."""
_STANDARD_INPUT = "-"
_FETCHED = {"text/plain": "page.txt", "application/json": "page.json"}


def main(inputs: Sequence[str], output: str | None, asked: Format | None = None) -> int:
    """Extract and return the exit status: 1 if something does not exist or cannot be read."""
    format = format_for(output, asked, "jsonl")
    found, missing = existing([i for i in inputs if i != _STANDARD_INPUT and not is_web(i)])
    refused = [f"{p}: no such file or folder" for p in missing]
    given = [i for i in inputs if i == _STANDARD_INPUT or is_web(i)]
    if format in _ARTICLES:
        with opened(output, format) as target:
            lines = _lines(given, found, refused)
            if format == "json":
                write_array(lines, target)
            else:
                target.writelines(f"{line}\n".encode() for line in lines)
    else:
        frame = _frame(given, found, refused)
        write_frame(frame.select(_SHOWN) if format == "table" else frame, format, output)
    for line in refused:
        print(f"onrecord: {printable(line)}", file=sys.stderr)
    return 1 if refused else 0


def _lines(given: Sequence[str], paths: Iterable[Path], refused: list[str]) -> Iterator[str]:
    """Yield a line of JSON for each article."""
    for name in given:
        yield from map(json_line, _read(name, refused))
    for lines, problems in map_batches(_written, _chunks(paths, refused), workers=load_settings().n_workers):
        refused += problems
        yield from lines


def _frame(given: Sequence[str], paths: Iterable[Path], refused: list[str]) -> pl.DataFrame:
    """Return a row for each statement."""
    parts = [statement_frame(_read(name, refused)) for name in given]
    for frame, problems in map_batches(_rows, _chunks(paths, refused), workers=load_settings().n_workers):
        refused += problems
        parts.append(frame)
    return pl.concat([statement_frame([]), *parts])


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


def _chunks(paths: Iterable[Path], refused: list[str]) -> list[list[Path]]:
    files = list(_files(paths, refused))
    return [files[i : i + _CHUNK] for i in range(0, len(files), _CHUNK)]


def _written(paths: Sequence[Path]) -> tuple[list[str], list[str]]:
    """Return some files' articles as lines of JSON, which take less room on their way than rows, and refusals."""
    lines, refused = article_lines(paths)
    return [json_line(line) for line in lines], refused


def _rows(paths: Sequence[Path]) -> tuple[pl.DataFrame, list[str]]:
    """Return some files' statements as rows, and refusals."""
    lines, refused = article_lines(paths)
    return statement_frame(lines), refused
