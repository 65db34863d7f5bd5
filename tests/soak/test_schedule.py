"""The daily schedule fires: a real daemon asks for the run, and what the sources have is published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
)
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget

from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.triggers import daily
from pipelines.settings import load_settings
from tests.news import WIRE
from tests.workbench import ROOT, Workbench

pytestmark = pytest.mark.soak
WORKSPACE = str(ROOT / "workspace.yaml")
SECONDS = 300.0


def last_time_of(schedule: dg.ScheduleDefinition, now: datetime) -> datetime:
    """Return the last instant before now at which a schedule of once a day was due."""
    minute, hour = map(int, str(schedule.cron_schedule).split()[:2])
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return due if due < now else due - timedelta(days=1)


def heard_before(instance: dg.DagsterInstance, due: datetime) -> None:
    """Note that the scheduler has looked a minute before a schedule was due, and not since: it was down."""
    with WorkspaceProcessContext(instance, WorkspaceFileTarget([WORKSPACE])) as process:
        (location,) = process.create_request_context().code_locations
        (repository,) = location.get_repositories().values()
        (found,) = [s for s in repository.get_schedules() if s.name == daily.name]
        data = ScheduleInstigatorData(found.cron_schedule, (due - timedelta(minutes=1)).timestamp())
        instance.add_instigator_state(
            InstigatorState(found.get_remote_origin(), InstigatorType.SCHEDULE, InstigatorStatus.DECLARED_IN_CODE, data)
        )


def wait_for_a_run(instance: dg.DagsterInstance, daemon: subprocess.Popen[bytes]) -> dg.DagsterRun:
    """Return the run that the daemon asks for, once it has ended."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert daemon.poll() is None, "the daemon ended"
        for run in instance.get_runs():
            if run.is_finished:
                return run
        time.sleep(1)
    raise AssertionError(f"no run ended: {[(run.status, run.tags) for run in instance.get_runs()]}")


def test_the_daily_schedule_fires_and_publishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onrecord = Workbench(tmp_path / "data")
    (onrecord.data / "news").mkdir(parents=True)
    (onrecord.data / "news" / "a.txt").write_text(WIRE, encoding="utf-8")
    (onrecord.data / "sources.yaml").write_text("sources:\n- {name: wire, paths: 'news/*'}\n", encoding="utf-8")
    for name, value in onrecord.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", dagster_home(load_settings(data_dir=onrecord.data)))
    due = last_time_of(daily, datetime.now(UTC))
    with dg.DagsterInstance.get() as instance:
        heard_before(instance, due)
        daemon = subprocess.Popen(
            [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-w", WORKSPACE], cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            run = wait_for_a_run(instance, daemon)
        finally:
            os.killpg(daemon.pid, signal.SIGTERM)
            daemon.wait(60)
    assert run.status == dg.DagsterRunStatus.SUCCESS
    assert run.tags["dagster/schedule_name"] == daily.name
    assert run.tags["dagster/partition"] == due.date().isoformat()
    assert onrecord.rows("SELECT first_seen_on::VARCHAR, n FROM (SELECT min(ingest_date) AS first_seen_on, "
                         "count(*) AS n FROM core.article_versions)") == [(due.date().isoformat(), 1)]  # fmt: skip
