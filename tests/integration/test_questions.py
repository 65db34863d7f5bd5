"""The questions: each is answered by the published file alone, and docs/questions.md says what the SQL gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import questions
from pipelines.contracts import tables
from pipelines.storage.published import open_published
from tests import forked
from tests.conftest import History
from tests.workbench import ROOT, Workbench


def test_they_are_numbered_and_each_says_what_it_asks() -> None:
    asked = questions.questions()
    assert [question.number for question in asked] == list(range(1, len(asked) + 1))
    for question in asked:
        assert question.text[0].isupper()
        assert question.notes
        assert question.sql.startswith(("select", "with"))


def test_a_file_without_a_question_is_named(tmp_path: Path) -> None:
    (tmp_path / "01_nothing.sql").write_text("-- Everything.\nselect 1\n")
    with pytest.raises(ValueError, match=r"01_nothing\.sql: the first line is not a question"):
        questions.questions(tmp_path)


def test_every_mart_that_counts_answers_a_question() -> None:
    asked = " ".join(question.sql for question in questions.questions())
    indirect = {"statements_current", "quote_uses", "version_changes"}  # others are read from these
    assert [t.name for t in tables("mart") if t.name not in indirect and f"mart.{t.name}" not in asked] == []


def test_the_document_holds_the_answers_of_the_sample() -> None:
    environment = Workbench(Path("unused")).environment()
    del environment["ONRECORD_DATA_DIR"]
    done = forked.call(["--check"], env=environment, cwd=ROOT, module="pipelines.questions")
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_each_is_answered_without_anything_but_the_file(history: History) -> None:
    with open_published(history.second.published, "1GB") as con:
        for question in questions.questions():
            columns, rows = questions.answer(con, question)
            assert all(len(row) == len(columns) for row in rows), question.text


def test_an_answer_that_differs_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    kept = questions.DOCUMENT.read_text(encoding="utf-8")
    monkeypatch.setattr(questions, "document_of_sample", lambda _: kept.replace("| Petra Lunn |", "| Somebody |"))
    assert questions.main(["--check"]) == 1
    printed = capsys.readouterr().out
    assert "-| Petra Lunn |" in printed
    assert "+| Somebody |" in printed
    assert "run `python -m pipelines.questions`" in printed
    monkeypatch.setattr(questions, "document_of_sample", lambda _: kept)
    assert questions.main(["--check"]) == 0
