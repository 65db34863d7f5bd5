"""Runs whose process has gone without a word: killed, or taken along by a crash of the machine.

Covers noting which process does a run, finding the runs that nobody does any more, and closing them as failed, which
gives back what they hold, lets Dagster try again where it launched them, and alerts.
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

PROCESS_TAG = "onrecord/process"
"""Host, process id and time of start (in the kernel's ticks) of the process that does the run."""
_GRACE = timedelta(hours=1)
"""A run that notes no process was begun by an older OnRecord, or is about to note it: it is left alone for so long."""
_AT_WORK = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]
KILLED = "its process has gone without a word: it was killed, ran out of memory, or the machine went down"


def this_process() -> str:
    """Return what PROCESS_TAG says of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(process: str) -> bool:
    """Whether a noted process is there no more; one of another machine counts as there, since nobody can see it."""
    host, pid, started = process.rsplit(":", 2)
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return bool(started) and _started(int(pid)) != started


def dead_runs(instance: dg.DagsterInstance, *, but: str = "") -> list[dg.DagsterRun]:
    """Return the runs that are at work by Dagster's records and whose process has gone."""
    found = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=_AT_WORK)):
        run = record.dagster_run
        process = run.tags.get(PROCESS_TAG)
        is_old = datetime.now(UTC) - record.create_timestamp.astimezone(UTC) > _GRACE
        if run.run_id != but and (is_gone(process) if process else is_old):
            found.append(run)
    return found


def close_dead_runs(instance: dg.DagsterInstance, *, but: str = "") -> list[str]:
    """Close the dead runs as failed (as cancelled, where that was asked for), and return their ids."""
    found = dead_runs(instance, but=but)
    for run in found:
        if run.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, f"The run is over: {KILLED}.")
        else:
            instance.report_run_failed(run, f"The run is over: {KILLED}. The next run makes good what it left.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in found]


def _started(pid: int) -> str:
    """Return when a process was started (an id is used again, a time is not), or nothing where the system says none."""
    try:
        # The name in brackets may hold blanks; the fields after it do not.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
