"""A list of a page as a file: CSV for a spreadsheet, JSON for a program; and a file of another kind.

Belongs here: the two forms. Does not belong here: which rows a list has (queries/), HTTP (web.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.explore.file import Row

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_NOT_OF_A_ROW = frozenset({"total"})
MEDIA = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


@dataclass(frozen=True)
class TextFile:
    """What an address gives that is no page.

    Attributes:
        text: What stands in it.
        media: Its media type.
        name: Name under which it is kept.
    """

    text: str
    media: str
    name: str


def as_file(rows: Sequence[Row], form: str) -> str:
    """Return rows as csv or json; a text that a spreadsheet would run as a formula begins with an apostrophe."""
    names = [name for name in (rows[0] if rows else {}) if name not in _NOT_OF_A_ROW]
    if form == "json":
        kept = [{name: row[name] for name in names} for row in rows]
        return json.dumps(kept, ensure_ascii=False, default=_plain, indent=1) + "\n"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, str) and value.lstrip(" \n").startswith(_RUNS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
