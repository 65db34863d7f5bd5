"""The language of a body.

Belongs here: detection, and below what length or confidence nothing is said. Does not belong here: what
a page declares about itself (often wrong) and what the settings say.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_MIN_LETTERS = 60
_MIN_PROBABILITY = 0.9
_SAMPLE = 700
_CODE = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]+)*")


def language_code(value: object) -> str | None:
    """Return the ISO 639-1 code of a supplied tag ("en-GB" -> "en"), or None if it is none."""
    if isinstance(value, str) and _CODE.fullmatch(value.strip()):
        return value.strip()[:2].lower()
    return None


def detect_language(body: str) -> str | None:
    """Return the ISO 639-1 code of a body, or None where it is too short or the answer too uncertain."""
    sample = " ".join(body[: _SAMPLE * 2].split())[:_SAMPLE]
    if sum(1 for ch in sample if ch.isalpha()) < _MIN_LETTERS:
        return None
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _MIN_PROBABILITY and len(code) == 2 else None


@cache
def _identifier() -> Any:  # noqa: ANN401  the library has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # 0.2 s, only where a body is read

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
