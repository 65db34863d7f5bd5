"""Why a run failed, for a person.

Belongs here: finding, in what Dagster recorded, the words that say it, without Dagster's frame. Does not belong here:
whom it is told (alerts, commands/).
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg
from dagster._utils.error import SerializableErrorInfo

from pipelines.errors import in_words

STEPS = {
    "raw_documents": "ingest", "article_versions": "parse", "statements": "extract", "entities": "resolve",
    "warehouse": "build", "great_expectations": "check", "published__onrecord": "publish",
}  # fmt: skip
"""What a step is called, by its key."""
UNKNOWN = "the run failed; `onrecord ui` shows why"


def why(events: Iterable[dg.DagsterEvent]) -> str:
    """Return what the first step that failed said; else why the run did not come to its first step, or ended."""
    last = UNKNOWN
    for event in events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None and data.user_failure_data.description:
                return str(data.user_failure_data.description)
            if data.error is not None:
                return f"{STEPS.get(str(event.step_key), event.step_key)}: {in_words(_cause(data.error).message)}"
        if event.event_type == dg.DagsterEventType.RUN_FAILURE:
            error = event.job_failure_data.error
            last = in_words(_cause(error).message) if error is not None else (event.message or last)
    return last


def _cause(error: SerializableErrorInfo) -> SerializableErrorInfo:
    while error.cause is not None:
        error = error.cause
    return error
