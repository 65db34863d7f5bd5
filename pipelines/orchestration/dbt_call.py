"""dbt as a run calls it: a process of its own, started before it is needed.

Covers the call, and the resource. For what runs in that process, see dbt_process; for the project, see dbt.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.orchestration import dbt_process
from pipelines.orchestration.dbt import PARSED, environment, prepare, project
from pipelines.settings import Settings


@dataclass(frozen=True)
class DbtResult:
    """What a call of dbt gave.

    Attributes:
        is_successful: Everything was done and held.
        error: Why dbt stopped before it came to any node; None if it did not.
        results: By node: unique_id, status, message, failures, execution_time, timing, and compiled_code of a test that
            failed.
    """

    is_successful: bool
    error: str | None
    results: list[dict[str, Any]]


class DbtCall:
    """A process that has dbt and the project loaded, and does one call."""

    def __init__(self) -> None:
        self._project, path = project()
        command = [sys.executable, "-P", "-m", dbt_process.__name__, str(path.with_name(PARSED))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def begin(self, arguments: Sequence[str], settings: Settings, days: Sequence[date] | None, target: str) -> None:
        """Let it begin.

        Args:
            arguments: Command and selection, as on a command line.
            settings: Where things lie.
            days: The days to replace, or to test; None: every day.
            target: Name of the folder for what dbt writes beside the warehouse.
        """
        folder = str(settings.dbt_dir / target)
        places = ["--project-dir", str(self._project), "--profiles-dir", str(self._project), "--target-path", folder]
        asked = {
            "arguments": [*arguments, "--quiet", "--no-write-json", *places],
            "environment": environment(settings, days) | {"DBT_LOG_PATH": folder},
        }
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as given:  # it died: `end` says why
            given.write(json.dumps(asked) + "\n")

    def end(self, on_node: Callable[[str], None]) -> DbtResult:
        """Wait until it is done; `on_node` gets the id of each node as it ends."""
        last: dict[str, Any] = {}
        other: list[str] = []
        for line in self._process.stdout or ():
            told = _told(line)
            if "done" in told:
                on_node(told["done"])
            elif told:
                last = told
            else:
                other.append(line)
        status = self._process.wait()
        if not last:
            return DbtResult(False, f"dbt ended with status {status}: {' '.join(''.join(other[-5:]).split())}", [])
        return DbtResult(last["success"], last["error"], last["results"])

    def close(self) -> None:
        """Let a process go that nothing was asked of, and end one that is at work still."""
        if self._process.poll() is None and self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        elif self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _told(line: str) -> dict[str, Any]:
    """Return what a line of the process says; nothing if it is none of its own."""
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        return {}


class Dbt(dg.ConfigurableResource):  # type: ignore[type-arg]
    """dbt, in processes of their own; the first is started with the run and is ready when the build begins.

    Not dagster-dbt's: to import it takes 1.3 s of a run's time, its command loads dbt again (2 s) when the build
    begins, and JSON for each of dbt's 4,000 events as many again. What it shows, orchestration/dbt_assets shows.
    """

    _ready: DbtCall | None = PrivateAttr(None)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Dbt]:
        """Start a process, and end it with the run."""
        prepare()  # a file may have changed since the definitions were loaded
        self._ready = DbtCall()
        try:
            yield self
        finally:
            if self._ready is not None:
                self._ready.close()

    def next_call(self) -> DbtCall:
        """Return a process for a call."""
        ready, self._ready = self._ready, None
        return ready or DbtCall()
