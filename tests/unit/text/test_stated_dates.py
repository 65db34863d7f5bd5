from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.core.text.stated_dates import add_stated_dates, weekday_before

THURSDAY = date(2025, 6, 19)


def stated(
    text: str, cue: str, content: str, anchor: date | None, source: str | None = None
) -> tuple[str | None, date | None, str | None, str]:
    """Date one statement of a one-sentence text, and check the span that is returned."""
    spans = [("cue", cue), ("content", content), *([("source", source)] if source else [])]
    rows = [
        {"statement_id": "s", "version_id": "v", "span_kind": kind, "span_no": 0, "char_start": text.index(words),
         "char_end": text.index(words) + len(words), "span_text": words}
        for kind, words in spans if words
    ]  # fmt: skip
    statements, out = add_stated_dates(
        pl.DataFrame({"statement_id": ["s"], "version_id": ["v"], "speaker_mention_id": ["m"]}),
        pl.DataFrame({"version_id": ["v"], "sentence_no": [0], "char_start": [0], "char_end": [len(text)]}),
        pl.DataFrame(
            {"version_id": ["v"], "text": [text], "published_on": [anchor]}, schema_overrides={"published_on": pl.Date}
        ),
        pl.DataFrame(rows),
    )
    for row in out.filter(pl.col("span_kind") == "time").iter_rows(named=True):
        assert text[row["char_start"] : row["char_end"]] == row["span_text"]
    got = statements.row(0, named=True)
    return got["stated_date_text"], got["stated_date"], got["stated_date_precision"], got["stated_date_basis"]


@pytest.mark.parametrize(
    ("words", "day", "precision", "basis"),
    [
        ("on Thursday", date(2025, 6, 19), "day", "relative"),
        ("on Wednesday", date(2025, 6, 18), "day", "relative"),
        ("Friday", date(2025, 6, 13), "day", "relative"),
        ("late on Tuesday", date(2025, 6, 17), "day", "relative"),
        ("last Thursday", date(2025, 6, 12), "day", "relative"),
        ("yesterday", date(2025, 6, 18), "day", "relative"),
        ("earlier today", date(2025, 6, 19), "day", "relative"),
        ("last week", date(2025, 6, 1), "month", "relative"),
        ("last month", date(2025, 5, 1), "month", "relative"),
        ("last year", date(2024, 1, 1), "year", "relative"),
        ("earlier this year", date(2025, 1, 1), "year", "relative"),
        ("two days ago", date(2025, 6, 17), "day", "relative"),
        ("on June 18", date(2025, 6, 18), "day", "explicit"),
        ("on 18 June", date(2025, 6, 18), "day", "explicit"),
        ("on Dec. 30", date(2024, 12, 30), "day", "explicit"),
        ("on March 3, 2026", date(2026, 3, 3), "day", "explicit"),
        ("in March 2021", date(2021, 3, 1), "month", "explicit"),
        ("in a 2019 interview", date(2019, 1, 1), "year", "explicit"),
        ("on 2025-06-01", date(2025, 6, 1), "day", "explicit"),
    ],
)
def test_words_and_days(words: str, day: date, precision: str, basis: str) -> None:
    got = stated(f"Lind said {words} that the port was closed.", "said", "that the port was closed", THURSDAY)
    assert got == (words, day, precision, basis)


def test_the_same_weekday_is_the_same_day() -> None:
    assert weekday_before("Thursday", THURSDAY) == THURSDAY
    assert weekday_before("Friday", THURSDAY) == date(2025, 6, 13)


def test_without_an_anchor_the_words_stay_and_the_day_is_unknown() -> None:
    got = stated("Lind said on Thursday that it was over.", "said", "that it was over", None)
    assert got == ("on Thursday", None, None, "no_anchor")
    assert stated("Lind said on June 18 that it was over.", "said", "that it was over", None)[3] == "no_anchor"
    assert stated("Lind said on June 18, 2025 that it was over.", "said", "that it was over", None)[1] == date(
        2025, 6, 18
    )


def test_nothing_said_is_not_the_day_of_publication() -> None:
    assert stated("Lind said it was over.", "said", "it was over", THURSDAY) == (None, None, None, "none")


def test_a_date_in_the_content_is_not_the_statements() -> None:
    assert stated("Lind said the port closed on Monday.", "said", "the port closed on Monday", THURSDAY)[3] == "none"


def test_dates_of_something_else() -> None:
    assert (
        stated("The port will stay shut until Monday, Lind said.", "said", "The port will stay shut", THURSDAY)[3]
        == "none"
    )
    assert stated("Lind told USA Today it was over.", "told", "it was over", THURSDAY)[3] == "none"


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert stated("Lind said on June 31 it was over.", "said", "it was over", THURSDAY)[3] == "none"


def test_a_date_inside_the_source_span_counts() -> None:
    got = stated(
        "President Lind on Wednesday said it was over.", "said", "it was over", THURSDAY, "President Lind on Wednesday"
    )
    assert got[1] == date(2025, 6, 18)


def two(text: str, rows: list[tuple[str, str, str, str]], sentences: list[str]) -> dict[str, tuple[date | None, str]]:
    """(statement, source, cue, content) rows -> statement -> (day, basis)."""
    spans, at = [], 0
    for sid, source, cue, content in rows:
        for kind, words in (("source", source), ("cue", cue), ("content", content)):
            if words:
                start = text.index(words, at if kind != "content" else 0)
                spans.append({"statement_id": sid, "version_id": "v", "span_kind": kind, "span_no": 0,
                              "char_start": start,
                              "char_end": start + len(words), "span_text": words})  # fmt: skip
                at = start if kind == "source" else at
    ends = [text.index(s) for s in sentences]
    statements, _ = add_stated_dates(
        pl.DataFrame({"statement_id": [r[0] for r in rows], "version_id": "v",
                      "speaker_mention_id": [r[1] for r in rows]}),
        pl.DataFrame({"version_id": "v", "sentence_no": range(len(sentences)), "char_start": ends,
                      "char_end": [e + len(s) for e, s in zip(ends, sentences, strict=True)]}),
        pl.DataFrame({"version_id": ["v"], "text": [text], "published_on": [THURSDAY]}),
        pl.DataFrame(spans),
    )  # fmt: skip
    return {s: (d, b) for s, d, b in statements.select("statement_id", "stated_date", "stated_date_basis").iter_rows()}


def test_the_next_sentence_of_the_same_speaker_inherits_the_day() -> None:
    first, second = "Ana Ruiz said on Wednesday it was over.", "She added that nobody was hurt."
    got = two(
        f"{first} {second}",
        [("a", "Ana Ruiz", "said", "it was over"), ("b", "She", "added", "that nobody was hurt")],
        [first, second],
    )
    assert got == {"a": (date(2025, 6, 18), "relative"), "b": (date(2025, 6, 18), "inherited")}


def test_another_speaker_and_another_paragraph_inherit_nothing() -> None:
    first, second = "Ana Ruiz said on Wednesday it was over.", "Karl Lind added that nobody was hurt."
    rows = [("a", "Ana Ruiz", "said", "it was over"), ("b", "Karl Lind", "added", "that nobody was hurt")]
    assert two(f"{first} {second}", rows, [first, second])["b"] == (None, "none")
    third = "She added that nobody was hurt."
    rows = [rows[0], ("b", "She", "added", "that nobody was hurt")]
    assert two(f"{first}\n{third}", rows, [first, third])["b"] == (None, "none")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a day after", (date(2025, 6, 17), "relative")),
        ("two days before", (date(2025, 6, 20), "relative")),
        ("a month after", (None, "none")),
        ("hours before", (None, "none")),
    ],
)
def test_another_day_in_the_same_sentence_is_not_inherited(words: str, expected: tuple[date | None, str]) -> None:
    text = f"Ana Ruiz said on Wednesday it was over, {words} she had denied that it began."
    rows = [("a", "Ana Ruiz", "said", "it was over"), ("b", "she", "denied", "that it began")]
    assert two(text, rows, [text]) == {"a": (date(2025, 6, 18), "relative"), "b": expected}


def test_a_date_nearer_to_another_speakers_cue_is_theirs() -> None:
    text = "Amid speculation that it might close, Ana Ruiz on Wednesday said it was over."
    got = two(text, [("a", "", "speculation", "that it might close"), ("b", "Ana Ruiz", "said", "it was over")], [text])
    assert got == {"a": (None, "none"), "b": (date(2025, 6, 18), "relative")}


def test_empty_frames() -> None:
    schema = {"statement_id": pl.String, "version_id": pl.String, "speaker_mention_id": pl.String}
    span_schema = {"statement_id": pl.String, "version_id": pl.String, "span_kind": pl.String, "span_no": pl.Int64,
                   "char_start": pl.Int64, "char_end": pl.Int64, "span_text": pl.String}  # fmt: skip
    statements, spans = add_stated_dates(
        pl.DataFrame(schema=schema),
        pl.DataFrame(
            schema={"version_id": pl.String, "sentence_no": pl.Int64, "char_start": pl.Int64, "char_end": pl.Int64}
        ),
        pl.DataFrame(schema={"version_id": pl.String, "text": pl.String, "published_on": pl.Date}),
        pl.DataFrame(schema=span_schema),
    )
    assert statements.height == spans.height == 0
    assert statements.schema["stated_date"] == pl.Date
