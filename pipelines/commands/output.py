"""Rows of a query to a terminal, a pipe or a file.

Belongs here: the formats of `onrecord query`. Does not belong here: one line (messages.py), opening the published file
(storage/published.py), whole tables (export.py).
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import duckdb

from pipelines.commands.messages import harmless, json_line
from pipelines.errors import UsageError
from pipelines.storage.atomic_files import replacing
from pipelines.storage.published import distinct

FORMATS = ("table", "csv", "json", "parquet")
_ROWS = 10_000  # fetched at a time


def write_relation(relation: duckdb.DuckDBPyRelation, format: str, output: str | None) -> None:
    """Write the rows of a relation, to a file that appears whole or to standard output.

    Raises:
        UsageError: Parquet for a terminal, or a folder that is not there.
    """
    if format == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal: give a file with -o FILE, or pipe it")
    with _target(output) as target:
        match format:
            case "csv":
                _csv(relation, target)
            case "json":
                _json(relation, target)
            case "parquet":
                _parquet(relation, target)
            case _:
                _table(relation, target)


@contextlib.contextmanager
def _target(output: str | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such folder to write to")
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        yield file
        file.flush()


def _table(relation: duckdb.DuckDBPyRelation, target: IO[bytes]) -> None:
    # show() writes to Python's standard output. It escapes the older control characters, not those of 0x7F and beyond.
    with contextlib.redirect_stdout(_Text(target, harmless)):
        relation.show(max_width=shutil.get_terminal_size((160, 24)).columns, max_rows=1000)


def _csv(relation: duckdb.DuckDBPyRelation, target: IO[bytes]) -> None:
    writer = csv.writer(_Text(target))
    writer.writerow(distinct(relation.columns))
    while rows := relation.fetchmany(_ROWS):
        writer.writerows(rows)


def _json(relation: duckdb.DuckDBPyRelation, target: IO[bytes]) -> None:
    names = distinct(relation.columns)
    while rows := relation.fetchmany(_ROWS):
        for row in rows:
            target.write(json_line(dict(zip(names, row, strict=True))).encode() + b"\n")


def _parquet(relation: duckdb.DuckDBPyRelation, target: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = distinct(relation.columns)
    reader = relation.fetch_record_batch(_ROWS * 10)
    schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch.rename_columns(names))


class _Text:
    """A text stream over a byte stream that others go on using: UTF-8, line ends as given."""

    encoding = "utf-8"

    def __init__(self, target: IO[bytes], change: Callable[[str], str] = str) -> None:
        self._target, self._change = target, change

    def write(self, text: str) -> int:
        return self._target.write(self._change(text).encode())

    def flush(self) -> None:
        self._target.flush()
