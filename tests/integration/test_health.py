"""How the data folder is doing is told without a run: to people, to programs, and to whoever is on duty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._daemon.types import DaemonHeartbeat
from starlette.testclient import TestClient

from pipelines import cli
from pipelines.explore.file import PublishedFile
from pipelines.explore.probes import prober
from pipelines.explore.web import create_app
from pipelines.orchestration.assets.published import _file_before
from pipelines.orchestration.dead_runs import PROCESS_TAG
from pipelines.orchestration.health import health, standing
from pipelines.orchestration.home import dagster_home
from pipelines.settings import Settings, load_settings
from pipelines.storage.manifest import Manifest
from pipelines.storage.publish import published_problem
from tests.conftest import History


@pytest.fixture
def settings(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    bench = history.copy(history.second, tmp_path)
    for name, value in bench.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", "")
    return load_settings()


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    dagster_home(settings)
    with dg.DagsterInstance.get() as made:
        yield made


def now() -> datetime:
    return datetime.now(UTC)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    cli.main(["status", *arguments])
    return capsys.readouterr().out


def test_a_folder_that_is_well_says_so_to_people_and_programs(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["status", "--check"]) == 0
    assert capsys.readouterr().out == "nothing to look at\n"
    found = json.loads(told(capsys, "--json"))
    assert found["is_healthy"]
    assert found["publication"]["n_articles"] > 0
    assert found["publication_age"] > 0
    assert found["last_run"]["status"] == "SUCCESS"
    assert found["last_run"]["seconds"]["build"] > 0
    assert found["disk"]["free"] > 0
    assert found["publication"]["refused_by_source"]["files"] > 0
    assert "last run: " in told(capsys)


def test_a_file_that_was_cut_off_is_noticed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    size = settings.published.stat().st_size
    settings.published.chmod(0o644)
    with settings.published.open("r+b") as file:
        file.truncate(size // 2)
    assert f"{size // 2:,} of {size:,} bytes" in str(published_problem(settings))
    assert "onrecord run makes it again" in told(capsys)
    assert cli.main(["status", "--check"]) == 1
    assert "published file damaged" in standing(settings, now())
    _file_before(settings)
    assert not settings.published.exists(), "nothing reads or keeps it"


def test_a_whole_file_that_we_did_not_publish_is_no_damage(settings: Settings) -> None:
    note = settings.data_dir / "state" / "publication.json"
    note.write_text(json.dumps({"size": settings.published.stat().st_size + 262_144}))
    assert "but whole: onrecord run publishes again" in str(published_problem(settings))
    assert "published file exchanged" in standing(settings, now())
    assert _file_before(settings) == settings.published
    assert settings.published.exists(), "a run compares with it and keeps it"


def test_the_last_run_that_failed_or_was_killed_is_told_with_what_to_do(
    settings: Settings, instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    @dg.asset
    def broken() -> None:
        raise dg.Failure("a check that must hold did not, so nothing is published:\n  core.quotes: quotes_evidence")

    job = dg.Definitions(assets=[broken], jobs=[dg.define_asset_job("onrecord", [broken])])
    assert not job.resolve_job_def("onrecord").execute_in_process(instance=instance, raise_on_error=False).success
    text = told(capsys)
    assert "to look at: the last run failed: a check that must hold did not" in text
    assert "onrecord run --force" in text
    import socket

    tags = {PROCESS_TAG: f"{socket.gethostname()}:1:0"}
    instance.create_run_for_job(job.resolve_job_def("onrecord"), status=dg.DagsterRunStatus.STARTED, tags=tags)
    assert "its process has gone" in told(capsys, "--check")


def test_a_daemon_is_alive_while_it_was_heard_of_in_the_last_minute_and_a_half(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    assert health(settings, now()).daemon is None, "there never was any"
    for ago, is_alive in ((720, False), (30, True)):
        instance.add_daemon_heartbeat(DaemonHeartbeat(now().timestamp() - ago, "SENSOR", "a", []))
        daemon = health(settings, now()).daemon
        assert daemon is not None
        assert daemon.is_alive == is_alive
        assert daemon.seconds_ago == pytest.approx(ago, abs=5)


def test_silence_and_age_are_told_though_nothing_new_comes_and_no_run_checks(settings: Settings) -> None:
    later = now() + timedelta(days=5)
    found = standing(settings, later)
    assert found["articles_are_fresh"].startswith("nothing new has come since 2026-03-03")
    assert found["published file old"] == "it was published more than 5 days ago"
    assert "published file old" not in standing(settings, now())
    assert any("hours old" in line for line in health(settings, later).problems)


def test_lost_parts_are_told_at_every_tick(settings: Settings) -> None:
    Manifest(settings).note()
    next((settings.lake_dir / "raw_documents").glob("*/*.parquet")).unlink()
    assert "raw_documents" in standing(settings, now())["parts lost"]


def test_programs_ask_for_health_and_metrics_beside_the_pages(settings: Settings) -> None:
    file = PublishedFile(settings.published, "1GB", 5)
    client = TestClient(create_app(file, prober(file, settings)), base_url="http://127.0.0.1")
    found = client.get("/health")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
    assert found.json()["is_healthy"]
    page = client.get("/health", headers={"accept": "text/html,*/*"})
    assert page.headers["content-type"].startswith("text/html")
    metrics = client.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    assert float(lines["onrecord_articles"]) == found.json()["publication"]["n_articles"]
    assert float(lines['onrecord_refused{source="files"}']) > 0
    assert float(lines['onrecord_disk_bytes{place="lake"}']) > 0
    assert float(lines['onrecord_step_seconds{step="publish"}']) > 0
    assert 'onrecord_failing_checks{severity="block"}' in lines
    assert float(lines["onrecord_problems"]) == 0
    file.close()


def test_health_is_no_success_where_nothing_is_published(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    file = PublishedFile(settings.published, "1GB", 5)
    client = TestClient(create_app(file, prober(file, settings)), base_url="http://127.0.0.1")
    found = client.get("/health")
    assert (found.status_code, found.json()["problems"]) == (503, ["nothing is published"])
    assert "onrecord_publication_age_seconds" not in client.get("/metrics").text
