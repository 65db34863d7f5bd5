"""/health and /metrics: the pages' side for programs that watch.

Covers the two answers. For what is found out, see orchestration/health; for pages for people, see pages.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import duckdb
from starlette.requests import Request
from starlette.responses import Response

from pipelines.explore.file import PublishedFile
from pipelines.orchestration.health import Health, health, publication_of
from pipelines.settings import Settings
from pipelines.storage.published import NotPublishedError, TooSlowError

_KEPT_SECONDS = 10.0
"""Whoever asks more often gets the same answer again: counting the files of a data folder takes a moment."""


def prober(file: PublishedFile, settings: Settings) -> Callable[[], Health]:
    """Return a function that says how the data folder is doing, by the file that the pages have open."""
    lock, kept = threading.Lock(), []

    def ask() -> Health:
        with lock:
            now = datetime.now(UTC)
            if not kept or (now - kept[0].at).total_seconds() > _KEPT_SECONDS:
                try:
                    with file.ask() as asked:
                        publication = publication_of(asked.con)
                except (NotPublishedError, TooSlowError, duckdb.Error):
                    publication = None
                kept[:] = [health(settings, now, publication)]
            return kept[0]

    return ask


def wants_json(request: Request) -> bool:
    """Whether a program asks: a browser says that it takes HTML."""
    return "text/html" not in request.headers.get("accept", "")


def health_answer(found: Health) -> Response:
    """Return the health as JSON: 200, or 503 where there is a problem."""
    body = json.dumps(found.as_json(), ensure_ascii=False, default=str, indent=1)
    return Response(body, 503 if found.problems else 200, media_type="application/json")


def metrics_answer(found: Health) -> Response:
    """Return the health as Prometheus reads it: its text format, version 0.0.4."""
    return Response("".join(_metrics(found)), media_type="text/plain; version=0.0.4; charset=utf-8")


def _metrics(found: Health) -> Iterator[str]:
    published, run = found.publication, found.last_run
    yield _gauge("problems", "Things to look at.", len(found.problems))
    if published is not None and found.publication_age is not None:
        yield _gauge("publication_age_seconds", "Age of the published file.", found.publication_age)
        for name in ("articles", "statements", "quotes", "speakers", "open_refusals"):
            text = f"Number of {name.replace('_', ' ')} in the published file."
            yield _gauge(name, text, getattr(published, f"n_{name}"))
        yield _gauges("refused", "Records refused.", "source", published.refused_by_source)
        failing = Counter({"block": 0, "warn": 0})
        failing.update(severity for _, _, severity, _ in published.failing_checks)
        yield _gauges("failing_checks", "Checks that do not hold.", "severity", failing)
    if run is not None:
        yield _gauge("last_run_failed", "Whether the last run failed.", run.why is not None)
        yield _gauges("step_seconds", "Seconds of the steps of the last run.", "step", run.seconds)
    if found.daemon is not None:
        yield _gauge("daemon_alive", "Whether the daemon is alive.", found.daemon.is_alive)
    yield _gauges("inbox_files", "Files of the inbox.", "state", found.inbox)
    yield _gauges("disk_bytes", "Bytes by place.", "place", found.disk)


def _gauge(name: str, text: str, value: float) -> str:
    return f"# HELP onrecord_{name} {text}\n# TYPE onrecord_{name} gauge\nonrecord_{name} {float(value)!r}\n"


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> str:
    head = f"# HELP onrecord_{name} {text}\n# TYPE onrecord_{name} gauge\n"
    rows = (f'onrecord_{name}{{{label}="{_quoted(key)}"}} {float(value)!r}\n' for key, value in sorted(values.items()))
    return head + "".join(rows)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
