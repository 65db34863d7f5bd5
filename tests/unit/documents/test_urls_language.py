"""URLs, domains, languages."""

from __future__ import annotations

import pytest

from pipelines.core.documents.language import detect_language, language_code
from pipelines.core.documents.urls import canonical_url, domain_of, has_path


def test_one_form_for_one_article() -> None:
    forms = [
        "https://www.Example.co.uk:443/a/b?id=3&utm_source=x&fbclid=9#top",
        "https://www.example.co.uk/a/b?utm_medium=y&id=3",
        " https://www.example.co.uk/a/b?id=3 ",
    ]
    assert {canonical_url(f) for f in forms} == {"https://www.example.co.uk/a/b?id=3"}
    assert canonical_url("https://e.com/?b=2&a=1") == canonical_url("https://e.com/?a=1&b=2")


@pytest.mark.parametrize(
    "copy",
    [
        "https://news-example-com.cdn.ampproject.org/c/s/news.example.com/a/b",
        "https://news-example-com.cdn.ampproject.org/v/s/news.example.com/a/b?amp_js_v=0.1&usqp=x",
        "https://www.google.co.uk/amp/s/news.example.com/a/b",
    ],
)
def test_a_copy_that_others_keep_of_a_mobile_page_is_the_page(copy: str) -> None:
    assert canonical_url(copy) == "https://news.example.com/a/b"


def test_other_addresses_of_who_keeps_copies_stay() -> None:
    url = "https://www.google.com/amp/about"
    assert canonical_url(url) == url
    insecure = "http://news-example-com.cdn.ampproject.org/c/news.example.com/a"
    assert canonical_url(insecure) == "http://news.example.com/a"


@pytest.mark.parametrize(
    "bad", [None, "", "notaurl", "/a/b", "ftp://a.b/c", "mailto:a@b.c", "http://[::1", "http://localhost/a"]
)
def test_no_url(bad: str | None) -> None:
    assert canonical_url(bad) is None


def test_domains() -> None:
    assert domain_of("http://news.bbc.co.uk/1") == "bbc.co.uk"
    assert domain_of("https://foo.blogspot.com/x") == "foo.blogspot.com"
    assert domain_of("WWW.Example.com") == "example.com"
    assert domain_of("no domain") is None


def test_front_page_has_no_path() -> None:
    assert has_path("https://e.com/a") and has_path("https://e.com/?p=3")
    assert not has_path("https://e.com/") and not has_path("https://e.com/index.html")


def test_language_of_a_body() -> None:
    assert (
        detect_language("The council voted on Tuesday to rebuild the old harbour wall before the winter storms come.")
        == "en"
    )
    assert (
        detect_language("Der Rat stimmte am Dienstag dafür, die alte Hafenmauer vor dem Winter wieder aufzubauen.")
        == "de"
    )


def test_language_is_unknown_where_there_is_little_to_go_by() -> None:
    assert detect_language("Hello") is None
    assert detect_language("12 34 56 " * 50) is None


@pytest.mark.parametrize(
    ("body", "headline", "code"),
    [
        ("The ferry will stop in June.", None, "en"),
        ("Rain.", "COUNCIL VOTES TO REBUILD THE HARBOUR WALL", "en"),
        ("Die Fähre fährt ab Juni nicht mehr.", None, "de"), ("Le bac s’arrête en juin.", "La fin d’un métier", "fr"),
        ("El gobierno lo niega todo.", None, "es"), ("Prezydent jedzie do Berlina.", None, "pl"),
        ("Президент едет в Берлин на встречу.", None, "ru"), ("Ok.", "Weir", None),
    ],
)  # fmt: skip
def test_language_of_a_short_text(body: str, headline: str | None, code: str | None) -> None:
    assert detect_language(body, headline) == code


def test_supplied_language_codes() -> None:
    assert (language_code("en-GB"), language_code("DE"), language_code("English"), language_code(3)) == (
        "en",
        "de",
        None,
        None,
    )
