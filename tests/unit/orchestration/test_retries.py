"""Only what can pass at the next try is tried again."""

from __future__ import annotations

import errno

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.ingest.batches import DayClosedError
from pipelines.orchestration.assets.raw_documents import _retried
from pipelines.orchestration.home import dagster_home
from pipelines.settings import load_settings


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT])
def test_a_disk_that_may_answer_later_is_asked_again(number: int) -> None:
    with pytest.raises(dg.RetryRequested) as asked, _retried():
        raise OSError(number, "not now")
    assert asked.value.max_retries == 2


@pytest.mark.parametrize(
    "error",
    [DayClosedError("closed"), OSError(errno.ENOSPC, "full"), OSError(errno.EACCES, "no"), ValueError("x"), KeyError()],
)
def test_anything_else_fails_at_once(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, _retried():
        raise error
    assert raised.value is error


def test_no_step_is_tried_again_whatever_was_wrong() -> None:
    nodes = defs.resolve_job_def("onrecord").graph.nodes
    assert [n.name for n in nodes if n.definition.retry_policy is not None] == []


def test_a_run_is_tried_again_only_if_its_process_died(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    home = dagster_home(load_settings(data_dir=tmp_path))
    with dg.DagsterInstance.from_config(home) as instance:
        assert instance.run_retries_enabled
        assert instance.get_settings("run_retries") == {"enabled": True, "retry_on_asset_or_op_failure": False}
