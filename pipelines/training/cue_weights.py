"""Counts the weights of the rule tagger on a gold corpus: `python -m pipelines.training.cue_weights --gold DIR`.

Belongs here: reading the corpus, labelling candidates as right or wrong, counting shares, writing the two files.
Does not belong here: candidates and content (core/attribution), the fit itself (see `logistic`).

The corpus is in brat stand-off form, as PolNeAR is given out: SPLIT/text/NAME.txt and
SPLIT/attributions/NAME_annotator.ann; of several annotators the first by file name is read. Written are

- pipelines/reference/cue_lexicon.csv, the columns `p_*` alone: for each word and complement the share of its
  occurrences that are attributions, shrunk towards the share over all words of its form; empty where seen once or not
  at all. The words themselves are ours, and stay as they are.
- pipelines/reference/cue_weights.json: those shares over all words, the log-odds of the features of a clause, and
  the line that turns the probability of a chosen candidate into a confidence.

The same corpus and code give the same files: nothing is drawn at random.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.core.attribution import CueLexicon, CueWeights, parse_cue_lexicon, parse_cue_weights
from pipelines.core.attribution.candidate import Candidate
from pipelines.core.attribution.candidates import find_candidates
from pipelines.core.attribution.cues import PATTERNS
from pipelines.core.attribution.evaluate import DEFAULT_IOU, Spans, characters, match_content, parse_brat
from pipelines.core.attribution.model import Span
from pipelines.core.attribution.rules import THRESHOLD, choose, content_alone
from pipelines.core.attribution.sentences import split_paragraphs
from pipelines.core.attribution.view import view_paragraph
from pipelines.core.attribution.weights import features_of, is_present, logit, prior
from pipelines.settings import REFERENCE_DIR
from pipelines.training.logistic import fit, fit_line

LEXICON, WEIGHTS = "cue_lexicon.csv", "cue_weights.json"
SHRINK = 4.0
"""Weight of the share over all words, in occurrences."""
MIN_SEEN = 2
"""A word's own share counts from this many occurrences with a complement."""
MIN_FEATURE = 15
"""A feature is fitted from this many candidates."""
RIDGE = 2.0
MIN_LOG_ODDS = 0.05
"""Features that weigh less are left out of the file."""

Corpus = dict[str, tuple[str, list[Spans]]]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate, and whether gold has an attribution with its cue and about its content."""

    candidate: Candidate
    is_right: bool


def read_corpus(folder: Path, split: str) -> Corpus:
    """Return text and gold by document name.

    Raises:
        FileNotFoundError: the split holds no attributions that have a text.
    """
    out: Corpus = {}
    for path in sorted((folder / split / "attributions").glob("*.ann")):
        name = path.stem.rsplit("_", 1)[0]
        text_path = folder / split / "text" / f"{name}.txt"
        if name not in out and text_path.exists():
            gold = parse_brat(path.read_bytes().decode("utf-8"))
            out[name] = (text_path.read_bytes().decode("utf-8"), gold)
    if not out:
        raise FileNotFoundError(f"{folder / split}: no attributions/*.ann with a text/*.txt of the same name")
    return out


def examples_of(text: str, gold: Sequence[Spans], lexicon: CueLexicon) -> Iterator[Example]:
    """Yield the candidates of a text, each as if it stood alone; those nested inside gold content are left out."""
    contents = [characters(text, a.content) for a in gold]
    inside: set[int] = set().union(*contents)
    cues = [span for a in gold for span in a.cue]
    for start, end in split_paragraphs(text):
        view = view_paragraph(text[start:end])
        for c in find_candidates(view, lexicon):
            spans = [_shift(view.chars(*r), start) for r in content_alone(view, c)]
            found = characters(text, spans)
            if not found:
                continue
            head = view.tokens[c.head][0] + start
            matches = any(_iou(found, content) >= DEFAULT_IOU for content in contents if content & found)
            if matches or head not in inside:
                yield Example(c, matches and any(s <= head < e for s, e in cues))


def _shift(span: Span, by: int) -> Span:
    return (span[0] + by, span[1] + by)


def _iou(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b)


def count_shares(examples: Iterable[Example]) -> tuple[dict[str, float], dict[Key, dict[str, float]]]:
    """Return the shares over all words by `form pattern`, and those of each (form, lemma) by pattern."""
    over_all: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    of_word: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for x in examples:
        c = x.candidate
        present = is_present(c.features)
        for pattern in (c.pattern, *(["present"] if present else [])):
            _count(over_all[f"{c.entry.form} {pattern}"], x.is_right)
        _count(of_word[c.entry.form, c.entry.lemma, "present" if present else c.pattern], x.is_right)
    shares = {name: right / n for name, (right, n) in over_all.items()}
    words: dict[Key, dict[str, float]] = defaultdict(dict)
    for (form, lemma, pattern), (right, n) in of_word.items():
        if n >= MIN_SEEN:
            words[form, lemma][pattern] = round((right + SHRINK * shares[f"{form} {pattern}"]) / (n + SHRINK), 2)
    return shares, dict(words)


def _count(counter: list[int], is_right: bool) -> None:
    counter[0] += is_right
    counter[1] += 1


def fit_features(examples: Sequence[Example], shares: Mapping[str, float]) -> dict[str, float]:
    """Return the log-odds of the features; the entries of the examples must carry the shares of their words."""
    names = Counter(name for x in examples for name in features_of(x.candidate))
    number = {name: i for i, name in enumerate(sorted(n for n, seen in names.items() if seen >= MIN_FEATURE))}
    bias = len(number)
    rows = [[*(number[n] for n in set(features_of(x.candidate)) if n in number), bias] for x in examples]
    offsets = [
        prior(x.candidate.entry, x.candidate.pattern, is_present(x.candidate.features), shares) for x in examples
    ]
    fitted = fit([sorted(row) for row in rows], [x.is_right for x in examples], offsets, bias + 1, RIDGE)
    out = {name: round(fitted[i], 2) for name, i in number.items() if abs(fitted[i]) >= MIN_LOG_ODDS}
    return {**out, "bias": round(fitted[bias], 2)}


def fit_confidence(corpus: Corpus, lexicon: CueLexicon, weights: CueWeights) -> tuple[float, float]:
    """Return slope and intercept of the confidence of what is chosen, over what was right in the corpus."""
    logits: list[float] = []
    targets: list[bool] = []
    for text, gold in corpus.values():
        found: list[frozenset[int]] = []
        for start, end in split_paragraphs(text):
            view = view_paragraph(text[start:end])
            for chosen in choose(view, find_candidates(view, lexicon), weights, THRESHOLD):
                found.append(characters(text, [_shift(view.chars(*r), start) for r in chosen.content]))
                logits.append(logit(chosen.probability))
        right = {i for i, _ in match_content(found, [characters(text, a.content) for a in gold])}
        targets.extend(i in right for i in range(len(found)))
    return fit_line(logits, targets)


def with_weights(lexicon_csv: str, words: Mapping[Key, Mapping[str, float]]) -> str:
    """Return the text of the lexicon with its columns `p_*` filled anew."""
    reader = csv.DictReader(io.StringIO(lexicon_csv))
    columns = list(reader.fieldnames or ())
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in reader:
        seen = words.get((row["form"], row["cue_lemma"]), {})
        writer.writerow(row | {f"p_{p}": f"{seen[p]:.2f}" if p in seen else "" for p in PATTERNS})
    return out.getvalue()


def train(corpus: Corpus, lexicon_csv: str) -> tuple[str, str]:
    """Return the texts of the two files, lexicon and weights, for a corpus and the words of a lexicon."""
    bare = parse_cue_lexicon(lexicon_csv)
    shares, words = count_shares(x for text, gold in corpus.values() for x in examples_of(text, gold, bare))
    filled = with_weights(lexicon_csv, words)
    lexicon = parse_cue_lexicon(filled)
    examples = [x for text, gold in corpus.values() for x in examples_of(text, gold, lexicon)]
    features = fit_features(examples, shares)
    shares = {name: round(share, 2) for name, share in shares.items()}
    raw = _as_json(shares, features, 1.0, 0.0)
    slope, intercept = fit_confidence(corpus, lexicon, parse_cue_weights(raw))
    return filled, _as_json(shares, features, round(slope, 2), round(intercept, 2))


def _as_json(shares: Mapping[str, float], features: Mapping[str, float], slope: float, intercept: float) -> str:
    confidence = {"slope": slope, "intercept": intercept}
    data = {"shares": shares, "features": features, "confidence": confidence}
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a corpus, write both files, return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.training.cue_weights", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--gold", type=Path, required=True, help="folder with SPLIT/text and SPLIT/attributions")
    parser.add_argument("--split", default="train")
    parser.add_argument("--reference", type=Path, default=REFERENCE_DIR, help="where the files lie and are written")
    given = parser.parse_args(arguments)
    try:
        corpus = read_corpus(given.gold, given.split)
        lexicon_csv = (given.reference / LEXICON).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    lexicon, weights = train(corpus, lexicon_csv)
    (given.reference / LEXICON).write_text(lexicon, encoding="utf-8")
    (given.reference / WEIGHTS).write_text(weights, encoding="utf-8")
    sys.stdout.write(f"{len(corpus)} articles -> {given.reference / LEXICON}, {given.reference / WEIGHTS}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
