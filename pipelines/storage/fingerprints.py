"""Ids of "how": hashes of everything in this checkout that decides what a row says.

Belongs here: which files decide which step, their hashes, and what each id that was ever used stands for.
Does not belong here: what follows from a change (orchestration/project.py), the rules themselves (core).

No constant has to be raised by hand: a step's id follows from the contents of its code, its reference data and
the contracts of its tables. It is the same on every machine: contents, in the order of their relative paths.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

from pipelines import contracts
from pipelines.core.documents.model import SourceRules
from pipelines.settings import PROJECT_ROOT
from pipelines.storage.atomic_files import read_json, write_json

PARSED = ("article_versions", "sighting_outcomes", "quarantine")
COMPARED = ("text_signatures", "near_copies")
EXTRACTED = ("sentences", "statements", "statement_spans", "quotes", "statement_quotes", "mentions")
RESOLVED = ("entities", "mention_entities", "statement_entities", "statement_sources", "statement_targets")
PARSING = ("pipelines/core/documents", "pipelines/core/ids.py")
COMPARISON = (
    "pipelines/core/copies/near_copies.py",
    "pipelines/core/copies/shingles.py",
    "pipelines/core/documents/quality.py",
)
EXTRACTION = ("pipelines/core/attribution", "pipelines/core/text", "pipelines/core/ids.py")
RESOLUTION = (
    "pipelines/core/resolution", "pipelines/core/identity", "pipelines/core/reference.py", "pipelines/core/text",
    "pipelines/core/ids.py",
)  # fmt: skip
"""What decides each step, beside its reference data (which has hashes of its own)."""
SQL_TABLES = (
    "sql/dbt_project.yml", "sql/macros", "sql/models/staging", "sql/models/core/facts", "sql/models/core/days",
    "sql/models/core/built_days.sql",
    "sql/models/marts/days", "sql/models/ops",
)  # fmt: skip
"""What the rows of tables that are filled day by day follow from: a change builds every day again."""
SQL_VIEWS = (
    "sql/models/core/state",
    "sql/models/core/views",
    "sql/models/marts",
    "pipelines/core/copies/quote_clusters.py",
)
"""What is made anew by every build; the clusters of quotes are, too."""
_SUFFIXES = frozenset({".py", ".csv", ".json", ".onnx", ".sql"})


@cache
def files_sha256(*places: str, root: Path = PROJECT_ROOT) -> str:
    """Return a hash of the files at or below these places, relative to the root: names and contents."""
    digest = hashlib.sha256()
    for relative, path in sorted({p.relative_to(root).as_posix(): p for p in _files(root, places)}.items()):
        digest.update(f"{relative}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(root: Path, places: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files that count; a file that is named counts whatever its suffix is."""
    for place in places:
        top = root / place
        if top.is_file():
            yield top
        else:
            yield from (p for p in top.rglob("*") if p.suffix in _SUFFIXES and p.is_file())


@cache
def code_version(label: str, places: tuple[str, ...], written: tuple[str, ...]) -> str:
    """Return a step's version: its own label, and a hash of its code and of the columns that it writes."""
    contract = contracts.contract_sha256(*(contracts.table("lake", name) for name in written))
    return f"{label}+{hashlib.sha256(f'{files_sha256(*places)}{contract}'.encode()).hexdigest()[:12]}"


def rules_sha256(rules: SourceRules) -> str:
    """Return a hash of all that a source's settings say about reading its records; where they lie is none of it."""
    return hashlib.sha256(json.dumps(asdict(rules), sort_keys=True, default=str).encode()).hexdigest()


class Register:
    """What each extraction_id and resolution_id that was ever used stands for: rows may carry old ones."""

    def __init__(self, lake_root: Path) -> None:
        self._path = lake_root / "state" / "how.json"

    def remember(self, kind: str, ident: str, row: Mapping[str, str]) -> None:
        """Keep what an id stands for, before the first row that carries it is written."""
        known = read_json(self._path)
        if known.get(kind, {}).get(ident) != dict(row):
            known.setdefault(kind, {})[ident] = dict(row)
            write_json(self._path, known)

    def row(self, contract: contracts.Table, ident: str) -> dict[str, object]:
        """Return the row of an id in ops.extractors or ops.resolvers; 'unknown' where the register was lost."""
        known = read_json(self._path).get(contract.name, {}).get(ident, {})
        (key,) = contract.key
        return {**{c.name: known.get(c.name, "unknown") for c in contract.columns}, key: ident}
