"""A part of the lake that was damaged is named; `rebuild` makes it again, or it stops its own records alone."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import DAY_2, History
from tests.workbench import contents, good, quiet


def test_a_damaged_computed_part_is_named_and_a_rebuild_cures_it(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.second, tmp_path)
    before = contents(onrecord.published)
    (part,) = (onrecord.data / "lake" / "statements" / "ingest_date=2026-03-02").glob("*-000001.parquet")
    content = bytearray(part.read_bytes())
    for place in range(4, len(content) - 8 - int.from_bytes(content[-8:-4], "little")):
        content[place] ^= 0x5A
    part.write_bytes(content)
    done = quiet(onrecord("run"))
    assert done.returncode == 1
    assert f"{part}: damaged" in done.stderr
    assert "onrecord rebuild" in done.stderr
    assert "the warehouse was damaged" not in done.stderr
    assert contents(onrecord.published) == before
    good(onrecord("rebuild"))
    assert contents(onrecord.published) == before


def test_a_raw_part_that_cannot_be_opened_stops_no_news(history: History, tmp_path: Path) -> None:
    onrecord = history.copy(history.first, tmp_path)
    articles = "SELECT article_id FROM core.articles ORDER BY 1"
    before = onrecord.rows(articles)
    (part,) = (onrecord.data / "lake" / "raw_documents" / "ingest_date=2026-03-02").glob("*-000001.parquet")
    whole = part.read_bytes()
    part.write_bytes(whole[:-9])  # what a copy that was cut off leaves: the footer is gone

    done = good(onrecord("run", history.news / "day2", *DAY_2))
    assert f"{part} is damaged and was set aside as {part.name}.damaged" in done.stderr
    assert contents(onrecord.published) == contents(history.second.published), "nothing of before is lost"
    assert set(before) < set(onrecord.rows(articles))
    assert onrecord.rows("SELECT count(*) FROM ops.quarantine WHERE rule = 'bytes_lost'") > [(0,)]
    again = good(onrecord("run", history.news / "day2", *DAY_2))
    assert again.stdout.endswith("nothing new: nothing was built\n")

    part.write_bytes(whole)  # it was put back from a copy
    done = good(onrecord("run", history.news / "day2", *DAY_2))
    assert contents(onrecord.published) == contents(history.second.published)
    assert f"{part} was put back" in done.stderr
    kept = "SELECT raw_id FROM ops.raw_documents ORDER BY 1"
    assert onrecord.rows(kept) == history.second.rows(kept)
