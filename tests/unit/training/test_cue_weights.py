"""The fit of the cue weights, on a corpus of made-up sentences."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from pipelines.core.attribution import parse_cue_lexicon, parse_cue_weights
from pipelines.training.cue_weights import LEXICON, WEIGHTS, main, read_corpus
from pipelines.training.logistic import fit, fit_line, solve

HEAD = "cue_lemma,cue_class,form,stance,needs_content,note,p_that,p_wh,p_quote,p_clause,p_infinitive,p_object,"
HEAD += "p_preposition,p_left,p_agent,p_passive,p_present\n"
WORDS = HEAD + "say,say,verb,neutral,true,,0.11,,,,,,,,,,\nclimb,say,verb,neutral,true,,,,,,,,,,,,\n"
TEXT = "Lind said that the port was open. Lind climbed a hill. "


def write_corpus(folder: Path, n: int = 12) -> None:
    """n texts: of each two sentences one is an attribution."""
    (folder / "train" / "text").mkdir(parents=True)
    (folder / "train" / "attributions").mkdir()
    ann = "T1\tSource 0 4\tLind\nT2\tCue 5 9\tsaid\nT3\tContent 10 32\tthat the port was open\n"
    ann += "E1\tAttribution:T2 Source:T1 Content:T3 Cue:T2\n"
    for i in range(n):
        (folder / "train" / "text" / f"d{i}.txt").write_text(TEXT, encoding="utf-8")
        (folder / "train" / "attributions" / f"d{i}_one.ann").write_text(ann, encoding="utf-8")
        (folder / "train" / "attributions" / f"d{i}_two.ann").write_text("", encoding="utf-8")


def reference(folder: Path) -> Path:
    folder.mkdir()
    (folder / LEXICON).write_text(WORDS, encoding="utf-8")
    return folder


def test_weights_are_counted_and_written(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    ref = reference(tmp_path / "ref")
    assert main(["--gold", str(tmp_path), "--reference", str(ref)]) == 0
    entries = {e.lemma: e for e in parse_cue_lexicon((ref / LEXICON).read_text(encoding="utf-8")).entries}
    # twelve of twelve, shrunk by four towards the same share
    assert entries["say"].weights == {"that": 1.0}
    assert entries["climb"].weights == {"object": 0.0}
    weights = parse_cue_weights((ref / WEIGHTS).read_text(encoding="utf-8"))
    assert weights.shares == {"verb that": 1.0, "verb object": 0.0}
    assert "bias" in weights.features
    first = {p.name: p.read_bytes() for p in ref.iterdir()}
    assert main(["--gold", str(tmp_path), "--reference", str(ref)]) == 0
    assert {p.name: p.read_bytes() for p in ref.iterdir()} == first


def test_the_first_annotator_counts(tmp_path: Path) -> None:
    write_corpus(tmp_path, 1)
    assert [len(gold) for _, gold in read_corpus(tmp_path, "train").values()] == [1]


def test_a_folder_without_gold_gives_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gold", str(tmp_path), "--reference", str(tmp_path)]) == 1
    assert "attributions" in capsys.readouterr().err


def test_fit_finds_the_odds_behind_counts() -> None:
    rows = [[0]] * 100 + [[0, 1]] * 100
    targets = [i < 50 for i in range(100)] + [i < 90 for i in range(100)]
    bias, feature = fit(rows, targets, [0.0] * 200, 2, 1e-6)
    assert bias == pytest.approx(0, abs=1e-3)
    assert feature == pytest.approx(math.log(9), abs=1e-3)
    slope, intercept = fit_line([0.0] * 100 + [1.0] * 100, targets)
    assert (slope, intercept) == pytest.approx((math.log(9), 0), abs=1e-3)


def test_solve() -> None:
    assert solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0]) == pytest.approx([0.8, 1.4])
