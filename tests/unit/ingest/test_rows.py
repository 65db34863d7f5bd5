"""Rows of tables and items of lists as records: what is in them, and what of them is refused."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.files import records
from pipelines.ingest.met_records import MetRecord
from pipelines.settings import Source, Sources

NOWHERE = Sources((), Path("/nowhere"))


def read(
    tmp_path: Path, name: str, content: bytes, *, max_bytes: int = 100_000, sources: Sources = NOWHERE
) -> list[MetRecord]:
    (tmp_path / name).write_bytes(content)
    return list(records([tmp_path / name], sources, max_bytes))


def rows(met: list[MetRecord]) -> list[object]:
    assert {m.media_type for m in met if m.content is not None} <= {"application/json"}
    return [json.loads(m.content) for m in met if m.content is not None]


def refusals(met: list[MetRecord]) -> list[tuple[int | None, str]]:
    for m in met:
        assert m.refusal_detail is None or (m.source_uri in m.refusal_detail and "\n" not in m.refusal_detail)
    return [(m.record_no, m.refusal_rule) for m in met if m.refusal_rule is not None]


def only_refusal(met: list[MetRecord]) -> str | None:
    (record,) = met
    assert record.content is None
    return record.refusal_rule


def parquet(**columns: object) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(columns).write_parquet(out)
    return out.getvalue()


# ------------------------------------------------------------------ CSV
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_row_is_an_object_of_its_columns(tmp_path: Path, mark: str) -> None:
    lines = ["title,text,note", '"A, b",“Yes” — Zoë said,', '"two\n\nlines ""so""",x,y']
    text = "\r\n".join(lines).replace('"A, b"', "\x00").replace(",", mark).replace("\x00", '"A, b"')
    met = read(tmp_path, "a.csv", text.encode())
    assert rows(met) == [
        {"title": "A, b", "text": "“Yes” — Zoë said"}, {"title": 'two\n\nlines "so"', "text": "x", "note": "y"},
    ]  # fmt: skip
    assert [m.record_no for m in met] == [0, 1]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_in_another_coding_is_read_in_it(tmp_path: Path, coding: str) -> None:
    text = "title,text\nPreise,„Nein“ – Zoë Müller sagte es für 3 €\nzwei,plain\n"
    assert rows(read(tmp_path, "a.csv", text.encode(coding))) == [
        {"title": "Preise", "text": "„Nein“ – Zoë Müller sagte es für 3 €"}, {"title": "zwei", "text": "plain"},
    ]  # fmt: skip


def test_a_byte_that_fits_no_coding_is_marked_by_the_reader(tmp_path: Path) -> None:
    from pipelines.core.documents.formats import read_record
    from pipelines.core.documents.model import Record, SourceRules

    body = "Der Rat der Stadt stimmte für den Bau. „Wir warten seit Jahren“, sagte Bürgermeisterin Quill. " * 3
    (met,) = read(tmp_path, "a.csv", b'title,text\n\xff,"' + body.encode() + b'"\n')
    assert met.content is not None
    document = read_record(Record("r", met.content, met.media_type, "files", met.source_uri, 0), SourceRules("files"))
    assert "encoding_repaired" in document.quality_flags
    assert body.strip() in document.text


def test_a_ragged_row_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    met = read(tmp_path, "a.csv", b'title,text\na,1\nb\nc,3,4\n\nd,"5" x\ne,6\n')
    assert rows(met) == [{"title": "a", "text": "1"}, {"title": "e", "text": "6"}]
    assert refusals(met) == [(1, "ragged_row"), (2, "ragged_row"), (3, "malformed_csv")]
    assert met[-1].record_no == 4


def test_a_quote_that_is_never_closed_is_one_refusal(tmp_path: Path) -> None:
    met = read(tmp_path, "a.csv", b'title,text\na,1\nb,"two\nc,3\nd,4\n')
    assert rows(met) == [{"title": "a", "text": "1"}]
    assert refusals(met) == [(1, "malformed_csv")]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"), (b"title,note\na,b\nc,d\n", "no_text_column"), (b"\n\na,b", "no_text_column"),
        (b"t\x00i\x00t\x00l\x00e\x00\n\x00a\x00", "binary"), (b"text" + b"x" * 200_000, "too_large"),
        (b'"title,text\n', "malformed_csv"),
    ],
    ids=["empty", "no column", "no head", "wide without a mark", "one endless line", "open quote in the head"],
)  # fmt: skip
def test_a_table_that_holds_no_article_is_one_refusal(tmp_path: Path, content: bytes, rule: str) -> None:
    assert only_refusal(read(tmp_path, "a.csv", content)) == rule


def test_the_column_of_the_text_may_be_named_in_the_settings(tmp_path: Path) -> None:
    source = Source(name="post", paths=("*.csv",), fields={"text": "Artikel"})
    sources = Sources((source,), tmp_path.resolve())
    assert rows(read(tmp_path, "a.csv", b"Artikel,x\nwords,1\n", sources=sources)) == [{"Artikel": "words", "x": "1"}]
    assert only_refusal(read(tmp_path, "a.csv", b"text,x\nwords,1\n", sources=sources)) == "no_text_column"


def test_a_row_that_is_too_large_is_refused_and_those_after_it_are_read(tmp_path: Path) -> None:
    met = read(tmp_path, "a.csv", b'text\n"' + b"x\n" * 600 + b'"\nsmall\n', max_bytes=1_000)
    assert refusals(met) == [(0, "too_large")]
    assert rows(met) == [{"text": "small"}]


# ------------------------------------------------------------------ Parquet
def test_rows_of_a_parquet_file_keep_their_values(tmp_path: Path) -> None:
    content = parquet(
        text=["one", "two", None], published_at=[datetime(2026, 3, 2, 9, 30, tzinfo=UTC), None, None],
        day=[date(2026, 3, 2), None, None], n=[1, None, 2], share=[0.5, float("nan"), None],
        price=[Decimal("1.50"), None, None], tags=[["a", "b"], None, None], raw=[b"caf\xc3\xa9", b"\xff\xd8", None],
    )  # fmt: skip
    met = read(tmp_path, "a.parquet", content)
    assert rows(met) == [
        {"text": "one", "published_at": "2026-03-02T09:30:00+00:00", "day": "2026-03-02", "n": 1, "share": 0.5,
         "price": "1.50", "tags": ["a", "b"], "raw": "café"},
        {"text": "two", "share": None, "raw": None},
        {"n": 2},
    ]  # fmt: skip
    assert [m.record_no for m in met] == [0, 1, 2]


def test_a_large_parquet_file_is_read_in_batches(tmp_path: Path) -> None:
    met = read(tmp_path, "a.parquet", parquet(text=[f"row {n}" for n in range(1_234)]))
    assert [m.content for m in met] == [b'{"text": "row %d"}' % n for n in range(1_234)]


GOOD = parquet(text=["x" * 50] * 500)


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"", "broken_parquet"), (b"no parquet", "broken_parquet"), (GOOD[:-100], "broken_parquet"),
     (b"PAR1" + bytes(60) + b"PAR1", "broken_parquet"), (parquet(note=["x"]), "no_text_column")],
    ids=["empty", "other", "cut off", "hollow", "no column"],
)  # fmt: skip
def test_what_is_no_parquet_file_of_articles_is_one_refusal(tmp_path: Path, content: bytes, rule: str) -> None:
    assert only_refusal(read(tmp_path, "a.parquet", content)) == rule


# ------------------------------------------------------------------ JSON
def test_a_list_is_taken_apart_without_a_change(tmp_path: Path) -> None:
    met = read(tmp_path, "a.json", '[ {"text": "caf\\u00e9", "n": 1.0},\n  "Zoë" , [1, 2]\n]\n'.encode())
    assert [m.content for m in met] == [b'{"text": "caf\\u00e9", "n": 1.0}', '"Zoë"'.encode(), b"[1, 2]"]
    assert [m.record_no for m in met] == [0, 1, 2]


@pytest.mark.parametrize("content", [b'{"text": "x"}', b"", b"  \n", b"no json", b"\x89PNG\x00", b"[" * 5])
def test_what_is_no_list_is_one_record_as_it_stands(tmp_path: Path, content: bytes) -> None:
    (met,) = read(tmp_path, "a.json", content)
    if content == b"[" * 5:
        assert (met.refusal_rule, met.record_no) == ("malformed_json", 0)
    else:
        assert (met.content, met.record_no) == (content, None)


def test_what_follows_a_broken_item_is_one_refusal(tmp_path: Path) -> None:
    for text in ('[{"a": 1}, {"b": , {"c": 3}]', '[{"a": 1} {"c": 3}]', '[{"a": 1},', f'[{{"a": 1}}, {"[" * 100_000}'):
        met = read(tmp_path, "a.json", text.encode(), max_bytes=1_000_000)
        assert rows(met[:1]) == [{"a": 1}]
        assert refusals(met) == [(1, "malformed_json")]
