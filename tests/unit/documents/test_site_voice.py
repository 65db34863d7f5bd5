"""What a site says for itself is told from news about the same things."""

from __future__ import annotations

import pytest

from pipelines.core.documents.site_voice import is_bio, is_credited, pitch


def test_an_offer_to_the_reader_is_told_from_news_of_offers() -> None:
    assert pitch("Sign up to our newsletter and get the news of the night in your inbox.") == 1
    assert pitch("The publisher said that its newsletter had nine thousand subscribers in March.") == 0
    assert pitch("“You should sign up for our newsletter,” the minister told the publisher.") == 0


@pytest.mark.parametrize(
    "text",
    [
        "Ada Birk is a reporter for The Example. She studied botany in Norhaven.",
        "Ada Birk has written about the city since 2009. She lives in Kell with two dogs.",
    ],
)
def test_a_note_on_the_author_is_told(text: str) -> None:
    assert is_bio(text)


def test_news_of_a_reporter_is_no_note_on_the_author() -> None:
    assert not is_bio("Ada Birk, a reporter of the Ledger, was released on Monday after nine days, her paper said.")


def test_a_line_that_names_its_photographer_is_a_caption() -> None:
    assert is_credited("The lower gate of the lock at Tessel. Photo: Ada Birk")
    assert is_credited("The lower gate of the lock at Tessel on Monday. (AP Photo/Ada Birk)")
    assert not is_credited("The photograph by which the thief was found hung in the town hall for years, she said.")
