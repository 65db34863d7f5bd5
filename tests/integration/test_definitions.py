"""What Dagster loads: every asset described and owned, every dbt source an asset, triggers that evaluate."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster_dbt import DbtCliResource

from expectations import all_checks
from pipelines.core.tables import tables
from pipelines.definitions import build_defs, defs
from pipelines.defs import automation
from pipelines.defs.automation import daily, feeds_sensor, inbox_sensor
from pipelines.defs.dbt import MANIFEST
from pipelines.defs.lake_assets import DAILY
from tests.workbench import ROOT

SPECS = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
BY_KEY = pytest.mark.parametrize("key", sorted(SPECS), ids=lambda k: k.to_user_string())


def test_everything_is_there_once() -> None:
    defs.resolve_job_def("onrecord")
    defs.resolve_job_def("everything")
    assert {s.name for s in defs.schedules or []} == {"daily", "weekly"}
    assert {s.name for s in defs.sensors or []} == {"inbox", "feeds", "failed_runs", "failed_checks"}
    written = {dg.AssetKey([t.layer, t.name]) for t in (*tables("lake"), *tables("state"))}
    assert written <= set(SPECS)
    assert dg.AssetKey(["published", "onrecord"]) in SPECS


def test_the_workspace_loads_these_definitions() -> None:
    (entry,) = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    assert entry == {"python_module": {"module_name": "pipelines.definitions", "attribute": "defs"}}


def test_a_resource_can_be_replaced() -> None:
    other = build_defs(resource_overrides={"dbt": "another"})
    assert (other.resources or {})["dbt"] == "another"
    assert isinstance((defs.resources or {})["dbt"], DbtCliResource)


@BY_KEY
def test_every_asset_is_owned_grouped_and_described(key: dg.AssetKey) -> None:
    spec = SPECS[key]
    assert list(spec.owners) == ["team:onrecord"]
    assert spec.group_name not in (None, "default")
    assert spec.description
    assert len(spec.description) > 15


@pytest.mark.parametrize("contract", [*tables("lake"), *tables("state")], ids=lambda t: f"{t.layer}.{t.name}")
def test_a_lake_asset_carries_the_columns_of_its_contract(contract: object) -> None:
    layer, name, columns = contract.layer, contract.name, contract.columns  # type: ignore[attr-defined]
    schema = SPECS[dg.AssetKey([layer, name])].metadata["dagster/column_schema"]
    assert [(c.name, c.type, c.description) for c in schema.columns] == [(c.name, c.duckdb, c.text) for c in columns]
    assert [c.constraints.nullable for c in schema.columns] == [c.nullable for c in columns]


def test_every_dbt_source_is_an_asset_that_python_writes() -> None:
    source_file = ROOT / "sql" / "models" / "staging" / "_lake__sources.yml"
    named = {
        tuple(table["config"]["meta"]["dagster"]["asset_key"])
        for source in yaml.safe_load(source_file.read_text())["sources"]
        for table in source["tables"]
    }
    assert len(named) > 10
    made = {tuple(key.path) for definition in defs.assets or [] if isinstance(definition, dg.AssetsDefinition)
            and definition.node_def.name != "warehouse" for key in definition.keys}  # fmt: skip
    specs = {tuple(a.key.path) for a in defs.assets or [] if isinstance(a, dg.AssetSpec)}
    assert named <= made | specs


def test_nothing_depends_on_an_asset_that_nobody_makes() -> None:
    missing = {d.asset_key for spec in SPECS.values() for d in spec.deps} - set(SPECS)
    assert missing == set()


def test_every_relation_of_the_warehouse_is_an_asset_before_the_published_file() -> None:
    relations = {dg.AssetKey([t.layer, t.name]) for t in (*tables("core"), *tables("mart"))}
    assert relations <= set(SPECS)
    before = {dep.asset_key for dep in SPECS[dg.AssetKey(["published", "onrecord"])].deps}
    assert relations <= before


def test_the_warehouse_has_one_writer() -> None:
    nodes = {n.name: n for n in defs.resolve_job_def("onrecord").graph.nodes}
    assert nodes["warehouse"].definition.pools == {"warehouse"}


def test_assets_of_days_are_partitioned_by_day_and_today_is_one() -> None:
    for key, spec in SPECS.items():
        if key.path[0] == "lake":
            assert spec.partitions_def == DAILY
    now = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert DAILY.get_partition_keys(current_time=now)[-1] == "2026-03-02"


# ------------------------------------------------------------------ checks
def test_the_checks_that_block_are_those_that_say_so() -> None:
    specs = {s.name: s for d in defs.asset_checks or [] for s in d.check_specs}
    assert {name for name, s in specs.items() if s.blocking} == {c.name for c in all_checks() if c.severity == "block"}
    assert set(specs) == {c.name for c in all_checks()}
    assert all(specs[c.name].asset_key == dg.AssetKey(c.table.split(".")) for c in all_checks())
    assert all(s.description for s in specs.values())


def test_the_tests_of_dbt_block() -> None:
    (warehouse,) = (
        d for d in defs.assets or [] if isinstance(d, dg.AssetsDefinition) and d.node_def.name == "warehouse"
    )
    checks = list(warehouse.check_specs)
    assert len(checks) > 20
    assert [c.name for c in checks if not c.blocking] == []


# ------------------------------------------------------------------ triggers
def test_the_schedule_asks_for_the_day_on_which_it_begins() -> None:
    at = datetime(2026, 3, 2, 5, 15, tzinfo=UTC)
    request = daily(dg.build_schedule_context(scheduled_execution_time=at))
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == "2026-03-02"
    assert daily.cron_schedule == "15 5 * * *"
    assert daily.execution_timezone == "UTC"


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    return tmp_path / "inbox"


def evaluate(cursor: str | None) -> tuple[dg.RunRequest | dg.SkipReason, str | None]:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, cursor=cursor)
        result = inbox_sensor(context)
        assert isinstance(result, dg.RunRequest | dg.SkipReason)
        return result, context.cursor


def test_the_inbox_asks_for_a_run_when_a_file_is_newer_than_the_last(inbox: Path) -> None:
    assert isinstance(evaluate(None)[0], dg.SkipReason)
    inbox.mkdir()
    assert isinstance(evaluate(None)[0], dg.SkipReason)
    (inbox / "deep").mkdir()
    (inbox / "deep" / "a.txt").write_text("news")
    request, cursor = evaluate(None)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == datetime.now(UTC).date().isoformat()
    assert isinstance(evaluate(cursor)[0], dg.SkipReason)
    later = (inbox / "deep" / "a.txt").stat().st_mtime_ns + 1_000_000_000
    os.utime(inbox / "deep" / "a.txt", ns=(later, later))
    again, _ = evaluate(cursor)
    assert isinstance(again, dg.RunRequest)
    assert again.run_key != request.run_key


def test_an_old_file_that_is_moved_into_the_inbox_is_noticed(inbox: Path) -> None:
    inbox.mkdir()
    (inbox / "a.txt").write_text("news")
    _, cursor = evaluate(None)
    old = inbox.parent / "old.txt"
    old.write_text("old news")
    os.utime(old, ns=(0, 0))
    old.rename(inbox / "old.txt")
    assert isinstance(evaluate(cursor)[0], dg.RunRequest)


SOURCES = """sources:
- {name: wire, feed: [http://wire.example/a, http://wire.example/b]}
- {name: often, feed: http://often.example/rss, every_minutes: 10}
- {name: map, sitemap: http://map.example/map.xml, every_minutes: 1440}
- {name: files, paths: news}
"""


def asked(instance: dg.DagsterInstance, cursor: str | None, at: datetime) -> tuple[list[str], str | None]:
    """Return the addresses that the sensor asks for at an instant."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(automation, "utc_now", lambda: at)
        context = dg.build_sensor_context(instance=instance, cursor=cursor, sensor_name="feeds")
        request = feeds_sensor(context)
    if isinstance(request, dg.SkipReason):
        return [], context.cursor
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == at.date().isoformat()
    assert defs.resolve_job_def("onrecord").name == "onrecord"
    return list(request.run_config["ops"]["raw_documents"]["config"]["inputs"]), context.cursor


def test_feeds_and_sitemaps_are_asked_for_when_their_time_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    a, b, often, of_map = (
        "http://wire.example/a", "http://wire.example/b", "http://often.example/rss", "http://map.example/map.xml"
    )  # fmt: skip
    with dg.DagsterInstance.ephemeral() as instance:
        assert asked(instance, None, at) == ([], None), "there are no sources"
        (tmp_path / "sources.yaml").write_text(SOURCES.replace("name: files", "name: folder"))
        found, cursor = asked(instance, None, at)
        assert found == [a, b, often, of_map]
        assert asked(instance, cursor, at + timedelta(minutes=9)) == ([], cursor)
        found, cursor = asked(instance, cursor, at + timedelta(minutes=10))
        assert found == [often]
        found, cursor = asked(instance, cursor, at + timedelta(minutes=60))
        assert found == [a, b, often]
        # A run that it started is not over: nothing new is started, and nothing forgotten.
        later = at + timedelta(minutes=120)
        instance.add_run(
            dg.DagsterRun("onrecord", status=dg.DagsterRunStatus.STARTED, tags={"dagster/sensor_name": "feeds"})
        )
        assert asked(instance, cursor, later) == ([], cursor)
        found, _ = asked(instance, cursor, datetime.now(UTC) + timedelta(hours=7))
        assert found == [a, b, often, of_map], "a run that was killed is not waited for without end"
        (tmp_path / "sources.yaml").write_text("sources: [{name: a}]")
        assert asked(instance, cursor, later)[0] == []


def test_the_manifest_is_newer_than_what_it_is_made_of() -> None:
    sources = [p for p in (ROOT / "sql").rglob("*") if p.suffix in {".sql", ".yml"} and "target" not in p.parts]
    assert max(p.stat().st_mtime for p in sources) <= MANIFEST.stat().st_mtime
