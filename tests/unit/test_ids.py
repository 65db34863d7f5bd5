"""Ids are the same on every machine, in Python and in DuckDB."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.ids import mk_id, sha256_hex

PARTS = st.lists(st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=4)


def in_duckdb(kind: str, parts: list[str | int | None]) -> str:
    """Make an id by the recipe that the contracts give for SQL."""
    joined = "".join(" || chr(31) || coalesce(?::VARCHAR, '')" for _ in parts)
    sql = f"SELECT substr(sha256('v1' || chr(31) || ?::VARCHAR{joined}), 1, 32)"
    row = duckdb.execute(sql, [kind, *parts]).fetchone()
    return str(row[0]) if row else ""


@given(kind=st.sampled_from(["article", "version"]), parts=PARTS)
def test_python_and_duckdb_give_the_same_id(kind: str, parts: list[str | int | None]) -> None:
    ours = mk_id(kind, *parts)
    assert ours == in_duckdb(kind, parts)
    assert len(ours) == 32
    assert set(ours) <= set("0123456789abcdef")


def test_an_id_stays_what_it_was() -> None:
    """A change of the recipe changes every id in every warehouse that exists."""
    assert mk_id("article", "outlet", "https://post.example/a") == "2f85fd3ca6a68bb906279e4fc420ad63"


def test_kinds_and_parts_do_not_run_into_each_other() -> None:
    ids = [mk_id("a", "b", "c"), mk_id("a", "bc"), mk_id("ab", "c"), mk_id("a", "c", "b"), mk_id("a", "b", "c", None)]
    assert len(set(ids)) == len(ids)


def test_nothing_is_an_empty_part_and_a_number_is_its_digits() -> None:
    assert mk_id("a", None, 7) == mk_id("a", "", "7")


@pytest.mark.parametrize("text", ["", "Zürich – “so”", "😀", "\ud800"])
def test_the_hash_of_a_text_is_that_of_its_bytes(text: str) -> None:
    assert sha256_hex(text) == sha256_hex(text.encode("utf-8", "surrogatepass"))
    assert len(sha256_hex(text)) == 64
