"""The shrink guard: what the published file has and the warehouse that is to replace it lacks, without a reason.

Covers comparing the two files, saying what is missing, and the log of losses that somebody accepted. For parts of the
lake, see storage/manifest; for what reading again has changed, see storage/reprocessing.

Reasons are takedowns (their log covers the article, its bytes or its text), reading again by another parser or other
rules (a version may go where its record is still there), and a loss that was accepted. Only days that have less than
before and those that were built since are looked into, so that a day costs a day.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.lake import QUARANTINE
from pipelines.core.documents.takedown import Takedowns
from pipelines.core.ids import mk_id
from pipelines.errors import counted
from pipelines.storage.extensions import literal
from pipelines.storage.lake import RESOLVED, Batch, Lake

BYTES_LOST = "bytes_lost"
"""Rule under which quarantine keeps the records whose bytes are lost; a check of the bytes passes over them."""
_READ = {
    "version_facts": ("version_id", "article_id", "raw_id", "text_sha256", "ingest_date"),
    "sightings": ("source_name", "source_uri", "record_no", "raw_id", "version_id", "ingest_date"),
    "raw_documents": ("raw_id", "ingest_date"),
}
"""What the comparison reads of both files, whatever schema it lies in."""
_HAS = """
SELECT schema_name, list(column_name) FROM duckdb_columns() WHERE database_name = ? AND table_name = ?
GROUP BY schema_name ORDER BY schema_name
"""
_SHRUNK = """
CREATE TEMP TABLE shrunk AS SELECT DISTINCT ingest_date FROM (
    SELECT 'v' AS what, ingest_date, count(*) AS n FROM was_version_facts GROUP BY ALL
    UNION ALL SELECT 's', ingest_date, count(*) FROM was_sightings GROUP BY ALL
    UNION ALL SELECT 'r', ingest_date, count(*) FROM was_raw_documents GROUP BY ALL
) was LEFT JOIN (
    SELECT 'v' AS what, ingest_date, count(*) AS n FROM now_version_facts GROUP BY ALL
    UNION ALL SELECT 's', ingest_date, count(*) FROM now_sightings GROUP BY ALL
    UNION ALL SELECT 'r', ingest_date, count(*) FROM now_raw_documents GROUP BY ALL
) now USING (what, ingest_date) WHERE coalesce(now.n, 0) < was.n
"""
_BUILT = "INSERT INTO shrunk SELECT unnest($1::DATE[]) EXCEPT FROM shrunk"
_ALL = "INSERT INTO shrunk SELECT DISTINCT ingest_date FROM was_sightings EXCEPT FROM shrunk"
_LOST = """
CREATE TEMP TABLE lost_raw AS
SELECT raw_id, ingest_date FROM was_raw_documents SEMI JOIN shrunk USING (ingest_date)
ANTI JOIN now_raw_documents now USING (raw_id) ANTI JOIN forgotten_raw f USING (raw_id)
ANTI JOIN lost_and_told t USING (raw_id);
-- By place and bytes, not by id: a record that stands under another day now is not lost.
CREATE TEMP TABLE lost_sightings AS
SELECT source_name, source_uri, record_no, raw_id, version_id, ingest_date
FROM was_sightings was SEMI JOIN shrunk USING (ingest_date)
WHERE NOT EXISTS (FROM now_sightings now WHERE now.source_name = was.source_name AND now.source_uri = was.source_uri
    AND now.record_no IS NOT DISTINCT FROM was.record_no AND now.raw_id IS NOT DISTINCT FROM was.raw_id);
CREATE TEMP TABLE lost_versions AS
SELECT version_id, article_id, ingest_date FROM was_version_facts was SEMI JOIN shrunk USING (ingest_date)
ANTI JOIN now_version_facts now USING (version_id)
ANTI JOIN forgotten_raw f ON f.raw_id = was.raw_id
ANTI JOIN forgotten_texts t ON t.text_sha256 = was.text_sha256
ANTI JOIN forgotten_articles a ON a.article_id = was.article_id
WHERE NOT (was.ingest_date >= coalesce($read_again_from, DATE '9999-12-31')
    AND was.version_id NOT IN (SELECT version_id FROM lost_sightings WHERE version_id IS NOT NULL));
"""
_TOLD = "CREATE TEMP TABLE lost_and_told (raw_id VARCHAR)"
_SUMS = """
SELECT (SELECT count(DISTINCT article_id) FROM lost_versions ANTI JOIN now_version_facts USING (article_id)),
    (SELECT count(*) FROM lost_versions), (SELECT count(*) FROM lost_sightings), (SELECT count(*) FROM lost_raw),
    (SELECT list(DISTINCT ingest_date ORDER BY ingest_date) FROM (
        SELECT ingest_date FROM lost_versions UNION SELECT ingest_date FROM lost_sightings
        UNION SELECT ingest_date FROM lost_raw)),
    (SELECT list(DISTINCT source_name ORDER BY source_name) FROM lost_sightings
        ANTI JOIN now_sightings USING (source_name))
"""
_SHOWN = 5


@dataclass(frozen=True)
class Loss:
    """What would vanish from what is published.

    Attributes:
        n_articles: Articles of which nothing is left.
        n_versions: Versions of articles.
        n_records: Records that were met.
        n_raw: Raw documents.
        days: Ingest days with less than before.
        sources: Sources of which nothing is left.
    """

    n_articles: int = 0
    n_versions: int = 0
    n_records: int = 0
    n_raw: int = 0
    days: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.n_versions or self.n_records or self.n_raw)

    def in_words(self) -> str:
        """Return what is lost, as part of a sentence."""
        counts = {"article": self.n_articles, "version": self.n_versions, "record": self.n_records,
                  "raw document": self.n_raw}  # fmt: skip
        told = ", ".join(counted(n, name) for name, n in counts.items() if n)
        days = ", ".join(self.days[:_SHOWN]) + (f" and {len(self.days) - _SHOWN:,} more" * (len(self.days) > _SHOWN))
        gone = f"; nothing is left of {', '.join(self.sources)}" if self.sources else ""
        return f"{told} of {days}{gone}"


def losses(
    published: Path, warehouse: Path, takedowns: Takedowns, memory: str, *, days: Sequence[date] | None,
    read_again_from: date | None,
) -> Loss | None:  # fmt: skip
    """Return what the warehouse lacks of what is published; None: the two cannot be compared.

    Args:
        published: The file of the publication before.
        warehouse: The file that is to replace it.
        takedowns: What was to be forgotten.
        memory: How much DuckDB may hold, as it writes that (2GB).
        days: The ingest days that were built since: what they lost may be hidden by what came; None: all.
        read_again_from: The first ingest day that was read by another parser or other rules since, or again since
            somebody asked for it; None: no day was. What follows from it may differ on later days.
    """
    if not published.exists():
        return Loss()
    with duckdb.connect(warehouse, read_only=True, config={"memory_limit": memory}) as con:
        con.execute("SET enable_progress_bar = false")
        try:
            con.execute(f"ATTACH {literal(str(published))} AS old (READ_ONLY)")
            is_comparable = _name(con, "old", "was") and _name(con, warehouse.stem, "now")
        except duckdb.Error:  # damaged, or held by somebody
            return None
        if not is_comparable:
            return None
        con.execute(_SHRUNK)
        con.execute(_BUILT if days is not None else _ALL, [list(days)] if days is not None else None)
        if not con.execute("FROM shrunk LIMIT 1").fetchall():
            return Loss()
        _register(con, takedowns)
        con.execute(_TOLD)
        con.execute("INSERT INTO lost_and_told SELECT DISTINCT raw_id FROM ops.quarantine WHERE rule = ?", [BYTES_LOST])
        for statement in _LOST.split(";\n"):
            if statement.strip():
                named = {"read_again_from": read_again_from} if "$" in statement else None
                con.execute(statement, named)
        *counts, days, sources = con.execute(_SUMS).fetchall()[0]
    return Loss(*counts, tuple(day.isoformat() for day in days or ()), tuple(sources or ()))


def _name(con: duckdb.DuckDBPyConnection, database: str, prefix: str) -> bool:
    """Give what is compared of a file names of its own; return False where some of it is not there."""
    for name, columns in _READ.items():
        schemas = [s for s, there in con.execute(_HAS, [database, name]).fetchall() if {*columns} <= {*there}]
        if not schemas:
            return False
        con.execute(f"CREATE TEMP VIEW {prefix}_{name} AS FROM {database}.{schemas[0]}.{name}")
    return True


def _register(con: duckdb.DuckDBPyConnection, takedowns: Takedowns) -> None:
    """Make what is covered by takedowns known to the comparison."""
    for name, column, values in (
        ("forgotten_raw", "raw_id", takedowns.raw_ids), ("forgotten_texts", "text_sha256", takedowns.texts),
        ("forgotten_articles", "article_id", takedowns.article_ids),
    ):  # fmt: skip
        con.register("given", pl.DataFrame({column: sorted(values)}, schema={column: pl.String}).to_arrow())
        con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given")
        con.unregister("given")


def log_accepted(data_dir: Path, now: datetime, run_id: str, what: Loss | Collection[str]) -> None:
    """Add a line to the log of accepted losses: when, who, in which run, and what (a loss, or the lake's parts)."""
    told = asdict(what) if isinstance(what, Loss) else {"parts": sorted(what)}
    line = {"accepted_at": now.isoformat(timespec="seconds"), "by": _user(), "run_id": run_id, **told}
    with (data_dir / "accepted_losses.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def note_lost_bytes(
    lake: Lake, forgotten: Collection[str], now: datetime, detail: str, *, without: Collection[Path] = ()
) -> int:
    """Note in quarantine, as settled, the records that are there still and whose bytes are lost; return how many.

    Args:
        lake: The lake.
        forgotten: Raw documents that are gone for a reason.
        now: The clock, UTC.
        detail: Why they are lost, in a line.
        without: Parts of raw documents that are there and cannot be read.
    """
    sound = [batch for path, batch in lake.parts(["raw_documents"]) if path not in without]
    raw_ids = [*lake.read("raw_documents", batches=sound, columns=["raw_id"])["raw_id"], *forgotten]
    columns = ["sighting_id", "raw_id", "source_name", "source_uri", "record_no", "ingest_date", "batch_id"]
    met = lake.read("sightings", columns=columns)
    lost = met.filter(pl.col("raw_id").is_not_null() & ~pl.col("raw_id").is_in(raw_ids))
    for (day, batch_id), rows in lost.group_by("ingest_date", "batch_id", maintain_order=True):
        batch = Batch(day, batch_id)  # type: ignore[arg-type]
        noted = [_lost(row, now, detail) for row in rows.iter_rows(named=True)]
        settled = lake.read("quarantine", batches=[batch]).filter(pl.col("resolved_at").is_not_null())
        frame = pl.concat([settled, QUARANTINE.frame(noted).select(settled.columns)])
        frame = frame.unique("quarantine_id", keep="first", maintain_order=True).sort("quarantine_id")
        lake.write("quarantine", batch, frame, stage=RESOLVED)
    return lost.height


def _lost(row: dict[str, Any], now: datetime, detail: str) -> dict[str, object]:
    places = {name: row[name] for name in ("raw_id", "source_name", "source_uri", "record_no")}
    return {
        **{"ingest_date": row["ingest_date"], "batch_id": row["batch_id"]}, **places,
        "quarantine_id": mk_id("quarantine", "read", row["sighting_id"], BYTES_LOST), "stage": "read",
        "entity": "record", "entity_id": row["sighting_id"], "rule": BYTES_LOST, "severity": "warn",
        "detail": detail,
        "first_seen_at": now, "resolved_at": now,
    }  # fmt: skip


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a service without a name
        return "unknown"
