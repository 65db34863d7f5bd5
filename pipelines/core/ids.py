"""Stable ids: one recipe for everything that has an identity.

Covers how an id is made.
"""

from __future__ import annotations

import hashlib

_UNIT_SEPARATOR = "\x1f"
_RECIPE = "v1"


def mk_id(kind: str, *parts: str | int | None) -> str:
    """Return the id of a thing: 128 bits of SHA-256 as 32 hex digits.

    Args:
        kind: What the thing is ("article", "version", "quote", ...), so that two kinds never collide.
        parts: What its identity consists of, in a fixed order; None counts as an empty string.

    Returns:
        32 lower-case hex digits, the same on every machine and in DuckDB:
        ``substr(sha256('v1' || chr(31) || kind || chr(31) || part || ...), 1, 32)``.
    """
    joined = _UNIT_SEPARATOR.join([_RECIPE, kind, *("" if part is None else str(part) for part in parts)])
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sha256_hex(content: str | bytes) -> str:
    """Return the full SHA-256 of bytes, or of a text as UTF-8, as 64 hex digits."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()
