"""The choice of the body: what a page that libraries misread gives, and that it says when it is unsure."""

from __future__ import annotations

from pipelines.core.documents.body_choice import choose
from pipelines.core.documents.body_features import FEATURES, Hints, Reading, features
from pipelines.core.documents.body_weights import WEIGHTS
from pipelines.core.documents.html_body import parse_tree, read_body
from pipelines.core.documents.page_blocks import Block, blocks

STORY = [
    "The ferry company of Wickholm will stop its night boats in the autumn, the council was told on Monday.",
    "“There are nights on which we carry two passengers and a dog,” said its director, Jon Mell.",
    "The council pays four hundred thousand crowns a year for the boats and wants part of that back.",
    "Nurses of the hospital on the island asked how they should get home after a late shift in the winter.",
]
COOKIES = (
    "<div id='cookie-notice'><p>We use cookies to improve your experience on this site. By clicking accept you agree to"
    " the storing of cookies on your device to analyse usage and to assist in our marketing efforts.</p></div>"
)


def body(markup: str, hints: Hints | None = None) -> tuple[str, ...]:
    return read_body(parse_tree(f"<html><body>{markup}</body></html>"), hints or Hints()).paragraphs


def story() -> str:
    return "".join(f"<p>{line}</p>" for line in STORY)


def test_an_article_inside_an_unclosed_aside_is_the_body() -> None:
    page = f"{COOKIES}<aside class='share'><ul><li><a href='#'>Share</a></li></ul><div>{story()}</div></aside>"
    assert body(page + "<article><h1>Night boats to stop</h1></article>") == tuple(STORY)


def test_the_river_of_other_stories_is_no_body() -> None:
    river = "".join(f"<li><a href='/{n}'>Another story about boats, number {n}</a></li>" for n in range(9))
    page = f"<main><h1>Night boats to stop</h1><div>{story()}</div><div class='related'><ul>{river}</ul></div></main>"
    assert body(page, Hints(headline="Night boats to stop")) == tuple(STORY)


def test_a_page_that_scripts_build_is_read_from_its_declaration() -> None:
    found = body("<div id='root'></div>", Hints(declared="\n\n".join(STORY)))
    assert found == tuple(STORY)


def test_a_declared_teaser_does_not_replace_what_is_printed() -> None:
    assert body(f"<article>{story()}</article>", Hints(declared=STORY[0])) == tuple(STORY)


def test_a_reading_votes_by_runs_of_words_and_for_short_lines_as_a_whole() -> None:
    reading = Reading(["One two three four five.", "Six seven"])
    assert reading.vote(["One", "two", "three", "four"]) == 1.0
    assert reading.vote(["two", "three", "nine", "ten", "four"]) == 0.0
    assert (reading.vote(["Six", "seven"]), reading.vote(["Six"])) == (1.0, 0.0)


def test_every_weight_is_of_a_feature() -> None:
    assert set(WEIGHTS) == {"none", "fast", "both"}
    assert {name for weights in WEIGHTS.values() for name in weights} <= {*FEATURES, "bias"}


def test_every_feature_that_a_page_can_have_is_listed() -> None:
    rows = features(blocks(parse_tree(f"<html><body>{COOKIES}<main>{story()}</main></body></html>")), {}, Hints())
    assert {name for row in rows for name in row} - set(FEATURES) <= {"in_pullquote"}


def test_a_page_without_text_has_no_body() -> None:
    assert choose(parse_tree("<html><body></body></html>"), [], Hints()).is_body == ()
    assert features([Block("x", "p")], {}, Hints())[0]["inside"] == 1.0


OFFER = (
    "Every day at six, what happened in the night, by our editor. Sign up for the newsletter, you can cancel any time."
)


def test_a_box_that_speaks_of_the_site_inside_the_article_is_no_body() -> None:
    page = f"<main><p>{STORY[0]}</p><p>{STORY[1]}</p><div><p>{OFFER}</p></div><p>{STORY[2]}</p><p>{STORY[3]}</p></main>"
    assert body(page) == tuple(STORY)


def test_a_consent_notice_longer_than_the_article_is_no_body() -> None:
    notice = COOKIES.replace("cookie-notice", "x1") * 4
    assert body(notice + f"<h1>Night boats to stop</h1>{story()}", Hints(headline="Night boats to stop")) == tuple(
        STORY
    )


def test_a_cell_that_lays_the_page_out_is_apart_from_the_cell_beside_it() -> None:
    page = f"<table><tr><td><a href='/n'>News</a></td><td>{'<br><br>'.join(STORY)}</td></tr></table>"
    assert body(page) == tuple(STORY)


def test_a_row_of_figures_stays_on_one_line() -> None:
    table = "<table><tr><td>Norhaven</td><td>41</td></tr></table>"
    assert [b.text for b in blocks(parse_tree(f"<html><body>{table}</body></html>"))] == ["Norhaven 41"]
