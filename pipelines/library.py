"""OnRecord as a library: who says what in texts, and the published file, as Polars frames.

Imported as `onrecord`, a file beside this package. The command line does the same in commands/; running the pipeline is
left to it, so that nothing here loads Dagster or dbt.

    import onrecord

    onrecord.extract("Ilse Marrow said the pier was shut.")
    with onrecord.open() as news:
        news.sql("SELECT speaker, n_statements FROM mart.speaker_counts ORDER BY 2 DESC LIMIT 10")
        news.table("mart.statements_counted")
"""

from __future__ import annotations

import difflib
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import polars as pl

from pipelines.settings import load_settings

_AT_ONCE = 20
"""Texts that are read together: more of them only take more memory."""


def extract(texts: str | Iterable[str | None]) -> pl.DataFrame:
    """Find who says what in one text or several.

    Nothing is read but the texts, the models of the package and, where there is one, the folder `reference/` of the
    data folder (words and people of your own). Nothing is written.

    Args:
        texts: One text, or a list, a Polars Series or another iterable of them. An article's paragraphs are separated
            by empty lines; a first line that reads like a headline is taken for one. Text in another language than
            English gives no rows.

    Returns:
        One row a statement, in the order of the texts and within each of the statements:

        - `doc`: the number of the text, from 0.
        - `speaker`: the name of who says it, as the article has it in full; null where that is not known or unsure.
        - `cue`, `content`, `source`: the words that introduce it (said, warned), what is said, and the words that the
          text has for the speaker (she, the mayor). Several spans of a kind are joined by " … ".
        - `type`: direct, indirect or mixed. `cue_class`: say, deny, warn, ... `polarity`: asserted, negated, ...
        - `source_kind`: named_person, role_only, anonymous, document, ...
        - `tier`: core (clear speech in the body) or extended. `section`: body, headline, ...
        - `method`: how the speaker was found. `confidence` (of the spans) and `speaker_confidence`: 0 to 1.
        - `char_start`, `char_end`: where the content begins and ends, in characters from 0, end exclusive.

    Warns:
        UserWarning: a text could not be read; it has no rows, and the others do.
    """
    given: list[str | None] = [texts] if isinstance(texts, str) else list(texts)
    numbered = [(str(number), text) for number, text in enumerate(given) if text and not text.isspace()]
    starts = range(0, max(len(numbered), 1), _AT_ONCE)
    return pl.concat([_statements(numbered[i : i + _AT_ONCE]) for i in starts])


def _statements(texts: Sequence[tuple[str, str]]) -> pl.DataFrame:
    from pipelines.commands.article_lines import named_lines, statement_frame

    lines, refused = named_lines(texts)
    for why in refused:
        warnings.warn(f"text {why}", stacklevel=3)
    return statement_frame(lines).drop("path").with_columns(pl.col("doc").cast(pl.Int64))


class News:
    """A published file, open to be read: nothing can be changed with it. Made by `open`; close it, or use `with`."""

    def __init__(self, path: Path) -> None:
        from pipelines.storage.published import NotPublishedError, open_published

        self.path = path
        """The file."""
        try:
            self._con = open_published(path, load_settings().query_memory)
        except NotPublishedError as error:
            raise FileNotFoundError(str(error)) from None

    def sql(self, query: str, parameters: Sequence[object] | Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one SQL query and return its rows.

        Args:
            query: DuckDB's SQL; ? or $name stand for parameters.
            parameters: Their values, in order or by name.

        Raises:
            duckdb.Error: The query is wrong, or wants what a reader may not do.
        """
        return self._con.execute(query, parameters).pl()

    def table(self, name: str) -> pl.DataFrame:
        """Return a whole table or view, such as "mart.speaker_counts" (see `tables`).

        Raises:
            ValueError: There is no table of that name.
        """
        known = self.tables()["table"].to_list()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            raise ValueError(f"no table {name}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
        schema, _, relation = name.partition(".")
        return self.sql(f'FROM "{schema}"."{relation}"')

    def tables(self) -> pl.DataFrame:
        """Return the tables and views that are there to be asked: `table` (its name) and `meaning`."""
        return self.sql(
            "SELECT schema_name || '.' || name AS \"table\", comment AS meaning FROM ("
            "SELECT schema_name, table_name AS name, comment FROM duckdb_tables() UNION ALL "
            "SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal) "
            "WHERE schema_name IN ('mart', 'core', 'ops') ORDER BY ALL"
        )

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    def __enter__(self) -> News:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open(path: str | os.PathLike[str] | None = None) -> News:
    """Open a published file.

    Args:
        path: The file, or a data folder. Default: the file in the data folder, as `onrecord query` asks it
            (ONRECORD_DATA_DIR).

    Raises:
        FileNotFoundError: Nothing is published there, or by a version with other tables; the message says what to do.
    """
    settings = load_settings()
    if path is None:
        return News(settings.published)
    given = Path(path).expanduser()
    return News(load_settings(data_dir=given).published if given.is_dir() else given)


__all__ = ["News", "extract", "open"]
