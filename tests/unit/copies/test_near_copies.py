"""Near copies: what is found, what is not, and the groups, whatever the order."""

from __future__ import annotations

import random
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.copies.near_copies import (
    MAX_HEADS,
    MIN_JACCARD,
    body_words,
    candidates,
    signatures,
    story_groups,
    verified,
)
from pipelines.core.copies.shingles import jaccard, shingle_hashes, shingles, words
from tests.unit.copies.helpers import body, edited, versions


def found(rows: pl.DataFrame, batches: list[str] | None = None) -> pl.DataFrame:
    """Compare versions that came in these batches, one batch after the other."""
    ids = rows["version_id"].to_list()
    of = dict(zip(ids, batches or ["b1"] * len(ids), strict=True))
    signed = signatures(rows).with_columns(batch_id=pl.col("version_id").replace_strict(of, return_dtype=pl.String))
    bands = signed.explode("bands")
    texts = {v: body_words(t, s) for v, t, s in rows.select("version_id", "text", "sections").iter_rows()}
    parts = []
    for batch in sorted(set(of.values())):
        own = bands.filter(pl.col("batch_id") == batch)
        pairs = candidates(own, bands.filter(pl.col("batch_id") <= batch))
        parts.append(verified(pairs, texts.__getitem__))
    return pl.concat(parts)


def pairs_of(copies: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in copies.select("version_id", "earlier_version_id").iter_rows()}


def grouped(copies: pl.DataFrame) -> set[frozenset[str]]:
    groups = story_groups(copies).group_by("near_dup_group").agg("article_id")
    return {frozenset(articles) for articles in groups["article_id"]}


def texts_of(seed: int, n_stories: int = 6, n_copies: int = 4) -> list[list[str]]:
    chance = random.Random(seed)
    texts = []
    for _ in range(n_stories):
        first = body(chance, chance.choice((30, 80, 200)))
        texts += [first, *(edited(first, chance, chance.uniform(0, 0.08)) for _ in range(n_copies))]
    return texts


def true_pairs(texts: list[list[str]]) -> set[frozenset[str]]:
    sets = {f"v{n:04d}": shingles(t) for n, t in enumerate(texts) if len(shingles(t)) >= 20}
    return {frozenset((a, b)) for a, b in combinations(sets, 2) if jaccard(sets[a], sets[b]) >= MIN_JACCARD}


def test_pairs_that_reach_the_threshold_are_found_and_no_others() -> None:
    n_true = n_found = 0
    for seed in range(60):
        texts = texts_of(seed)
        ours, true = pairs_of(found(versions(texts))), true_pairs(texts)
        assert ours <= true
        n_true, n_found = n_true + len(true), n_found + len(ours)
    assert n_true > 1_000
    assert n_found / n_true >= 0.99


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_neither_batches_nor_order_change_what_is_found(seed: int, data: st.DataObject) -> None:
    rows = versions(texts_of(seed, 4, 3))
    batches = data.draw(st.lists(st.sampled_from(["b1", "b2", "b3"]), min_size=rows.height, max_size=rows.height))
    together, apart = found(rows), found(rows, batches)
    assert pairs_of(together) == pairs_of(apart)
    assert grouped(together) == grouped(apart)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=seed % 1000)
    assert found(shuffled).equals(together)
    edges = apart.sample(fraction=1, shuffle=True, seed=seed % 1000)
    assert story_groups(edges).equals(story_groups(apart))
    exact = true_pairs([t.split() for t in rows["text"]])
    assert pairs_of(apart) <= exact


def test_an_id_stays_when_copies_come_later_and_a_chain_is_one_group() -> None:
    chance = random.Random(3)
    first = body(chance, 200)
    second = first[25:] + body(chance, 25)
    third = second[25:] + body(chance, 25)
    rows = versions([third, second, first], ["a1", "a2", "a3"])
    early = found(rows.tail(2), ["2026-03-01-000001", "2026-03-01-000001"])
    whole = found(rows, ["2026-03-02-000001", "2026-03-01-000001", "2026-03-01-000001"])
    assert jaccard(shingles(first), shingles(third)) < MIN_JACCARD
    assert grouped(whole) == {frozenset(("a1", "a2", "a3"))}
    assert set(story_groups(early)["near_dup_group"]) == set(story_groups(whole)["near_dup_group"])


def test_versions_of_one_article_are_no_copies_of_each_other() -> None:
    chance = random.Random(4)
    text = body(chance)
    copies = found(versions([text, text, text], ["a1", "a1", "a2"]))
    assert pairs_of(copies) == {frozenset(("v0000", "v0002")), frozenset(("v0001", "v0002"))}
    assert found(versions([text, text], ["a1", "a1"])).is_empty()
    assert story_groups(found(versions([text], ["a1"]))).is_empty()


def test_short_texts_are_compared_with_none() -> None:
    text = body(random.Random(5), 23)
    assert found(versions([text, text])).is_empty()
    assert found(versions([[*text, "more"], [*text, "more"]])).height == 1


def test_only_the_body_is_compared() -> None:
    chance = random.Random(6)
    text, own = " ".join(body(chance)), [" ".join(body(chance, 60)) for _ in range(2)]
    rows = versions([f"{head} {text}".split() for head in own])
    section = [[{"section": "headline", "char_start": 0, "char_end": len(head)}] for head in own]
    assert found(rows).is_empty()
    assert found(rows.with_columns(pl.Series("sections", section))).height == 1


def test_case_and_punctuation_do_not_count() -> None:
    text = body(random.Random(7))
    louder = [w.upper() + ("," if n % 3 else "”") for n, w in enumerate(text)]
    assert found(versions([text, louder]))["jaccard"].to_list() == [1.0]


def test_a_text_that_is_met_often_gives_few_pairs_and_one_group() -> None:
    n = 3 * MAX_HEADS
    text = body(random.Random(8))
    copies = found(versions([text] * n))
    assert copies.height < n * MAX_HEADS
    assert [len(g) for g in grouped(copies)] == [n]


@pytest.mark.parametrize("text", ["", "one two three four"])
def test_a_text_of_less_than_five_words_has_no_shingles(text: str) -> None:
    assert shingles(words(text)) == set()
    assert len(shingle_hashes(words(text))) == 0
    assert jaccard(set(), set()) == 0.0


@given(st.lists(st.text(alphabet="abcé\udc80 '", max_size=12), max_size=40))
def test_a_hash_for_every_shingle(found_words: list[str]) -> None:
    assert len(shingle_hashes(found_words)) == len(shingles(found_words))


def test_a_signature_is_the_same_on_every_machine() -> None:
    row = signatures(versions([[f"word{n}" for n in range(40)]])).row(0, named=True)
    assert (row["n_shingles"], len(row["bands"])) == (36, 32)
    assert row["bands"][:2] == [635368777022916173, 2502536748644880381]
