"""Which outlet and which article a document is.

Covers the recipes of outlet_id, external_key and article_id, and the order of the sightings of a batch. For how an id
is hashed, see `pipelines.core.ids`; for versions and duplicates, see `batches`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache

from pipelines.core.documents.model import Document, SourceRules
from pipelines.core.documents.urls import domain_of
from pipelines.core.ids import mk_id


@dataclass(frozen=True)
class Outlet:
    """Who printed it."""

    outlet_id: str
    name: str
    domain: str | None


def outlet_of(document: Document, rules: SourceRules) -> Outlet:
    """Return the outlet: what the settings say, else what the record says, else one outlet for the source.

    An outlet is its domain; without a domain its name; without a name the source it came from.
    """
    name = rules.outlet_name or document.outlet_name
    return _outlet(rules.outlet_domain or document.outlet_domain, name, rules.name)


@lru_cache(maxsize=4096)
def _outlet(raw_domain: str | None, name: str | None, source_name: str) -> Outlet:
    domain = (domain_of(raw_domain) or raw_domain.strip().lower()) if raw_domain else None
    if domain:
        key = domain
    elif name:
        key = "name:" + re.sub(r"[\W_]+", " ", name).strip().casefold()
    else:
        key = f"source:{source_name}"
    return Outlet(mk_id("outlet", key), name or domain or source_name, domain)


def external_key(document: Document, rules: SourceRules, raw_id: str, source_uri: str, record_no: int | None) -> str:
    """Return an article's key in its outlet: URL (its own), else supplied id, else path (if so set), else raw_id."""
    if document.url and not (document.is_url_shared and document.supplied_id):
        return document.url
    if document.supplied_id:
        return document.supplied_id
    if rules.is_path_key:
        return source_uri if record_no is None else f"{source_uri}#{record_no}"
    return raw_id


def when(document: Document) -> datetime | None:
    """Return the instant by which a document is put in order: of its change, else of its publication, else its day."""
    if document.updated_at is not None:
        return document.updated_at
    if document.published.at is not None:
        return document.published.at
    return datetime.combine(document.published.on, time(), UTC) if document.published.on else None
