"""What a run has to do follows from what was built, and by what."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.orchestration import build_state
from pipelines.orchestration.build_state import Progress
from pipelines.orchestration.check_results import dbt_results, gx_results, store
from pipelines.orchestration.project import FORCE_TAG, Project, utc_now
from pipelines.settings import Settings, Source, Sources, load_settings
from pipelines.storage.lake import UNCHANGED, Batch, Lake

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
WIRE = Source(name="wire", paths=("wire/*",))


class Bench:
    """A lake of two days, each of its own source, built and published."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = load_settings(data_dir=folder)
        self.lake = Lake(self.settings.lake_dir)
        self.lake.create()
        self.meet(MONDAY, 1, "files")
        self.meet(TUESDAY, 1, "wire")
        with duckdb.connect(self.settings.warehouse) as con:
            con.execute("CREATE TABLE t (a INT)")
        self.build([MONDAY, TUESDAY])

    def meet(self, day: date, number: int, source: str, stage: str | None = None) -> None:
        sighting = {
            "sighting_id": f"{day}{number}", "run_id": "r", "source_name": source, "source_uri": "a",
            "seen_at": utc_now(), "is_unchanged": stage is not None,
        }  # fmt: skip
        frame = pl.DataFrame([sighting], schema=table("lake", "sightings").schema)
        self.lake.write("sightings", Batch(day, f"{day}-{number:06d}"), frame, stage=stage)

    def build(self, days: list[date]) -> None:
        for batch in self.lake.batches(days):
            how = self.progress().parsed_by(self.lake.sources(batch))
            self.lake.write("quarantine", batch, table("lake", "quarantine").empty(), made_by=how, stage="parse")
        self.progress().mark_built(days)
        self.settings.published.parent.mkdir(exist_ok=True)
        self.settings.published.touch()
        self.progress().mark_published()

    def progress(self, *sources: Source) -> Progress:
        return Progress(self.settings, self.lake, Sources(sources or (WIRE,), self.settings.data_dir))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_what_is_built_and_published_is_complete(bench: Bench) -> None:
    progress = bench.progress()
    assert progress.is_complete()
    assert (progress.unbuilt_days(), progress.waiting_days(), progress.news()) == (set(), set(), [])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("parser_version", "the parser"),
        ("comparison_id", "comparison of texts"),
        ("extraction_id", "extraction"),
        ("resolution_id", "resolution"),
    ],
)
def test_a_change_of_code_or_reference_data_is_done_again_for_every_day(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    monkeypatch.setattr(build_state, name, lambda: "another")
    progress = bench.progress()
    assert progress.unbuilt_days() == {MONDAY, TUESDAY}
    assert not progress.is_complete()
    assert progress.news() == [f"what decides the rows has changed ({says}): 2 days are computed again"]
    bench.build([MONDAY, TUESDAY])
    assert bench.progress().is_complete()


def test_a_change_of_a_sources_rules_is_done_again_for_the_days_that_met_it(bench: Bench) -> None:
    changed = bench.progress(WIRE.model_copy(update={"timezone": "Europe/Lisbon"}))
    assert changed.unbuilt_days() == {TUESDAY}
    assert changed.news() == ["what decides the rows has changed (rules of sources): one day is computed again"]
    assert changed.parsed_by(["wire"]) != bench.progress().parsed_by(["wire"])
    assert changed.parsed_by(["files"]) == bench.progress().parsed_by(["files"])
    assert bench.progress(WIRE, Source(name="new", paths=("new/*",))).is_complete(), "a source more changes nothing"
    moved = bench.progress(WIRE.model_copy(update={"paths": ("elsewhere/*",)}))
    assert moved.is_complete(), "where files lie does not say how they are read"
    assert bench.progress(Source(name="other", paths=("a",))).unbuilt_days() == {TUESDAY}, "a source is gone"


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        ("tables_sha256", {MONDAY, TUESDAY}, "the SQL of tables has changed: every day is built again"),
        ("views_sha256", set(), "the SQL of views has changed: they are made again"),
    ],
)
def test_a_change_of_sql_is_built_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, days: set[date], says: str
) -> None:
    monkeypatch.setattr(build_state, name, lambda: "another")
    progress = bench.progress()
    assert (progress.unbuilt_days(), progress.news()) == (days, [says])
    assert progress.needs_new_warehouse() == (name == "tables_sha256")
    assert not progress.is_complete()
    bench.progress().mark_built([])
    assert bench.progress().days_to_check() is None, "everything is checked"
    assert not bench.progress().is_complete(), "it is not published yet"


def test_other_contracts_ask_for_a_new_warehouse(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_state, "contract_sha256", lambda: "another")
    progress = bench.progress()
    assert progress.needs_new_warehouse()
    assert progress.unbuilt_days() == {MONDAY, TUESDAY}
    assert progress.news() == ["the column contracts have changed: every day is built again"]


def test_a_warehouse_that_is_gone_is_built_again(bench: Bench) -> None:
    bench.settings.warehouse.unlink()
    assert bench.progress().unbuilt_days() == {MONDAY, TUESDAY}
    assert bench.progress().news() == ["there is no warehouse any more: every day is built again"]
    bench.progress().discard_warehouse()
    assert bench.progress().news() == []


@pytest.mark.parametrize("content", ['{"contract": "x", "days": {"2026-03-02": "older shape"}}', "half a fi", "[]"])
def test_a_state_that_cannot_be_read_is_no_state(bench: Bench, content: str) -> None:
    (bench.settings.data_dir / "state" / "built.json").write_text(content)
    assert bench.progress().unbuilt_days() == {MONDAY, TUESDAY}
    assert not bench.progress().is_complete()


def test_new_records_are_of_their_day_and_the_others_stay_as_they_are(bench: Bench) -> None:
    bench.meet(TUESDAY, 2, "files")
    assert bench.progress().unbuilt_days() == {TUESDAY}
    bench.progress().mark_built([TUESDAY])
    assert bench.progress().unbuilt_days() == set()
    assert bench.progress().days_to_check() == [TUESDAY]


def test_records_without_news_start_no_build_and_the_next_build_takes_them(bench: Bench) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    bench.meet(MONDAY, 2, "files", stage=UNCHANGED)
    bench.meet(wednesday, 1, "files", stage=UNCHANGED)
    assert bench.progress().is_complete()
    assert bench.progress().waiting_days() == {MONDAY, wednesday}
    bench.build([MONDAY, wednesday])
    assert bench.progress().waiting_days() == set()


# ------------------------------------------------------------------ checks
def test_only_checks_of_this_state_allow_a_publication_whatever_the_clock_says(bench: Bench) -> None:
    results = gx_results([])
    assert bench.progress().why_not_publish() == "the warehouse was not checked since it was built: run the whole job"
    store(bench.settings, "great_expectations", results, state=bench.progress().state())
    assert bench.progress().why_not_publish() is None
    bench.meet(TUESDAY, 2, "files")
    bench.progress().mark_built([TUESDAY])
    assert bench.progress().why_not_publish() is not None
    store(bench.settings, "great_expectations", results, state=bench.progress().state())
    assert bench.progress().why_not_publish() is None


def test_a_check_of_dbt_names_what_it_looks_at() -> None:
    nodes = {
        "model.onrecord.quotes": {"schema": "core", "name": "quotes"},
        "test.onrecord.key.1": {"attached_node": "model.onrecord.quotes", "depends_on": {"nodes": []}},
        "test.onrecord.single": {"depends_on": {"nodes": ["macro.x.y", "model.onrecord.quotes"]}},
    }
    results = [{"unique_id": ident, "status": "pass"} for ident in nodes]
    found = dbt_results(results, nodes).select("check_name", "table_name").rows()
    assert found == [("key", "core.quotes"), ("single", "core.quotes")]


# ------------------------------------------------------------------ a warehouse that broke
def project_on(bench: Bench) -> Project:
    project = Project()
    project._settings, project._lake, project._sources = bench.settings, bench.lake, Sources((WIRE,), Path())
    return project


def test_damage_that_shows_while_working_removes_the_warehouse_and_says_what_to_do(bench: Bench) -> None:
    project = project_on(bench)
    project.refuse_damage("Conversion Error: not a number")
    assert bench.settings.warehouse.exists()
    with pytest.raises(dg.Failure) as failed:
        project.refuse_damage("IO Error: Corrupt database file: computed checksum 1\ndoes not match")
    assert str(failed.value.description).endswith("does not match): run again, and every day is built")
    assert not bench.settings.warehouse.exists()
    assert bench.progress().unbuilt_days() == {MONDAY, TUESDAY}


def test_a_new_run_removes_a_broken_warehouse_and_what_a_killed_one_left(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    left = bench.settings.data_dir / "state" / ".built.json.4711"
    left.write_text("half")
    project_on(bench)._discard_damaged()
    assert not left.exists()
    assert capsys.readouterr().err == ""
    bench.settings.warehouse.write_bytes(b"garbage" * 1000)
    for _ in range(2):  # what was never built needs no words
        project_on(bench)._discard_damaged()
    assert capsys.readouterr().err.count("the warehouse was damaged and is removed (") == 1
    assert not bench.settings.warehouse.exists()


# ------------------------------------------------------------------ days chosen by somebody
def run_of(*days: date, **tags: str) -> dg.AssetExecutionContext:
    """Return what a step sees of a run of these partitions."""
    keys = [d.isoformat() for d in days]
    context = SimpleNamespace(
        partition_keys=keys, has_partition_key=len(keys) == 1, has_partition_key_range=len(keys) > 1,
        run=SimpleNamespace(tags=tags),
    )  # fmt: skip
    return cast("dg.AssetExecutionContext", context)


def test_past_days_that_somebody_chose_are_computed_again_and_today_is_not() -> None:
    today = utc_now().date()
    assert Project().forced_days(run_of(MONDAY, TUESDAY, today)) == {MONDAY, TUESDAY}
    assert Project().forced_days(run_of(today)) == set()


def test_a_run_that_says_whether_it_is_forced_is_believed() -> None:
    assert Project().forced_days(run_of(MONDAY, **{FORCE_TAG: "false"})) == set()
    assert Project().forced_days(run_of(MONDAY, **{FORCE_TAG: "true"})) == {MONDAY}


def test_a_day_that_was_read_in_part_by_new_rules_is_read_whole_by_the_next_run(bench: Bench) -> None:
    wire = WIRE.model_copy(update={"timezone": "Europe/Lisbon"})
    assert bench.progress(wire).unbuilt_days() == {TUESDAY}
    assert bench.progress(wire).unbuilt_days(by_parts_alone=True) == set()
    batch = Batch(TUESDAY, f"{TUESDAY}-000001")
    bench.lake.write("quarantine", batch, table("lake", "quarantine").empty(), made_by="before", stage="parse")
    assert bench.progress(wire).unbuilt_days(by_parts_alone=True) == {TUESDAY}
    bench.progress(wire).mark_built([TUESDAY])
    assert bench.progress(wire).unbuilt_days(by_parts_alone=True) == set()
    assert bench.progress(wire).unbuilt_days() == {TUESDAY}, "a batch of it was read by other rules"
    now = bench.progress(wire).parsed_by(["wire"])
    bench.lake.write("quarantine", batch, table("lake", "quarantine").empty(), made_by=now, stage="parse")
    bench.progress(wire).mark_built([TUESDAY])
    assert bench.progress(wire).unbuilt_days() == set()
