"""Goes on training the model that ships on more than one kind of news.

    python -m pipelines.training.attribution.tune --gold DIR --read FILE --texts DIR --work DIR [--share X] [--epochs N]

The model that ships is its own teacher on the corpus that it was trained on (so that it forgets nothing), and learns
from labels made by reading (see `readings`) on other news. Needs the extra `training`.

Covers the mix and the order of the steps.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from pipelines.compute.worker import MODEL_DIR, lexicon, load_tagger
from pipelines.core.attribution.model import LABELS
from pipelines.evaluation.attribution import Spans
from pipelines.training.attribution.corpus import read_corpus
from pipelines.training.attribution.encoders import load_pieces, student_folder
from pipelines.training.attribution.examples import Example, read_examples
from pipelines.training.attribution.export import export
from pipelines.training.attribution.fit import Recipe, collate_all, fit
from pipelines.training.attribution.folds import Soft, number_of
from pipelines.training.attribution.name_labels import label_names
from pipelines.training.attribution.readings import READ, clean_pieces, parse_readings
from pipelines.training.attribution.shipped import facts_of, load_shipped

RECIPE = Recipe(epochs=2, rate=8e-5, head_rate=2e-4, batch_pieces=4096, averaging=0.99, soft=0.5, names=0.3)
REPEATS = 2
"""Times that a read paragraph stands in a pass."""

Names = dict[tuple[str, int], list[int]]


def main(argv: Sequence[str] | None = None) -> int:
    """Train, save the weights in the work folder, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.training.attribution.tune")
    parser.add_argument("--gold", type=Path, required=True, help="corpus with the split train")
    parser.add_argument("--read", type=Path, action="append", default=[], help="labels made by reading, JSON lines")
    parser.add_argument("--texts", type=Path, action="append", default=[], help="folder of their texts, DOC.txt")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and the result")
    parser.add_argument("--share", type=float, default=0.5, help="share of the corpus that is learned again")
    parser.add_argument("--start", type=Path, help="tuned.pt of an earlier run to go on from")
    parser.add_argument("--epochs", type=float, default=RECIPE.epochs, help="passes")
    args = parser.parse_args(argv)
    folder = student_folder()
    pieces_of, frame = load_pieces(folder)
    corpus = [d for d in read_corpus(args.gold, "train") if (number_of(d[0]) or 0) % 1000 < 1000 * args.share]
    read = [piece for piece in read_pieces(args.read, args.texts) if len(piece[1].split()) > 3]
    examples = [e for e in read_examples([*corpus, *read], pieces_of, lexicon()) if e.labels]
    print(
        f"{len(corpus)} documents, {len(read)} read paragraphs, {sum(len(r[2]) for r in read)} statements", flush=True
    )
    soft, names = own_answers(examples)
    examples += [e for e in examples if e.doc.startswith(READ)] * (REPEATS - 1)
    recipe = Recipe(**{**vars(RECIPE), "epochs": args.epochs})
    groups = collate_all(examples, recipe.batch_pieces, frame, soft=soft, names=names)
    network = load_shipped(MODEL_DIR / "model.onnx", folder)
    if args.start:
        network.load_state_dict(torch.load(args.start, weights_only=True))
    network = fit(network, groups, recipe, args.work / "tuned")
    torch.save(network.state_dict(), args.work / "tuned.pt")
    shutil.copyfile(folder / "tokenizer.json", args.work / "tokenizer.json")
    export(network, args.work / "model.onnx", facts=facts_of(MODEL_DIR / "model.onnx"))
    return 0


def read_pieces(labels: Sequence[Path], texts: Sequence[Path]) -> list[tuple[str, str, list[Spans]]]:
    """Return the sure stretches of the read documents."""
    out: list[tuple[str, str, list[Spans]]] = []
    for file, folder in zip(labels, texts, strict=True):
        with file.open(encoding="utf-8") as lines:
            for doc, readings in sorted(parse_readings(lines).items()):
                text = (folder / f"{doc}.txt").read_bytes().decode("utf-8")
                out += clean_pieces(doc, text, readings)
    return out


def own_answers(examples: Sequence[Example]) -> tuple[Soft, Names]:
    """Return what the model that ships says of each paragraph; for a read one, its labels alone."""
    tagged = load_tagger(MODEL_DIR, lexicon()).tag([e.text for e in examples])
    soft: Soft = {}
    names: Names = {}
    for e, t in zip(examples, tagged, strict=True):
        own = np.exp(np.asarray(t.scores, np.float32))
        if e.doc.startswith(READ):
            own = np.eye(len(LABELS), dtype=np.float32)[list(e.labels)]
        soft[e.doc, e.start] = own.astype(np.float16)
        names[e.doc, e.start] = label_names(e.text, e.encoded.tokens, t.names or ())
    return soft, names


if __name__ == "__main__":
    sys.exit(main())
