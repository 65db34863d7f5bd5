"""dbt is called without what it does not need, and its manifest is replaced whole."""

from __future__ import annotations

import os
import site
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import dagster_dbt.core.resource
import pytest

from pipelines.orchestration import dbt
from pipelines.settings import load_settings


def test_nobody_asks_the_dbt_command_for_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object, **__: object) -> bytes:
        raise AssertionError("dbt --version")

    monkeypatch.setattr(dagster_dbt.core.resource, "check_output", asked)
    resource = dbt.resource()
    assert str(resource._cli_version) == version("dbt-core")
    assert resource._initialize_dbt_core_adapter([]) is None


def test_results_of_an_earlier_call_are_not_taken_for_those_of_one_that_stops_early(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert not dbt.target(settings, "target").exists()
    old = settings.dbt_dir / "target" / "run_results.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    kept = old.with_name("partial_parse.msgpack")
    kept.touch()
    assert dbt.target(settings, "target") == old.parent
    assert not old.exists()
    assert kept.exists()


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
    assert dbt.manifest() == parsing.manifest
    first = parsing.manifest.read_text()
    os.utime(parsing.manifest, (0, 0))
    dbt.manifest()
    assert parsing.during == first, "another process can read the old one until the new one is there"
    assert len({*parsing.targets, parsing.manifest.parent}) == 3, "two at once do not write the same file"
    assert sorted(p.name for p in parsing.manifest.parent.iterdir()) == ["manifest.json", "partial_parse.msgpack"]


def test_a_file_that_changed_while_dbt_read_is_read_again(parsing: Parsing) -> None:
    dbt.manifest()
    dbt.manifest()
    assert len(parsing.targets) == 2
    later = time.time() + 10
    os.utime(parsing.manifest, (later, later))
    dbt.manifest()
    assert len(parsing.targets) == 2


def test_a_project_that_dbt_cannot_read_leaves_the_old_manifest(parsing: Parsing) -> None:
    dbt.manifest()
    before = parsing.manifest.read_text()
    os.utime(parsing.manifest, (0, 0))
    parsing.status = 2
    with pytest.raises(RuntimeError, match=r"dbt cannot read .*line 3 is wrong"):
        dbt.manifest()
    assert parsing.manifest.read_text() == before
    assert sorted(p.name for p in parsing.manifest.parent.iterdir()) == ["manifest.json", "partial_parse.msgpack"]


def test_every_data_folder_has_the_same_path_so_that_dbt_does_not_parse_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    told, found = set(), set()
    for name in ("one", "two"):
        settings = load_settings(data_dir=tmp_path / name)
        with dbt.environment(settings, []):
            told.add(os.environ["ONRECORD_WAREHOUSE"])
            found.add(Path(os.environ["ONRECORD_WAREHOUSE"]).expanduser() == settings.warehouse)
            assert os.environ["PYTHONUSERBASE"] == site.getuserbase()
    assert (len(told), found) == (1, {True})
    assert os.environ["HOME"] == "/home/somebody"
