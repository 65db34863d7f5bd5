"""Lines of the page and lines of the article: each pattern, and news that uses the same words."""

from __future__ import annotations

import pytest

from pipelines.core.documents.boilerplate import is_boilerplate, is_navigation, without_list
from tests.unit.documents.helpers import BODY, page

LINES = (
    "Read more: what the storm did to the harbour", "Also read: Five storms in one winter",
    "[Related: Storms in figures]",
    "Follow the Fern Post Opinion section on Facebook, Twitter (@fernpost) and Instagram.",
    "Follow @FernDeals on Twitter to keep up with the latest offers. Quantities may be limited.",
    "Reach the reporters on Twitter at http://social.example/ann and http://social.example/bob",
    "Follow all of our coverage of the storms at https://www.fernpost.example/storms",
    "https://www.fernpost.example/news/wall", "Most read in local news", "DON'T MISS", "12 comments",
    "Get the day's top headlines delivered to your inbox every morning by subscribing to our newsletter.",
    "Sign up for the morning letter.", "Thanks for signing up!", "Keep an eye on your inbox for the latest news.",
    "There was an error processing your subscription.", "An error has occurred, please try again later.",
    "If you enjoyed this article, we have a proposition for you: become a member.",
    "Our readers write letters every day. We’d like to hear what you think about this or any of our articles.",
    "This copy is for your personal, non-commercial use only. To order copies, visit our shop.",
    "GET FERN NEWS ON THE GO BY CLICKING HERE", "Want more science? Get a subscription of our magazine.",
    "[button link=”http://fernpost.example/kit” type=”big”] Send us YOUR review[/button]", "Filed under: Harbour |",
    "Reading time: 2 minutes", "4 min read", "Tell us what YOU think...", "___", "* * *", "Advertisement",
    "Twitter: @annlee", "(h/t The Delta.)", "Watch the full interview below:", "Enter your email address:", "——",
    "This story has been updated with what the mayor said on Tuesday.", "Getty Images",
    "Like us on Facebook", "Download the Fern Post app for Android and iPhone.", "Share", "Back to top",
)  # fmt: skip
NEWS = (
    "Read more books, the minister told the children of Fernholm, and you will never be bored.",
    "Subscribers of the paper will get their money back, its owner said on Monday.",
    "Follow-up checks on Facebook, Twitter and other firms are planned, the office said.",
    "Like thousands of others on Facebook, Ada Lund shared the picture, and lost her job over it.",
    "Getting a newsletter into an inbox has become harder, publishers say.",
    "Comments by the minister drew anger on Monday.", "Related crimes rose by a third last year, police said.",
    "More from the harbour was expected on Monday, but nothing came, the fishermen said.",
    "Top stories sell papers, and she wrote most of them for nine years.",
    "Most readers of the paper are older than fifty.", "Live music will return to the pier.",
    "Watch the ad, and you see what is wrong with the town, its mayor said.",
    "The story was updated by nobody, she said.",
    "The fishers of Pell contributed nine crowns each.", "Ann Lee reported from the front that nobody was hurt there.",
    "Voters contributed to the mayor’s defeat, polls show.", "“Thank you,” said the mayor.", "Thank you.", "Sorry!",
    "Sharing the prize were two towns on the coast.", "An error in the count was found on Tuesday, the office said.",
    "Download speeds fell in the north, where many have a subscription to one firm.",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_lines_of_the_page(line: str) -> None:
    assert is_boilerplate(line)
    assert is_navigation(line)


@pytest.mark.parametrize("line", NEWS)
def test_news_with_the_same_words(line: str) -> None:
    assert not is_boilerplate(line)


def test_a_credit_is_boilerplate_but_no_navigation() -> None:
    for line in (
        "(Reporting by Ann Lee; Editing by Bob Roe)", "© 2026 AP. All rights reserved.",
        "Contributing: Ann Lee, The Delta.",
        "Ann Lee contributed.", "Ann Lee and Bob van der Roe contributed to this report.", "Lee reported from Marlow.",
        "Ann Lee contributed reporting from Pell. Bob Roe reported from Marlow, N.D.",
    ):  # fmt: skip
        assert is_boilerplate(line)
        assert not is_navigation(line)


ARTICLE = BODY.split("\n\n") * 2
TEASERS = ["A sixth storm is on its way to Fernholm", "The harbour has “new” lamps"]


def test_a_list_of_other_articles_at_the_end_is_cut() -> None:
    assert without_list([*ARTICLE, "Top stories", *TEASERS, "Partner news", *TEASERS]) == ARTICLE


@pytest.mark.parametrize(
    "after",
    [["“I will not go back to that house as long as I live,” she said."], ["word " * 60], [*TEASERS, "word " * 60]],
)
def test_an_article_that_goes_on_under_such_a_heading_is_kept(after: list[str]) -> None:
    whole = [*ARTICLE, "Top stories", *after]
    assert without_list(whole) == whole


def test_a_page_that_is_a_list_alone_is_left_as_it_is() -> None:
    assert without_list(["Home", "Top stories", *TEASERS]) == ["Home", "Top stories", *TEASERS]


def html(middle: str) -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in ARTICLE)
    whole = f"<h1>A wall for Fernholm harbour</h1>{paragraphs}{middle}{paragraphs}"
    return f"<html><body><article>{whole}</article></body></html>"


def test_a_paragraph_that_is_one_link_leads_elsewhere() -> None:
    found = page(
        html("<p><a href='/x'>STORM IN FERNHOLM: FIVE THINGS TO KNOW</a></p><p>See <a href='/y'>the map</a>.</p>")
    )
    assert "FIVE THINGS" not in found.text
    assert "See the map." in found.text


def test_a_form_in_the_article_is_no_text() -> None:
    form = "<div class='inline-newsletter'><p>Pier Letter</p><p>The best of the coast.</p><p>Sorry!</p></div>"
    found = page(html(form))
    assert "Pier Letter" not in found.text
    assert "Sorry" not in found.text


def test_a_row_of_a_table_is_a_line() -> None:
    table = "<table><tr><td>Fernholm</td><td>12</td><td>+3</td></tr><tr><td>Pell</td><td>7</td><td>-1</td></tr></table>"
    assert "Fernholm 12 +3" in page(html(table)).text
