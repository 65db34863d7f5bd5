"""A page by its address, as a record: what feeds and sitemaps lead to.

Covers one fetched page -> `MetRecord`, and one that was not got -> a refused one. For which pages, see `feeds`,
`sitemaps` and `addresses`; for what is in them, see core/documents.
"""

from __future__ import annotations

from pipelines.ingest.met_records import MetRecord, printable
from pipelines.ingest.web.responses import Fetched, UnfetchedError


def page_met(source_name: str, page: Fetched) -> MetRecord:
    """Return a fetched page as a record: under the address where it was found in the end, with the charset sent."""
    media_type = page.media_type or ("text/html" if page.body.lstrip()[:1] == b"<" else "text/plain")
    return MetRecord(
        source_name, printable(page.url), None, media_type, page.body, http_status=page.status,
        etag=page.validators.etag, last_modified=page.validators.last_modified,
    )  # fmt: skip


def refused(source_name: str, url: str, rule: str, detail: str, status: int | None = None) -> MetRecord:
    """Return an address that gave no record, with the reason."""
    return MetRecord(source_name, printable(url), None, "", None, rule, detail, http_status=status)


def unfetched(source_name: str, url: str, error: UnfetchedError) -> MetRecord:
    """Return an address from which nothing was got."""
    return refused(source_name, url, error.rule, error.detail, error.status)
