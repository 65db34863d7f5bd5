"""Bytes -> characters.

Covers byte order marks, declared and guessed encodings, what is no text at all. It does not cover anything about what
the characters mean. A text stands exactly as decoded: only a byte order mark is removed; no newline is folded, nothing
is trimmed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipelines.core.documents.model import Refused

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP container (docx, epub, ...)"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3", "a SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.I)
_CONTROLS = bytes(b for b in range(32) if b not in (7, 8, 9, 10, 11, 12, 13, 27))
_LETTERS_1252 = frozenset("ŠŒŽšœžŸ" + "".join(chr(c) for c in range(0xC0, 0x100) if c not in (0xD7, 0xF7)))
_SIGNS_1252 = frozenset("€‚ƒ„…‘’“”•–—™¡£§©«®°·»¿\xa0½¼¾¢´²³")
_RUNS = re.compile("[\xc0-\xff]{2,}")
_SAMPLE = 65_536


@dataclass(frozen=True)
class Decoded:
    """A decoded text.

    Attributes:
        text: The characters.
        encoding: The codec that gave them.
        is_repaired: Some bytes could not be decoded and stand as U+FFFD.
    """

    text: str
    encoding: str
    is_repaired: bool = False


def declared_charset(data: bytes) -> str | None:
    """Return the codec that an HTML or XML head declares, if Python has it."""
    head = data[:4096]
    found = _META_CHARSET.search(head) or _XML_CHARSET.search(head)
    if found is None:
        return None
    try:
        return codecs.lookup(found.group(1).decode("ascii")).name
    except LookupError:
        return None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a record.

    Valid UTF-8 goes before a declared 8-bit charset: bytes beyond ASCII are valid UTF-8 by accident next to never,
    while pages that declare the wrong charset are common.

    Args:
        data: The bytes as received.
        declared: Codec name that the record or its transport declares.

    Raises:
        Refused: decode/empty, decode/binary.
    """
    if not data.strip(b" \t\r\n\x0b\x0c"):
        raise Refused("decode", "empty", "The record holds no characters; drop it or look at what wrote it.")
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _with_mark(data[len(mark) :], codec)
    _refuse_binary(data)
    wide = _utf16_without_mark(data)
    if wide is not None:
        return wide
    if b"\x00" in data:
        raise Refused(
            "decode", "binary", "The record holds NUL bytes, so it is no text; convert it to UTF-8 text first."
        )
    return _decode_bytes(data, declared)


def _with_mark(data: bytes, codec: str) -> Decoded:
    text = data.decode(codec, "replace")
    if not text.strip():
        raise Refused("decode", "empty", "The record holds a byte order mark and no characters; drop it.")
    if "\x00" in text:
        raise Refused("decode", "binary", "The record holds NUL characters, so it is no text; convert it first.")
    return Decoded(text, codec, "\ufffd" in text)


def _refuse_binary(data: bytes) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Refused("decode", "binary", f"The record is {what}, not text; convert it to text first.")
    sample = data[:_SAMPLE]
    n_controls = len(sample) - len(sample.translate(None, _CONTROLS)) - sample.count(0)
    if n_controls > max(8, len(sample) // 20):
        share = f"{n_controls} of the first {len(sample)} bytes are control characters"
        raise Refused("decode", "binary", f"{share}, so it is no text; convert it to UTF-8 text first.")


def _utf16_without_mark(data: bytes) -> Decoded | None:
    sample = data[: _SAMPLE - _SAMPLE % 2]
    if len(data) % 2 or len(sample) < 4:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for n_high, n_low, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if n_high > half * 0.3 and n_low <= half * 0.01:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return Decoded(text, codec)
    return None


def _decode_bytes(data: bytes, declared: str | None) -> Decoded:
    if declared and declared.startswith("iso2022"):  # seven bits a byte: any such text is valid UTF-8 as well
        text = _strictly(data, declared)
        if text is not None:
            return Decoded(text, declared)
    text = _strictly(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    if declared and declared != "utf-8":
        # What the web calls Latin-1 is Windows-1252.
        codec = "cp1252" if declared in ("iso8859-1", "ascii") else declared
        text = _strictly(data, codec)
        if text is not None:
            return Decoded(text, codec)
    repaired = data.decode("utf-8", "replace")
    n_good = sum(1 for ch in repaired[:_SAMPLE] if ch > "\x7f" and ch != "\ufffd")
    n_bad = repaired[:_SAMPLE].count("\ufffd") or repaired.count("\ufffd")
    if n_good >= n_bad:  # UTF-8 with a few broken bytes
        return Decoded(repaired, "utf-8", is_repaired=True)
    return _legacy(data) or Decoded(repaired, "utf-8", is_repaired=True)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
        if codec != "utf-8":
            text.encode("utf-8")  # some codecs give half a surrogate pair, which no text may hold
    except (UnicodeError, LookupError):
        return None
    return text


def _legacy(data: bytes) -> Decoded | None:
    """Return the text in the 8-bit encoding that makes it plausible, if one does."""
    sample = data[:_SAMPLE]
    western = _strictly(data, "cp1252")
    if western is not None and _is_western(western[:_SAMPLE]):
        return Decoded(western, "cp1252")
    from charset_normalizer import from_bytes  # heavy, and needed by one text in thousands

    best = from_bytes(sample).best()
    if best is not None and best.encoding not in ("utf_8", "ascii"):
        text = _strictly(data, best.encoding)
        if text is not None:
            return Decoded(text, codecs.lookup(best.encoding).name)
    return None


def _is_western(text: str) -> bool:
    """Whether the characters beyond ASCII are those that Western text has, and stand one by one as they do there."""
    high = [ch for ch in text if ch > "\x7f"]
    n_usual = sum(ch in _LETTERS_1252 or ch in _SIGNS_1252 for ch in high)
    n_in_runs = sum(map(len, _RUNS.findall(text)))
    return n_usual >= 0.95 * len(high) and n_in_runs <= 0.3 * len(high)
