"""Addresses of the web as records: feeds and sitemaps of the sources, and whatever an address turns out to be.

Covers telling feed, sitemap and page apart, and that a source which fails stops no other. For what to take of a feed or
a sitemap, see `feeds` and `sitemaps`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial

from pipelines.ingest import feeds, sitemaps
from pipelines.ingest.feed_formats import NotAFeedError
from pipelines.ingest.fetch_notes import FetchNote, FetchNotes
from pipelines.ingest.met_records import MetRecord, printable
from pipelines.ingest.parallel_streams import in_order
from pipelines.ingest.sitemap_format import NotASitemapError, root_of, unpacked
from pipelines.ingest.web.client import Client
from pipelines.ingest.web.responses import UnfetchedError
from pipelines.ingest.web_pages import page_met, refused, unfetched
from pipelines.settings import WEB_SOURCE, Source, Sources

Say = Callable[[str], None]
_Item = MetRecord | FetchNote | str
"""A record, a note about it, or a line for the user."""
_AT_ONCE = 8
"""Sources that are fetched at the same time; a host is asked for one page at a time all the same."""
_FEEDS = frozenset({"rss", "feed", "rdf"})
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_NO_SETTINGS = Source.model_construct(name=WEB_SOURCE)
"""What holds for an address that no source names."""


def records(
    addresses: Iterable[str], sources: Sources, client: Client, memory: FetchNotes, say: Say
) -> Iterator[MetRecord]:
    """Yield every new record that the addresses give; what is wrong with one of them is a refused record and a line.

    Sources are fetched side by side, and given one after the other.

    Args:
        addresses: Feeds, sitemaps and pages; those that a source names are read by its settings.
        sources: The sources.
        client: Fetches.
        memory: What was got before; `commit` it when the records are on the disk.
        say: Tells the user about an address that failed.
    """
    of_source: dict[str, tuple[Source, list[str]]] = {}
    for address in dict.fromkeys(addresses):
        source = sources.naming(address) or _NO_SETTINGS
        of_source.setdefault(source.name, (source, []))[1].append(address)
    makes = [partial(_of_source, source, own, client, memory) for source, own in of_source.values()]
    for item in in_order(makes, _AT_ONCE):
        if isinstance(item, MetRecord):
            yield item
        elif isinstance(item, FetchNote):
            memory.take(item)
        else:
            say(item)


def _of_source(source: Source, addresses: list[str], client: Client, memory: FetchNotes) -> Iterator[_Item]:
    """Yield what the addresses of a source give; of two records at one place (a page in two feeds) the first."""
    is_good_at: dict[str, bool] = {}
    for address in addresses:
        is_all_noted = is_noted = True
        for item in _guarded(address, source, client, memory):
            if isinstance(item, MetRecord):
                is_good = item.refusal_rule is None
                # What was refused and then got in the same run is left for the next one: it is not noted.
                is_noted = is_good_at.get(item.source_uri, True) or not is_good
                is_all_noted = is_all_noted and is_noted
                if item.source_uri in is_good_at:
                    continue
                is_good_at[item.source_uri] = is_good
            elif isinstance(item, FetchNote) and not is_all_noted:
                if item.seen is not None and not is_noted:
                    continue
                if item.kept is not None:
                    item = replace(item, kept=dict.fromkeys(item.kept))  # noqa: PLW2901
            yield item


def _guarded(address: str, source: Source, client: Client, memory: FetchNotes) -> Iterator[_Item]:
    try:
        if address in source.feed:
            yield from feeds.entries(source, address, client, memory)
        elif address in source.sitemap:
            yield from sitemaps.pages(source, address, client, memory)
        else:
            yield from _by_what_it_is(address, source, client, memory)
    except UnfetchedError as error:
        yield f"{source.name}: {error.detail}"
        yield unfetched(source.name, address, error)
    except (NotAFeedError, NotASitemapError) as error:
        rule, wanted = ("not_a_feed", "feed") if isinstance(error, NotAFeedError) else ("not_a_sitemap", "sitemap")
        detail = f"{address}: expected a {wanted}, found {error}: check the address"
        yield f"{source.name}: {detail}"
        yield refused(source.name, address, rule, detail, 200)
    except (MemoryError, ImportError):
        raise
    except Exception as error:  # what nobody thought of must not stop the other sources
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        detail = f"{address}: it could not be taken in ({what}): report it with this address"
        yield f"{source.name}: {detail}"
        yield refused(source.name, address, "intake_failed", printable(detail))


def _by_what_it_is(address: str, source: Source, client: Client, memory: FetchNotes) -> Iterator[MetRecord | FetchNote]:
    """Take in an address as the feed, the sitemap or the page that it is."""
    known = memory.of(source.name, address)
    answer = client.fetch(address, feeds.validators_of(known))
    if answer.status == 304:
        return
    kind = _kind(answer.body, answer.media_type)
    if kind == "feed":
        yield from feeds.entries_of(source, address, answer, client, memory)
    elif kind == "sitemap":
        yield from sitemaps.pages_of(source, address, answer, client, memory)
    else:
        yield page_met(source.name, answer)
        yield FetchNote(source.name, address, kept={"validators": asdict(answer.validators)})


def _kind(body: bytes, media_type: str) -> str:
    if b"jsonfeed.org/version" in body[:2_000] or media_type.lower().startswith("application/feed+json"):
        return "feed"
    root = root_of(unpacked(body))
    return "feed" if root in _FEEDS else "sitemap" if root in _SITEMAPS else "page"
