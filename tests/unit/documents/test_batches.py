"""Batches: versions, duplicates, quarantine, and independence of order."""

from __future__ import annotations

import json
import random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.core.documents.batches import Parsed, assemble, read_documents
from pipelines.core.documents.model import Document, Ignored, Record, SourceRules
from pipelines.core.ids import mk_id
from tests.unit.documents.helpers import BODY, KNOWN, batch, parse_batch, sighting

RULES = {"a": SourceRules("a"), "b": SourceRules("b", outlet_name="Bee", outlet_domain="bee.example.com"),
         "p": SourceRules("p", is_path_key=True)}  # fmt: skip


def _json(no: int, source: str = "a", uri: str = "x.jsonl", **row: object) -> dict[str, object]:
    return sighting(
        json.dumps({"text": BODY} | row), uri, record_no=no, media_type="application/json", source_name=source
    )


def _mixed() -> list[dict[str, object]]:
    return [
        _json(0, id="1", published_at="2025-06-03T10:00:00Z"),
        _json(1, id="1", published_at="2025-06-03T10:00:00Z", updated_at="2025-06-03T12:00:00Z", text=BODY + "More."),
        _json(2, id="1", published_at="2025-06-03T10:00:00Z", extra=1),
        _json(3, text=3),
        sighting(BODY, "a.txt"),
        sighting(BODY, "b.txt"),
        sighting(BODY, "c.txt", source_name="b"),
        sighting(b"\x00\x01", "d.bin"),
        sighting(None, "e.txt", refusal_rule="too_large", refusal_detail="It is too large; raise max_bytes."),
        sighting(BODY, "f.txt", is_unchanged=True),
        sighting(BODY, "p1.txt", source_name="p"),
        sighting(BODY, "p2.txt", source_name="p"),
    ]


def _outcomes(parsed: Parsed) -> dict[str, int]:
    return dict(parsed.sighting_outcomes["outcome"].value_counts().iter_rows())


def test_every_sighting_has_one_outcome() -> None:
    rows = _mixed()
    parsed = parse_batch(batch(*rows), RULES, KNOWN)
    assert _outcomes(parsed) == {"parsed": 6, "duplicate": 3, "quarantined": 3}
    assert parsed.sighting_outcomes["batch_order"].to_list() == list(range(len(rows)))
    assert set(parsed.sighting_outcomes["sighting_id"]) == {r["sighting_id"] for r in rows}
    assert parsed.quarantine.select("stage", "rule").sort("rule").rows() == [
        ("decode", "binary"), ("read", "too_large"), ("parse", "wrong_type")]  # fmt: skip
    assert parsed.article_versions["version_id"].n_unique() == 6


@pytest.mark.parametrize("seed", range(12))
def test_order_and_chunks_do_not_matter(seed: int) -> None:
    rows = _mixed()
    expected = parse_batch(batch(*rows), RULES, KNOWN)
    random.Random(seed).shuffle(rows)
    frame = batch(*rows)
    chunks = [r for part in frame.iter_slices(1 + seed % 5) for r in read_documents(part, RULES)]
    random.Random(seed + 1).shuffle(chunks)
    found = assemble(frame.drop("bytes"), chunks, KNOWN)
    for one, other in zip(vars(expected).values(), vars(found).values(), strict=True):
        assert_frame_equal(one, other)


def test_offsets_and_hashes_hold() -> None:
    versions = parse_batch(batch(*_mixed()), RULES, KNOWN).article_versions
    for row in versions.iter_rows(named=True):
        assert row["n_chars"] == len(row["text"])
        assert (row["published_on"] is None) == (row["published_basis"] == "none")
        assert all(0 <= s["char_start"] < s["char_end"] <= row["n_chars"] for s in row["sections"])


def test_recipe_of_the_ids() -> None:
    parsed = parse_batch(batch(sighting(BODY, "c.txt", source_name="b")), RULES, KNOWN)
    row = parsed.article_versions.row(0, named=True)
    outlet_id = mk_id("outlet", "example.com")
    assert (row["outlet_id"], row["outlet_name"], row["outlet_domain"]) == (outlet_id, "Bee", "example.com")
    assert row["article_id"] == mk_id("article", outlet_id, row["raw_id"])
    assert row["version_id"] == mk_id("version", row["article_id"], row["raw_id"])


def test_unknown_outlet_is_one_outlet_a_source() -> None:
    row = parse_batch(batch(sighting(BODY, "x.txt")), {}, KNOWN).article_versions.row(0, named=True)
    assert (row["outlet_id"], row["outlet_name"], row["outlet_domain"]) == (
        mk_id("outlet", "source:files"),
        "files",
        None,
    )


def test_outlets_known_by_name_are_not_thrown_together() -> None:
    parsed = parse_batch(batch(_json(0, id="1", outlet="Fern Post"), _json(1, id="1", outlet="Moss Mail")), {}, KNOWN)
    assert parsed.article_versions["outlet_id"].n_unique() == 2
    assert parsed.article_versions["article_id"].n_unique() == 2


def test_same_bytes_from_two_outlets_are_two_articles() -> None:
    parsed = parse_batch(
        batch(sighting(BODY, "x.txt"), sighting(BODY, "x.txt", source_name="b", sighting_id="s2")), RULES, KNOWN
    )
    assert parsed.article_versions["article_id"].n_unique() == 2


def test_same_bytes_at_two_places_are_one_version_and_a_duplicate() -> None:
    parsed = parse_batch(batch(sighting(BODY, "y.txt"), sighting(BODY, "x.txt")), {}, KNOWN)
    assert parsed.article_versions.height == 1
    assert parsed.sighting_outcomes["outcome_reason"].to_list() == [None, "same_text"]
    assert parsed.sighting_outcomes["version_id"].n_unique() == 1


def test_path_is_the_key_only_where_the_settings_say_so() -> None:
    rows = [sighting(BODY, f"{n}.txt", source_name=s, sighting_id=f"{n}{s}") for n in (1, 2) for s in ("a", "p")]
    parsed = parse_batch(batch(*rows), RULES, KNOWN)
    assert parsed.article_versions.height == 3
    assert {"1.txt", "2.txt"} < set(parsed.article_versions["external_key"])


def test_a_then_b_then_a_over_three_batches() -> None:
    a, b = _json(0, id="1"), _json(0, id="1", text=BODY + "More.")
    first = parse_batch(batch(a), {}, KNOWN)
    known = first.article_versions.select("article_id", "text_sha256", "version_id")
    second = parse_batch(batch(b), {}, known)
    known = pl.concat([known, second.article_versions.select(known.columns)])
    third = parse_batch(batch(a), {}, known)
    assert (first.article_versions.height, second.article_versions.height, third.article_versions.height) == (1, 1, 0)
    assert third.sighting_outcomes.select("outcome", "outcome_reason", "version_id").row(0) == (
        "duplicate", "same_text", first.article_versions["version_id"][0])  # fmt: skip


def test_a_correction_comes_after_what_it_corrects() -> None:
    day = "2025-06-03T10:00:00Z"
    note = "\n\nCorrection: An earlier version of this story misstated the cost."
    for fixed in ({"updated_at": "2025-06-03T11:00:00Z", "text": BODY + "More."}, {"text": BODY + note}):
        parsed = parse_batch(batch(_json(0, uri="a.jsonl", id="1", published_at=day, **fixed),
                                   _json(0, uri="z.jsonl", id="1", published_at=day)), {}, KNOWN)  # fmt: skip
        assert parsed.article_versions["n_chars"].is_sorted()
        assert parsed.article_versions.height == 2


def test_one_record_read_in_two_ways_is_one_version() -> None:
    two = json.dumps({"id": "1", "text": BODY, "body": BODY + "More."})
    rules = {
        "a": SourceRules("a", outlet_domain="e.com"),
        "b": SourceRules("b", outlet_domain="e.com", fields={"text": "body"}),
    }
    rows = [sighting(two, "x", record_no=0, media_type="application/json", source_name=s, sighting_id=s) for s in "ab"]
    parsed = parse_batch(batch(*rows), rules, KNOWN)
    assert parsed.article_versions.height == 1
    assert parsed.sighting_outcomes["outcome_reason"].to_list() == [None, "same_record"]


def test_empty_batch() -> None:
    parsed = parse_batch(batch(), {}, KNOWN)
    assert [f.height for f in vars(parsed).values()] == [0, 0, 0]


def test_reader_that_fails_is_a_refusal_and_ignored_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def ignore(record: Record, rules: SourceRules) -> Document:
        raise Ignored("front_page")

    assert _outcomes(parse_batch(batch(sighting(BODY, "x")), {}, KNOWN, ignore)) == {"ignored": 1}

    def fail(record: Record, rules: SourceRules) -> Document:
        raise ZeroDivisionError("boo\nboo")

    monkeypatch.setitem(
        __import__("pipelines.core.documents.formats", fromlist=["READERS"]).READERS, "text/plain", fail
    )
    parsed = parse_batch(batch(sighting(BODY, "x")), {}, KNOWN)
    assert parsed.quarantine["rule"].to_list() == ["reader_failed"]
    assert "\n" not in parsed.quarantine["detail"][0]


def test_bytes_that_were_taken_down_are_ignored() -> None:
    parsed = parse_batch(batch(sighting(None, "x", raw_id="0" * 64)), {}, KNOWN)
    assert parsed.sighting_outcomes["outcome_reason"].to_list() == ["no_bytes"]


def test_a_missing_result_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 sightings, 0 results"):
        assemble(batch(sighting(BODY, "x")), [], KNOWN)
