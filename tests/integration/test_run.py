"""From news to a published file: what a run says, what it leaves alone, and that nothing but the records decides."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pipelines.orchestration.quiet_run import quiet_run
from pipelines.settings import load_settings, load_sources
from tests import forked
from tests.conftest import DAY_1, DAY_2, History
from tests.news import N_MET, REFUSED
from tests.workbench import ROOT, Workbench, contents, quiet


# ------------------------------------------------------------------ what a run says
def test_a_run_ends_with_what_is_published(history: History) -> None:
    done = quiet(history.done["day2"])
    assert done.returncode == 0, done.stderr
    met, published = done.stdout.splitlines()
    assert met == "met 3 records: 2 parsed, 1 duplicate, 0 quarantined, 0 ignored"
    (counts,) = history.second.rows(
        "SELECT (SELECT count(*) FROM core.articles), (SELECT count(*) FROM core.statements),"
        " (SELECT count(*) FROM core.quotes)"
    )
    assert f"{counts[0]} articles, {counts[1]} statements by" in published
    assert f"{counts[2]} quotes" in published


STAGES = ("ingest", "parse", "compare", "extract", "quotes", "resolve", "actors", "build", "check", "publish")


def test_a_run_shows_each_stage_once(history: History) -> None:
    stages = [line.split(":")[0] for line in history.done["day2"].stderr.splitlines() if " in " in line]
    assert sorted(stages) == sorted(STAGES)
    assert stages[:2] == ["ingest", "parse"] and stages[-3:] == ["build", "check", "publish"]


def test_the_progress_holds_nothing_else(history: History) -> None:
    others = [line for d in history.done.values() for line in d.stderr.splitlines() if not line.startswith(STAGES)]
    assert others == []


def test_the_news_are_found_in_the_file(history: History) -> None:
    rows = history.second.rows(
        "SELECT speaker, content_text FROM mart.statements_current "
        "WHERE cue_lemma IN ('say', 'promise') AND tier = 'core'"
    )
    said = {(speaker, str(content).strip("“”,. ")) for speaker, content in rows}
    assert ("Tomas Arden", "There are not enough passengers") in said
    assert ("Edda Quill", "the town would pay half of it") in said
    assert ("Edda Quill", "the town would pay a third") not in said, "a text that was replaced is not current"


def test_a_changed_page_is_a_version_and_a_page_met_again_is_none(history: History) -> None:
    rows = history.second.rows(
        "SELECT v.version_no, v.is_current, v.ingest_date::VARCHAR FROM core.article_versions v JOIN core.articles a "
        "USING (article_id) WHERE a.url = 'https://pondgazette.example/news/weir' ORDER BY 1"
    )
    assert rows == [(1, False, "2026-03-02"), (2, True, "2026-03-03")]


# ------------------------------------------------------------------ nothing new
def test_a_second_run_builds_nothing_and_leaves_the_file_alone(history: History) -> None:
    done = quiet(history.done["day1 again"])
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "nothing new: nothing was built"
    assert history.kept[0] == history.kept[1]
    assert "build:" not in done.stderr


def n_dagster_runs(bench: Workbench) -> int:
    with closing(sqlite3.connect(bench.data / ".dagster" / "history" / "runs.db")) as con:
        return int(con.execute("SELECT count(*) FROM runs").fetchone()[0])


def test_it_is_over_before_dagster_is_loaded_and_accounts_for_what_it_met(history: History) -> None:
    assert n_dagster_runs(history.second) == 2, "of three runs"
    assert history.done["day1 again"].stdout.startswith(f"met {N_MET:,} records, {N_MET:,} of them unchanged")


@pytest.fixture
def at_rest(history: History, tmp_path: Path) -> Callable[[Path], str | None]:
    """Give what finds out whether there is nothing to do, on a copy where there is nothing."""
    settings = load_settings(data_dir=history.copy(history.second, tmp_path).data)

    def found(news: Path) -> str | None:
        return quiet_run(settings, load_sources(settings), date(2026, 3, 3), [news.as_posix()])

    return found


def _change(path: Path) -> None:
    path.write_text(path.read_text() + " And more was said.")


DOUBTS: dict[str, Callable[[Path, Path], object]] = {
    "a file is new": lambda _, news: (news / "more.txt").write_text("A headline\n\nOdile Fenn said that it rained."),
    "a file has changed": lambda _, news: _change(news / "ferry.txt"),
    "the last run failed": lambda data, _: set_status(data, "FAILURE"),
    "the last run was killed": lambda data, _: set_status(data, "STARTED"),
    "there is no record of a run": lambda data, _: shutil.rmtree(data / ".dagster"),
    "a part of the lake is lost": lambda data, _: next((data / "lake" / "raw_documents").rglob("*-*.parquet")).unlink(),
    "nothing is published": lambda data, _: (data / "published" / "onrecord.duckdb").unlink(),
    "the warehouse is damaged": lambda data, _: (data / "warehouse.duckdb").write_bytes(b"x" * 5000),
    "a state file is half written": lambda data, _: (data / "state" / ".built.json").touch(),
    "an article is to be forgotten": lambda data, _: (data / "forgotten.jsonl").write_text(FORGOTTEN),
}
FORGOTTEN = '{"target": "https://pondgazette.example/news/weir", "made_at": "2026-03-04T00:00:00+00:00"}\n'


def set_status(data: Path, status: str) -> None:
    with closing(sqlite3.connect(data / ".dagster" / "history" / "runs.db")) as con, con:
        con.execute("UPDATE runs SET status = ?", [status])


def test_where_nothing_is_to_be_done_that_is_found_without_dagster(
    history: History, at_rest: Callable[[Path], str | None]
) -> None:
    assert at_rest(history.news / "day1") is not None


@pytest.mark.parametrize("doubt", DOUBTS)
def test_where_there_is_any_doubt_the_whole_run_finds_out(
    history: History, tmp_path: Path, at_rest: Callable[[Path], str | None], doubt: str
) -> None:
    news = tmp_path / "news"
    shutil.copytree(history.news / "day1", news)
    if doubt.startswith("a file"):
        assert at_rest(history.news / "day1") is not None
    DOUBTS[doubt](tmp_path / "data", news)
    assert at_rest(news if doubt.startswith("a file") else history.news / "day1") is None


def test_a_run_waits_for_another_after_one_line(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.second, tmp_path)
    before, said = onrecord.published.stat(), tmp_path / "said"
    with (onrecord.data / ".run.lock").open("a") as file, said.open("w") as stderr:
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting = onrecord.start("run", history.news / "day2", *DAY_2, stderr=stderr)
        deadline = time.monotonic() + 60
        while not said.read_text() and time.monotonic() < deadline:
            time.sleep(0.2)
        told = said.read_text()
        is_waiting = waiting.poll() is None
        fcntl.flock(file, fcntl.LOCK_UN)
        out, _ = waiting.communicate(timeout=120)
    assert told.startswith("onrecord: another run (process")
    assert told.endswith("waiting for it to end\n")
    assert is_waiting
    assert said.read_text().count("another run") == 1
    assert waiting.returncode == 0
    assert out.splitlines()[-1] == "nothing new: nothing was built"
    assert onrecord.published.stat() == before


# ------------------------------------------------------------------ only the records decide
def test_computing_again_by_force_changes_no_row(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.second, tmp_path)
    gone = tmp_path / "gone.txt"
    done = quiet(onrecord("run", history.news / "day2", gone, "--force", *DAY_2))
    assert done.returncode == 1, "a path that does not exist is a failure, and the others are done"
    assert f"onrecord: {gone}: no such file or folder; passed over\n" in done.stderr
    assert "build:" in done.stderr
    log = (onrecord.data / ".dbt" / "target" / "dbt.log").read_text()
    assert "Completed successfully" in log
    assert "Unable to do partial parsing" not in log, "the data folder lies elsewhere now, and dbt parses nothing again"
    assert contents(onrecord.published) == contents(history.second.published)
    assert onrecord.published.stat().st_mtime_ns != history.second.published.stat().st_mtime_ns


def test_a_rebuild_equals_what_was_built_day_by_day(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.second, tmp_path)
    done = quiet(forked.call(["rebuild"], env=onrecord.environment(), cwd=ROOT, module="tests.in_parts"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "build a part: 1 day in " in done.stderr, "the two days are built one after the other"
    assert contents(onrecord.published) == contents(history.second.published)
    # The sightings with nothing new are in the file by now, and account for what was met.
    (row,) = onrecord.rows(
        "SELECT (SELECT sum(n_seen) FROM ops.pipeline_runs), count(*), count(outcome), count(*) FILTER (is_unchanged),"
        " (SELECT count(*) FROM ops.quarantine) FROM ops.sightings"
    )
    assert row == (2 * N_MET + 3, 2 * N_MET + 3, 2 * N_MET + 3, N_MET, len(REFUSED))


def test_order_processes_and_where_the_command_runs_change_no_row(history: History, tmp_path: Path) -> None:
    onrecord = Workbench(tmp_path / "data")
    files = sorted((history.news / "day1").iterdir(), reverse=True)
    done = quiet(
        onrecord("run", *files, files[0], *DAY_1, env={"ONRECORD_WORKERS": "2", "TZ": "Asia/Tokyo"}, cwd=tmp_path)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    own = ("ops.check_results", "ops.publication", "ops.pipeline_runs")
    layers = ("core", "internal", "mart", "ops")
    there, here = (contents(w.published, layers) for w in (history.first, onrecord))
    assert {k: v for k, v in here.items() if k not in own} == {k: v for k, v in there.items() if k not in own}
