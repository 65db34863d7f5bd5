"""What was told to ONRECORD_ALERT_URL already: a standing warning once, until it changes or a day has passed.

Covers one small file of what was told and when. For what is told, see alerts; for sending, see webhook.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from pipelines.settings import Settings
from pipelines.storage.atomic_files import read_json, write_json

AGAIN_AFTER = timedelta(days=1)


class SentAlerts:
    """The file; it may be removed, then everything that stands is told once more."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.data_dir / "state" / "told.json"

    def is_news(self, key: str, text: str, now: datetime) -> bool:
        """Whether a standing warning was not told in these words for a day."""
        before = read_json(self._path).get(key)
        if not isinstance(before, dict) or before.get("sha256") != _sha256(text):
            return True
        return abs(now - datetime.fromisoformat(str(before["at"]))) >= AGAIN_AFTER

    def note(self, key: str, text: str, now: datetime) -> None:
        """Note that it was told."""
        write_json(self._path, {**read_json(self._path), key: {"sha256": _sha256(text), "at": now.isoformat()}})

    def over(self, prefix: str, still: Iterable[str]) -> None:
        """Forget the warnings of a kind that stand no longer, so that they are told when they come back."""
        kept, known = set(still), read_json(self._path)
        left = {key: value for key, value in known.items() if not key.startswith(prefix) or key in kept}
        if left != known:
            write_json(self._path, left)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
