"""Great Expectations checks of the warehouse: evidence, reconciliation, rates, drift, freshness, volume.

Covers what must hold between the tables once they are built, and the runner that asks Great Expectations about it. It
does not cover value sets and the logic of single models (those are dbt tests beside the models) and the wiring into an
orchestrator.

Importing this package costs nothing: Great Expectations is loaded by :func:`load` and :func:`run_checks` alone.
"""

from __future__ import annotations

from expectations.outcome import CheckOutcome
from expectations.run import load, run_checks
from expectations.spec import CheckSpec, Severity
from expectations.suites import all_checks

__all__ = ["CheckOutcome", "CheckSpec", "Severity", "all_checks", "load", "run_checks"]
