"""Two days of news through Ray and an object store in trouble publish what they publish on one machine."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.conftest import DAY_1, DAY_2, History
from tests.object_store import BUCKET, Trouble, object_store
from tests.workbench import Workbench, contents, good, refused

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("moto", "obstore", "ray")),
    reason="the extra `cluster` and moto are not installed",
)


def test_what_is_published_is_the_same(history: History, tmp_path: Path) -> None:
    trouble = Trouble(failing=0.05, slow=0.02)
    with object_store(trouble) as environment:
        lake = {"ONRECORD_LAKE": f"s3://{BUCKET}/lake", "ONRECORD_ENGINE": "ray", "ONRECORD_WORKERS": "2"}
        onrecord = Workbench(tmp_path / "data", environment | lake)
        good(onrecord("run", history.news / "day1", *DAY_1, "--ingest-only"))
        done = good(onrecord("run", history.news / "day2", *DAY_2))
        assert "published" in done.stdout
        assert not (onrecord.data / "lake").exists()
        assert trouble.n_failed > 20
        assert contents(onrecord.published) == contents(history.second.published)
        assert "lake" in good(onrecord("status")).stdout


def test_a_store_without_such_a_bucket_is_told_in_one_line(tmp_path: Path) -> None:
    with object_store(Trouble()) as environment:
        onrecord = Workbench(tmp_path / "data", {**environment, "ONRECORD_LAKE": "s3://nothing/lake"})
        (tmp_path / "a.txt").write_text("“The weir holds,” said Ann Reed.")
        assert "NoSuchBucket" in refused(onrecord("run", tmp_path / "a.txt", *DAY_1), 1)
