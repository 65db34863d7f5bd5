"""Words folded for comparison: what is the same whichever way it was typed.

Covers what does not count between two prints of the same words. For as a leading "the", see `names`; for whether two
different wordings are near, see `copies`. It does not cover what does not count in a name besides.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile(r"[’'‘ʼ＇]")
_LETTERS = str.maketrans({
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ı": "i",
    "ð": "d", "þ": "th",
})  # fmt: skip


def fold_words(words: str) -> str:
    """Return words for comparison: case and marks do not count, apostrophes drop out, what parts words is one space.

    "Don’t — STOP!" -> "dont stop". Accents count, whether they are letters of their own or set on the one before
    ("é", "e" and U+0301); "Straße" is "strasse", since in capitals nobody can tell. It is `content_norm` of a statement
    and `text_norm` of a quote.
    """
    if words.isascii():
        folded = words.lower().replace("'", "")
        return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
    folded = unicodedata.normalize("NFC", _APOSTROPHES.sub("", words).casefold())
    return " ".join("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split())


def letters_only(text: str) -> str:
    """Return the letters and digits of a text alone, folded: a headline in two prints of one page."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def strip_accents(text: str) -> str:
    """Return the text with letters that carry marks replaced by their plain ones."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c))
