"""Chromium for tests: the one that is installed, driven without a screen; nothing is downloaded."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str:
    """Return the path of Chromium; skip the test where there is none."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium here ({', '.join(NAMES)}): install one to test the pages in a browser")
    return found


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Yield a running browser, as playwright gives it."""
    path = installed()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
