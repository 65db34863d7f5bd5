"""`onrecord query` reads the published file and nothing else; `status` tells of the data folder."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import History
from tests.workbench import Workbench, good, quiet, refused

COUNT = "SELECT outcome, count(*) AS n FROM ops.sightings GROUP BY outcome ORDER BY outcome"


def shape(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    "sql",
    [
        "COPY core.articles TO '{out}'", "COPY (SELECT 1) TO '{out}' (FORMAT parquet)", "EXPORT DATABASE '{out}'",
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '{out}'",
        "FROM glob('/etc/*')", "ATTACH '{out}' AS other", "INSTALL httpfs", "LOAD httpfs",
        "CREATE TABLE core.mine AS SELECT 1", "DELETE FROM internal.version_facts", "DROP VIEW core.articles",
        "INSERT INTO ops.publication SELECT * FROM ops.publication", "UPDATE core.outlets SET name = 'x'",
        "SET enable_external_access = true", "SET lock_configuration = false", "SET memory_limit = '1TB'",
        "SET threads = 64", "RESET memory_limit", "SELECT 1; COPY (SELECT 1) TO '{out}'",
    ],
)  # fmt: skip
def test_nothing_can_be_changed_or_reached(history: History, tmp_path: Path, sql: str) -> None:
    before = shape(history.second.data)
    line = refused(history.second("query", sql.format(out=tmp_path / "out")), 2)
    assert len(line) > 20
    assert not (tmp_path / "out").exists()
    assert shape(history.second.data) == before


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM core.nothing", "SELECT 1 +", "SELECT 1/'a'"])
def test_a_query_that_is_wrong_is_one_line(history: History, sql: str) -> None:
    assert "Error" in refused(history.second("query", sql), 2)


def test_json_lines(history: History) -> None:
    sql = "SELECT ingest_date, first_seen_at, raw_id, NULL AS nothing, [1, 2] AS list FROM ops.raw_documents LIMIT 2"
    done = quiet(history.second("query", sql, "--format", "jsonl"))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 2
    assert list(rows[0]) == ["ingest_date", "first_seen_at", "raw_id", "nothing", "list"]
    assert rows[0]["ingest_date"] in ("2026-03-02", "2026-03-03")
    assert rows[0]["first_seen_at"].endswith("+00:00")
    assert (rows[0]["nothing"], rows[0]["list"]) == (None, [1, 2])


def test_json_lines_hold_every_column_and_no_number_that_json_has_not(history: History) -> None:
    sql = "SELECT 1 AS a, 2 AS a_1, 3 AS a, 'nan'::DOUBLE AS b, [1.5, 'inf'::DOUBLE] AS c, {'d': '-inf'::FLOAT} AS e"
    done = quiet(history.second("query", sql, "--format", "jsonl"))

    def fail(constant: str) -> None:
        raise AssertionError(constant)

    (row,) = [json.loads(line, parse_constant=fail) for line in done.stdout.splitlines()]
    assert row == {"a": 1, "a_1": 2, "a_2": 3, "b": None, "c": [1.5, None], "e": {"d": None}}


@pytest.mark.parametrize(("sql", "says"), [("SELECT 1; SELECT 2", "2 SQL statements: give one"), (";", "no SQL")])
def test_a_query_is_one_statement(history: History, sql: str, says: str) -> None:
    assert says in refused(history.second("query", sql), 2)
    assert quiet(history.second("query", "SELECT 1 AS one;", "--format", "csv")).stdout.split() == ["one", "1"]


def test_csv(history: History) -> None:
    done = quiet(history.second("query", "SELECT 'a,\"b\"' AS x, 'é\nf' AS y", "--format", "csv"))
    assert list(csv.reader(done.stdout.splitlines(keepends=True))) == [["x", "y"], ['a,"b"', "é\nf"]]


def test_parquet_to_a_pipe_and_to_a_file(history: History, tmp_path: Path) -> None:
    sql = "SELECT ingest_date, raw_id AS a, bytes_len AS a, NULL AS nothing FROM ops.raw_documents ORDER BY raw_id"
    command = history.second.command("query", sql, "--format", "parquet")
    piped = subprocess.run(command, env=history.second.environment(), capture_output=True, check=True).stdout
    done = quiet(history.second("query", sql, "--format", "parquet", "-o", tmp_path / "found.parquet"))
    assert (done.stdout, list(tmp_path.iterdir())) == ("", [tmp_path / "found.parquet"])
    assert piped == (tmp_path / "found.parquet").read_bytes()
    frame = pl.read_parquet(tmp_path / "found.parquet")
    assert frame.columns == ["ingest_date", "a", "a_1", "nothing"]
    assert frame.rows() == [(*row,) for row in history.second.rows(sql)]
    assert frame.height > 5


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "parquet"])
def test_a_file_appears_whole_or_not_at_all(history: History, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    good(history.second("query", COUNT, "--format", format, "-o", out))
    before = out.read_bytes()
    assert before
    bad = "SELECT CASE WHEN range < 50000 THEN range ELSE error('cut ' || range)::BIGINT END FROM range(60000)"
    refused(history.second("query", bad, "--format", format, "-o", out), 2)
    assert out.read_bytes() == before
    assert "no such folder" in refused(history.second("query", COUNT, "-o", tmp_path / "none" / "out"), 2)
    assert list(tmp_path.iterdir()) == [out]


def test_a_query_cannot_reach_variables_of_the_program(history: History) -> None:
    for name in ("relation", "settings", "text", "con"):
        assert "does not exist" in refused(history.second("query", f"FROM {name}"), 2)


def test_what_a_query_may_spill_to_the_disk_is_bounded(history: History) -> None:
    sql = "SELECT current_setting('max_temp_directory_size') AS size"
    assert "7.4 GiB" in quiet(history.second("query", sql)).stdout
    assert "locked" in refused(history.second("query", "SET max_temp_directory_size = '1TB'"), 2)


def test_table_and_standard_input(history: History) -> None:
    done = quiet(history.second("query", "-", stdin=COUNT))
    assert done.returncode == 0
    for word in ("outcome", "parsed", "quarantined"):
        assert word in done.stdout
    assert quiet(history.second("query", COUNT)).stdout == done.stdout


def test_every_relation_of_the_file_can_be_queried(history: History) -> None:
    names = history.second.rows("SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1")
    assert len(names) > 25
    union = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for (name,) in names)
    done = quiet(history.second("query", union, "--format", "jsonl"))
    counts = {row["name"]: row["n"] for row in map(json.loads, done.stdout.splitlines())}
    assert counts["ops.publication"] == 1
    assert counts["core.statements"] > 0


def test_a_query_that_takes_too_long_is_stopped(history: History) -> None:
    sql = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3"
    line = refused(history.second("query", sql, env={"ONRECORD_QUERY_SECONDS": "0.5"}, seconds=30), 2)
    assert "stopped after 0.5 s" in line
    assert "ONRECORD_QUERY_SECONDS" in line


def test_a_query_that_takes_too_much_memory_is_stopped(history: History) -> None:
    sql = "SELECT list(a.range || 'x' ORDER BY random()) FROM range(4000000) a"
    line = refused(history.second("query", sql, env={"ONRECORD_QUERY_MEMORY": "50MB"}, seconds=60), 2)
    assert "memory" in line.lower()


def test_a_reader_that_goes_early_is_no_error(history: History) -> None:
    command = history.second.command("query", "SELECT * FROM range(1000000)", "--format", "csv")
    with subprocess.Popen(
        command, env=history.second.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "range\n"
        process.stdout.close()
        assert process.stderr.read() == ""


# ------------------------------------------------------------------ status
def test_the_status_of_an_empty_folder(tmp_path: Path) -> None:
    done = quiet(Workbench(tmp_path / "data")("status"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing has come in yet: onrecord run PATH" in done.stdout
    assert not (tmp_path / "data").exists()


def test_the_status_of_a_folder_with_news(history: History) -> None:
    before = shape(history.second.data)
    done = quiet(history.second("status"))
    assert (done.returncode, done.stderr) == (0, "")
    assert shape(history.second.data) == before
    day1, day2 = (next(line.split() for line in done.stdout.splitlines() if f"2026-03-0{n}" in line) for n in (2, 3))
    assert day1[1:] == ["38", "9", "1", "8", "1", "19", "0"], "19 were met again with nothing new: nothing waits"
    assert day2[1:] == ["3", "2", "1", "0", "0", "0", "0"]
    assert "refused on these days: 8" in done.stdout
    assert "8 refusals are open" in done.stdout
    (source,) = (line.split() for line in done.stdout.splitlines() if line.startswith(" files "))
    assert source[1:5] == ["41", "22", "8", "36.4"]
    assert "disk use: lake " in done.stdout
    (row,) = history.second.rows("SELECT count(*) FROM core.statements")
    assert f"{row[0]} statements" in done.stdout
