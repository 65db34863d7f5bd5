"""The frames of extraction: their schemas, and the lists of rows they are made of.

For what stands in them, see `rows`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipelines import contracts

Row = dict[str, object]
_DAY = ("ingest_date", "batch_id")
_DATES = ("stated_date_text", "stated_date", "stated_date_precision", "stated_date_basis")


def _schema(table: contracts.Table, *without: str) -> pl.Schema:
    return pl.Schema({name: kind for name, kind in table.schema.items() if name not in (*_DAY, *without)})


SENTENCES = _schema(contracts.lake.SENTENCES)
STATEMENTS = _schema(contracts.lake.STATEMENTS, *_DATES)
STATEMENT_SPANS = _schema(contracts.lake.STATEMENT_SPANS)
QUOTES = _schema(contracts.lake.QUOTES)
STATEMENT_QUOTES = _schema(contracts.lake.STATEMENT_QUOTES)
MENTIONS = _schema(contracts.lake.MENTIONS)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Rows of evidence, in the columns of the lake tables of the same names.

    `ingest_date` and `batch_id` are left to the caller.

    Attributes:
        sentences: one row a sentence.
        statements: one row an attribution; the `stated_date*` columns are left to the module that resolves dates.
        statement_spans: one row a source, cue, content, addressee, time or venue span.
        quotes: one row a stretch between quotation marks.
        statement_quotes: one row a quote in a statement's content.
        mentions: one row a name-like span, and one a source span.
    """

    sentences: pl.DataFrame
    statements: pl.DataFrame
    statement_spans: pl.DataFrame
    quotes: pl.DataFrame
    statement_quotes: pl.DataFrame
    mentions: pl.DataFrame


@dataclass(slots=True)
class Rows:
    """Rows by table, as they are written."""

    sentences: list[Row] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    spans: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)

    def frames(self) -> Extraction:
        """Return the rows as frames."""

        def frame(rows: list[Row], schema: pl.Schema) -> pl.DataFrame:
            return pl.DataFrame(rows, schema=schema, orient="row")

        return Extraction(
            frame(self.sentences, SENTENCES),
            frame(self.statements, STATEMENTS),
            frame(self.spans, STATEMENT_SPANS),
            frame(self.quotes, QUOTES),
            frame(self.links, STATEMENT_QUOTES),
            frame(self.mentions, MENTIONS),
        )
