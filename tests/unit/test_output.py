"""What is printed of the news cannot steer a terminal, and what is given to a program is what was printed."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.commands import forget, override
from pipelines.commands.messages import json_line, printable
from pipelines.commands.output import Format, format_for, write_frame, write_relation
from pipelines.commands.summary import refusal_lines
from pipelines.core.identity.overrides import Override
from pipelines.errors import UsageError, counted
from pipelines.settings import load_settings
from pipelines.storage import takedowns
from pipelines.storage.corrections import append
from pipelines.storage.lake import Batch, Lake

BATCH = Batch(date(2026, 3, 2), "2026-03-02-000001")
EVIL = "It is open\x1b]0;owned\x07 and \x9b31mred\x7f,\r\n\tshe said"
"""A title for the window, a colour by the shorter form of an escape, and a line that writes over itself."""
STEERING = {chr(n) for n in (*range(9), *range(11, 32), *range(127, 160))}


def written(capfdbinary: pytest.CaptureFixture[bytes], sql: str, format: Format) -> str:
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
    line = written(capfdbinary, "SELECT ? AS words", "jsonl")
    assert json.loads(line) == {"words": EVIL}
    assert json.loads(written(capfdbinary, "SELECT ? AS words", "json")) == [{"words": EVIL}]
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


# ------------------------------------------------------------------ one set of formats
ROWS = (
    "SELECT * FROM (VALUES (1, 'a,\"b\"', DATE '2026-03-02', TIMESTAMPTZ '2026-03-02 08:00:00+00', [1, 2], 0.5, true),"
    " (2, '=1+1', NULL, NULL, NULL, 'nan'::DOUBLE, NULL)) AS t(n, words, on_date, seen_at, list, share, is_it)"
)


@pytest.mark.parametrize(
    ("output", "asked", "format"),
    [
        (None, None, "table"), ("x.parquet", None, "parquet"), ("X.XLSX", None, "xlsx"), ("a.b.ndjson", None, "jsonl"),
        ("x.json", None, "json"), ("x", None, "table"), ("x.csv", "json", "json"), (None, "csv", "csv"),
    ],
)  # fmt: skip
def test_a_file_is_written_as_it_is_called_unless_a_format_is_named(
    output: str | None, asked: Format | None, format: Format
) -> None:
    assert format_for(output, asked, "table") == format


def test_a_relation_and_a_frame_of_the_same_rows_read_the_same(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        frame = con.sql(ROWS).pl()
        for format in ("csv", "json", "jsonl"):
            write_relation(con.sql(ROWS), format, str(tmp_path / "relation"))
            write_frame(frame, format, str(tmp_path / "frame"))
            assert (tmp_path / "relation").read_text() == (tmp_path / "frame").read_text()
        write_relation(con.sql(ROWS), "parquet", str(tmp_path / "relation"))
    write_frame(frame, "parquet", str(tmp_path / "frame"))
    assert pl.read_parquet(tmp_path / "relation").equals(pl.read_parquet(tmp_path / "frame"))


def test_nothing_is_an_empty_list_and_a_head(tmp_path: Path) -> None:
    for format, text in (("json", "[]\n"), ("jsonl", ""), ("csv", "a\n")):
        write_frame(pl.DataFrame({"a": []}), format, str(tmp_path / "x"))  # type: ignore[arg-type]
        assert (tmp_path / "x").read_text().replace("\r", "") == text


def test_an_excel_file_holds_numbers_days_and_text_and_no_formula(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    made = []
    for name in ("a.xlsx", "b.xlsx"):
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            write_relation(con.sql(ROWS), "xlsx", str(tmp_path / name))
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1], "the same rows are the same bytes"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet, "text that begins with = is text"
    assert "<t>=1+1</t>" in sheet
    assert "<t>[1, 2]</t>" in sheet
    days = re.findall(r"<v>(46083(?:\.\d+)?)</v>", sheet)
    assert days == ["46083", "46083.33333333334"], "days as Excel counts them, from 1900"
    assert "nan" not in sheet.lower()


def test_what_a_cell_or_a_terminal_cannot_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xlsxwriter")
    with pytest.raises(UsageError, match=r"a text of 40,000 characters, and a cell holds 32,767: write Parquet"):
        write_frame(pl.DataFrame({"a": ["x" * 40_000]}), "xlsx", str(tmp_path / "x.xlsx"))
    monkeypatch.setattr("pipelines.commands.output._SHEET_ROWS", 2)
    with pytest.raises(UsageError, match="more than 2 rows"):
        write_frame(pl.DataFrame({"a": [1, 2, 3]}), "xlsx", str(tmp_path / "x.xlsx"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(UsageError, match="An Excel file is not for a terminal"):
        write_frame(pl.DataFrame({"a": [1]}), "xlsx", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("n", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (12_345, "12,345 rows")])
def test_numbers_and_nouns_agree(n: int, words: str) -> None:
    assert counted(n, "row") == words
    assert counted(n, "batch", "batches").endswith("batch" if n == 1 else "batches")
