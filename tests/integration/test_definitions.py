"""What Dagster loads: every asset described and owned, every dbt source an asset, triggers that evaluate."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from expectations import all_checks
from pipelines.contracts import Table, table, tables
from pipelines.definitions import build_defs, defs
from pipelines.orchestration import triggers
from pipelines.orchestration.asset_specs import DAILY
from pipelines.orchestration.dbt import MANIFEST
from pipelines.orchestration.dbt_call import Dbt
from pipelines.orchestration.triggers import JOB_NAME, daily, downstream_sensor, feeds_sensor, inbox_sensor
from tests.conftest import History
from tests.workbench import ROOT

SPECS = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
BY_KEY = pytest.mark.parametrize("key", sorted(SPECS), ids=lambda k: k.to_user_string())


def test_everything_is_there_once() -> None:
    defs.resolve_job_def("onrecord")
    defs.resolve_job_def("everything")
    assert {s.name for s in defs.schedules or []} == {"daily", "weekly", "vacuum_weekly"}
    assert {s.name for s in defs.sensors or []} == {
        "inbox", "feeds", "downstream", "failed_runs", "failed_checks", "watch",
    }  # fmt: skip
    written = {dg.AssetKey([t.layer, t.name]) for t in (*tables("lake"), *tables("state"))}
    assert written <= set(SPECS)
    assert dg.AssetKey(["published", "onrecord"]) in SPECS


def test_the_units_of_production_share_one_server_of_the_code() -> None:
    deploy = ROOT / "docs" / "deploy"
    (entry,) = yaml.safe_load((deploy / "workspace.yaml").read_text())["load_from"]
    server = entry["grpc_server"]
    units = {path.stem: path.read_text() for path in deploy.glob("*.service")}
    assert f"-m pipelines.definitions -a defs -h {server['host']} -p {server['port']}" in units["onrecord-code"]
    for name in ("onrecord-daemon", "onrecord-webserver"):
        assert "-w docs/deploy/workspace.yaml" in units[name]
        assert "After=onrecord-code.service" in units[name]
    assert (
        len({re.findall("Environment=(?:ONRECORD_DATA_DIR|DAGSTER_HOME)=(.*)", text)[0] for text in units.values()})
        == 1
    )


def test_the_workspace_loads_these_definitions() -> None:
    (entry,) = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    assert entry == {"python_module": {"module_name": "pipelines.definitions", "attribute": "defs"}}


def test_a_resource_can_be_replaced() -> None:
    other = build_defs(resource_overrides={"dbt": "another"})
    assert (other.resources or {})["dbt"] == "another"
    assert isinstance((defs.resources or {})["dbt"], Dbt)


@BY_KEY
def test_every_asset_is_owned_grouped_described_and_tagged(key: dg.AssetKey) -> None:
    spec = SPECS[key]
    assert list(spec.owners) == ["team:onrecord"]
    assert spec.tags["onrecord/layer"] == key.path[0]
    assert spec.kinds
    assert spec.group_name not in (None, "default")
    assert spec.description
    assert len(spec.description) > 15


@pytest.mark.parametrize("contract", [*tables("lake"), *tables("state")], ids=lambda t: f"{t.layer}.{t.name}")
def test_a_lake_asset_carries_the_columns_of_its_contract(contract: object) -> None:
    layer, name, columns = contract.layer, contract.name, contract.columns  # type: ignore[attr-defined]
    schema = SPECS[dg.AssetKey([layer, name])].metadata["dagster/column_schema"]
    assert [(c.name, c.type, c.description) for c in schema.columns] == [(c.name, c.duckdb, c.text) for c in columns]
    assert [c.constraints.nullable for c in schema.columns] == [c.nullable for c in columns]


@BY_KEY
def test_every_asset_leads_to_its_code(key: dg.AssetKey) -> None:
    if key.path[0] == "state" and "dagster/code_references" not in SPECS[key].metadata:
        pytest.skip("declared from its contract, and made by nothing of its own yet")
    (reference,) = SPECS[key].metadata["dagster/code_references"].code_references
    path = Path(reference.file_path)
    assert path.is_file()
    text = path.read_text().splitlines()
    assert path.suffix == ".sql" or "def " in "".join(text[reference.line_number - 1 : reference.line_number + 6])


# ------------------------------------------------------------------ lineage of columns
MODELS = [t for layer in ("core", "internal", "mart") for t in tables(layer)]
COUNTS_ROWS = {
    "internal.article_state.n_versions", "internal.version_state.version_no", "internal.reply_rows.n_replies",
    "mart.pipeline_coverage.n_articles", "mart.pipeline_coverage.n_statements", "mart.quote_spread.n_uses",
}  # fmt: skip
"""Columns that come from no column: they count rows."""
CONSTANT = {
    "internal.relay_rows.relay_kind",
    *(f"internal.built_days.{c.name}" for c in table("internal", "built_days").columns),
}
"""Columns that the SQL itself fills; built_days is written by the tables that it is about."""


def lineage(schema: str, name: str) -> dict[str, set[str]]:
    found = SPECS[dg.AssetKey([schema, name])].metadata["dagster/column_lineage"]
    return {
        column: {".".join((*dep.asset_key.path, dep.column_name)) for dep in deps}
        for column, deps in found.deps_by_column.items()
    }


@pytest.mark.parametrize("contract", MODELS, ids=lambda t: f"{t.layer}.{t.name}")
def test_every_column_of_a_model_has_its_origins_and_they_are_there(contract: Table) -> None:
    found = lineage(contract.layer, contract.name)
    assert set(found) == {c.name for c in contract.columns}
    there = {f"{t.layer}.{t.name}.{c.name}" for t in tables() for c in t.columns}
    empty = {f"{contract.layer}.{contract.name}.{column}" for column, origins in found.items() if not origins}
    assert empty <= COUNTS_ROWS | CONSTANT
    assert set().union(*found.values()) <= there


def test_origins_are_followed_through_joins_stars_and_the_lake() -> None:
    assert lineage("core", "mentions")["surface"] == {"lake.mentions.surface"}
    assert lineage("internal", "statement_rows")["speaker_actor_id"] == {
        "internal.entity_actors.actor_id", "internal.statement_overrides.actor_id",
        "internal.statement_entities.entity_id", "internal.statement_entities.confidence",  # the surest of joint ones
    }  # fmt: skip
    assert lineage("mart", "relay_chains")["relayer"] >= {
        "internal.statement_rows.wire_agency",
        "core.actors.canonical_name",
    }
    assert lineage("mart", "evidence")["text_at_offsets"] == {
        "internal.version_facts.text", "core.statement_spans.char_start", "core.statement_spans.char_end",
    }  # fmt: skip
    schema = SPECS[dg.AssetKey(["mart", "evidence"])].metadata["dagster/column_schema"]
    (column,) = (c for c in schema.columns if c.name == "span_text")
    assert column.description == "The span as stored. From core.statement_spans.span_text."


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
    relations = {dg.AssetKey([t.layer, t.name]) for t in (*tables("core"), *tables("internal"), *tables("mart"))}
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
    monkeypatch.setenv("ONRECORD_INBOX_SETTLE_SECONDS", "0")
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


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "not published"])
@pytest.mark.parametrize("is_part", [True, False], ids=["a part", "the whole job"])
def test_after_a_run_of_a_part_the_job_does_what_is_left(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_published: bool, is_part: bool
) -> None:
    bench = history.copy(history.second, tmp_path)
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(bench.data))
    if not is_published:
        (bench.data / "state" / "published.json").unlink()
    with dg.DagsterInstance.ephemeral() as instance:
        selection = frozenset({dg.AssetKey(["lake", "statements"])}) if is_part else None
        run = dg.DagsterRun(JOB_NAME, asset_selection=selection, status=dg.DagsterRunStatus.SUCCESS)
        event = dg.DagsterEvent("PIPELINE_SUCCESS", JOB_NAME)
        context = dg.build_run_status_sensor_context("downstream", event, instance, run)
        request = downstream_sensor(context)
    assert isinstance(request, dg.RunRequest if is_part and not is_published else dg.SkipReason)
    if isinstance(request, dg.RunRequest):
        assert request.partition_key == datetime.now(UTC).date().isoformat()
        assert request.tags["onrecord/force"] == "false"


def test_the_published_file_has_to_be_fresh() -> None:
    policy = SPECS[dg.AssetKey(["published", "onrecord"])].freshness_policy
    assert policy is not None
    assert (policy.warn_window.to_timedelta(), policy.fail_window.to_timedelta()) == (
        timedelta(hours=36), timedelta(hours=72),
    )  # fmt: skip


def test_a_range_is_one_run() -> None:
    policies = {a.backfill_policy for a in defs.assets or [] if isinstance(a, dg.AssetsDefinition) and a.partitions_def}
    assert policies == {dg.BackfillPolicy.single_run()}


SOURCES = """sources:
- {name: wire, feed: [http://wire.example/a, http://wire.example/b]}
- {name: often, feed: http://often.example/rss, every_minutes: 10}
- {name: map, sitemap: http://map.example/map.xml, every_minutes: 1440}
- {name: files, paths: news}
"""


def asked(instance: dg.DagsterInstance, cursor: str | None, at: datetime) -> tuple[list[str], str | None]:
    """Return the addresses that the sensor asks for at an instant."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triggers, "utc_now", lambda: at)
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
