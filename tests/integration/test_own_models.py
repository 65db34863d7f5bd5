"""A mart of one's own: a folder of SQL outside of the checkout is built, tested, published and documented with ours."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.orchestration import dbt, own_models
from pipelines.orchestration.assets.warehouse import drop_unknown
from pipelines.settings import SettingsError, load_settings
from tests.conftest import History
from tests.workbench import good, quiet

SQL = "select outlet, count(*) as n from {{ ref('statements_counted') }} where is_counted group by outlet\n"
TOLD = """\
version: 2
models:
  - name: said_by_outlet
    description: "One row per outlet: its statements."
    columns:
      - name: outlet
        description: "Name of the outlet."
        data_tests: [not_null, unique]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "said_by_outlet.sql").write_text(SQL)
    (folder / "_told.yml").write_text(TOLD)
    return folder


def test_it_is_built_tested_published_and_documented_and_stops_what_fails(
    history: History, tmp_path: Path, own: Path
) -> None:
    onrecord = history.copy(history.second, tmp_path).with_env(ONRECORD_MODELS_DIR=str(own))
    good(onrecord("run"))
    there = onrecord.rows("SELECT count(*), sum(n) FROM mart.said_by_outlet")
    assert there == onrecord.rows(
        "SELECT count(DISTINCT outlet), count(*) FROM mart.statements_counted WHERE is_counted"
    )
    assert onrecord.rows(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'said_by_outlet' AND column_name = 'outlet'"
    ) == [("Name of the outlet.",)]
    checked = onrecord.rows("SELECT passed FROM ops.check_results WHERE table_name = 'mart.said_by_outlet'")
    assert checked == [(True,), (True,)]
    assert not list((Path(dbt.SQL_DIR) / "models").rglob("said_by_outlet*")), "the checkout is not written to"

    stat = onrecord.published.stat()
    (own / "deep" / "said_by_outlet.sql").write_text(SQL + "union all select null, 1\n")
    done = quiet(onrecord("run"))
    assert done.returncode == 1
    assert "not_null_said_by_outlet_outlet" in done.stderr
    assert onrecord.published.stat().st_ino == stat.st_ino


def test_the_project_of_both_follows_the_folder(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(data_dir=tmp_path / "data", models_dir=own)
    first = own_models.own_sha256(settings)
    project = own_models.assembled(settings)
    copy = project / "models" / "own" / "deep" / "said_by_outlet.sql"
    assert copy.read_text() == SQL
    assert (project / "models" / "marts" / "evidence.sql").exists()
    assert "own:\n      +schema: mart" in (project / "dbt_project.yml").read_text()
    kept = copy.stat().st_mtime_ns
    (own / "deep" / "more.sql").write_text(SQL)
    own_models.assembled(settings)
    assert copy.stat().st_mtime_ns == kept, "what is the same is not written again"
    assert own_models.own_sha256(settings) != first
    (own / "deep" / "said_by_outlet.sql").unlink()
    own_models.assembled(settings)
    assert [p.name for p in copy.parent.iterdir()] == ["more.sql"]
    assert own_models.own_sha256(load_settings(data_dir=tmp_path)) == ""


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ONRECORD_MODELS_DIR=.*no such folder"):
        own_models.own_folder(load_settings(models_dir=tmp_path / "none"))


def test_what_is_no_model_any_more_leaves_the_warehouse(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    drop_unknown(path, ())
    with duckdb.connect(path) as con:
        con.execute("CREATE SCHEMA mart; CREATE TABLE mart.a (i INT); CREATE VIEW mart.b AS FROM mart.a; "
                    "CREATE TABLE mart.c (i INT); CREATE TABLE kept (i INT)")  # fmt: skip
    drop_unknown(path, {"mart.a"})
    with duckdb.connect(path, read_only=True) as con:
        assert con.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall() == [
            ("a",), ("kept",)
        ]  # fmt: skip


def test_every_relation_of_ours_is_known(tmp_path: Path) -> None:
    assert {"core.version_facts", "mart.evidence"} <= {r.replace("internal.", "core.") for r in dbt.relations()}
    assert dbt.manifest()["nodes"]
