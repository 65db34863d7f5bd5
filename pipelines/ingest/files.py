"""Files, folders and object stores as records, whatever is wrong with any of them.

Covers one file after the other, passing over those that did not change, and marking where a record stood. For finding
files, see folders and object_stores; for cutting them, see file_records; for decoding and parsing, see core/documents;
for storing, see ingest/batches.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.ingest.file_records import cut, kind_of, unknown
from pipelines.ingest.folders import files_below
from pipelines.ingest.found_files import FoundFile, on_disk
from pipelines.ingest.met_records import Mark, MetRecord, printable
from pipelines.ingest.record_values import Bounds, CutRecord
from pipelines.ingest.seen_before import SeenBefore, SeenFile
from pipelines.settings import FILES_SOURCE, Sources, is_object_url
from pipelines.storage.fingerprints import Step, step_sha256

_CUTTING = Step(
    ("pipelines.ingest.files",), ("pyarrow", "warcio", "zstandard", "charset-normalizer"),
    packages=("pipelines.ingest", "pipelines.core"),
)  # fmt: skip
"""What decides which records a file has."""


def records(
    inputs: Iterable[Path | str],
    sources: Sources,
    max_bytes: int,
    *,
    own: Mapping[str, str] | None = None,
    known: SeenBefore | None = None,
    left_out: Collection[Path] = frozenset(),
) -> Iterator[MetRecord]:
    """Yield every record of the files, folders and URLs.

    Args:
        inputs: Files and folders that exist, and URLs of object stores.
        sources: Which source a file belongs to.
        max_bytes: A larger record is refused unread, also when it is compressed.
        own: Suffixes of a user's own readers, and the media types of what they read.
        known: What was met before; without it every file is read.
        left_out: Files that are not whole yet.

    Raises:
        SettingsError: the driver of a URL is not installed.
    """
    given, waiting = list(inputs), {os.path.realpath(path) for path in left_out}
    by_source = {s.name: _how(Bounds(max_bytes, s.fields, own or {})) for s in sources.sources}
    by_source[FILES_SOURCE] = _how(Bounds(max_bytes, own=own or {}))
    for found in _found(given, sources, waiting):
        name = found.source.name if found.source else FILES_SOURCE
        yield from _File(found, name, *by_source[name], known).records()


def _how(bounds: Bounds) -> tuple[Bounds, str]:
    """Return what decides which records a file has, beside its bytes; and a hash of it."""
    decided = f"{step_sha256(_CUTTING)}{bounds.max_bytes}{json.dumps([dict(bounds.fields), dict(bounds.own)])}"
    return bounds, hashlib.sha256(decided.encode()).hexdigest()[:16]


def _found(given: list[Path | str], sources: Sources, left_out: Collection[str]) -> Iterator[FoundFile]:
    urls = sorted({p for p in given if isinstance(p, str) and is_object_url(p)})
    for path, uri in files_below(Path(p) for p in given if p not in urls):
        if left_out and os.path.realpath(path) in left_out:
            continue
        source = sources.covering(path)
        yield on_disk(path, uri if source is None else path.relative_to(sources.root).as_posix(), source)
    if urls:
        from pipelines.ingest.object_stores import objects_below  # fsspec, only where there is a URL

        seen: set[str] = set()
        for url in urls:
            for found in objects_below(url, sources):
                if len(urls) == 1 or found.uri not in seen:
                    seen.update([found.uri] if len(urls) > 1 else [])
                    yield found


class _File:
    """One file on its way to records."""

    def __init__(self, found: FoundFile, source_name: str, bounds: Bounds, how: str, known: SeenBefore | None) -> None:
        self._found = found
        self._source_name = source_name
        self._bounds = bounds
        self._known = known
        self._how = how

    def records(self) -> Iterator[MetRecord]:
        found = self._found
        if found.problem is not None:
            yield self._met(CutRecord(None, rule=found.problem[0], detail=found.problem[1]))
        elif kind_of(found.name, self._bounds.own) is None:
            yield self._met(unknown(self._bounds))
        elif self._known is None:
            yield from map(self._met, self._pieces(None))
        else:
            yield from self._records_beside(self._known)

    def _records_beside(self, known: SeenBefore) -> Iterator[MetRecord]:
        """Yield what is known of the file, and read what is not."""
        stamp = self._stamp()
        before = known.file(self._source_name, self._found.uri, stamp) if stamp is not None else None
        if before is not None:
            yield from known.records(before)
            if before.start is None:
                return
        reading, seq = (before.reading, before.n_met) if before is not None else (known.next_reading(), 0)
        pieces = self._pieces(before)
        held = next(pieces, None)
        while held is not None:
            following = next(pieces, None)
            is_last = following is None
            if is_last and not held.may_pass:  # the state after reading: a change meanwhile was perhaps half read
                stamp = stamp if stamp == self._stamp() else None
            mark = Mark(self._found.uri, None if held.may_pass else stamp, reading, seq, is_last, held.offset)
            yield replace(self._met(held), mark=mark)
            held, seq = following, seq + 1

    def _stamp(self) -> str | None:
        state = self._found.state()
        return None if state is None else f"{state} {self._how}"

    def _pieces(self, before: SeenFile | None) -> Iterator[CutRecord]:
        start = before.start if before is not None else None
        try:
            with self._found.open() as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(0)
                yield from cut(file, self._found.name, size, self._bounds, start)
        except OSError as error:
            told = f"{error.strerror or error}: check the file and its permissions"
            yield CutRecord(None, rule="unreadable", detail=told, may_pass=True)
        except (MemoryError, ImportError):
            raise
        except Exception as error:  # one file must never stop a run
            told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            yield CutRecord(None, rule="intake_failed", detail=f"the file could not be taken apart ({told}): report it")

    def _met(self, piece: CutRecord) -> MetRecord:
        uri = printable(f"{self._found.uri}{piece.member}")
        detail = None if piece.rule is None else printable(f"{uri}: {piece.detail}")
        return MetRecord(self._source_name, uri, piece.number, piece.media_type, piece.content, piece.rule, detail)
