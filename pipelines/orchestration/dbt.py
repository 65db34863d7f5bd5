"""dbt as Dagster sees it: the manifest, asset keys, descriptions, and how it is called.

Belongs here: the translation. Does not belong here: models (sql/), the asset itself (orchestration/assets/warehouse).
"""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource
from packaging.version import Version

from pipelines.contracts import tables
from pipelines.orchestration import own_models
from pipelines.orchestration.asset_specs import OWNERS, column_schema
from pipelines.orchestration.lineage import Lineage, column_lineage
from pipelines.settings import IS_CHECKOUT, SQL_DIR, Settings, load_settings
from pipelines.storage.atomic_files import replacing
from pipelines.storage.lake import Lake

MANIFEST = SQL_DIR / "target" / "manifest.json"
"""What dbt knows of the project: once a checkout, whatever the data folder; an installed package is not written to."""
_PARSED = "partial_parse.msgpack"
NOT_IN_RUNS = "test_type:unit tag:whole_warehouse"
"""Unit tests check the models and not the data, and keys of views and sums follow from those of their tables:
`make test` runs both, a run neither, so that a day costs a day; the weekly job runs the latter."""
NOT_IN_PARTS = f"{NOT_IN_RUNS} path:models/marts/state path:models/{own_models.FOLDER}"
"""The last part makes from everything what the others would only make for it to be made again."""
_ARTICLES_AT_ONCE = 100_000
"""So many are joined to state in the memory of a build; more would be spilled to the disk, many times as long."""
_DBT = Path(sys.executable).with_name("dbt")
_WAREHOUSE = "~/warehouse.duckdb"
"""The path that dbt is told, with the data folder as its home, so that it is the same for every data folder: dbt parses
everything again, for seconds, where the path is another than that for which it parsed last."""


class Dbt(DbtCliResource):
    """The dbt command, without two things that take seconds at every run and that nothing here needs.

    Its version is that of the installed package; the command would look up a registry to tell it. No adapter is
    loaded into this process: the command has its own.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None


class Translator(DagsterDbtTranslator):
    """Names an asset after its schema and model, as analysts do."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return ["core", "statements"] for core.statements; a source says its own key."""
        if dbt_resource_props["resource_type"] == "model":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Group by schema."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """All are the team's."""
        return OWNERS

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> dict[str, str]:
        """Say the layer, and whether it is filled day by day or made anew."""
        kind = dbt_resource_props["config"].get("materialized")
        if dbt_resource_props["resource_type"] != "model" or kind == "ephemeral":
            return {}
        tags = {"onrecord/layer": str(dbt_resource_props["schema"])}
        grows = {"incremental": "by_day", "table": "with_everything"}
        return tags | {"onrecord/grows": grows[kind]} if kind in grows else tags

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add what each column comes from, and the SQL in the editor."""
        metadata = {**super().get_metadata(dbt_resource_props)}
        schema, name = str(dbt_resource_props["schema"]), str(dbt_resource_props["name"])
        origins = self._lineage.get(f"{schema}.{name}")
        if origins:
            contract = next((t for t in tables(schema) if t.name == name), None)  # a user's own model may have none
            if contract is not None:
                metadata["dagster/column_schema"] = column_schema(contract, origins)
            metadata["dagster/column_lineage"] = dg.TableColumnLineage(
                {column: [_dependency(parent) for parent in parents] for column, parents in origins.items()}
            )
            sql = self._root / dbt_resource_props["original_file_path"]
            reference = dg.LocalFileCodeReference(file_path=str(sql), line_number=1, label=sql.name)
            metadata["dagster/code_references"] = dg.CodeReferencesMetadataValue(code_references=[reference])
        return metadata

    @cached_property
    def _root(self) -> Path:
        return _project()[0]

    @cached_property
    def _lineage(self) -> Lineage:
        path = manifest()
        return column_lineage(json.loads(path.read_text(encoding="utf-8")), path.with_name("lineage.json"))


def _dependency(column: str) -> dg.TableColumnDep:
    schema, name, of = column.split(".")
    return dg.TableColumnDep(dg.AssetKey([schema, name]), of)


def manifest() -> Path:
    """Return dbt's manifest, made anew if a file of the project is newer.

    Raises:
        RuntimeError: dbt cannot read the project; the message is dbt's own.
    """
    project, path = _project()
    made = path.stat().st_mtime if path.exists() else 0.0
    sources = [p for p in SQL_DIR.rglob("*") if p.suffix in {".sql", ".yml"} and "target" not in p.parts]
    if project != SQL_DIR:
        folders = [p for p in project.rglob("*") if p.is_dir() and "target" not in p.parts]  # a file may have gone
        sources = [*own_models.files(project), *folders]
    sources.append(Path(__file__))  # how it is called decides what is parsed, too
    if any(p.stat().st_mtime > made for p in sources):
        command = [str(_DBT), "--quiet", "parse", "--project-dir", str(project), "--profiles-dir", str(project)]
        path.parent.mkdir(parents=True, exist_ok=True)
        # In a folder of its own: another process may be reading the manifest, or making it too.
        with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
            began = time.time()
            parsed = path.with_name(_PARSED)
            if parsed.exists():
                shutil.copy(parsed, folder)  # what dbt knows already, so that it parses what is new
            environment = {
                **os.environ,
                "ONRECORD_WAREHOUSE": _WAREHOUSE,
                "DBT_TARGET_PATH": folder,
                "DBT_LOG_PATH": folder,
            }
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                raise RuntimeError(f"dbt cannot read {project}: {done.stdout.strip()} {done.stderr.strip()}")
            for kept in (parsed, path):
                with replacing(kept) as unfinished:
                    shutil.copyfile(Path(folder) / kept.name, unfinished)
                    os.utime(unfinished, (began, began))  # a file that was changed meanwhile is newer
    return path


def _project() -> tuple[Path, Path]:
    """Return the folder of the dbt project, with a user's own models if there are any, and where its manifest lies."""
    settings = load_settings()
    if own_models.own_folder(settings) is None:
        return SQL_DIR, MANIFEST if IS_CHECKOUT else _manifest_of_a_wheel(settings)
    project = own_models.assembled(settings)
    return project, project / "target" / "manifest.json"


def _manifest_of_a_wheel(settings: Settings) -> Path:
    """Return where its manifest lies: named by contents, since files of a wheel may be as old as they please."""
    return settings.dbt_dir / f"manifest-{own_models.files_sha256(SQL_DIR)[:12]}" / MANIFEST.name


def relations() -> set[str]:
    """Return every model that leaves a relation in the warehouse, as schema.name."""
    nodes = json.loads(manifest().read_text(encoding="utf-8"))["nodes"].values()
    return {f"{n['schema']}.{n['name']}" for n in nodes if n["resource_type"] == "model"}


def own_descriptions() -> dict[str, tuple[str, dict[str, str]]]:
    """Return what a user's own models and their columns are, by their files."""
    if own_models.own_folder() is None:
        return {}
    return own_models.described(json.loads(manifest().read_text(encoding="utf-8")))


def resource() -> DbtCliResource:
    """Return the dbt command on this project."""
    project, _ = _project()
    return Dbt(project_dir=str(project), profiles_dir=str(project), dbt_executable=str(_DBT))


def target(settings: Settings, name: str) -> Path:
    """Return the folder for what dbt writes of one kind of call, without the results of the call before.

    dbt may stop before it writes its own; those of another day must not be taken for them.
    """
    folder = settings.dbt_dir / name
    (folder / "run_results.json").unlink(missing_ok=True)
    return folder


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


@contextmanager
def environment(settings: Settings, days: list[str] | None) -> Iterator[None]:
    """Set what the dbt project reads: where things lie, and the days to replace (or to test); None: every day."""
    values = {
        "HOME": str(settings.warehouse.parent),
        "PYTHONUSERBASE": site.getuserbase(),  # where Python looks for packages below the home
        "ONRECORD_WAREHOUSE": _WAREHOUSE,
        "ONRECORD_LAKE": str(settings.lake_dir),
        "ONRECORD_DAYS": "every" if days is None else ",".join(days),
        "ONRECORD_BUILD_MEMORY": settings.build_memory,
        "DBT_LOG_PATH": str(settings.dbt_dir / "logs"),
        "DBT_LOG_LEVEL_FILE": "info",  # at "debug" it writes megabytes a run, which takes a second
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
