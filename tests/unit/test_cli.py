"""The command line: help with examples, quick to start, errors as one line, exit statuses."""

from __future__ import annotations

import csv
import errno
import gzip
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pipelines import __version__, cli
from pipelines.cli_overrides import overrides
from pipelines.errors import in_words, one_line
from tests.workbench import ROOT, Workbench, refused

SLOW = (
    "dagster",
    "polars",
    "duckdb",
    "dbt",
    "great_expectations",
    "pydantic",
    "trafilatura",
    "pipelines.storage",
    "rich",
)
"""What --help must not wait for."""


COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
ACTIONS = {f"override {name}": c for name, c in typer.main.get_command(overrides).commands.items()}  # type: ignore[attr-defined]
EVERY = COMMANDS | ACTIONS


@pytest.fixture
def onrecord(tmp_path: Path) -> Workbench:
    return Workbench(tmp_path / "data")


def loaded_by(*arguments: str) -> list[str]:
    """Return the modules that a command loads before it ends."""
    code = (
        "import json, sys; from pipelines import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return list(json.loads(done.stdout.splitlines()[-1]))


# ------------------------------------------------------------------ help
@pytest.mark.parametrize("command", EVERY)
def test_the_help_of_every_command_shows_an_example_that_can_be_parsed(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*command.split(), "--help"]) == 0
    found = re.search(r"example: onrecord (.*)", " ".join(capsys.readouterr().out.split()))
    assert found
    words = shlex.split(found[1])
    name = " ".join(words[: len(command.split())])
    assert name == command
    own = words[len(command.split()) :]
    EVERY[command].make_context(command, own)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_listed_exists(command: str) -> None:
    assert importlib.util.find_spec(f"pipelines.commands.{command}")


def test_every_option_and_argument_is_explained() -> None:
    silent = [(name, p.name) for name, command in EVERY.items() for p in command.params if not p.help]
    assert silent == []


def test_commands_complete_in_the_shell() -> None:
    env = {"_ONRECORD_COMPLETE": "complete_bash", "COMP_WORDS": "onrecord ex", "COMP_CWORD": "1"}
    command = [sys.executable, "-m", "pipelines.cli"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    assert done.stdout.split() == ["extract", "export", "explore"]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["query", "--help"]])
def test_help_waits_for_nothing(arguments: list[str]) -> None:
    slow = [name for name in loaded_by(*arguments) if any(name == s or name.startswith(f"{s}.") for s in SLOW)]
    assert slow == []


@pytest.mark.parametrize(("command", "argument"), [("status", None), ("query", "SELECT 1")])
def test_reading_commands_do_not_wait_for_dagster_or_great_expectations(command: str, argument: str | None) -> None:
    loaded = {name.split(".")[0] for name in loaded_by(command, *([argument] if argument else []))}
    assert not loaded & {"dagster", "great_expectations", "dbt", "trafilatura"}


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"onrecord {__version__}\n"


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("onrecord")
    done = subprocess.run([command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    listed = done.stdout.partition("Commands:")[2]
    assert set(re.findall(r"^  (\w+)  ", listed, re.M)) == set(COMMANDS)


@pytest.mark.parametrize(
    ("words", "offered"),
    [("onrecord ex", {"explore", "export", "extract"}), ("onrecord query --for", {"--format"}),
     ("onrecord export mart.speaker", {"mart.speaker_counts"})],
)  # fmt: skip
def test_the_shell_completes_commands_options_and_tables(words: str, offered: set[str]) -> None:
    env = os.environ | {
        "_ONRECORD_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1),
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("onrecord"))]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=ROOT)
    assert set(done.stdout.split()) == offered


# ------------------------------------------------------------------ wrong use
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing command"),
        (["publish"], "No such command 'publish'"),
        (["query"], "Missing argument 'SQL' (see onrecord query --help)"),
        (["run", "--date", "now"], "'now' is not a day: write it as 2026-03-02"),
        (["run", "--date", "2026-02-30"], "is not a day"),
        (
            ["query", "SELECT 1", "--format", "xml"],
            "'xml' is not one of 'table', 'csv', 'json', 'jsonl', 'parquet', 'xlsx'",
        ),
        (["status", "--verbose"], "No such option: --verbose"),
        (["status", "more"], "unexpected extra argument"),
        (["ui", "--port", "x"], "a valid integer"),
        (["search", "weir", "--limit", "0"], "greater than or equal to 1"),
        (["vacuum", "--older-than", "-1"], "greater than or equal to 0"),
        (["override"], "Missing command (see onrecord override --help)"),
        (["override", "merge", "A", "B"], "Missing option '--reason'"),
        (["override", "split", "A", "B", "--reason", "two"], "Missing option '--version'"),
    ],
)
def test_wrong_use_is_one_line_and_ends_with_2(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("onrecord: ")
    assert says in line


def test_a_command_that_is_stopped_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.commands.status.main", stopped)
    assert cli.main(["status"]) == 130
    assert capsys.readouterr().err.endswith("onrecord: stopped\n")


def test_a_reader_of_the_output_that_has_gone_is_no_error() -> None:
    command = f"{sys.executable} -m pipelines.cli --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_one_line(onrecord: Workbench) -> None:
    line = refused(onrecord("status", env={"ONRECORD_QUERY_SECONDS": "soon"}), 2)
    assert "ONRECORD_QUERY_SECONDS='soon'" in line


def test_bad_sources_are_one_line(onrecord: Workbench) -> None:
    onrecord.data.mkdir()
    (onrecord.data / "sources.yaml").write_text("sources: [{name: a}]")
    assert "sources.yaml: source 1: entry: a source has one of paths" in refused(onrecord("run"), 2)


def test_a_query_before_anything_is_published_says_what_to_do(onrecord: Workbench) -> None:
    assert "run `onrecord run` first" in refused(onrecord("query", "SELECT 1"), 2)
    assert not onrecord.data.exists()


def test_a_rebuild_of_nothing_says_what_to_do(onrecord: Workbench) -> None:
    assert "nothing to rebuild" in refused(onrecord("rebuild"), 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "nothing to read: name files, folders or web addresses"),
        (["run", "gone.txt"], "none of the inputs exists"),
        (["run", "data/sample", "--date", "2999-01-01"], "in the future"),
        (["run", "data/sample", "--date", "1999-01-01"], "ONRECORD_FIRST_DAY"),
    ],
)  # fmt: skip
def test_a_run_that_cannot_begin_ends_with_one_line_and_leaves_no_record(
    onrecord: Workbench, arguments: list[str], says: str
) -> None:
    done = onrecord(*arguments)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert says in done.stderr.splitlines()[-1]
    assert not (onrecord.data / "lake").exists()


# ------------------------------------------------------------------ errors of commands
def test_a_full_disk_is_said_in_words() -> None:
    line = one_line(OSError(errno.ENOSPC, "No space left on device", "/data/x"))
    assert "the disk is full (/data/x)" in line
    assert "nothing published was changed" in line
    told = RuntimeError("(sqlite3.OperationalError) disk I/O error [SQL: INSERT INTO event_logs (run_id) VALUES (?)]")
    assert one_line(told).startswith("the disk is full or failing")
    assert "SQL" not in one_line(told)


def test_an_error_without_words_is_named() -> None:
    assert one_line(KeyError()) == "KeyError"
    assert one_line(ValueError("two\n  lines")) == "two lines"


def test_an_unforeseen_error_is_one_line_unless_the_traceback_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("pipelines.commands.status.main", broken)
    assert cli.main(["status"]) == 1
    assert capsys.readouterr().err == "onrecord: two lines\n"
    monkeypatch.setenv("ONRECORD_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        cli.main(["status"])


# ------------------------------------------------------------------ extract, which needs no warehouse
def test_extract_goes_on_past_what_it_cannot_read(onrecord: Workbench, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_bytes("“We lost – again,” Ilse Marrow said.\r\nNothing else.".encode())
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = onrecord("extract", tmp_path / "gone.txt", tmp_path)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert [Path(line.split(":")[1].strip()).name for line in lines] == ["gone.txt", "picture.txt"]
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert line["doc"] == "good"
    (statement,) = line["statements"]
    text = good.read_bytes().decode()
    assert [text[s:e] for s, e in statement["source"]] == ["Ilse Marrow"]
    assert [text[s:e] for s, e in statement["cue"]] == ["said"]


def test_extract_reads_what_a_run_reads(onrecord: Workbench, tmp_path: Path) -> None:
    said = "Ilse Marrow said the pier was shut for the winter."
    (tmp_path / "empty").mkdir()
    rest = (
        "<p>The pier is a hundred and four metres long and was built by the town in the years before the war.</p>" * 4
    )
    (tmp_path / "page.html").write_text(
        f"<html><body><article><h1>Pier shut</h1><p>{said}</p>{rest}</article></body></html>"
    )
    rows = [{"id": "k1", "title": "Pier", "text": said}, {"nothing": 1}]
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    (tmp_path / "wire.jsonl.gz").write_bytes(packed)
    (tmp_path / "old.txt.gz").write_bytes(b"x")
    done = onrecord("extract", *(tmp_path / name for name in ("empty", "page.html", "wire.jsonl.gz", "old.txt.gz")))
    assert done.returncode == 1
    refused = [line.removeprefix(f"onrecord: {tmp_path}/").partition(":")[0] for line in done.stderr.splitlines()]
    assert refused == ["empty", "wire.jsonl.gz record 2", "old.txt.gz"]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["doc"] for line in lines] == ["page", "k1"]
    for line in lines:
        (statement,) = line["statements"]
        assert statement["content_text"] == [line["text"][s:e] for s, e in statement["content"]]


def test_extract_writes_rows_and_tells_equal_names_apart(onrecord: Workbench, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pier.txt").write_text(
            "Ilse Marrow said the pier was shut, and denied that it had cost much."
        )
    done = onrecord("extract", "--format", "csv", tmp_path, "-o", tmp_path / "out.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["doc"], Path(row["path"]).parent.name) for row in rows] == [("pier", "a")] * 2 + [("pier", "b")] * 2
    assert rows[0]["content"] == "the pier was shut"
    table = onrecord("extract", "--format", "table", tmp_path / "a").stdout.splitlines()
    assert [line.count("pier") for line in table if "│" in line] == [0, 2, 1], "a head, and a row a statement"


# ------------------------------------------------------------------ what a failed run says
@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("pipelines.ingest.batches.DayClosedError: the ingest day is closed\n", "the ingest day is closed"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/x'", "No such file or directory: '/x'"),
        ("process._RemoteTraceback: \nTraceback (most recent call last):\n  x\nValueError: no good\n", "no good"),
        ("KeyError: 'x'", "KeyError: 'x'"), ("two\n  lines: of words", "two lines: of words"), ("", "no message"),
    ],
)  # fmt: skip
def test_an_error_is_told_without_the_name_of_its_class(message: str, words: str) -> None:
    assert in_words(message) == words
