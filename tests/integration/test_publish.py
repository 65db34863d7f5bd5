"""What is published of the sample: everything that came in is accounted for, and the file stands on its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import Table, table, tables
from tests.workbench import SAMPLE, Done, Workbench, good

LAYERS = ("core", "internal", "mart", "ops")


def test_the_records_that_the_gold_sets_aside_are_set_aside_and_no_others(sample: tuple[Workbench, Done]) -> None:
    gold = json.loads((SAMPLE / "gold" / "quarantine.json").read_text())
    rows = sample[0].rows(
        "SELECT source_uri, record_no FROM ops.sightings WHERE outcome NOT IN ('parsed', 'duplicate')"
    )
    assert sorted(map(str, rows)) == sorted(str((g["path"], g["record_no"])) for g in gold)


def test_each_article_of_the_gold_is_a_version(sample: tuple[Workbench, Done]) -> None:
    gold = [json.loads(line) for line in (SAMPLE / "gold" / "statements.jsonl").read_text().splitlines()]
    rows = sample[0].rows("SELECT source_uri, record_no FROM ops.sightings WHERE outcome = 'parsed'")
    assert sorted(map(str, rows)) == sorted(str((g["path"], g.get("record_no"))) for g in gold)
    assert len(gold) == 46


def test_texts_of_the_sample_stand_as_in_the_gold_where_the_file_is_text(sample: tuple[Workbench, Done]) -> None:
    gold = [json.loads(line) for line in (SAMPLE / "gold" / "statements.jsonl").read_text().splitlines()]
    texts = {g["path"]: g["text"] for g in gold if ".txt" in g["path"]}
    rows = sample[0].rows(
        "SELECT source_uri, text FROM ops.sightings JOIN core.article_versions USING (version_id) "
        "WHERE source_uri LIKE '%.txt%'"
    )
    assert len(texts) == 9
    assert {str(uri): text for uri, text in rows} == texts


def test_met_is_parsed_and_duplicate_and_refused_and_ignored(sample: tuple[Workbench, Done]) -> None:
    rows = sample[0].rows("SELECT outcome, count(*) FROM ops.sightings GROUP BY 1 ORDER BY 1")
    counts = dict(rows)  # type: ignore[arg-type,var-annotated]
    assert (counts["parsed"], counts["duplicate"]) == (46, 2)
    assert sum(n for _, n in rows) == 52  # type: ignore[misc]
    assert sample[0].rows("SELECT sum(n_seen) FROM ops.pipeline_runs") == [(52,)]


def test_sources_decide_the_outlet(sample: tuple[Workbench, Done]) -> None:
    rows = sample[0].rows("SELECT name, domain FROM core.outlets ORDER BY 1")
    assert rows == [
        ("Northmark Wire", "northmarkwire.example"), ("The Calder Ledger", "calderledger.example"),
        ("Vessen Post", "vessenpost.example"),
    ]  # fmt: skip


def test_an_article_that_was_withdrawn_is_counted_no_more(sample: tuple[Workbench, Done]) -> None:
    (row,) = sample[0].rows(
        "SELECT count(*), count(*) FILTER (is_counted) FROM mart.statements_counted WHERE url LIKE '%shipyard%'"
    )
    assert row[1] == 0
    (row,) = sample[0].rows("SELECT is_retracted, n_versions FROM core.articles WHERE url LIKE '%shipyard%'")
    assert row == (True, 2)


# ------------------------------------------------------------------ the file
def test_every_relation_has_the_columns_and_comments_of_its_contract(sample: tuple[Workbench, Done]) -> None:
    rows = sample[0].rows(
        "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() "
        f"WHERE schema_name IN {LAYERS} AND NOT internal ORDER BY schema_name, table_name, column_index"
    )
    found: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    for layer, name, *column in rows:
        found.setdefault((str(layer), str(name)), []).append(tuple(column))
    assert set(found) == {(t.layer, t.name) for t in tables() if t.layer in LAYERS}
    for (layer, name), columns in found.items():
        assert columns == [(c.name, c.duckdb, c.text) for c in table(layer, name).columns]  # type: ignore[arg-type]


@pytest.mark.parametrize("contract", [t for t in tables() if t.layer in LAYERS], ids=lambda t: f"{t.layer}.{t.name}")
def test_every_relation_keeps_its_key_its_values_and_its_holes(
    sample: tuple[Workbench, Done], contract: object
) -> None:
    name, key, columns = f"{contract.layer}.{contract.name}", contract.key, contract.columns  # type: ignore[attr-defined]
    assert sample[0].rows(f"SELECT {', '.join(key)} FROM {name} GROUP BY ALL HAVING count(*) > 1") == []
    for column in columns:
        if not column.nullable:
            assert sample[0].rows(f"FROM {name} WHERE {column.name} IS NULL LIMIT 1") == [], column.name
        if column.allowed:
            others = f"SELECT DISTINCT {column.name} FROM {name} WHERE {column.name} NOT IN {(*column.allowed, '')}"
            assert sample[0].rows(others) == []


@pytest.mark.parametrize(
    "contract",
    [t for t in (*tables("core"), *tables("internal")) if t.spans],
    ids=lambda t: f"{t.layer}.{t.name}",
)
def test_the_text_at_the_offsets_of_a_span_is_its_text(sample: tuple[Workbench, Done], contract: Table) -> None:
    texts = dict(sample[0].rows("SELECT version_id, text FROM core.article_versions"))
    for span in contract.spans:
        columns = f"version_id, {span.start}, {span.end}, {span.text}"
        found = sample[0].rows(f"SELECT {columns} FROM {contract.layer}.{contract.name}")
        assert len(found) > 100
        assert [row for row in found if str(texts[row[0]])[row[1] : row[2]] != row[3]] == []  # type: ignore[misc]


def test_the_file_answers_anywhere_without_the_lake(sample: tuple[Workbench, Done], tmp_path: Path) -> None:
    moved = Path(shutil.copy(sample[0].published, tmp_path / "elsewhere.duckdb"))
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{moved}' AS news (READ_ONLY)")
        con.execute("SET enable_external_access = false")
        for contract in tables():
            if contract.layer in LAYERS:
                con.execute(f"FROM news.{contract.layer}.{contract.name}").fetchall()
        views = con.execute("SELECT sql FROM duckdb_views() WHERE NOT internal").fetchall()
    assert len(views) > 10
    assert [sql for (sql,) in views if str(sample[0].data) in sql or "warehouse" in sql or "read_parquet" in sql] == []


def test_no_blocking_check_failed_and_all_were_made(sample: tuple[Workbench, Done]) -> None:
    rows = sample[0].rows(
        "SELECT severity, count(*), count(*) FILTER (NOT passed) FROM ops.check_results GROUP BY 1 ORDER BY 1"
    )
    counts = {severity: (n, failed) for severity, n, failed in rows}
    assert counts["block"][0] > 50  # type: ignore[operator]
    assert counts["block"][1] == 0
    assert counts["warn"][0] >= 5  # type: ignore[operator]


# ------------------------------------------------------------------ accuracy, in short
def test_evaluate_on_the_sample(sample: tuple[Workbench, Done]) -> None:
    done = good(sample[0]("evaluate", "--gold", SAMPLE / "gold", "--json"))
    figures = json.loads(done.stdout)
    assert figures["n_documents"] == 46
