"""Whole tables in three formats, with a page that explains them, and nothing written beside them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import table, tables
from tests.conftest import History
from tests.workbench import Workbench, good, refused

LAYERS = ("core", "mart", "ops")


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "json"])
def test_all_tables_with_all_rows(history: History, tmp_path: Path, format: str) -> None:
    out = tmp_path / "new" / "folder"
    good(history.second("export", "--format", format, "-o", out))
    names = {f"{t.layer}.{t.name}" for t in tables() if t.layer in LAYERS}
    assert {p.name for p in out.iterdir()} == {f"{name}.{format}" for name in names} | {"README.md"}
    for name in sorted(names):
        path = out / f"{name}.{format}"
        (row,) = history.second.rows(f"SELECT count(*) FROM {name}")
        if format == "parquet":
            height = pl.read_parquet(path).height
        elif format == "csv":
            with path.open(newline="", encoding="utf-8") as file:
                height = sum(1 for _ in csv.DictReader(file))
        elif format == "json":
            height = len(json.loads(path.read_text(), parse_constant=pytest.fail))
        else:
            height = len([json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()])
        assert (height,) == row, name


def test_tables_that_are_named(history: History, tmp_path: Path) -> None:
    good(history.second("export", "-o", tmp_path, "mart.speaker_counts", "ops"))
    names = {"mart.speaker_counts", *(f"ops.{t.name}" for t in tables("ops"))}
    assert {p.stem for p in tmp_path.glob("*.parquet")} == names


def test_the_page_explains_every_column(history: History, tmp_path: Path) -> None:
    good(history.second("export", "-o", tmp_path, "internal.statement_facts", "mart.quote_reuse"))
    page = (tmp_path / "README.md").read_text()
    for contract in (table("internal", "statement_facts"), table("mart", "quote_reuse")):
        assert f"## {contract.layer}.{contract.name}" in page
        for column in contract.columns:
            assert f"| `{column.name}` | {column.duckdb} | {column.text.replace('|', chr(92) + '|')} |" in page


def test_rows_are_in_the_order_of_the_key_and_lists_can_be_read_back(history: History, tmp_path: Path) -> None:
    good(history.second("export", "--format", "csv", "-o", tmp_path, "mart.quote_reuse", "internal.version_facts"))
    with (tmp_path / "mart.quote_reuse.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [r["quote_key"] for r in rows] == sorted(r["quote_key"] for r in rows)
    assert all(isinstance(json.loads(r["outlets"]), list) for r in rows)
    with (tmp_path / "internal.version_facts.csv").open(newline="", encoding="utf-8") as file:
        texts = {r["version_id"]: r["text"] for r in csv.DictReader(file)}
    assert texts == dict(history.second.rows("SELECT version_id, text FROM internal.version_facts"))


def test_what_cannot_be_done_is_one_line(history: History, tmp_path: Path) -> None:
    line = refused(history.second("export", "-o", tmp_path, "mart.nothing"), 2)
    assert "no such table: mart.nothing" in line
    assert "mart.quote_reuse" in line
    (tmp_path / "file").write_text("")
    assert "not a folder" in refused(history.second("export", "-o", tmp_path / "file"), 2)
    assert "run `onrecord run` first" in refused(Workbench(tmp_path / "data")("export", "-o", tmp_path / "out"), 2)
    assert list(tmp_path.glob("*.parquet")) == []


# ------------------------------------------------------------------ what changed since a publication
def publication(bench: Workbench) -> str:
    ((name,),) = bench.rows("SELECT publication_id FROM ops.publication")
    return str(name)


def test_what_came_went_or_changed_makes_an_old_copy_the_new_one(history: History, tmp_path: Path) -> None:
    first = publication(history.first)
    good(history.second("export", "--changed-since", first, "-o", tmp_path / "changed"))
    names = [f"{t.layer}.{t.name}" for t in tables() if t.layer in LAYERS]
    seen = set()
    for name in names:
        contract = table(*name.split("."))  # type: ignore[arg-type]
        changes = pl.read_parquet(tmp_path / "changed" / f"{name}.parquet")
        seen |= {(name, change) for change in changes["row_change"].unique()}
        if not contract.key:
            continue
        columns = [c.name for c in contract.columns if not c.volatile or c.name in contract.key]
        key = list(contract.key)
        select = f"SELECT {', '.join(columns)} FROM {name}"
        old, new = (frame(bench, select) for bench in (history.first, history.second))
        kept = old.join(changes.select(key), on=key, how="anti", nulls_equal=True)
        come = changes.filter(pl.col("row_change") != "went").select(columns)
        assert sorted(map(str, pl.concat([kept, come]).rows())) == sorted(map(str, new.rows())), name
    assert {change for name, change in seen if name.startswith("mart.")} == {"came", "went", "changed"}
    assert "`row_change` is came, changed" in (tmp_path / "changed" / "README.md").read_text()


def frame(bench: Workbench, select: str) -> pl.DataFrame:
    with duckdb.connect(bench.published, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.sql(select).pl()


def test_a_publication_that_is_not_kept_is_named_with_those_that_are(history: History, tmp_path: Path) -> None:
    line = refused(history.second("export", "--changed-since", "20260101T000000Z", "-o", tmp_path), 2)
    assert "no publication 20260101T000000Z is kept; kept are " in line
    assert publication(history.first) in line
