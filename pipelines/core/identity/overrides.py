"""Human corrections: a log that is only appended to, replayed on every build.

Covers reading and checking the log's lines, applying them to the state tables, and telling which of them still find
what they are about. For the file, see `pipelines.storage.corrections`.

A correction is anchored on names, or on a version and words quoted from it, never on ids that a new model or new
reference data could change. One that finds nothing is an orphan: it changes nothing, and is counted and shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.contracts import table
from pipelines.contracts.state import OVERRIDE_ACTIONS
from pipelines.core.ids import mk_id
from pipelines.core.text.fold import fold_words
from pipelines.core.text.names import fold

_NEEDED: dict[str, tuple[str, ...]] = {
    "merge": ("name", "value"), "split": ("name", "value", "versions"), "rename": ("name", "value"),
    "speaker": ("versions", "words", "value"),
}  # fmt: skip
CERTAIN = 1.0
"""Confidence of what a person has said."""


@dataclass(frozen=True)
class Override:
    """One correction.

    Attributes:
        action: merge `name` into `value`; split `name` in `versions` off as `value`; rename `name` to `value`; `value`
            is the speaker of what `versions[0]` prints with these `words`.
        made_at: UTC, ISO 8601.
    """

    action: str
    value: str
    reason: str
    made_by: str
    made_at: str
    name: str = ""
    words: str = ""
    versions: tuple[str, ...] = ()

    @property
    def override_id(self) -> str:
        """The id: who said it and when do not count, so that the same correction twice is one."""
        return mk_id("override", self.action, self.name, self.value, self.words, *self.versions)

    def line(self) -> str:
        """Return the line of the log, without a line break."""
        fields = {k: getattr(self, k) for k in self.__dataclass_fields__}
        return json.dumps({**fields, "versions": list(self.versions)}, ensure_ascii=False, sort_keys=True)


def parse_log(text: str) -> tuple[Override, ...]:
    """Return the corrections of a log, in order, each once.

    Raises:
        ValueError: a line is wrong; the message names it.
    """
    out: dict[str, Override] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found = _parsed(line, f"overrides.jsonl, line {number}")
            out.setdefault(found.override_id, found)
    overrides = tuple(out.values())
    for i, override in enumerate(overrides):
        check_cycle(override, overrides[:i])
    return overrides


def _parsed(line: str, at: str) -> Override:
    try:
        row = json.loads(line)
    except ValueError:
        raise ValueError(f"{at}: not JSON; delete the line or write it again with `onrecord override`") from None
    if not isinstance(row, dict) or row.get("action") not in OVERRIDE_ACTIONS:
        raise ValueError(f"{at}: action is not one of {', '.join(OVERRIDE_ACTIONS)}")
    texts = {k: row.get(k, "") for k in ("action", "value", "reason", "made_by", "made_at", "name", "words")}
    versions = row.get("versions", [])
    if not all(isinstance(v, str) for v in texts.values()) or not isinstance(versions, list):
        raise ValueError(f"{at}: every field but versions is a text, versions a list")
    override = Override(**texts, versions=tuple(str(v) for v in versions))
    if problem := why_wrong(override):
        raise ValueError(f"{at}: {problem}")
    return override


def why_wrong(override: Override) -> str | None:
    """Return what a correction lacks, in one line; None if it can be replayed."""
    for field in _NEEDED[override.action]:
        value = getattr(override, field)
        if not value or (isinstance(value, str) and not fold(value)):
            return f"{override.action} needs {field}"
    if override.action in ("merge", "rename", "split") and override.name == override.value:
        return f"{override.action}: both names are {override.name!r}"
    try:
        datetime.fromisoformat(override.made_at)
    except ValueError:
        return f"made_at {override.made_at!r} is not an instant"
    return None


def check_cycle(override: Override, before: Iterable[Override]) -> None:
    """Raise ValueError if a merge would go round in a circle with those before it."""
    if override.action != "merge":
        return
    into = {fold(o.name): fold(o.value) for o in before if o.action == "merge"}
    step, seen = fold(override.value), {fold(override.name)}
    while step not in seen:
        seen.add(step)
        if step not in into:
            return
        step = into[step]
    raise ValueError(f"merging {override.name!r} into {override.value!r} goes round in a circle with earlier merges")


@dataclass(frozen=True)
class Corrected:
    """State tables after the corrections; `statement_overrides` and `overrides` keep their state contracts."""

    actors: pl.DataFrame
    entity_actors: pl.DataFrame
    actor_aliases: pl.DataFrame
    statement_overrides: pl.DataFrame
    overrides: pl.DataFrame


def apply_overrides(
    actors: pl.DataFrame, entity_actors: pl.DataFrame, aliases: pl.DataFrame, entities: pl.DataFrame,
    statements: pl.DataFrame, overrides: Sequence[Override],
) -> Corrected:  # fmt: skip
    """Return the state tables with the corrections replayed, in the log's order.

    Args:
        actors: as assigned, by the state contract; so are the next two.
        entity_actors: which actor each entity is.
        aliases: the actors' names.
        entities: entity_id, version_id, name, ingest_date.
        statements: statement_id, version_id, content_norm, ingest_date; only of versions that a correction names.
        overrides: see `parse_log`.
    """
    state = _State(actors, entity_actors, aliases)
    said: list[dict[str, object]] = []
    log: list[dict[str, object]] = []
    for number, o in enumerate(overrides):
        if o.action == "speaker":
            rows = _speaker_rows(o, state, statements)
            said = [r for r in said if r["statement_id"] not in {x["statement_id"] for x in rows}] + rows
            n = len(rows)
        else:
            n = getattr(state, o.action)(o, entities)
        log.append(_log_row(number, o, n))
    final = state.merged_targets()
    said = [{**row, "actor_id": final.get(str(row["actor_id"]), row["actor_id"])} for row in said]
    return Corrected(
        actors=state.actors.sort("actor_id"),
        entity_actors=state.entity_actors.sort("entity_id"),
        actor_aliases=state.aliases.sort("actor_id", "alias_norm", "alias_kind"),
        statement_overrides=table("state", "statement_overrides").frame(said).sort("statement_id"),
        overrides=table("state", "overrides").frame(log),
    )


def _log_row(number: int, o: Override, n: int) -> dict[str, object]:
    anchor = {k: v for k, v in (("name", o.name), ("versions", list(o.versions)), ("words", o.words)) if v}
    return {
        "override_no": number, "override_id": o.override_id, "action": o.action,
        "anchor": json.dumps(anchor, ensure_ascii=False, sort_keys=True), "value": o.value, "reason": o.reason,
        "made_by": o.made_by, "made_at": datetime.fromisoformat(o.made_at), "is_orphan": n == 0, "n_affected": n,
    }  # fmt: skip


def _speaker_rows(o: Override, state: _State, statements: pl.DataFrame) -> list[dict[str, object]]:
    found = statements.filter(
        (pl.col("version_id") == o.versions[0]) & pl.col("content_norm").str.contains(fold_words(o.words), literal=True)
    ).sort("statement_id")
    if found.is_empty():
        return []
    actor = state.find(o.value) or state.add(o.value, "person", found["ingest_date"])
    return [
        {"ingest_date": day, "statement_id": s, "actor_id": actor, "override_id": o.override_id}
        for s, day in found.select("statement_id", "ingest_date").iter_rows()
    ]


class _State:
    """The state tables while corrections are replayed."""

    def __init__(self, actors: pl.DataFrame, entity_actors: pl.DataFrame, aliases: pl.DataFrame) -> None:
        self.actors, self.entity_actors, self.aliases = actors, entity_actors, aliases

    def find(self, name: str) -> str | None:
        """Return the actor of that name: by canonical name, else by an alias; of several the one named most."""
        norm = fold(name)
        if not norm:
            return None
        canonical = [a for a, n in self.actors.select("actor_id", "canonical_name").iter_rows() if fold(n) == norm]
        by_alias = self.aliases.filter(pl.col("alias_norm") == norm)["actor_id"].to_list()
        wanted = canonical or by_alias
        count = self.aliases.filter(pl.col("actor_id").is_in(wanted)).group_by("actor_id").agg(pl.sum("n_mentions"))
        named = dict(count.iter_rows())
        return min(wanted, key=lambda a: (-named.get(a, 0), a), default=None)

    def add(self, name: str, actor_type: str, days: pl.Series) -> str:
        """Add an actor that only a correction knows, and return its id."""
        actor = mk_id("actor", actor_type, fold(name), "override")
        row: dict[str, Any] = {
            "actor_id": actor, "actor_type": actor_type, "canonical_name": name, "status": "provisional",
            "basis": "override", "first_seen_on": days.min(), "last_seen_on": days.max(),
        }  # fmt: skip
        alias: dict[str, Any] = {
            "actor_id": actor, "alias": name, "alias_norm": fold(name), "alias_kind": "full_name",
            "source": "override", "is_ambiguous": False, "n_mentions": 0,
        }  # fmt: skip
        if actor not in self.actors["actor_id"]:
            self.actors = pl.concat([self.actors, table("state", "actors").frame([row])])
            self.aliases = pl.concat([self.aliases, table("state", "actor_aliases").frame([alias])])
        return actor

    def merge(self, o: Override, entities: pl.DataFrame) -> int:
        """Let one actor stand for another; nothing happens where both are one already."""
        source, target = self.find(o.name), self.find(o.value)
        if source is None or target is None or source == target:
            return 0
        final = self.merged_targets()
        if final.get(target, target) == source:
            return 0
        mine = pl.col("actor_id") == source
        self.actors = self.actors.with_columns(merged_into=pl.when(mine).then(pl.lit(target)).otherwise("merged_into"))
        return max(1, self.entity_actors.filter(mine).height)

    def rename(self, o: Override, entities: pl.DataFrame) -> int:
        """Show an actor under another name; the old one stays an alias."""
        actor = self.find(o.name)
        if actor is None:
            return 0
        mine = pl.col("actor_id") == actor
        self.actors = self.actors.with_columns(
            canonical_name=pl.when(mine).then(pl.lit(o.value)).otherwise("canonical_name")
        )
        return 1

    def split(self, o: Override, entities: pl.DataFrame) -> int:
        """Give the actor's entities in some versions to an actor of their own."""
        actor = self.find(o.name)
        own = self.entity_actors.filter(pl.col("actor_id") == actor).select("entity_id")
        mine = entities.filter(pl.col("version_id").is_in(list(o.versions))).join(own, on="entity_id", how="semi")
        if actor is None or mine.is_empty():
            return 0
        kind = str(self.actors.filter(pl.col("actor_id") == actor)["actor_type"][0])
        new = self.find(o.value) or self.add(o.value, kind, mine["ingest_date"])
        chosen = pl.col("entity_id").is_in(mine["entity_id"].to_list())
        self.entity_actors = self.entity_actors.with_columns(
            actor_id=pl.when(chosen).then(pl.lit(new)).otherwise("actor_id"),
            method=pl.when(chosen).then(pl.lit("override")).otherwise("method"),
            confidence=pl.when(chosen).then(CERTAIN).otherwise("confidence"),
        )
        return mine.height

    def merged_targets(self) -> Mapping[str, str]:
        """Return merged actor -> the actor at the end of its merges."""
        into = dict(self.actors.drop_nulls("merged_into").select("actor_id", "merged_into").iter_rows())
        out: dict[str, str] = {}
        for actor in into:
            step, seen = actor, set()
            while step in into and step not in seen:
                seen.add(step)
                step = into[step]
            out[actor] = step
        return out
