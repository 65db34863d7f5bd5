"""A run that failed, or whose checks warn, is told to a web address once; what cannot be told is an error."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration import alerts
from pipelines.orchestration.alerts import failed_checks, failed_runs, watch
from pipelines.orchestration.dead_runs import PROCESS_TAG
from pipelines.orchestration.triggers import JOB_NAME
from pipelines.orchestration.webhook import AlertError, post
from pipelines.settings import SettingsError, load_settings


class Server(HTTPServer):
    """A server on this machine that keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[dict[str, object]] = []
        self.status = 204
        self.url = f"http://127.0.0.1:{self.server_port}/hook?secret=x"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == "application/json"
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        monkeypatch.setenv("ONRECORD_ALERT_URL", made.url)
        monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
        yield made
        made.shutdown()


@dg.asset
def broken() -> None:
    raise dg.Failure("the warehouse was not built: café")


@dg.asset
def blocked() -> None:
    raise dg.Failure("what is published would lose 3 articles. Nothing is published: onrecord run --accept-loss")


@dg.asset
def unforeseen() -> None:
    raise ValueError("no such day")


@dg.asset(check_specs=[dg.AssetCheckSpec("fresh", asset="news"), dg.AssetCheckSpec("full", asset="news")])
def news() -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    yield dg.MaterializeResult()
    yield dg.AssetCheckResult(check_name="fresh", passed=False, description="three days old",
                              severity=dg.AssetCheckSeverity.WARN)  # fmt: skip
    yield dg.AssetCheckResult(check_name="full", passed=True, description="it is full")


def sensed(asset: dg.AssetsDefinition, sensor: dg.SensorDefinition, name: str = JOB_NAME) -> None:
    """Run an asset in a job of that name, and the sensor on how it ended."""
    job = dg.Definitions(assets=[asset], jobs=[dg.define_asset_job(name, [asset])]).resolve_job_def(name)
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        event = result.get_run_failure_event() if not result.success else result.get_run_success_event()
        context = dg.build_run_status_sensor_context(
            sensor_name="s", dagster_event=event, dagster_instance=instance, dagster_run=result.dagster_run
        )
        sensor(context.for_run_failure() if not result.success else context)


def test_a_run_that_failed_is_told_with_its_reason(server: Server) -> None:
    sensed(broken, failed_runs)
    (message,) = server.got
    host, run_id = socket.gethostname(), message["run_id"]
    assert message["text"] == (
        f"OnRecord on {host}: run failed: the warehouse was not built: café\n"
        "It is not tried again: mend what it names, then: onrecord run.\n"
        f"http://127.0.0.1:3000/runs/{run_id}"
    )
    assert (message["event"], message["day"], message["host"]) == ("run failed", None, host)
    assert message["is_retried"] is False
    sensed(unforeseen, failed_runs)
    assert "run failed: unforeseen: no such day\n" in str(server.got[1]["text"])


def test_the_same_failure_is_told_once_a_day_until_a_run_ends_well(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensed(broken, failed_runs)
    sensed(broken, failed_runs)
    assert len(server.got) == 1
    sensed(unforeseen, failed_runs)
    assert len(server.got) == 2, "another reason is news"
    now = alerts.utc_now()
    monkeypatch.setattr(alerts, "utc_now", lambda: now + timedelta(days=1, minutes=1))
    sensed(unforeseen, failed_runs)
    assert len(server.got) == 3, "it stands for a day now"
    sensed(news, failed_checks)
    sensed(unforeseen, failed_runs)
    assert [m["event"] for m in server.got[3:]] == ["checks failed", "run failed"]


def test_a_publication_that_was_blocked_is_told_as_such(server: Server) -> None:
    sensed(blocked, failed_runs)
    (message,) = server.got
    assert message["event"] == "publication blocked"
    assert "It is not tried again: as it says." in str(message["text"])


def test_a_run_that_was_killed_is_closed_and_told_also_one_of_the_command_line(server: Server) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.Definitions(assets=[news], jobs=[dg.define_asset_job(JOB_NAME, [news])]).resolve_job_def(JOB_NAME)
        gone = f"{socket.gethostname()}:1:0"  # process 1 was started at another time
        run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: gone})
        watch(dg.build_sensor_context(instance=instance))
        (record,) = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
        event = record.event_log_entry.get_dagster_event()
        context = dg.build_run_status_sensor_context("s", event, instance, run)
        failed_runs(context.for_run_failure())
    assert failed_runs._monitor_all_code_locations, "runs of the command line are of no code location"
    (message,) = server.got
    assert "its process has gone" in str(message["text"])
    assert "onrecord run" in str(message["text"])


def test_a_warning_that_stands_is_told_once_until_it_changes_is_over_or_a_day_has_passed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick(**found: str) -> int:
        monkeypatch.setattr(alerts, "standing", lambda *_: found)
        with dg.DagsterInstance.ephemeral() as instance:
            watch(dg.build_sensor_context(instance=instance))
        return len(server.got)

    assert [tick(old="a day"), tick(old="a day"), tick(old="two days"), tick(), tick(old="two days")] == [1, 1, 2, 2, 3]
    assert server.got[0]["event"] == "old"
    assert str(server.got[0]["text"]).startswith(f"OnRecord on {socket.gethostname()}: old: a day\n")


def test_a_backfill_that_failed_is_told_too(server: Server) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([broken], instance=instance, raise_on_error=False)
        tags = {f"dagster/asset_partition_range_{end}": f"2026-03-0{n}" for end, n in (("start", 2), ("end", 5))}
        run = dg.DagsterRun("__ASSET_JOB", run_id=result.run_id, tags=tags)
        context = dg.build_run_status_sensor_context("s", result.get_run_failure_event(), instance, run)
        failed_runs(context.for_run_failure())
    assert [(m["event"], m["day"]) for m in server.got] == [("run failed", "2026-03-02 to 2026-03-05")]


def test_checks_that_warn_are_told_and_others_are_not(server: Server) -> None:
    sensed(news, failed_checks)
    (message,) = server.got
    assert "checks failed: news: fresh: three days old\n" in str(message["text"])
    sensed(news, failed_checks)
    assert len(server.got) == 1, "a warning that stands is told once"


def test_runs_of_other_jobs_and_without_an_address_are_not_told(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensed(broken, failed_runs, name="another")
    monkeypatch.delenv("ONRECORD_ALERT_URL")
    sensed(broken, failed_runs)
    assert server.got == []


def test_a_message_that_is_not_taken_is_an_error_that_keeps_the_address_to_itself(server: Server) -> None:
    server.status = 500
    with pytest.raises(AlertError, match="not delivered") as refused:
        post(server.url, {})
    assert "secret" not in str(refused.value)
    with pytest.raises(AlertError, match="not delivered"):
        post("http://127.0.0.1:1/hook", {})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "hook", "http://"])
def test_an_address_is_of_the_web(url: str) -> None:
    with pytest.raises(SettingsError, match="ONRECORD_ALERT_URL"):
        load_settings(alert_url=url)
