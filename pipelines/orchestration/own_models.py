"""Models of a user's own: a folder of SQL outside of the checkout, built, tested and published with ours.

Covers the dbt project that has both, in the data folder, and what their files say of them. For calling dbt, see
orchestration/dbt.

A model there lies in the schema mart, as a view unless it says otherwise, and reads ours by {{ ref('evidence') }} and
the like. A YAML file beside it describes and tests it as dbt does; a contract is not needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.settings import SQL_DIR, Settings, SettingsError, load_settings
from pipelines.storage.atomic_files import replacing

FOLDER = "own"
"""Name of the folder of models in the project, and of its settings."""
_CONFIG = f"""\
    {FOLDER}:
      +schema: mart
      +materialized: view
"""
_COPIED = ("models", "macros", "tests")


def own_folder(settings: Settings | None = None) -> Path | None:
    """Return the folder; None: there is none.

    Raises:
        SettingsError: it is set, and not there.
    """
    folder = (settings or load_settings()).models_dir
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"ONRECORD_MODELS_DIR={folder}: there is no such folder")
    return folder


def files(folder: Path) -> Iterator[Path]:
    """Yield its files that dbt reads, in order."""
    yield from sorted(p for p in folder.rglob("*") if p.suffix in (".sql", ".yml", ".yaml") and p.is_file())


def own_sha256(settings: Settings) -> str:
    """Return a hash of names and contents of its files; nothing if there is no folder."""
    folder = own_folder(settings)
    return "" if folder is None else files_sha256(folder)


def files_sha256(folder: Path) -> str:
    """Return a hash of names and contents of the files below a folder that dbt reads."""
    lines = (f"{p.relative_to(folder)}\0{hashlib.sha256(p.read_bytes()).hexdigest()}\n" for p in files(folder))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def assembled(settings: Settings) -> Path:
    """Return the dbt project of our models and the user's, brought up to date: the checkout is not written to.

    Copies, since dbt follows no links below a folder of models. A file that is the same keeps its time.
    """
    own, project = own_folder(settings), settings.dbt_dir / "project"
    assert own is not None
    wanted = {p.relative_to(SQL_DIR): p for p in files(SQL_DIR) if p.relative_to(SQL_DIR).parts[0] in _COPIED}
    wanted |= {Path("models", FOLDER) / p.relative_to(own): p for p in files(own)}
    for path in (p for name in _COPIED for p in (project / name).rglob("*") if p.is_file()):
        if path.relative_to(project) not in wanted:
            path.unlink()
    for place, source in wanted.items():
        _write(project / place, source.read_bytes())
    config = (SQL_DIR / "dbt_project.yml").read_text(encoding="utf-8").rstrip("\n") + "\n" + _CONFIG
    _write(project / "dbt_project.yml", config.encode())
    _write(project / "profiles.yml", (SQL_DIR / "profiles.yml").read_bytes())
    return project


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        with replacing(path) as unfinished:
            unfinished.write_bytes(content)


def described(manifest: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what the user's files say of each model (as schema.name) and of its columns, by dbt's manifest."""
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    own = [node for node in models if node["original_file_path"].startswith(f"models/{FOLDER}/")]
    return {
        f"{n['schema']}.{n['name']}": (n["description"], {c["name"]: c["description"] for c in n["columns"].values()})
        for n in own
    }
