"""Dagster's event log while a run keeps it open: the same events, for everybody to read, and closed in the end."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration.event_log import _KEPT, EventLog
from pipelines.orchestration.home import dagster_home
from pipelines.settings import load_settings


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="weir")])
def weir():  # type: ignore[no-untyped-def]  # noqa: ANN201  Dagster reads an annotation as an output each
    return dg.MaterializeResult(metadata={"n": 1}, check_results=[dg.AssetCheckResult(passed=True, check_name="holds")])


def opened(home: Path, *, is_kept_open: bool) -> dg.DagsterInstance:
    """Return Dagster's records below a folder, with our event log or Dagster's own."""
    if not is_kept_open:
        home.mkdir(exist_ok=True)
        return dg.DagsterInstance.local_temp(str(home))
    return dg.DagsterInstance.from_config(dagster_home(load_settings(data_dir=home.parent)))


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")


def events_of_a_run(home: Path, *, is_kept_open: bool) -> Counter[str]:
    """Materialize the asset, and return the kinds of events that another reader of the files finds meanwhile."""
    with opened(home, is_kept_open=is_kept_open) as instance:
        assert isinstance(instance.event_log_storage, EventLog) is is_kept_open
        result = dg.materialize([weir], instance=instance)
        found = []
        for name in (result.run_id, "index"):
            (file,) = home.rglob(f"{name}.db")
            with closing(sqlite3.connect(file)) as con:
                sql = "SELECT dagster_event_type FROM event_logs WHERE run_id = ?"
                found += [kind for (kind,) in con.execute(sql, [result.run_id])]
    return Counter(found)


def test_the_same_events_are_kept_and_others_read_them_meanwhile(tmp_path: Path) -> None:
    kept = events_of_a_run(tmp_path / ".dagster", is_kept_open=True)
    assert kept == events_of_a_run(tmp_path / "plain", is_kept_open=False)
    assert kept["ASSET_MATERIALIZATION"] == 2, "in the log of the run, and in that of all assets"
    assert not list((tmp_path / ".dagster").rglob("*-wal")), "the files are closed, and whole without a log beside them"


def test_the_log_that_dagster_wrote_goes_on(tmp_path: Path) -> None:
    for is_kept_open in (False, True):
        events_of_a_run(tmp_path / ".dagster", is_kept_open=is_kept_open)
    with opened(tmp_path / ".dagster", is_kept_open=True) as instance:
        assert len(instance.get_run_ids()) == 2
        assert len(instance.fetch_materializations(weir.key, limit=9).records) == 2


def test_few_files_stay_open_and_a_run_that_is_removed_is_gone(tmp_path: Path) -> None:
    with opened(tmp_path / ".dagster", is_kept_open=True) as instance:
        runs = [dg.materialize([weir], instance=instance).run_id for _ in range(3)]
        log = instance.event_log_storage
        assert len(log._engines) == _KEPT
        instance.delete_run(runs[-1])
        assert instance.all_logs(runs[-1]) == []
        assert len(instance.all_logs(runs[0])) > 5
