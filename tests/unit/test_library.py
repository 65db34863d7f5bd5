"""`import onrecord`: texts in, a frame of statements out, without Dagster and dbt."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings

import polars as pl
import pytest

import onrecord
from tests.workbench import ROOT

PIER = "Pier shut\n\nIlse Marrow, the mayor, said the pier was shut for the winter.\n\n“We lost – again,” she warned."


def test_one_text_gives_a_row_a_statement_whose_content_stands_at_its_offsets() -> None:
    found = onrecord.extract(PIER)
    assert found.select("doc", "speaker", "cue").rows() == [(0, "Ilse Marrow", "said"), (0, "Ilse Marrow", "warned")]
    for row in found.iter_rows(named=True):
        assert PIER[row["char_start"] : row["char_end"]] == row["content"]


@pytest.mark.parametrize("kind", [list, tuple, iter, pl.Series])
def test_several_texts_are_numbered_and_those_without_words_have_no_rows(kind: type) -> None:
    found = onrecord.extract(kind([None, PIER, " \n", "The pier is long.", PIER]))
    assert found["doc"].to_list() == [1, 1, 4, 4]
    again = onrecord.extract([PIER])
    assert found.filter(pl.col("doc") == 4).drop("doc").equals(again.drop("doc")), "no text changes what another gives"


def test_nothing_gives_no_rows_of_the_same_columns() -> None:
    assert onrecord.extract([]).schema == onrecord.extract(PIER).schema
    assert onrecord.extract("").height == 0


def test_a_text_that_cannot_be_read_is_told_and_the_others_are_read() -> None:
    with pytest.warns(UserWarning, match=r"^text 0: "):
        found = onrecord.extract(["\x00\x01\x02\x03" * 200, PIER])
    assert found["doc"].to_list() == [1, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert onrecord.extract("Ilse Marrow said \ud800 that the pier was shut.").height == 1


def test_the_kind_of_source_is_that_of_the_article_read_whole() -> None:
    found = onrecord.extract("Ilse Marrow, 61, is mayor of Calder.\n\n“The pier is shut,” she said.")
    assert found["source_kind"].to_list() == ["named_person"], "by itself, “she” is a pronoun"


def test_it_loads_neither_dagster_nor_dbt() -> None:
    code = (
        "import onrecord, json, sys; n = onrecord.extract('Ilse Marrow said the pier was shut.').height\n"
        "print(json.dumps([n, sorted({m.partition('.')[0] for m in sys.modules})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    n, loaded = json.loads(done.stdout)
    assert n == 1
    assert {"dagster", "dbt", "duckdb", "great_expectations", "pyarrow", "trafilatura"}.isdisjoint(loaded)


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: object) -> None:
    with pytest.raises(FileNotFoundError, match="run `onrecord run` first"):
        onrecord.open(f"{tmp_path}/gone.duckdb")
