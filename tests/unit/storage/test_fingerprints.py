"""A step's id follows from everything in the checkout that decides its rows, and from nothing else."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from pipelines.contracts import table
from pipelines.core.documents.model import SourceRules
from pipelines.settings import PROJECT_ROOT
from pipelines.storage import fingerprints
from pipelines.storage.fingerprints import Register, code_version, files_sha256, rules_sha256

STEPS = {"parsing": fingerprints.PARSING, "extraction": fingerprints.EXTRACTION, "resolution": fingerprints.RESOLUTION}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the code that decides rows, in another place."""
    for part in ("pipelines/core", "pipelines/contracts", "sql/models", "sql/macros"):
        shutil.copytree(PROJECT_ROOT / part, tmp_path / part)
    shutil.copy(PROJECT_ROOT / "sql" / "dbt_project.yml", tmp_path / "sql")
    return tmp_path


# ------------------------------------------------------------------ hashes of files
@pytest.mark.parametrize("places", [*STEPS.values(), fingerprints.SQL_TABLES, fingerprints.SQL_VIEWS])
def test_the_same_files_give_the_same_hash_wherever_they_lie(copy: Path, places: tuple[str, ...]) -> None:
    assert files_sha256(*places, root=copy) == files_sha256(*places)
    assert files_sha256(*reversed(places), root=copy) == files_sha256(*places), "the order of places does not count"


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("pipelines/core/documents/html.py", {"parsing"}), ("pipelines/core/attribution/verbs.py", {"extraction"}),
        ("pipelines/core/text/names.py", {"extraction", "resolution"}),
        ("pipelines/core/identity/actors.py", {"resolution"}),
        ("pipelines/core/ids.py", {"parsing", "extraction", "resolution"}), ("pipelines/contracts/docs.py", set()),
    ],
)  # fmt: skip
def test_a_change_of_code_changes_the_hash_of_its_own_step(copy: Path, place: str, changed: set[str]) -> None:
    with (copy / place).open("a") as file:
        file.write("\n")
    assert {
        name for name, places in STEPS.items() if files_sha256(*places, root=copy) != files_sha256(*places)
    } == changed


def test_a_file_more_or_under_another_name_changes_the_hash_and_a_cache_does_not(copy: Path) -> None:
    before = files_sha256(*fingerprints.PARSING)
    folder = copy / "pipelines/core/documents"
    (folder / "__pycache__").mkdir(exist_ok=True)
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "notes.md").write_text("x")
    assert files_sha256(*fingerprints.PARSING, root=copy) == before
    (folder / "html.py").rename(folder / "html2.py")
    files_sha256.cache_clear()
    assert files_sha256(*fingerprints.PARSING, root=copy) != before


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("models/core/facts/quotes.sql", "tables"), ("models/staging/stg_lake__quotes.sql", "tables"),
        ("macros/days.sql", "tables"), ("dbt_project.yml", "tables"), ("models/ops/sightings.sql", "tables"),
        ("models/marts/evidence.sql", "views"), ("models/core/views/articles.sql", "views"),
        ("models/core/state/outlets.sql", "views"),
    ],
)  # fmt: skip
def test_sql_of_tables_is_told_from_sql_of_views(copy: Path, place: str, kind: str) -> None:
    with (copy / "sql" / place).open("a") as file:
        file.write("\n")
    kinds = {"tables": fingerprints.SQL_TABLES, "views": fingerprints.SQL_VIEWS}
    assert [k for k, places in kinds.items() if files_sha256(*places, root=copy) != files_sha256(*places)] == [kind]


def test_every_model_belongs_to_tables_or_views() -> None:
    places = [PROJECT_ROOT / place for place in (*fingerprints.SQL_TABLES, *fingerprints.SQL_VIEWS)]
    covered = {p for place in places for p in ([place] if place.is_file() else place.rglob("*.sql"))}
    assert {p for top in ("models", "macros") for p in (PROJECT_ROOT / "sql" / top).rglob("*.sql")} <= covered


@pytest.mark.parametrize("step", STEPS)
def test_whatever_a_step_imports_from_core_is_in_its_hash(step: str) -> None:
    places = [PROJECT_ROOT / place for place in STEPS[step]]
    files = [p for place in places for p in ([place] if place.is_file() else place.rglob("*.py"))]
    needed = {module for path in files for module in imported(path) if module.startswith("pipelines.")}
    outside = {m for m in needed if not any(module_file(m) == p or p in module_file(m).parents for p in places)}
    assert all(m.startswith("pipelines.contracts") for m in outside), "contracts have hashes of their own"


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"{node.module}.{a.name}" for a in node.names} if node.module == "pipelines.core" else {node.module}
            )
    return found


def module_file(module: str) -> Path:
    path = PROJECT_ROOT.joinpath(*module.split("."))
    return path if path.is_dir() else path.with_suffix(".py")


def test_a_version_follows_from_the_columns_that_the_step_writes() -> None:
    one, two = (
        code_version("x", fingerprints.PARSING, written) for written in (fingerprints.PARSED, fingerprints.RESOLVED)
    )
    assert one != two
    assert one.startswith("x+")


# ------------------------------------------------------------------ rules of a source
def test_the_rules_of_a_source_are_hashed_by_what_they_say() -> None:
    one = SourceRules(name="a", fields={"text": "body", "url": "link"})
    assert rules_sha256(one) == rules_sha256(SourceRules(name="a", fields={"url": "link", "text": "body"}))
    assert rules_sha256(one) != rules_sha256(SourceRules(name="a", fields={"text": "body"}))
    assert rules_sha256(one) != rules_sha256(SourceRules(name="a", fields=one.fields, timezone="Europe/Lisbon"))


# ------------------------------------------------------------------ what ids stand for
def test_the_register_keeps_every_id_and_says_which_it_does_not_know(tmp_path: Path) -> None:
    contract = table("ops", "resolvers")
    for number in "12":
        row = {"resolution_id": f"r{number}", "version": number, "ref_data_sha256": "d", "overrides_sha256": "o"}
        Register(tmp_path).remember("resolvers", f"r{number}", row)
    again = Register(tmp_path)
    assert [again.row(contract, ident)["version"] for ident in ("r1", "r2", "r3")] == ["1", "2", "unknown"]
    assert again.row(contract, "r3")["resolution_id"] == "r3"
    assert contract.conform(contract.frame([again.row(contract, "r1")])).height == 1
