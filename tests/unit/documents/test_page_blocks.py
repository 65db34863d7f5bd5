"""Blocks of a page: where paragraphs begin and end, what stands round them, and whose a block quote is."""

from __future__ import annotations

import pytest

from pipelines.core.documents.block_quotes import printed
from pipelines.core.documents.html_body import parse_tree
from pipelines.core.documents.page_blocks import Block, blocks


def found(markup: str) -> list[Block]:
    return blocks(parse_tree(f"<html><body>{markup}</body></html>"))


def texts(markup: str) -> list[str]:
    return [b.text for b in found(markup)]


def quoted(markup: str) -> list[str]:
    own = found(markup)
    return printed(own, [True] * len(own))


def test_one_line_break_is_white_space_and_two_end_a_paragraph() -> None:
    assert texts("<div>The ferry<br>sails at six.<br><br>It returns<br/>\n <br/> <br>at nine.</div>") == [
        "The ferry sails at six.",
        "It returns",
        "at nine.",
    ]


def test_soft_hyphens_and_zero_width_spaces_are_no_border_of_a_word() -> None:
    assert texts("<p>The light&shy;house keep&#8203;er of Wick&#173;holm</p>") == ["The lighthouse keeper of Wickholm"]


def test_what_is_not_printed_is_no_text() -> None:
    hidden = "<p>One</p><script>x()</script><p hidden>Two</p><p style='display: none'>Three</p><button>Four</button>"
    assert texts(hidden + " tail") == ["One", "tail"]


def test_a_row_of_a_table_is_one_block() -> None:
    assert texts("<table><tr><td>Quay</td><td>12 m</td></tr></table>") == ["Quay 12 m"]


def test_a_block_knows_what_stands_round_it() -> None:
    by_text = {b.text: b for b in found("<aside class='most-read'><p>A <a>b</a></p></aside><p>C <time>9:00</time></p>")}
    assert {"side", "related"} <= by_text["A b"].marks
    assert (by_text["A b"].n_link, by_text["C 9:00"].has_time) == (1, True)
    assert not by_text["C 9:00"].marks


def test_a_block_quote_keeps_the_name_in_its_footer() -> None:
    assert quoted("<p>He was brief.</p><blockquote><p>We sail.</p><footer>Jon Mell, mate</footer></blockquote>") == [
        "He was brief.",
        "“We sail.”",
        "— Jon Mell, mate",
    ]


def test_an_embedded_post_keeps_its_author_without_handle_day_and_links() -> None:
    post = (
        "<blockquote class='twitter-tweet'><p>We sail at six. pic.twitter.com/abc</p>&mdash; Jon Mell (@jon_mell)"
        " <a href='https://x.example/1'>March 3, 2026</a></blockquote>"
    )
    assert quoted(f"<p>The mate answered.</p>{post}") == ["The mate answered.", "“We sail at six.”", "— Jon Mell"]


@pytest.mark.parametrize(
    "lead_in",
    ["The mate wrote on his page:", "Ana Mell, the mate, said in a statement late on Monday:", "She replied:"],
)
def test_a_block_quote_after_a_lead_in_stands_between_marks(lead_in: str) -> None:
    assert quoted(f"<p>{lead_in}</p><blockquote><p>We sail.</p><p>At six.</p></blockquote>") == [
        lead_in,
        "“We sail.",
        "“At six.”",
    ]


@pytest.mark.parametrize("before", ["The rule is this:", "He said so. Three rules hold:", "The mate wrote it down."])
def test_a_block_quote_that_nobody_is_said_to_have_said_stands_as_printed(before: str) -> None:
    assert quoted(f"<p>{before}</p><blockquote><p>No boat may sail.</p></blockquote>")[-1] == "No boat may sail."


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("<p>We sail.</p><footer>— <cite>Jon Mell</cite>, mate</footer>", "Jon Mell, mate"),
        ("<p>We sail.<cite>Jon Mell</cite></p>", "Jon Mell"),
        ("<p>We sail.</p><p><cite>Jon Mell</cite></p>", "Jon Mell"),
        ("<p>We sail.</p>&mdash; Jon Mell (<a>@mell.keel.example</a>) <a>March 3, 2026</a>", "Jon Mell"),
    ],
)
def test_the_name_under_a_block_quote_is_whole_and_a_line_of_its_own(inside: str, name: str) -> None:
    assert quoted(f"<blockquote>{inside}</blockquote>") == ["“We sail.”", f"— {name}"]


def test_the_title_of_a_work_stays_in_its_line() -> None:
    told = "<blockquote><p>As the <cite>Keel Post</cite> told, (<cite>Wick Post</cite>) too.</p></blockquote>"
    assert quoted(told) == ["As the Keel Post told, (Wick Post) too."]
    assert texts("<p>“We sail.”<cite>Jon Mell</cite></p>") == ["“We sail.” Jon Mell"]


def test_every_paragraph_of_a_quotation_opens_and_the_last_one_closes() -> None:
    assert quoted("<blockquote><p>We sail.</p><p>At six.</p><cite>Jon Mell</cite></blockquote>") == [
        "“We sail.",
        "“At six.”",
        "— Jon Mell",
    ]


def test_a_block_quote_of_nobody_stands_as_it_is() -> None:
    assert quoted("<p>The rule says this.</p><blockquote>No boat may sail.</blockquote>")[-1] == "No boat may sail."


def test_marks_that_are_printed_are_not_doubled() -> None:
    assert quoted("<p>She wrote:</p><blockquote>“We sail.”</blockquote>")[-1] == "“We sail.”"


def test_a_pull_quote_that_repeats_the_text_is_left_out() -> None:
    pulled = "<blockquote class='pull-quote'>We sail at six<cite>Jon Mell</cite></blockquote>"
    assert quoted(f"<p>“We sail at six,” said Jon Mell.</p>{pulled}<p>Then he left.</p>") == [
        "“We sail at six,” said Jon Mell.",
        "Then he left.",
    ]
