"""Trains the attribution model: from a corpus in brat stand-off form to the file that ships, its scores and its card.

    python -m pipelines.training.attribution --gold DIR --work DIR [--teacher DIR] [--more FILE] [--name-tagger PACKAGE]

DIR holds train/ and dev/, each with text/NAME.txt and attributions/NAME_annotator.ann. Each step leaves its result in
the work folder and is skipped when that is there; a step that is stopped goes on from its last checkpoint. Needs the
extra `training`.

Belongs here: the order of the steps. Does not belong here: any of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from pipelines.core.attribution.confidence import FEATURES
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.encoding import encode
from pipelines.core.attribution.evaluate import Spans
from pipelines.core.attribution.neural import NAME_LABELS
from pipelines.core.attribution.sentences import split_paragraphs
from pipelines.io.models import lexicon, load_tagger
from pipelines.training.attribution import calibrate, card
from pipelines.training.attribution.corpus import read_corpus
from pipelines.training.attribution.encoders import load_network, load_pieces, student_folder
from pipelines.training.attribution.examples import Example, read_examples
from pipelines.training.attribution.export import export
from pipelines.training.attribution.fit import Recipe, Soft, fit, predict
from pipelines.training.attribution.name_labels import find_names, label_names
from pipelines.training.attribution.variants import Names, make_variants

TEACHER = Recipe(epochs=2, rate=7e-5)
STUDENT = Recipe(epochs=4, rate=3e-4, averaging=0.998, soft=0.6, names=0.3)
HELD_OUT = 15
"""One article in this many is kept from the student, for the confidence curve."""
VARIANT, MORE = "variant:", "more:"
"""Names of documents that have no gold begin with these."""
EVEN = json.dumps(dict.fromkeys(FEATURES, 0))

Corpus = Sequence[tuple[str, str, Sequence[Spans]]]
Paragraph = tuple[str, int, str]
"""Document, start, text."""


def main(argv: Sequence[str] | None = None) -> int:
    """Train, export, measure; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.training.attribution", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--gold", type=Path, required=True, help="corpus with the splits train and dev")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and results")
    parser.add_argument("--teacher", type=Path, help="folder of a larger encoder (config.json, model.safetensors)")
    parser.add_argument("--more", type=Path, help='more text for the teacher to label: JSON lines {"text": ...}')
    parser.add_argument("--name-tagger", help="spaCy model package that labels names, e.g. en_core_web_sm")
    parser.add_argument("--epochs", type=float, default=STUDENT.epochs, help="passes of the student")
    parser.add_argument("--teacher-epochs", type=float, default=TEACHER.epochs, help="passes of the teacher")
    args = parser.parse_args(argv)
    try:
        train, dev = read_corpus(args.gold, "train"), read_corpus(args.gold, "dev")
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    args.work.mkdir(parents=True, exist_ok=True)
    held = {name for name, _, _ in train if int(hashlib.sha1(name.encode()).hexdigest(), 16) % HELD_OUT == 0}
    for_student = [d for d in train if d[0] not in held]
    names = _names(args.work, for_student, args.more, args.name_tagger)
    free = _free_text(for_student, args.more, names, lexicon()) if args.teacher else []
    soft = _soft_labels(args, train, for_student, free) if args.teacher else None
    _student(args, for_student, free, soft, names)
    _measure(args.work, [d for d in train if d[0] in held], dev)
    return 0


def _paragraphs(corpus: Corpus) -> list[Paragraph]:
    return [(name, s, text[s:e]) for name, text, _ in corpus for s, e in split_paragraphs(text)]


def _more(path: Path | None) -> list[Paragraph]:
    if path is None:
        return []
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(f"{MORE}{k}", s, text[s:e]) for k, text in enumerate(texts) for s, e in split_paragraphs(text)]


def _names(work: Path, corpus: Corpus, more: Path | None, package: str | None) -> dict[tuple[str, int], Names] | None:
    """Return the names of all paragraphs by (document, start), None without a tagger for them."""
    if package is None:
        return None
    saved = work / "names.pickle"
    if not saved.exists():
        places = [*_paragraphs(corpus), *_more(more)]
        found = find_names([text for _, _, text in places], package)
        saved.write_bytes(pickle.dumps({(d, s): n for (d, s, _), n in zip(places, found, strict=True)}))
    names: dict[tuple[str, int], Names] = pickle.loads(saved.read_bytes())
    return names


def _free_text(
    corpus: Corpus, more: Path | None, names: dict[tuple[str, int], Names] | None, words: CueLexicon
) -> list[Paragraph]:
    """Return paragraphs without gold: other texts, and variants of those with gold."""
    own = _paragraphs(corpus)
    variants = make_variants([(text, (names or {}).get((d, s), ())) for d, s, text in own], words, seed=7)
    return [*_more(more), *((VARIANT + d, s, v) for (d, s, _), v in zip(own, variants, strict=True) if v)]


def _examples(corpus: Corpus, free: Sequence[Paragraph], folder: Path) -> list[Example]:
    pieces_of, _ = load_pieces(folder)
    out = read_examples(corpus, pieces_of, lexicon())
    for name, start, text in free:
        encoded = encode(text, pieces_of, lexicon())
        out.append(Example(name, start, text, encoded, (0,) * len(encoded.tokens)))
    return out


def _has_gold(name: str) -> bool:
    return not name.startswith((VARIANT, MORE))


def _soft_labels(args: argparse.Namespace, train: Corpus, for_student: Corpus, free: Sequence[Paragraph]) -> Soft:
    """Train the teacher on gold, and return what it says of all that the student will see."""
    saved = args.work / "soft.pickle"
    if not saved.exists():
        _, frame = load_pieces(args.teacher)
        recipe = Recipe(**(vars(TEACHER) | {"epochs": args.teacher_epochs}))
        network = load_network(args.teacher, 0)
        network = fit(network, _examples(train, (), args.teacher), frame, recipe, args.work / "teacher")
        saved.write_bytes(pickle.dumps(predict(network, _examples(for_student, free, args.teacher), frame)))
    soft: Soft = pickle.loads(saved.read_bytes())
    return soft


def _student(
    args: argparse.Namespace,
    corpus: Corpus,
    free: Sequence[Paragraph],
    soft: Soft | None,
    names: dict[tuple[str, int], Names] | None,
) -> None:
    done = args.work / "student.pt"
    if done.exists():
        return
    folder = student_folder()
    _, frame = load_pieces(folder)
    examples = _examples(corpus, free, folder)
    labels = None
    if names is not None:
        known = [e for e in examples if (e.doc, e.start) in names]
        labels = {(e.doc, e.start): label_names(e.text, e.encoded.tokens, names[e.doc, e.start]) for e in known}
    changed = {"epochs": args.epochs, "soft": STUDENT.soft if soft else 0.0, "names": STUDENT.names if names else 0.0}
    network = load_network(folder, len(NAME_LABELS) if names else 0)
    network = fit(
        network, examples, frame, Recipe(**(vars(STUDENT) | changed)), args.work / "student",
        soft=soft, names=labels, has_gold=_has_gold,
    )  # fmt: skip
    torch.save(network.state_dict(), done)


def _measure(work: Path, held: Corpus, dev: Corpus) -> None:
    """Export, fit the confidence on the held-out articles, export with it, score on dev, write the card."""
    folder = student_folder()
    state = torch.load(work / "student.pt", weights_only=True)
    network = load_network(folder, len(NAME_LABELS) if "name_out.weight" in state else 0)
    network.load_state_dict(state)
    shutil.copyfile(folder / "tokenizer.json", work / "tokenizer.json")
    facts = {"name": "attribution", "version": "1", "confidence": EVEN}
    export(network, work / "model.onnx", facts=facts)
    seen, right, _ = calibrate.observe(held, load_tagger(work))
    facts["confidence"] = calibrate.fit_confidence(seen, right)
    export(network, work / "model.onnx", facts=facts)
    (work / "card.md").write_text(card.write(dev, load_tagger(work)), encoding="utf-8")
    print(f"{work / 'model.onnx'}, {work / 'tokenizer.json'} and {work / 'card.md'} are written")


if __name__ == "__main__":
    raise SystemExit(main())
