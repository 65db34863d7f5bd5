"""A query of a page with its values written into it, so that it runs as it is.

Belongs here: values as SQL literals. Does not belong here: the queries (queries/); pages ask with parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.storage.published import literal

_PARAMETER = re.compile(r"\$([a-z_]+)\b")


def filled(sql: str, parameters: Mapping[str, Any]) -> str:
    """Return SQL with a literal for each named parameter, ended by a semicolon.

    >>> filled("FROM t WHERE name = $name AND n < $n", {"name": "O'Hara", "n": 3})
    "FROM t WHERE name = 'O''Hara' AND n < 3;"
    """
    return _PARAMETER.sub(lambda found: _literal(parameters[found[1]]), sql.strip()) + ";"


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case date():
            return f"DATE '{value.isoformat()}'"
        case list() | tuple():
            return f"[{', '.join(map(_literal, value))}]"
        case int() | float():
            return str(value)
        case _:
            return literal(str(value))
