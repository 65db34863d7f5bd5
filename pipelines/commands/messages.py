"""One line of output: a message that is safe for a terminal, a row as JSON.

Covers what a printed line must not hold. For the rows of a query, see output.py.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, cast

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # the text of news must not steer a terminal


def harmless(text: str) -> str:
    """Return a text with a replacement character for each that a terminal would obey; lines and tabs stay."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def printable(text: str) -> str:
    """Return a text on one line, without characters that a terminal would obey."""
    return harmless(" ".join(text.split()))


def finite(value: object) -> object:
    """Return a value with None for every NaN and infinity in it, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, str) else plain(key): finite(item) for key, item in value.items()}
    return value


def json_line(values: dict[str, object]) -> str:
    """Return a row as a line of JSON; days and instants as ISO 8601, what a terminal would obey as escapes."""
    line = json.dumps(finite(values), ensure_ascii=False, allow_nan=False, default=plain)
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def plain(value: Any) -> str:  # noqa: ANN401  whatever json does not know
    """Return a day or an instant as ISO 8601, anything else as Python prints it."""
    return cast(str, value.isoformat()) if hasattr(value, "isoformat") else str(value)
