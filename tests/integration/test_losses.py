"""A lake that lost something is told before anything is done, and published only when somebody says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import History
from tests.workbench import Workbench, contents, good, quiet


@pytest.fixture
def lost(history: History, tmp_path: Path) -> Workbench:
    """Give a data folder of two days that has lost the lake's first day."""
    onrecord = history.copy(history.second, tmp_path)
    shutil.copytree(onrecord.data / "lake", tmp_path / "copy")
    for folder in (onrecord.data / "lake").glob("*/ingest_date=2026-03-02"):
        shutil.rmtree(folder)
    return onrecord


def test_a_lost_day_stops_the_run_and_can_be_put_back_or_accepted(
    history: History, lost: Workbench, tmp_path: Path
) -> None:
    before, stat = contents(lost.published), lost.published.stat()
    done = quiet(lost("run"))
    assert done.returncode == 1
    assert "parts of the lake" in done.stderr
    assert "2026-03-02" in done.stderr
    assert "onrecord run --accept-loss" in done.stderr
    assert lost.published.stat().st_mtime_ns == stat.st_mtime_ns

    assert contents(lost.published) == before

    accepted = good(lost("run", "--accept-loss"))
    assert "the loss is accepted and logged" in accepted.stderr
    assert lost.rows("SELECT DISTINCT ingest_date::VARCHAR FROM internal.version_facts") == [("2026-03-03",)]
    parts, line = map(json.loads, (lost.data / "accepted_losses.jsonl").read_text().splitlines())
    assert line["days"] == ["2026-03-02"]
    assert line["n_versions"] > 0
    assert any("raw_documents/ingest_date=2026-03-02/" in path for path in parts["parts"])
    assert len(list((lost.data / "published" / "earlier").glob("*.duckdb"))) >= 1


def test_a_lake_that_is_empty_is_told_before_anything_is_taken_in(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.first, tmp_path)
    shutil.rmtree(onrecord.data / "lake")
    (onrecord.data / "lake").mkdir()
    for arguments in (["run"], ["run", history.news / "day2", "--date", "2026-03-03"]):
        done = quiet(onrecord(*arguments))
        assert done.returncode == 1
        assert "Is a volume not mounted?" in done.stderr
        assert list((onrecord.data / "lake").iterdir()) == [], "a volume is mounted onto an empty folder"
    assert onrecord.rows("SELECT count(*) > 0 FROM core.articles") == [(True,)]


def test_a_day_that_is_gone_from_the_lake_is_not_published_even_where_nothing_knows_of_its_parts(
    history: History, tmp_path: Path
) -> None:
    onrecord = history.copy(history.second, tmp_path)
    for folder in (onrecord.data / "lake").glob("*/ingest_date=2026-03-03"):
        shutil.rmtree(folder)
    (onrecord.data / "state" / "lake_parts.sqlite").unlink()
    done = quiet(onrecord("run"))
    assert done.returncode == 1
    assert "what is published would lose" in done.stderr
    assert "2026-03-03" in done.stderr
    assert contents(onrecord.published) == contents(history.second.published)
