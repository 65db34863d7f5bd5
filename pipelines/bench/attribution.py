"""Statements by OnRecord and by textacy on the same texts, in one run: accuracy, articles a second, peak memory.

    python -m pipelines.bench.attribution --gold DIR [--split dev] [--workers 2] [--spacy-model PACKAGE] [--json FILE]

textacy's `extract.direct_quotations` (Chartbeat Labs) gives direct quotes with their speaker and cue, a paragraph at a
time; the parts of one quote are joined, which is to its favour. Each tool runs in processes of its own.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pipelines.core.text.sentences import split_paragraphs
from pipelines.evaluation.attribution import Spans, evaluate
from pipelines.training.attribution.corpus import read_corpus

Found = dict[str, list[Spans]]
Texts = Sequence[tuple[str, str]]
_CHUNK = 20


@dataclass(frozen=True)
class Figures:
    """What one tool reached.

    Attributes:
        tool: its name.
        start_s: seconds until it can take the first text, in one process.
        articles_per_s: over all workers, without the start.
        peak_mib: largest resident memory of one worker.
        content, content_strict, content_and_source: F1 in per cent.
    """

    tool: str
    start_s: float
    articles_per_s: float
    peak_mib: float
    content: float
    content_strict: float
    content_and_source: float


def onrecord_chunk(texts: Texts) -> Found:
    """Return what `onrecord extract` gives for some texts."""
    from pipelines.commands.article_lines import text_lines

    def spans(rows: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
        return tuple((int(s), int(e)) for s, e in rows)

    return {
        line["doc"]: [Spans(spans(s["source"]), spans(s["cue"]), spans(s["content"])) for s in line["statements"]]
        for line in text_lines(texts)
    }


_SPACY: list[Any] = []


def textacy_chunk(texts: Texts, package: str) -> Found:
    """Return what textacy gives for some texts."""
    from textacy.extract import direct_quotations

    if not _SPACY:
        _SPACY.append(importlib.import_module(package).load())
    out: Found = {}
    for name, text in texts:
        out[name] = []
        for start, end in split_paragraphs(text):
            by_cue: dict[tuple[tuple[int, int], ...], tuple[Any, list[tuple[int, int]]]] = {}
            try:
                quotations = list(direct_quotations(_SPACY[0](text[start:end])))
            except ValueError:  # its answer to marks that do not pair
                continue
            for q in quotations:
                cue = tuple((start + t.idx, start + t.idx + len(t)) for t in q.cue)
                source = tuple((start + t.idx, start + t.idx + len(t)) for t in q.speaker)
                content = (start + q.content.start_char, start + q.content.end_char)
                by_cue.setdefault(cue, (source, []))[1].append(content)
            out[name] += [Spans(source, cue, tuple(sorted(content))) for cue, (source, content) in by_cue.items()]
    return out


def _timed(work: Callable[[Texts], Found], texts: Texts) -> tuple[Found, float, float]:
    began = time.perf_counter()
    found = work(texts)
    took = time.perf_counter() - began
    return found, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(
    tool: str, work: Callable[[Texts], Found], texts: Texts, gold: dict[str, list[Spans]], workers: int
) -> Figures:
    """Run one tool over the texts with a number of worker processes."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        task = partial(_timed, work)
        starts = list(pool.map(task, [[texts[0]] for _ in range(workers)]))
        began = time.perf_counter()
        results = list(pool.map(task, list(_chunks(texts))))
        took = time.perf_counter() - began
    found: Found = {}
    for part, _, _ in results:
        found |= part
    report = evaluate(dict(texts), gold, found)
    return Figures(
        tool, round(max(s for _, s, _ in starts), 2), round(len(texts) / took, 2), round(max(m for *_, m in results)),
        *(round(100 * s.f1, 1) for s in (report.content, report.content_strict, report.content_and_source)),
    )  # fmt: skip


def _chunks(texts: Texts) -> Iterator[Texts]:
    for at in range(0, len(texts), _CHUNK):
        yield texts[at : at + _CHUNK]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench.attribution", description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, required=True, help="corpus in brat stand-off form")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--spacy-model", default="en_core_web_sm", help="what textacy parses with")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    args = parser.parse_args(argv)
    try:
        corpus = read_corpus(args.gold, args.split)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    texts, gold = [(n, t) for n, t, _ in corpus], {n: g for n, _, g in corpus}
    figures = [measure("onrecord", onrecord_chunk, texts, gold, args.workers)]
    if importlib.util.find_spec("textacy") is None:
        print("textacy is not installed (extra `bench`): only OnRecord is measured", file=sys.stderr)
    else:
        figures.append(measure("textacy", partial(textacy_chunk, package=args.spacy_model), texts, gold, args.workers))
    print(f"{len(texts)} articles, {args.workers} workers")
    print("| tool | start, s | articles/s | peak MiB a worker | content F1 | strict | content + source |")
    print("|---|---|---|---|---|---|---|")
    for f in figures:
        print("| " + " | ".join(str(v) for v in asdict(f).values()) + " |")
    if len(figures) == 2:
        print(f"ratio of speeds: {figures[0].articles_per_s / figures[1].articles_per_s:.2f}")
    if args.json:
        args.json.write_text(json.dumps([asdict(f) for f in figures], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
