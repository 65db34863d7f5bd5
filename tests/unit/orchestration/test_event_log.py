"""Dagster's event log while a run keeps it open: the same events, for everybody to read, and closed in the end."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing, nullcontext
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.orchestration.event_log import kept_open


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="weir")])
def weir():  # type: ignore[no-untyped-def]  # noqa: ANN201  Dagster reads an annotation as an output each
    return dg.MaterializeResult(metadata={"n": 1}, check_results=[dg.AssetCheckResult(passed=True, check_name="holds")])


def events_of_a_run(home: Path, *, is_kept_open: bool) -> Counter[str]:
    """Materialize the asset, and return the kinds of events that another reader of the files finds meanwhile."""
    home.mkdir(exist_ok=True)
    with kept_open() if is_kept_open else nullcontext(), dg.DagsterInstance.local_temp(str(home)) as instance:
        result = dg.materialize([weir], instance=instance)
        found = []
        for name in (result.run_id, "index"):
            (file,) = home.rglob(f"{name}.db")
            with closing(sqlite3.connect(file)) as con:
                sql = "SELECT dagster_event_type FROM event_logs WHERE run_id = ?"
                found += [kind for (kind,) in con.execute(sql, [result.run_id])]
    return Counter(found)


def test_the_same_events_are_kept_and_others_read_them_meanwhile(tmp_path: Path) -> None:
    own = SqliteEventLogStorage._connect
    kept = events_of_a_run(tmp_path / "kept", is_kept_open=True)
    assert SqliteEventLogStorage._connect is own
    assert kept == events_of_a_run(tmp_path / "plain", is_kept_open=False)
    assert kept["ASSET_MATERIALIZATION"] == 2, "in the log of the run, and in that of all assets"
    assert not list((tmp_path / "kept").rglob("*-wal")), "the files are closed, and whole without a log beside them"


def test_the_log_of_an_earlier_run_goes_on(tmp_path: Path) -> None:
    for is_kept_open in (False, True, False):
        events_of_a_run(tmp_path, is_kept_open=is_kept_open)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert len(instance.get_run_ids()) == 3
        assert len(instance.fetch_materializations(weir.key, limit=9).records) == 3
