"""A run that is killed, or whose disk is full, harms nothing: the file stays, and the next run makes good."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.storage.faults import POINTS, reach
from tests.conftest import DAY_2, History
from tests.workbench import Workbench, contents, good, quiet


def check_unharmed(onrecord: Workbench, before: os.stat_result) -> None:
    """The published file is the same file, and answers."""
    now = onrecord.published.stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_size) == (before.st_ino, before.st_mtime_ns, before.st_size)
    assert onrecord.rows("SELECT count(*) > 0 FROM mart.statements_current") == [(True,)]


def leftovers(onrecord: Workbench) -> list[str]:
    folders = (onrecord.data / "lake", onrecord.data / "published")
    found = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    known = (".parquet", ".duckdb", ".sqlite")
    return [p.name for p in found if p.name.startswith(".") or (p.suffix not in known and p.name != "how.json")]


def test_a_point_without_a_fault_does_nothing_and_one_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for point in POINTS:
        reach(point)
    monkeypatch.setenv("ONRECORD_FAULT", "elsewhere")
    for point in POINTS:
        reach(point)
    with pytest.raises(ValueError, match="no fault point 'nowhere'"):
        reach("nowhere")


def test_kills_at_every_point_one_after_the_other_change_nothing(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.first, tmp_path)
    before = onrecord.published.stat()
    for point in POINTS:
        done = onrecord("run", history.news / "day2", *DAY_2, env={"ONRECORD_FAULT": point}, seconds=150)
        assert done.returncode == -signal.SIGKILL, (point, done.stderr)
        check_unharmed(onrecord, before)
    good(onrecord("run", history.news / "day2", *DAY_2, seconds=150))
    assert contents(onrecord.published) == contents(history.second.published)
    assert leftovers(onrecord) == []


# ------------------------------------------------------------------ a disk that is full
@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a file system of its own; it can be made larger by mounting it anew."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


@pytest.mark.parametrize("room", [400_000, 16_000_000], ids=["for the first steps", "until the warehouse is built"])
def test_a_full_disk_is_told_in_one_line_and_the_next_run_goes_on(
    history: History, small_disk: Path, room: int
) -> None:
    onrecord = history.copy(history.first, small_disk)
    before = onrecord.published.stat()
    resize(small_disk, str(shutil.disk_usage(small_disk).used + room))
    done = quiet(onrecord("run", history.news / "day2", *DAY_2))
    assert done.returncode == 1, done.stdout + done.stderr
    told = [line for line in (done.stdout + done.stderr).splitlines() if "full" in line or "space" in line]
    assert len(told) == 1, done.stdout + done.stderr
    check_unharmed(onrecord, before)
    resize(small_disk, "200m")
    good(onrecord("run", history.news / "day2", *DAY_2))
    assert contents(onrecord.published) == contents(history.second.published)
    assert leftovers(onrecord) == []


def test_a_limit_on_the_size_of_files_is_told_and_harms_nothing(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.first, tmp_path)
    before = onrecord.published.stat()
    limit = onrecord.published.stat().st_size // 2

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = quiet(onrecord("run", history.news / "day2", *DAY_2, before=small_files))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "File too large" in done.stdout + done.stderr
    check_unharmed(onrecord, before)
