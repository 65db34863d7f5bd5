"""A stretch of a text."""

from __future__ import annotations

Span = tuple[int, int]
"""First code point, and the one after the last."""
