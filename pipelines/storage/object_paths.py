"""Paths in an object store (s3://bucket/...), with what the lake asks of a path on a disk, by the same names.

Covers one small class over obstore, and what was listed last. For what lies where, see `lake`.

Address, keys and region come from the environment (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_REGION), as Polars and DuckDB read them. A store that answers 500 or 503, or not at all, is asked again for a
while.

An object appears by one PUT, so that nothing is ever half there. A folder that was listed is not listed again: what
this process writes and removes is noted, and `forget_listings` is called where others may have written.
"""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import translate
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from pipelines.settings import SettingsError, is_object_url

if TYPE_CHECKING:
    from obstore.store import S3Store

_WILD = re.compile(r"[*?\[]")
_RETRIES: Any = {"max_retries": 10}
_AT_ONCE_BYTES = 2**30
"""An object up to this size is written by one PUT; a larger one in parts, and appears with the last."""
_listed: dict[tuple[str, str], dict[str, ObjectStat]] = {}
"""What lies below a prefix of a bucket, by key."""


@dataclass(frozen=True)
class ObjectStat:
    """What is known of an object: size in bytes, time of the last write, and a number that stands for its content."""

    st_size: int
    st_mtime: float
    st_mtime_ns: int


@dataclass(frozen=True, order=True)
class ObjectPath:
    """A place in an object store.

    Attributes:
        bucket: Name of the bucket.
        key: What follows it, without slashes at the ends.
    """

    bucket: str
    key: str

    @classmethod
    def of(cls, url: str) -> ObjectPath:
        """Return the place of a URL.

        Raises:
            SettingsError: it is none of S3, or the extra is not installed.
        """
        scheme, _, rest = url.partition("://")
        bucket, _, key = rest.strip("/").partition("/")
        if scheme.lower() != "s3" or not bucket:
            raise SettingsError(f"{url}: write it as s3://bucket/folder; other stores are read from, not written to")
        _store(bucket)
        return cls(bucket, key)

    # ---- names
    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def __truediv__(self, more: str | PurePosixPath | Path) -> ObjectPath:
        return ObjectPath(self.bucket, f"{self.key}/{more}".strip("/"))

    @property
    def name(self) -> str:
        """The last part."""
        return self.key.rpartition("/")[2]

    @property
    def parent(self) -> ObjectPath:
        """The folder."""
        return ObjectPath(self.bucket, self.key.rpartition("/")[0])

    def relative_to(self, other: ObjectPath) -> PurePosixPath:
        """Return the path below a folder that it lies in."""
        return PurePosixPath(self.key).relative_to(other.key)

    # ---- what is there
    def exists(self) -> bool:
        """Whether there is such an object."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def stat(self) -> ObjectStat:
        """Return what is known of the object.

        Raises:
            FileNotFoundError: there is none.
        """
        listing = self._listing()
        if listing is None:
            with self._told():
                return _stat(_store(self.bucket).head(self.key))  # type: ignore[arg-type]
        if self.key not in listing:
            raise FileNotFoundError(2, "no such object", str(self))
        return listing[self.key]

    def glob(self, pattern: str) -> Iterator[ObjectPath]:
        """Yield the objects below this folder whose path fits a pattern, part by part."""
        parts = pattern.split("/")
        fixed = next((n for n, part in enumerate(parts) if _WILD.search(part)), len(parts) - 1)
        folder = self / "/".join(parts[:fixed]) if fixed else self
        fits = [re.compile(translate(part)) for part in parts[fixed:]]
        for key in list(folder.listed()):
            own = key[len(folder.key) + 1 :].split("/")
            if len(own) == len(fits) and all(fit.match(part) for fit, part in zip(fits, own, strict=True)):
                yield ObjectPath(self.bucket, key)

    def listed(self) -> dict[str, ObjectStat]:
        """Return what lies below this folder, by key; pages of a thousand, asked for once."""
        known = self._listing()
        if known is not None:
            return {key: found for key, found in known.items() if key.startswith(f"{self.key}/")}
        with self._told():
            pages = _store(self.bucket).list(self.key)
            found = {str(entry["path"]): _stat(entry) for page in pages for entry in page}
        _listed[self.bucket, self.key] = found
        return dict(found)

    def _listing(self) -> dict[str, ObjectStat] | None:
        """Return the listing of a folder that this lies in, or of this one; None: there is none yet."""
        key = self.key
        while key:
            if (self.bucket, key) in _listed:
                return _listed[self.bucket, key]
            key = key.rpartition("/")[0]
        return None

    # ---- reading and writing
    def read_bytes(self) -> bytes:
        """Return the object.

        Raises:
            FileNotFoundError: there is none.
        """
        with self._told():
            return bytes(_store(self.bucket).get(self.key).bytes())

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return the object as text."""
        return self.read_bytes().decode(encoding)

    def open(self, mode: str = "rb") -> BinaryIO:
        """Return the object as a file to read."""
        assert mode == "rb", mode
        return io.BytesIO(self.read_bytes())

    def upload(self, file: Path) -> None:
        """Write the object from a file; a reader sees the earlier one or this one."""
        size = file.stat().st_size
        with self._told():
            answer = _store(self.bucket).put(self.key, file, use_multipart=size > _AT_ONCE_BYTES)
        now = datetime.now(UTC)
        self._note(_stat({"size": size, "last_modified": now, "e_tag": answer["e_tag"]}))

    def unlink(self, *, missing_ok: bool = True) -> None:
        """Remove the object; a store does not say whether it was there."""
        with self._told():
            _store(self.bucket).delete(self.key)
        self._note(None)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one line what the store has answered, where it was asked often enough."""
        from obstore.exceptions import BaseError

        try:
            yield
        except BaseError as error:
            told = " ".join(str(error).partition("Debug source")[0].split())[:300]
            raise OSError(errno.EIO, f"{told}: check AWS_ENDPOINT_URL, the keys and the network", str(self)) from None

    def _note(self, stat: ObjectStat | None) -> None:
        for (bucket, folder), listing in _listed.items():
            if bucket == self.bucket and self.key.startswith(f"{folder}/"):
                listing.pop(self.key, None)
                if stat is not None:
                    listing[self.key] = stat


def place(of: Path | str) -> Path | ObjectPath:
    """Return the place that a path or a URL names."""
    return ObjectPath.of(str(of)) if is_object_url(str(of)) else Path(of)


def forget_listings() -> None:
    """List again what is looked at next: another process may have written meanwhile."""
    _listed.clear()


def _stat(entry: dict[str, Any]) -> ObjectStat:
    """Return what a store says of an object; its ETag changes with its content, its time only with the second."""
    mark = int.from_bytes(sha256(str(entry["e_tag"]).encode()).digest()[:7])
    return ObjectStat(int(entry["size"]), entry["last_modified"].timestamp(), mark)


@cache
def _store(bucket: str) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError:
        raise SettingsError("a lake in an object store needs the extra: pip install 'onrecord[cluster]'") from None
    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return S3Store(bucket, client_options={"allow_http": is_plain}, retry_config=_RETRIES)
