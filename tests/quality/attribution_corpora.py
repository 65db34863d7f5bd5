"""Where the corpora lie that are not part of the project, and the system as the quality tests run it.

Measure by hand, from the root of the project:

    PYTHONPATH=. .venv/bin/python tests/quality/attribution_corpora.py dev > /tmp/pred.jsonl
    python ../shared/tools/attribution_eval.py /tmp/pred.jsonl --split dev
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.compute.worker import lexicon, tagger
from pipelines.core.attribution import Extraction, extract
from pipelines.evaluation.attribution import Spans, parse_brat

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
TEXTS = pl.Schema(
    {
        "version_id": pl.String(),
        "text": pl.String(),
        "language": pl.String(),
        "sections": pl.List(pl.Struct({"section": pl.String(), "char_start": pl.Int64(), "char_end": pl.Int64()})),
    }
)


def texts_frame(texts: Mapping[str, str], language: str | None = "en") -> pl.DataFrame:
    rows = [{"version_id": k, "text": v, "language": language, "sections": None} for k, v in texts.items()]
    return pl.DataFrame(rows, schema=TEXTS)


def run(texts: Mapping[str, str], language: str | None = "en") -> Extraction:
    return extract(texts_frame(texts, language), tagger(), lexicon())


def polnear(split: str) -> tuple[dict[str, str], dict[str, list[Spans]]]:
    """Texts and gold of a split; of several annotators the first by file name."""
    base = CORPORA / "polnear" / split
    texts: dict[str, str] = {}
    gold: dict[str, list[Spans]] = {}
    for path in sorted((base / "attributions").glob("*.ann")):
        stem = path.stem.rsplit("_", 1)[0]
        text_path = base / "text" / f"{stem}.txt"
        if stem not in gold and text_path.exists():
            texts[stem] = text_path.read_bytes().decode("utf-8")
            gold[stem] = parse_brat(path.read_bytes().decode("utf-8"))
    return texts, gold


def predictions(found: Extraction) -> dict[str, list[Spans]]:
    """Statements of depth 0 as spans, by version."""
    spans: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in found.statement_spans.iter_rows(named=True):
        spans[row["statement_id"]][row["span_kind"]].append((row["char_start"], row["char_end"]))
    out: dict[str, list[Spans]] = defaultdict(list)
    for row in found.statements.filter(pl.col("depth") == 0).iter_rows(named=True):
        s = spans[row["statement_id"]]
        out[row["version_id"]].append(Spans(tuple(s["source"]), tuple(s["cue"]), tuple(s["content"])))
    return dict(out)


if __name__ == "__main__":
    corpus, _ = polnear(sys.argv[1])
    for doc, attributions in predictions(run(corpus)).items():
        rows = [{"source": a.source, "cue": a.cue, "content": a.content} for a in attributions]
        sys.stdout.write(json.dumps({"doc": doc, "attributions": rows}) + "\n")
