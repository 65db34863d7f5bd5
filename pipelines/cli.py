"""The `onrecord` command: arguments in, exit status out.

Covers commands, options, help and errors as one line. For what a command does, see commands/. Each command imports its
module when it is called, so that --help does not wait for Dagster, polars and DuckDB.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

import typer
from typer.exceptions import TyperException

from pipelines import __version__
from pipelines.cli_overrides import QuickGroup, overrides
from pipelines.errors import UsageError, one_line

app = typer.Typer(
    cls=QuickGroup,
    help="Who said what, when, where it was printed, and how we know: from raw news to one DuckDB file.",
    epilog="Set ONRECORD_DATA_DIR to say where everything is kept.",
    rich_markup_mode=None,  # rich takes longer to load than --help may take
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(overrides, name="override")


_STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 something failed, 2 wrong use."""
    if argv is None:
        _spare_collector()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = int(app(arguments, prog_name="onrecord", standalone_mode=False) or 0)
    except TyperException as error:
        return _say(_wrong_use(error), error.exit_code)
    except UsageError as error:
        return _say(one_line(error), 2)
    except Exception as error:
        if os.environ.get("ONRECORD_TRACEBACK"):
            raise
        return _say(one_line(error), 2 if type(error).__name__ == "SettingsError" else 1)
    # Typer makes a status of Ctrl-C, and ends quietly when the reader of our output has gone (`| head`).
    return _say("stopped", status) if status == _STOPPED else status


def _spare_collector() -> None:
    """Let the garbage collector look less often at what libraries make when they load, and not at all at the end.

    2026-12-01: 2.5 s of a run of ten articles, in which it found next to nothing.
    """
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)


def _wrong_use(error: TyperException) -> str:
    """Return what is wrong with the arguments and where help is, on one line."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "onrecord"
    return f"{' '.join(error.format_message().split()).rstrip('.')} (see {command} --help)"


def _say(line: str, status: int) -> int:
    print(f"onrecord: {line}", file=sys.stderr)
    return status


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day: write it as 2026-03-02") from None


def _day_option(text: str) -> Any:  # noqa: ANN401  typer's own type of an option
    return typer.Option(parser=_day, metavar="DAY", help=text)


def _tables(incomplete: str) -> list[str]:
    """Return the tables that a shell offers to complete a name with."""
    from pipelines import contracts

    names = [f"{t.layer}.{t.name}" for t in contracts.tables() if t.layer in ("core", "mart", "ops")]
    return [name for name in ("core", "mart", "ops", *names) if name.startswith(incomplete)]


_Output = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="where to write (default: standard output); .xlsx, .csv, ... say how"
    ),
]
_FormatName = Literal["table", "csv", "json", "jsonl", "parquet", "xlsx"]
_Format = Annotated[_FormatName | None, typer.Option(help="how rows are written, whatever the file is called")]


def _version(is_asked: bool) -> None:
    if is_asked:
        print(f"onrecord {__version__}")
        raise typer.Exit


@app.callback()
def _onrecord(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take what comes before a command."""


@app.command(epilog="example: onrecord demo")
def demo() -> int:
    """Take in made-up news of four days, and show what an analyst finds in it."""
    from pipelines.commands import demo as command

    return command.main()


@app.command(epilog="example: onrecord run news/ more/article.html.gz")
def run(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT",
            help="files, folders, web addresses, URLs of object stores such as s3://bucket/news "
            "(default: sources.yaml and the inbox)",
        ),
    ] = None,
    date: Annotated[
        date | None,
        _day_option("ingest day, YYYY-MM-DD (default: today in UTC); for tests and for loading a series of days"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="compute the day again even if nothing changed")] = False,
    ingest_only: Annotated[
        bool, typer.Option("--ingest-only", help="store what was met; a later run builds and publishes it")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="go on, and publish, though news that was there is lost; it is logged")
    ] = False,
) -> int:
    """Take in news, find who said what, check it and publish it."""
    from pipelines.commands import run as command

    return command.main(inputs or [], date, force, ingest_only, accept_loss)


@app.command(epilog="example: onrecord extract speech.txt -o found.jsonl")
def extract(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="files (.txt, .html, .jsonl, ...; .gz too), folders, web addresses, or - for standard input",
        ),
    ],
    format: Annotated[
        _FormatName | None,
        typer.Option(help="json, jsonl (the default): an article with its statements; the others: a statement a row"),
    ] = None,
    output: _Output = None,
) -> int:
    """Write who says what in articles, without a warehouse."""
    from pipelines.commands import extract as command

    return command.main(inputs, output, format)


@app.command(
    epilog="example: onrecord query 'SELECT speaker, n_statements FROM mart.speaker_counts ORDER BY 2 DESC LIMIT 10'"
)
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="one SQL statement, or - to read it from standard input")],
    format: _Format = None,
    output: _Output = None,
) -> int:
    """Run SQL on the published file, read-only."""
    from pipelines.commands import query as command

    return command.main(sql, format, output)


@app.command(epilog="example: onrecord search strike 'open letter' --outlet vessenpost.example --since 2026-03-03")
def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="all must occur, in any form; as they stand: '\"open letter\"'"),
    ],
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="part of a name or alias of who said it")] = None,
    outlet: Annotated[str | None, typer.Option(metavar="X", help="part of an outlet's name, or its domain")] = None,
    since: Annotated[date | None, _day_option("first day, YYYY-MM-DD")] = None,
    until: Annotated[date | None, _day_option("last day, YYYY-MM-DD")] = None,
    counted: Annotated[
        bool,
        typer.Option("--counted", help="only statements that counts have: one copy of each story, no hearsay, ..."),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="number of rows")] = 20,
    format: _Format = None,
    output: _Output = None,
) -> int:
    """Find statements and quotes by their words."""
    from pipelines.commands import search as command
    from pipelines.storage.search import Query

    return command.main(Query(" ".join(words), speaker, outlet, since, until, counted), limit, format, output)


@app.command(epilog="example: onrecord export --format csv -o for-the-desk mart.speaker_counts mart.quote_reuse")
def export(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TABLE", help="schema.table, or a schema: core, mart, ops (default: all)", autocompletion=_tables
        ),
    ] = None,
    format: Annotated[
        Literal["csv", "json", "jsonl", "parquet", "xlsx"], typer.Option(help="how rows are written")
    ] = "parquet",
    output: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="the folder")] = "onrecord-export",
    changed_since: Annotated[
        str | None,
        typer.Option(
            metavar="PUBLICATION",
            help="only rows that came, went or changed since that publication_id (ops.publication)",
        ),
    ] = None,
) -> int:
    """Write whole tables for other programs. A page beside them explains their columns."""
    from pipelines.commands import export as command

    return command.main(names or [], format, output, changed_since)


@app.command(epilog="example: onrecord explore --port 8010")
def explore(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free")] = 8010,
) -> int:
    """Show the published file in a browser. Search, people, quotes, articles, outlets, health."""
    from pipelines.commands import explore as command

    return command.main(port)


@app.command(epilog="example: onrecord status --check")
def status(
    as_json: Annotated[bool, typer.Option("--json", help="print figures and problems as JSON, for programs")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="print only what is to be looked at; exit status 1 if there is anything")
    ] = False,
) -> int:
    """Show what came in, was refused and is published, how the last run ended, and disk use."""
    from pipelines.commands import status as command

    return command.main(as_json, check)


@app.command(epilog="example: onrecord evaluate --gold data/sample/gold")
def evaluate(
    gold: Annotated[
        str,
        typer.Option(
            metavar="DIR",
            help="folder with SPLIT/text and SPLIT/attributions (brat stand-off), or with statements.jsonl",
        ),
    ],
    split: Annotated[str, typer.Option(metavar="SPLIT", help="split of a brat corpus")] = "dev",
    as_json: Annotated[bool, typer.Option("--json", help="print all figures as JSON")] = False,
) -> int:
    """Measure the accuracy of extraction against a gold corpus."""
    from pipelines.commands import evaluate as command

    return command.main(gold, split, as_json)


@app.command(epilog="example: onrecord raw 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
def raw(
    raw_id: Annotated[
        str,
        typer.Argument(metavar="RAW_ID", help="its raw_id, as in ops.quarantine, ops.sightings or mart.evidence"),
    ],
) -> int:
    """Print a record as it was received. That is how to see why one was refused."""
    from pipelines.commands import raw as command

    return command.main(raw_id)


@app.command(epilog="example: onrecord replay --rule malformed_json --source wire")
def replay(
    rule: Annotated[
        str | None, typer.Option(metavar="RULE", help="only what was refused by this rule (see ops.open_refusals)")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="only records of this source")] = None,
    since: Annotated[date | None, _day_option("only what was refused on this ingest day or later")] = None,
) -> int:
    """Try refused records again, after a fix of code or sources.yaml."""
    from pipelines.commands import replay as command

    return command.main(rule, source, since)


@app.command(epilog="example: onrecord forget https://pondgazette.example/news/weir --reason 'asked by the publisher'")
def forget(
    article: Annotated[str, typer.Argument(metavar="URL", help="the article's URL in any form, or its article_id")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="why; it is published in ops.takedowns")] = "",
    even_unseen: Annotated[
        bool,
        typer.Option("--even-unseen", help="note it also if it was never met, so that it never comes in"),
    ] = False,
) -> int:
    """Take an article down. Its text is removed everywhere, and it is kept out from now on."""
    from pipelines.commands import forget as command

    return command.main(article, reason, even_unseen)


@app.command(epilog="example: onrecord vacuum --older-than 90")
def vacuum(
    older_than: Annotated[int, typer.Option(min=0, metavar="DAYS", help="age of the runs that Dagster forgets")] = 90,
) -> int:
    """Free disk space: earlier published files, Dagster's records of old runs, and what killed runs left."""
    from pipelines.commands import vacuum as command

    return command.main(older_than)


@app.command(epilog="example: onrecord redate")
def redate() -> int:
    """Put news that a wrong clock dated in the future under today, and publish it."""
    from pipelines.commands import redate as command

    return command.main()


@app.command(epilog="example: onrecord rebuild")
def rebuild() -> int:
    """Compute everything again from the raw documents, and publish it."""
    from pipelines.commands import rebuild as command

    return command.main()


@app.command(epilog="example: onrecord ui --port 3000")
def ui(
    port: Annotated[int, typer.Option(min=0, max=65535, help="where it listens")] = 3000,
    host: Annotated[str, typer.Option(metavar="HOST", help="the address it listens on")] = "127.0.0.1",
) -> int:
    """Start the Dagster UI on this project."""
    from pipelines.commands import ui as command

    return command.main(port, host)


if __name__ == "__main__":
    sys.exit(main())
