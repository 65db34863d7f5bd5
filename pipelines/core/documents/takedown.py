"""Takedowns: which records are never read again, because a person said that an article is to be forgotten.

Covers the log's lines, and what they cover. For the file and what is removed, see `pipelines.storage.takedowns`.

An article comes back in many shapes: at another address of the same page, as the same bytes at another place, or as the
same text in another page. So a takedown holds the article's address, and the hashes of every record and text it had.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from pipelines.core.documents.urls import canonical_url
from pipelines.core.ids import mk_id

FORGOTTEN = "forgotten"
"""Why a record is ignored: it carries an article that was taken down."""
_LISTS = ("article_ids", "raw_ids", "texts")


def url_key(url: str | None) -> str | None:
    """Return what the addresses of one page share, or None if it is no URL.

    Beside what `canonical_url` passes over, http or https, "www." and a slash at the end do not matter.
    """
    canonical = canonical_url(url)
    if canonical is None:
        return None
    parts = urlsplit(canonical)
    return urlunsplit(("https", parts.netloc.removeprefix("www."), parts.path.rstrip("/"), parts.query, ""))


@dataclass(frozen=True)
class Takedown:
    """One article that is to be forgotten, or what was found of it later.

    Attributes:
        target: `url_key` of its URL, or its article_id.
        made_at: UTC, ISO 8601.
        made_by: Who said so; empty in a line that a run added when it met the article again.
        article_ids: The article, as each outlet had it.
        raw_ids: Hashes of all records that carried it.
        texts: Hashes of all texts that they gave.
    """

    target: str
    made_at: str
    made_by: str = ""
    reason: str = ""
    article_ids: tuple[str, ...] = ()
    raw_ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def takedown_id(self) -> str:
        """The id: one for each target."""
        return mk_id("takedown", self.target)

    def line(self) -> str:
        """Return the line of the log, without a line break."""
        return json.dumps({k: getattr(self, k) for k in self.__dataclass_fields__}, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Takedowns:
    """All that is forgotten: one entry a target, and what they cover together."""

    entries: tuple[Takedown, ...] = ()
    urls: frozenset[str] = field(default=frozenset())
    article_ids: frozenset[str] = field(default=frozenset())
    raw_ids: frozenset[str] = field(default=frozenset())
    texts: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, lines: Sequence[Takedown]) -> Takedowns:
        """Return what some lines of the log say together; a later one adds to the first of its target."""
        merged: dict[str, Takedown] = {}
        for line in lines:
            first = merged.get(line.target)
            more = {name: tuple(sorted({*getattr(first or line, name), *getattr(line, name)})) for name in _LISTS}
            merged[line.target] = replace(first or line, **more)  # type: ignore[arg-type]
        entries = tuple(merged.values())
        return cls(
            entries,
            frozenset(e.target for e in entries if "://" in e.target),
            *(frozenset(i for e in entries for i in getattr(e, name)) for name in _LISTS),
        )

    def covers_address(self, *urls: str | None) -> bool:
        """Whether one of these is an address of a page that was taken down."""
        return bool(self.urls) and any(url_key(url) in self.urls for url in urls if url and "://" in url)

    def target_of(self, *, url: str | None, source_uri: str, article_id: str | None, raw_id: str, text: str) -> str:
        """Return the target that covers a record, by the first of its marks that is known.

        Raises:
            LookupError: none covers it.
        """
        keys = {url_key(u) for u in (url, source_uri) if u and "://" in u}
        for entry in self.entries:
            if entry.target in keys or article_id in entry.article_ids:
                return entry.target
        for entry in self.entries:
            if raw_id in entry.raw_ids or text in entry.texts:
                return entry.target
        raise LookupError(raw_id)


NOTHING = Takedowns()


def parse_log(text: str) -> Takedowns:
    """Return what a log says.

    Raises:
        ValueError: a line is wrong; the message names it.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    return Takedowns.of([_parsed(line, f"forgotten.jsonl, line {n}") for n, line in lines])


def _parsed(line: str, at: str) -> Takedown:
    try:
        row = json.loads(line)
        texts = {name: str(row.get(name, "")) for name in ("target", "made_at", "made_by", "reason")}
        lists = {name: tuple(str(i) for i in row.get(name, ())) for name in _LISTS}
        datetime.fromisoformat(texts["made_at"])
    except (ValueError, TypeError, AttributeError):
        raise ValueError(f"{at}: not a takedown: put it back as `onrecord forget` wrote it") from None
    if not texts["target"]:
        raise ValueError(f"{at}: no target: put it back as `onrecord forget` wrote it")
    return Takedown(**texts, **lists)  # type: ignore[arg-type]
