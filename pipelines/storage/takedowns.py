"""Takedowns on disk: the log, and taking what it covers out of the data folder.

Covers the log file; what of the lake belongs to an article; removing it, so that a run that was killed in the middle is
completed by the next. For what a line covers, see core/documents/takedown.

The log is written first. What follows can be done any number of times: `scrub` takes the bytes and everything computed
from their batches out of the lake, the next run builds a new warehouse and publishes it, and `finish` removes what was
published or recorded before and notes that the takedown is done, in the lake, so that the note goes with its backups.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines import contracts
from pipelines.core.documents.takedown import Takedown, Takedowns, parse_log, url_key
from pipelines.settings import Settings, SettingsError
from pipelines.storage import vacuum
from pipelines.storage.atomic_files import read_json, replacing, write_json
from pipelines.storage.lake import RESOLVED, Batch, Lake
from pipelines.storage.publish import earlier_files

_NOTE = Path("state/forgotten.json")
_PROBES, _PROBE_CHARS = 3, 40
"""Paragraphs by which near copies are found, the longest first, and how long one has to be to mean anything."""


@dataclass(frozen=True)
class Belongings:
    """What of the lake belongs to an article.

    Attributes:
        article_ids: The article, as each outlet had it.
        version_ids: Its versions, and those of other articles with the same bytes or text.
        raw_ids: Every record that carried one of them, or came from the article's address.
        texts: The hashes of their texts.
    """

    article_ids: frozenset[str] = frozenset()
    version_ids: frozenset[str] = frozenset()
    raw_ids: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def log_path(settings: Settings) -> Path:
    """Return where the log lies."""
    return settings.data_dir / "forgotten.jsonl"


def load(settings: Settings) -> Takedowns:
    """Return what the log says; nothing if there is none.

    Raises:
        SettingsError: a line is wrong; the message names it.
    """
    path = log_path(settings)
    try:
        return parse_log(path.read_text(encoding="utf-8")) if path.exists() else Takedowns()
    except ValueError as error:
        raise SettingsError(f"{settings.data_dir}: {error}") from None


def append(settings: Settings, lines: Iterable[Takedown]) -> None:
    """Add lines at the end of the log, and bring them to the disk."""
    path = log_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = not path.exists() or path.stat().st_size == 0 or path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("" if ends else "\n") + "".join(line.line() + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def frame(takedowns: Takedowns) -> pl.DataFrame:
    """Return ops.takedowns."""
    rows: list[dict[str, object]] = [
        {
            "takedown_id": t.takedown_id, "target": t.target, "reason": t.reason or None, "made_by": t.made_by,
            "forgotten_at": datetime.fromisoformat(t.made_at).astimezone(UTC), "n_records": len(t.raw_ids),
            "n_texts": len(t.texts),
        }
        for t in sorted(takedowns.entries, key=lambda t: t.takedown_id)
    ]  # fmt: skip
    return contracts.ops.TAKEDOWNS.frame(rows)


# ---------------------------------------------------------------- what belongs to an article
def belongings(lake: Lake, target: str) -> Belongings:
    """Return what belongs to an article, by its `url_key` or its article_id; nothing if it was never met."""
    columns = ["version_id", "article_id", "raw_id", "text_sha256", "url"]
    versions = lake.read("article_versions", columns=columns)
    sightings = lake.read("sightings", columns=["sighting_id", "raw_id", "source_uri"])
    outcomes = lake.read("sighting_outcomes", columns=["sighting_id", "version_id"])
    carried = sightings.join(outcomes.drop_nulls(), on="sighting_id").drop_nulls("raw_id")
    own = versions.filter((pl.col("article_id") == target) | _at(versions["url"], target))
    raw_ids = {*own["raw_id"], *sightings.filter(_at(sightings["source_uri"], target))["raw_id"].drop_nulls()}
    found = Belongings(frozenset(own["article_id"]), frozenset(own["version_id"]), frozenset(raw_ids))
    while True:  # the same bytes give another article elsewhere, whose text is the same in other bytes, and so on
        texts = {*found.texts, *versions.filter(pl.col("version_id").is_in(found.version_ids))["text_sha256"]}
        same = versions.filter(pl.col("raw_id").is_in(found.raw_ids) | pl.col("text_sha256").is_in(texts))
        version_ids = found.version_ids | {*same["version_id"]}
        met = carried.filter(pl.col("version_id").is_in(version_ids))["raw_id"]
        now = Belongings(
            found.article_ids, version_ids, found.raw_ids | {*same["raw_id"], *met}, frozenset(texts)
        )  # fmt: skip
        if now == found:
            return found
        found = now


def _at(addresses: pl.Series, target: str) -> pl.Series:
    """Return which of some addresses are that of the target; each is looked at once."""
    keys = {u: url_key(u) for u in addresses.drop_nulls().unique() if "://" in u} if "://" in target else {}
    return addresses.is_in([u for u, key in keys.items() if key == target]).fill_null(value=False)


def places(lake: Lake, raw_ids: Iterable[str]) -> list[str]:
    """Return the places at which some records were met, sorted."""
    met = lake.scan("sightings").filter(pl.col("raw_id").is_in(sorted(raw_ids))).select("source_uri")
    return sorted(lake.rows(met)["source_uri"].unique())


def near_copies(lake: Lake, own: Belongings) -> pl.DataFrame:
    """Return the versions elsewhere that print one of the article's longest paragraphs: they are not removed.

    Columns: version_id, article_id, outlet_name, url, ingest_date.
    """
    versions = lake.scan("article_versions")
    mine = versions.filter(pl.col("version_id").is_in(sorted(own.version_ids))).select("text").collect()["text"]
    paragraphs = {p.strip() for text in mine for p in text.split("\n\n") if len(p.strip()) >= _PROBE_CHARS}
    probes = sorted(paragraphs, key=lambda p: (-len(p), p))[:_PROBES]
    others = versions.filter(~pl.col("version_id").is_in(sorted(own.version_ids)))
    shown = ("version_id", "article_id", "outlet_name", "url", "ingest_date")
    if not probes:
        return others.select(shown).head(0).collect()
    return others.filter(pl.col("text").str.contains_any(probes)).select(shown).collect().sort("version_id")


# ---------------------------------------------------------------- taking it out
def pending(lake: Lake, takedowns: Takedowns) -> bool:
    """Whether some takedown is not done yet: its run was killed or failed, or the lake is older than the log."""
    return not {t.takedown_id for t in takedowns.entries} <= _done(lake)


def scrub(lake: Lake, takedowns: Takedowns) -> list[Batch]:
    """Take the covered bytes out of the lake, and all that was computed from a batch which met them; return these.

    What was met stays in the sightings. The next run computes the batches again, without the article.
    """
    versions = lake.read("article_versions", columns=["version_id", "article_id", "raw_id", "text_sha256"])
    covered = (
        pl.col("article_id").is_in(takedowns.article_ids)
        | pl.col("raw_id").is_in(takedowns.raw_ids)
        | pl.col("text_sha256").is_in(takedowns.texts)
    )
    version_ids = set(versions.filter(covered)["version_id"])
    touched = _touched(lake, takedowns.raw_ids, version_ids)
    for batch in touched:
        kept = lake.read("quarantine", batches=[batch]).filter(
            pl.col("resolved_at").is_not_null()
            & ~pl.col("raw_id").is_in(takedowns.raw_ids).fill_null(value=False)
            & ~pl.col("entity_id").is_in(version_ids)
        )
        lake.write("quarantine", batch, kept, stage=RESOLVED)
        lake.drop_computed(batch)
    lake.drop_raw(takedowns.raw_ids)
    lake.drop_set_aside()  # it may hold the article, and nobody can look
    return touched


def _touched(lake: Lake, raw_ids: frozenset[str], version_ids: set[str]) -> list[Batch]:
    """Return the batches that met one of these records as something new, or name one of these versions."""
    found: set[Batch] = set()
    for contract in contracts.tables("lake"):
        columns = [c.name for c in contract.columns if c.name == "raw_id" or c.name.endswith("version_id")]
        named = [pl.col(c).is_in(raw_ids if c == "raw_id" else version_ids).fill_null(value=False) for c in columns]
        if named:
            rows = lake.scan(contract.name).filter(pl.any_horizontal(named))
            rows = rows.filter(~pl.col("is_unchanged")) if contract is contracts.lake.SIGHTINGS else rows
            found |= {Batch(*row) for row in rows.select("ingest_date", "batch_id").unique().collect().iter_rows()}
    return sorted(found & set(lake.batches()))


def drop_overrides(path: Path, version_ids: Iterable[str]) -> int:
    """Remove the corrections that quote words of some versions from the log of corrections; return how many."""
    if not path.exists():
        return 0
    gone = set(version_ids)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not (line.strip() and set(json.loads(line).get("versions", ())) & gone)]
    if len(kept) < len(lines):
        with replacing(path) as unfinished:
            unfinished.write_text("".join(kept), encoding="utf-8")
    return len(lines) - len(kept)


def finish(settings: Settings, lake: Lake, takedowns: Takedowns, runs: Iterable[str]) -> None:
    """Remove what was published and recorded before, and note that every takedown is done.

    Args:
        settings: The settings.
        lake: The lake.
        takedowns: All of them.
        runs: Runs whose records in Dagster are gone; what they printed is removed.
    """
    vacuum.remove(earlier_files(settings.published))
    if settings.ducklake is not None:
        from pipelines.storage.ducklake import expire_snapshots, publish_snapshot  # of the extra `cluster`

        publish_snapshot(settings, anew=True)
        expire_snapshots(settings, keep_earlier=0)
    vacuum.remove(vacuum.leftovers(settings))
    vacuum.remove_run_files(settings.dagster_home, runs)
    vacuum.compact(settings.dagster_home)
    note_done(lake, takedowns)


def note_done(lake: Lake, takedowns: Takedowns) -> None:
    """Note that nothing is left of what these takedowns cover."""
    write_json(lake.root / _NOTE, {"done": sorted({t.takedown_id for t in takedowns.entries})})


def reopen(lake: Lake, takedown: Takedown) -> None:
    """Note that a takedown is to be done once more: its article was met since, by a run before the log was there."""
    done = _done(lake) - {takedown.takedown_id}
    write_json(lake.root / _NOTE, {"done": sorted(done)})


def _done(lake: Lake) -> set[str]:
    return set(read_json(lake.root / _NOTE).get("done", ()))
