"""What was built and published so far, and by what: from it follows what a run has to do.

Covers two small files, what is compared with them, and what a difference is called. For what an id consists of, see
storage/fingerprints.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from pipelines.compute.worker import comparison_id, extraction_id, parser_version, resolution_id
from pipelines.contracts import contract_sha256
from pipelines.core.ids import mk_id
from pipelines.errors import counted
from pipelines.orchestration.check_results import checked_state, stored
from pipelines.orchestration.own_models import own_sha256
from pipelines.settings import Settings, Sources
from pipelines.storage.atomic_files import read_json, write_json
from pipelines.storage.fingerprints import rules_sha256, tables_sha256, views_sha256
from pipelines.storage.lake import Lake
from pipelines.storage.publish import note_published, published_problem
from pipelines.storage.warehouse import discard

_NAMES = {
    "parser": "the parser", "sources": "rules of sources", "comparison": "comparison of texts",
    "extraction": "extraction", "resolution": "resolution",
}  # fmt: skip
"""What each part of a day's "how" is called in a message."""


class Progress:
    """Which days are built, which of these are published, and by what code, settings and SQL."""

    def __init__(self, settings: Settings, lake: Lake, sources: Sources) -> None:
        self._settings = settings
        self._lake = lake
        self._rules = sources.rules()
        self._built = settings.data_dir / "state" / "built.json"
        self._published = settings.data_dir / "state" / "published.json"

    # ---- what is to be done
    def is_complete(self) -> bool:
        """Whether everything in the lake is built by the code and settings of now, and published."""
        built = read_json(self._built)
        return (
            not self.unbuilt_days()
            and built.get("sql_views") == self._views()
            and published_problem(self._settings) is None
            and read_json(self._published) == built
        )

    def unbuilt_days(self, *, by_parts_alone: bool = False) -> set[date]:
        """Return the days whose parts or whose rules changed since they were built; all where there is no warehouse.

        Args:
            by_parts_alone: Days whose parts are as they were do not count, whatever has changed in the rules.
        """
        built = {} if self.needs_new_warehouse() else _days_of(read_json(self._built))
        parts = self._lake.fingerprints()
        stale = {
            day
            for day, entry in built.items()
            if entry.get("parts") != parts.get(day) or (not by_parts_alone and self._changed(entry))
        }
        return {date.fromisoformat(day) for day in stale | (parts.keys() - built.keys())}

    def waiting_days(self) -> set[date]:
        """Return the days with batches that no build has seen: nothing in them is new, so the next build takes them."""
        built = _days_of(read_json(self._built))
        return {day for day, n in self._n_batches().items() if built.get(day.isoformat(), {}).get("batches") != n}

    def needs_new_warehouse(self) -> bool:
        """Whether there is no warehouse, or one that was made under other contracts or by other SQL."""
        return not self._settings.warehouse.exists() or self._why_new() is not None

    def news(self) -> list[str]:
        """Return a line for each reason, beside new records, to compute again what was built before."""
        built = read_json(self._built)
        if not built:
            return []
        if not self._settings.warehouse.exists():
            return ["there is no warehouse any more: every day is built again"]
        lines = [f"{why}: every day is built again" for why in (self._why_new(),) if why is not None]
        changed = [change for change in map(self._changed, _days_of(built).values()) if change]
        if changed:
            names = ", ".join(_NAMES[name] for name in _NAMES if any(name in change for change in changed))
            lines.append(f"what decides the rows has changed ({names}): {_days(len(changed))} computed again")
        if not lines and built.get("sql_views") != self._views():
            lines.append("the SQL of views has changed: they are made again")
        return lines

    def _views(self) -> str:
        """Return a hash of what views follow from, a user's own models among it."""
        return views_sha256() + own_sha256(self._settings)

    def _why_new(self) -> str | None:
        built = read_json(self._built)
        if built.get("contract") != contract_sha256():
            return "the column contracts have changed"
        if built.get("sql_tables") != tables_sha256():
            return "the SQL of tables has changed"
        return None

    def _changed(self, entry: Mapping[str, Any]) -> set[str]:
        """Return in what a day's "how" differs from that of now."""
        now = self._how(entry.get("sources", {}))
        return {name for name, value in now.items() if entry.get(name) != value}

    def _how(self, sources: Iterable[str]) -> dict[str, Any]:
        return {
            "parser": parser_version(),
            "sources": {name: self._rules_of(name) for name in sources},
            "comparison": comparison_id(),
            "extraction": extraction_id(),
            "resolution": resolution_id(),
        }

    def _rules_of(self, source: str) -> str:
        """Return a hash of a source's rules; a source that is configured no more is read by the defaults."""
        return rules_sha256(self._rules[source]) if source in self._rules else ""

    def parsed_by(self, sources: Iterable[str]) -> str:
        """Return what the records of a batch are read by: the parser, and the rules of the sources in it."""
        return mk_id("parser", parser_version(), *(f"{name}={self._rules_of(name)}" for name in sorted(sources)))

    def _n_batches(self) -> Counter[date]:
        return Counter(batch.day for batch in self._lake.batches())

    # ---- what was done
    def discard_warehouse(self) -> bool:
        """Remove the warehouse, so that every day is built again; return whether anything was built."""
        was_built = self._built.exists()
        discard(self._settings.warehouse)
        self._built.unlink(missing_ok=True)
        return was_built

    def mark_built(self, days: Collection[date]) -> None:
        """Record that the warehouse holds these days as the lake has them now; what is known of others stays.

        Where some batches of a day were not read by the parser and the rules of now (a run that was to read others, a
        damaged part), the earlier ones stay noted, and the next run reads the rest.
        """
        parts, n_batches = self._lake.fingerprints(), self._n_batches()
        met = self._lake.read(
            "sightings", batches=self._lake.batches(days), columns=["ingest_date", "source_name"]
        ).unique()
        sources: dict[date, list[str]] = {}
        for day, name in met.sort("ingest_date", "source_name").iter_rows():
            sources.setdefault(day, []).append(name)
        entries = {
            day.isoformat(): {"parts": parts.get(day.isoformat()), "batches": n_batches[day], **self._how(names)}
            for day, names in sources.items()
        }
        done = {day.isoformat() for day in days}
        before = _days_of(read_json(self._built))
        kept = {day: entry for day, entry in before.items() if day not in done}
        unread = {"parser": "", "sources": {}}
        for day, entry in entries.items():
            if not self._is_read(date.fromisoformat(day)):
                entry.update({name: before.get(day, {}).get(name, none) for name, none in unread.items()})
        top = {
            "contract": contract_sha256(),
            "sql_tables": tables_sha256(),
            "sql_views": self._views(),
        }
        write_json(self._built, {**top, "days": {**kept, **entries}})

    def _is_read(self, day: date) -> bool:
        """Whether all batches of a day were read by the parser and the rules of now."""
        return all(
            self._lake.made_by("quarantine", batch, "parse") == self.parsed_by(self._lake.sources(batch))
            for batch in self._lake.batches([day])
        )

    def mark_published(self) -> None:
        """Record that the published file is the warehouse as built."""
        write_json(self._published, read_json(self._built))
        note_published(self._settings)

    def last_day(self) -> date | None:
        """Return the last day that the warehouse holds."""
        days = _days_of(read_json(self._built))
        return date.fromisoformat(max(days)) if days else None

    # ---- checks
    def days_to_check(self) -> list[date] | None:
        """Return the days that were built since the last publication; None: all of them."""
        built, published = read_json(self._built), read_json(self._published)
        if not self._settings.published.exists() or any(
            built[name] != published.get(name) for name in built if name != "days"
        ):
            return None
        now, then = _days_of(built), _days_of(published)
        days = {day for day in now.keys() | then.keys() if now.get(day) != then.get(day)}
        return sorted(map(date.fromisoformat, days)) if days and days < now.keys() else None

    def read_again_from(self) -> date | None:
        """Return the first day whose records were read by another parser or other rules since the last publication."""
        now, then = _days_of(read_json(self._built)), _days_of(read_json(self._published))
        days = {day for day in now.keys() & then.keys() if _is_read_otherwise(now[day], then[day])}
        return date.fromisoformat(min(days)) if days else None

    def state(self) -> str:
        """Return a hash of what is built: checks are of one state, and allow that one to be published."""
        return hashlib.sha256(repr(sorted(read_json(self._built).items())).encode()).hexdigest()

    def why_not_publish(self) -> str | None:
        """Return why the warehouse must not be published, or None: it was checked as it is now, and held."""
        if not self._built.exists() or checked_state(self._settings) != self.state():
            return "the warehouse was not checked since it was built: run the whole job"
        broken = stored(self._settings).filter(~pl.col("passed") & (pl.col("severity") == "block"))
        return f"{counted(broken.height, 'blocking check')} did not hold: run the whole job" if broken.height else None


def _is_read_otherwise(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Whether a day was read by another parser, or a source that it met before by other rules."""
    rules, before = now.get("sources", {}), then.get("sources", {})
    return now.get("parser") != then.get("parser") or any(
        rules[name] != before[name] for name in rules.keys() & before.keys()
    )


def _days(n: int) -> str:
    return "one day is" if n == 1 else f"{n:,} days are"


def _days_of(state: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the days of a state; one that an older version wrote in another shape has none."""
    days = state.get("days")
    return {day: entry for day, entry in days.items() if isinstance(entry, dict)} if isinstance(days, dict) else {}
