"""What decides the rows may change, and the warehouse may break: a plain run notices, and says so in one line."""

from __future__ import annotations

import csv
import os
import re
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from tests import forked
from tests.conftest import History
from tests.workbench import ROOT, Done, Workbench, contents, good


def told(done: Done) -> list[str]:
    return [line.removeprefix("onrecord: ") for line in done.stderr.splitlines() if line.startswith("onrecord: ")]


def worked_on(done: Done) -> dict[str, int]:
    """Return how much each stage of a run did."""
    found = re.findall(r"^(\w+): ([\d,]+) \w+ in ", done.stderr, re.M)
    return {stage: int(number.replace(",", "")) for stage, number in found}


class Checkout:
    """A copy of the code, to be changed, and the command as it runs there on a data folder."""

    def __init__(self, folder: Path, onrecord: Workbench) -> None:
        self.folder, self.onrecord = folder, onrecord
        for part in ("pipelines", "expectations", "sql"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self) -> Done:
        """Run on nothing new."""
        environment = self.onrecord.environment({"PYTHONPATH": str(self.folder)})
        return good(forked.call(["run"], env=environment, cwd=self.folder))

    def append(self, place: str, line: str) -> None:
        with (self.folder / place).open("a", encoding="utf-8") as file:
            file.write(line)


def test_a_change_of_what_decides_the_rows_is_noticed_and_only_what_it_touches_is_done(
    history: History, tmp_path: Path
) -> None:
    onrecord = history.copy(history.first, tmp_path)
    before = contents(onrecord.published)
    checkout = Checkout(tmp_path / "checkout", onrecord)
    resolvers = "SELECT resolution_id FROM ops.resolvers"
    old = onrecord.rows(resolvers)

    # A name in a CSV: resolution only.
    with (checkout.folder / "pipelines/reference/actors.csv").open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    row = {"actor_type": "org", "name": "Arden Lines Test Co"}
    checkout.append("pipelines/reference/actors.csv", ",".join(row.get(name, "") for name in header) + "\n")
    done = checkout.run()
    assert told(done) == ["what decides the rows has changed (resolution): one day is computed again"]
    did = worked_on(done)
    assert (did["parse"], did["extract"]) == (0, 0)
    assert did["resolve"] > 0
    assert onrecord.rows(resolvers) != old
    used = "SELECT DISTINCT resolution_id FROM internal.entities ORDER BY 1"
    assert onrecord.rows(f"{resolvers} ORDER BY 1") == onrecord.rows(used)
    assert checkout.run().stdout == "nothing new: nothing was built\n"

    # The parser, where the texts stay the same, and SQL: read again, nothing extracted, all of it built.
    checkout.append("pipelines/core/documents/html.py", "# another line\n")
    checkout.append("sql/models/core/facts/quotes.sql", "-- another line\n")
    checkout.append("pipelines/evaluation/attribution.py", "ANOTHER = 1\n")
    assert checkout.run().stdout == "nothing new: nothing was built\n", "comments and scorers decide no row"
    checkout.append("pipelines/core/documents/html.py", "ANOTHER = 1\n")
    checkout.append("sql/models/core/facts/quotes.sql", "{% set another = 1 %}\n")
    done = checkout.run()
    assert told(done) == [
        "the SQL of tables has changed: every day is built again",
        "what decides the rows has changed (the parser): one day is computed again",
    ]
    did = worked_on(done)
    assert did["parse"] > 0
    assert (did["extract"], did["resolve"]) == (0, 0)
    assert did["build"] > 0
    same = {name for name, rows in contents(onrecord.published).items() if rows == before[name]}
    assert same >= {"core.sentences", "core.quotes", "core.statement_spans", "mart.evidence", "core.mentions"}


def test_a_damaged_warehouse_is_built_again_by_a_plain_run(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.second, tmp_path)
    warehouse = onrecord.data / "warehouse.duckdb"
    warehouse.write_bytes(b"what a broken disk left")
    warehouse.with_name("warehouse.duckdb.wal").write_bytes(b"and its log")
    done = good(onrecord("run"))
    (line,) = told(done)
    assert line.startswith("the warehouse was damaged and is removed (")
    assert line.endswith("): every day is built again")
    assert worked_on(done)["parse"] == 0
    assert contents(onrecord.published) == contents(history.second.published)
    assert not warehouse.with_name("warehouse.duckdb.wal").exists()
    with duckdb.connect(warehouse, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM internal.version_facts").fetchone() != (0,)
    assert good(onrecord("run")).stdout == "nothing new: nothing was built\n"


def test_a_past_day_that_is_materialized_in_the_ui_is_computed_from_its_raw_documents(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    onrecord = history.copy(history.second, tmp_path)
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(onrecord.data))
    monkeypatch.setenv("ONRECORD_WORKERS", "1")
    part = next((onrecord.data / "lake/statements/ingest_date=2026-03-02").glob("*.parquet"))
    before = {p: p.stat().st_mtime_ns for p in onrecord.data.glob("lake/statements/ingest_date=*/*.parquet")}
    from pipelines.definitions import defs

    steps = ("raw_documents", "article_versions", "statements")
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("onrecord").execute_in_process(
            partition_key="2026-03-02", instance=instance,
            asset_selection=[k for d in defs.assets or [] if isinstance(d, dg.AssetsDefinition)
                             and d.node_def.name in steps for k in d.keys],
        )  # fmt: skip
    assert result.success
    written = {p for p, time in before.items() if p.stat().st_mtime_ns != time}
    assert part in written
    assert {p.parent.name for p in written} == {"ingest_date=2026-03-02"}
    assert os.environ["ONRECORD_DATA_DIR"] == str(onrecord.data)


PATCH = """
_json = READERS["application/json"]


def _patched(record: Record, rules: SourceRules) -> Document:
    from dataclasses import replace

    document = _json(record, rules)
    return replace(document, text=document.text.replace("said on Monday", "slept all Monday"), byline="X")


READERS["application/json"] = _patched
"""


def test_another_parser_replaces_texts_in_place_and_says_first_what_it_changes(
    history: History, tmp_path: Path
) -> None:
    onrecord = history.copy(history.first, tmp_path)
    checkout = Checkout(tmp_path / "checkout", onrecord)
    versions = "SELECT version_id, article_id, raw_id FROM core.article_versions ORDER BY ALL"
    before = onrecord.rows(versions)
    said = (
        "SELECT count(*) FROM core.statements JOIN core.article_versions USING (version_id) WHERE text LIKE 'Harbour%'"
    )
    ((n_before,),) = onrecord.rows(said)
    checkout.append("pipelines/core/documents/formats.py", PATCH)
    done = checkout.run()
    assert onrecord.rows(versions) == before, "no version came or went"
    assert onrecord.rows("SELECT count(*) FROM core.article_versions WHERE text LIKE '%slept all Monday%'") == [(4,)]
    rows = onrecord.rows(
        "SELECT what, effect, n_changes, n_versions, n_chars_after - n_chars_before FROM ops.reprocessing "
        "WHERE source_name = 'files' ORDER BY ALL"
    )
    assert ("text", "other", 4, 4, 8) in rows
    assert ("byline", "filled", 4, 4, None) in rows
    ((n_after,),) = onrecord.rows(said)
    moved = {effect: n for what, effect, n, *_ in rows if what == "statement"}
    assert isinstance(n_after, int)
    assert isinstance(n_before, int)
    assert n_after - n_before == int(str(moved.get("came", 0))) - int(str(moved.get("went", 0)))
    assert moved
    lines = done.stderr.splitlines()
    (summary,) = (i for i, line in enumerate(lines) if "files: reading again: " in line)
    assert "4 texts changed (" in lines[summary]
    assert summary < next(i for i, line in enumerate(lines) if line.startswith("publish:"))
    checkout.append("pipelines/core/text/tokens.py", "ANOTHER = 1\n")
    checkout.run()
    assert onrecord.rows("SELECT count(*) FROM ops.reprocessing WHERE what <> 'statement'") == [(0,)]
