"""The steps on one batch: what is read from the lake for it, computed, and written to its parts.

Covers reading records, signing, extracting and resolving a batch, wherever it runs (see `engine`). For which batches
are due, see orchestration/assets; for the rules, see core.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

import polars as pl

from pipelines.compute.pool import Hands, chunks
from pipelines.compute.quarantine import write_failures
from pipelines.compute.worker import Extracted, extract_chunk, extract_lost, of_versions, resolve_texts
from pipelines.contracts import table
from pipelines.core.attribution import Extraction
from pipelines.core.copies.near_copies import signatures
from pipelines.core.documents.batches import Reading, read_documents
from pipelines.core.documents.model import Refusal, SourceRules
from pipelines.core.documents.takedown import Takedowns
from pipelines.core.resolution.resolve import Resolution
from pipelines.ingest.own_readers import read
from pipelines.storage.damage import DamagedPartError, is_readable
from pipelines.storage.fingerprints import EXTRACTED, RESOLVED
from pipelines.storage.lake import Batch, Lake

_READ_AT_ONCE, _EXTRACTED_AT_ONCE, _SIGNED_AT_ONCE, _RESOLVED_AT_ONCE = 100, 40, 500, 250
DAMAGED = "damaged_part"
"""Rule by which records are refused whose bytes cannot be read any more."""
CRASHED = "reader_crashed"
"""Rule by which a record is refused whose reading ended the process that read it."""
_TEXT = ("version_id", "text", "language", "published_on", "authors")

Due = tuple[Batch, str]
"""A batch, and what its parts will be made by."""


# ---------------------------------------------------------------- reading
def read_batch(
    lake: Lake, rules: Mapping[str, SourceRules], takedowns: Takedowns, batch: Batch, hands: Hands
) -> list[Reading] | DamagedPartError:
    """Return what reading each record of a batch gave, or that a raw part of it is damaged."""
    try:
        met = with_bytes(lake, batch, forgotten=takedowns.raw_ids)
    except DamagedPartError as error:
        return error
    return read_records(met, rules, takedowns, hands)


def read_records(
    met: pl.DataFrame, rules: Mapping[str, SourceRules], takedowns: Takedowns, hands: Hands
) -> list[Reading]:
    """Return what reading each of some records gave."""
    reading = partial(read_documents, rules=rules, read=read, takedowns=takedowns)
    found: list[Reading] = []
    for part in hands.map(reading, list(chunks(met, _READ_AT_ONCE)), lost=_reading_lost):
        found.extend(part)
        hands.advance(len(part))
    return found


def _reading_lost(record: pl.DataFrame) -> list[Reading]:
    told = "reading it ended the process; nothing else of its batch is affected"
    return [Reading(record["sighting_id"][0], refusal=Refusal("parse", CRASHED, told))]


def with_bytes(lake: Lake, batch: Batch, *, is_damaged: bool = False, forgotten: Collection[str] = ()) -> pl.DataFrame:
    """Return the sightings of a batch with the bytes and media type of those to read.

    Args:
        lake: The lake.
        batch: The batch.
        is_damaged: A raw part is damaged: records whose bytes cannot be read are refused.
        forgotten: Raw documents that are gone for a reason.

    Raises:
        DamagedPartError: a raw part is damaged or lost, and that was not said.
    """
    sightings = lake.read("sightings", batches=[batch])
    raw = raw_of(lake, sightings, is_damaged=is_damaged)
    met = sightings.join(raw, on="raw_id", how="left", maintain_order="left")
    if is_damaged:
        return refused_for_damage(met)
    if not met.filter(_lacks_bytes() & ~pl.col("raw_id").is_in(sorted(forgotten))).is_empty():
        raise DamagedPartError("the bytes of some of its records are lost, or lie in a part that was set aside")
    return met


def raw_of(lake: Lake, sightings: pl.DataFrame, *, is_damaged: bool = False) -> pl.DataFrame:
    """Return raw_id, bytes and media_type of the records to read; bytes may have come with an earlier batch.

    Args:
        lake: The lake.
        sightings: The records.
        is_damaged: Leave out what lies in damaged parts.

    Raises:
        DamagedPartError: a part that has some of it is damaged, and that was not said.
    """
    wanted = sightings.filter(~pl.col("is_unchanged"))["raw_id"].drop_nulls().unique()
    columns = ["raw_id", "bytes", "media_type"]
    sound = [batch for path, batch in lake.parts(["raw_documents"]) if is_readable(path)] if is_damaged else None
    found = lake.scan("raw_documents", batches=sound).filter(pl.col("raw_id").is_in(wanted.implode())).select(columns)
    return lake.rows(found).unique("raw_id", maintain_order=True)


def _lacks_bytes() -> pl.Expr:
    """Whether a record is to be read, and its bytes are not there."""
    is_read = ~pl.col("is_unchanged") & pl.col("raw_id").is_not_null() & pl.col("refusal_rule").is_null()
    return is_read & pl.col("bytes").is_null()


def refused_for_damage(met: pl.DataFrame) -> pl.DataFrame:
    """Return records with their bytes, those without as refused."""
    is_out = _lacks_bytes()
    told = "the part of the lake that holds its bytes is damaged: put it back from a copy, and run again"
    return met.with_columns(
        refusal_rule=pl.when(is_out).then(pl.lit(DAMAGED)).otherwise("refusal_rule"),
        refusal_detail=pl.when(is_out).then(pl.lit(told)).otherwise("refusal_detail"),
    )


# ---------------------------------------------------------------- signing, extracting, resolving
def sign_batch(lake: Lake, due: Due, hands: Hands) -> None:
    """Write the signatures of a batch's texts."""
    batch, made_by = due
    texts = lake.read("article_versions", batches=[batch], columns=["version_id", "article_id", "text", "sections"])
    parts = list(hands.map(signatures, list(chunks(texts, _SIGNED_AT_ONCE))))
    empty = table("lake", "text_signatures").empty().drop("ingest_date", "batch_id")
    lake.write("text_signatures", batch, pl.concat([empty, *parts]), made_by=made_by)
    hands.advance(texts.height)


def extract_batch(lake: Lake, now: datetime, due: Due, hands: Hands) -> None:
    """Write everything found in the texts of a batch, and which of them failed; mentions last."""
    batch, made_by = due
    extracted = extracted_of(lake, batch, hands)
    write_failures(lake, batch, "extract", extracted.failed, made_by, now)
    for name in EXTRACTED:
        lake.write(name, batch, extracted.frames[name], made_by=made_by)


def extracted_of(lake: Lake, batch: Batch, hands: Hands) -> Extracted:
    """Return everything found in the texts of a batch."""
    columns = ["version_id", "article_id", "text", "language", "sections", "published_on"]
    texts = lake.read("article_versions", batches=[batch], columns=columns)
    parts = []
    for part in hands.map(extract_chunk, list(chunks(texts, _EXTRACTED_AT_ONCE)), lost=extract_lost):
        parts.append(part)
        hands.advance(part.n_articles)
    return Extracted.joined(parts, EXTRACTED)


def resolve_batch(lake: Lake, now: datetime, due: Due, hands: Hands) -> None:
    """Write who is who within each text of a batch, and which texts failed; targets of statements last."""
    batch, made_by = due
    extraction = extraction_of(lake, batch)
    texts = lake.read("article_versions", batches=[batch], columns=_TEXT).sort("version_id")
    pieces = [(some, of_versions(extraction, some["version_id"])) for some in chunks(texts, _RESOLVED_AT_ONCE)]
    parts = list(hands.map(_resolve_piece, pieces or [(texts, extraction)]))
    write_failures(lake, batch, "resolve", [f for _, failed in parts for f in failed], made_by, now)
    for name in RESOLVED:
        lake.write(name, batch, pl.concat(getattr(resolution, name) for resolution, _ in parts), made_by=made_by)
    hands.advance(extraction.statements.height)


def _resolve_piece(piece: tuple[pl.DataFrame, Extraction]) -> tuple[Resolution, tuple[tuple[str, str], ...]]:
    return resolve_texts(*piece)


def extraction_of(lake: Lake, batch: Batch) -> Extraction:
    """Return what was extracted from one batch."""
    return Extraction(**{name: lake.read(name, batches=[batch]) for name in EXTRACTED})
