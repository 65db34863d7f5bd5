"""Quality flags: what sets each, and news that only uses the words."""

from __future__ import annotations

import json

import pytest

from pipelines.core.documents.quality import FLAGS, is_paywall, is_translation_note
from tests.unit.documents.helpers import BODY, page, plain

HEAD = "Fernholm votes to rebuild its harbour wall"
DATED = f"{HEAD}\nMarch 3, 2026\n\n"


def flags(text: str) -> set[str]:
    return set(plain(text).quality_flags)


def html(body: str, head: str = "", title: str = HEAD) -> set[str]:
    paragraphs = "".join(f"<p>{p}</p>" for p in BODY.split("\n\n"))
    found = page(
        f"<html><head><meta property='article:published_time' content='2026-03-03T08:00:00Z'>{head}</head><body>"
        f"<article><h1>{title}</h1>{paragraphs}{body}</article></body></html>"
    )
    assert set(found.quality_flags) <= set(FLAGS)
    return set(found.quality_flags)


def test_a_whole_article_has_no_flag() -> None:
    assert flags(DATED + BODY) == set()
    assert html("") == set()


PAYWALLS = (
    "Subscribe to continue reading.", "To continue reading this article, please subscribe or log in.",
    "Already a subscriber? Log in", "This article is for subscribers only.", "Log in or subscribe to read on.",
    "You have reached your limit of free articles.", "You’ve used all your free articles for this month.",
    "The rest of this story is available to our paying members.",
        "Want to read on? Subscribe now to unlock this article.",
    "Please register to continue.",
)  # fmt: skip


@pytest.mark.parametrize("line", PAYWALLS)
def test_a_stub_that_ends_at_a_paywall(line: str) -> None:
    assert is_paywall(line)
    assert "paywall" in flags(f"{DATED}{BODY}\n\n{line}")
    assert "paywall" in html(f"<div class='wall'><p>{line}</p></div>")


def test_a_stub_that_only_the_declarations_tell() -> None:
    ld = {"@type": "NewsArticle", "headline": HEAD, "isAccessibleForFree": "False"}
    script = f"<script type='application/ld+json'>{json.dumps(ld)}</script>"
    assert "paywall" in html("", script)
    assert "paywall" not in html("", script.replace('"False"', "true"))


@pytest.mark.parametrize(
    "line",
    [
        "Readers who subscribe to the paper pay nine crowns a month, its owner said.",
        "“Subscribe to our letter,” the mayor told the crowd, “and you will know more than I do.”",
        "The league said members would have to log in to vote.",

        "Subscribers only got their money back after a year, a court heard on Monday, and some had to sue for it.",
        "The paper asked readers on Monday to subscribe to continue its work.",
        "Sign in to your account", "Subscribe", "Log in to comment",
    ],
)  # fmt: skip
def test_news_about_subscriptions_is_no_paywall(line: str) -> None:
    assert "paywall" not in flags(f"{DATED}{BODY}\n\n{line}")
    assert "paywall" not in html(f"<p>{line}</p>")


def test_a_long_article_with_an_offer_below_it_was_printed_whole() -> None:
    assert "paywall" not in flags(DATED + (BODY + "\n\n") * 8 + "Subscribe to continue reading.")


@pytest.mark.parametrize(
    "title",
    [
        "Live: storm reaches Fernholm", "LIVE | Storm reaches Fernholm", "Storm in Fernholm – live",
        "Storm live updates",
        "Storm reaches Fernholm: as it happened", "Storm in Fernholm – latest updates",
    ],
)  # fmt: skip
def test_a_live_blog(title: str) -> None:
    assert "live_blog" in html("", title=title)
    assert "live_blog" in flags(f"{title}\nMarch 3, 2026\n\n{BODY}")


@pytest.mark.parametrize(
    "title",
    [
        "Live music returns to the pier", "Where the last eel fishers live",
        "Thousands watch the storm live on the pier",
        "Live and let live: a town and its gulls", "As it happened, nobody in Fernholm was awake",
    ],
)  # fmt: skip
def test_news_about_what_lives_is_no_live_blog(title: str) -> None:
    assert "live_blog" not in html("", title=title)


@pytest.mark.parametrize(
    "line",
    [
        "This article was translated by AI.", "This story has been machine-translated from German.",
        "Editor's note: This text was automatically translated and may contain errors.",
        "(Machine translation)",
        "Translated with DeepL", "This page was translated using Google Translate.",
        "Machine translated from Norwegian.",
        "Disclaimer: The article was translated with the help of artificial intelligence.",
    ],
)  # fmt: skip
def test_a_machine_translation(line: str) -> None:
    assert is_translation_note(line)
    assert "machine_translated" in flags(f"{DATED}{BODY}\n\n{line}")
    assert "machine_translated" in html(f"<p>{line}</p>")


@pytest.mark.parametrize(
    "line",
    [
        "The report was translated by three students from Pell.",
        "Machine translation has become cheap, the firm said.",
        "Translated by Ann Lee", "A court heard that the letter had been translated with DeepL.",
        "This article was translated from German by Ann Lee.",
    ],
)  # fmt: skip
def test_news_about_translation_is_none(line: str) -> None:
    assert "machine_translated" not in flags(f"{DATED}{BODY}\n\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "Correction: An earlier version gave the wrong day.",
        "Corrections & clarifications: The wall is nine metres long.",
        "This article was amended on March 4, 2026, because it gave the wrong day.",
        "An earlier version of this story misspelled the name of the mayor.",
        "Editor’s note: The date of the vote has been corrected.", "Clarification — The vote was on Tuesday.",
    ],
)  # fmt: skip
def test_a_correction(line: str) -> None:
    assert flags(f"{DATED}{BODY}\n\n{line}") == {"correction"}
    assert html(f"<p>{line}</p>") == {"correction"}


@pytest.mark.parametrize(
    "line",
    [
        "The ministry issued a correction on Tuesday and gave the right sum.",
        "Corrections officers walked out of the prison at Pell on Monday.",
        "Markets saw a correction: shares fell by a tenth within two days, and most analysts had expected it.",
        "The paper said its earlier version of the story was wrong.",
    ],
)  # fmt: skip
def test_news_about_corrections_is_none(line: str) -> None:
    assert "correction" not in flags(f"{DATED}{BODY}\n\n{line}")


def test_the_other_flags() -> None:
    assert flags("The council met.\n") >= {"too_short", "no_date"}
    assert "no_date" in flags(BODY)
    assert "error_page" in flags(
        "Page not found\n\nWe looked for it everywhere. Try the search, or go back to the start."
    )
