"""Object stores and every other file system that fsspec knows, by URL: s3://, gs://, az://, file://, memory://.

Covers which strings are such URLs, listing what lies below one, what is said where a driver is missing. It does not
cover pages of the web (http://, https://) and what is in a file.

One level of a store ("folder", prefix up to a slash) is listed at a time and forgotten again.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, cast

from fsspec.core import url_to_fs
from fsspec.spec import AbstractFileSystem

from pipelines.ingest.found_files import FoundFile, is_settled
from pipelines.ingest.met_records import printable
from pipelines.settings import SettingsError, Sources, is_object_url

_PROOF = ("ETag", "etag", "md5Hash", "content_md5", "generation", "checksum")
# Time of change, the surest first: what a disk calls "created" is that of any change, of its rights too.
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
_IDENTITY = (*_PROOF, *_TIMES, "ino", "VersionId", "version_id")


def check(url: str) -> bool:
    """Return whether there is something at a URL.

    Raises:
        SettingsError: its driver is not installed, or its store cannot be reached; the line says what to do.
    """
    system, path = _system(url)
    try:
        return bool(system.exists(path) or system.glob(path))
    except Exception as error:  # each driver has errors of its own
        raise SettingsError(f"{url}: cannot be reached ({_line(error)}): check address, network and keys") from error


def objects_below(url: str, sources: Sources) -> Iterator[FoundFile]:
    """Yield the files at or below a URL (a file, a folder, a glob), in the order of names; hidden ones are passed over.

    A store that cannot be listed is one file with a problem.
    """
    system, path = _system(url)
    listed: list[str] = []
    try:
        listed = sorted(map(str, system.glob(path))) if any(c in path for c in "*?[") else [path]
        for one in listed:
            yield from _below(system, one, sources, is_named=True)
    except Exception as error:  # each driver has errors of its own; what was found before stays
        told = f"cannot be listed ({_line(error)}): check address, network and keys"
        yield FoundFile(printable(url), "", sources.covering_url(url), _never, lambda: None, ("unreachable", told))


def _below(system: AbstractFileSystem, path: str, sources: Sources, *, is_named: bool = False) -> Iterator[FoundFile]:
    info = system.info(path) if is_named else None
    if info is not None and info["type"] != "directory":
        yield _object(system, info, sources)
        return
    entries = sorted(system.ls(path, detail=True), key=lambda e: str(e["name"]))
    for entry in entries:
        name = str(entry["name"])
        if posixpath.basename(name.rstrip("/")).startswith(".") or name.rstrip("/") == path.rstrip("/"):
            continue
        if entry["type"] == "directory":
            yield from _below(system, name, sources)
        else:
            yield _object(system, entry, sources)


def _object(system: AbstractFileSystem, info: dict[str, Any], sources: Sources) -> FoundFile:
    path = str(info["name"])
    url = system.unstrip_protocol(path)
    return FoundFile(
        printable(url), posixpath.basename(path), sources.covering_url(url), partial(_open, system, path),
        partial(_state, system, path),
    )  # fmt: skip


def _open(system: AbstractFileSystem, path: str) -> BinaryIO:
    return cast(BinaryIO, system.open(path, "rb"))


def _state(system: AbstractFileSystem, path: str) -> str | None:
    try:
        info = system.info(path)
    except Exception:  # each driver has errors of its own; who opens it will say why
        return None
    known = {name: info[name] for name in _IDENTITY if info.get(name) is not None}
    if not any(name in known for name in _PROOF):
        changed = next((t for t in (_nanoseconds(known.get(name)) for name in _TIMES) if t is not None), None)
        if changed is None or not is_settled(changed):
            return None
    told = hashlib.sha256(repr(sorted((k, str(v)) for k, v in known.items())).encode()).hexdigest()[:32]
    return f"{info.get('size') or 0} {told}"


def _nanoseconds(value: object) -> int | None:
    if isinstance(value, datetime):
        return int(value.timestamp() * 1e9)
    return int(value * 1e9) if isinstance(value, (int, float)) else None


def _system(url: str) -> tuple[AbstractFileSystem, str]:
    assert is_object_url(url), url
    try:
        system, path = url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        driver = _line(error).removeprefix("Install ").split()[0].strip("'\"`,.")
        raise SettingsError(f"{url}: reading it needs {driver}: .venv/bin/python -m pip install {driver}") from error
    except ValueError as error:
        raise SettingsError(f"{url}: {_line(error)}: write it as s3://bucket/folder") from error
    return system, str(path)


def _never() -> BinaryIO:
    raise FileNotFoundError("a place that cannot be listed holds no file")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
