"""Rows that came, went or changed between two files."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.storage.changed_rows import changed_rows

NOW = "(VALUES (1, 'a', 10), (2, 'b', 10), (3, NULL, 10), (5, 'e', 10)) AS t(id, words, run)"
BEFORE = "(VALUES (1, 'a', 9), (2, 'x', 9), (3, 'c', 9), (4, 'd', 9)) AS t(id, words, run)"


def changes(key: list[str], columns: list[str], there: list[str], volatile: set[str]) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        con.execute(f"CREATE SCHEMA s; CREATE TABLE s.t AS FROM {NOW}; ATTACH ':memory:' AS before")
        con.execute(f"CREATE SCHEMA before.s; CREATE TABLE before.s.t AS SELECT {', '.join(there) or 1} FROM {BEFORE}")
        sql = changed_rows("s.t", columns, key, there, volatile, "before")
        return con.execute(f"FROM ({sql}) ORDER BY ALL NULLS LAST").fetchall()


ALL = ["id", "words", "run"]


def test_rows_are_told_apart_by_their_key_and_a_clock_is_no_change() -> None:
    assert changes(["id"], ALL, ALL, {"run"}) == [
        ("came", 5, "e", 10), ("changed", 2, "b", 10), ("changed", 3, None, 10), ("went", 4, "d", 9)
    ]  # fmt: skip
    assert [row[:2] for row in changes(["id"], ALL, ALL, set())].count(("changed", 1)) == 1


@pytest.mark.parametrize("key", [[], ["run"]])
def test_without_a_key_that_both_have_a_changed_row_went_and_came(key: list[str]) -> None:
    assert changes(key, ALL, ["id", "words"], set()) == [
        ("came", 2, "b", None), ("came", 3, None, None), ("came", 5, "e", None),
        ("went", 2, "x", None), ("went", 3, "c", None), ("went", 4, "d", None),
    ]  # fmt: skip


def test_a_column_or_a_table_that_is_new() -> None:
    assert changes(["id"], ALL, ["id", "words"], set())[-1] == ("went", 4, "d", None)
    assert {row[0] for row in changes(["id"], ALL, [], set())} == {"came"}
