"""What reading again has changed: the published file against the warehouse that is about to replace it.

Covers comparing records that both have, and saying it in lines. For what is read again and why, see
orchestration/build_state; for changes in who is who, see core/identity/changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.ops import REPROCESSING
from pipelines.errors import counted
from pipelines.storage.published import relations

_FIELDS = (
    "headline", "standfirst", "byline", "authors", "dateline_text", "wire_agency", "language", "published_on",
    "published_at", "url", "outlet_name", "is_retracted", "correction_note", "quality_flags", "sections",
)  # fmt: skip
"""Columns of version_facts that reading decides, beside the text."""
_READ = {
    "version_facts": {"version_id", "ingest_date", "text_sha256", "n_chars", *_FIELDS},
    "statement_facts": {"statement_id", "version_id", "ingest_date"},
    "sightings": {"sighting_id", "source_name", "version_id", "outcome", "ingest_date"},
}
"""What the comparison reads of both files; the schemas may be others in a file that an older version published."""
_COLUMNS = """
SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = 'old' GROUP BY table_name
"""


def reprocessing(published: Path, warehouse: Path, days: Sequence[date] | None, memory: str) -> pl.DataFrame:
    """Return ops.reprocessing; no rows where nothing was published before, or by contracts that cannot be compared.

    Args:
        published: The file of the publication before.
        warehouse: The file that is to be published.
        days: The ingest days that were built since; None: all.
        memory: How much DuckDB may hold, as it writes that (2GB).
    """
    if not published.exists():
        return REPROCESSING.empty()
    with duckdb.connect(warehouse, read_only=True, config={"memory_limit": memory}) as con:
        try:
            con.execute(f"ATTACH '{str(published).replace(chr(39), chr(39) * 2)}' AS old (READ_ONLY)")
        except duckdb.Error:  # damaged, or held by somebody: the next publication replaces it all the same
            return REPROCESSING.empty()
        old = {name: set(columns) for name, columns in con.execute(_COLUMNS).fetchall()}
        if any(not columns <= old.get(name, set()) for name, columns in _READ.items()):
            return REPROCESSING.empty()
        return REPROCESSING.conform(con.sql(_sql(_in_days(days), relations(con, "old"))).pl())


def _in_days(days: Sequence[date] | None) -> str:
    if days is None:
        return "ingest_date IS NOT NULL"
    return f"ingest_date IN ({', '.join(f'DATE {day.isoformat()!r}' for day in days)})"


def _sql(in_days: str, old: Mapping[str, str]) -> str:
    fields = " UNION ALL ".join(
        f"SELECT source_name, '{name}' AS what, CASE WHEN {_is_empty('was', name)} THEN 'filled' "
        f"WHEN {_is_empty('now', name)} THEN 'emptied' ELSE 'other' END AS effect, version_id, NULL AS before, "
        f"NULL AS after FROM both_versions WHERE was.{name} IS DISTINCT FROM now.{name}"
        for name in _FIELDS
    )
    return f"""
WITH met AS (  -- records that the publication before had: what is new came with the news, and is no difference
    SELECT DISTINCT s.sighting_id, s.source_name FROM ops.sightings s SEMI JOIN
        (SELECT sighting_id FROM {old["sightings"]} WHERE {in_days}) o USING (sighting_id) WHERE s.{in_days}
), carried AS (  -- which of their records carries a version, then and now
    SELECT s.version_id, min(m.source_name) AS source_name, bool_or(is_old) AS was, bool_or(NOT is_old) AS is_there
    FROM (SELECT sighting_id, version_id, outcome, false AS is_old FROM ops.sightings WHERE {in_days} UNION ALL
          SELECT sighting_id, version_id, outcome, true AS is_old FROM {old["sightings"]} WHERE {in_days}) s
    JOIN met m USING (sighting_id) WHERE s.outcome = 'parsed' GROUP BY s.version_id
), both_versions AS (
    SELECT c.source_name, n.version_id, o AS was, n AS now
    FROM (SELECT * FROM internal.version_facts WHERE {in_days}) n
    JOIN (SELECT * FROM {old["version_facts"]} WHERE {in_days}) o ON o.version_id = n.version_id
    JOIN carried c ON c.version_id = n.version_id
), differing AS (
    SELECT source_name, 'version' AS what, CASE WHEN was THEN 'went' ELSE 'came' END AS effect, version_id,
        NULL AS before, NULL AS after FROM carried WHERE was <> is_there
    UNION ALL SELECT source_name, 'text', 'other', version_id, was.n_chars, now.n_chars FROM both_versions
    WHERE was.text_sha256 <> now.text_sha256
    UNION ALL {fields}
    UNION ALL SELECT c.source_name, 'statement', d.effect, d.version_id, NULL, NULL FROM (
        SELECT 'came' AS effect, version_id FROM internal.statement_facts n
        ANTI JOIN (SELECT statement_id FROM {old["statement_facts"]} WHERE {in_days}) o
        ON o.statement_id = n.statement_id WHERE n.{in_days}
        UNION ALL SELECT 'went', version_id FROM {old["statement_facts"]} o
        ANTI JOIN (SELECT statement_id FROM internal.statement_facts WHERE {in_days}) n
        ON o.statement_id = n.statement_id WHERE o.{in_days}
    ) d JOIN carried c ON c.version_id = d.version_id
)
SELECT source_name, what, effect, count(*) AS n_changes, count(DISTINCT version_id) AS n_versions,
    sum(before) AS n_chars_before, sum(after) AS n_chars_after, min(version_id) AS example_version_id
FROM differing GROUP BY source_name, what, effect ORDER BY source_name, what, effect
"""


def _is_empty(side: str, name: str) -> str:
    empty = "len({0}) = 0" if name in ("authors", "quality_flags", "sections") else "{0} IS NULL"
    return empty.format(f"{side}.{name}")


def in_words(frame: pl.DataFrame) -> Iterator[str]:
    """Yield a line for each source that reading again has changed."""
    for (source,), rows in frame.group_by("source_name", maintain_order=True):
        yield f"{source}: reading again: " + ", ".join(_words(row) for row in rows.iter_rows(named=True))


def _words(row: dict[str, object]) -> str:
    n, what, effect = int(str(row["n_changes"])), str(row["what"]), str(row["effect"])
    if what == "text":
        return f"{counted(n, 'text')} changed ({row['n_chars_before']:,} -> {row['n_chars_after']:,} characters)"
    if what in ("version", "statement"):
        return f"{counted(n, what)} {effect}"
    return f"{n:,} {what}" + f" {'changed' if effect == 'other' else effect}"
