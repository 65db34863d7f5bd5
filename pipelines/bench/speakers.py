"""Are the speakers right: figures on PolNeAR, on labels drawn from it, and on Wikinews.

    python -m pipelines.bench.speakers --corpora ../shared/corpora --labels tests/quality/speaker_labels.json

Covers which rows are compared, and printing. For the rules, see evaluation/speakers.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.bench.corpus import Warehouse, built, polnear_articles, wikinews_articles
from pipelines.compute.worker import reference
from pipelines.evaluation.calibration import calibration_error, equal_width_bins
from pipelines.evaluation.speakers import (
    MIN_OVERLAP,
    Answer,
    Share,
    Span,
    gold_name,
    head_of,
    is_anaphor,
    is_called,
    is_right,
    merged_people,
    overlap,
)

EXPLICIT = ("anonymous", "collective", "document")
"""Kinds of source that say themselves that nobody in particular speaks."""
_NAMING = (
    "name", "role+name", "surname", "surname_last", "surname_only", "given_name", "part_of_name", "acronym",
    "reference",
)  # fmt: skip


def statement_answers(w: Warehouse) -> pl.DataFrame:
    """Return one row per statement: its spans' text order, source kind, answers, method and confidence."""
    names = w.state.actors.select("actor_id", "canonical_name", actor_kind="actor_type")
    rows = (
        w.resolution.statement_entities.filter(pl.col("speaker_rank") == 1)
        .join(w.resolution.entities.select("entity_id", "name", "actor_type"), on="entity_id")
        .join(w.state.entity_actors.select("entity_id", "actor_id", link="confidence"), on="entity_id", how="left")
        .join(names, on="actor_id", how="left")
        .with_columns(
            speaker=pl.coalesce("canonical_name", "name"),
            kind=pl.coalesce("actor_kind", "actor_type"),
            sure=pl.col("confidence") * pl.col("link").fill_null(1.0),
        )
        .sort("statement_id", "sure", "entity_id", descending=[False, True, False])
        .group_by("statement_id", maintain_order=True)
        .agg("speaker", "kind", "actor_id", pl.col("method").first(), pl.col("sure").first())
    )
    kinds = w.resolution.statement_sources.select("statement_id", kind_told="source_kind")
    return (
        w.extraction.statements.select("statement_id", "version_id", "source_kind")
        .join(rows, on="statement_id", how="left", maintain_order="left")
        .join(kinds, on="statement_id", how="left", maintain_order="left")
        .with_columns(source_kind=pl.coalesce("kind_told", "source_kind"))
    )


def coverage(w: Warehouse) -> Share:
    """Return, of statements with a source, those that have an actor or are explicitly nobody's in particular."""
    rows = statement_answers(w).join(_with_source(w), on="statement_id", how="semi")
    known = pl.col("actor_id").list.drop_nulls().list.len().fill_null(0) > 0
    told = rows.filter(known | pl.col("source_kind").is_in(EXPLICIT))
    return Share(told.height, rows.height)


def labelled(w: Warehouse, labels: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any], bool]]:
    """Yield each label with the statement that it is met by and whether the speaker is right; lost labels not."""
    spans = spans_of(w, "content")
    rows = {row["statement_id"]: row for row in statement_answers(w).iter_rows(named=True)}
    by_version: dict[str, list[str]] = defaultdict(list)
    for statement, row in rows.items():
        by_version[row["version_id"]].append(statement)
    aliases = aliases_of(w)
    for label in labels:
        content = [(a, b) for a, b in label["content"]]
        fits = [(overlap(spans[s], content), s) for s in by_version[label["doc"]] if s in spans]
        best = max(fits, default=(0.0, ""))
        if best[0] >= MIN_OVERLAP:
            row = rows[best[1]]
            yield label, row, is_right(answers(row, aliases), label["speakers"], reference())


def answers(row: dict[str, Any], aliases: dict[str, frozenset[str]]) -> list[Answer]:
    """Return the answers of one statement."""
    found = zip(row["speaker"] or (), row["kind"] or (), row["actor_id"] or (), strict=True)
    return [Answer(name, kind, aliases.get(actor or "", frozenset())) for name, kind, actor in found]


def aliases_of(w: Warehouse) -> dict[str, frozenset[str]]:
    """Return the folded names of each actor."""
    rows = w.state.actor_aliases.group_by("actor_id").agg("alias_norm").iter_rows()
    return {actor: frozenset(names) for actor, names in rows}


def spans_of(w: Warehouse, kind: str) -> dict[str, list[Span]]:
    """Return the spans of that kind by statement."""
    out: dict[str, list[Span]] = defaultdict(list)
    rows = w.extraction.statement_spans.filter(pl.col("span_kind") == kind)
    for statement, start, end in rows.select("statement_id", "char_start", "char_end").iter_rows():
        out[statement].append((start, end))
    return out


def wikinews_cases(w: Warehouse, gold: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str, bool, float]]:
    """Yield (kind of source, what was found instead, right, confidence) of statements that fall on a gold actor."""
    texts = dict(w.texts.select("version_id", "text").iter_rows())
    aliases = aliases_of(w)
    sources = spans_of(w, "source")
    for row in statement_answers(w).iter_rows(named=True):
        spans = sources.get(row["statement_id"])
        if not spans:
            continue
        start, end = spans[0]
        source = texts[row["version_id"]][start:end]
        spans = [(start, start + len(head_of(source))), *spans[1:]]
        fits = [
            (overlap(spans, [(m["start"], m["end"])]), e["entity"], e)
            for e in gold[row["version_id"]] if e["type"] in ("person", "organization") for m in e["mentions"]
        ]  # fmt: skip
        best = max(fits, key=lambda f: f[:2], default=None)
        if best is None or best[0] < MIN_OVERLAP:
            continue
        name = gold_name(best[2]["wikipedia"], [m["text"] for m in best[2]["mentions"]], reference())
        if name is None:
            continue
        kind = "pronoun or role" if is_anaphor(source, reference()) else "name"
        right = any(is_called(a, name, reference()) for a in answers(row, aliases))
        found = f"{row['version_id']}: {source!r} is {name}, got {row['speaker']} by {row['method']}"
        yield kind, found, right, row["sure"] or 0.0


def merged_wikinews(w: Warehouse, gold: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """Return the pairs of gold people of different names that share an actor."""
    at = {
        (v, start, end): m
        for m, v, start, end in w.extraction.mentions.select(
            "mention_id", "version_id", "char_start", "char_end"
        ).iter_rows()
    }
    links = w.resolution.mention_entities.filter((pl.col("rank") == 1) & pl.col("method").is_in(_NAMING))
    actor = dict(
        links.join(w.state.entity_actors, on="entity_id")
        .select("mention_id", "actor_id")
        .sort("mention_id")
        .iter_rows()
    )
    actor_of, name_of = {}, {}
    for version, entities in gold.items():
        for e in entities:
            name = gold_name(e["wikipedia"], [m["text"] for m in e["mentions"]], reference())
            in_company = any(" and " in m["text"] for m in e["mentions"])  # Bos and colleagues are no one person
            if e["type"] != "person" or name is None or in_company:
                continue
            votes = Counter(
                actor[mention]
                for m in e["mentions"]
                if (mention := at.get((version, m["start"], m["end"]))) in actor and mention is not None
            )
            if votes:
                key = f"{version}/{e['entity']}"
                actor_of[key], name_of[key] = votes.most_common(1)[0][0], name
    return [(name_of[a], name_of[b]) for a, b in merged_people(actor_of, name_of)]


def _with_source(w: Warehouse) -> pl.DataFrame:
    return w.extraction.statement_spans.filter(pl.col("span_kind") == "source").select("statement_id").unique()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with polnear/ and wikinews/")
    parser.add_argument("--labels", type=Path, required=True, help="labels: doc, content offsets, speakers")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    options = parser.parse_args()
    wikinews(options.corpora / "wikinews", options.workers, options.wrong)
    polnear(options.corpora / "polnear", options.labels, options.workers, options.wrong)


def wikinews(folder: Path, workers: int, show: bool) -> None:
    """Print the figures of Wikinews."""
    rows = list(wikinews_articles(folder))
    gold = {a.name: entities for a, entities in rows}
    w = built([a for a, _ in rows], workers)
    shares: dict[str, Share] = defaultdict(Share)
    cases = []
    for kind, found, right, sure in wikinews_cases(w, gold):
        shares["all"], shares[kind] = shares["all"].plus(right), shares[kind].plus(right)
        cases.append((sure, right))
        if show and not right:
            print("  wrong:", found)
    for kind, share in sorted(shares.items()):
        print(f"wikinews, {kind}: {share.right} of {share.total}, {share.value:.3f}")
    error = calibration_error(equal_width_bins(cases))
    print(f"wikinews, calibration error {error:.3f}; people merged: {merged_wikinews(w, gold)}")


def polnear(folder: Path, labels: Path, workers: int, show: bool) -> None:
    """Print the figures of PolNeAR."""
    w = built(polnear_articles(folder), workers)
    share = coverage(w)
    print(f"polnear: {w.texts.height} articles, {w.extraction.statements.height} statements, seconds {w.seconds}")
    print(f"polnear, an actor or an explicit kind: {share.right} of {share.total}, {share.value:.3f}")
    gold = json.loads(labels.read_text(encoding="utf-8"))
    right, of_statements, cases = Share(), Share(), []
    for label, row, ok in labelled(w, gold):
        right = right.plus(ok)
        of_statements = of_statements.plus(ok) if label["is_statement"] else of_statements
        if row["sure"] is not None:
            cases.append((row["sure"], ok))
        if show and not ok:
            print(f"  wrong: {gold.index(label)} {label['doc']} {label['speakers'] or label['nameless']}: got {row}")
    print(f"labels: {right.right} of {right.total} of {len(gold)}, {right.value:.3f}; statements {of_statements}")
    print(f"labels, calibration error {calibration_error(equal_width_bins(cases)):.3f} of {len(cases)} with a speaker")


if __name__ == "__main__":
    main()
