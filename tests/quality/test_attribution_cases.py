"""Small made-up texts, each of one kind of fault: is the statement found, whole, with its type and polarity.

Who the speaker is, the cases tell too; that is for the tests of speakers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from attribution_corpora import run
from floors import floor

CASES = json.loads(Path(__file__).with_name("attribution_cases.json").read_text(encoding="utf-8"))


def is_right(statement: dict[str, Any], want: dict[str, Any]) -> bool:
    content = statement["content_text"]
    return all(statement[column] == want.get(name, statement[column]) for name, column in FIELDS) and content.rstrip(
        ".,"
    ).endswith(want.get("content_end", ""))


FIELDS = (("polarity", "polarity"), ("type", "statement_type"), ("tier", "tier"))


def test_cases_hold_their_floor() -> None:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in run({str(k): case["text"] for k, case in enumerate(CASES)}).statements.iter_rows(named=True):
        found[row["version_id"]].append(row)
    wrong: list[tuple[str, str]] = []
    n = 0
    for k, case in enumerate(CASES):
        for want in case.get("expect", []):
            n += 1
            hits = [s for s in found[str(k)] if want["content"] in s["content_text"]]
            if not any(is_right(s, want) for s in hits):
                wrong.append((case["kind"], want["content"]))
        for want in case.get("forbid", []):
            n += 1
            if any(want["content"] in s["content_text"] and is_right(s, want) for s in found[str(k)]):
                wrong.append((case["kind"], want["content"]))
    assert n == 59
    assert n - len(wrong) >= floor("cases, statements"), wrong
