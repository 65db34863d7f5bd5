"""OnRecord: raw news in, a warehouse of who said what, when and where it was printed, out.

Covers the version, and the one place where the libraries are told not to call home. Whatever of ours is imported comes
through here first, in worker processes too, so that it holds before any of them is loaded; what they start inherits it.
"""

import os

__version__ = "0.1.0"

SILENCE = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime: else a device id in ~/.cache, and events to Microsoft
    "GX_ANALYTICS_ENABLED": "false",  # Great Expectations
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DO_NOT_TRACK": "1",
}
"""What each library reads to know that nothing is sent or looked up. Dagster reads its dagster.yaml (commands/job);
Polars and DuckDB send nothing."""

os.environ.update(SILENCE)
