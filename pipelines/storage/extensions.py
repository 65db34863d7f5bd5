"""DuckDB's extensions, from wheels that are installed beside it: none is downloaded.

Covers where one lies, and writing it into SQL.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import duckdb


@cache
def extension_path(name: str) -> Path | None:
    """Return the file of an extension that fits this DuckDB; None: it is not installed."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    folders = (found.submodule_search_locations or ()) if found else ()
    paths = [p for folder in folders for p in Path(folder).glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")]
    return paths[0] if paths else None


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
