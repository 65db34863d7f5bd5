"""The `onrecord` command: arguments in, exit status out.

Belongs here: commands, options, help and errors as one line. Does not belong here: what a command does
(commands/); that is imported only when the command is called, so that --help does not wait for it.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from pipelines import __version__

_DAY_HELP = "ingest day, YYYY-MM-DD (default: today in UTC); for tests and for loading a series of days"


_UNHARMED = "nothing published was changed; free some space and run again"
_FULL_SQLITE = ("database or disk is full", "disk I/O error")


class UsageError(Exception):
    """The command cannot do what was asked; the message is one line that says what to do."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day: write it as 2026-03-02") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows: write it as 20")
    return int(text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="onrecord",
        description="Who said what, when, where it was printed, and how we know: from raw news to one DuckDB file.",
        epilog="Set ONRECORD_DATA_DIR to keep everything in another folder than data/.",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"onrecord {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, text: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=f"example: {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip

    run = add(
        "run", "take in news, find who said what, check it and publish it", "onrecord run news/ more/article.html.gz"
    )
    run.add_argument(
        "inputs",
        nargs="*",
        metavar="INPUT",
        help="files, folders, web addresses, URLs of object stores such as s3://bucket/news "
        "(default: sources.yaml and the inbox)",
    )
    run.add_argument("--date", type=_day, metavar="DAY", help=_DAY_HELP)
    run.add_argument("--force", action="store_true", help="compute the day again even if nothing changed")
    run.add_argument(
        "--ingest-only", action="store_true", help="store what was met; a later run builds and publishes it"
    )

    extract = add(
        "extract",
        "statements and quotes of text files as JSON lines, without a warehouse",
        "onrecord extract speech.txt -o found.jsonl",
    )
    extract.add_argument("paths", nargs="+", metavar="PATH", help="text files, or folders of .txt files")
    extract.add_argument("-o", "--output", metavar="FILE", help="where to write (default: standard output)")

    query = add(
        "query", "run SQL on the published file, read-only",
        'onrecord query "SELECT speaker, n_statements FROM mart.speaker_counts ORDER BY 2 DESC LIMIT 10"',
    )  # fmt: skip
    query.add_argument("sql", metavar="SQL", help="one SQL statement, or - to read it from standard input")
    query.add_argument("--format", choices=("table", "csv", "json", "parquet"), default="table", help="default: table")
    query.add_argument("-o", "--output", metavar="FILE", help="where to write (default: standard output)")

    _add_search(add)
    export = add(
        "export", "write whole tables for other programs, with a page that explains their columns",
        "onrecord export --format csv -o for-the-desk mart.speaker_counts mart.quote_reuse",
    )  # fmt: skip
    export.add_argument(
        "names", nargs="*", metavar="TABLE", help="schema.table, or a schema: core, mart, ops (default: all)"
    )
    export.add_argument("--format", choices=("parquet", "csv", "jsonl"), default="parquet", help="default: parquet")
    export.add_argument("-o", "--output", metavar="DIR", default="onrecord-export", help="default: onrecord-export")

    explore = add(
        "explore", "show the published file in a browser: search, people, quotes, articles, outlets, health",
        "onrecord explore --port 8010",
    )  # fmt: skip
    explore.add_argument("--port", type=int, default=8010, help="default: 8010; 0: any that is free")

    add("status", "show what came in, what was refused, what is published, and disk use", "onrecord status")

    evaluate = add(
        "evaluate",
        "measure the accuracy of extraction against a gold corpus",
        "onrecord evaluate --gold data/sample/gold",
    )
    gold_help = "folder with SPLIT/text and SPLIT/attributions (brat stand-off), or with statements.jsonl"
    evaluate.add_argument("--gold", required=True, metavar="DIR", help=gold_help)
    evaluate.add_argument("--split", default="dev", help="split of a brat corpus (default: dev)")
    evaluate.add_argument("--json", dest="as_json", action="store_true", help="print all figures as JSON")

    _add_override(add)
    raw = add(
        "raw", "print a record as it was received, for example one that was refused",
        "onrecord raw 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )  # fmt: skip
    raw.add_argument(
        "raw_id", metavar="RAW_ID", help="its raw_id, as in ops.quarantine, ops.sightings or mart.evidence"
    )
    replay = add(
        "replay", "try refused records again, after a fix of code or sources.yaml",
        "onrecord replay --rule malformed_json --source wire",
    )  # fmt: skip
    replay.add_argument("--rule", help="only what was refused by this rule (see ops.open_refusals)")
    replay.add_argument("--source", metavar="NAME", help="only records of this source")
    replay.add_argument("--since", type=_day, metavar="DAY", help="only what was refused on this ingest day or later")
    forget = add(
        "forget", "take an article down: its text is removed everywhere, and it is kept out from now on",
        'onrecord forget https://pondgazette.example/news/weir --reason "asked by the publisher"',
    )  # fmt: skip
    forget.add_argument("article", metavar="URL", help="the article's URL in any form, or its article_id")
    forget.add_argument("--reason", default="", metavar="TEXT", help="why; it is published in ops.takedowns")
    forget.add_argument(
        "--even-unseen", action="store_true", help="note it also if it was never met, so that it never comes in"
    )
    vacuum = add(
        "vacuum", "free disk space: published files of before, Dagster's records of old runs, what killed runs left",
        "onrecord vacuum --older-than 90",
    )  # fmt: skip
    vacuum.add_argument(
        "--older-than",
        type=_days,
        default=90,
        metavar="DAYS",
        help="age of the runs that Dagster forgets (default: 90)",
    )
    add("rebuild", "compute everything again from the raw documents, and publish it", "onrecord rebuild")
    ui = add("ui", "start the Dagster UI on this project", "onrecord ui --port 3000")
    ui.add_argument("--port", type=int, default=3000, help="default: 3000")
    ui.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    return parser


def _add_search(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    search = add(
        "search", "find statements and quotes by their words",
        'onrecord search strike "open letter" --outlet vessenpost.example --since 2026-03-03',
    )  # fmt: skip
    search.add_argument(
        "words", nargs="+", metavar="WORDS", help="all must occur, in any form; as they stand: '\"open letter\"'"
    )
    search.add_argument("--speaker", metavar="NAME", help="part of a name or alias of who said it")
    search.add_argument("--outlet", metavar="X", help="part of an outlet's name, or its domain")
    search.add_argument("--since", type=_day, metavar="DAY", help="first day, YYYY-MM-DD")
    search.add_argument("--limit", type=_count, default=20, metavar="N", help="default: 20")
    search.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def _add_override(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    override = add(
        "override", "correct who is who; the correction is noted in a log and applied by every later run",
        'onrecord override merge "Mariya Zakharova" "Maria Zakharova" --reason "one person, two spellings"',
    )  # fmt: skip
    actions = override.add_subparsers(dest="action", metavar="ACTION", required=True, help="what to correct")
    texts = {
        "merge": "NAME and INTO are one actor", "rename": "show NAME as NEW",
        "split": "NAME in some article versions is somebody else, NEW",
        "speaker": "who said WORDS in a version is NAME",
    }  # fmt: skip
    for action, text in texts.items():
        one = actions.add_parser(action, help=text, description=f"{text}.")
        if action == "speaker":
            one.add_argument("version", nargs=1, metavar="VERSION", help="version_id of the article's text")
            one.add_argument("words", metavar="WORDS", help="words of the statement, as printed")
            one.add_argument("value", metavar="NAME", help="who said them")
        else:
            one.add_argument("name", metavar="NAME", help="name that the actor goes by now")
            one.add_argument("value", metavar="INTO" if action == "merge" else "NEW", help="name that holds instead")
        if action == "split":
            one.add_argument("--version", action="append", required=True, metavar="VERSION", help="may be repeated")
        one.add_argument("--reason", required=True, help="why; it is published with the correction")
        one.add_argument("--by", help="who says so (default: the user's name)")
    actions.add_parser("list", help="all corrections, and which of them find nothing any more")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 something failed, 2 wrong use."""
    arguments = vars(_parser().parse_args(argv))
    command = arguments.pop("command")
    try:
        return int(importlib.import_module(f"pipelines.commands.{command}").main(**arguments))
    except UsageError as error:
        return _say(_one_line(error), 2)
    except KeyboardInterrupt:
        return _say("stopped", 130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("ONRECORD_TRACEBACK"):
            raise
        return _say(_one_line(error), 2 if type(error).__name__ == "SettingsError" else 1)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full ({error.filename or 'while writing'}): {_UNHARMED}"
    if any(words in text for words in _FULL_SQLITE):  # Dagster's own records; its message holds the whole SQL
        return f"the disk is full or failing (while Dagster kept its records): {_UNHARMED}"
    return text


def _say(line: str, status: int) -> int:
    print(f"onrecord: {line}", file=sys.stderr)
    return status


def existing(paths: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return the paths that exist, and those that do not."""
    found = [Path(p) for p in paths if _exists(Path(p))]
    return found, [p for p in paths if not _exists(Path(p))]


def _exists(path: Path) -> bool:
    """Whether something is there, also if nobody may look at it: reading it says why."""
    try:
        return path.exists()
    except OSError:
        return True


if __name__ == "__main__":
    from pipelines import cli  # noqa: PLW0406  under its own name, by which the commands know UsageError

    sys.exit(cli.main())
