"""What tests of the whole command share: calling it in a process of its own, and comparing what it published."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import duckdb

from pipelines.contracts import Layer, table, tables
from tests import forked

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
CONTENT: tuple[Layer, ...] = ("core", "internal", "mart")
"""The schemas that follow from the records alone; ops also tells of the runs."""

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Workbench:
    """The `onrecord` command on a data folder of its own."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def published(self) -> Path:
        return self.data / "published" / "onrecord.duckdb"

    def command(self, *arguments: str | Path) -> list[str]:
        return [str(Path(sys.executable).with_name("onrecord")), *map(str, arguments)]

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("ONRECORD_", "DAGSTER_", "DBT_"))}
        # The warehouse is tiny: workers would take longer to start than to work.
        own = {"ONRECORD_DATA_DIR": str(self.data), "ONRECORD_WORKERS": "1", "COLUMNS": "200"}
        return clean | own | self.env | (more or {})

    def __call__(
        self, *arguments: str | Path, env: dict[str, str] | None = None, stdin: str | None = None,
        before: Callable[[], None] | None = None, cwd: Path = ROOT, seconds: float = 900,
    ) -> Done:  # fmt: skip
        """Run the command and wait for it; `before` runs in a process of the command's own, before it."""
        if before is None:
            told = list(map(str, arguments))
            return forked.call(told, env=self.environment(env), cwd=cwd, stdin=stdin, seconds=seconds)
        return subprocess.run(
            self.command(*arguments), env=self.environment(env), input=stdin, preexec_fn=before, cwd=cwd,
            capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip

    def start(self, *arguments: str | Path, stderr: IO[str] | int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        """Start the command as the leader of a group of processes, and do not wait for it."""
        return subprocess.Popen(
            self.command(*arguments), env=self.environment(), cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=stderr, start_new_session=True,
        )  # fmt: skip

    def with_env(self, **env: str) -> Workbench:
        return replace(self, env=self.env | env)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return rows of the published file."""
        with duckdb.connect(self.published, read_only=True) as con:
            con.execute("SET TimeZone = 'UTC'")
            return con.execute(sql).fetchall()


def contents(path: Path, layers: Sequence[Layer] = CONTENT, without: str = "") -> dict[str, tuple[int, int]]:
    """Return rows and a hash of every relation; order does not count.

    Columns that hold a clock or a run are left out, and one more that is named.
    """
    found = {}
    with duckdb.connect(path, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        there = con.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
        for layer, name in sorted(there):
            if layer in layers:
                names = [f'"{c.name}"' for c in table(layer, name).columns if not c.volatile and c.name != without]
                rows = f"SELECT {', '.join(names)} FROM {layer}.{name}"
                row = con.execute(f"SELECT count(*), coalesce(sum(hash(r)::HUGEINT), 0) FROM ({rows}) r").fetchone()
                found[f"{layer}.{name}"] = (int(row[0]), int(row[1])) if row else (0, 0)
    assert set(found) >= {f"{t.layer}.{t.name}" for t in tables() if t.layer in layers and t.layer == "mart"}
    return found


def quiet(done: Done) -> Done:
    """Return what a command did, having made sure that it printed no traceback."""
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    return done


def good(done: Done) -> Done:
    """Return what a command did, having made sure that it did all of it."""
    assert quiet(done).returncode == 0, done.stdout + done.stderr
    return done


def refused(done: Done, status: int) -> str:
    """Return the one line that a command which could not do its work printed on standard error."""
    assert quiet(done).returncode == status, done.stdout + done.stderr
    assert done.stderr.startswith("onrecord: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()
