"""What several integration tests read: the published file of the news for the pages, and the pages over it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from pipelines.explore.file import Ask, PublishedFile
from pipelines.explore.web import create_app
from tests.workbench import Workbench


@pytest.fixture(scope="module")
def file(explored: Workbench) -> Iterator[PublishedFile]:
    file = PublishedFile(explored.published, "1GB", 20)
    yield file
    file.close()


@pytest.fixture
def ask(file: PublishedFile) -> Iterator[Ask]:
    with file.ask() as ask:
        yield ask


@pytest.fixture(scope="module")
def client(file: PublishedFile) -> TestClient:
    return TestClient(create_app(file), base_url="http://127.0.0.1", follow_redirects=False)
