"""What is removed to free space, and that nothing else is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.settings import load_settings
from pipelines.storage import vacuum
from pipelines.storage.publish import surplus_files

KEPT = (
    "lake/raw_documents/ingest_date=2026-03-02/2026-03-02-000001.parquet", "warehouse.duckdb", "state/built.json",
    "published/onrecord.duckdb", "published/earlier/20260303T000000000000Z.duckdb", "forgotten.jsonl",
    "published/earlier/20260304T000000000000Z.duckdb", "inbox/.hidden", "sources.yaml", "published/exports/mine.csv",
)  # fmt: skip
LEFT = (
    "lake/raw_documents/ingest_date=2026-03-02/.2026-03-02-000001.parquet.77", "lake/state/.actors.parquet.77",
    "state/.built.json.77", "published/.onrecord.duckdb.20260304T000000000000Z", "warehouse.duckdb.tmp/spill",
    "published/exports/20260305T000000000000Z/core.quotes.parquet", ".dbt/target/dbt.log.1",
)  # fmt: skip
OLD = ("published/earlier/20260301T000000000000Z.duckdb", "published/earlier/20260302T000000000000Z.duckdb")


def test_what_nothing_refers_to_goes_and_the_rest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (*KEPT, *LEFT, *OLD):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 100)
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ONRECORD_KEEP_PUBLISHED", "2")
    assert cli.main(["vacuum"]) == 0
    there = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert there == {*KEPT, ".run.lock"}
    assert capsys.readouterr().out.splitlines() == [
        f"what killed runs and tools left: {100 * len(LEFT)} B",
        "earlier published files: 200 B",
        "Dagster's records of runs of more than 90 days ago: 0 B",
        f"freed {100 * (len(LEFT) + len(OLD))} B",
    ]


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path / "none"))
    assert cli.main(["vacuum"]) == 0
    assert not (tmp_path / "none").exists()


def test_no_page_of_a_compacted_database_holds_what_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "history" / "runs.db"
    path.parent.mkdir()
    con = sqlite3.connect(path)
    con.execute("CREATE TABLE runs AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                "SELECT 'nobody may read this ' || i AS said FROM n")  # fmt: skip
    con.commit()
    con.execute("PRAGMA secure_delete = OFF")
    con.execute("DELETE FROM runs WHERE said LIKE '%'")
    con.commit()
    con.close()
    assert b"nobody may read this" in path.read_bytes()
    assert vacuum.compact(tmp_path) > 50_000
    assert b"nobody may read this" not in path.read_bytes()


def test_the_files_of_a_deleted_run_go_and_those_of_others_stay(tmp_path: Path) -> None:
    for run in ("a", "b"):
        (tmp_path / "history" / "runs").mkdir(parents=True, exist_ok=True)
        (tmp_path / "history" / "runs" / f"{run}.db").write_text("x")
        (tmp_path / "storage" / run / "compute_logs").mkdir(parents=True)
        (tmp_path / "storage" / run / "compute_logs" / "x.err").write_text("xy")
    assert vacuum.remove_run_files(tmp_path, ["a", "unknown"]) == 3
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["b.db", "x.err"]


def test_without_a_folder_there_is_nothing_left_over(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "none")
    assert (list(vacuum.leftovers(settings)), surplus_files(settings.published, 1)) == ([], [])
