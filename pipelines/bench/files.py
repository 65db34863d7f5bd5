"""A folder of very many files: what taking it in costs, and what it costs again when nothing has changed.

    python -m pipelines.bench.files --files 100000 --folder /tmp/bench-files

Covers making the folder, running the command in a process of its own, its peak memory and time. It does not cover speed
of extraction.

A tenth of the files have a text of their own unless --distinct is higher; the rest repeat one, as news does. With
--whole the first run also builds and publishes, so that the second has nothing at all to do.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_TEXT = (
    "Ferry talks go on for day {n}\n\nThe owner of the ferry between Marlow and Pell met the council again.\n\n"
    "“We are {n} days nearer to an agreement,” said Tomas Arden, the director of Arden Lines.\n"
)
_DAY = "2026-03-02"


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds by the wall and of processor, peak resident memory, what it printed."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    told: list[str]


def make_folder(folder: Path, n_files: int, n_distinct: int) -> None:
    """Write the files into one folder, unless they are there."""
    if folder.exists() and sum(1 for _ in os.scandir(folder)) == n_files:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(n_files):
        (folder / f"ferry-{number:09d}.txt").write_text(_TEXT.format(n=number % n_distinct), encoding="utf-8")


def run(arguments: Sequence[str], data: Path) -> Run:
    """Run the command, and return what the system says that its process took."""
    command = [str(Path(sys.executable).with_name("onrecord")), "run", *arguments]
    environment = {**os.environ, "ONRECORD_DATA_DIR": str(data)}
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen(command, env=environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        out.seek(0)
        err.seek(0)
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(f"the run failed: {err.read()[-2_000:]}")
        cpu = usage.ru_utime + usage.ru_stime
        return Run(round(seconds, 1), round(cpu, 1), round(usage.ru_maxrss / 1_000, 1), out.read().splitlines())


def main() -> int:
    """Measure both runs and print them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--distinct", type=int, default=0, help="texts that differ (default: a tenth of the files)")
    parser.add_argument("--folder", type=Path, required=True, help="where files and data are made")
    parser.add_argument("--whole", action="store_true", help="build and publish too, not only ingest")
    given = parser.parse_args()
    news, data = given.folder / "news", given.folder / "data"
    make_folder(news, given.files, given.distinct or max(1, given.files // 10))
    shutil.rmtree(data, ignore_errors=True)
    time.sleep(4)  # the newest file must not count as one that may still be changing
    arguments = [str(news), "--date", _DAY, *([] if given.whole else ["--ingest-only"])]
    runs = {name: asdict(run(arguments, data)) for name in ("first", "second")}
    figures = {"files": given.files, "whole": given.whole, **runs}
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
