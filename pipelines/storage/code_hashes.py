"""Hashes of code by what it does: comments, docstrings and layout do not count.

Covers which modules an entry module needs, and the hash of a module, an SQL model and a YAML file. For which step
begins where, see fingerprints.py.

A hash is the same on every machine with the same minor version of Python: syntax trees differ between these, and so do
the tables of Unicode that decide what a letter is.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

_SQL_TOKEN = re.compile(
    r"""(?P<left_out>\{\#.*?\#\}|--[^\n]*|/\*.*?\*/|\s+)|'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|.""", re.DOTALL
)
"""A comment or white space; else a string, a quoted name, a word or a sign, also between the braces of Jinja."""


def modules_needed(entries: Iterable[str], packages: Sequence[str], root: Path) -> dict[str, ast.Module]:
    """Return the modules that entry modules import, directly or not, and themselves: name -> syntax tree.

    Args:
        entries: Dotted names of modules.
        packages: Only modules below these packages are followed.
        root: The folder that the packages lie in.

    Raises:
        FileNotFoundError: there is no module of an entry's name.
    """
    found: dict[str, ast.Module] = {}
    waiting = list(entries)
    missing = [name for name in waiting if _file(name, root) is None]
    if missing:
        raise FileNotFoundError(f"no module {', '.join(missing)} below {root}")
    while waiting:
        name = waiting.pop()
        path = _file(name, root)
        if path is None or name in found or not any(f"{name}.".startswith(f"{p}.") for p in packages):
            continue
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
        parents = name.split(".")[:-1]  # a package runs when a module in it is imported
        waiting += [".".join(parents[: i + 1]) for i in range(len(parents))]
        waiting += imported(found[name])
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names that a module imports; of `from a import b` a and a.b, since b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules_sha256(modules: Mapping[str, ast.Module]) -> str:
    """Return a hash of modules: their names, and what their code says; the trees lose their docstrings by it."""
    digest = hashlib.sha256()
    for name, tree in sorted(modules.items()):
        digest.update(f"{name}\0{ast.dump(_NoDocstrings().visit(tree))}\n".encode())
    return digest.hexdigest()


def models_sha256(places: Iterable[str], root: Path) -> str:
    """Return a hash of the SQL and YAML files at or below these places, relative to the root: names and contents.

    Of a folder only SQL counts: what stands in YAML beside a model is made from the contracts.
    """
    paths: dict[str, Path] = {}
    for place in places:
        top = root / place
        files = [top] if top.is_file() else top.rglob("*.sql")
        paths |= {path.relative_to(root).as_posix(): path for path in files}
    digest = hashlib.sha256()
    for name, path in sorted(paths.items()):
        text = path.read_text(encoding="utf-8")
        contents = json.dumps(yaml.safe_load(text)) if path.suffix == ".yml" else "\0".join(_sql_tokens(text))
        digest.update(f"{name}\0{contents}\n".encode())
    return digest.hexdigest()


def _sql_tokens(text: str) -> Iterator[str]:
    return (found.group() for found in _SQL_TOKEN.finditer(text) if found["left_out"] is None)


def _file(name: str, root: Path) -> Path | None:
    """Return the file of a module or a package; None: the name is of something else."""
    place = root.joinpath(*name.split("."))
    return next((p for p in (place.with_suffix(".py"), place / "__init__.py") if p.is_file()), None)


class _NoDocstrings(ast.NodeTransformer):
    """Leaves out statements that are nothing but a string: docstrings of modules, functions and attributes."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_string = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_string else node
