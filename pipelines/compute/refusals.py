"""Refused records and failed articles that have not come through since, and what each would give now.

Covers finding them in the lake, and trying them again without writing anything. For computing their batches again, see
orchestration; for what is printed, see commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.core.attribution import Extraction
from pipelines.core.documents.batches import read_documents
from pipelines.core.documents.model import UNKNOWN_FORMAT
from pipelines.core.documents.takedown import Takedowns
from pipelines.ingest.files import records
from pipelines.ingest.own_readers import own_readers, read
from pipelines.settings import FILES_SOURCE, Settings, Sources, is_web
from pipelines.storage.lake import Batch, Lake

_PLACE = ["source_name", "source_uri", "record_no"]
_TEXT = ("version_id", "article_id", "text", "language", "sections", "published_on")


@dataclass(frozen=True)
class Trial:
    """What trying again gave.

    Attributes:
        batches: Batches with something that comes through now, to be computed again.
        files: Files with a record that was refused unread and can be read now, to be met again.
        reasons: By quarantine_id, why it is still refused; what comes through is not in it.
    """

    batches: frozenset[Batch]
    files: frozenset[Path]
    reasons: dict[str, str]


def open_refusals(lake: Lake) -> pl.DataFrame:
    """Return the rows of quarantine of what has not come through since, in order; as ops.open_refusals does."""
    rows = lake.rows(lake.scan("quarantine").filter(pl.col("resolved_at").is_null()))
    places = rows["source_uri"].drop_nulls().unique().to_list()
    met = lake.rows(lake.scan("sightings").filter(pl.col("source_uri").is_in(places)))
    outcomes = lake.read("sighting_outcomes", columns=["sighting_id", "outcome"])
    good = met.filter(~pl.col("is_unchanged")).join(outcomes, on="sighting_id")
    good = good.filter(pl.col("outcome").is_in(["parsed", "duplicate"]))
    # What puts batches in order: the day, then the id, which ends in the number.
    when = pl.format("{} {}", pl.col("ingest_date").cast(pl.String), "batch_id")
    last = good.group_by(_PLACE).agg(when.max().alias("last_read"))
    last_of_file = good.group_by(_PLACE[:2]).agg(when.max().alias("last_of_file"))
    # An older part does not say which source its record came from; its sighting does.
    named = met.select(pl.col("sighting_id").alias("entity_id"), pl.col("source_name").alias("met_of"))
    rows = rows.join(named, on="entity_id", how="left").with_columns(source_name=pl.coalesce("source_name", "met_of"))
    rows = rows.join(last, on=_PLACE, how="left", nulls_equal=True).join(last_of_file, on=_PLACE[:2], how="left")
    # What was refused as a whole is read when any record of it is.
    read = pl.when(pl.col("record_no").is_null()).then("last_of_file").otherwise("last_read")
    is_read = (pl.col("entity") == "record") & read.is_not_null() & (read > when)
    open_rows = rows.filter(~is_read.fill_null(value=False)).drop("met_of", "last_read", "last_of_file")
    return open_rows.sort("ingest_date", "batch_id", "source_uri", "record_no", "quarantine_id")


def try_again(lake: Lake, settings: Settings, sources: Sources, takedowns: Takedowns, refused: pl.DataFrame) -> Trial:
    """Return what some open refusals would give now. Nothing is written."""
    reasons: dict[str, str] = {}
    unread = refused.filter((pl.col("entity") == "record") & (pl.col("stage") == "read"))
    held = refused.filter((pl.col("entity") == "record") & (pl.col("stage") != "read"))
    reasons |= _of_records(lake, sources, takedowns, held)
    reasons |= _of_versions(lake, refused.filter(pl.col("entity") == "version"))
    files: set[Path] = set()
    for row in unread.iter_rows(named=True):
        path = _file(sources, row["source_name"], row["source_uri"])
        why = _of_file(path, sources, settings.max_document_bytes, row) if path else _not_there(row)
        if why is None and path is not None:
            files.add(path)
        else:
            reasons[row["quarantine_id"]] = str(why)
    through = pl.concat([held, refused.filter(pl.col("entity") == "version")])
    through = through.filter(~pl.col("quarantine_id").is_in(list(reasons)))
    days = through.select("ingest_date", "batch_id").unique()
    return Trial(frozenset(Batch(*row) for row in days.iter_rows()), frozenset(files), reasons)


def _of_records(lake: Lake, sources: Sources, takedowns: Takedowns, refused: pl.DataFrame) -> dict[str, str]:
    """Return why records are still refused whose bytes are kept."""
    if refused.is_empty():
        return {}
    raw_ids = refused["raw_id"].drop_nulls().unique().to_list()
    raw = lake.scan("raw_documents").filter(pl.col("raw_id").is_in(raw_ids)).select("raw_id", "bytes", "media_type")
    ids = refused["entity_id"].to_list()
    met = lake.rows(lake.scan("sightings").filter(pl.col("sighting_id").is_in(ids)))
    records_ = met.join(lake.rows(raw).unique("raw_id"), on="raw_id", how="left", maintain_order="left")
    readings = read_documents(records_, sources.rules(), read, takedowns)
    why = {r.sighting_id: f"{r.refusal.rule}: {r.refusal.detail}" for r in readings if r.refusal is not None}
    pairs = refused.select("quarantine_id", "entity_id").iter_rows()
    return {quarantine_id: why[entity_id] for quarantine_id, entity_id in pairs if entity_id in why}


def _of_versions(lake: Lake, refused: pl.DataFrame) -> dict[str, str]:
    """Return why versions still fail that extraction or resolution failed on."""
    if refused.is_empty():
        return {}
    from pipelines.compute.worker import extract_chunk, resolve_texts  # loads the model

    why: dict[str, str] = {}
    for row in refused.iter_rows(named=True):
        own = pl.col("version_id") == row["entity_id"]
        batch = [Batch(row["ingest_date"], row["batch_id"])]
        texts = lake.rows(lake.scan("article_versions", batches=batch).filter(own))
        if row["stage"] == "extract":
            failed = extract_chunk(
                texts.select("version_id", "article_id", "text", "language", "sections", "published_on")
            ).failed
        else:
            names = Extraction.__dataclass_fields__
            found = {name: lake.rows(lake.scan(name, batches=batch).filter(own)) for name in names}
            _, failed = resolve_texts(texts, Extraction(**found))
        for _, detail in failed:
            why[row["quarantine_id"]] = f"{row['rule']}: {detail}"
    return why


def _file(sources: Sources, source_name: str | None, uri: str) -> Path | None:
    """Return the file at a place, if it is one and is there."""
    path = Path(uri) if source_name == FILES_SOURCE else sources.root / uri
    return path if path.is_file() else None


def _not_there(row: dict[str, Any]) -> str:
    """Return why a record that was refused unread cannot be tried: its file has gone, or it lies in the web."""
    uri = str(row["source_uri"])
    missing = (
        f"nothing of it was kept, so that it has to be fetched again: onrecord run {uri.partition('#')[0]}"
        if is_web(uri)
        else "not there now"
    )
    return f"{row['rule']}: {row['detail']} ({missing})"


def _of_file(path: Path, sources: Sources, max_bytes: int, row: dict[str, object]) -> str | None:
    """Return why a record of a file would be refused unread again; None: it can be read."""
    for met in records([path], sources, max_bytes, own=own_readers().suffixes):
        if met.record_no == row["record_no"]:
            is_out = met.refusal_rule is not None and met.refusal_rule != UNKNOWN_FORMAT
            return f"{met.refusal_rule}: {met.refusal_detail}" if is_out else None
    return None if row["record_no"] is None else "gone: the record is not in the file any more"


def by_reason(reasons: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """Yield each rule, how many are still refused by it, and one of the details, the most frequent rule first."""
    grouped: dict[str, list[str]] = {}
    for reason in reasons.values():
        rule, _, detail = reason.partition(": ")
        grouped.setdefault(rule, []).append(detail)
    for rule, details in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])):
        yield rule, len(details), min(details)
