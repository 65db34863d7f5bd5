"""No library calls home: nothing is sent, no name is looked up, and nothing is left in the user's home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import watched
from tests.conftest import DAY_2, History
from tests.news import WIRE
from tests.workbench import ROOT, Workbench

HOSTS = (
    "import socket\nsocket.getaddrinfo('telemetry.onrecord.example', 443)",
    "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=1)",
)


def run(bench: Workbench, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of ours, watched, with a home of its own and with workers."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    env = bench.environment({"HOME": str(home), "ONRECORD_WORKERS": "2"})
    env = {k: v for k, v in env.items() if k not in ("ORT_DISABLE_TELEMETRY", "DO_NOT_TRACK", "XDG_CACHE_HOME")}
    told = watched.command(bench.command(*arguments), folder / "notes")
    return subprocess.run(told, env=env, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def files(folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in (folder / "home").rglob("*") if p.is_file()]


@pytest.mark.parametrize("code", HOSTS, ids=["a name", "an address"])
def test_the_watch_sees_what_reaches_out(tmp_path: Path, code: str) -> None:
    subprocess.run(
        watched.command([sys.executable, "-c", code], tmp_path / "notes"), capture_output=True, check=False, timeout=60
    )
    assert watched.reached(tmp_path / "notes")


def test_extraction_and_its_workers_reach_nothing(tmp_path: Path) -> None:
    for number in range(41):  # more than two chunks, so that there are workers
        (tmp_path / f"{number}.txt").write_text("“The weir holds,” said Ann Reed.", encoding="utf-8")
    done = run(Workbench(tmp_path / "data"), tmp_path, "extract", *sorted(tmp_path.glob("*.txt")))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Ann Reed") >= 41
    assert watched.reached(tmp_path / "notes") == []
    assert files(tmp_path) == []


def test_a_run_reaches_nothing(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.first, tmp_path)
    (tmp_path / "late.txt").write_text(WIRE.replace("June", "7 June"), encoding="utf-8")
    done = run(onrecord, tmp_path, "run", tmp_path / "late.txt", *DAY_2)
    assert done.returncode == 0, done.stderr
    assert "published" in done.stdout
    assert watched.reached(tmp_path / "notes") == []
    assert [name for name in files(tmp_path) if "Microsoft" in name or "dagster" in name or ".dbt" in name] == []


SERVE = """
import os, signal, subprocess, sys, time, urllib.request
seconds, address, *command = sys.argv[1:]
process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
deadline = time.monotonic() + 240
try:
    while True:
        try:
            page = urllib.request.urlopen(address, timeout=20).read()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    time.sleep(float(seconds))
    print(len(page))
finally:
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(60)
"""
"""Serves until a page has come and some seconds more: on the other side of the watch there is no way to its port."""


def served(bench: Workbench, folder: Path, seconds: float, page: str, *arguments: str) -> None:
    (folder / "home").mkdir()
    told = bench.command(*arguments, "--port", "8765")
    told = [sys.executable, "-c", SERVE, str(seconds), f"http://127.0.0.1:8765{page}", *told]
    env = bench.environment({"HOME": str(folder / "home")})
    done = subprocess.run(
        watched.command(told, folder / "notes"), env=env, cwd=ROOT, capture_output=True, text=True, timeout=400,
        check=False,
    )  # fmt: skip
    assert int(done.stdout) > 100, done.stderr
    assert watched.reached(folder / "notes") == []


def test_the_pages_reach_nothing(history: History, tmp_path: Path) -> None:
    served(history.second, tmp_path, 0.5, "/search?q=weir", "explore")


@pytest.mark.soak  # a minute, for what needs a server, a daemon and their first ticks
def test_the_dagster_ui_and_its_daemon_reach_nothing(history: History, tmp_path: Path) -> None:
    served(history.copy(history.second, tmp_path), tmp_path, 45, "/server_info", "ui")
