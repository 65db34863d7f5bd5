"""Why a run failed, for a person.

Covers finding, in what Dagster recorded, the words that say it, without Dagster's frame. For whom it is told, see
alerts and commands/.
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
JOBS = ("onrecord", "everything", "vacuum", "__ASSET_JOB")
"""Our jobs, and what Dagster calls the job of assets that are chosen in the UI, as in a backfill."""
_TO_DO = (
    ("onrecord run --accept-loss", ""),  # it says itself how to go on
    ("onrecord rebuild", ""),
    ("run again", ""),
    ("onrecord redate", ""),
    ("disk is full", "free some space and run again"),
    ("No space left", "free some space and run again"),
    ("its process has gone", "the next run makes good what it left: onrecord run"),
    ("a check that must hold", "look at the rows it names (data_docs/index.html); mend the cause, then: onrecord run "
     "--force, or onrecord rebuild where other days are concerned"),
    ("what must hold of everything", "look at the rows; where the warehouse is at fault: onrecord rebuild"),
    ("the warehouse was not built", "mend what it names, then: onrecord run"),
)  # fmt: skip
"""What to do, by words of the reason; nothing where the reason says so itself."""
_FROM_OUTSIDE = "marked as failed from outside the execution context"
_KILLED = "its process has gone: it was killed, or ran out of memory"
"""What Dagster says of a run that it launched and whose process is no more, and what that means."""
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
            error = getattr(event.event_specific_data, "error", None)  # one that was closed from outside has none
            last = in_words(_cause(error).message) if error is not None else (event.message or last)
    return _KILLED if _FROM_OUTSIDE in last else last


def what_to_do(reason: str) -> str:
    """Return what somebody on duty does about a run that failed for this reason."""
    found = next((advice for words, advice in _TO_DO if words in reason), None)
    return "mend the cause, then: onrecord run" if found is None else found or "as it says"


def _cause(error: SerializableErrorInfo) -> SerializableErrorInfo:
    while error.cause is not None:
        error = error.cause
    return error
