"""Dagster's home: its settings, in the data folder.

Covers the file dagster.yaml, and taking one over that an older OnRecord wrote.
"""

from __future__ import annotations

import hashlib
import os

from pipelines.settings import Settings
from pipelines.storage.atomic_files import replacing

DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: pipelines.orchestration.event_log
  class: EventLog
  config:
    base_dir:
      env: DAGSTER_HOME
concurrency:
  pools:
    default_limit: 1  # the warehouse takes one writer
run_retries:
  enabled: true
  retry_on_asset_or_op_failure: false  # a step that failed fails again; a process that was killed need not
run_monitoring:
  enabled: true
  start_timeout_seconds: 120  # a run whose process never came, or went before its first step
  free_slots_after_run_end_seconds: 30  # a killed run gives back its pool, so that its retry does not wait for ever
  poll_interval_seconds: 30
auto_materialize:  # nothing here is asked for by a condition: the daemon need not look for it
  enabled: false
  use_sensors: false
"""
ON_POSTGRES = """\
storage:
  postgres:
    postgres_url: {url}
"""
"""What is added where Dagster's records lie in a database; the address holds no password (PGPASSWORD does)."""
_EARLIER = frozenset((
    "a6f055d9752e0de081cebe08aadc981a75e0fdb631ed516f6bf26dd70f759bd7",
    "27c30853a9d74c545e6bd220908751cb2f76ec15cd0c99504b3ce02d4f664d3b",
    "095ef5bed3c5910c8b7d948f6c1c216c41d74aea77f550e987b6e4c54fa83b61",
))  # fmt: skip
"""Hashes of the files that older versions wrote: they are replaced. One that somebody has changed stays as it is."""


def dagster_home(settings: Settings) -> str:
    """Create Dagster's home if need be, make it the environment's, and return it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    # SQLAlchemy would take a driver that Dagster's statements do not fit.
    url = (settings.postgres or "").replace("postgresql://", "postgresql+psycopg2://", 1)
    wanted = DAGSTER_YAML + (ON_POSTGRES.format(url=url) if url else "")
    there = config.read_text() if config.exists() else ""
    ours = {_sha256(DAGSTER_YAML)} | _EARLIER
    if not config.exists() or (there != wanted and _sha256(there.partition("storage:\n")[0]) in ours):
        with replacing(config) as unfinished:
            unfinished.write_text(wanted)
    os.environ["DAGSTER_HOME"] = str(home)
    return str(home)


def has_records(settings: Settings) -> bool:
    """Whether there are records of Dagster: on the disk, or in a database."""
    return settings.postgres is not None or (settings.dagster_home / "history").is_dir()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
