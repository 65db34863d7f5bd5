"""A text is cut where spans begin and end, whatever they are, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.explore.highlight import Span, marked_words, paragraphs, pieces

TEXTS = st.text(alphabet="ab \n“”é👩‍🚀שלוםمرحبا🏳️‍🌈𝒳", max_size=40)
SPANS = st.lists(
    st.builds(
        Span, st.sampled_from("pqr"), st.sampled_from(["source", "cue", "content", "quote"]), st.integers(0, 45),
        st.integers(0, 45), st.integers(0, 2),
    ),
    max_size=8,
)  # fmt: skip


@given(TEXTS, SPANS)
def test_pieces_joined_are_the_text_and_each_has_the_spans_that_cover_it(text: str, spans: list[Span]) -> None:
    found = pieces(text, spans)
    assert "".join(p.text for p in found) == text
    at = 0
    for piece in found:
        for offset in range(at, at + len(piece.text)):
            assert set(piece.spans) == {s for s in spans if s.start <= offset < s.end}
        at += len(piece.text)


@given(TEXTS, SPANS, st.lists(st.integers(0, 45), max_size=5))
def test_paragraphs_hold_every_character_but_white_space_in_order(
    text: str, spans: list[Span], starts: list[int]
) -> None:
    found = paragraphs(text, spans, [(start, "body") for start in starts])
    joined = "".join(piece.text for paragraph in found for piece in paragraph.pieces)
    assert "".join(joined.split()) == "".join(text.split())
    named = [owner for paragraph in found for piece in paragraph.pieces for owner in piece.starts]
    assert len(named) == len(set(named)), "an address stands once on a page"


def test_offsets_are_code_points() -> None:
    text = "🚢🚢 “שלום 👋🏽” said A"
    span = Span("s", "content", text.index("“"), text.index("”") + 1)
    assert [p.text for p in pieces(text, [span]) if p.spans] == ["“שלום 👋🏽”"]


def test_the_inner_statement_gives_the_look() -> None:
    text = "A said B had said C"
    spans = [
        Span("outer", "source", 0, 1), Span("outer", "cue", 2, 6), Span("outer", "content", 7, 19),
        Span("inner", "source", 7, 8, 1), Span("inner", "cue", 9, 17, 1), Span("inner", "content", 18, 19, 1),
    ]  # fmt: skip
    tops = [(p.text, p.top.owner, p.top.kind, p.owners) for p in pieces(text, spans) if p.top]
    assert tops == [
        ("A", "outer", "source", ("outer",)), ("said", "outer", "cue", ("outer",)),
        ("B", "inner", "source", ("inner", "outer")), (" ", "outer", "content", ("outer",)),
        ("had said", "inner", "cue", ("inner", "outer")), (" ", "outer", "content", ("outer",)),
        ("C", "inner", "content", ("inner", "outer")),
    ]  # fmt: skip


def test_spans_that_cross_share_the_piece_between() -> None:
    found = pieces("abcdef", [Span("p", "content", 0, 4), Span("q", "content", 2, 6)])
    assert [(p.text, p.owners) for p in found] == [("ab", ("p",)), ("cd", ("p", "q")), ("ef", ("q",))]


def test_empty_spans_and_spans_beyond_the_text_mark_what_there_is() -> None:
    assert [(p.text, p.owners) for p in pieces("abc", [Span("p", "cue", 1, 1), Span("q", "cue", 2, 99)])] == [
        ("ab", ()), ("c", ("q",)),
    ]  # fmt: skip
    assert pieces("", [Span("p", "cue", 0, 3)]) == []


def test_paragraphs_begin_where_they_are_said_to_begin() -> None:
    text = "Head\nStand\n\nBody one.\nStill one.\n\nTwo."
    starts = [(0, "headline"), (5, "standfirst"), (12, "body"), (34, "body")]
    found = paragraphs(text, [], starts)
    assert [(p.section, "".join(x.text for x in p.pieces)) for p in found] == [
        ("headline", "Head"), ("standfirst", "Stand"), ("body", "Body one.\nStill one."), ("body", "Two."),
    ]  # fmt: skip
    assert len(paragraphs(text, [], [])) == 3, "without any, blank lines divide"


def test_a_statement_over_two_paragraphs_is_marked_in_both_and_begins_once() -> None:
    text = "“One.\n\n“Two,” she said."
    found = paragraphs(text, [Span("s", "content", 0, 13)], [(0, "body"), (7, "body")])
    marks = [(piece.text, piece.starts) for p in found for piece in p.pieces if piece.spans]
    assert marks == [("“One.", ("s",)), ("“Two,”", ())]


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Strike, strikes", {"Strike"}, ["Strike"]), ("über-Über", {"Über"}, ["Über"]),
        ("a <b>", {"b"}, ["b"]), ("", {"x"}, []),
    ],
)  # fmt: skip
def test_words_that_were_searched_for_are_marked(text: str, words: set[str], marked: list[str]) -> None:
    found = marked_words(text, words)
    assert "".join(p.text for p in found) == text
    assert [p.text for p in found if p.spans] == marked
