"""Unnamed by choice, unnamed for a named body, or not resolved by us: three things apart."""

from __future__ import annotations

import pytest

from pipelines.core.reference import Reference
from pipelines.core.resolution.anonymity import anonymity


@pytest.mark.parametrize(
    ("words", "kind", "why"),
    [
        ("a senior defence official", "anonymous", "by_choice"),
        ("Sources familiar with the deal", "anonymous", "by_choice"),
        ("two diplomats briefed on the plan", "collective", "by_choice"),
        ("Analysts", "collective", "by_choice"),
        ("critics of the takeover", "collective", "by_choice"),
        ("some", "collective", "by_choice"),
        ("a Harrow Council spokesman", "anonymous", "spokesperson"),
        ("a spokeswoman for the Port of Harrow", "anonymous", "spokesperson"),
        ("Ms Lind’s spokesman", "role_only", "spokesperson"),
        ("a spokesman", "anonymous", "not_resolved"),
        ("they", "collective", "not_resolved"),
        ("he", "role_only", "not_resolved"),
        ("The minister", "role_only", "not_resolved"),
        ("prime minister", "role_only", "not_resolved"),
        ("his lawyer", "role_only", "not_resolved"),
        ("Lind and Berg", "collective", "not_resolved"),
        ("statistics released last week", "role_only", "not_resolved"),
        ("shadow spokesman for sport Jan Berg", "role_only", "not_resolved"),
        (None, "anonymous", "not_resolved"),
        ("Jan Berg", "named_person", None),
        ("the report", "document", None),
    ],
)
def test_why_a_source_has_no_name(words: str | None, kind: str, why: str | None, reference: Reference) -> None:
    assert anonymity(words, kind, reference) == why
