"""A .json file: one article, or a list of them.

Covers taking a list apart without changing a byte of its items. For reading an article, see core/documents; for files
of lines, see file_records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipelines.core.documents.decode import decode
from pipelines.core.documents.model import Refused
from pipelines.ingest.record_values import CutRecord

JSON_TYPE = "application/json"
_SPACE = re.compile(r"[ \t\r\n]*")
_SCANNER = json.JSONDecoder()


def cut_json(content: bytes) -> Iterator[CutRecord]:
    """Yield the items of a list as they stand, or the file itself where it is no list.

    What comes after an item that is broken is one refusal: nobody knows where the next one begins.
    """
    try:
        text = decode(content).text
    except Refused:
        text = ""  # the reader says what is wrong with it
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        yield CutRecord(content, None, JSON_TYPE)
        return
    number, at = 0, _skip(text, at + 1)
    if text[at : at + 1] == "]":
        yield CutRecord(content, None, JSON_TYPE, "empty_list", "a list with nothing in it: drop it")
        return
    while True:
        try:
            _, end = _SCANNER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            yield _broken(number, getattr(error, "msg", "nested too deep"), at)
            return
        yield CutRecord(text[at:end].encode("utf-8", "surrogatepass"), number, JSON_TYPE)
        at = _skip(text, end)
        if text[at : at + 1] == "]":
            return
        if text[at : at + 1] != ",":
            yield _broken(number + 1, "expected ',' or ']'", at)
            return
        number, at = number + 1, _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _broken(number: int, told: str, at: int) -> CutRecord:
    detail = f"record {number}: {told} at character {at}: write whole JSON; what follows is not read"
    return CutRecord(None, number, JSON_TYPE, "malformed_json", detail)
