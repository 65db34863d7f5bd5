"""The made-up sample, taken in on one machine and on a cluster: `make cluster-demo`.

Belongs here: the services it needs, the two runs, what is broken on the way, and the comparison. Does not belong here:
starting a service (see `services`).

The cluster: PostgreSQL (Dagster's records, the run lock, the DuckLake's catalog), an S3 server (lake and snapshots),
two nodes of Ray. One node is killed while records are read, and PostgreSQL is restarted between two runs. Every service
is stopped in the end, also after a failure or Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import duckdb

from pipelines.bench.services import NotStartedError, Postgres, free_port, object_store, postgres, ray_node, stop
from pipelines.contracts import Layer, table
from pipelines.settings import PROJECT_ROOT, load_settings
from pipelines.storage.ducklake import open_snapshot

_SAMPLE = PROJECT_ROOT / "data" / "sample"
_LAYERS: tuple[Layer, ...] = ("core", "internal", "mart")
"""The schemas that follow from the records alone; ops also tells of the runs."""
_BUCKET = "demo"
_BATCH_RECORDS = "5"
"""So that the sample makes more batches than there are nodes."""


class DifferentError(Exception):
    """Tables are not the same; the message names them."""


def main() -> int:
    """Run the demo, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make cluster-demo", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="keep the folder with data and logs")
    kept = parser.parse_args().keep
    folder = Path(tempfile.mkdtemp(prefix="onrecord-cluster-"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        _demo(folder)
    except (NotStartedError, DifferentError, subprocess.CalledProcessError) as error:
        kept = True
        print(f"cluster-demo: {error}; data and logs: {folder}", file=sys.stderr)
        return 1
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _demo(folder: Path) -> None:
    own = {"ONRECORD_SOURCES_FILE": str(_SAMPLE / "sources.yaml"), "ONRECORD_BATCH_RECORDS": _BATCH_RECORDS}
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ONRECORD_", "DAGSTER_", "AWS_"))} | own
    one = clean | {"ONRECORD_DATA_DIR": str(folder / "one"), "ONRECORD_WORKERS": "1"}
    began = time.monotonic()
    for number in (1, 2, 3):
        _run(one, number, "--ingest-only")
    _run(one, 4)
    _say("one machine, one process, no service", began)
    with ExitStack() as services:
        began = time.monotonic()
        server = services.enter_context(postgres())
        store = services.enter_context(object_store(folder, _BUCKET))
        several = clean | store | _cluster_settings(folder / "several", server)
        head = free_port()
        services.enter_context(ray_node("ray-head", folder, head, several, is_head=True))
        second = services.enter_context(ray_node("ray-second", folder, head, several, is_head=False))
        several["ONRECORD_RAY_ADDRESS"] = f"127.0.0.1:{head}"
        _say("started PostgreSQL, S3 and two nodes of Ray", began)
        began = time.monotonic()
        for number in (1, 2, 3):
            _run(several, number, "--ingest-only")
        server.stop()
        server.start()
        _run(several, 4, lose=second)
        _say("cluster, a node killed meanwhile and PostgreSQL restarted", began)
        _compare(folder, several)
        print(f"records of runs in PostgreSQL: {server.sql('SELECT count(*) FROM runs', 'dagster').strip()}")
    print("stopped everything that was started")


def _cluster_settings(data: Path, server: Postgres) -> dict[str, str]:
    for database in ("dagster", "news"):
        server.sql(f"CREATE DATABASE {database}")
    server.sql("CREATE USER reader")
    return {
        "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "ONRECORD_DATA_DIR": str(data), "ONRECORD_ENGINE": "ray", "ONRECORD_LAKE": f"s3://{_BUCKET}/lake",
        "ONRECORD_POSTGRES": server.url("dagster"), "ONRECORD_DUCKLAKE": server.libpq("news"),
        "ONRECORD_DUCKLAKE_DATA": f"s3://{_BUCKET}/published",
    }  # fmt: skip


def _run(env: Mapping[str, str], number: int, *more: str, lose: subprocess.Popen[bytes] | None = None) -> None:
    """Take a day of the sample in; kill a node once records are being read."""
    command = [sys.executable, "-m", "pipelines.cli", "run", str(_SAMPLE / f"day{number}"), "--date",
               f"2026-03-0{number + 1}", *more]  # fmt: skip
    process = subprocess.Popen(
        command, env={**env, "COLUMNS": "100"}, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        if lose is not None and line.startswith("ingest:"):
            os.killpg(lose.pid, signal.SIGKILL)
            stop(lose)
            lose = None
    if process.wait() or lose is not None:
        raise DifferentError(f"onrecord run of day {number} failed:\n{''.join(lines[-15:])}")


def _compare(folder: Path, several: Mapping[str, str]) -> None:
    """Print how many tables are the same in both files and in the snapshot.

    Raises:
        DifferentError: some are not.
    """
    files = [folder / name / "published" / "onrecord.duckdb" for name in ("one", "several")]
    expected, found = (_of_file(path) for path in files)
    os.environ.update(several)
    con = open_snapshot(load_settings())
    if con is None:
        raise DifferentError("there is no snapshot in the DuckLake")
    with con:
        snapshot = hashes(con, "lake")
    for name, other in (("the published file", found), ("the DuckLake's snapshot", snapshot)):
        differ = sorted(relation for relation in expected if expected[relation] != other.get(relation))
        print(f"{name} of the cluster: {len(expected) - len(differ)} of {len(expected)} tables and views equal by hash")
        if differ:
            raise DifferentError(f"{name} differs in {', '.join(differ)}")


def _of_file(path: Path) -> dict[str, tuple[int, int]]:
    with duckdb.connect(path, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return hashes(con, path.stem)


def hashes(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, tuple[int, int]]:
    """Return rows and a hash of every relation of ours; order, clocks and runs do not count."""
    found = {}
    there = con.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ? ORDER BY ALL", [catalog]
    ).fetchall()
    for layer, name in there:
        if layer in _LAYERS:
            columns = ", ".join(f'"{c.name}"' for c in table(layer, name).columns if not c.volatile)
            sql = f"SELECT count(*), coalesce(sum(hash(r)::HUGEINT), 0) FROM (SELECT {columns} FROM {layer}.{name}) r"
            n_rows, told = con.execute(sql).fetchall()[0]
            found[f"{layer}.{name}"] = (int(n_rows), int(told))
    return found


def _say(what: str, began: float) -> None:
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
