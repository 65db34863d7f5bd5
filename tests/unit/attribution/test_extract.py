"""Rows, contracts and invariants of extraction; single phenomena."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines import contracts
from pipelines.core.attribution import Extraction, extract

from .helpers import frame, lexicon, run, tagger

TRICKY = Path(__file__).resolve().parents[2] / "quality" / "tricky_cases.json"
CASES = {case["id"]: case["text"] for case in json.loads(TRICKY.read_text(encoding="utf-8"))["cases"]}
FRAMES = ("sentences", "statements", "statement_spans", "quotes", "statement_quotes", "mentions")
PIECES = [
    "“", "”", '"', "'", "’", "‘", "``", "''", "«", "»", "„", " said ", " Ana Ruiz ", " told reporters ", " that ", ", ",
    ". ", "? ", "\n", "\n\n", " the minister ", " he ", "according to ", ": ", " — ", "\x00",
    "\u202e", "א", "😀", "e\u0301",
    "\ud800", " Mr. Lind ", "adding ", " (R-Ohio) ", "warns ", "\r\n", " and ", "…", "states",
    " who ", "including ", " to ", " although ", ") ",
]  # fmt: skip


def assert_evidence(texts: dict[str, str], found: Extraction) -> None:
    for row in found.statement_spans.iter_rows(named=True):
        assert texts[row["version_id"]][row["char_start"] : row["char_end"]] == row["span_text"] != ""
    for row in found.mentions.iter_rows(named=True):
        assert texts[row["version_id"]][row["char_start"] : row["char_end"]] == row["surface"] != ""
    for row in found.quotes.iter_rows(named=True):
        text = texts[row["version_id"]]
        assert text[row["inner_start"] : row["inner_end"]] == row["verbatim"] != ""
        assert row["char_start"] < row["inner_start"] < row["inner_end"] <= row["char_end"]
        assert text[row["char_start"] : row["inner_start"]] == row["open_mark"]
        assert row["close_mark"] is None or text[row["inner_end"] : row["char_end"]] == row["close_mark"]
    for row in found.sentences.iter_rows(named=True):
        sentence = texts[row["version_id"]][row["char_start"] : row["char_end"]]
        assert sentence == sentence.strip() != ""


def assert_keys(found: Extraction) -> None:
    mentions, statements = set(found.mentions["mention_id"]), set(found.statements["statement_id"])
    quotes = set(found.quotes["quote_id"])
    for name in FRAMES:
        key = [c for c in contracts.table("lake", name).key if c in getattr(found, name).columns]
        assert not getattr(found, name).select(key).is_duplicated().any(), name
    assert set(found.statements["speaker_mention_id"].drop_nulls()) <= mentions
    assert set(found.statements["parent_statement_id"].drop_nulls()) <= statements
    assert set(found.statement_quotes["quote_id"]) <= quotes
    assert set(found.statement_quotes["statement_id"]) <= statements
    none = found.statements.filter(pl.col("source_kind") == "unattributed")
    assert none["speaker_mention_id"].null_count() == none.height
    assert none["attribution_method"].unique().to_list() in ([], ["none"])


@pytest.mark.parametrize("name", FRAMES)
def test_frames_keep_the_contract(name: str) -> None:
    table = contracts.table("lake", name)
    for found in (run(CASES), run({}), run({"empty": ""})):
        got = getattr(found, name)
        left_out = {
            "ingest_date",
            "batch_id",
            "stated_date_text",
            "stated_date",
            "stated_date_precision",
            "stated_date_basis",
        }
        assert dict(got.schema) == {k: v for k, v in table.schema.items() if k not in left_out}
        for column in table.columns:
            if column.name in got.columns:
                assert column.nullable or got[column.name].null_count() == 0, column.name
                assert not column.allowed or set(got[column.name].drop_nulls()) <= set(column.allowed), column.name


def test_evidence_and_keys_hold_on_the_tricky_cases() -> None:
    found = run(CASES)
    assert_evidence(CASES, found)
    assert_keys(found)


ANY_TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map("".join)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
@example("\ud800“")
@example("'''" * 9)
def test_evidence_holds_on_any_text(text: str) -> None:
    # a frame holds Unicode text only: a lone surrogate is replaced before, as a reader of bytes does
    clean = text.encode("utf-8", "replace").decode("utf-8")
    found = run(clean)
    assert_evidence({"v": clean}, found)
    assert_keys(found)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(ANY_TEXT)
def test_evidence_holds_on_ten_thousand_texts(text: str) -> None:
    test_evidence_holds_on_any_text.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_rows_do_not_depend_on_order_or_batch() -> None:
    whole = run(CASES)
    names = list(CASES)
    random.Random(7).shuffle(names)
    shuffled = run({name: CASES[name] for name in names})
    for name in FRAMES:
        assert_frame_equal(getattr(whole, name), getattr(shuffled, name))
    parts = [run({k: CASES[k]}) for k in sorted(CASES)]
    for name in FRAMES:
        assert_frame_equal(getattr(whole, name), pl.concat([getattr(p, name) for p in parts]))


def test_other_languages_give_quotes_and_no_statements() -> None:
    found = run("„Wir bauen den Hafen“, sagte Ministerin Ana Ruiz.", language="de")
    assert found.statements.is_empty()
    assert found.quotes["verbatim"].to_list() == ["Wir bauen den Hafen"]
    assert found.quotes["attribution_method"].to_list() == ["none"]
    assert found.sentences.height == 1


def test_unknown_language_is_read_as_english_only_if_it_reads_so() -> None:
    english = "The minister said that the port would be rebuilt in a year, and that it was not for sale. " * 3
    german = "Der Minister sagte, dass der Hafen in einem Jahr wieder gebaut wird und nicht zum Verkauf steht. " * 3
    assert not run(english, language=None).statements.is_empty()
    assert run(german, language=None).statements.is_empty()


def test_sections_make_headlines_extended() -> None:
    text = "Lind: ‘No deal before spring’\n\nLind said there would be no deal before spring."
    found = run(text, sections=[{"section": "headline", "char_start": 0, "char_end": 29}])
    assert found.sentences["section"].to_list() == ["headline", "body"]
    assert found.statements.select("section", "tier").rows() == [("headline", "extended"), ("body", "core")]
    assert found.quotes["quote_kind"].to_list() == ["headline"]


def test_lineage_follows_the_article_over_versions() -> None:
    texts = frame({"v1": "Lind said the port was open.", "v2": "On Monday Lind said the port was open."})
    rows = extract(texts.with_columns(article_id=pl.lit("a")), tagger(), lexicon()).statements
    assert rows["lineage_key"].n_unique() == 1
    assert rows["statement_id"].n_unique() == 2


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("Lind said on Monday that the port was open.", "source_kind", "named_person"),
        ("Mr. Lind said the port was open.", "speaker_role_surface", "Mr"),
        ("“The port is open,” Mr. Lind said.", "content_text", "“The port is open,”"),
        ("“Why now?” Lind asked.", "content_text", "“Why now?”"),
        ("The offer was rejected by Western leaders.", "attribution_method", "passive_agent"),
        ("The Kremlin said the port was open.", "attribution_method", "metonym"),
        ("Russia also stated it would be ready to send aid.", "source_kind", "state"),
        ("A poll found that half of them would go.", "source_kind", "document"),
        ("LIND: Well, look, the port is open.", "attribution_method", "transcript"),
        ("“We could be heard.” ― Jorge Falcon", "content_text", "“We could be heard.”"),
        ("Officials said the port was open.", "attribution_method", "collective"),
        ("Lind believes that the port is open.", "tier", "extended"),
        ("I said that the port was open.", "attribution_method", "first_person"),
    ],
)
def test_fields_of_one_statement(text: str, column: str, value: str) -> None:
    assert run(text).statements[column].to_list() == [value]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("A Lind ally suggested he would resign.", "A Lind ally", "he would resign"),
        ("Lind said about 300 suits are pending.", "Lind", "about 300 suits are pending"),
        ("Lind told reporters the talks had failed.", "Lind", "the talks had failed"),
        ("Lind told a news conference the party had split.", "Lind", "the party had split"),
        ("Lind said that although rain is rare, the roof would leak.", "Lind",
         "that although rain is rare, the roof would leak"),
        ("“He is ready,” said Dana Orr, who was an aide to Leon E. Brandt.",
         "Dana Orr, who was an aide to Leon E. Brandt",
         "“He is ready,”"),
        ("“He is ready,” said Representative Dana Orr, Democrat of Ostland.",
         "Representative Dana Orr, Democrat of Ostland",
         "“He is ready,”"),
        ("The port is full, according to the Calder Morning Herald.", "the Calder Morning Herald", "The port is full"),
        ("In an interview Orr said he would go.", "Orr", "he would go"),
        ('"We met in the middle, \'the center,\' " she said.', "she", '"We met in the middle, \'the center,\' "'),
        ('"I prefer Orr,” he said.', "he", '"I prefer Orr,”'),
        ("(“It is late,” Orr said.)", "Orr", "“It is late,”"),
        ("CALDER, March 4 - Lind said the port was open.", "Lind", "the port was open"),
        ("LOWER HARROW, Vessen (NMW) — Two bodies were found on Tuesday, said fire chief Jonas Brandt.",
         "fire chief Jonas Brandt", "Two bodies were found on Tuesday"),
        ("Orr gloated: “I told you he would lose.”", "Orr", "“I told you he would lose.”"),
        ("While Lind condemned the strike, it was lawful.", "Lind", "the strike"),
    ],
)  # fmt: skip
def test_source_and_content_of_one_statement(text: str, source: str, content: str) -> None:
    found = run(text)
    spans = {
        kind: found.statement_spans.filter(pl.col("span_kind") == kind)["span_text"] for kind in ("source", "content")
    }
    assert spans["source"].to_list() == [source]
    assert spans["content"].to_list() == [content]


def test_an_apostrophe_typed_as_a_quotation_mark_opens_nothing() -> None:
    assert run('Vessen"s economy grew.').quotes.is_empty()


def test_a_statement_has_one_source() -> None:
    text = (
        "Guests get timed tickets telling them when to queue, and aides take their names and announce them, Orr said."
    )
    sources = run(text).statement_spans.filter(pl.col("span_kind") == "source")
    assert not sources["statement_id"].is_duplicated().any()


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Orr said he would go.", "core"),
        ("Orr praised his aides for the work that they had done.", "extended"),
        ("Orr promised to go.", "core"),
        ("Orr declined to comment.", "extended"),
        ("The company declared a dividend of 25 cents, which is payable in May.", "extended"),
        ("Orr hopes that the port will open.", "extended"),
        ("ORR: Did you sleep?", "core"),
        ("Orr called the vote “orderly, with some long queues.”", "core"),
        ("Orr described the vote as “orderly, with some long queues.”", "core"),
    ],
)
def test_tier_is_core_for_clear_speech_only(text: str, tier: str) -> None:
    assert run(text).statements["tier"].to_list() == [tier]


@pytest.mark.parametrize(
    "text",
    [
        "The rebels responded with mortar fire.",
        "The United States won the match twice.",
        "The warning came last week.",
        "The strikes hit the harbour, which the rebels responded to with missile and drone attacks.",
        "The Kremlin appears intent on staying.",
        "The union has not offered the port any help.",
        "The council seeks a new solution.",
        "Rust Belt states that have lost jobs are angry.",
        "Proceeds will go to debts, including to fund a mill.",
        "Orr pleaded guilty on Monday to fraud.",
        "Orr reiterated them on a radio show.",
        "The deal, expected to close in March, involves two mills.",
        "Leave a comment and let us know.",
        "Note: Full company name is Calder Holdings.",
        "Q: Why now?",
        "(Image: Dana Orr / Calder Post)",
        "Orr said that",
        "The workers’ rights and the dogs' home were there.",
        "",
        " \n\t ",
        "“”",
    ],
)
def test_no_core_statement_where_nobody_speaks(text: str) -> None:
    assert run(text).statements.filter(pl.col("tier") == "core").is_empty()


def test_a_source_closes_the_bracket_that_it_opens() -> None:
    spans = run("“The bridge is unsafe,” Rep. Petra Lunn (D-Wis.) said on Friday.").statement_spans
    sources = spans.filter(pl.col("span_kind") == "source")["span_text"].to_list()
    assert sources == ["Rep. Petra Lunn (D-Wis.)"]


def test_a_quote_whose_closing_mark_was_forgotten_does_not_take_the_next_speakers_words() -> None:
    text = (
        "“It is a warning,” Rep. Gwen Moor said Friday. “If he is not welcome, who is.\n\n"
        "“I have been thinking about where we are,” added Rep. Jim Clyde, the leader of the group."
    )
    found = run(text)
    content = found.statement_spans.filter(pl.col("span_kind") == "content")
    said = {row["statement_id"]: row["cue_text"] for row in found.statements.iter_rows(named=True) if not row["depth"]}
    thinking = [s for s, words in content.select("statement_id", "span_text").iter_rows() if "thinking" in words]
    assert [said[s] for s in thinking if s in said] == ["added"]
