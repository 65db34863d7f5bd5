"""A part of the lake that was damaged is named, and `rebuild` makes it again."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import History
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
