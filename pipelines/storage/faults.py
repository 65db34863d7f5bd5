"""Named points at which a test can kill the process, to show that nothing is harmed.

Covers the points' names and the one call. It does not cover any behaviour of its own. Without the environment variable
ONRECORD_FAULT a point does nothing.
"""

from __future__ import annotations

import os
import signal

POINTS = ("lake_part", "batch", "build", "publication")
"""While a lake part is written; when a batch is in the lake, and what is known does not say so yet; during the build
of the warehouse; during publication."""


def reach(point: str) -> None:
    """Kill this process, as kill -9 would, if ONRECORD_FAULT names the point."""
    if point not in POINTS:
        raise ValueError(f"no fault point {point!r}; there are {', '.join(POINTS)}")
    if os.environ.get("ONRECORD_FAULT") == point:
        os.kill(os.getpid(), signal.SIGKILL)
