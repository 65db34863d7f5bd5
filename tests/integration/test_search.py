"""Statements and quotes are found by their words, wherever the published file lies, with and without the extension."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.storage import published, search
from pipelines.storage.search import Query
from tests.conftest import History
from tests.workbench import good, refused


@pytest.fixture
def con(history: History) -> Iterator[duckdb.DuckDBPyConnection]:
    with published.open_published(history.second.published, "1GB") as con:
        yield con


@pytest.fixture
def bare(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the file as somebody reads it who has not the extension."""
    monkeypatch.setattr(published, "extension_path", lambda _: None)
    copy = Path(shutil.copy(history.second.published, tmp_path / "copy.duckdb"))  # a process opens a file in one way
    with published.open_published(copy, "1GB") as con:
        yield con


def said(con: duckdb.DuckDBPyConnection, text: str, **more: object) -> list[tuple[str, str]]:
    found = search.search(con, Query(text, **more), limit=100)  # type: ignore[arg-type]
    assert len(found.hits) == found.n_hits
    return [(hit.speaker, hit.content_text) for hit in found.hits]


def test_words_are_found_in_any_form_and_in_any_order(con: duckdb.DuckDBPyConnection) -> None:
    assert search.has_index(con)
    found = said(con, "waiting years")
    assert any(speaker == "Edda Quill" and "waited for nine years" in content for speaker, content in found)
    assert said(con, "YEARS, wait!") == found
    assert said(con, "years wait submarine") == []


def test_the_cue_is_found_as_well(con: duckdb.DuckDBPyConnection) -> None:
    assert ("Edda Quill", "that the town had refused to help") in said(con, "deny refuse")


def test_words_between_marks_stand_as_they_are(con: duckdb.DuckDBPyConnection) -> None:
    assert said(con, '"enough passengers"')
    assert said(con, "“enough passengers”") == said(con, '"enough passengers"')
    assert said(con, "passengers enough")
    assert said(con, '"passengers enough"') == []


def test_filters(con: duckdb.DuckDBPyConnection) -> None:
    everything = said(con, "")
    assert len(everything) > 10
    by_quill = said(con, "", speaker="quill")
    assert {speaker for speaker, _ in by_quill} == {"Edda Quill"}
    assert said(con, "", speaker="EDDA", outlet="pond") == [
        row for row in said(con, "", outlet="pond gaz") if row[0] == "Edda Quill"
    ]
    assert said(con, "", since=date(2026, 3, 2), until=date(2026, 3, 2))
    assert said(con, "", since=date(2027, 1, 1)) == []
    assert said(con, "", speaker="nobody of this name") == []


def test_only_the_current_version_is_found(con: duckdb.DuckDBPyConnection) -> None:
    assert [content for _, content in said(con, "town pay half") if "half" in content]
    assert said(con, "town pay third") == [], "the first version said a third"


def test_pages_of_a_search_follow_each_other(con: duckdb.DuckDBPyConnection) -> None:
    whole = search.search(con, Query("the"), limit=100).hits
    assert len(whole) > 4
    parts = [search.search(con, Query("the"), limit=2, offset=n) for n in range(0, len(whole), 2)]
    assert [hit for part in parts for hit in part.hits] == whole
    assert {part.n_hits for part in parts} == {len(whole)}


def test_parts_of_words_are_found_where_the_index_has_none(con: duckdb.DuckDBPyConnection) -> None:
    found = search.search(con, Query("assenger"), limit=10)
    assert found.how == "text"
    assert found.n_hits


def test_without_the_extension_the_text_is_looked_through(
    con: duckdb.DuckDBPyConnection, bare: duckdb.DuckDBPyConnection
) -> None:
    assert not search.has_index(bare)
    found = search.search(bare, Query("Passengers enough"), limit=10)
    assert found.how == "text"
    assert {h.passage_id for h in found.hits} == {
        h.passage_id for h in search.search(con, Query("passengers enough"), limit=10).hits
    }
    for text in ("100%", "a_b", "%", "' OR true --"):
        assert search.search(bare, Query(text), limit=10).hits == []


def test_a_search_is_data_and_not_sql(con: duckdb.DuckDBPyConnection) -> None:
    for text in ("'; DROP TABLE x; --", "$words", "{where}", "\\", '"', "%"):
        search.search(con, Query(text, speaker=text, outlet=text), limit=3)


def test_words_of_a_search_are_marked_in_any_form(
    con: duckdb.DuckDBPyConnection, bare: duckdb.DuckDBPyConnection
) -> None:
    candidates = ["Waited", "waiting", "wailing", "Ferry"]
    assert search.matching_words(con, "wait ferry", candidates) == {"Waited", "waiting", "Ferry"}
    assert search.matching_words(bare, "wait ferry", candidates) == {"Ferry"}


def test_the_index_answers_after_the_file_was_moved_and_attached(history: History, tmp_path: Path) -> None:
    moved = Path(shutil.copy(history.second.published, tmp_path / "elsewhere.duckdb"))
    with duckdb.connect() as con:
        assert published.load_fts(con)
        con.execute(f"ATTACH '{moved}' AS news (READ_ONLY)")
        con.execute("SET enable_external_access = false")
        con.execute("USE news")
        rows = con.execute(
            "SELECT content_text FROM mart.statements_current "
            "WHERE fts_internal_passages.match_bm25(statement_id, 'passengers', conjunctive := 1) IS NOT NULL"
        ).fetchall()
        assert any("There are not enough passengers" in content for (content,) in rows)
        assert search.has_index(con)
        assert said(con, "passenger")
        macros = con.execute("SELECT macro_definition FROM duckdb_functions() WHERE schema_name = ?", [search.INDEX])
        for (definition,) in macros.fetchall():
            assert "onrecord" not in definition
            assert str(history.second.data) not in definition


# ------------------------------------------------------------------ the command
def test_the_command(history: History) -> None:
    done = good(history.second("search", "not", "enough", "passengers", "--limit", "1"))
    assert done.stdout.startswith("Tomas Arden [said]: ")
    assert done.stdout.splitlines()[-1].startswith(("1 found", "1 of "))
    rows = [
        json.loads(line)
        for line in good(history.second("search", "harbour", "--format", "jsonl")).stdout.split("\n")
        if line
    ]
    assert all(set(row) >= {"speaker", "cue_text", "content_text", "outlet", "on_date"} for row in rows)


def test_the_command_finds_nothing_or_refuses_in_one_line(history: History) -> None:
    assert good(history.second("search", "submarine")).stdout == "nothing found\n"
    assert "no word" in refused(history.second("search", "?!"), 2)
    done = history.second("search", "x", "--limit", "0")
    assert done.returncode == 2
    assert "greater than or equal to 1" in done.stderr


def test_the_command_narrows_by_day_speaker_and_what_counts(history: History, tmp_path: Path) -> None:
    def found(*options: str) -> list[dict[str, object]]:
        out = tmp_path / "found.json"
        good(history.second("search", "the", "--limit", "500", *options, "-o", out))
        return list(json.loads(out.read_text()))

    every = found()
    days = sorted({str(row["on_date"]) for row in every if row["on_date"]})
    until = found("--until", days[0])
    assert 0 < len(until) < len(every)
    assert {row["on_date"] for row in until} == {days[0]}
    counted = found("--counted")
    assert 0 < len(counted) < len(every)
    assert {(row["kind"], row["excluded_reason"]) for row in counted} == {("statement", None)}
    speaker = next(str(row["speaker"]) for row in every if row["speaker_actor_id"] and row["on_date"])
    said = found("--speaker", speaker.lower(), "--since", days[0])
    assert 0 < len(said) < len(every)
    assert speaker in {row["speaker"] for row in said}
