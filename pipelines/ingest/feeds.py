"""A feed as records: each entry that is new, with its text from the feed itself or from the page that it links to.

Covers which entries are new, and where their text is got. For the formats, see `feed_formats`; for how a page is
fetched, see ingest/web; for what a text says, see core/documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pipelines.core.documents.feed_entry import entry_text, is_whole
from pipelines.core.documents.model import FEED_ENTRY
from pipelines.ingest.feed_formats import Entry, Feed, NotAFeedError, read_feed
from pipelines.ingest.fetch_notes import FetchNote, FetchNotes
from pipelines.ingest.met_records import MetRecord, printable
from pipelines.ingest.web.client import Client
from pipelines.ingest.web.responses import Fetched, UnfetchedError, Validators
from pipelines.ingest.web_pages import page_met, refused, unfetched
from pipelines.settings import Source
from pipelines.storage.fingerprints import Step, step_sha256

READING = Step(("pipelines.ingest.feed_formats",), ("feedparser",), packages=("pipelines.ingest", "pipelines.core"))
"""What decides which entries a feed has: another feedparser asks for the whole feed again."""


def validators_of(known: Mapping[str, Any]) -> Validators:
    """Return what an address gave to ask by whether it has changed; nothing, if it is to be read from the start."""
    now = step_sha256(READING)
    return Validators(**known.get("validators", {})) if known.get("read_by", now) == now else Validators()


def entries(source: Source, url: str, client: Client, memory: FetchNotes) -> Iterator[MetRecord | FetchNote]:
    """Yield the records of a feed's new and changed entries, and notes for the next time.

    Raises:
        UnfetchedError: the feed was not got.
        NotAFeedError: it is something else.
    """
    known = memory.of(source.name, url)
    answer = client.fetch(url, validators_of(known))
    if answer.status != 304:
        yield from entries_of(source, url, answer, client, memory)


def entries_of(
    source: Source, url: str, answer: Fetched, client: Client, memory: FetchNotes
) -> Iterator[MetRecord | FetchNote]:
    """Yield the records of a feed that is fetched.

    Raises:
        NotAFeedError: it is something else.
    """
    feed = read_feed(answer.body, answer.media_type, answer.url)
    seen = memory.of(source.name, url).get("seen", {})
    is_done = True
    for entry in feed.entries:
        fingerprint = entry.fingerprint()
        if seen.get(entry.key) == fingerprint:
            continue
        try:
            met = _met(source, url, feed, entry, client)
        except UnfetchedError as error:
            met = unfetched(source.name, entry.link or url, error)
            if error.is_host:  # the others lie there, too: they wait for the next run
                yield met
                return
            if not error.is_final:
                is_done = False
                fingerprint = ""
        yield met
        if fingerprint:
            yield FetchNote(source.name, url, seen={entry.key: fingerprint})
    # With the validators an unchanged feed is not sent again, so they are kept only when nothing in it is left to do.
    yield FetchNote(
        source.name, url,
        kept={"validators": asdict(answer.validators) if is_done else None, "read_by": step_sha256(READING)},
        only=frozenset(entry.key for entry in feed.entries),
    )  # fmt: skip


def _met(source: Source, url: str, feed: Feed, entry: Entry, client: Client) -> MetRecord:
    """Return the record of an entry.

    Raises:
        UnfetchedError: its page was not got.
    """
    from_page = source.full_text == "page" or (source.full_text is None and not is_whole(entry.content))
    if from_page and entry.link is not None:
        return page_met(source.name, client.fetch(entry.link))
    place = f"{url}#{printable(entry.key)}"
    if not entry_text(entry.content)[0]:
        what = f"{place}: the entry has no text" + ("" if entry.link else " and no link to a page")
        return refused(source.name, place, "empty_entry", what)
    return MetRecord(source.name, place, None, FEED_ENTRY, entry.record(url, feed.title))


__all__ = ["NotAFeedError", "entries", "entries_of"]
