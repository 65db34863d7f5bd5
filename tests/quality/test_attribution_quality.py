"""Accuracy gates of attribution: floors under what the model reaches on real and on made-up text.

The floors stand in `floors`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from attribution_corpora import CORPORA, polnear, predictions, run
from floors import floor

from pipelines.core.attribution import Extraction
from pipelines.evaluation.attribution import characters, evaluate, match_content

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "gold" / "statements.jsonl"
TRICKY = Path(__file__).with_name("tricky_cases.json")

LIMIT_CALIBRATION = 0.05
"""Mean distance between the confidence and the share that is right, over ten bins of PolNeAR dev."""


def spans_of(found: Extraction) -> list[tuple[dict[str, Any], dict[str, list[tuple[int, int]]]]]:
    spans: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for span in found.statement_spans.iter_rows(named=True):
        of_kind = spans.setdefault(span["statement_id"], {}).setdefault(span["span_kind"], [])
        of_kind.append((span["char_start"], span["char_end"]))
    out = []
    for row in found.statements.iter_rows(named=True):
        out.append((row, spans.get(row["statement_id"], {})))
    return out


@cache
def polnear_found() -> Extraction:
    texts, _ = polnear("dev")
    return run(texts)


@cache
def tricky_failures() -> dict[str, list[str]]:
    return {case["id"]: tricky_errors(case) for case in json.loads(TRICKY.read_text(encoding="utf-8"))["cases"]}


def tricky_errors(case: dict[str, Any]) -> list[str]:
    """What is wrong with a case: spans, speaker, type, polarity, depth, method, or a statement too many."""
    text = case["text"]
    found = spans_of(run({"case": text}))
    used: set[int] = set()
    errors: list[str] = []
    for gold in case["statements"]:
        content = characters(text, [(c["start"], c["end"]) for c in gold["content"]])
        hits = [k for k, (_, s) in enumerate(found) if k not in used and characters(text, s["content"]) == content]
        if not hits:
            errors.append(f"content of {gold['speaker']}")
            continue
        used.add(hits[0])
        row, spans = found[hits[0]]
        if gold["source"]:
            source = characters(text, [(gold["source"]["start"], gold["source"]["end"])])
            if not source & characters(text, spans.get("source", [])):
                errors.append("source")
        expected = {"statement_type": gold["type"], "polarity": gold["polarity"], "depth": gold.get("depth", 0)}
        if gold["method"] != "same_sentence":
            expected["attribution_method"] = gold["method"]
        if "source_kind" in gold:
            expected["source_kind"] = gold["source_kind"]
        errors += [f"{k}: {row[k]}" for k, v in expected.items() if row[k] != v]
    return errors + [f"too many: {row['content_text']}" for k, (row, _) in enumerate(found) if k not in used]


def test_tricky_cases_hold_their_floor() -> None:
    failures = {case: errors for case, errors in tricky_failures().items() if errors}
    assert 17 - len(failures) >= floor("tricky"), failures


def test_scare_quotes_and_titles_are_told_from_speech() -> None:
    case = next(c for c in json.loads(TRICKY.read_text(encoding="utf-8"))["cases"] if c["id"] == "T05")
    assert run({"t": case["text"]}).quotes["quote_kind"].to_list() == ["scare", "title"]


def test_reopened_quote_is_one_chain() -> None:
    case = next(c for c in json.loads(TRICKY.read_text(encoding="utf-8"))["cases"] if c["id"] == "T01")
    quotes = run({"t": case["text"]}).quotes
    assert quotes["chain_part"].to_list() == [None, 0, 1]
    assert quotes["chain_id"].n_unique() == 2


def seed() -> tuple[str, dict[str, Any]]:
    folder = CORPORA / "seed"
    if not (folder / "gold.json").exists():
        pytest.skip("the seed article lies outside of the project, in ../shared/corpora/seed")
    text = (folder / "article.txt").read_bytes().decode("utf-8")
    return text, json.loads((folder / "gold.json").read_text(encoding="utf-8"))


def is_found(text: str, content: frozenset[int], spans: list[tuple[int, int]]) -> bool:
    """Tell whether gold content is found: IoU of one half, or equal to one of the parts of a statement.

    The seed's gold takes a quote that goes on in the paragraph after its cue's sentence as two statements; PolNeAR, the
    sample gold and this project take it as one statement with two content spans (S11 and S12).
    """
    whole = characters(text, spans)
    parts = [characters(text, [span]) for span in spans]
    return len(content & whole) * 2 >= len(content | whole) or content in parts


def test_seed_article_holds_its_floor() -> None:
    text, gold_article = seed()
    found = spans_of(run({"s": text}))
    right = []
    for gold in gold_article["statements"]:
        if gold["tier"] != "core":
            continue
        source = characters(text, [(gold["source_mention"]["start"], gold["source_mention"]["end"])])
        content = characters(text, [(gold["content"]["start"], gold["content"]["end"])])
        if any(
            is_found(text, content, s["content"]) and source & characters(text, s.get("source", [])) for _, s in found
        ):
            right.append(gold["gold_statement"])
    assert len(right) >= floor("seed"), right


def test_seed_article_gives_no_core_statement_where_none_is() -> None:
    text, gold = seed()
    found = spans_of(run({"s": text}))
    taken = [(row["cue_text"], s.get("cue", [])) for row, s in found if row["tier"] == "core"]
    for no in gold["not_statements"]:
        start, end = no["span"]["start"], no["span"]["end"]
        assert not [t for t, cue in taken if any(start <= s < end for s, _ in cue)], no["span"]["text"]


def test_polnear_dev_holds_its_floor() -> None:
    if not (CORPORA / "polnear" / "dev").exists():
        pytest.skip("PolNeAR lies outside of the project, in ../shared/corpora/polnear")
    texts, gold = polnear("dev")
    report = evaluate(texts, gold, predictions(polnear_found()))
    assert report.n_documents == 84
    assert report.content.n_gold == 2192
    assert report.content.f1 >= floor("content")
    assert report.content_strict.f1 >= floor("content, strict")
    assert report.content_and_source.f1 >= floor("content and source")


def test_direct_quotes_of_polnear_dev_hold_their_floor(tmp_path: Path) -> None:
    scorer = CORPORA.parent / "tools" / "attribution_eval.py"
    if not (scorer.exists() and (CORPORA / "polnear" / "dev").exists()):
        pytest.skip("the scorer and PolNeAR lie outside of the project, in ../shared")
    lines = [
        {"doc": doc, "attributions": [{"source": a.source, "cue": a.cue, "content": a.content} for a in found]}
        for doc, found in predictions(polnear_found()).items()
    ]
    (tmp_path / "found.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, scorer, tmp_path / "found.jsonl", "--split", "dev", "--json", tmp_path / "scores.json"]
    subprocess.run(command, check=True, capture_output=True)
    direct = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["by_type"]["DIRECT"]
    assert direct["gold"] == 417
    assert direct["content_iou"]["F1"] >= floor("direct")


def test_confidence_says_how_often_content_is_right() -> None:
    if not (CORPORA / "polnear" / "dev").exists():
        pytest.skip("PolNeAR lies outside of the project, in ../shared/corpora/polnear")
    texts, gold = polnear("dev")
    found = polnear_found()
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in found.statement_spans.filter(pl.col("span_kind") == "content").iter_rows(named=True):
        spans.setdefault(row["statement_id"], []).append((row["char_start"], row["char_end"]))
    bins: dict[int, list[tuple[float, bool]]] = {}
    for (version,), group in found.statements.filter(pl.col("depth") == 0).group_by("version_id"):
        text = texts[str(version)]
        predicted = [characters(text, spans[i]) for i in group["statement_id"]]
        right = {i for i, _ in match_content(predicted, [characters(text, a.content) for a in gold[str(version)]])}
        for i, said in enumerate(group["span_confidence"]):
            bins.setdefault(int(said * 10), []).append((said, i in right))
    n = sum(map(len, bins.values()))
    error = sum(abs(sum(said - is_right for said, is_right in pairs)) for pairs in bins.values()) / n
    assert error <= LIMIT_CALIBRATION, error


def test_tiers_of_the_sample_are_honest() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    docs = {d["doc"]: d for d in map(json.loads, lines) if d["metadata"]["language"] == "en"}
    same = total = 0
    for row, spans in spans_of(run({name: d["text"] for name, d in docs.items()})):
        doc = docs[row["version_id"]]
        content = characters(doc["text"], spans["content"])
        for gold in doc["statements"]:
            chars = characters(doc["text"], [tuple(span) for span in gold["content"]])
            if gold["section"] == "body" and len(chars & content) * 2 >= len(chars | content):
                total += 1
                same += gold["tier"] == row["tier"]
    assert total > 250
    assert same / total >= floor("sample, tier"), same / total
