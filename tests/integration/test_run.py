"""From news to a published file: what a run says, what it leaves alone, and that nothing but the records decides."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path

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
    assert "build a part: 1 days in " in done.stderr, "the two days are built one after the other"
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
