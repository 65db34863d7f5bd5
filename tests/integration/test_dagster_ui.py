"""The Dagster UI in a real browser: the graph, a check that failed with its rows, an asset's columns, a backfill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg
import duckdb
import pytest

from pipelines.definitions import defs
from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.triggers import JOB_NAME
from pipelines.settings import load_settings
from pipelines.storage.fingerprints import EXTRACTED
from tests import dagster_ui as ui
from tests.browser import chromium, installed
from tests.conftest import History

if TYPE_CHECKING:
    from playwright.sync_api import Page

Broken = tuple[str, str, str]
"""The address of a server, the quote that a check names, and the one quoted most on the last day."""
BROKEN = dg.AssetCheckKey(dg.AssetKey(["core", "quotes"]), "quotes_evidence")


@pytest.fixture(scope="module")
def broken(history: History, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    """Give the address of a server on a data folder in which a check has failed, and the row that it names."""
    installed()  # or skip before anything is made
    bench = history.copy(history.second, tmp_path_factory.mktemp("ui"))
    with duckdb.connect(bench.data / "warehouse.duckdb") as con:
        found = con.execute(
            "UPDATE core.quotes SET verbatim = 'never printed' "
            "WHERE quote_id = (SELECT min(quote_id) FROM core.quotes) RETURNING quote_id"
        ).fetchone()
    assert found
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bench.environment().items():
            patch.setenv(name, value)
        patch.setenv("DAGSTER_HOME", dagster_home(load_settings()))
        job = defs.resolve_job_def(JOB_NAME).get_subset(asset_check_selection={BROKEN})
        with dg.DagsterInstance.get() as instance:
            assert not job.execute_in_process(instance=instance, raise_on_error=False).success
    top = bench.rows(
        "SELECT speaker FROM mart.statements_counted WHERE ingest_date = DATE '2026-03-03' AND is_counted "
        "AND speaker_actor_id IS NOT NULL GROUP BY speaker_actor_id, speaker ORDER BY count(*) DESC, speaker LIMIT 1"
    )
    with ui.webserver(bench) as address:
        yield address, str(found[0]), str(top[0][0])


@pytest.fixture(scope="module")
def page(broken: Broken) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page(viewport=ui.SIZE, base_url=broken[0])
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        yield page
        assert page.wrong == []


def test_the_graph_shows_every_step(page: Page) -> None:
    ui.asset_graph(page)
    for group in ("ingest", "parse", "extract", "resolve", "core", "internal", "mart", "checks", "publish"):
        assert page.get_by_text(group, exact=True).first.is_visible(), group


def test_a_check_that_failed_names_the_rows(page: Page, broken: Broken) -> None:
    ui.check(page, "core.quotes", BROKEN.name)
    ui.sees(page, "Failed")
    ui.sees(page, broken[1])
    ui.sees(page, "never printed")


def test_an_asset_shows_what_its_columns_mean_and_come_from(page: Page) -> None:
    ui.asset(page, "mart/evidence")
    ui.sees(page, "From core.statement_spans.statement_id.")
    page.get_by_text(re.compile("Open.*evidence.sql.*in editor")).first.wait_for()
    ui.sees(page, "onrecord/layer: mart")


def test_the_publication_shows_who_speaks(page: Page, broken: Broken) -> None:
    ui.asset(page, "published/onrecord", "events")
    ui.sees(page, "top speakers of 2026-03-03")
    ui.sees(page, broken[2])


def test_days_are_asked_for_as_one_backfill(page: Page, broken: Broken) -> None:
    days = [f"2026-03-0{n}" for n in (2, 3)]
    keys = [{"path": ["lake", name]} for name in EXTRACTED]
    launched = ui.ask(
        broken[0],
        "mutation Ask($p: LaunchBackfillParams!) {launchPartitionBackfill(backfillParams: $p) "
        "{... on LaunchBackfillSuccess {backfillId}}}",
        p={"assetSelection": keys, "partitionNames": days},
    )
    asked = launched["launchPartitionBackfill"]["backfillId"]
    ui.backfill(page, asked)
    query = "{partitionBackfillsOrError {... on PartitionBackfills {results {id numPartitions}}}}"
    results = ui.ask(broken[0], query)["partitionBackfillsOrError"]["results"]
    assert results == [{"id": asked, "numPartitions": 2}]
