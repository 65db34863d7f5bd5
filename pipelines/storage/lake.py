"""The lake: Parquet parts that appear whole or not at all.

Covers where a part lies, how it is written, read and compared.

Layout: ``<root>/<table>/ingest_date=YYYY-MM-DD/<batch_id>[.<stage>].parquet``, ``<root>/<table>/empty.parquet``
(so that every table can be read from the first day) and ``<root>/state/<table>.parquet``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines import contracts
from pipelines.storage import faults
from pipelines.storage.atomic_files import replacing
from pipelines.storage.damage import DamagedPartError, advice, has_footer, is_readable, naming
from pipelines.storage.object_paths import ObjectPath, forget_listings, place

_MADE_BY = "onrecord.made_by"
_CONTRACT = "onrecord.contract_version"
_KNOWN = contracts.CONTRACT_VERSION
_RECEIVED = ("raw_documents", "sightings")
_SET_ASIDE = ".damaged"
NOT_COMPUTED = (*_RECEIVED, "pipeline_runs")
"""Tables that are not computed from others: they cannot be made again."""
UNCHANGED = "unchanged"
"""Stage of the parts of a batch in which nothing was new: they wait for the day's next build."""
RESOLVED = "resolved"
"""Stage of the parts of quarantine that hold what came through at a later try: kept, whatever is computed again."""


class NewerLakeError(Exception):
    """The lake was written under a newer contract than this code knows; the message says what to do."""


@dataclass(frozen=True, order=True)
class Batch:
    """One ingest run's raw part; batches are ordered by day, then by number within the day."""

    day: date
    batch_id: str


class Lake:
    """Parts under one folder, or below a URL. Safe with one writer (the run lock) and any number of readers."""

    def __init__(self, root: Path | str) -> None:
        self.root = place(root)
        forget_listings()

    def create(self) -> None:
        """Write the empty part of every lake and state table that has none yet; remove what a killed writer left.

        A state table of an older shape gets the columns that it lacks. The empty parts say under which contract the
        lake is written to from now on.

        Raises:
            NewerLakeError: it was written to by a newer version; nothing is changed.
        """
        self.refuse_newer()
        for unfinished in self.unfinished():
            unfinished.unlink(missing_ok=True)
        for contract in (*contracts.tables("lake"), *contracts.tables("state")):
            path = self._state_path(contract.name) if contract.layer == "state" else self._empty_path(contract.name)
            if not path.exists() or pl.read_parquet_schema(str(path)) != contract.schema or _version(path) < _KNOWN:
                is_kept = contract.layer == "state" and path.exists()
                _write_whole(self.read_state(contract.name) if is_kept else contract.empty(), path, made_by="")

    def refuse_newer(self) -> None:
        """Refuse a lake that a newer version has written to, before anything is done with it.

        Raises:
            NewerLakeError: it is one; the line names a part and says what to do.
        """
        for contract in contracts.tables("lake"):
            if (path := self._empty_path(contract.name)).exists():
                _metadata(path)

    def unfinished(self) -> Iterator[Path]:
        """Yield what killed writers left on a disk; an object is there whole or not at all."""
        if isinstance(self.root, Path):
            yield from (*self.root.glob("*/.*.parquet.*"), *self.root.glob("*/ingest_date=*/.*.parquet.*"))

    # ---- parts
    def part(self, table: str, batch: Batch, stage: str | None = None) -> Path | ObjectPath:
        """Return where the part of a batch lies."""
        name = batch.batch_id if stage is None else f"{batch.batch_id}.{stage}"
        return self.root / table / f"ingest_date={batch.day.isoformat()}" / f"{name}.parquet"

    def write(
        self, table: str, batch: Batch, frame: pl.DataFrame, *, made_by: str = "", stage: str | None = None
    ) -> None:
        """Write a batch's part, replacing one that is there; a reader sees the old part or the new one.

        Args:
            table: Name of a lake table.
            batch: The batch; its day and id fill the two columns that every lake table carries.
            frame: The rows, without ingest_date and batch_id or with them.
            made_by: What the rows were computed by and from; a part with another value is stale.
            stage: Distinguishes parts of several writers of one table.

        Raises:
            ValueError: the frame does not keep the table's contract.
            OSError: the disk is full or not writable; nothing is left behind.
        """
        contract = contracts.table("lake", table)
        stamped = frame.with_columns(
            pl.lit(batch.day).cast(pl.Date).alias("ingest_date"), pl.lit(batch.batch_id).alias("batch_id")
        )
        _write_whole(contract.conform(stamped), self.part(table, batch, stage), made_by=made_by)

    def read(
        self, table: str, *, batches: Sequence[Batch] | None = None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Return the rows of some batches, or of all, in the order of the batches."""
        names = list(columns) if columns is not None else contracts.table("lake", table).schema.names()
        return self.rows(self.scan(table, batches=batches).select(names))

    def rows(self, frame: pl.LazyFrame) -> pl.DataFrame:
        """Return the rows of what was scanned.

        Raises:
            DamagedPartError: a part is damaged; the message names it, which Polars' own does not.
        """
        with self.naming_damage():
            return frame.collect()

    @contextmanager
    def naming_damage(self) -> Iterator[None]:
        """Name the part where reading what was scanned meets a damaged one: any of the lake is looked at."""
        names = [contract.name for contract in contracts.tables("lake")]
        with naming(path for path, _ in self.parts(names)):
            yield

    def scan(self, table: str, *, batches: Sequence[Batch] | None = None) -> pl.LazyFrame:
        """Return the rows as `read` does, but to be filtered before they are read."""
        contract = contracts.table("lake", table)
        paths = list(self._paths(table, batches))
        for path in paths:
            _metadata(path)
        return _scan(paths, contract) if paths else contract.empty().lazy()

    def n_rows(self, table: str, batches: Sequence[Batch]) -> int:
        """Return the number of rows of some batches, without reading them."""
        scans = [pl.scan_parquet(str(path), glob=False).select(pl.len()) for path in self._paths(table, batches)]
        return sum(int(count.item()) for count in pl.collect_all(scans))

    def made_by(self, table: str, batch: Batch, stage: str | None = None) -> str | None:
        """Return what a part was made by; None if there is no part."""
        path = self.part(table, batch, stage)
        return _metadata(path).get(_MADE_BY, "") if path.exists() else None

    def sha256(self, table: str, batch: Batch, columns: Sequence[str] | None = None) -> str:
        """Return a hash of a part's rows, or of some of their columns, for `made_by` of what is computed from them."""
        if columns is not None:
            return hashlib.sha256(
                self.read(table, batches=[batch], columns=columns).write_ndjson().encode()
            ).hexdigest()
        # A Parquet file ends with its footer, which also says what the part was made by; the rows come before it.
        content = self.part(table, batch).read_bytes()
        return hashlib.sha256(content[: -8 - int.from_bytes(content[-8:-4], "little")]).hexdigest()

    # ---- batches and days
    def batches(self, days: Iterable[date] | None = None) -> list[Batch]:
        """Return the finished batches in order; a batch is finished when its sightings are written."""
        wanted = None if days is None else set(days)
        found = []
        for path in (self.root / "sightings").glob("ingest_date=*/*.parquet"):
            day = _day_of(path.parent)
            if wanted is None or day in wanted:
                found.append(Batch(day, path.name.split(".")[0]))
        return sorted(found)

    def stamps(self) -> dict[str, str]:
        """Return, by batch, size and time of the parts that hold what came in: another stamp, another content."""
        found: dict[str, list[str]] = {}
        for name in _RECEIVED:
            for path in self._paths(name, None):
                found.setdefault(path.name.split(".")[0], []).append(_stamp(name, path))
        return {batch.batch_id: "\n".join(sorted(found[batch.batch_id])) for batch in self.batches()}

    def stamp(self, batch: Batch) -> str:
        """Return the stamp of one batch."""
        return "\n".join(sorted(_stamp(name, path) for name in _RECEIVED for path in self._paths(name, [batch])))

    def sources(self, batch: Batch) -> list[str]:
        """Return the names of the sources whose records a batch met, sorted."""
        return sorted(self.read("sightings", batches=[batch], columns=["source_name"])["source_name"].unique())

    def next_batch(self, day: date) -> Batch:
        """Return the batch that an ingest run would write next on a day."""
        number = max((_number(batch) for batch in self.batches([day])), default=0) + 1
        return Batch(day, f"{day.isoformat()}-{number:06d}")

    def remove_unfinished(self) -> None:
        """Remove the parts of batches that a killed ingest left without sightings: they are after the day's last."""
        last = {batch.day: _number(batch) for batch in self.batches()}
        for contract in contracts.tables("lake"):
            for path in self._paths(contract.name, None):
                batch = Batch(_day_of(path.parent), path.name.split(".")[0])
                if _number(batch) > last.get(batch.day, 0):
                    path.unlink()

    def clear(self, batch: Batch) -> None:
        """Remove the parts of a batch that was never finished: what follows takes its number."""
        for contract in contracts.tables("lake"):
            for path in self._paths(contract.name, [batch]):
                path.unlink()

    def unopenable_raw(self) -> list[Path]:
        """Return the parts of raw documents on a disk that cannot be opened: who reads all of them would stop there."""
        return [p for p in self._paths("raw_documents", None) if isinstance(p, Path) and not has_footer(p)]

    def set_aside(self, part: Path) -> Path:
        """Give a part another name, under which nobody reads it, and return that; nothing of it is removed."""
        return part.replace(part.with_name(f"{part.name}{_SET_ASIDE}"))

    def drop_set_aside(self) -> None:
        """Remove the parts that were set aside: nobody can tell what they hold."""
        for path in self._set_aside():
            path.unlink()

    def take_back(self) -> list[Path]:
        """Take in what was put where a part was set aside, but for records that came again; return these parts."""
        back = []
        for aside in self._set_aside():
            part = aside.with_name(aside.name.removesuffix(_SET_ASIDE))
            if part.exists():
                others = [batch for path, batch in self.parts(["raw_documents"]) if path != part]
                known = self.read("raw_documents", batches=others, columns=["raw_id"])["raw_id"]
                _rewrite_raw(part, ~pl.col("raw_id").is_in(known.implode()))
                aside.unlink()
                back.append(part)
        return back

    def _set_aside(self) -> list[Path]:
        if not isinstance(self.root, Path):
            return []
        return sorted(self.root.glob(f"raw_documents/ingest_date=*/*{_SET_ASIDE}"))

    def drop_raw(self, raw_ids: Collection[str]) -> None:
        """Remove the bytes of some raw documents; what was met stays in the sightings."""
        gone = pl.col("raw_id").is_in(sorted(raw_ids))
        for path in self._paths("raw_documents", None):
            if pl.scan_parquet(str(path), glob=False).filter(gone).select(pl.len()).collect().item():
                _rewrite_raw(path, ~gone)

    def drop_computed(self, batch: Batch) -> None:
        """Remove what was computed from a batch, so that the next run does it again; what cannot be made stays."""
        for contract in contracts.tables("lake"):
            for path in () if contract.name in NOT_COMPUTED else self._paths(contract.name, [batch]):
                if not path.name.endswith(f".{RESOLVED}.parquet"):
                    path.unlink()

    def drop_damaged(self) -> list[Path | ObjectPath]:
        """Remove what was computed from the batches of which a computed part is damaged; return these parts."""
        computed = [c.name for c in contracts.tables("lake") if c.name not in NOT_COMPUTED]
        broken = [(path, batch) for path, batch in self.parts(computed) if not is_readable(path)]
        for path, batch in broken:
            path.unlink(missing_ok=True)  # also what was kept of earlier refusals, which cannot be read either
            self.drop_computed(batch)
        return [path for path, _ in broken]

    def fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of every day's parts: it changes when a part with something new is written."""
        lines: dict[str, list[str]] = {}
        for contract in contracts.tables("lake"):
            for path in (self.root / contract.name).glob("ingest_date=*/*.parquet"):
                if path.name.endswith(f".{UNCHANGED}.parquet"):
                    continue
                stat = path.stat()
                lines.setdefault(_day_of(path.parent).isoformat(), []).append(
                    f"{contract.name}/{path.name} {stat.st_size} {stat.st_mtime_ns}"
                )
        return {
            day: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest() for day, found in sorted(lines.items())
        }

    # ---- state
    def write_state(self, table: str, frame: pl.DataFrame) -> None:
        """Replace a state table."""
        _write_whole(contracts.table("state", table).conform(frame), self._state_path(table), made_by="")

    def read_state(self, table: str) -> pl.DataFrame:
        """Return a state table."""
        return _scan([self._state_path(table)], contracts.table("state", table)).collect()

    # ---- places
    def parts(self, tables: Iterable[str]) -> Iterator[tuple[Path | ObjectPath, Batch]]:
        """Yield every part of some tables, and the batch that it is of, in order."""
        for table in tables:
            for path in self._paths(table, None):
                yield path, Batch(_day_of(path.parent), path.name.split(".")[0])

    def _paths(self, table: str, batches: Sequence[Batch] | None) -> Iterator[Path | ObjectPath]:
        if batches is None:
            yield from sorted((self.root / table).glob("ingest_date=*/*.parquet"))
            return
        for batch in batches:
            folder = self.part(table, batch).parent
            yield from sorted({*folder.glob(f"{batch.batch_id}.parquet"), *folder.glob(f"{batch.batch_id}.*.parquet")})

    def _empty_path(self, table: str) -> Path | ObjectPath:
        return self.root / table / "empty.parquet"

    def _state_path(self, table: str) -> Path | ObjectPath:
        return self.root / "state" / f"{table}.parquet"


def _scan(paths: Sequence[Path | ObjectPath], contract: contracts.Table) -> pl.LazyFrame:
    """Return the rows of parts by column name: what an older part lacks is NULL, what it has too much is left out."""
    return pl.scan_parquet(
        [str(path) for path in paths], schema=contract.schema, missing_columns="insert", extra_columns="ignore",
        glob=False, hive_partitioning=False,
    )  # fmt: skip


def _rewrite_raw(path: Path | ObjectPath, kept: pl.Expr) -> None:
    """Leave some of a part's raw documents in it."""
    made_by = _metadata(path).get(_MADE_BY, "")
    frame = _scan([path], contracts.lake.RAW_DOCUMENTS).filter(kept).collect()
    _write_whole(contracts.lake.RAW_DOCUMENTS.conform(frame), path, made_by=made_by)


def _stamp(table: str, path: Path | ObjectPath) -> str:
    stat = path.stat()
    return f"{table} {path.name} {stat.st_size} {stat.st_mtime_ns}"


def _number(batch: Batch) -> int:
    return int(batch.batch_id.rsplit("-", 1)[1])


def _day_of(folder: Path | ObjectPath) -> date:
    return date.fromisoformat(folder.name.removeprefix("ingest_date="))


def _metadata(path: Path | ObjectPath) -> dict[str, str]:
    try:
        found = pl.read_parquet_metadata(str(path))
    except pl.exceptions.ComputeError as error:
        raise DamagedPartError(advice(path, str(error))) from None
    version = int(found.get(_CONTRACT, "0"))
    if version > _KNOWN:
        raise NewerLakeError(
            f"{path}: written under contract version {version}, this code knows {_KNOWN}: update OnRecord"
        )
    return found


def _version(path: Path | ObjectPath) -> int:
    return int(_metadata(path).get(_CONTRACT, "0"))


def _write_whole(frame: pl.DataFrame, path: Path | ObjectPath, *, made_by: str) -> None:
    with replacing(path) as unfinished:
        _write_parquet(frame, unfinished, {_MADE_BY: made_by, _CONTRACT: str(_KNOWN)})
        faults.reach("lake_part")


def _write_parquet(frame: pl.DataFrame, path: Path, metadata: dict[str, str]) -> None:
    """Write a Parquet file; Polars hides what the disk says in an error of its own, which is undone here."""
    try:
        frame.write_parquet(path, metadata=metadata)
    except pl.exceptions.ComputeError as error:
        told = re.search(r"\(os error (\d+)\)", str(error))
        if told is None:
            raise
        number = int(told[1])
        raise OSError(number, os.strerror(number), str(path)) from None
