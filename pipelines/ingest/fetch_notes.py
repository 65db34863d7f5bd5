"""What was got before: the ETag of a feed, the entries and pages that were taken in, by source.

Covers keeping it in small files that are written whole. It does not cover what a feed remembers.

A note counts once the records before it are on the disk: a feed gives a record, then the note about it, and what
takes the records writes them, then the notes. A run that is killed in between meets some records again, and loses none.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.storage.atomic_files import read_json, write_json


@dataclass(frozen=True)
class FetchNote:
    """What has to be known about an address the next time: replaces what was kept under these keys.

    Attributes:
        source_name: The source.
        url: The feed, sitemap or page.
        kept: Key -> value, as JSON holds it. None: the key is dropped.
        seen: Likewise, but of one item (an entry, a page) among many; entered under "seen".
        only: If set: every other item is forgotten. A feed lists its newest entries, and old ones need not be kept.
    """

    source_name: str
    url: str
    kept: Mapping[str, Any] | None = None
    seen: Mapping[str, str] | None = None
    only: frozenset[str] | None = None


class FetchNotes:
    """The notes of all sources; one file a source. Feeds and sitemaps that read it may run in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, dict[str, Any]] = {}
        self._changed: set[str] = set()
        self._lock = threading.Lock()

    def of(self, source_name: str, url: str) -> dict[str, Any]:
        """Return what is known of an address; empty if nothing is, or the file is broken."""
        with self._lock:
            known = self._source(source_name).get(url)
            return deepcopy(known) if isinstance(known, dict) else {}

    def take(self, note: FetchNote) -> None:
        """Keep a note, in memory for now; the records before it must be with whoever writes them."""
        with self._lock:
            known = self._source(note.source_name).setdefault(note.url, {})
            for key, value in (note.kept or {}).items():
                if value is None:
                    known.pop(key, None)
                else:
                    known[key] = value
            if note.seen:
                known.setdefault("seen", {}).update(note.seen)
            if note.only is not None:
                known["seen"] = {key: value for key, value in known.get("seen", {}).items() if key in note.only}
            self._changed.add(note.source_name)

    def commit(self) -> None:
        """Write what was noted since the last time."""
        with self._lock:
            for name in sorted(self._changed):
                write_json(self._path(name), self._sources[name])
            self._changed.clear()

    def _source(self, name: str) -> dict[str, Any]:
        if name not in self._sources:
            self._sources[name] = read_json(self._path(name))
        return self._sources[name]

    def _path(self, name: str) -> Path:
        return self._folder / f"source.{name}.json"
