"""Trains the attribution model: from a corpus in brat stand-off form to the file that ships, its scores and its card.

    python -m pipelines.training.attribution --gold DIR --work DIR [--teacher DIR] [--more FILE] [--name-tagger PACKAGE]
        [--teachers N] [--epochs N] [--device cuda]

DIR holds train/ and dev/, each with text/NAME.txt and attributions/NAME_annotator.ann. Each step leaves its result in
the work folder and is skipped when that is there; a step that is stopped goes on from its last checkpoint. Needs the
extra `training`.

Covers the order of the steps.
"""

from __future__ import annotations

import argparse
import json
import pickle
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from pipelines.compute.worker import lexicon, load_tagger
from pipelines.core.attribution.confidence import FEATURES
from pipelines.core.attribution.encoding import encode
from pipelines.core.attribution.neural import NAME_LABELS
from pipelines.core.text.sentences import split_paragraphs
from pipelines.evaluation.attribution import Spans
from pipelines.training.attribution import calibrate, card
from pipelines.training.attribution.corpus import read_corpus
from pipelines.training.attribution.encoders import load_network, load_pieces, student_folder
from pipelines.training.attribution.examples import Example, read_examples
from pipelines.training.attribution.export import export
from pipelines.training.attribution.fit import Recipe, collate_all, fit
from pipelines.training.attribution.folds import FOLDS, MORE, VARIANT, Soft, has_gold, mean, number_of
from pipelines.training.attribution.name_labels import find_names, label_names
from pipelines.training.attribution.network import Network
from pipelines.training.attribution.teachers import answers_of
from pipelines.training.attribution.variants import Names, make_variants

TEACHER = Recipe(epochs=3, rate=7e-5, batch_pieces=4096)
STUDENT = Recipe(epochs=13, rate=4e-4, batch_pieces=8192, averaging=0.998, soft=0.6, names=0.3)
TEACHERS = 10
VARIANTS = 3
"""Variants of each paragraph."""
HELD_OUT = 15
"""One article in this many is kept from the network that the confidence curve is fitted with."""
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
    parser.add_argument("--teachers", type=int, default=TEACHERS, help="how many teachers are asked")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cuda or cpu")
    args = parser.parse_args(argv)
    if args.teachers < FOLDS:
        parser.error(f"--teachers: at least {FOLDS}, or nobody can be asked about some of the gold")
    try:
        train, dev = read_corpus(args.gold, "train"), read_corpus(args.gold, "dev")
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    args.work.mkdir(parents=True, exist_ok=True)
    names = _names(args.work, train, args.more, args.name_tagger)
    free = free_text(train, args.more, names) if args.teacher else []
    soft = _soft_labels(args, train, free) if args.teacher else None
    folder = student_folder()
    learned = examples_of(train, free, folder)
    labels = name_labels(learned, names)
    for name, chosen in (("student", learned), ("curve", [e for e in learned if not is_held(e.doc)])):
        if not (args.work / f"{name}.pt").exists():
            recipe = replace(STUDENT, epochs=args.epochs)
            network = student(folder, chosen, soft, labels, args.work / name, args.device, recipe)
            torch.save(network.state_dict(), args.work / f"{name}.pt")
    measure(args.work, [d for d in train if is_held(d[0])], dev)
    return 0


def is_held(doc: str) -> bool:
    """Tell whether a document, with its variants, is kept from the network that the confidence curve is fitted with."""
    number = number_of(doc)
    return number is not None and number // FOLDS % HELD_OUT == 0


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


def free_text(corpus: Corpus, more: Path | None, names: dict[tuple[str, int], Names] | None) -> list[Paragraph]:
    """Return paragraphs without gold: other texts, and variants of those with gold."""
    own = _paragraphs(corpus)
    known = [(text, (names or {}).get((d, s), ())) for d, s, text in own]
    out = _more(more)
    for number in range(VARIANTS):
        variants = make_variants(known, lexicon(), seed=7 + number)
        out += [(f"{VARIANT}{number}:{d}", s, v) for (d, s, _), v in zip(own, variants, strict=True) if v]
    return out


def examples_of(corpus: Corpus, free: Sequence[Paragraph], folder: Path) -> list[Example]:
    """Return all paragraphs in the word pieces of an encoder's folder, those with gold with their labels."""
    pieces_of, _ = load_pieces(folder)
    out = read_examples(corpus, pieces_of, lexicon())
    for name, start, text in free:
        encoded = encode(text, pieces_of, lexicon())
        out.append(Example(name, start, text, encoded, (0,) * len(encoded.tokens)))
    return out


def name_labels(
    examples: Sequence[Example], names: dict[tuple[str, int], Names] | None
) -> dict[tuple[str, int], list[int]] | None:
    """Return the labels for the head for names, None without a tagger for them."""
    if names is None:
        return None
    known = [e for e in examples if (e.doc, e.start) in names]
    return {(e.doc, e.start): label_names(e.text, e.encoded.tokens, names[e.doc, e.start]) for e in known}


def _soft_labels(args: argparse.Namespace, train: Corpus, free: Sequence[Paragraph]) -> Soft:
    """Train the teachers on gold, and return what they say of all that the student will see."""
    saved = args.work / "soft.pickle"
    if not saved.exists():
        _, frame = load_pieces(args.teacher)
        examples = examples_of(train, free, args.teacher)
        answers = [
            answers_of(
                number, lambda: load_network(args.teacher, 0), examples, frame, TEACHER,
                args.work / f"teacher-{number}", args.device,
            )
            for number in range(args.teachers)
        ]  # fmt: skip
        saved.write_bytes(pickle.dumps(mean(answers)))
    soft: Soft = pickle.loads(saved.read_bytes())
    return soft


def student(
    folder: Path,
    examples: Sequence[Example],
    soft: Soft | None,
    names: dict[tuple[str, int], list[int]] | None,
    work: Path,
    device: str,
    recipe: Recipe,
) -> Network:
    """Train the network that ships."""
    _, frame = load_pieces(folder)
    recipe = replace(recipe, soft=recipe.soft if soft else 0.0, names=recipe.names if names else 0.0)
    groups = collate_all(examples, recipe.batch_pieces, frame, soft=soft, names=names, has_gold=has_gold, device=device)
    return fit(load_network(folder, len(NAME_LABELS) if names else 0), groups, recipe, work, device=device)


def measure(work: Path, held: Corpus, dev: Corpus) -> None:
    """Export, fit the confidence on articles that its network was not trained on, score on dev, write the card."""
    folder = student_folder()
    shutil.copyfile(folder / "tokenizer.json", work / "tokenizer.json")
    facts = {"name": "attribution", "version": "2", "confidence": EVEN}
    for name in ("curve", "student"):
        state = torch.load(work / f"{name}.pt", weights_only=True)
        network = load_network(folder, len(NAME_LABELS) if "name_out.weight" in state else 0)
        network.load_state_dict(state)
        export(network, work / "model.onnx", facts=facts)
        if name == "curve":
            seen, right, _ = calibrate.observe(held, load_tagger(work, lexicon()))
            facts["confidence"] = calibrate.fit_confidence(seen, right)
    (work / "card.md").write_text(card.write(dev, load_tagger(work, lexicon())), encoding="utf-8")
    print(f"{work / 'model.onnx'}, {work / 'tokenizer.json'} and {work / 'card.md'} are written")


if __name__ == "__main__":
    raise SystemExit(main())
