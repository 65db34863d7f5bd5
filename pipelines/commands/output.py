"""Rows to a terminal, a pipe or a file: the formats that every command writes.

How a row reads in each of them. One line of text is made safe in messages.py; the published file is opened in
storage/published.py.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from pipelines.commands.messages import finite, harmless, json_line, plain
from pipelines.errors import UsageError
from pipelines.storage.atomic_files import replacing

if TYPE_CHECKING:  # whoever writes frames need not load DuckDB, and the other way round
    import duckdb
    import polars as pl

Format = Literal["table", "csv", "json", "jsonl", "parquet", "xlsx"]
_BY_SUFFIX: dict[str, Format] = {
    ".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".xlsx": "xlsx",
    ".txt": "table",
}  # fmt: skip
_NOT_FOR_A_TERMINAL = {"parquet": "Parquet", "xlsx": "An Excel file"}
_ROWS = 10_000
"""Rows fetched at a time."""
_SHEET_ROWS = 1_048_575
"""What a sheet holds below its head."""
_CELL_CHARACTERS = 32_767
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When an Excel file says that it was made: the same rows are the same bytes."""
Rows = Iterable[Sequence[Any]]


def format_for(output: str | None, asked: Format | None, default: Format) -> Format:
    """Return the format that was asked for; else the one that the file's name says; else the command's own."""
    named = _BY_SUFFIX.get(Path(output).suffix.lower()) if output else None
    return asked or named or default


def write_relation(relation: duckdb.DuckDBPyRelation, format: Format, output: str | None) -> None:
    """Write the rows of a relation, to a file that appears whole or to standard output.

    Raises:
        UsageError: Parquet or Excel for a terminal, a folder that is not there, or too many rows for a sheet.
    """
    with opened(output, format) as target:
        if format == "parquet":
            _parquet(relation, target)
        elif format == "table":
            _table(relation, target)
        else:
            from pipelines.storage.published import distinct

            _write(distinct(relation.columns), _fetched(relation), format, target)


def write_frame(frame: pl.DataFrame, format: Format, output: str | None) -> None:
    """Write the rows of a frame likewise."""
    with opened(output, format) as target:
        if format == "parquet":
            frame.write_parquet(target, compression="zstd")
        elif format == "table":
            target.write(harmless(_shown(frame)).encode() + b"\n")
        else:
            _write(frame.columns, frame.iter_rows(), format, target)


@contextlib.contextmanager
def opened(output: str | None, format: Format) -> Iterator[IO[bytes]]:
    """Open what is written to: a file that replaces another when it is whole, or standard output.

    Raises:
        UsageError: see `write_relation`.
    """
    if output is None:
        if format in _NOT_FOR_A_TERMINAL and sys.stdout.isatty():
            raise UsageError(f"{_NOT_FOR_A_TERMINAL[format]} is not for a terminal: give a file with -o FILE")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such folder to write to")
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        yield file
        file.flush()


def _write(names: Sequence[str], rows: Rows, format: Format, target: IO[bytes]) -> None:
    match format:
        case "csv":
            writer = csv.writer(_Text(target))
            writer.writerow(names)
            writer.writerows(rows)
        case "jsonl":
            for row in rows:
                target.write(json_line(dict(zip(names, row, strict=True))).encode() + b"\n")
        case "json":
            write_array((json_line(dict(zip(names, row, strict=True))) for row in rows), target)
        case _:
            _xlsx(names, rows, target)


def write_array(lines: Iterable[str], target: IO[bytes]) -> None:
    """Write lines of JSON as one array, a line each."""
    separator = b"[\n"
    for line in lines:
        target.write(separator + line.encode())
        separator = b",\n"
    target.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _fetched(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    while rows := relation.fetchmany(_ROWS):
        yield from rows


def _table(relation: duckdb.DuckDBPyRelation, target: IO[bytes]) -> None:
    # show() writes to Python's standard output. It escapes the older control characters, not those of 0x7F and beyond.
    with contextlib.redirect_stdout(_Text(target, harmless)):
        relation.show(max_width=_width(), max_rows=1000)


def _shown(frame: pl.DataFrame) -> str:
    import polars as pl

    with pl.Config(
        tbl_rows=-1, tbl_cols=-1, tbl_width_chars=_width(), fmt_str_lengths=_width(), tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True, tbl_formatting="UTF8_FULL_CONDENSED",
    ):  # fmt: skip
        return str(frame)


def _width() -> int:
    return shutil.get_terminal_size((160, 24)).columns


def _parquet(relation: duckdb.DuckDBPyRelation, target: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipelines.storage.published import distinct

    names = distinct(relation.columns)
    reader = relation.fetch_record_batch(_ROWS * 10)
    schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch.rename_columns(names))


def _xlsx(names: Sequence[str], rows: Rows, target: IO[bytes]) -> None:
    """Write a sheet. Text is text: neither a formula nor a link is made of what was printed."""
    from xlsxwriter import Workbook  # which only few need

    made = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    with Workbook(made, options) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet()
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, names)
        for number, row in enumerate(rows, start=1):
            if number > _SHEET_ROWS:
                raise UsageError(f"more than {_SHEET_ROWS:,} rows, which is all that a sheet holds: write Parquet")
            for column, value in enumerate(map(_cell, row)):
                if value is not None:
                    sheet.write(number, column, value, *([instant] if isinstance(value, datetime) else []))
    target.write(made.getvalue())


def _cell(value: object) -> object:
    """Return what a cell can hold: numbers, days and text as they are, instants in UTC, lists and the like as JSON."""
    value = finite(value)
    if value is None or isinstance(value, bool | int | float | date):
        return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=plain)
    if len(text) > _CELL_CHARACTERS:
        raise UsageError(f"a text of {len(text):,} characters, and a cell holds {_CELL_CHARACTERS:,}: write Parquet")
    return text


class _Text:
    """A text stream over a byte stream that others go on using: UTF-8, line ends as given."""

    encoding = "utf-8"

    def __init__(self, target: IO[bytes], change: Callable[[str], str] = str) -> None:
        self._target, self._change = target, change

    def write(self, text: str) -> int:
        return self._target.write(self._change(text).encode())

    def flush(self) -> None:
        self._target.flush()
