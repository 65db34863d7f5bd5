"""Accuracy of speakers on statements that two readers labelled before anything was tuned: a gate, by whole articles.

`read_speakers.jsonl` has offsets and names: `any` are counted statements drawn at random from the held-out tenth of
corpora/news_unlabelled, `office` those of all of it whose source is "the prime minister", "the chancellor" and so on.
Where corpora are not there, these tests are skipped.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from floors import floor

from pipelines.commands.article_lines import text_lines
from pipelines.core.text.names import fold
from tests.corpora import shared_or_skip

LABELS = Path(__file__).with_name("read_speakers.jsonl")
UNNAMED = "anonymous: "


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Counter[str]]:
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    wanted = {label["doc"] for label in labels}
    path = shared_or_skip("corpora/news_unlabelled") / "corpora" / "news_unlabelled" / "bbc.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = {row["doc"]: row["text"] for row in map(json.loads, file) if row["doc"] in wanted}
    found = {line["doc"]: line["statements"] for line in text_lines(sorted(texts.items()))}
    out: dict[str, Counter[str]] = {"any": Counter(), "office": Counter()}
    for label in labels:
        statement = best(found[label["doc"]], label["content"], texts[label["doc"]])
        out[label["kind"]][outcome(statement, label["speakers"])] += 1
    return out


def letters(spans: list[list[int]], text: str) -> set[int]:
    return {i for start, end in spans for i in range(start, end) if text[i].isalnum()}


def best(statements: list[dict[str, Any]], content: list[list[int]], text: str) -> dict[str, Any] | None:
    """Return the counted statement whose content shares most letters with a label's, and half of them at least."""
    gold = letters(content, text)
    shares = []
    for at, s in enumerate(statements):
        mine = letters(s["content"], text)
        if s["tier"] == "core" and s["section"] == "body" and 2 * len(mine & gold) >= len(mine | gold):
            shares.append((len(mine & gold) / len(mine | gold), -at))
    return statements[-max(shares)[1]] if shares else None


def outcome(statement: dict[str, Any] | None, right: list[str]) -> str:
    if statement is None:
        return "not found"
    if statement["speaker"] is None:
        return "none"
    return "right" if any(is_same(statement["speaker"], name) for name in right) else "wrong"


def is_same(said: str, name: str) -> bool:
    """Tell whether a speaker is the one labelled: one name has all words of the other, or surname and initial agree."""
    mine, theirs = fold(said).split(), fold(name.removeprefix(UNNAMED)).split()
    if set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return True
    return not name.startswith(UNNAMED) and mine[-1:] == theirs[-1:] and mine[0][0] == theirs[0][0]


def test_labels_hold_offsets_and_names_and_no_text() -> None:
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        assert set(label) == {"doc", "kind", "content", "speakers"}
        assert all(len(name.split()) <= 16 for name in label["speakers"])


@pytest.mark.parametrize("kind", ["any", "office"])
def test_speakers_are_right_or_nobody(outcomes: dict[str, Counter[str]], kind: str) -> None:
    counts = outcomes[kind]
    found = counts["right"] + counts["wrong"] + counts["none"]
    assert counts["right"] / (counts["right"] + counts["wrong"]) >= floor(f"read speakers, {kind}"), counts
    assert counts["right"] / found >= floor(f"read speakers, {kind}, of all"), counts
