"""`onrecord.open`: a published file as Polars frames, and nothing of it can be changed."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

import onrecord
from tests.workbench import Workbench


def test_tables_and_answers_are_polars_frames(explored: Workbench) -> None:
    with onrecord.open(explored.published) as news:
        counts = news.table("mart.speaker_counts")
        assert isinstance(counts, pl.DataFrame)
        asked = news.sql("SELECT count(*) AS n FROM mart.speaker_counts WHERE n_statements >= ?", [1])
        assert asked.rows() == [(counts.filter(pl.col("n_statements") >= 1).height,)]
        times = news.table("ops.pipeline_runs").select(pl.col(pl.Datetime))
        assert {kind.time_zone for kind in times.dtypes if isinstance(kind, pl.Datetime)} == {"UTC"}


def test_every_table_is_listed_with_its_meaning_and_can_be_read(explored: Workbench) -> None:
    with onrecord.open(explored.data) as news:
        listed = news.tables()
        assert listed["meaning"].null_count() == 0
        assert {name.partition(".")[0] for name in listed["table"]} == {"core", "mart", "ops"}
        for name in listed["table"]:
            assert news.table(name).width > 0
        with pytest.raises(ValueError, match=r"no table mart.speaker_count; did you mean mart\.speaker_counts"):
            news.table("mart.speaker_count")


def test_a_reader_changes_nothing_and_reaches_no_other_file(explored: Workbench) -> None:
    with onrecord.open(explored.published) as news:
        for wrong in ("DELETE FROM core.actors", "FROM '/etc/hosts'", "COPY core.actors TO '/tmp/x.csv'"):
            with pytest.raises(duckdb.Error):
                news.sql(wrong)
    with pytest.raises(duckdb.Error):
        news.sql("SELECT 1")
