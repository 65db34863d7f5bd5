"""The rows of a word list or table that is kept as CSV, checked: what every reader of pipelines/reference goes through.

Covers columns, cells and lines. For what a table says, see `reference` and `cues`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence


def csv_rows(
    file: str, text: str, columns: Sequence[str], *, may_skip_lines: bool = False
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield ("file, line n", row) for each row, its cells without white space around them.

    Args:
        file: Name for messages.
        text: The file's text.
        columns: What its first line must be; the first column may not be empty.
        may_skip_lines: Pass over empty lines, as spreadsheets leave them at the end of a file.

    Raises:
        ValueError: a line is wrong; the message says which, and what to do.
    """
    reader = csv.reader(io.StringIO(text))
    header = tuple(next(reader, ()))
    if header != tuple(columns):
        raise ValueError(f"{file}, line 1: the columns are {','.join(header)}; make them {','.join(columns)}")
    for cells in reader:
        at = f"{file}, line {reader.line_num}"
        if not cells and may_skip_lines:
            continue
        if len(cells) != len(columns):
            raise ValueError(f"{at}: {len(cells)} cells; give it {len(columns)}, and quote a cell that holds a comma")
        if not cells[0].strip():
            raise ValueError(f"{at}: {columns[0]} is empty; fill it in or delete the line")
        yield at, {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
