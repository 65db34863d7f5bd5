"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.storage import atomic_files
from pipelines.storage.atomic_files import read_json, replacing, write_json


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_json_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    write_json(path, {"b": {"é": 1}, "a": [True, None]})
    assert read_json(path) == {"a": [True, None], "b": {"é": 1}}
    assert names(path.parent) == ["state.json"]


@pytest.mark.parametrize("content", [None, "", '{"a": 1', "[1]", "null"])
def test_json_that_is_missing_or_damaged_is_empty(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "state.json").write_text(content)
    assert read_json(tmp_path / "state.json") == {}


@pytest.mark.parametrize("step", ["fsync", "write"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "state.json"
    write_json(path, {"a": 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(atomic_files, "fsync", full)
    with pytest.raises(OSError, match="No space"), replacing(path) as unfinished:
        unfinished.write_text("half")
        if step == "write":
            full()
    assert names(tmp_path) == ["state.json"]
    assert read_json(path) == {"a": 1}


def test_file_and_folder_are_brought_to_the_disk_before_and_after_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []
    real = os.fsync
    path = tmp_path / "state.json"

    def spy(descriptor: int) -> None:
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink().name, path.exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    write_json(path, {})
    assert synced == [(f".state.json.{os.getpid()}", False), (tmp_path.name, True)]
