"""Which wordings are one quotation: cut, reworded, stock phrases; the answer does not depend on the order of rows."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import table
from pipelines.core.copies import quote_clusters
from pipelines.core.copies.quote_clusters import cluster_wordings
from pipelines.core.ids import mk_id
from pipelines.core.text.fold import fold_words

LONG = "We will keep the pumps running through the night and nobody will be left without water in the lower town"


def frame(*wordings: str) -> pl.DataFrame:
    folded = [fold_words(words) for words in wordings]
    rows = {"canonical_quote_id": [mk_id("cq", words) for words in folded], "text_norm": folded}
    return pl.DataFrame(rows, schema={"canonical_quote_id": pl.String, "text_norm": pl.String})


def groups(*wordings: str) -> list[set[str]]:
    """Return the wordings that belong together, those that stand alone left out."""
    names = dict(zip(frame(*wordings)["canonical_quote_id"], wordings, strict=True))
    found: dict[str, set[str]] = {}
    for quote, cluster in cluster_wordings(frame(*wordings)).select("canonical_quote_id", "cluster_id").iter_rows():
        found.setdefault(cluster, set()).add(names[quote])
    return sorted(found.values(), key=sorted)


@pytest.mark.parametrize(
    "other",
    [
        "we will keep the pumps running through the night and nobody will be left without water",  # the end is cut
        "nobody will be left without water in the lower town",  # the beginning is cut
        "through the night and nobody will",  # six words of it
        "We will keep the pumps running … and nobody will be left without water in the lower town",  # a gap
        "We will keep the pumps running [...] nobody will be left without water in the lower town",
        "We will keep the pumps running through the night and no one will be left without water in the lower town",
        "We shall keep the pumps running through the night and nobody will be left without water in the lower town",
        "We will keep the pumps running through the night (and day) and nobody will be left without water",
        "We will keep the pumps going through the night, and nobody will be left without water in the lower town!",
    ],
)
def test_near_wordings_belong_together(other: str) -> None:
    assert groups(LONG, other) == [{LONG, other}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will see what happens", "We will see what happens when the water comes down to the lower town"),  # 5 words
        ("no comment", "I have no comment on what the mayor said about me yesterday"),
        (LONG, "We will keep the pumps running through the winter if the council pays for the fuel that we need"),
        (LONG, "The pumps will keep running and in the lower town nobody will be without water, we will see to it"),
        ("I am not going to resign over this", "I am not going to answer that question"),
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert groups(one, other) == []


def test_a_stock_phrase_ties_nobody_together() -> None:
    phrase = "at the end of the day we"
    harbour = "At the end of the day we need a harbour that works and pays for itself"
    school = "My children go to this school and at the end of the day we want it kept open"
    assert groups(phrase, harbour) == [{phrase, harbour}]
    assert groups(phrase, harbour, school) == [], "it may be said by two people on their own"


def test_a_long_piece_ties_together_what_goes_on_differently() -> None:
    piece = "Nobody here is going back to sixteen hour shifts for the same pay"
    one = piece + ", and I have told the owners so three times in writing since the spring"
    other = "Let me be clear, once and for all, to every one of the owners who is listening: " + piece.lower()
    assert groups(one, other) == []
    assert groups(piece, one, other) == [{piece, one, other}]


def test_a_changed_word_in_a_short_quote() -> None:
    assert groups("we will never raise taxes on working families again", "we will never raise taxes on hard-working "
                  "families again") == [
        {"we will never raise taxes on working families again",
         "we will never raise taxes on hard-working families again"}
    ]  # fmt: skip
    assert groups("I will not step down today", "I will not step aside today") == []


def test_rows_say_how_near() -> None:
    cut = "nobody will be left without water in the lower town"
    reworded = "nobody shall be left without water in the lower town tonight"
    made = cluster_wordings(frame(LONG, cut, reworded, "Something else that has enough words to be looked at"))
    rows = {row["canonical_quote_id"]: row for row in made.iter_rows(named=True)}
    ids = [mk_id("cq", fold_words(words)) for words in (LONG, cut, reworded)]
    assert set(rows) == set(ids)
    assert {row["cluster_id"] for row in rows.values()} == {ids[0]}
    assert [(rows[i]["method"], round(rows[i]["similarity_to_head"], 2)) for i in ids] == [
        ("head", 1.0), ("cut", 1.0), ("reworded", 0.67),
    ]  # fmt: skip


def test_what_many_say_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [f"thank you all very much indeed for coming to town number {n}" for n in range(12)]
    assert groups(*said) == [set(said)]
    monkeypatch.setattr(quote_clusters, "STOCK", 10)
    assert groups(*said) == []


def test_nothing_and_short_words_only() -> None:
    contract = table("state", "quote_clusters")
    assert cluster_wordings(frame()).equals(contract.empty())
    assert cluster_wordings(frame("no comment", "we will see")).equals(contract.empty())
    assert cluster_wordings(frame("one two three four five six")).equals(contract.empty())


WORDS = st.lists(st.sampled_from("a b c d e".split()), min_size=4, max_size=16).map(" ".join)


@given(st.lists(WORDS, max_size=12), st.randoms(use_true_random=False))
def test_order_repetition_and_lots_do_not_count(wordings: list[str], chance: random.Random) -> None:
    expected = cluster_wordings(frame(*wordings))
    again = [*wordings, *wordings[:2]]
    chance.shuffle(again)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quote_clusters, "_PAIRS_AT_ONCE", 3)
        assert cluster_wordings(frame(*again)).equals(expected)


def _near_by_hand(shorter: str, longer: str) -> bool:
    def triples(words: str) -> set[tuple[str, ...]]:
        split = words.split()
        return {tuple(split[i : i + 3]) for i in range(len(split) - 2)}

    of, shared = len(triples(shorter)), len(triples(shorter) & triples(longer))
    return shared >= 4 and of - shared <= max(3, 0.2 * of)


@given(WORDS, WORDS)
def test_two_wordings_are_near_by_the_rule_and_by_no_other(one: str, other: str) -> None:
    longer, shorter = sorted((one, other), key=lambda words: (-len(words.split()), words))
    both = one != other and len(shorter.split()) >= quote_clusters.MIN_WORDS and _near_by_hand(shorter, longer)
    assert bool(groups(one, other)) == both
