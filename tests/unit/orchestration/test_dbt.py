"""dbt in a process of its own; and its manifest, which is replaced whole."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from pipelines.orchestration import dbt
from pipelines.orchestration.dbt_call import DbtCall
from pipelines.settings import load_settings


def test_a_call_ends_with_what_became_of_each_node(tmp_path: Path) -> None:
    settings, ended = load_settings(data_dir=tmp_path), []
    call = DbtCall()
    call.begin(["run", "--select", "built_days"], settings, [], "target")
    outcome = call.end(ended.append)
    assert (outcome.is_successful, outcome.error) == (True, None)
    assert ended == ["model.onrecord.built_days"]
    assert [(r["unique_id"], r["status"]) for r in outcome.results] == [("model.onrecord.built_days", "success")]
    assert (settings.dbt_dir / "target" / "compiled").is_dir()


def test_a_call_that_dbt_does_not_understand_says_so(tmp_path: Path) -> None:
    call = DbtCall()
    call.begin(["build", "--no-such-option"], load_settings(data_dir=tmp_path), None, "target")
    outcome = call.end(lambda _: None)
    assert not outcome.is_successful
    assert "no-such-option" in (outcome.error or "")
    assert outcome.results == []


def test_a_process_of_which_nothing_is_asked_ends() -> None:
    call = DbtCall()
    call.close()
    assert call._process.returncode == 0


def test_a_process_that_dies_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.orchestration.dbt_call.PARSED", "no such file")
    call = DbtCall()
    call.begin(["build"], load_settings(data_dir=tmp_path), None, "target")
    outcome = call.end(lambda _: None)
    assert not outcome.is_successful
    assert "dbt ended with status 1" in (outcome.error or "")
    assert "no such file" in (outcome.error or "")


class Parsing:
    """A dbt project of one file, and a dbt that notes where it was told to write."""

    def __init__(self, folder: Path) -> None:
        self.sql = folder / "sql"
        self.model = self.sql / "models" / "a.sql"
        self.model.parent.mkdir(parents=True)
        self.model.write_text("select 1")
        self.manifest = self.sql / "target" / "manifest.json"
        self.targets: list[Path] = []
        self.during = ""
        self.status = 0

    def run(self, _: list[str], env: dict[str, str], **__: object) -> subprocess.CompletedProcess[str]:
        target = Path(env["DBT_TARGET_PATH"])
        self.targets.append(target)
        assert env["DBT_LOG_PATH"] == str(target)
        self.during = self.manifest.read_text() if self.manifest.exists() else ""
        (target / "manifest.json").write_text(f'{{"n": {len(self.targets)}}}')
        (target / "partial_parse.msgpack").write_bytes(b"parsed")
        if self.status:
            return subprocess.CompletedProcess([], self.status, "line 3 is wrong", "")
        self.model.touch()  # somebody saves the file meanwhile
        return subprocess.CompletedProcess([], 0, "", "")


@pytest.fixture
def parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parsing:
    made = Parsing(tmp_path)
    monkeypatch.setattr(dbt, "SQL_DIR", made.sql)
    monkeypatch.setattr(dbt, "MANIFEST", made.manifest)
    monkeypatch.setattr(subprocess, "run", made.run)
    return made


def test_the_manifest_is_made_elsewhere_and_swapped_in(parsing: Parsing) -> None:
    dbt.prepare()
    first = parsing.manifest.read_text()
    os.utime(parsing.manifest, (0, 0))
    dbt.prepare()
    assert parsing.during == first, "another process can read the old one until the new one is there"
    assert len({*parsing.targets, parsing.manifest.parent}) == 3, "two at once do not write the same file"
    assert sorted(p.name for p in parsing.manifest.parent.iterdir()) == ["manifest.json", "partial_parse.msgpack"]


def test_a_file_that_changed_while_dbt_read_is_read_again(parsing: Parsing) -> None:
    dbt.prepare()
    dbt.prepare()
    assert len(parsing.targets) == 2
    later = time.time() + 10
    os.utime(parsing.manifest, (later, later))
    dbt.prepare()
    assert len(parsing.targets) == 2


def test_a_project_that_dbt_cannot_read_leaves_the_old_manifest(parsing: Parsing) -> None:
    dbt.prepare()
    before = parsing.manifest.read_text()
    os.utime(parsing.manifest, (0, 0))
    parsing.status = 2
    with pytest.raises(RuntimeError, match=r"dbt cannot read .*line 3 is wrong"):
        dbt.prepare()
    assert parsing.manifest.read_text() == before
    assert sorted(p.name for p in parsing.manifest.parent.iterdir()) == ["manifest.json", "partial_parse.msgpack"]
