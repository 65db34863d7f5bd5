"""One run at a time on a data folder; the lock goes with the process that holds it."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from pipelines.bench.services import postgres, postgres_programs
from pipelines.settings import SettingsError, load_settings
from pipelines.storage.lock import run_lock

_HOLD = """
import sys
from pipelines.settings import load_settings
from pipelines.storage.lock import run_lock
settings = load_settings(data_dir=sys.argv[1], postgres=sys.argv[2] or None)
with run_lock(settings, lambda line: print("waits:", line, flush=True)):
    print("held", flush=True)
    sys.stdin.readline()
print("left", flush=True)
"""


@contextmanager
def holder(folder: Path, postgres: str = "") -> Iterator[subprocess.Popen[str]]:
    """Give another process that asks for the lock, and leaves it after a line on its standard input."""
    command = [sys.executable, "-c", _HOLD, str(folder), postgres]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def wait_for_lock(folder: Path) -> tuple[Thread, list[str], Event, Event]:
    said: list[str] = []
    waiting, held = Event(), Event()

    def take() -> None:
        with run_lock(load_settings(data_dir=folder), lambda text: (said.append(text), waiting.set())):
            held.set()

    thread = Thread(target=take, daemon=True)
    thread.start()
    return thread, said, waiting, held


def test_a_free_lock_is_taken_without_a_word_and_can_be_taken_again(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with run_lock(load_settings(data_dir=tmp_path / "new" / "data"), said.append):
            pass
    assert said == []


def test_the_second_waits_after_one_line_that_names_the_first(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        assert line(first) == "held"
        thread, said, waiting, held = wait_for_lock(tmp_path)
        assert waiting.wait(10)
        assert not held.wait(0.3)
        assert said == [f"another run (process {first.pid}) is working on {tmp_path}; waiting for it to end"]
        assert first.stdin is not None
        first.stdin.write("\n")
        first.stdin.flush()
        assert line(first) == "left"
        assert held.wait(10)
        thread.join(10)
    assert len(said) == 1


def test_the_lock_goes_with_a_process_that_is_killed(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        assert line(first) == "held"
        _, _, waiting, held = wait_for_lock(tmp_path)
        assert waiting.wait(10)
        first.kill()
        assert held.wait(10)


def test_the_name_of_a_holder_that_is_gone_is_not_given(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        assert line(first) == "held"
        first.kill()
        first.wait()
    with holder(tmp_path) as second:
        assert line(second) == "held"
        _, said, waiting, _ = wait_for_lock(tmp_path)
        assert waiting.wait(10)
        assert str(second.pid) in said[0]
        assert str(first.pid) not in said[0] or str(first.pid) in str(second.pid)


def test_an_error_under_the_lock_leaves_it(tmp_path: Path) -> None:
    try:
        with run_lock(load_settings(data_dir=tmp_path), print):
            raise ValueError
    except ValueError:
        pass
    with holder(tmp_path) as other:
        assert line(other) == "held"


def test_machines_with_folders_of_their_own_take_turns_by_the_database(tmp_path: Path) -> None:
    if postgres_programs() is None or importlib.util.find_spec("psycopg2") is None:
        pytest.skip("the extra `cluster` and a PostgreSQL server are not installed")
    with postgres() as server:
        url = server.url("postgres")
        lake = {"lake": str(tmp_path / "lake")}
        said: list[str] = []
        with (
            holder(tmp_path / "one", url) as other,
            run_lock(load_settings(data_dir=tmp_path / "two", postgres=url), said.append),
        ):  # they do not share a lake
            assert line(other) == "held"
        assert said == []
        with (
            run_lock(load_settings(data_dir=tmp_path / "three", postgres=url, **lake), print),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("ONRECORD_LAKE", lake["lake"])
            with holder(tmp_path / "four", url) as other:
                assert f"waits: another run ({socket.gethostname()}:{os.getpid()})" in line(other)
    with (
        pytest.raises(SettingsError, match="ONRECORD_POSTGRES"),
        run_lock(load_settings(data_dir=tmp_path, postgres="postgresql://nobody@127.0.0.1:1/none"), print),
    ):
        pass
