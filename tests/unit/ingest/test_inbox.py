"""A file that is still being copied is not taken in; what was taken in is on the list, and only what is not is new."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.ingest.files import records
from pipelines.ingest.inbox import TAKEN, counts, note_taken, pending, settled, unfinished
from pipelines.settings import Sources

DAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    return tmp_path


def put(inbox: Path, name: str, text: str = "news") -> Path:
    path = inbox / name
    path.write_text(text)
    return path


def test_a_file_is_whole_when_it_has_not_changed_for_some_seconds(inbox: Path) -> None:
    path = put(inbox, "deep/a.txt")
    written = path.stat().st_ctime_ns
    assert unfinished(inbox, 5, written + 4_900_000_000) == [path]
    assert unfinished(inbox, 5, written + 5_100_000_000) == []
    old = put(inbox, "old.txt")
    os.utime(old, ns=(0, 0))
    assert unfinished(inbox, 5, old.stat().st_ctime_ns + 1) == [path, old], "it was moved in only now"


def test_a_time_in_the_future_proves_nothing_and_holds_nothing_up(inbox: Path) -> None:
    path = put(inbox, "a.txt")
    ahead = time.time_ns() + 3 * 86_400_000_000_000
    os.utime(path, ns=(ahead, ahead))
    assert unfinished(inbox, 5) == []


@pytest.mark.parametrize("name", ["a.txt.part", "b.zip.crdownload", "c.tmp", "d.filepart"])
def test_a_name_that_says_so_is_not_whole_however_old_it_is(inbox: Path, name: str) -> None:
    path = put(inbox, name)
    assert settled(inbox, 0, wait=lambda _: pytest.fail("there is nothing to wait for")) == [path]
    put(inbox, ".hidden.txt")
    assert unfinished(inbox, 0) == [path]


def test_a_run_waits_once_and_leaves_what_grows_still(inbox: Path) -> None:
    whole, growing = put(inbox, "a.txt"), put(inbox, "b.txt")
    waited = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        time.sleep(seconds)
        with growing.open("a") as file:
            file.write("more")

    assert settled(inbox, 0.3, wait) == [growing]
    assert waited == [0.3]
    met = records([inbox], Sources((), inbox), 1_000, left_out=[growing])
    assert [m.source_uri for m in met] == [whole.as_posix()]


def test_only_what_was_not_taken_in_as_it_is_waits(inbox: Path) -> None:
    first, second = put(inbox, "a.txt"), put(inbox, "deep/b.txt")
    assert [json.loads(line)[0] for line in pending(inbox, 0)] == ["a.txt", "deep/b.txt"]
    note_taken(inbox, [first], DAY, NOW)
    assert [json.loads(line)[0] for line in pending(inbox, 0)] == ["deep/b.txt"]
    note_taken(inbox, [first, second], DAY, NOW)
    assert pending(inbox, 0) == []
    assert counts(inbox, 0) == {"taken_in": 2, "waiting": 0, "unfinished": 0}
    lines = [json.loads(line) for line in (inbox / TAKEN).read_text().splitlines()]
    assert [(line["path"], line["ingest_date"]) for line in lines] == [
        ("a.txt", "2026-03-02"),
        ("deep/b.txt", "2026-03-02"),
    ]
    put(inbox, "a.txt", "other news")
    assert [json.loads(line)[0] for line in pending(inbox, 0)] == ["a.txt"]
    second.unlink()
    put(inbox, "c.txt.part")
    assert counts(inbox, 0) == {"taken_in": 0, "waiting": 1, "unfinished": 1}


def test_half_a_line_and_no_inbox_at_all_are_no_trouble(inbox: Path) -> None:
    path = put(inbox, "a.txt")
    note_taken(inbox, [path], DAY, NOW)
    with (inbox / TAKEN).open("a") as file:
        file.write('{"path": "b')
    assert pending(inbox, 0) == []
    assert counts(inbox / "none", 5) == {"taken_in": 0, "waiting": 0, "unfinished": 0}
