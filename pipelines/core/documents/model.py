"""The values that the readers share: what goes in, what comes out, and how a record is refused.

Covers plain frozen values and the two exceptions. Offsets are 0-based Unicode code points of ``Document.text``, end
exclusive.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Precision = Literal["instant", "day", "month", "unknown"]
Basis = Literal["metadata", "text", "file_name", "supplied", "none"]
SectionName = Literal["headline", "standfirst", "dateline", "caption", "correction", "boilerplate"]

FEED_ENTRY = "application/vnd.onrecord.feed-entry+json"
"""Media type of a record that holds one entry of a feed: its texts as they stood there (`feed_entry`)."""
FIELD_ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uid", "article_id", "doc_id"),
    "url": ("url", "link", "canonical_url", "uri"),
    "outlet": ("outlet", "publisher", "site_name", "sitename", "source"),
    "headline": ("headline", "title"),
    "standfirst": ("standfirst", "description", "summary", "subtitle", "dek"),
    "byline": ("byline",),
    "authors": ("authors", "author"),
    "published_at": ("published_at", "publication_date", "date_published", "datePublished", "published", "published_on",
                     "pubDate", "date_publish", "publishing_date", "date"),
    "updated_at": ("updated_at", "date_modified", "dateModified", "updated", "modified"),
    "text": ("text", "maintext", "body", "content", "articleBody", "paragraphs"),
    "language": ("language", "lang"),
    "html": ("html",),
}  # fmt: skip
"""Our field -> the names it commonly has in JSON, the likeliest first."""

UNKNOWN_FORMAT = "unknown_format"
"""Refusal of a file that no reader takes (a picture beside an article): passed over, not quarantined."""
NO_NEWS_TYPE = "no_news_type"
"""Refusal of a response that is no page (a picture, a style sheet), by its declared type."""
HTTP_ERROR = "http_error"
"""Refusal of a response by which a server said that it has no page."""
PASSED_OVER = frozenset({UNKNOWN_FORMAT, NO_NEWS_TYPE, HTTP_ERROR})
"""Refusals of what is no article and is not meant to be one: ignored, not quarantined."""


@dataclass(frozen=True)
class SourceRules:
    """What a source's settings tell the reader.

    Attributes:
        name: The source's name; the outlet where nothing else is known.
        outlet_name: Name of the outlet; if set it holds for every record of the source.
        outlet_domain: Its domain; if set it holds for every record of the source.
        language: ISO 639-1 code of all its articles, if the user knows it.
        fields: Our field -> the name in the source's JSON; fields left out are looked for by `FIELD_ALIASES`.
        timezone: IANA zone of times that are printed without one.
        is_path_key: A file's path (and record number) is the article's key where it has no URL or id.
        earliest: A day of publication before this one is not believed: the web is younger.
    """

    name: str
    outlet_name: str | None = None
    outlet_domain: str | None = None
    language: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    is_path_key: bool = False
    earliest: date = date(1990, 1, 1)


@dataclass(frozen=True)
class Record:
    """One record as received: its bytes and where they were met."""

    raw_id: str
    bytes: bytes
    media_type: str
    source_name: str
    source_uri: str
    record_no: int | None = None

    @property
    def url(self) -> str | None:
        """The page's address, where the record was met under one: alone, or in an archive ("crawl.warc!/https://...")."""
        web = ("http://", "https://")
        place = self.source_uri if self.source_uri.startswith(web) else self.source_uri.rpartition("!/")[2]
        return place if place.startswith(web) else None

    @property
    def charset(self) -> str | None:
        """The codec that the transport declared, as a parameter of the media type; None if Python does not have it."""
        found = re.search(r";\s*charset\s*=\s*[\"']?\s*([\w.:-]+)", self.media_type, re.IGNORECASE)
        try:
            return codecs.lookup(found[1]).name if found else None
        except LookupError:
            return None


@dataclass(frozen=True)
class Section:
    """A stretch of the text that is not body."""

    section: SectionName
    char_start: int
    char_end: int


@dataclass(frozen=True)
class Published:
    """A date of publication, as exactly as it is known.

    Attributes:
        on: The day in the publisher's own zone; the first of the month where only the month is known.
        at: The instant in UTC, only where both time and zone are known.
        precision: How exactly it is known.
        basis: Where it was found.
    """

    on: date | None = None
    at: datetime | None = None
    precision: Precision = "unknown"
    basis: Basis = "none"


UNDATED = Published()


@dataclass(frozen=True)
class Document:
    """Everything of ``lake.article_versions`` that a record alone tells.

    Attributes:
        url: Canonical URL.
        supplied_id: The id that the source gave the article.
        is_url_shared: Other articles stand at that URL, too: it is no key.
        outlet_name: Name of the outlet, NULL if the record does not say.
        outlet_domain: Registrable domain of the outlet.
        sections: Spans that are not body, by start, not overlapping.
        Others: as the columns of the same name.
    """

    text: str
    url: str | None = None
    supplied_id: str | None = None
    is_url_shared: bool = False
    outlet_name: str | None = None
    outlet_domain: str | None = None
    sections: tuple[Section, ...] = ()
    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    dateline_text: str | None = None
    dateline_place: str | None = None
    wire_agency: str | None = None
    language: str | None = None
    quality_flags: tuple[str, ...] = ()
    is_retracted: bool = False
    correction_note: str | None = None
    published: Published = UNDATED
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """Why a record was refused.

    Attributes:
        stage: read (before it got here), decode (bytes to characters) or parse (characters to an article).
        rule: Name of the rule it broke, in snake_case.
        detail: One line: what is wrong and what to do.
    """

    stage: Literal["read", "decode", "parse"]
    rule: str
    detail: str


class Refused(Exception):  # noqa: N818  the name says what happened to the record
    """The record cannot be read as an article; it goes to quarantine."""

    def __init__(self, stage: Literal["decode", "parse"], rule: str, detail: str) -> None:
        super().__init__(f"{stage}/{rule}: {detail}")
        self.refusal = Refusal(stage, rule, detail)


class Ignored(Exception):  # noqa: N818
    """The record is no article and is not meant to be one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
