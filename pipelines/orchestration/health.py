"""How the data folder is doing, for people and programs that look from outside.

Covers one set of figures behind `onrecord status --json`, /health, /metrics and the alerts of every tick; what counts
as a problem. For how they are shown, see commands/status and explore/probes; for sending alerts, see alerts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from expectations.standing import standing_warnings
from pipelines.ingest import inbox
from pipelines.orchestration.runs import Heard, LastRun, heard, last_run
from pipelines.settings import Settings
from pipelines.storage.manifest import Manifest
from pipelines.storage.publish import EARLIER, is_whole, published_problem
from pipelines.storage.vacuum import size_of

LATE, OLD = timedelta(hours=36), timedelta(hours=72)
"""2026-11-28: the daily run publishes where there is anything new, which is every day. A run that failed once is tried
again the next day: that warns. After three days readers should know that the file is old."""
_COUNTS = """
SELECT publication_id, published_at, (SELECT count(*) FROM core.articles), (SELECT count(*) FROM core.statements),
    (SELECT count(*) FROM core.quotes), (SELECT count(DISTINCT speaker_actor_id) FROM core.statements),
    (SELECT count(*) FROM ops.open_refusals)
FROM ops.publication
"""
_REFUSED = "SELECT source_name, sum(n_quarantined)::BIGINT FROM ops.source_rates GROUP BY 1 ORDER BY 1"
_BROKEN = """
SELECT check_name, table_name, severity, coalesce(detail ->> 'message', '') FROM ops.check_results WHERE NOT passed
ORDER BY ALL
"""


@dataclass(frozen=True)
class Publication:
    """What is published. `failing_checks` holds name, table, severity and what was observed."""

    publication_id: str
    published_at: datetime
    n_articles: int
    n_statements: int
    n_quotes: int
    n_speakers: int
    n_open_refusals: int
    refused_by_source: dict[str, int]
    failing_checks: list[tuple[str, str, str, str]]


@dataclass(frozen=True)
class Health:
    """All of it. Sizes are bytes, times seconds; `problems` has a line for each thing to look at, and may be empty."""

    at: datetime
    data_dir: str
    publication: Publication | None
    publication_age: float | None
    last_run: LastRun | None
    daemon: Heard | None
    inbox: dict[str, int]
    disk: dict[str, int]
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {**asdict(self), "is_healthy": not self.problems}


def publication_of(con: duckdb.DuckDBPyConnection) -> Publication:
    """Return what a published file says of itself; its connection is in UTC.

    Raises:
        duckdb.Error: it is damaged, or was published by another version.
    """
    row = con.execute(_COUNTS).fetchone()
    if row is None:
        raise duckdb.InvalidInputException("the file says nothing of its publication")
    refused = {str(source): int(n) for source, n in con.execute(_REFUSED).fetchall()}
    return Publication(*row, refused, con.execute(_BROKEN).fetchall())


def health(settings: Settings, now: datetime, publication: Publication | None = None) -> Health:
    """Return how the data folder is doing.

    Args:
        settings: The settings.
        now: The clock, UTC.
        publication: What is published, where the caller has the file open; else it is opened.
    """
    problem = published_problem(settings)
    if publication is None and problem is None:
        try:
            publication = _read(settings)
        except duckdb.Error as error:
            problem = f"the published file does not answer ({' '.join(str(error).split())[:200]}): onrecord run"
    age = (now - publication.published_at.astimezone(UTC)).total_seconds() if publication else None
    run, daemon = last_run(settings), heard(settings, now)
    found = list(_problems(settings, problem, age, run, daemon))
    counted = inbox.counts(settings.inbox, settings.inbox_settle_seconds)
    return Health(now, str(settings.data_dir), publication, age, run, daemon, counted, disk(settings), found)


def _read(settings: Settings) -> Publication:
    with duckdb.connect(settings.published, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return publication_of(con)


def _problems(
    settings: Settings, problem: str | None, age: float | None, run: LastRun | None, daemon: Heard | None
) -> Iterator[str]:
    if problem is not None:
        yield problem
    if age is not None and age > LATE.total_seconds():
        yield _too_old(age)
    lost = Manifest(settings).difference()
    if lost.missing:
        yield f"{lost.in_words()}: onrecord run says how to go on"
    if run is not None and run.why is not None:
        yield f"the last run failed: {run.why}. To do: {run.what_to_do}".replace("\n", " ")
    if daemon is not None and not daemon.is_alive:
        yield f"the daemon was last heard of {daemon.seconds_ago:,.0f} s ago: start it again"


def _too_old(age: float) -> str:
    return f"the published file is {age / 3600:,.0f} hours old" + (
        ": readers should know" * (age > OLD.total_seconds())
    )


def standing(settings: Settings, now: datetime) -> dict[str, str]:
    """Return what is wrong though no run failed, by the name under which it is told; a line each."""
    found: dict[str, str] = {}
    problem = published_problem(settings)
    if problem is not None and settings.published.exists():
        found["published file damaged" if not is_whole(settings.published) else "published file exchanged"] = problem
    elif problem is None:
        try:
            found |= standing_warnings(settings.published, now.date())
            age = now - _read(settings).published_at.astimezone(UTC)
            if age > LATE:  # in days, so that it is told again when another one has passed
                found["published file old"] = f"it was published more than {age.days or 1} days ago"
        except duckdb.Error:  # replaced at this moment, or of another version: the next tick asks again
            pass
    lost = Manifest(settings).difference()
    if lost.missing:
        found["parts lost"] = f"{lost.in_words()}: onrecord run says how to go on"
    return found


def disk(settings: Settings) -> dict[str, int]:
    """Return bytes by place, and what is free on the disk of the data folder."""
    places = {
        "lake": settings.lake_dir, "warehouse": settings.warehouse, "published": settings.published,
        "published_before": settings.published.parent / EARLIER, "dagster": settings.dagster_home,
        "all": settings.data_dir,
    }  # fmt: skip
    free = shutil.disk_usage(settings.data_dir).free if settings.data_dir.is_dir() else 0
    return {**{name: size_of(path) for name, path in places.items()}, "free": free}
