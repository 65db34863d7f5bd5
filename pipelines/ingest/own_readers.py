"""A user's own readers: functions that other packages register under the entry point group `onrecord.readers`.

Covers finding and importing them, and the media type of a suffix. For reading, see core/documents. It does not cover
cutting files (ingest). docs/readers.md shows a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from pipelines.core.documents.formats import READERS, Reader, read_record
from pipelines.core.documents.model import Document, Record, SourceRules
from pipelines.ingest.file_records import KINDS
from pipelines.settings import SettingsError

GROUP = "onrecord.readers"
_SUFFIX = re.compile(r"\.[a-z0-9]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


@dataclass(frozen=True)
class OwnReaders:
    """What a user's packages add.

    Attributes:
        by_type: Media type -> reader.
        suffixes: Suffix of a file -> media type of its records.
        version: Which packages, in which versions: another one reads again what they read.
    """

    by_type: Mapping[str, Reader] = field(default_factory=dict)
    suffixes: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


@cache
def own_readers() -> OwnReaders:
    """Return the readers of all installed packages.

    Raises:
        SettingsError: one cannot be imported, is no function, or its name is wrong or taken; the line names it.
    """
    by_type: dict[str, Reader] = {}
    suffixes: dict[str, str] = {}
    told: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        name = point.name.lower()
        package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        media_type = f"application/x-{name[1:]}" if _SUFFIX.fullmatch(name) else name
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise SettingsError(f"reader {point.name!r} of {package}: name it after a suffix (.nitf) or a media type")
        if name in KINDS or media_type in READERS or media_type in by_type:
            raise SettingsError(f"reader {point.name!r} of {package}: there is one already: uninstall one of the two")
        by_type[media_type] = _loaded(point, package)
        if name.startswith("."):
            suffixes[name] = media_type
        told.append(f"{name}={package}")
    return OwnReaders(by_type, suffixes, " ".join(told))


def read(record: Record, rules: SourceRules) -> Document:
    """Read one record as `read_record` does, also with the user's own readers; a worker process finds them itself."""
    return read_record(record, rules, own_readers().by_type)


def _loaded(point: EntryPoint, package: str) -> Reader:
    try:
        reader = point.load()
    except Exception as error:  # whatever a module of somebody else raises when it is imported
        line = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise SettingsError(
            f"reader {point.name!r} of {package} cannot be imported ({line}): mend the package or uninstall it"
        ) from error
    if not callable(reader):
        raise SettingsError(f"reader {point.name!r} of {package}: {point.value} is no function")
    return reader  # type: ignore[no-any-return]
