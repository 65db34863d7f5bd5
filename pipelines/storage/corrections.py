"""What a user says about actors: the log of corrections, and reference data of their own.

Covers both, on disk in the data folder; appending to the log; their hash. For what a correction means, see
core/identity/overrides; for how a CSV is read, see core/reference.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.core.identity.overrides import Override, parse_log
from pipelines.settings import Settings, SettingsError


def log_path(settings: Settings) -> Path:
    """Return where the log lies."""
    return settings.data_dir / "overrides.jsonl"


def log_text(settings: Settings) -> str:
    """Return the log as it stands; empty if there is none."""
    path = log_path(settings)
    return path.read_text(encoding="utf-8") if path.exists() else ""


def overrides(settings: Settings) -> tuple[Override, ...]:
    """Return the corrections, in order.

    Raises:
        SettingsError: a line is wrong; the message names it.
    """
    try:
        return parse_log(log_text(settings))
    except ValueError as error:
        raise SettingsError(f"{settings.data_dir}: {error}") from None


def append(settings: Settings, override: Override) -> None:
    """Add a correction at the end of the log, and bring it to the disk."""
    path = log_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = not path.exists() or path.stat().st_size == 0 or path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("" if ends else "\n") + override.line() + "\n")
        file.flush()
        os.fsync(file.fileno())


def own_reference(settings: Settings) -> dict[str, str]:
    """Return the user's own reference files, by name: CSVs in the data folder's `reference/`."""
    paths = sorted((settings.data_dir / "reference").glob("*.csv"))
    return {p.name: p.read_text(encoding="utf-8-sig") for p in paths}
