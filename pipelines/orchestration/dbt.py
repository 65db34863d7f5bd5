"""The dbt project: what dbt makes of it, which is kept, and what it is told.

Covers the manifest, parts and days and the environment. For models, see sql/; for calling dbt, see dbt_call; for what
Dagster shows of it, see dbt_assets.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipelines.orchestration import own_models
from pipelines.settings import IS_CHECKOUT, SQL_DIR, Settings, load_settings
from pipelines.storage.atomic_files import replacing
from pipelines.storage.lake import Lake

MANIFEST = SQL_DIR / "target" / "manifest.json"
"""What dbt knows of the project: once a checkout, whatever the data folder; an installed package is not written to."""
PARSED = "partial_parse.msgpack"
"""What dbt reads of it, beside the manifest."""
NOT_IN_RUNS = "test_type:unit tag:whole_warehouse"
"""Unit tests check the models and not the data, and keys of views and sums follow from those of their tables:
`make test` runs both, a run neither, so that a day costs a day; the weekly job runs the latter."""
NOT_IN_PARTS = f"{NOT_IN_RUNS} path:models/marts/state path:models/{own_models.FOLDER}"
"""The last part makes from everything what the others would only make for it to be made again."""
_ARTICLES_AT_ONCE = 100_000
"""So many are joined to state in the memory of a build; more would be spilled to the disk, many times as long."""
_DBT = Path(sys.executable).with_name("dbt")
_WAREHOUSE = "warehouse.duckdb"
"""The path that dbt is told when it parses; it does not open it. The file's name stands in what it makes of that."""


def prepare() -> None:
    """Let dbt read the project, if a file of it is newer than what dbt knows of it, or dbt itself is.

    Raises:
        RuntimeError: dbt cannot read the project; the message is dbt's own.
    """
    root, path = project()
    made = path.stat().st_mtime if path.exists() else 0.0
    if not any(p.stat().st_mtime > made for p in _read_by_dbt(root)):
        return
    command = [str(_DBT), "--quiet", "parse", "--project-dir", str(root), "--profiles-dir", str(root)]
    path.parent.mkdir(parents=True, exist_ok=True)
    # In a folder of its own: another process may be reading the manifest, or making it too.
    with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        began = time.time()
        parsed = path.with_name(PARSED)
        if parsed.exists():
            shutil.copy(parsed, folder)  # what dbt knows already, so that it parses what is new
        told = {**os.environ, "ONRECORD_WAREHOUSE": _WAREHOUSE, "DBT_TARGET_PATH": folder, "DBT_LOG_PATH": folder}
        done = subprocess.run(command, capture_output=True, text=True, env=told, check=False)
        if done.returncode:
            raise RuntimeError(f"dbt cannot read {root}: {done.stdout.strip()} {done.stderr.strip()}")
        for kept in (parsed, path):
            with replacing(kept) as unfinished:
                shutil.copyfile(Path(folder) / kept.name, unfinished)
                os.utime(unfinished, (began, began))  # a file that was changed meanwhile is newer


def _read_by_dbt(root: Path) -> Iterator[Path]:
    """Yield what decides what dbt knows: the files of the project, how it is called, and dbt."""
    yield from (p for p in SQL_DIR.rglob("*") if p.suffix in {".sql", ".yml"} and "target" not in p.parts)
    if root != SQL_DIR:
        yield from own_models.files(root)
        yield from (p for p in root.rglob("*") if p.is_dir() and "target" not in p.parts)  # a file may have gone
    yield Path(__file__)
    installed = find_spec("dbt.version")
    if installed is not None and installed.origin:
        yield Path(installed.origin)


def manifest() -> dict[str, Any]:
    """Return dbt's manifest as it was last made: whoever loads the definitions waits for no dbt.

    Raises:
        RuntimeError: dbt has not read the project yet.
    """
    _, path = project()
    if not path.exists():
        raise RuntimeError("dbt has not read its project yet: python -m pipelines.orchestration.dbt does that")
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _loaded(path: Path, _: int) -> dict[str, Any]:
    return dict(json.loads(path.read_bytes()))


def project() -> tuple[Path, Path]:
    """Return the folder of the dbt project, with a user's own models if there are any, and where its manifest lies."""
    settings = load_settings()
    if own_models.own_folder(settings) is None:
        return SQL_DIR, MANIFEST if IS_CHECKOUT else _manifest_of_a_wheel(settings)
    root = own_models.assembled(settings)
    return root, root / "target" / MANIFEST.name


def _manifest_of_a_wheel(settings: Settings) -> Path:
    """Return where its manifest lies: named by contents, since files of a wheel may be as old as they please."""
    return settings.dbt_dir / f"manifest-{own_models.files_sha256(SQL_DIR)[:12]}" / MANIFEST.name


def relations() -> set[str]:
    """Return every model that leaves a relation in the warehouse, as schema.name."""
    nodes = manifest()["nodes"].values()
    return {f"{n['schema']}.{n['name']}" for n in nodes if n["resource_type"] == "model"}


def own_descriptions() -> dict[str, tuple[str, dict[str, str]]]:
    """Return what a user's own models and their columns are, by their files."""
    if own_models.own_folder() is None:
        return {}
    return own_models.described(manifest())


def parts(lake: Lake, days: Sequence[date]) -> list[list[date]]:
    """Return the days of a new warehouse in the parts in which it is built; a day stays whole."""
    n_articles: Counter[date] = Counter()
    for batch in lake.batches(days):
        n_articles[batch.day] += lake.n_rows("article_versions", [batch])
    found: list[list[date]] = [[]]
    size = 0
    for day in sorted(days):
        size += n_articles[day]
        if found[-1] and size > _ARTICLES_AT_ONCE:
            found.append([])
            size = n_articles[day]
        found[-1].append(day)
    return found


def environment(settings: Settings, days: Sequence[date] | None) -> dict[str, str]:
    """Return what the dbt project reads: where things lie, and the days to replace (or to test); None: every day."""
    return {
        "ONRECORD_WAREHOUSE": str(settings.warehouse),
        "ONRECORD_LAKE": str(settings.lake_dir),
        "ONRECORD_DAYS": "every" if days is None else ",".join(day.isoformat() for day in days),
        "ONRECORD_BUILD_MEMORY": settings.build_memory,
        "DBT_LOG_LEVEL_FILE": "info",  # at "debug" it writes megabytes a run, which takes a second
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


if __name__ == "__main__":
    prepare()
