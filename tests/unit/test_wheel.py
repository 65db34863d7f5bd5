"""The wheel holds all that the product needs, and finds it where pip puts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipelines.storage.fingerprints import tables_sha256, views_sha256
from tests.workbench import ROOT

_PLACES = """
import json
from pipelines import settings
from pipelines.orchestration import own_models
from pipelines.storage.fingerprints import tables_sha256, views_sha256
from pipelines.commands.demo import DAYS
print(json.dumps({
    "data": str(settings.load_settings().data_dir), "code": settings.__file__,
    "hashes": [tables_sha256(), views_sha256()],
    "sql": len(list(own_models.files(settings.SQL_DIR))),
    "sample": [folder.is_dir() for folder in DAYS.values()] + [(settings.SAMPLE_DIR / "sources.yaml").is_file()],
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


def lying_in(*places: str) -> set[str]:
    """Return the files of the project below some folders, without what a run makes."""
    made = {"target", "logs", "__pycache__", "dbt_packages"}
    paths = (p.relative_to(ROOT) for place in places for p in (ROOT / place).rglob("*") if p.is_file())
    return {p.as_posix() for p in paths if made.isdisjoint(p.parts) and not p.name.startswith(".")}


def test_a_wheel_has_the_code_the_sql_the_reference_data_the_model_and_the_sample(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {n for n in names if n.startswith("pipelines/reference/")} == lying_in("pipelines/reference")
    sql = {f"pipelines/shipped/{n}" for n in lying_in("sql")}
    assert {n for n in names if n.startswith("pipelines/shipped/sql/")} == sql
    sample = {f"pipelines/shipped/{n}" for n in lying_in("data/sample") if "/gold/" not in n}
    assert {n for n in names if n.startswith("pipelines/shipped/data/")} == sample
    assert lying_in("pipelines/explore", "expectations") <= names
    assert {n.partition("/")[0] for n in names if ".dist-info/" not in n} == {"pipelines", "expectations", "onrecord"}
    assert {"onrecord/__init__.py", "onrecord/py.typed", "pipelines/py.typed"} <= names


def test_an_installed_wheel_finds_its_files_and_keeps_data_where_it_is_called(wheel: Path, tmp_path: Path) -> None:
    installed, here = tmp_path / "site-packages", tmp_path / "here"
    zipfile.ZipFile(wheel).extractall(installed)
    here.mkdir()
    env = {k: v for k, v in os.environ.items() if not k.startswith("ONRECORD_")} | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", _PLACES]
    done = subprocess.run(command, cwd=here, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["code"] == str(installed / "pipelines" / "settings.py")
    assert told["data"] == str(here / "onrecord-data")
    assert told["hashes"] == [tables_sha256(), views_sha256()], "a checkout and a wheel of it make the same tables"
    assert told["sql"] > 100
    assert all(told["sample"])
    assert list(here.iterdir()) == [], "looking changes nothing"
