"""`onrecord raw`: the bytes of a record as received, on standard output; on a terminal nothing that would steer it."""

from __future__ import annotations

import sys

import polars as pl

from pipelines.commands.messages import harmless
from pipelines.errors import UsageError
from pipelines.settings import load_settings
from pipelines.storage.lake import Lake


def main(raw_id: str) -> int:
    """Write the bytes and return the exit status."""
    lake = Lake(load_settings().lake_dir)
    found = lake.rows(lake.scan("raw_documents").filter(pl.col("raw_id") == raw_id).select("bytes"))["bytes"]
    if found.is_empty():
        raise UsageError(f"no record has the raw_id {raw_id!r}, or it was taken down")
    if sys.stdout.isatty():
        print(harmless(found[0].decode("utf-8", "replace")))
        return 0
    sys.stdout.buffer.write(found[0])
    sys.stdout.flush()
    return 0
