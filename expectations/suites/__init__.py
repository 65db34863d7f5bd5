"""The checks, as code: one module a question.

Covers which checks there are. It does not cover how they are run.
"""

from __future__ import annotations

from functools import cache

from expectations.spec import CheckSpec
from expectations.suites import drift, evidence, marts, outlets, rates, reconciliation, sources, state


@cache
def _all() -> tuple[CheckSpec, ...]:
    modules = (evidence, reconciliation, state, marts, rates, drift, outlets, sources)
    return tuple(check for module in modules for check in module.checks())


def all_checks() -> list[CheckSpec]:
    """Return every check, blocking ones first; loads no Great Expectations."""
    return sorted(_all(), key=lambda check: check.severity != "block")


__all__ = ["all_checks"]
