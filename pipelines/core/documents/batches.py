"""One batch of sightings -> article versions, the outcome of every sighting, quarantine.

Covers what is a new version and what a duplicate, and the frames. For reading a record, see `formats`; for identity,
see `identity`. Nothing here depends on the order in which records come.

`read_documents` may run on any chunks of the batch, in any process; `assemble` joins what they found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from pipelines.contracts.lake import ARTICLE_VERSIONS, QUARANTINE, SIGHTING_OUTCOMES
from pipelines.core.documents.formats import read_record
from pipelines.core.documents.identity import Outlet, external_key, outlet_of, when
from pipelines.core.documents.model import (
    PASSED_OVER,
    UNDATED,
    Document,
    Ignored,
    Record,
    Refusal,
    Refused,
    SourceRules,
)
from pipelines.core.documents.takedown import FORGOTTEN, NOTHING, Takedowns
from pipelines.core.ids import mk_id, sha256_hex

Read = Callable[[Record, SourceRules], Document]
_LATEST = datetime.max.replace(tzinfo=UTC)

PARSER = "documents"
"""The reader's name; a version follows from its code (storage/fingerprints) and is put behind it by the caller."""


@dataclass(frozen=True)
class Reading:
    """What reading one sighting's record gave: exactly one of the four, or none where nothing was to be read.

    Attributes:
        again: (target, raw_id, text_sha256) of a record that carries an article which was taken down.
    """

    sighting_id: str
    document: Document | None = None
    outlet: Outlet | None = None
    external_key: str | None = None
    refusal: Refusal | None = None
    ignored: str | None = None
    again: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Parsed:
    """The lake frames of one batch, in canonical order, as `pipelines.contracts` says."""

    article_versions: pl.DataFrame
    sighting_outcomes: pl.DataFrame
    quarantine: pl.DataFrame


@dataclass(frozen=True)
class _Entry:
    row: dict[str, Any]
    reading: Reading


def read_documents(
    records: pl.DataFrame, rules: Mapping[str, SourceRules], read: Read = read_record, takedowns: Takedowns = NOTHING
) -> list[Reading]:
    """Read the records of some sightings; each is read by itself, so any split of a batch gives the same."""
    return [_read_one(row, rules, read, takedowns) for row in records.iter_rows(named=True)]


def _read_one(row: Mapping[str, Any], rules: Mapping[str, SourceRules], read: Read, takedowns: Takedowns) -> Reading:
    sighting_id = row["sighting_id"]
    if row["raw_id"] in takedowns.raw_ids and not row["is_unchanged"]:
        return Reading(sighting_id, ignored=FORGOTTEN)
    if row["is_unchanged"]:  # also where it was refused before: what is wrong with it is kept already
        return Reading(sighting_id)
    if row["refusal_rule"] in PASSED_OVER:
        return Reading(sighting_id, ignored=row["refusal_rule"])
    if row["refusal_rule"] is not None:
        detail = row["refusal_detail"] or "The record was refused unread."
        return Reading(sighting_id, refusal=Refusal("read", row["refusal_rule"], detail))
    if row["bytes"] is None or row["raw_id"] is None:
        return Reading(sighting_id, ignored="no_bytes")  # lost: Great Expectations finds it, and nothing is published
    source = row["source_name"]
    own = rules.get(source) or SourceRules(name=source)
    record = Record(row["raw_id"], row["bytes"], row["media_type"] or "", source, row["source_uri"], row["record_no"])
    try:
        document = _believed(read(record, own), own.earliest, row["seen_at"])
    except Refused as refused:
        if takedowns.covers_address(record.source_uri):
            return _forgotten(sighting_id, record, takedowns)
        return Reading(sighting_id, refusal=refused.refusal)
    except Ignored as ignored:
        return Reading(sighting_id, ignored=ignored.reason)
    key = external_key(document, own, record.raw_id, record.source_uri, record.record_no)
    reading = Reading(sighting_id, document, outlet_of(document, own), key)
    return _forgotten(sighting_id, record, takedowns, reading) if _is_covered(reading, record, takedowns) else reading


def _believed(document: Document, earliest: date, seen_at: datetime | None) -> Document:
    """Return a document without a day of publication that cannot be: before the web, or after it was fetched."""
    latest = (
        seen_at.date() + timedelta(days=1) if seen_at is not None else date.max
    )  # the publisher's zone may be ahead
    on, updated_at = document.published.on, document.updated_at
    if updated_at is not None and updated_at.date() > latest:
        document = replace(document, updated_at=None)
    if on is None or earliest <= on <= latest:
        return document
    flags = sorted({*document.quality_flags, "impossible_date", "no_date"})
    return replace(document, published=UNDATED, quality_flags=tuple(flags))


def _is_covered(reading: Reading, record: Record, takedowns: Takedowns) -> bool:
    """Whether a record that could be read carries an article that was taken down."""
    if not takedowns.entries or reading.document is None:
        return False
    return (
        _article_id(reading) in takedowns.article_ids
        or takedowns.covers_address(reading.document.url, record.source_uri)
        or sha256_hex(reading.document.text) in takedowns.texts
    )


def _forgotten(sighting_id: str, record: Record, takedowns: Takedowns, reading: Reading | None = None) -> Reading:
    """Return the reading of a record whose article was taken down: what it said is in it by hashes alone."""
    document = reading.document if reading is not None else None
    text = sha256_hex(document.text) if document is not None else ""
    target = takedowns.target_of(
        url=document.url if document is not None else None, source_uri=record.source_uri, raw_id=record.raw_id,
        article_id=_article_id(reading) if reading is not None else None, text=text,
    )  # fmt: skip
    return Reading(sighting_id, ignored=FORGOTTEN, again=(target, record.raw_id, text))


def assemble(records: pl.DataFrame, results: Sequence[Reading], known: pl.DataFrame) -> Parsed:
    """Tell new versions from duplicates and lay down the frames.

    Args:
        records: All sightings of the batch (the column `bytes` is not needed).
        results: What `read_documents` gave for them, in any order.
        known: article_id, text_sha256, version_id of all versions of earlier batches.

    Raises:
        ValueError: a sighting has no result, or two.
    """
    versions: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    seen = _texts_of(known, {_article_id(r) for r in results if r.outlet is not None})
    version_ids = set(seen.values())
    for order, entry in enumerate(_in_order(records, results)):
        row, reading = entry.row, entry.reading
        outcome: tuple[str, str | None, str | None]
        if reading.refusal is not None:
            refused.append(_quarantine_row(row, reading.refusal))
            outcome = ("quarantined", reading.refusal.rule, None)
        elif reading.ignored is not None:
            outcome = ("ignored", reading.ignored, None)
        elif reading.document is None or reading.outlet is None:
            outcome = ("duplicate", "unchanged", None)
        else:
            version = _version_row(row, reading, reading.document, reading.outlet, order)
            identity = (version["article_id"], version["text_sha256"])
            if identity in seen:
                outcome = ("duplicate", "same_text", seen[identity])
            elif (
                version["version_id"] in version_ids
            ):  # these bytes already gave the article a text, read in another way
                outcome = ("duplicate", "same_record", version["version_id"])
            else:
                seen[identity] = version["version_id"]
                version_ids.add(version["version_id"])
                versions.append(version)
                outcome = ("parsed", None, version["version_id"])
        outcomes.append(_outcome_row(row, order, outcome))
    return Parsed(
        ARTICLE_VERSIONS.conform(ARTICLE_VERSIONS.frame(versions)),
        SIGHTING_OUTCOMES.conform(SIGHTING_OUTCOMES.frame(outcomes)),
        QUARANTINE.conform(QUARANTINE.frame(refused)),
    )


def _article_id(reading: Reading) -> str:
    assert reading.outlet is not None
    return mk_id("article", reading.outlet.outlet_id, reading.external_key)


def _texts_of(known: pl.DataFrame, article_ids: set[str]) -> dict[tuple[str, str], str]:
    """Return the known texts of some articles; the rest of what is known costs one vectorised pass."""
    wanted = pl.DataFrame({"article_id": sorted(article_ids)}, schema={"article_id": pl.String})
    own = known.select("article_id", "text_sha256", "version_id").join(wanted, on="article_id", how="semi")
    return {(article_id, sha): version_id for article_id, sha, version_id in own.iter_rows()}


def _in_order(records: pl.DataFrame, results: Sequence[Reading]) -> Iterator[_Entry]:
    """Yield the sightings in canonical order: by time (unknown last), place, number, bytes.

    Of two versions of one time, a correction comes after what it corrects.
    """
    by_sighting = {r.sighting_id: r for r in results}
    if len(by_sighting) != len(results) or len(results) != records.height:
        raise ValueError(f"{records.height} sightings, {len(results)} results, {len(by_sighting)} distinct")
    light = records.drop("bytes", strict=False)
    entries = [_Entry(row, by_sighting[row["sighting_id"]]) for row in light.iter_rows(named=True)]
    yield from sorted(entries, key=_order_key)


def _order_key(entry: _Entry) -> tuple[bool, datetime, bool, str, int, str, str]:
    row, document = entry.row, entry.reading.document
    at = when(document) if document is not None else None
    is_correction = document is not None and (document.is_retracted or document.correction_note is not None)
    number = -1 if row["record_no"] is None else row["record_no"]
    return (
        at is None,
        at or _LATEST,
        is_correction,
        row["source_uri"],
        number,
        row["raw_id"] or "",
        row["sighting_id"],
    )


def _version_row(
    row: dict[str, Any], reading: Reading, document: Document, outlet: Outlet, order: int
) -> dict[str, Any]:
    article_id = _article_id(reading)
    return {
        "ingest_date": row["ingest_date"],
        "batch_id": row["batch_id"],
        "version_id": mk_id("version", article_id, row["raw_id"]),
        "article_id": article_id,
        "raw_id": row["raw_id"],
        "text": document.text,
        "text_sha256": sha256_hex(document.text),
        "n_chars": len(document.text),
        "sections": [
            {"section": s.section, "char_start": s.char_start, "char_end": s.char_end} for s in document.sections
        ],
        "headline": document.headline,
        "standfirst": document.standfirst,
        "byline": document.byline,
        "authors": list(document.authors),
        "dateline_text": document.dateline_text,
        "dateline_place": document.dateline_place,
        "wire_agency": document.wire_agency,
        "language": document.language,
        "quality_flags": list(document.quality_flags),
        "is_retracted": document.is_retracted,
        "correction_note": document.correction_note,
        "published_on": document.published.on,
        "published_at": document.published.at,
        "published_precision": document.published.precision,
        "published_basis": document.published.basis,
        "updated_at": document.updated_at,
        "fetched_at": row["seen_at"],
        "parser_version": PARSER,
        "batch_order": order,
        "outlet_id": outlet.outlet_id,
        "outlet_name": outlet.name,
        "outlet_domain": outlet.domain,
        "external_key": reading.external_key,
        "url": document.url,
    }


def _outcome_row(row: dict[str, Any], order: int, outcome: tuple[str, str | None, str | None]) -> dict[str, Any]:
    return {
        "ingest_date": row["ingest_date"],
        "batch_id": row["batch_id"],
        "sighting_id": row["sighting_id"],
        "outcome": outcome[0],
        "outcome_reason": outcome[1],
        "version_id": outcome[2],
        "batch_order": order,
    }


def _quarantine_row(row: dict[str, Any], refusal: Refusal) -> dict[str, Any]:
    return {
        "ingest_date": row["ingest_date"],
        "batch_id": row["batch_id"],
        "quarantine_id": mk_id("quarantine", refusal.stage, row["sighting_id"], refusal.rule),
        "raw_id": row["raw_id"],
        "source_name": row["source_name"],
        "source_uri": row["source_uri"],
        "record_no": row["record_no"],
        "stage": refusal.stage,
        "entity": "record",
        "entity_id": row["sighting_id"],
        "rule": refusal.rule,
        "severity": "warn",
        "detail": refusal.detail,
        "first_seen_at": row["seen_at"],
    }
