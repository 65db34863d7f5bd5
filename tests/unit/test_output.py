"""What is printed of the news cannot steer a terminal, and what is given to a program is what was printed."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.commands import forget, override
from pipelines.commands.messages import json_line, printable
from pipelines.commands.output import write_relation
from pipelines.commands.summary import refusal_lines
from pipelines.core.identity.overrides import Override
from pipelines.settings import load_settings
from pipelines.storage import takedowns
from pipelines.storage.corrections import append
from pipelines.storage.lake import Batch, Lake

BATCH = Batch(date(2026, 3, 2), "2026-03-02-000001")
EVIL = "It is open\x1b]0;owned\x07 and \x9b31mred\x7f,\r\n\tshe said"
"""A title for the window, a colour by the shorter form of an escape, and a line that writes over itself."""
STEERING = {chr(n) for n in (*range(9), *range(11, 32), *range(127, 160))}


def written(capfdbinary: pytest.CaptureFixture[bytes], sql: str, format: str) -> str:
    with duckdb.connect() as con:
        write_relation(con.sql(sql, params=[EVIL]), format, None)
    return capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize("sql", ["SELECT ? AS words", "SELECT [{'said': ?}] AS words"], ids=["plain", "nested"])
def test_a_table_shows_no_character_that_a_terminal_would_obey(
    capfdbinary: pytest.CaptureFixture[bytes], sql: str
) -> None:
    shown = written(capfdbinary, sql, "table")
    assert not STEERING & set(shown)
    assert "It is open" in shown
    assert "31mred" in shown


def test_csv_and_json_say_what_was_printed(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (_, row) = csv.reader(io.StringIO(written(capfdbinary, "SELECT ? AS words", "csv"), newline=""))
    assert row == [EVIL]
    line = written(capfdbinary, "SELECT ? AS words", "json")
    assert json.loads(line) == {"words": EVIL}
    assert not STEERING & set(line)
    assert json.loads(json_line({EVIL: EVIL})) == {EVIL: EVIL}


def test_a_line_is_one_line() -> None:
    assert printable(EVIL) == "It is open�]0;owned� and �31mred�, she said"


def test_refusals_are_told_on_a_line_each() -> None:
    row = {"stage": "parse", "rule": "r", "source_uri": "a\x1b.txt", "record_no": 3, "detail": EVIL}
    (line,) = refusal_lines(pl.DataFrame([row]))
    assert not STEERING & set(line)


def test_bytes_as_received_are_for_a_pipe_and_what_a_terminal_gets_is_harmless(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.create()
    record = {"raw_id": "r1", "bytes": EVIL.encode(), "bytes_len": len(EVIL.encode()), "media_type": "text/plain",
              "first_seen_at": datetime(2026, 3, 2, tzinfo=UTC)}  # fmt: skip
    lake.write("raw_documents", BATCH, pl.DataFrame([record]))
    command = [str(Path(sys.executable).with_name("onrecord")), "raw", "r1"]
    environment = os.environ | {"ONRECORD_DATA_DIR": str(tmp_path)}
    piped = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert piped.stdout == EVIL.encode()
    ours, theirs = pty.openpty()
    subprocess.run(command, env=environment, stdout=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "It is open" in shown
    assert not (STEERING - {"\r"}) & set(shown), "the terminal itself adds the returns"


def test_a_takedown_tells_of_copies_and_files_without_what_a_terminal_obeys(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = {"url": EVIL, "article_id": "a1", "outlet_name": EVIL, "ingest_date": date(2026, 3, 2)}
    monkeypatch.setattr(takedowns, "near_copies", lambda *_: pl.DataFrame([copy]))
    monkeypatch.setattr(takedowns, "places", lambda *_: [EVIL])
    monkeypatch.setattr(forget, "_lies", lambda *_: True)
    own = takedowns.Belongings(frozenset({"a1"}), frozenset({"v1"}), frozenset({"r1"}), frozenset())
    told = list(forget._told(None, None, "a1", own))
    assert len(told) == 5
    assert not STEERING & set("".join(told))


def test_corrections_are_listed_without_what_a_terminal_obeys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    evil = Override("rename", "Ana Lind", EVIL, EVIL, "2026-03-02T08:00:00Z", name="Ana Lund")
    append(load_settings(), evil)
    override.show()
    shown = capsys.readouterr().out
    assert "Ana Lind" in shown
    assert not STEERING & (set(shown) - {"\n"})
