"""The column contracts agree with themselves, with Polars, with Parquet and with DuckDB."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import Column, Kind, Table, table, tables

VALUES: dict[Kind, object] = {
    "str": "Zürich 😀", "json": '{"a": 1}', "int": 2**40, "bool": True, "float": 0.25, "date": date(2026, 3, 2),
    "instant": datetime(2026, 3, 2, 12, 30, 1, 5, tzinfo=UTC), "bytes": b"\x00\xff", "strs": ["a", ""],
    "ints": [-(2**63), 7],
    "sections": [{"section": "headline", "char_start": 0, "char_end": 3}],
}  # fmt: skip
ALL = pytest.mark.parametrize("contract", tables(), ids=lambda t: f"{t.layer}.{t.name}")
STORED = pytest.mark.parametrize("contract", [*tables("lake"), *tables("state")], ids=lambda t: f"{t.layer}.{t.name}")


def full_row(contract: Table) -> dict[str, object]:
    return {c.name: c.allowed[0] if c.allowed else VALUES[c.kind] for c in contract.columns}


def bare_row(contract: Table) -> dict[str, object]:
    return {c.name: value for c in contract.columns if not c.nullable for value in [full_row(contract)[c.name]]}


@STORED
def test_rows_come_back_from_parquet_as_they_were(contract: Table, tmp_path: Path) -> None:
    frame = contract.conform(contract.frame([full_row(contract), bare_row(contract)]))
    frame.write_parquet(tmp_path / "part.parquet")
    back = pl.read_parquet(tmp_path / "part.parquet")
    assert back.schema == contract.schema
    assert back.equals(frame)
    assert contract.conform(back).equals(frame)


@STORED
def test_duckdb_reads_a_part_with_the_types_of_the_contract(contract: Table, tmp_path: Path) -> None:
    contract.frame([full_row(contract)]).write_parquet(tmp_path / "part.parquet")
    described = duckdb.execute("DESCRIBE FROM read_parquet(?)", [str(tmp_path / "part.parquet")]).fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [(c.name, c.duckdb) for c in contract.columns]


@ALL
def test_a_contract_is_whole(contract: Table) -> None:
    names = [c.name for c in contract.columns]
    assert len(set(names)) == len(names)
    assert set(contract.key) <= set(names)
    assert contract.key
    # What is not known may be a group of its own (of a mart, or of the sums and rows of days that marts are made of),
    # but has no row of its own.
    of_marts = contract.layer == "mart" or contract.name.endswith(("_days", "_rows"))
    assert of_marts or not [key for key in contract.key if contract[key].nullable]
    assert contract.grain.startswith("one row")
    assert [c.name for c in contract.columns if not c.text.endswith(".")] == []


@ALL
def test_the_columns_of_a_span_exist_and_have_its_types(contract: Table) -> None:
    for span in contract.spans:
        assert [contract[name].kind for name in (span.start, span.end, span.text)] == ["int", "int", "str"]
        assert "version_id" in contract.schema.names()


def test_the_tables_that_print_words_of_an_article_declare_their_spans() -> None:
    named = {f"{t.layer}.{t.name}" for t in tables() if t.spans}
    assert named >= {"lake.mentions", "lake.quotes", "lake.statement_spans"}


@ALL
def test_a_reference_leads_to_a_column_of_the_same_type_and_values(contract: Table) -> None:
    for column in contract.columns:
        if column.references:
            layer, name, other = column.references.split(".")
            target = table(layer, name)  # type: ignore[arg-type]
            assert target.key == (other,)
            assert target[other].kind == column.kind
            assert not target.is_view


@ALL
def test_allowed_values_are_distinct_texts(contract: Table) -> None:
    for column in contract.columns:
        assert len(set(column.allowed)) == len(column.allowed)
        assert column.kind == "str" or not column.allowed


def test_a_value_set_is_the_same_wherever_the_column_recurs() -> None:
    by_name: dict[str, set[tuple[str, ...]]] = {}
    for contract in tables():
        for column in contract.columns:
            if column.name not in ("severity", "basis", "section", "source", "status", "method", "change"):
                by_name.setdefault(column.name, set()).add(column.allowed)
    assert {name: sets for name, sets in by_name.items() if len(sets) > 1} == {}


def test_names_are_said_once_a_layer() -> None:
    names = [(t.layer, t.name) for t in tables()]
    assert len(set(names)) == len(names)
    assert all(table(layer, name).name == name for layer, name in names)


def test_days_are_dates_and_instants_are_in_utc() -> None:
    for contract in tables():
        for column in contract.columns:
            ends = column.name.rsplit("_", 1)[-1]
            expected = {"at": "instant", "on": "date", "date": "date"}.get(ends)
            assert expected is None or column.name.startswith("n_") or column.kind == expected, (
                contract.name,
                column.name,
            )


def test_every_lake_table_carries_its_day_and_batch() -> None:
    for contract in tables("lake"):
        assert [c.name for c in contract.columns[:2]] == ["ingest_date", "batch_id"]


# ------------------------------------------------------------------ conform
SMALL = Table("ops", "small", "one row", ("a",), (Column("a", "int", "A."), Column("b", "str", "B.", nullable=True)))


def test_conform_orders_casts_and_drops() -> None:
    frame = pl.DataFrame({"c": [1.5], "b": [None], "a": pl.Series([3], dtype=pl.Int8)})
    out = SMALL.conform(frame)
    assert out.schema == SMALL.schema
    assert out.rows() == [(3, None)]
    assert SMALL.conform(SMALL.empty()).schema == SMALL.schema


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pl.DataFrame({"b": ["x"]}), "ops.small: missing columns a"),
        (pl.DataFrame({"a": [None], "b": [None]}), "NULL in a"),
    ],
)
def test_conform_refuses_what_does_not_fit(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        SMALL.conform(frame)


def test_a_column_that_there_is_none_of_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"ops\.small has no column c"):
        SMALL["c"]
    with pytest.raises(KeyError):
        table("core", "nothing")
