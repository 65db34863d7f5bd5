"""`onrecord ui`: the Dagster webserver and daemon on this project.

Covers starting them on the right home and workspace.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.orchestration import dbt
from pipelines.orchestration.home import dagster_home
from pipelines.settings import load_settings


def main(port: int, host: str) -> int:
    """Replace this process by `dagster dev`."""
    settings = load_settings()
    os.environ["ONRECORD_DATA_DIR"] = str(settings.data_dir)
    dagster_home(settings)
    dbt.prepare()
    os.chdir(settings.data_dir)  # Dagster looks for modules where it is started: nothing there is taken for one
    program = str(Path(sys.executable).with_name("dagster"))
    print(f"the Dagster UI: http://{host}:{port} (Ctrl+C ends it)", flush=True)
    os.execv(program, [program, "dev", "-m", "pipelines.definitions", "-p", str(port), "-h", host])
