"""Bytes -> characters."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.documents.decode import declared_charset, decode
from pipelines.core.documents.model import Refused

TEXT = "The café in Århus said “no” – twice.\r\nIt cost €5.\n"


def _rule(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        decode(data)
    return f"{refused.value.refusal.stage}/{refused.value.refusal.rule}"


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + " \n".encode("utf-16-le")])
def test_empty_is_refused(data: bytes) -> None:
    assert _rule(data) == "decode/empty"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 some",
        b"PK\x03\x04abcdef",
        b"\x89PNG\r\n\x1a\n123",
        b"ab\x00cd\x00\x00ef gh",
        bytes(range(1, 32)) * 20,
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    assert _rule(data) == "decode/binary"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_stands_exactly_as_written(codec: str) -> None:
    found = decode(TEXT.encode(codec))
    assert (found.text, found.is_repaired) == (TEXT, False)


def test_cyrillic_without_declaration() -> None:
    text = "Правительство заявило, что переговоры начнутся в понедельник, и отказалось сообщить подробности. " * 5
    assert decode(text.encode("cp1251")).text == text


def test_a_few_broken_bytes_in_utf8_are_marked() -> None:
    found = decode("Žluťoučký kůň said ".encode() + b"\xc3 yes, very much so")
    assert found.is_repaired
    assert found.text.startswith("Žluťoučký kůň said \ufffd")


def test_valid_utf8_goes_before_a_wrong_declaration() -> None:
    assert decode("naïve – “so”".encode(), "iso8859-1").text == "naïve – “so”"


def test_declared_latin1_is_read_as_the_web_means_it() -> None:
    page = b'<html><head><meta charset="ISO-8859-1"></head><body>\x93caf\xe9\x94</body></html>'
    assert declared_charset(page) == "iso8859-1"
    assert "“café”" in decode(page, declared_charset(page)).text


def test_unknown_declared_charset_is_no_error() -> None:
    assert declared_charset(b'<meta charset="x-none">') is None
    assert decode(b"plain \xe9t\xe9", "x-none").text == "plain été"


@given(st.text(min_size=1).filter(lambda t: t.strip() and "\x00" not in t and not t.startswith("\ufeff")))
def test_utf8_round_trip(text: str) -> None:
    try:
        assert decode(text.encode()).text == text
    except Refused:
        n_controls = sum(ord(c) < 32 and c not in "\a\b\t\n\v\f\r\x1b" for c in text)
        assert n_controls > 8 or text.startswith(("%PDF-", "GIF8", "BZh", "{\\rtf")) or not text.strip(" \t\r\n\v\f")


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        decode(data).text.encode("utf-8")
    except Refused as refused:
        assert refused.refusal.stage == "decode"
