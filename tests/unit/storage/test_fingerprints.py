"""A step's id follows from everything in the installation that decides its rows, and from nothing else."""

from __future__ import annotations

import ast
import shutil
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pipelines.contracts import table
from pipelines.core.documents.model import SourceRules
from pipelines.ingest import feeds, files
from pipelines.settings import PROJECT_ROOT
from pipelines.storage import fingerprints
from pipelines.storage.code_hashes import imported, modules_needed
from pipelines.storage.fingerprints import Register, Step, code_version, rules_sha256, step_sha256

STEPS = {
    "parsing": fingerprints.PARSING, "comparison": fingerprints.COMPARISON, "extraction": fingerprints.EXTRACTION,
    "resolution": fingerprints.RESOLUTION, "clustering": fingerprints.CLUSTERING, "cutting": files._CUTTING,
    "feeds": feeds.READING,
}  # fmt: skip
SQL = {"tables": fingerprints.tables_sha256, "views": lambda *root: fingerprints.views_sha256(*root, *root)}
HOLDERS = {"polars", "numpy"}
"""Libraries that hold and add up values; their versions decide no row."""
UNDECIDING = {"fsspec"}
"""It brings the bytes of files, and says when they are others."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the code that decides rows, in another place."""
    for part in ("pipelines", "sql/models", "sql/macros"):
        shutil.copytree(
            PROJECT_ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.onnx", "*.csv")
        )
    shutil.copy(PROJECT_ROOT / "sql" / "dbt_project.yml", tmp_path / "sql")
    return tmp_path


def modules(step: Step) -> dict[str, ast.Module]:
    return modules_needed(step.entries, step.packages, PROJECT_ROOT)


def changed(copy: Path) -> set[str]:
    """Return the steps, and kinds of SQL, whose hash in the copy is another than here."""
    steps = {name for name, step in STEPS.items() if step_sha256(step, copy) != step_sha256(step)}
    return steps | {kind for kind, sha256 in SQL.items() if sha256(copy) != sha256()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ------------------------------------------------------------------ code
def test_the_same_code_gives_the_same_hash_wherever_it_lies(copy: Path) -> None:
    assert changed(copy) == set()


@pytest.mark.parametrize(
    ("place", "who"),
    [
        ("core/documents/html.py", {"parsing"}), ("core/attribution/statements.py", {"extraction"}),
        ("core/text/names.py", {"extraction", "resolution"}), ("core/text/stated_dates.py", {"extraction"}),
        ("core/identity/actors.py", {"resolution"}), ("core/copies/near_copies.py", {"comparison"}),
        ("core/copies/quote_clusters.py", {"clustering"}),
        ("core/documents/quality.py", {"parsing", "comparison"}),
        ("core/ids.py", {"parsing", "comparison", "extraction", "resolution"}),
        ("core/attribution/__init__.py", {"extraction"}), ("ingest/table_rows.py", {"cutting"}),
        # What no step imports: what is measured, trained and told, the web, and the docs of contracts.
        ("core/identity/changes.py", set()), ("evaluation/attribution.py", set()), ("evaluation/speakers.py", set()),
        ("bench/attribution.py", set()), ("training/attribution/fit.py", set()), ("contracts/docs.py", set()),
        ("ingest/feed_formats.py", {"feeds"}), ("ingest/web/client.py", set()),
    ],
)  # fmt: skip
def test_code_changes_the_hash_of_the_steps_that_import_it(copy: Path, place: str, who: set[str]) -> None:
    with (copy / "pipelines" / place).open("a") as file:
        file.write("\nADDED = 1\n")
    module = f"pipelines.{place.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
    needed_by = {name for name, step in STEPS.items() if module in modules(step)}
    assert changed(copy) == needed_by | ({"views"} if "clustering" in needed_by else set())
    assert who <= needed_by if who else not needed_by


def test_comments_docstrings_and_layout_change_nothing(copy: Path) -> None:
    place = copy / "pipelines/core/ids.py"
    edit(place, "from __future__", "# A comment.\nfrom __future__")
    edit(place, '"""', '"""Another docstring. ')
    tree = ast.parse(place.read_text(encoding="utf-8"))
    place.write_text(ast.unparse(tree) + '\n\n\n"""What stands below a constant."""\n', encoding="utf-8")
    assert changed(copy) == set()


def test_a_string_that_is_used_counts_as_code(copy: Path) -> None:
    edit(copy / "pipelines/core/documents/batches.py", 'PARSER = "documents"', 'PARSER = "papers"')
    assert changed(copy) == {"parsing"}


def test_what_a_step_begins_to_import_is_inside_from_then_on(copy: Path) -> None:
    for name, line in (("added", "from pipelines.core.documents import deeper"), ("deeper", "DEPTH = 1")):
        (copy / f"pipelines/core/documents/{name}.py").write_text(f"{line}\n")
    assert changed(copy) == set(), "nothing imports them"
    edit(copy / "pipelines/core/documents/html.py", "import re\n", "import re\nimport pipelines.core.documents.added\n")
    before = step_sha256(fingerprints.PARSING, copy)
    step_sha256.cache_clear()
    (copy / "pipelines/core/documents/deeper.py").write_text("DEPTH = 2\n")
    assert step_sha256(fingerprints.PARSING, copy) != before


def test_an_import_inside_a_function_counts_and_an_entry_that_is_gone_is_told() -> None:
    assert "pipelines.core.documents.ninjs" in modules(fingerprints.PARSING)
    tree = ast.parse("def f():\n    from pipelines.core import ids\n")
    assert {"pipelines.core", "pipelines.core.ids"} <= set(imported(tree))
    with pytest.raises(FileNotFoundError, match=r"pipelines\.core\.gone"):
        modules_needed(["pipelines.core.gone"], ["pipelines.core"], PROJECT_ROOT)


def test_core_imports_by_full_names_as_the_hashes_expect() -> None:
    relative = [
        path
        for path in (PROJECT_ROOT / "pipelines").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_every_module_of_core_belongs_to_a_step_or_decides_no_row() -> None:
    needed = {name for step in STEPS.values() for name in modules(step)}
    there = {
        ".".join(p.relative_to(PROJECT_ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in (PROJECT_ROOT / "pipelines/core").rglob("*.py")
    }
    assert there - needed == {"pipelines.core.identity.changes"}  # told about publications; no step's rows


# ------------------------------------------------------------------ libraries and columns
def test_the_version_of_a_library_changes_the_step_that_it_works_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: step_sha256(step) for name, step in STEPS.items()}
    newer = {
        "trafilatura": {"parsing"},
        "onnxruntime": {"extraction"},
        "rensa": {"comparison"},
        "feedparser": {"feeds"},
        "polars": set(),
    }
    for library, who in newer.items():
        step_sha256.cache_clear()
        with monkeypatch.context() as patch:
            real = fingerprints.version
            patch.setattr(fingerprints, "version", lambda n, x=library, real=real: "999" if n == x else real(n))
            assert {name for name, step in STEPS.items() if step_sha256(step) != before[name]} == who
    step_sha256.cache_clear()


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_library_that_a_step_imports_is_among_those_whose_version_counts(step: Step) -> None:
    names = {name.split(".")[0] for tree in modules(step).values() for name in imported(tree)}
    owners = packages_distributions()
    used = {owner.lower() for name in names - {"pipelines"} for owner in owners.get(name, [])}
    assert used - HOLDERS - UNDECIDING <= set(step.libraries)


@pytest.mark.parametrize("library", sorted({library for step in STEPS.values() for library in step.libraries}))
def test_every_library_whose_version_counts_is_installed(library: str) -> None:
    assert fingerprints.library_version(library)


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert fingerprints.library_version("no-such-library-of-ours") == ""


def test_a_version_has_a_name_for_people_and_follows_from_the_columns_that_the_step_writes() -> None:
    one, two = (Step(fingerprints.PARSING.entries, (), w) for w in (fingerprints.PARSED, fingerprints.RESOLVED))
    assert code_version("x", one).startswith("x+")
    assert code_version("x", one) != code_version("x", two)


# ------------------------------------------------------------------ SQL
@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("models/core/facts/quotes.sql", "tables"), ("models/staging/stg_lake__quotes.sql", "tables"),
        ("macros/days.sql", "tables"), ("models/ops/sightings.sql", "tables"),
        ("models/marts/evidence.sql", "views"), ("models/core/views/articles.sql", "views"),
        ("models/core/state/outlets.sql", "views"),
    ],
)  # fmt: skip
def test_sql_of_tables_is_told_from_sql_of_views_and_comments_and_layout_are_neither(
    copy: Path, place: str, kind: str
) -> None:
    path = copy / "sql" / place
    text = path.read_text(encoding="utf-8")
    path.write_text(f"-- a comment's own mark\n{{# and another #}}/* a third */\n{text}\n\n", encoding="utf-8")
    assert changed(copy) == set()
    fingerprints.tables_sha256.cache_clear()
    fingerprints.views_sha256.cache_clear()
    path.write_text(f"{text}\nlimit 1\n", encoding="utf-8")
    assert changed(copy) == {kind}


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ("select a -- x\nfrom  t", "select a\n\nfrom t /* y */", True), ("select 'a  b'", "select 'a b'", False),
        ("select '-- x'", "select ''", False), ('select "a -- b"', 'select "a"', False),
        ("{{ ref( 'a' ) }}", "{{ref('a')}}", True), ("{# it's #} select 'a'", "select 'a'", True),
        ("select a b", "select ab", False), ("select 'it''s' -- x", "select 'it''s'", True),
    ],
)  # fmt: skip
def test_what_counts_in_sql(tmp_path: Path, one: str, two: str, is_same: bool) -> None:
    hashes = set()
    for text in (one, two):
        (tmp_path / "a.sql").write_text(text)
        hashes.add(fingerprints.models_sha256(["a.sql"], tmp_path))
    assert (len(hashes) == 1) == is_same


def test_settings_of_models_count_and_their_comments_do_not(copy: Path) -> None:
    place = copy / "sql/dbt_project.yml"
    text = place.read_text(encoding="utf-8")
    place.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert changed(copy) == set()
    fingerprints.tables_sha256.cache_clear()
    place.write_text(f"{text}\nvars: {{added: 1}}\n", encoding="utf-8")
    assert changed(copy) == {"tables"}


def test_every_model_belongs_to_tables_or_views() -> None:
    places = [PROJECT_ROOT / place for place in (*fingerprints._SQL_TABLES, *fingerprints._SQL_VIEWS)]
    covered = {p for place in places for p in ([place] if place.is_file() else place.rglob("*.sql"))}
    assert {p for top in ("models", "macros") for p in (PROJECT_ROOT / "sql" / top).rglob("*.sql")} <= covered


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
