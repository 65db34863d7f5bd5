"""Imports go one way, and core does nothing but compute."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted((ROOT / "pipelines" / "core").rglob("*.py"))
IMPURE_MODULES = frozenset({
    "asyncio", "ftplib", "getpass", "glob", "http", "logging", "multiprocessing", "os", "pathlib", "platform",
    "random", "secrets", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
    "threading", "time", "requests", "httpx", "dagster", "duckdb", "dbt", "yaml", "uuid",
})  # fmt: skip
IMPURE_NAMES = frozenset(
    {"io.open", "io.FileIO", "urllib.request", "importlib.resources", "trafilatura.fetch_url", "trafilatura.downloads"}
)
IMPURE_CALLS = frozenset({"open", "print", "input", "eval", "exec", "__import__", "breakpoint"})
IMPURE_METHODS = frozenset({
    "now", "utcnow", "today", "read_text", "write_text", "read_bytes", "write_bytes", "urlopen", "fetch_url",
    "read_csv", "read_parquet", "scan_csv", "scan_parquet", "write_parquet", "write_csv",
})  # fmt: skip


def impurities(source: str) -> Iterator[str]:
    """Yield what in a module reads or changes the world: clock, environment, disk, network, chance."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            names = []
        yield from (n for n in names if n.split(".")[0] in IMPURE_MODULES or n in IMPURE_NAMES)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
                yield f"{node.func.id}()"
            if isinstance(node.func, ast.Attribute) and node.func.attr in IMPURE_METHODS:
                yield f".{node.func.attr}()"


@pytest.mark.parametrize("path", CORE, ids=lambda p: p.relative_to(ROOT / "pipelines" / "core").as_posix())
def test_core_reads_no_clock_environment_disk_or_network(path: Path) -> None:
    assert list(impurities(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    ["import os", "import os.path", "from os import environ", "from pathlib import Path", "import urllib.request",
     "from urllib import request", "datetime.now(UTC)", "open('a')", "def f():\n    import time", "pl.read_csv('a')",
     "date.today()", "from importlib import resources"],
)  # fmt: skip
def test_the_scan_finds_what_it_looks_for(source: str) -> None:
    assert list(impurities(source))


@pytest.mark.parametrize(
    "source",
    [
        "from urllib.parse import urlsplit",
        "import re",
        "from io import StringIO",
        "x.opened()",
        "from . import os_names",
    ],
)
def test_the_scan_lets_pass_what_computes(source: str) -> None:
    assert list(impurities(source)) == []


def test_imports_go_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    assert "Contracts: 2 kept, 0 broken" in done.stdout


def imports() -> dict[str, set[str]]:
    """Return what each module imports of ours: at its head, in functions, and for types only."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in ("pipelines", "expectations")
        for path in (ROOT / package).rglob("*.py")
    }
    out: dict[str, set[str]] = {}
    for module, path in files.items():
        named: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = (f"{node.module}.{alias.name}" for alias in node.names)
                named.update(name if name in files else node.module for name in inner)
        out[module] = (named & files.keys()) - {module}
    return out


def in_circles(graph: dict[str, set[str]]) -> set[str]:
    """Return the modules that are left when whatever imports nothing that is left is taken out, again and again."""
    left = {module: set(needed) for module, needed in graph.items()}
    while free := {module for module, needed in left.items() if not needed}:
        left = {module: needed - free for module, needed in left.items() if module not in free}
    return set(left)


def test_no_modules_import_each_other_not_even_in_functions() -> None:
    assert in_circles(imports()) == set()
    assert in_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {"a", "b", "c"}


@pytest.mark.parametrize("package", ["pipelines", "expectations"])
def test_every_module_says_what_belongs_in_it(package: str) -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def _pointers(docstring: str) -> list[str]:
    found = re.findall(
        r"\(([^()]*)\)|, see ((?:[^\s;.]|\.(?=\w))+(?:,? (?:and )?[`\w/.]+)*?)(?=[;.](?:\s|$))", docstring
    )
    return [" ".join(pair) for pair in found]


def names_told(docstring: str) -> set[str]:
    """Return what a docstring names as a module or a file: (see `linker`, `rows`), (core/documents), see core/text."""
    inside = " ".join(_pointers(" ".join(docstring.split())))
    told = re.findall(r"`([a-z_.]+)`|(?<![\w`/.])([a-z_]+/[a-z_./]*|[a-z_]+\.py)(?![\w`])", inside)
    return {(quoted or plain).rstrip("/.") for quoted, plain in told}


def unknown_names(docstring: str, source: str, known: frozenset[str]) -> set[str]:
    """Return the names that are no file, no folder, no function of a module, and nothing that the code names."""
    own = set(re.findall(r"\w+", source.replace(docstring, "", 1)))
    return {
        name
        for name in names_told(docstring)
        if known.isdisjoint({name, name.replace(".", "/"), name.partition(".")[0]}) and name not in own
    }


def ends_of_paths() -> frozenset[str]:
    """Return every file and folder of the project by each end of its path, with and without its suffix."""
    tops = ("pipelines", "expectations", "sql", "docs", "tests", "data/sample")
    paths = {p.relative_to(ROOT) for top in tops for p in (ROOT / top, *(ROOT / top).rglob("*"))}
    forms = {form for p in paths for form in (p.parts, p.with_suffix("").parts)}
    return frozenset("/".join(form[k:]) for form in forms for k in range(len(form)))


def test_docstrings_name_modules_that_exist() -> None:
    known = ends_of_paths()
    wrong = {}
    for package in ("pipelines", "expectations"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            docstring = ast.get_docstring(ast.parse(source), clean=False) or ""
            if found := unknown_names(docstring, source, known):
                wrong[path.relative_to(ROOT).as_posix()] = found
    assert wrong == {}
    told = (
        "Finds (see `linker`, `rulez`; core/gone.py, core/documents, lefts/). For that, see core/text and cores/text."
    )
    assert unknown_names(told, "", known) == {"rulez", "core/gone.py", "lefts", "cores/text"}
