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

import pytest
from attribution_corpora import CORPORA, polnear, predictions, run
from floors import floor

from pipelines.commands.article_lines import text_rows
from pipelines.compute.worker import lexicon, tagger
from pipelines.core.attribution import Extraction, extract
from pipelines.evaluation.attribution import characters, evaluate, match_content

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "gold" / "statements.jsonl"
TRICKY = Path(__file__).with_name("tricky_cases.json")

LIMIT_CALIBRATION = 0.05
"""Mean distance between the confidence and the share that is right, over five bins of equal mass."""


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


@cache
def who_said_what() -> tuple[dict[str, Any], dict[str, str], Extraction]:
    """Gold, texts and what is found of the articles that are read in full."""
    folder = CORPORA / "who_said_what"
    if not (folder / "gold.json").exists():
        pytest.skip("the articles lie outside of the project, in ../shared/corpora/who_said_what")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    texts = {d["doc"]: (folder / "texts" / f"{d['doc']}.txt").read_bytes().decode("utf-8") for d in gold["docs"]}
    names = sorted(texts)
    found = extract(text_rows([(name, texts[name]) for name in names]), tagger(), lexicon())
    number = {str(k): name for k, name in enumerate(names)}
    return gold, {k: texts[name] for k, name in number.items()}, found


def gold_of(gold: dict[str, Any], texts: dict[str, str]) -> dict[str, list[tuple[frozenset[int], frozenset[int], str]]]:
    """Content, source and tier of the gold statements of each text."""
    names = sorted(d["doc"] for d in gold["docs"])
    docs = {d["doc"]: d for d in gold["docs"]}
    out: dict[str, list[tuple[frozenset[int], frozenset[int], str]]] = {}
    for k, name in enumerate(names):
        text = texts[str(k)]
        spans = [
            [[(x["s"], x["e"]) for x in s[r] or []] for r in ("content", "source")] for s in docs[name]["statements"]
        ]
        out[str(k)] = [
            (frozenset(characters(text, c)), frozenset(characters(text, s)), st["tier"])
            for (c, s), st in zip(spans, docs[name]["statements"], strict=True)
        ]
    return out


def test_statements_of_all_kinds_of_news_are_found_and_are_statements() -> None:
    gold, texts, found = who_said_what()
    wanted = gold_of(gold, texts)
    by_text: dict[str, list[frozenset[int]]] = {}
    for row, spans in spans_of(found):
        if row["tier"] == "core" and row["section"] == "body":
            content = frozenset(characters(texts[row["version_id"]], spans["content"]))
            by_text.setdefault(row["version_id"], []).append(content)
    n_core = n_found = n_counted = n_extended = 0
    for version, statements in wanted.items():
        core = [c for c, _, tier in statements if tier == "core"]
        mine = by_text.get(version, [])
        taken = {i for i, _ in match_content(mine, core)}
        rest = [c for i, c in enumerate(mine) if i not in taken]
        n_core, n_found, n_counted = n_core + len(core), n_found + len(taken), n_counted + len(mine)
        n_extended += len(match_content(rest, [c for c, _, tier in statements if tier != "core"]))
    assert n_core == 668
    assert n_found / n_core >= floor("read, found")
    assert n_found / (n_counted - n_extended) >= floor("read, precision")


def test_confidence_says_how_often_content_and_source_are_right() -> None:
    gold, texts, found = who_said_what()
    wanted = gold_of(gold, texts)
    sure: list[tuple[float, bool]] = []
    rows: dict[str, list[tuple[float, frozenset[int], frozenset[int]]]] = {}
    for row, spans in spans_of(found):
        text = texts[row["version_id"]]
        content, source = (frozenset(characters(text, spans.get(kind, []))) for kind in ("content", "source"))
        rows.setdefault(row["version_id"], []).append((row["span_confidence"], content, source))
    for version, mine in rows.items():
        matched = dict(match_content([c for _, c, _ in mine], [c for c, _, _ in wanted[version]]))
        for i, (said, _, source) in enumerate(mine):
            its = wanted[version][matched[i]][1] if i in matched else frozenset()
            sure.append((said, i in matched and (bool(source & its) or not its)))
    sure.sort(key=lambda pair: pair[0])
    bins = [sure[k * len(sure) // 5 : (k + 1) * len(sure) // 5] for k in range(5)]
    error = sum(abs(sum(said - is_right for said, is_right in pairs)) for pairs in bins) / len(sure)
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
