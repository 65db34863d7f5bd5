"""The gender of persons as articles tell it, on 60 articles that were labelled from the text alone: a gate.

`gender_labels.jsonl` has the offsets of a name, and what the article tells: female, male, nothing (null), or what it
may be said to tell or not ("male or none": a chairman). Where the corpora are not there, this is skipped.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from floors import floor

from pipelines.compute import worker
from pipelines.contracts import table
from pipelines.core.attribution.extract import Extraction
from pipelines.core.text.names import fold
from tests.corpora import shared_or_skip

LABELS = Path(__file__).with_name("gender_labels.jsonl")


@pytest.fixture(scope="module")
def outcomes() -> Counter[str]:
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    folder = shared_or_skip("corpora/who_said_what") / "corpora" / "who_said_what" / "texts"
    texts = {doc: (folder / f"{doc}.txt").read_text(encoding="utf-8") for doc in sorted({x["doc"] for x in labels})}
    people = _people(texts)
    out: Counter[str] = Counter()
    for label in labels:
        name = fold(texts[label["doc"]][slice(*label["name"])])
        answer = next((g for n, g in people[label["doc"]] if n == name or n in name or name in n), None)
        out[_outcome(label["gender"], answer)] += 1
    return out


def _people(texts: dict[str, str]) -> dict[str, list[tuple[str, str | None]]]:
    """Return doc -> folded name and gender of the persons whom the product finds, those of longer names first."""
    schema = table("lake", "article_versions").schema
    frame = pl.DataFrame(
        {"version_id": list(texts), "text": list(texts.values()), "language": ["en"] * len(texts)}
    ).with_columns(*(pl.lit(None, schema[c]).alias(c) for c in ("sections", "published_on", "authors")))
    found = worker.extract_chunk(frame)
    extraction = Extraction(**{n: found.frames[n] for n in Extraction.__dataclass_fields__})
    resolution, failed = worker.resolve_texts(frame, extraction)
    assert not found.failed
    assert not failed
    people = resolution.entities.filter(pl.col("actor_type") == "person")
    people = people.sort(pl.col("name_norm").str.len_chars(), "name_norm", descending=[True, False])
    rows: dict[str, list[tuple[str, str | None]]] = {doc: [] for doc in texts}
    for doc, name, gender in people.select("version_id", "name_norm", "gender").iter_rows():
        rows[doc].append((name, gender))
    return rows


def _outcome(label: str | None, answer: str | None) -> str:
    if label is None or label.endswith(" or none"):
        return "rightly open" if answer in (None, (label or "").removesuffix(" or none")) else "wrong"
    return "right" if answer == label else "missed" if answer is None else "wrong"


def test_labels_hold_offsets_and_no_text() -> None:
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        assert set(label) == {"doc", "name", "gender"}
        assert label["gender"] in ("female", "male", None, "female or none", "male or none")


def test_genders(outcomes: Counter[str]) -> None:
    assert outcomes["right"] / (outcomes["right"] + outcomes["wrong"]) >= floor("genders, right"), outcomes
    assert outcomes["right"] / (outcomes["right"] + outcomes["missed"]) >= floor("genders, told"), outcomes
