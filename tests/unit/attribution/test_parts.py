"""The parts below extraction: marks, sentences, paragraphs, lexicon, linker, scores; time grows with length."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.attribution import LABELS, TaggedParagraph, parse_cue_lexicon
from pipelines.core.attribution.confidence import FEATURES, Confidence
from pipelines.core.attribution.linker import decode, link
from pipelines.core.text.fold import fold_words
from pipelines.core.text.quotation_marks import parse_quotes
from pipelines.core.text.sentences import split_paragraphs, split_sentences
from pipelines.evaluation.attribution import Spans, evaluate, parse_attribution_lines, parse_brat

from .helpers import lexicon, run, tagger


def quotes(text: str) -> list[tuple[str, int]]:
    return [(text[q.start : q.end], q.depth) for q in parse_quotes(text, split_paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the workers’ rights, don’t, ’90s", []),
        ("‘the workers’ rights’ she said", [("‘the workers’ rights’", 0)]),
        (
            "``He said 'no way','' he said. ''This,'' she said.",
            [("``He said 'no way',''", 0), ("'no way'", 1), ("''This,''", 0)],
        ),
        ("»Hallo«, sagte er. „Nein“, «oui»", [("»Hallo«", 0), ("„Nein“", 0), ("«oui»", 0)]),
        ("a 6'2\" man", []),
        ("“He said ‘yes’ to me,” Lind said.", [("“He said ‘yes’ to me,”", 0), ("‘yes’", 1)]),
        ('"A," he said, "B."', [('"A,"', 0), ('"B."', 0)]),
        ("“never closed", [("“never closed", 0)]),
        ("“”", []),
    ],
)
def test_quotation_marks(text: str, expected: list[tuple[str, int]]) -> None:
    assert quotes(text) == expected


def test_a_quote_goes_on_in_the_next_paragraph_only_if_reopened() -> None:
    found = parse_quotes("“A one.\n“B two.”\nC three.", [(0, 7), (8, 16), (17, 25)])
    assert [(q.close_mark, q.continues) for q in found] == [(None, False), ("”", True)]


def test_sentences_keep_abbreviations_whole() -> None:
    text = 'Mr. Smith of the U.S. Army said so. "It is good." He left at 5 p.m. The end? Sen. J. K. Row (R-S.C.) came.'
    assert [text[s:e] for s, e in split_sentences(text)] == [
        "Mr. Smith of the U.S. Army said so.", '"It is good."', "He left at 5 p.m.", "The end?",
        "Sen. J. K. Row (R-S.C.) came.",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text())
def test_sentences_and_paragraphs_cover_all_but_white_space(text: str) -> None:
    covered = set()
    for start, end in split_paragraphs(text):
        for s, e in split_sentences(text[start:end]):
            covered.update(range(start + s, start + e))
    assert all(i in covered or c.isspace() for i, c in enumerate(text))


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The company said that it would close the port by the end of the\n"
        "year, and that about two hundred people who work there would be\n"
        "offered other work in the region, as the minister had asked for\n"
        "in the spring.\n\nNobody else spoke."
    )
    assert len(split_paragraphs(text)) == 2
    assert len(split_paragraphs("One line.\nAnother line.\nA third line.")) == 3


def test_lexicon_inflects_and_refuses_bad_rows() -> None:
    assert {f.entry.lemma for f in lexicon().lookup("said")} == {"say"}
    assert "deny" in {f.entry.lemma for f in lexicon().lookup("denies")}
    assert lexicon().lookup("nonsense") == ()
    head = "cue_lemma,cue_class,form,stance,note\n"
    with pytest.raises(ValueError, match="line 2: form is adverb; make it verb"):
        parse_cue_lexicon(head + "say,say,adverb,neutral,\n")


EVEN = Confidence((0.0,) * len(FEATURES))


def row(label: str) -> tuple[float, ...]:
    return tuple(math.log(0.9) if name == label else math.log(0.01) for name in LABELS)


def test_decoding_is_legal() -> None:
    scores = [row("I-cue"), row("I-cue"), row("O"), row("I-content-left"), row("B-cue")]
    labels = [LABELS[k] for k in decode(scores)]
    for before, after in zip(["O", *labels], labels, strict=False):
        assert not after.startswith("I-") or before[2:] == after[2:]
    assert decode([]) == []


def test_linker_shares_the_source_of_an_elided_clause() -> None:
    text = "Lind said no , adding why"
    tokens = ((0, 4), (5, 9), (10, 12), (13, 14), (15, 21), (22, 25))
    names = ["B-source-right", "B-cue", "B-content-left", "O", "B-cue", "B-content-left"]
    first, second = link(text, TaggedParagraph(tokens, tuple(row(n) for n in names)), EVEN)
    assert first.source == second.source == ((0, 4),)
    assert (first.is_shared_source, second.is_shared_source) == (False, True)
    assert first.confidence == second.confidence == 0.5


def test_tagger_gives_one_score_row_a_token() -> None:
    for tagged in tagger().tag(["Lind said the port was open.", "", "\x00"]):
        assert len(tagged.tokens) == len(tagged.scores)
        assert all(len(scores) == len(LABELS) for scores in tagged.scores)
    assert len(tagger().sha256) == 64


def test_fold_words() -> None:
    assert fold_words("“Don’t — STOP!”  Now") == "dont stop now"
    assert fold_words("e\u0301") == "é"


def test_scores() -> None:
    text = "Lind said the port was open. Ruiz denied it."
    gold = {"d": [Spans(((0, 4),), ((5, 9),), ((10, 27),)), Spans(((29, 33),), ((34, 40),), ((41, 43),))]}
    perfect = evaluate({"d": text}, gold, gold)
    assert perfect.content.f1 == perfect.content_strict.f1 == perfect.content_source_and_cue.f1 == 1
    half = evaluate({"d": text}, gold, {"d": [Spans(((29, 33),), ((5, 9),), ((14, 27),))]})
    assert (half.content.precision, half.content.recall) == (1, 0.5)
    assert half.content_strict.f1 == half.content_and_source.f1 == 0
    assert evaluate({"d": text}, gold, {}).content.f1 == 0
    ann = "T1\tSource 0 4\tLind\nT2\tCue 5 9\tsaid\nT3\tContent 10 18;19 27\t...\n"
    ann += "E1\tAttribution:T2 Source:T1 Content:T3 Cue:T2\nbad\n"
    assert parse_brat(ann) == [Spans(((0, 4),), ((5, 9),), ((10, 18), (19, 27)))]
    assert parse_attribution_lines(['{"doc": "d", "statements": [{"content": [[1, 2]]}]}', ""]) == {
        "d": [Spans((), (), ((1, 2),))]
    }
    with pytest.raises(ValueError, match="line 1"):
        parse_attribution_lines(["[]"])


@pytest.mark.parametrize(
    "unit",
    [
        "“It is open,” Mr. Lind said, adding that it was so. ", "he said ", "“", "'", ". ", "said, ", "Ana ", ".",
        "\n“A b c d.", "“A b c.” ", "((", "according to ", "a.", "-", ", who ", "« ",
    ],
)  # fmt: skip
def test_time_grows_with_length(unit: str) -> None:
    def seconds(n: int) -> float:
        text = unit * (n // len(unit))
        start = time.process_time()
        run(text)
        return time.process_time() - start

    seconds(1_000)
    small, large = seconds(2_500), seconds(20_000)
    # eight times the text; quadratic work would take 64 times as long
    assert large < 24 * max(small, 0.02), (small, large)


PROSE = (
    "“It is open,” Mr. Lind said on Monday, adding that the port, which was shut in May, would take ships again. He "
    "told reporters that the union had agreed. According to the ministry, “work goes on.” The minister denied it. "
)


def micros_a_character(n: int, repeats: int) -> float:
    """Best of three: processor time a character of one paragraph of n characters."""
    text = (PROSE * (n // len(PROSE) + 1))[:n]
    best = math.inf
    for _ in range(3):
        start = time.process_time()
        for _ in range(repeats):
            run(text)
        best = min(best, (time.process_time() - start) / repeats / n * 1e6)
    return best


def test_a_long_paragraph_costs_no_more_a_character() -> None:
    run(PROSE)
    assert micros_a_character(50_000, 1) < 2 * micros_a_character(1_000, 20)


@pytest.mark.soak
def test_a_paragraph_of_a_megabyte_costs_no_more_a_character() -> None:
    run(PROSE)
    assert micros_a_character(1_000_000, 1) < 2 * micros_a_character(1_000, 40)
