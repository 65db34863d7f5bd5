"""Accuracy of the actor resolution on the gold corpora, from gold mentions and gold statements.

The corpora do not belong to the project: where they are not there, these tests are skipped. A floor lies a little
below what was measured on the day beside it; raise it when the figure rises.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.compute.worker import scorer
from pipelines.core.identity.actors import alias_frame, assign_actors
from pipelines.core.reference import Reference, parse_reference
from pipelines.core.resolution.resolve import Resolution, resolve
from pipelines.core.text.stated_dates import add_stated_dates
from tests.unit import conftest

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the gold corpora are not here")

SEED_CORE = 13  # of 13, 2026-11-22
SEED_MENTIONS = 56  # 57 of 65, 2026-11-30; by rules 60: "either party" and a ministry named two ways are lost
WIKINEWS = {"he/she": 0.9, "named": 0.93, "role": 0.8}
"""2026-12-01: 0.926, 0.941, 0.850, by a scorer that has learned from sources; by rules 0.958, 0.972, 0.741."""
TRICKY = ("T02", "T03", "T06", "T07", "T08", "T09", "T11", "T13", "T14", "T17")
_NAMING = {
    *("name", "role+name", "surname", "surname_last", "surname_only", "given_name", "part_of_name", "acronym"),
    "reference",
}
_PRONOUNS = {
    *("i", "me", "my", "we", "us", "our", "ours", "you", "your", "it", "its", "itself"),
    *("they", "them", "their", "who", "which", "that", "this", "these", "those"),
}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return parse_reference({p.name: p.read_text() for p in (ROOT / "pipelines" / "reference").glob("*.csv")})


def _span(row: dict[str, Any]) -> tuple[int, int]:
    return row["start"], row["end"]


def _speakers(resolution: Resolution, statement_id: str) -> list[str]:
    rows = resolution.statement_entities.filter(
        (pl.col("statement_id") == statement_id) & (pl.col("speaker_rank") == 1)
    )
    return sorted(rows.join(resolution.entities, on="entity_id")["name"])


# ---------------------------------------------------------------- the worked article
@pytest.fixture(scope="module")
def gold() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPORA / "seed" / "gold.json").read_text())
    return found


@pytest.fixture(scope="module")
def seed(gold: dict[str, Any]) -> Any:  # noqa: ANN401 - a class of a module loaded by path
    text = (CORPORA / "seed" / "article.txt").read_text()
    builder = conftest.ArticleBuilder(text, "seed", sentences=[_span(s) for s in gold["sentences"]])
    builder.quotes = [_span(q["with_marks"]) for q in gold["quotes"]]
    for m in gold["mentions"]:
        builder.mention(_span(m), kind=m["mention_kind"])
    for s in gold["statements"]:
        contents = s["content"] if isinstance(s["content"], list) else [s["content"]]
        method = s["attribution_method"]
        builder.statement(
            _span(s["source_mention"]) if s["source_mention"] else None, [_span(c) for c in contents],
            cue=_span(s["cue"]) if s["cue"] else None, statement_id=s["gold_statement"],
            parent_statement_id=s["parent"],
            attribution_method="name" if method == "same_sentence" else method, source_kind=s["source_kind"],
        )  # fmt: skip
    return builder


def _wanted(gold: dict[str, Any], actor: str | None) -> list[tuple[str, str]]:
    """Return (canonical name, type) of a gold actor, members for a group of known members."""
    actors = {a["actor"]: a for a in gold["actors"]}
    if actor is None:
        return []
    members = actors[actor].get("members") or [actors[actor].get("same_as", actor)]
    return sorted((actors[m]["canonical"], actors[m]["type"]) for m in members)


def test_seed_speakers(gold: dict[str, Any], seed: Any, reference: Reference) -> None:  # noqa: ANN401
    resolution = resolve(seed.texts, seed.extracted(), reference, scorer(), resolution_id="r")
    right = {
        s["gold_statement"]: _speakers(resolution, s["gold_statement"]) == [n for n, _ in _wanted(gold, s["speaker"])]
        for s in gold["statements"]
    }
    core = [s["gold_statement"] for s in gold["statements"] if s["tier"] == "core"]
    assert sum(right[s] for s in core) >= SEED_CORE, [s for s in core if not right[s]]
    assert all(right.values()), [s for s, ok in right.items() if not ok]


def test_seed_mentions_and_types(gold: dict[str, Any], seed: Any, reference: Reference) -> None:  # noqa: ANN401
    resolution = resolve(seed.texts, seed.extracted(), reference, scorer(), resolution_id="r")
    answer = conftest.Answer(resolution)
    linked = typed = 0
    for m in gold["mentions"]:
        want, got = _wanted(gold, m["actor"]), answer.entities_of(seed.mention(_span(m)))
        linked += [n for n, _ in want] == [n for n, _ in got]
        typed += [t for _, t in want] == [t for _, t in got]
    assert linked >= SEED_MENTIONS
    assert typed >= SEED_MENTIONS


@pytest.mark.parametrize("anchor", [date(2025, 6, 20), None])
def test_seed_dates(anchor: date | None, seed: Any) -> None:  # noqa: ANN401
    extracted = seed.extracted()
    texts = seed.texts.with_columns(published_on=pl.lit(anchor, pl.Date))
    statements, _ = add_stated_dates(extracted.statements, extracted.sentences, texts, extracted.statement_spans)
    got = {
        s: (d, b)
        for s, d, b in statements.select("statement_id", "stated_date", "stated_date_basis").iter_rows()
        if b != "none"
    }
    if anchor is None:
        assert got == {"S4": (None, "no_anchor"), "S6": (None, "no_anchor")}
    else:
        wednesday, thursday = date(2025, 6, 18), date(2025, 6, 19)
        assert {s: d for s, (d, _) in got.items()} == {"S4": wednesday, "S5": wednesday, "S6": thursday, "S7": thursday}


# ---------------------------------------------------------------- hard cases, together one small lake
def test_tricky_speakers(reference: Reference) -> None:
    entities, aliases, speakers, wanted = [], [], [], {}
    for case in json.loads((CORPORA / "tricky" / "cases.json").read_text())["cases"]:
        builder = conftest.ArticleBuilder(case["text"], case["id"])
        last = None
        for name in ("Merkova", "Lind"):
            if name in case["text"] and case["id"] == "T17":
                builder.mention(name)
        for i, s in enumerate(case["statements"]):
            last = s["source"] or last
            builder.statement(
                _span(last) if last else None, [_span(c) for c in s["content"]],
                cue=_span(s["cue"]) if s["cue"] else None,
                statement_id=f"{case['id']}/{i}", source_kind=s.get("source_kind", "named_person"),
                attribution_method="name" if s["source"] else "carried_forward",
            )  # fmt: skip
            wanted[f"{case['id']}/{i}"] = s["speaker"]
        if builder.statements:
            extracted = builder.extracted()
            r = resolve(builder.texts, extracted, reference, scorer(), resolution_id="r")
            entities.append(r.entities.with_columns(ingest_date=pl.lit(date(2025, 1, 1)), batch_id=pl.lit("b")))
            aliases.append(alias_frame(extracted.mentions, r.mention_entities, reference))
            speakers.append(r.statement_entities)
    state = assign_actors(pl.concat(entities), aliases, reference)
    named = (
        pl.concat(speakers).join(pl.concat(entities).select("entity_id", "name", "actor_type"), on="entity_id")
        .join(state.entity_actors.select("entity_id", "actor_id"), on="entity_id", how="left")
        .join(state.actors.select("actor_id", "canonical_name"), on="actor_id", how="left")
    )  # fmt: skip
    wrong = {}
    for statement, want in wanted.items():
        if not statement.startswith(TRICKY):
            continue
        rows = named.filter(pl.col("statement_id") == statement)
        first = rows.filter(pl.col("speaker_rank") == 1) if not statement.startswith("T17") else rows
        got = sorted(first.select(pl.coalesce("canonical_name", "name")).to_series())
        target = want if isinstance(want, list) else [] if want is None else [_bare(want)]
        if statement.startswith("T17"):
            assert _bare(want) in got and len(got) == 2 and first["confidence"].max() < 0.9
        elif got != target:
            wrong[statement] = (target, got)
    assert not wrong


def _bare(speaker: str) -> str:
    for start in ("(document) ", "the ", "a "):
        speaker = speaker.removeprefix(start)
    return speaker


# ---------------------------------------------------------------- coreference
def test_wikinews_coreference(reference: Reference) -> None:
    """Of mentions whose gold entity some name resolves to: how many get the entity that those names get."""
    right: Counter[str] = Counter()
    n: Counter[str] = Counter()
    for line in (CORPORA / "wikinews" / "articles.jsonl").open():
        for kind, ok in _judged(json.loads(line), reference):
            n[kind] += 1
            right[kind] += ok
    figures = {kind: right[kind] / n[kind] for kind in WIKINEWS}
    print({kind: f"{right[kind]}/{n[kind]}" for kind in WIKINEWS})
    assert all(figures[kind] >= floor for kind, floor in WIKINEWS.items()), figures


def _judged(article: dict[str, Any], reference: Reference) -> list[tuple[str, bool]]:
    builder = conftest.ArticleBuilder(article["text"], article["doc"])
    gold: dict[str, tuple[str, str, str]] = {}
    for e in article["entities"]:
        if e["type"] in ("person", "organization", "place"):
            for m in e["mentions"]:
                gold[builder.mention(_span(m))] = (e["entity"], e["type"], m["text"].casefold())
    resolution = resolve(builder.texts, builder.extracted(), reference, scorer(), resolution_id="r")
    first = resolution.mention_entities.filter(pl.col("rank") == 1).unique("mention_id", maintain_order=True)
    top = {m: (e, how) for m, e, how in first.select("mention_id", "entity_id", "method").iter_rows()}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention, (entity, how) in top.items():
        if how in _NAMING:
            votes[entity][gold[mention][0]] += 1
    stands_for = {entity: count.most_common(1)[0][0] for entity, count in votes.items()}
    out = []
    for mention, (entity_of_gold, kind, words) in gold.items():
        found, how = top.get(mention, ("", ""))
        ok = stands_for.get(found) == entity_of_gold
        if how in _NAMING:
            out.append(("named", ok))
        elif entity_of_gold not in stands_for.values():
            continue
        elif words in ("he", "she", "him", "her", "his") and kind == "person":
            out.append(("he/she", ok))
        elif words not in _PRONOUNS and how in ("role", "role_last"):
            out.append(("role", ok))
    return out
