"""`onrecord search`: statements and quotes by their words.

Shows what was found; how it is found: storage/search.py.
"""

from __future__ import annotations

import dataclasses
import shutil
import textwrap

import duckdb
import polars as pl

from pipelines.commands.messages import printable
from pipelines.commands.output import Format, format_for, write_frame
from pipelines.commands.query import opened
from pipelines.errors import UsageError
from pipelines.settings import load_settings
from pipelines.storage.published import TooSlowError, time_limit
from pipelines.storage.search import Found, Hit, Query, search


def main(query: Query, limit: int, format: Format | None, output: str | None) -> int:
    """Print what is found; exit status 0 also where that is nothing.

    Without a format, and a file whose name says one, hits are paragraphs for a person to read.
    """
    settings = load_settings()
    if not any(c.isalnum() for c in query.text):
        raise UsageError("no word to look for: give one or more")
    with opened(settings) as con:
        try:
            with time_limit(con, settings.query_seconds):
                found = search(con, query, limit=limit)
        except TooSlowError as error:
            raise UsageError(f"{error}: raise ONRECORD_QUERY_SECONDS") from None
        except duckdb.Error as error:
            raise UsageError(str(error)) from None
    if format or output:
        write_frame(_frame(found.hits), format_for(output, format, "table"), output)
        return 0
    width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
    for hit in found.hits:
        print(_block(hit, width), end="\n\n")
    print(_closing(found))
    return 0


def _frame(hits: list[Hit]) -> pl.DataFrame:
    types = {"str": pl.String, "date": pl.Date, "float": pl.Float64}
    schema = {f.name: types[str(f.type).partition(" ")[0]] for f in dataclasses.fields(Hit)}
    return pl.DataFrame([dataclasses.astuple(hit) for hit in hits], schema=schema, orient="row")


def _block(hit: Hit, width: int) -> str:
    """Return a hit as a paragraph, what was said first, then where it stands."""
    who = f"{hit.speaker} [{hit.cue_text}]" if hit.cue_text else hit.speaker
    day = hit.on_date.isoformat() if hit.on_date else "no date"
    where = " · ".join(part for part in (hit.outlet, day, hit.headline, f"{hit.kind} {hit.passage_id}") if part)
    left_out = f" · not counted: {hit.excluded_reason}" if hit.excluded_reason else ""
    said = textwrap.fill(f"{printable(who)}: {printable(hit.content_text)}", width, subsequent_indent="  ")
    return f"{said}\n{textwrap.indent(textwrap.fill(printable(where) + left_out, width - 4), '    ')}"


def _closing(found: Found) -> str:
    if not found.hits:
        return "nothing found"
    shown = f"{len(found.hits):,} of {found.n_hits:,}" if found.n_hits > len(found.hits) else f"{found.n_hits:,}"
    how = "" if found.how == "index" else ", by parts of words"
    more = "; more with --limit" if found.n_hits > len(found.hits) else ""
    return f"{shown} found{how}{more}"
