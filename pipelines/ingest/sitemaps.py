"""A sitemap as records: each page that is new or has changed since it was taken in, the newest first.

Covers which sitemaps below an index to read, and which pages to fetch. For the format, see `sitemap_format`; for how a
page is fetched, see ingest/web; for what is in it, see core/documents.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date

from pipelines.core.documents.publication_dates import parse_date
from pipelines.ingest.fetch_notes import FetchNote, FetchNotes
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.sitemap_format import Link, NotASitemapError, Sitemap, read_sitemap
from pipelines.ingest.web.client import Client
from pipelines.ingest.web.responses import Fetched, UnfetchedError, Validators
from pipelines.ingest.web_pages import page_met, refused, unfetched
from pipelines.settings import Source

_MAX_DEPTH = 3
"""Sitemaps below sitemaps: the protocol has one level, some sites have two."""
_MAX_SITEMAPS = 500
"""Sitemaps that one run reads of a source."""


@dataclass
class _Walk:
    """One walk through the sitemaps of a source."""

    source: Source
    client: Client
    memory: FetchNotes
    n_left: int
    visited: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


def pages(source: Source, url: str, client: Client, memory: FetchNotes) -> Iterator[MetRecord | FetchNote]:
    """Yield the records of the pages that are new or changed, and notes for the next time.

    Raises:
        UnfetchedError: the sitemap was not got.
        NotASitemapError: it is something else.
    """
    answer = _conditional(client, memory, source, url)
    if answer.status != 304:
        yield from pages_of(source, url, answer, client, memory)


def pages_of(
    source: Source, url: str, answer: Fetched, client: Client, memory: FetchNotes
) -> Iterator[MetRecord | FetchNote]:
    """Yield the records of a sitemap that is fetched.

    Raises:
        NotASitemapError: it is something else.
    """
    walk = _Walk(source, client, memory, source.pages_per_run)
    sitemap = read_sitemap(answer.body, answer.media_type)
    try:
        yield from _walked(walk, url, answer, sitemap, 0)
    except _HostFailed as failed:
        yield failed.met


class _HostFailed(Exception):  # noqa: N818  not an error: the rest waits for the next run
    def __init__(self, met: MetRecord) -> None:
        super().__init__()
        self.met = met


_Steps = Generator[MetRecord | FetchNote, None, bool]
"""Records and notes; in the end, whether nothing is left to do."""


def _walked(walk: _Walk, url: str, answer: Fetched, sitemap: Sitemap, depth: int) -> _Steps:
    walk.visited.add(url)
    below = _index_below(walk, url, sitemap, depth) if sitemap.is_index else _pages_below(walk, url, sitemap)
    is_done = yield from below
    # With the validators an unchanged sitemap is not sent again: kept only where nothing below it is left to do. An
    # index is always read, since it may stay as it is while a sitemap that it names changes.
    is_kept = is_done and not sitemap.is_index
    yield FetchNote(
        walk.source.name, url, kept={"validators": asdict(answer.validators) if is_kept else None},
        only=frozenset(link.url for link in sitemap.links),
    )  # fmt: skip
    return is_done


def _index_below(walk: _Walk, url: str, sitemap: Sitemap, depth: int) -> _Steps:
    """Read the sitemaps of an index, but for those that are done with and, by the index, as they were."""
    source = walk.source
    seen = walk.memory.of(source.name, url).get("seen", {})
    is_all_done = True
    for link in _newest_first(sitemap.links):
        if link.url in walk.visited or not _is_since(link, source.since):
            continue
        if link.changed is not None and seen.get(link.url) == link.changed:
            continue
        if depth >= _MAX_DEPTH or len(walk.visited) >= _MAX_SITEMAPS or walk.n_left <= 0:
            return False
        walk.visited.add(link.url)
        try:
            answer = _conditional(walk.client, walk.memory, source, link.url)
            is_done = True
            if answer.status != 304:
                below = read_sitemap(answer.body, answer.media_type)
                is_done = yield from _walked(walk, link.url, answer, below, depth + 1)
        except UnfetchedError as error:
            met = unfetched(source.name, link.url, error)
            if error.is_host:
                raise _HostFailed(met) from error
            yield met
            is_done = False
        except NotASitemapError as error:
            yield refused(source.name, link.url, "not_a_sitemap", f"{link.url}: {error}")
            is_done = False
        if is_done and link.changed is not None:
            yield FetchNote(source.name, url, seen={link.url: link.changed})
        is_all_done = is_all_done and is_done
    return is_all_done


def _pages_below(walk: _Walk, url: str, sitemap: Sitemap) -> _Steps:
    source = walk.source
    seen = walk.memory.of(source.name, url).get("seen", {})
    is_all_done = True
    for link in _newest_first(sitemap.links):
        changed = link.changed or ""
        if seen.get(link.url) == changed or not _is_since(link, source.since):
            continue
        if link.url not in walk.asked:
            if walk.n_left <= 0:
                return False
            walk.n_left -= 1
            walk.asked.add(link.url)
            try:
                met = page_met(source.name, walk.client.fetch(link.url))
            except UnfetchedError as error:
                met = unfetched(source.name, link.url, error)
                if error.is_host:
                    raise _HostFailed(met) from error
                if not error.is_final:
                    yield met
                    is_all_done = False
                    continue
            yield met
        yield FetchNote(source.name, url, seen={link.url: changed})
    return is_all_done


def _conditional(client: Client, memory: FetchNotes, source: Source, url: str) -> Fetched:
    return client.fetch(url, Validators(**memory.of(source.name, url).get("validators", {})))


def _newest_first(links: tuple[Link, ...]) -> list[Link]:
    """Return the links by their last change; those that do not tell come last, in the order of the sitemap."""
    days = [(parse_date(link.changed), link) for link in links]
    told = [(found.on, found.at.isoformat() if found.at else "", link) for found, link in days if found.on is not None]
    told.sort(key=lambda t: (t[0], t[1]), reverse=True)
    return [link for *_, link in told] + [link for found, link in days if found.on is None]


def _is_since(link: Link, since: date | None) -> bool:
    """Whether a link is not older than asked for; one that does not tell its change is taken."""
    if since is None or link.changed is None:
        return True
    on = parse_date(link.changed).on
    return on is None or on >= since
