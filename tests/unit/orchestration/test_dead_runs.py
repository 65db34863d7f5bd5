"""A run whose process was killed is closed as failed, given up by its pool and told; one that is at work is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import dagster as dg
import pytest
import yaml

from pipelines.orchestration.dead_runs import PROCESS_TAG, close_dead_runs, dead_runs, is_gone, this_process
from pipelines.orchestration.failures import what_to_do, why
from pipelines.orchestration.home import DAGSTER_YAML, dagster_home
from pipelines.settings import Settings, load_settings

STARTED, FAILURE, CANCELED = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture(scope="module")
def killed() -> str:
    """Give what the tag says of a process that was killed."""
    code = "from pipelines.orchestration.dead_runs import this_process; print(this_process(), flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert process.stdout
    told = process.stdout.readline().strip()
    assert not is_gone(told)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return told


def run_of(instance: dg.DagsterInstance, process: str | None, status: dg.DagsterRunStatus = STARTED) -> str:
    tags = {PROCESS_TAG: process} if process else {}
    return instance.create_run_for_job(a_job, status=status, tags=tags).run_id


@dg.job
def a_job() -> None:
    """Do nothing."""


def test_a_process_that_was_killed_is_gone_and_another_is_not(killed: str) -> None:
    assert is_gone(killed)
    assert not is_gone(this_process())
    assert not is_gone("elsewhere.example:1:1"), "nobody here can see the processes of another machine"
    host, pid, _ = this_process().rsplit(":", 2)
    assert is_gone(f"{host}:{pid}:1"), "an id is given to a new process"
    assert int(pid) == os.getpid()


def test_only_the_runs_of_processes_that_are_gone_are_closed(instance: dg.DagsterInstance, killed: str) -> None:
    dead = run_of(instance, killed)
    alive, untold, mine = run_of(instance, this_process()), run_of(instance, None), run_of(instance, killed)
    over = run_of(instance, killed, dg.DagsterRunStatus.SUCCESS)
    assert close_dead_runs(instance, but=mine) == [dead]
    run = instance.get_run_by_id(dead)
    assert run is not None
    assert run.status == FAILURE
    (event,) = instance.get_records_for_run(dead, of_type=dg.DagsterEventType.RUN_FAILURE).records
    assert "its process has gone" in event.event_log_entry.message or "its process has gone" in str(
        event.event_log_entry.dagster_event
    )
    found = [instance.get_run_by_id(run_id) for run_id in (alive, untold, mine, over)]
    assert [run.status.value for run in found if run] == ["STARTED", "STARTED", "STARTED", "SUCCESS"]
    assert dead_runs(instance, but=mine) == []


def test_a_run_that_was_being_cancelled_ends_as_cancelled(instance: dg.DagsterInstance, killed: str) -> None:
    run_id = run_of(instance, killed, dg.DagsterRunStatus.CANCELING)
    assert close_dead_runs(instance) == [run_id]
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status == CANCELED


# ---------------------------------------------------------------- dagster.yaml
EARLIER = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1  # the warehouse takes one writer
run_retries:
  enabled: true
  retry_on_asset_or_op_failure: false  # a step that failed fails again; a process that was killed need not
"""


@pytest.fixture
def settings(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DAGSTER_HOME", "")
    return load_settings(data_dir=tmp_path)


def test_runs_are_watched_and_pools_given_back(settings: Settings) -> None:
    dagster_home(settings)
    with dg.DagsterInstance.get() as instance:
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_start_timeout_seconds == 120
        found = instance.get_concurrency_config().pool_config  # as Dagster reads it
        assert found.default_pool_limit == 1
        assert instance.get_settings("run_monitoring")["free_slots_after_run_end_seconds"] == 30
        assert not instance.telemetry_enabled


def test_a_file_of_an_older_version_is_replaced_and_one_of_ones_own_is_kept(settings: Settings) -> None:
    config = settings.dagster_home / "dagster.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(EARLIER)
    dagster_home(settings)
    assert config.read_text() == DAGSTER_YAML
    own = yaml.safe_dump({"telemetry": {"enabled": False}})
    config.write_text(own)
    dagster_home(settings)
    assert config.read_text() == own


def test_a_run_that_dagster_itself_found_dead_is_told_in_plain_words(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(a_job, status=STARTED)
    instance.report_run_failed(run)
    (record,) = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
    reason = why([record.event_log_entry.get_dagster_event()])
    assert reason == "its process has gone: it was killed, or ran out of memory"
    assert "onrecord run" in what_to_do(reason)
