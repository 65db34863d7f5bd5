"""What goes wrong round a run is told in one line that says where and what to do."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import progress
from pipelines.errors import in_words, one_line
from pipelines.settings import SettingsError, Source, Sources, load_settings
from pipelines.storage.warehouse import wait_until_free


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_a_folder_that_may_not_be_written_is_named_with_what_to_do(number: int) -> None:
    told = one_line(OSError(number, os.strerror(number), "/news/data/.run.lock"))
    assert told.startswith(f"/news/data/.run.lock: {os.strerror(number)}: ")
    assert "ONRECORD_DATA_DIR" in told
    step = in_words(f"OSError: [Errno {number}] {os.strerror(number)}: '/news/data/lake/x.parquet'")
    assert step.startswith(f"{os.strerror(number)}: '/news/data/lake/x.parquet': ")
    assert "ONRECORD_DATA_DIR" in step


def test_records_that_cannot_be_kept_are_no_riddle_of_sql() -> None:
    told = one_line(RuntimeError("(sqlite3.OperationalError) attempt to write a readonly database [SQL: INSERT ...]"))
    assert told.startswith("the data folder is read-only")


def test_other_errors_stay_as_they_were() -> None:
    assert one_line(ValueError("no such day")) == "no such day"
    assert in_words("ValueError: no such day") == "no such day"
    assert in_words("KeyError: 'x'") == "KeyError: 'x'"


def test_a_warehouse_that_may_not_be_written_is_not_said_to_be_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.touch()

    def denied(_: Path) -> None:
        raise duckdb.IOException(f'Cannot open file "{path}": Permission denied')

    monkeypatch.setattr(duckdb, "connect", denied)
    with pytest.raises(RuntimeError, match=r"cannot be opened for writing.*Permission denied.*check who may"):
        wait_until_free(path)


@pytest.mark.parametrize("url", ["s3://bucket/news", "gs://bucket", "file:///data"])
def test_a_data_folder_is_no_url(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", url)
    with pytest.raises(SettingsError, match="the data folder lies on a disk of this machine"):
        load_settings()


def test_a_pattern_that_matches_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire" / "a.json").touch()
    found = Source(name="wire", paths=("wire/*.json", "wires/*.json"))
    stored, feed = Source(name="s", paths=("s3://bucket/x",)), Source(name="f", feed=("https://a.example/feed",))
    (line,) = Sources((found, stored, feed), tmp_path).unmatched()
    assert line == f"source wire: no file or folder matches wires/*.json below {tmp_path}"


class ClosedPipe(io.StringIO):
    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_a_reader_of_the_progress_that_has_gone_stops_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", ClosedPipe())
    progress.say("what nobody reads")
    with progress.stage("parse", 3) as advance:
        advance(3)


def test_progress_comes_as_json_lines_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_LOG", "json")
    progress.say("another run is at work")
    with progress.stage("parse", 3, "records") as advance:
        advance(3)
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first["message"] == "another run is at work"
    assert (second["stage"], second["done"], second["unit"], second["is_over"]) == ("parse", 3, "records", True)
    assert first["at"] <= second["at"]
    monkeypatch.setenv("ONRECORD_LOG", "xml")
    with pytest.raises(SettingsError, match="ONRECORD_LOG"):
        load_settings()
