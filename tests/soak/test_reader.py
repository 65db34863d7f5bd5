"""A reader in a loop during many publications: no answer fails, and each is of one publication alone."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.storage.publish import publish
from tests.conftest import History
from tests.reading import reading, seen_in

pytestmark = pytest.mark.soak
PUBLICATIONS = int(os.environ.get("ONRECORD_SOAK_PUBLICATIONS", "50"))
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_reader_during_many_publications(history: History, tmp_path: Path) -> None:
    """Two days of news and one day of them are published in turn; the reader knows both and sees nothing else."""
    warehouses = [bench.data / "warehouse.duckdb" for bench in (history.first, history.second)]
    published = tmp_path / "published" / "onrecord.duckdb"

    def turn(number: int) -> str:
        return publish(
            warehouses[number % 2], published, ops={}, now=NOW + timedelta(minutes=number), code_version="soak",
            keep_earlier=1, memory="1GB",
        ).publication_id  # fmt: skip

    first = turn(0)
    expected = [seen_in(published)[1]]
    turn(1)
    expected.append(seen_in(published)[1])
    assert expected[0] != expected[1]
    last = turn(2)
    with reading(published) as found:
        ids = [turn(number) for number in range(3, 3 + PUBLICATIONS)]
    which = {ident: number % 2 for number, ident in enumerate([first, "", last, *ids])}
    assert found.failures == []
    assert {ident for ident, rows in found.opened if rows != expected[which[ident]]} == set()
    assert set(found.held) == {(last, expected[0])}, "a connection keeps the file that it opened"
    seen = [ident for ident, _ in found.opened]
    assert seen == sorted(seen), "never an older file after a newer one"
    print(f"\n{len(seen)} readings of {len(set(seen))} publications out of {PUBLICATIONS}")
    assert len(set(seen)) > PUBLICATIONS / 4, "the reader was there while files were swapped"
