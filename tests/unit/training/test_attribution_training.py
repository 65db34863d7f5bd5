"""What training rests on, without torch: labels from gold and back, variants, the confidence curve."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from pipelines.compute.worker import lexicon
from pipelines.core.attribution import LABELS, TaggedParagraph
from pipelines.core.attribution.confidence import FEATURES, Confidence, measure, parse_confidence
from pipelines.core.attribution.linker import link
from pipelines.core.attribution.neural import NAME_LABELS
from pipelines.core.text.tokens import tokenize
from pipelines.evaluation.attribution import Spans
from pipelines.evaluation.calibration import calibration_error, equal_width_bins
from pipelines.training.attribution.calibrate import fit_confidence
from pipelines.training.attribution.corpus import read_corpus
from pipelines.training.attribution.examples import label_words
from pipelines.training.attribution.folds import FOLDS, fold_of, has_gold, mean, number_of
from pipelines.training.attribution.name_labels import label_names
from pipelines.training.attribution.variants import make_variants

EVEN = Confidence((0.0,) * len(FEATURES))
TEXT = "“We will wait,” Lind said, fearing a strike. “But not for long.” Ruiz denied that she had asked."


def at(*words: str) -> tuple[tuple[int, int], ...]:
    return tuple((TEXT.index(w), TEXT.index(w) + len(w)) for w in words)


GOLD = [
    Spans(at("Lind"), at("said"), at("We will wait", "But not for long")),
    Spans((), at("fearing"), at("a strike")),
    Spans(at("Ruiz"), at("denied"), at("that she had asked")),
]


def test_labels_of_gold_link_back_to_gold() -> None:
    tokens = tuple(tokenize(TEXT))
    labels = label_words(TEXT, tokens, GOLD)
    sure = tuple(tuple(0.0 if k == label else -9.0 for k in range(len(LABELS))) for label in labels)
    found = link(TEXT, TaggedParagraph(tokens, sure), EVEN)
    spans = {TEXT[a.cue[0][0] : a.cue[0][1]]: a for a in found}
    assert spans["said"].source == GOLD[0].source
    assert spans["said"].content == GOLD[0].content  # though `fearing` stands nearer to the second quote
    assert spans["fearing"].content == GOLD[1].content
    assert (spans["denied"].source, spans["denied"].content) == (GOLD[2].source, GOLD[2].content)


def test_where_attributions_overlap_the_first_is_drawn() -> None:
    tokens = tokenize("Lind said Ruiz denied it")
    whole = Spans(((0, 4),), ((5, 9),), ((10, 24),))
    inner = Spans(((10, 14),), ((15, 21),), ((22, 24),))
    names = [LABELS[k] for k in label_words("Lind said Ruiz denied it", tokens, [whole, inner])]
    assert names == ["B-source-right", "B-cue", "B-content-left", "I-content-left", "I-content-left"]


def test_variants_are_the_same_for_the_same_seed_and_keep_what_is_no_name_or_verb() -> None:
    texts = ["Mayor Anna Lind said on Friday that 300 people would leave the old port.", "No."]
    names = [[(6, 15, "person")], []]
    more = [("Paul Okoro warned them.", [(0, 10, "person")])]
    given = [*zip(texts, names, strict=True), *more]
    first = make_variants(given, lexicon(), seed=1)
    assert first == make_variants(given, lexicon(), seed=1)
    assert first[1] is None
    changed = {v[0] for seed in range(12) if (v := make_variants(given, lexicon(), seed))[0]}
    assert any("Paul Okoro" in v for v in changed)
    assert all(v.startswith("Mayor ") and v.endswith("would leave the old port.") for v in changed)


def test_names_become_labels_without_article_and_genitive() -> None:
    text = "the Port Union's chief"
    labels = [NAME_LABELS[k] for k in label_names(text, tokenize(text), [(0, 16, "organization")])]
    assert labels == ["O", "B-organization", "I-organization", "O", "O"]


def test_the_fitted_curve_follows_what_is_right() -> None:
    rng = random.Random(3)
    seen, right = [], []
    for _ in range(4000):
        x = rng.uniform(-4, 0)
        seen.append(measure([x], [[x]], [], False))
        right.append(rng.random() < 1 / (1 + math.exp(-3 - 2 * x)))
    curve = parse_confidence(fit_confidence(seen, right))
    bins = equal_width_bins(zip([curve(s) for s in seen], right, strict=True))
    assert calibration_error(bins) < 0.06
    assert bins[0].right < 0.3
    assert bins[-1].right > 0.8
    wrong = equal_width_bins([(0.99, k < 50) for k in range(100)])
    assert calibration_error(wrong) == pytest.approx(0.49)


def test_a_curve_that_lacks_a_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence of the model"):
        parse_confidence(json.dumps({"bias": 1}))


def test_a_corpus_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no attributions"):
        read_corpus(tmp_path, "train")
    for folder in ("text", "attributions"):
        (tmp_path / "train" / folder).mkdir(parents=True)
    (tmp_path / "train" / "text" / "a.txt").write_bytes(b"Lind said no.\r\n")
    for annotator, content in (("a_2", "10 12"), ("a_1", "10 13")):
        spans = f"T1\tSource 0 4\tLind\nT2\tCue 5 9\tsaid\nT3\tContent {content}\tno\n"
        ann = spans + "E1\tX:T2 Source:T1 Cue:T2 Content:T3\n"
        (tmp_path / "train" / "attributions" / f"{annotator}.ann").write_text(ann, encoding="utf-8")
    ((name, text, gold),) = read_corpus(tmp_path, "train")
    assert (name, text, gold[0].content) == ("a", "Lind said no.\r\n", ((10, 13),))


def test_marginals_are_those_of_all_labellings() -> None:
    from itertools import pairwise, product

    from pipelines.core.attribution.neural import log_marginals

    rng = np.random.default_rng(0)
    chain = rng.normal(size=(4, 3)).astype(np.float32)
    scores = [rng.normal(size=(n, 3)).astype(np.float32) for n in (3, 1, 2)]
    for s, logs in zip(scores, log_marginals(scores, chain), strict=True):
        total = np.zeros((len(s), 3))
        for path in product(range(3), repeat=len(s)):
            value = chain[3, path[0]] + sum(s[i, k] for i, k in enumerate(path))
            value += sum(chain[a, b] for a, b in pairwise(path))
            for i, k in enumerate(path):
                total[i, k] += math.exp(value)
        assert np.exp(logs) == pytest.approx(total / total.sum(1, keepdims=True), abs=1e-5)


def test_variants_go_with_their_document_and_other_text_into_no_fold() -> None:
    documents = [f"paper_{k}" for k in range(60)]
    assert {fold_of(d) for d in documents} == set(range(FOLDS))
    for d in documents:
        assert fold_of(f"variant:2:{d}") == fold_of(d)
        assert number_of(f"variant:0:{d}") == number_of(d)
    assert fold_of("more:7") is None
    assert [has_gold(d) for d in ("paper_1", "variant:0:paper_1", "more:7")] == [True, False, False]


def test_the_mean_is_over_those_who_were_asked() -> None:
    one, two = np.float16([[1, 0]]), np.float16([[0.5, 0.5]])
    found = mean([{("a", 0): one, ("b", 0): one}, {("b", 0): two}])
    assert found["a", 0].tolist() == [[1, 0]]
    assert found["b", 0].tolist() == [[0.75, 0.25]]
