"""``python -m pipelines.questions [--check]``: the questions of sql/questions, answered from the made-up sample.

Covers reading the questions, running them on a published file, and docs/questions.md with the answers. For their SQL,
see sql/questions. It does not cover what the answers follow from.
"""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.commands.demo import publish_sample
from pipelines.settings import PROJECT_ROOT, SQL_DIR
from pipelines.storage.published import open_published

FOLDER = SQL_DIR / "questions"
DOCUMENT = PROJECT_ROOT / "docs" / "questions.md"
_COMMENT = "-- "
_SHOWN = 90
"""Characters of a cell that the document shows."""


@dataclass(frozen=True)
class Question:
    """One question of an analyst, and the SQL that answers it from the published file alone."""

    number: int
    text: str
    notes: tuple[str, ...]
    sql: str


def questions(folder: Path = FOLDER) -> list[Question]:
    """Return the questions in order: a file begins with the question, then what is to be known about the answer.

    Raises:
        ValueError: a file does not begin with a question.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        n_comments = next(i for i, line in enumerate([*lines, ""]) if not line.startswith(_COMMENT))
        text, *notes = [line.removeprefix(_COMMENT) for line in lines[:n_comments]] or [""]
        if not text.endswith("?"):
            raise ValueError(f"{path}: the first line is not a question (-- Who ...?)")
        sql = "\n".join(lines[n_comments:]).strip()
        found.append(Question(int(path.name.partition("_")[0]), text, tuple(notes), sql))
    return found


def answer(con: duckdb.DuckDBPyConnection, question: Question) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the names of the columns and the rows of an answer."""
    relation = con.sql(question.sql)
    return relation.columns, relation.fetchall()


def document(con: duckdb.DuckDBPyConnection) -> str:
    """Return docs/questions.md: every question, its SQL, and its answer on this file."""
    asked = questions()
    lines = [
        "# Questions", "",
        "<!-- made by `python -m pipelines.questions` from sql/questions: change those files -->", "",
        f"{len(asked)} questions that journalists and media researchers ask, each answered from the published file "
        "alone.", "The answers are those of the made-up sample (`make demo`), and a test holds them to what the SQL "
        "gives.", "Ask them of your own news: `onrecord query - < sql/questions/02_who_warned_whom.sql`, with your "
        "dates.", "",
        *(f"{q.number}. [{q.text}](#{_anchor(q)})" for q in asked),
    ]  # fmt: skip
    for question in asked:
        columns, rows = answer(con, question)
        lines += ["", f"## {question.number}. {question.text}", "", *question.notes, "", "```sql", question.sql, "```"]
        lines += ["", *_table(columns, rows)]
    return "\n".join(lines) + "\n"


def _anchor(question: Question) -> str:
    heading = f"{question.number}. {question.text}".lower()
    return "".join(c for c in heading if c.isalnum() or c in " -").replace(" ", "-")


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterable[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield f"| {' | '.join(_cell(value) for value in row)} |"
    if not rows:
        yield "\nNo rows."


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        text = ", ".join(f"{name} {n}" for name, n in value.items())
    elif isinstance(value, list):
        text = ", ".join(str(item) for item in value)
    else:
        text = str(value)
    flat = " ".join(text.split()).replace("|", "\\|")
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"


def document_of_sample(data_dir: Path) -> str:
    """Return the document for the sample, which is taken in and published below a folder.

    Raises:
        RuntimeError: the sample could not be published.
    """
    settings = publish_sample(data_dir)
    with open_published(settings.published, settings.query_memory) as con:
        return document(con)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the document; the exit status is 1 if ``--check`` found another answer."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.questions", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; show the answers that differ, and fail")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        made = document_of_sample(Path(folder))
    kept = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    if made == kept:
        return 0
    if options.check:
        print(*difflib.unified_diff(kept.splitlines(), made.splitlines(), "docs/questions.md", "now", lineterm="", n=1),
              sep="\n")  # fmt: skip
        print("docs/questions.md: not up to date; run `python -m pipelines.questions`")
        return 1
    DOCUMENT.write_text(made, encoding="utf-8")
    print("docs/questions.md: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
