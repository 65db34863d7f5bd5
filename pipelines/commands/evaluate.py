"""`onrecord evaluate`: accuracy of extraction against a gold corpus.

Covers reading a gold corpus, extracting from its texts and printing the scores. For how a score is counted, see
evaluation/attribution.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.commands.article_lines import text_lines
from pipelines.compute.pool import map_batches
from pipelines.errors import UsageError, counted
from pipelines.evaluation.attribution import (
    Report,
    Score,
    Spans,
    characters,
    evaluate,
    match_content,
    parse_attribution_lines,
    parse_brat,
)
from pipelines.settings import load_settings
from pipelines.storage.atomic_files import write_json

_CHUNK = 40
Texts = dict[str, str]
Gold = dict[str, list[Spans]]


def main(gold: str, split: str, as_json: bool) -> int:
    """Score the shipped extractor, print the figures, and return the exit status."""
    texts, spans, speakers = load_gold(Path(gold), split)
    started = time.monotonic()
    lines = predict(texts)
    seconds = time.monotonic() - started
    predicted = parse_attribution_lines(iter(map(_dumped, lines.values())))
    report = evaluate(texts, spans, predicted)
    figures = _figures(report)
    if speakers:
        figures["speaker"] = _speaker_score(texts, spans, speakers, predicted, lines)
    _keep(Path(gold).name, figures)
    if as_json:
        print(_dumped({"n_documents": report.n_documents, "seconds": round(seconds, 2), **figures}))
        return 0
    print(f"{counted(report.n_documents, 'article')}, {report.content.n_gold:,} in the gold, {seconds:.1f} s")
    for name, figure in figures.items():
        print(f"  {name:26} " + "  ".join(f"{key} {100 * value:5.1f}" for key, value in figure.items()))
    return 0


def _keep(gold: str, figures: dict[str, dict[str, float]]) -> None:
    """Note the scores for the Dagster UI, if there is a data folder that runs are made on."""
    from pipelines.compute.worker import extraction_id

    settings = load_settings()
    if settings.accuracy.parent.is_dir():
        write_json(settings.accuracy, {"gold": gold, "extraction_id": extraction_id(), "figures": figures})


def load_gold(folder: Path, split: str) -> tuple[Texts, Gold, dict[str, list[str | None]]]:
    """Return texts, gold attributions and, where the gold has them, gold speakers, by document.

    Raises:
        UsageError: the folder holds neither of the two kinds of gold.
    """
    lines = folder / "statements.jsonl"
    if lines.is_file():
        rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if line.strip()]
        gold = parse_attribution_lines(iter(map(_dumped, rows)))
        speakers = {row["doc"]: [s.get("speaker") for s in row["statements"]] for row in rows}
        return {row["doc"]: row["text"] for row in rows}, gold, speakers
    annotations = sorted((folder / split / "attributions").glob("*.ann"))
    if not annotations:
        raise UsageError(f"{folder}: neither statements.jsonl nor {split}/attributions/*.ann is there")
    return *_brat(folder / split, annotations), {}


def _brat(base: Path, annotations: list[Path]) -> tuple[Texts, Gold]:
    """Read brat stand-off; of several annotators the first by file name counts."""
    texts: Texts = {}
    gold: Gold = {}
    for path in annotations:
        stem = path.stem.rsplit("_", 1)[0]
        text = base / "text" / f"{stem}.txt"
        if stem not in gold and text.is_file():
            texts[stem] = text.read_bytes().decode("utf-8")
            gold[stem] = parse_brat(path.read_bytes().decode("utf-8"))
    return texts, gold


def predict(texts: Texts) -> dict[str, dict[str, Any]]:
    """Return what the shipped extractor finds, by document."""
    items = sorted(texts.items())
    chunks = [items[i : i + _CHUNK] for i in range(0, len(items), _CHUNK)]
    found = map_batches(text_lines, chunks, workers=load_settings().n_workers)
    return {line["doc"]: line for lines in found for line in lines}


def _figures(report: Report) -> dict[str, dict[str, float]]:
    scores: dict[str, Score] = {
        "content": report.content,
        "content, strict": report.content_strict,
        "content + source": report.content_and_source,
        "content + source + cue": report.content_source_and_cue,
    }
    figures = {name: {"P": s.precision, "R": s.recall, "F1": s.f1} for name, s in scores.items()}
    return {**figures, "source, of the matched": {"accuracy": report.source_accuracy}}


def _speaker_score(
    texts: Texts, gold: Gold, speakers: dict[str, list[str | None]], predicted: Gold, lines: dict[str, dict[str, Any]]
) -> dict[str, float]:
    """Return how often a matched statement whose speaker the gold names has that speaker."""
    asked = right = 0
    for expected, found in _matched_speakers(texts, gold, speakers, predicted, lines):
        asked += 1
        right += found == expected
    return {"accuracy": right / asked if asked else 0.0}


def _matched_speakers(
    texts: Texts, gold: Gold, speakers: dict[str, list[str | None]], predicted: Gold, lines: dict[str, dict[str, Any]]
) -> Iterator[tuple[str, str | None]]:
    for doc, attributions in gold.items():
        text = texts[doc]
        mine = predicted.get(doc, [])
        pairs = match_content(
            [characters(text, a.content) for a in mine], [characters(text, a.content) for a in attributions]
        )
        for p, g in pairs:
            expected = speakers[doc][g]
            if expected is not None:
                yield expected, lines[doc]["statements"][p]["speaker"]


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
