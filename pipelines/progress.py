"""Progress: a bar a stage on a terminal, plain lines otherwise.

Covers how progress is shown.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

Advance = Callable[[int], None]
_LINE_SECONDS = 10.0
_terminal: TextIO | None = None


@contextmanager
def on_terminal() -> Iterator[None]:
    """Show bars from here on if standard error is a terminal now.

    Dagster captures standard error while a step runs, so the terminal is remembered before a run begins.
    """
    global _terminal  # noqa: PLW0603  one process has one terminal
    if not sys.stderr.isatty() or _is_json():
        yield
        return
    with os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8") as _terminal:
        try:
            yield
        finally:
            _terminal = None


def say(line: str) -> None:
    """Tell the person at the terminal; Dagster's log would keep it until the run has ended."""
    if _is_json():
        _line(message=line)
    else:
        _print(f"onrecord: {line}", _terminal or sys.stderr)


@contextmanager
def stage(name: str, total: int | None, unit: str = "articles") -> Iterator[Advance]:
    """Show a stage while it runs; yields a function that is called with how much more is done."""
    if _terminal is not None:
        with _bar(_terminal, name, total, unit) as advance:
            yield advance
        return
    started = shown = time.monotonic()
    done = 0

    def advance_lines(more: int) -> None:
        nonlocal done, shown
        done += more
        if time.monotonic() - shown >= _LINE_SECONDS:
            shown = time.monotonic()
            if _is_json():
                _line(stage=name, done=done, total=total, unit=unit)
                return
            of = f" of {total:,}" if total else ""
            _print(f"{name}: {done:,}{of} {_of(unit, total or done)}")

    yield advance_lines
    seconds = time.monotonic() - started
    if _is_json():
        _line(stage=name, done=done, unit=unit, seconds=round(seconds, 3), is_over=True)
    else:
        _print(f"{name}: {done:,} {_of(unit, done)} in {seconds:.1f} s")


def _of(unit: str, n: int) -> str:
    """Return a unit, which is told in the plural, as it is called where there is one."""
    one = f"{unit.removesuffix('ies')}y" if unit.endswith("ies") else unit.removesuffix("s")
    return one if n == 1 else unit


def _is_json() -> bool:
    """Whether ONRECORD_LOG asks for JSON lines (settings.Settings.log says what it may be)."""
    return os.environ.get("ONRECORD_LOG") == "json"


def _line(**values: object) -> None:
    line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **values}
    _print(json.dumps(line, ensure_ascii=False))


def _print(line: str, file: TextIO | None = None) -> None:
    """Print a line; whoever read them may have gone (`2>&1 | head`), which is no reason to stop a run."""
    with contextlib.suppress(BrokenPipeError):
        print(line, file=file or sys.stderr, flush=True)


@contextmanager
def _bar(terminal: TextIO, name: str, total: int | None, unit: str) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(f"{name:<8}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn())
    console = Console(file=terminal, force_terminal=True)
    with Progress(*columns, console=console, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task(name, total=total)
        done = 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            bar.advance(task, more)

        yield advance
        bar.update(task, total=done)  # a stage whose size was not known ends full
