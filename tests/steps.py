"""Steps that tests run over batches; a worker on another node imports them, as it does the project's own."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.compute.pool import Hands
from pipelines.settings import load_settings
from pipelines.storage.corrections import log_text, own_reference


def double(number: int, hands: Hands) -> int:
    hands.advance(10)
    return 2 * number


def refuse_three(number: int, hands: Hands) -> int:
    if number == 3:
        raise ValueError("three")
    return double(number, hands)


def die_once(folder: Path, number: int, hands: Hands) -> int:
    """End the process at the first try of one of the numbers."""
    if number == 2 and not (folder / "died").exists():
        (folder / "died").touch()
        os._exit(1)
    return double(number, hands)


def die_unless_wary(number: int, hands: Hands) -> int:
    if number == 1 and not hands.is_wary:
        os._exit(1)
    return double(number, hands)


def own_words(_: int, __: Hands) -> str:
    own = load_settings()
    return f"{sorted(own_reference(own))} {log_text(own)} {own.engine}"
