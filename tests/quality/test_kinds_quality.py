"""The part of society that speakers belong to, on statements' speakers that were labelled from the text alone: a gate.

`speaker_kinds.jsonl` has the offsets of a name and the kinds that are right for it; those of the held-out tenth were
labelled before their answers were seen. Where the corpora are not there, this is skipped.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from floors import floor

from pipelines.compute import worker
from pipelines.contracts import table
from pipelines.contracts.columns import SPEAKER_KINDS
from pipelines.core.attribution.extract import Extraction
from pipelines.core.text.names import fold
from tests.corpora import shared_or_skip

LABELS = [json.loads(line) for line in Path(__file__).with_name("speaker_kinds.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def outcomes() -> dict[bool, Counter[str]]:
    wanted = {label["doc"] for label in LABELS}
    path = shared_or_skip("corpora/news_unlabelled") / "corpora" / "news_unlabelled" / "bbc.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = {row["doc"]: row["text"] for row in map(json.loads, file) if row["doc"] in wanted}
    kinds = _kinds(texts)
    out: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for label in LABELS:
        name = fold(texts[label["doc"]][slice(*label["name"])])
        answer = next((k for n, k in kinds[label["doc"]] if (n == name or (" " in n and n in name)) and k), None)
        out[label["held_out"]]["none" if answer is None else "right" if answer in label["kinds"] else "wrong"] += 1
    return out


def _kinds(texts: dict[str, str]) -> dict[str, list[tuple[str, str | None]]]:
    """Return doc -> folded name and kind of the actors whom the product finds, each article for itself."""
    schema = table("lake", "article_versions").schema
    frame = pl.DataFrame(
        {"version_id": list(texts), "text": list(texts.values()), "language": ["en"] * len(texts)}
    ).with_columns(*(pl.lit(None, schema[c]).alias(c) for c in ("sections", "published_on", "authors")))
    found = worker.extract_chunk(frame)
    extraction = Extraction(**{n: found.frames[n] for n in Extraction.__dataclass_fields__})
    resolution, failed = worker.resolve_texts(frame, extraction)
    assert not found.failed
    assert not failed
    rows: dict[str, list[tuple[str, str | None]]] = {doc: [] for doc in texts}
    for doc, name, kind in resolution.entities.select("version_id", "name_norm", "speaker_kind").iter_rows():
        rows[doc].append((name, kind))
    return rows


def test_labels_hold_offsets_and_no_text() -> None:
    for label in LABELS:
        assert set(label) == {"doc", "name", "kinds", "held_out"}
        assert set(label["kinds"]) <= set(SPEAKER_KINDS)


@pytest.mark.parametrize("held_out", [True, False])
def test_kinds(outcomes: dict[bool, Counter[str]], held_out: bool) -> None:
    found = outcomes[held_out]
    name = "kinds, held out" if held_out else "kinds, read"
    assert found["right"] / found.total() >= floor(name), found
