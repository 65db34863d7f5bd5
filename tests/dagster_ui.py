"""The Dagster UI in headless Chromium: a server on a data folder, its pages, and the screenshots in docs/.

    python -m tests.dagster_ui DATA_DIR FOLDER     # of a data folder with a failed check and a backfill

Belongs here: how the pages are reached, and what is waited for. Does not belong here: what must be on them
(tests/integration/test_dagster_ui).
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.orchestration.home import dagster_home
from pipelines.settings import load_settings
from tests.browser import chromium
from tests.workbench import ROOT, Workbench

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZE = {"width": 1440, "height": 900}
_START_SECONDS, _PAGE_MS = 240.0, 120_000  # a server loads everything that Dagster and dbt are


@contextmanager
def webserver(bench: Workbench) -> Iterator[str]:
    """Yield the address of the webserver on a data folder, as a service would run it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = dagster_home(load_settings(data_dir=bench.data))
    address = f"http://127.0.0.1:{port}"
    command = [
        str(Path(sys.executable).with_name("dagster-webserver")), "-w", "workspace.yaml", "-h", "127.0.0.1",
        "-p", str(port),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=bench.environment() | {"DAGSTER_HOME": home}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/server_info", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the webserver did not start") from None
                time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the code server is a process of its own
        process.wait(timeout=30)


def ask(address: str, query: str, **variables: object) -> dict[str, Any]:
    """Return the answer to a query of the webserver's GraphQL."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.load(answer)
    assert "errors" not in found, found
    return dict(found["data"])


# ---------------------------------------------------------------- pages
def asset_graph(page: Page) -> None:
    """Show the groups of assets, and how they follow from each other."""
    page.goto("/asset-groups")
    page.get_by_text("publish", exact=True).first.wait_for(timeout=_PAGE_MS)
    _settle(page)


def check(page: Page, table: str, name: str) -> None:
    """Show what a check has found."""
    page.goto(f"/assets/{table.replace('.', '/')}?view=checks&checkDetail={name}")
    page.get_by_role("heading", name=name).or_(page.get_by_text(name, exact=True)).first.wait_for(timeout=_PAGE_MS)
    page.get_by_text("Evaluation result").first.wait_for(timeout=_PAGE_MS)
    _settle(page)


def asset(page: Page, key: str, view: str = "overview") -> None:
    """Show an asset."""
    page.goto(f"/assets/{key}?view={view}")
    page.get_by_role("tab", name="Overview").or_(page.get_by_text("Overview", exact=True)).first.wait_for(
        timeout=_PAGE_MS
    )
    _settle(page)


def backfill(page: Page, backfill_id: str) -> None:
    """Show the run that a backfill became."""
    page.goto(f"/runs/b/{backfill_id}?tab=runs")
    page.get_by_text(backfill_id).first.wait_for(timeout=_PAGE_MS)
    _settle(page)


def sees(page: Page, text: str) -> None:
    """Wait until a text is to be seen; TimeoutError if it does not come."""
    page.get_by_text(text).first.wait_for(timeout=_PAGE_MS)


def _settle(page: Page) -> None:
    page.wait_for_load_state("networkidle", timeout=_PAGE_MS)
    page.locator(".bp5-spinner, [class*=Spinner]").first.wait_for(state="hidden", timeout=_PAGE_MS)
    page.wait_for_timeout(1500)  # what moves into place


# ---------------------------------------------------------------- screenshots
_FAILED = re.compile(r"(?P<table>\w+\.\w+): (?P<check>\w+): ")


def main(data_dir: str, folder: str) -> None:
    """Write the screenshots of docs/."""
    bench = Workbench(Path(data_dir))
    with webserver(bench) as address, chromium() as browser:
        page = browser.new_page(viewport=SIZE, base_url=address)
        asset_graph(page)
        # The graph alone: what stands around it names the groups once more.
        page.screenshot(path=f"{folder}/asset-graph.png", clip={"x": 545, "y": 390, "width": 885, "height": 170})
        failed = next(event for event in _failures(address) if _FAILED.search(event))
        found = _FAILED.search(failed)
        assert found
        check(page, found["table"], found["check"])
        page.screenshot(path=f"{folder}/failed-check.png")
        (latest, *_) = ask(address, _BACKFILLS)["partitionBackfillsOrError"]["results"]
        page.set_viewport_size(SIZE | {"height": 380})
        backfill(page, latest["id"])
        page.screenshot(path=f"{folder}/backfill.png")
        page.set_viewport_size(SIZE | {"height": 1250})
        asset(page, "published/onrecord", "events")
        page.screenshot(path=f"{folder}/publication.png")


_BACKFILLS = "{partitionBackfillsOrError(limit: 1) {... on PartitionBackfills {results {id status}}}}"


def _failures(address: str) -> Iterator[str]:
    """Yield what the person on duty reads of each run that failed, the latest first."""
    query = """{runsOrError(filter: {statuses: [FAILURE]}, limit: 5) {... on Runs {results {
      eventConnection {events {... on ExecutionStepFailureEvent {failureMetadata {description}}}}}}}}"""
    for run in ask(address, query)["runsOrError"]["results"]:
        for event in run["eventConnection"]["events"]:
            if event.get("failureMetadata"):
                yield str(event["failureMetadata"]["description"])


if __name__ == "__main__":
    main(*sys.argv[1:])
