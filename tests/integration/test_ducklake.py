"""Publications as snapshots of a DuckLake: equal to the file, whole for every reader, and gone when they are to be."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.bench.services import Postgres, postgres, postgres_programs
from pipelines.settings import Settings, SettingsError
from pipelines.storage.ducklake import expire_snapshots, open_snapshot, publish_snapshot
from pipelines.storage.extensions import literal
from pipelines.storage.object_paths import ObjectPath, forget_listings
from tests.conftest import History
from tests.integration.test_forget import FOLDED, SENTENCE, URL
from tests.object_store import BUCKET, Trouble, object_store
from tests.workbench import Workbench, good, refused

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("moto", "obstore", "duckdb_extension_ducklake"))
    or postgres_programs() is None,
    reason="the extra `cluster`, moto and a PostgreSQL server are not installed",
)
_RELATIONS = """
SELECT table_schema || '.' || table_name FROM information_schema.tables
WHERE table_catalog = ? AND table_schema IN ('core', 'internal', 'mart', 'ops') AND table_name <> 'stored_days'
ORDER BY 1
"""


@dataclass(frozen=True)
class Services:
    postgres: Postgres
    environment: dict[str, str]

    def settings(self, name: str, published: Path, user: str = "postgres") -> Settings:
        """Return the settings of a DuckLake of this name; it is made if there is none."""
        if not self.postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            self.postgres.sql(f"CREATE DATABASE {name}")
        catalog = self.postgres.libpq(name, user)
        return Settings(data_dir=published.parent.parent, ducklake=catalog, ducklake_data=f"s3://{BUCKET}/{name}")

    def allow_reading(self, name: str) -> None:
        self.postgres.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", name)


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with (
        postgres() as server,
        object_store(Trouble(failing=0.03)) as environment,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in environment.items():
            patch.setenv(name, value)
        server.sql("CREATE USER reader")
        yield Services(server, environment)


def hashes(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, tuple[int, int]]:
    """Return rows and a hash of every relation."""
    con.execute("SET TimeZone = 'UTC'") if catalog != "lake" else None
    found = {}
    for (name,) in con.execute(_RELATIONS, [catalog]).fetchall():
        (n, told) = con.execute(f"SELECT count(*), coalesce(sum(hash(r)::HUGEINT), 0) FROM {name} r").fetchall()[0]
        found[name] = (int(n), int(told))
    return found


def hashes_of_file(path: Path) -> dict[str, tuple[int, int]]:
    with duckdb.connect(path, read_only=True) as con:
        return hashes(con, path.stem)


def publication_of(path: Path) -> str:
    with duckdb.connect(path, read_only=True) as con:
        return str(con.execute("SELECT publication_id FROM ops.publication").fetchall()[0][0])


def test_a_snapshot_is_the_file_and_earlier_ones_stay(history: History, services: Services) -> None:
    first, second = (services.settings("twice", bench.published) for bench in (history.first, history.second))
    assert publish_snapshot(first) > 20
    n_written = publish_snapshot(second)
    assert publish_snapshot(second) == 0, "nothing differs"
    with open_snapshot(second) as con:  # type: ignore[union-attr]
        assert hashes(con, "lake") == hashes_of_file(second.published)
    with open_snapshot(second, publication_id=publication_of(first.published)) as con:  # type: ignore[union-attr]
        assert hashes(con, "lake") == hashes_of_file(first.published)
        (days,) = con.execute("SELECT count(*) FROM ops.stored_days").fetchall()[0]
    assert n_written < days, "the first day was not written again"
    assert open_snapshot(second, publication_id="another") is None


def test_readers_can_only_read_and_reach_nothing_else(history: History, services: Services, tmp_path: Path) -> None:
    writer = services.settings("readers", history.second.published)
    publish_snapshot(writer)
    services.allow_reading("readers")
    reader = services.settings("readers", tmp_path / "nowhere" / "onrecord.duckdb", user="reader")
    with open_snapshot(reader) as con:  # type: ignore[union-attr]
        assert con.execute("SELECT count(*) > 5 FROM core.statements").fetchone() == (True,)
        for sql in (
            "DELETE FROM core.quotes", "FROM read_text('/etc/hostname')", "SET enable_external_access = true",
            f"FROM read_parquet('s3://{BUCKET}/twice/snapshots/**')",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                con.execute(sql)
    with pytest.raises(duckdb.Error, match="permission denied"):
        publish_snapshot(reader.model_copy(update={"data_dir": writer.data_dir}))
    env = services.environment | {
        "ONRECORD_DUCKLAKE": str(reader.ducklake), "ONRECORD_DUCKLAKE_DATA": str(reader.ducklake_data),
    }  # fmt: skip
    onrecord = Workbench(tmp_path / "none", env)
    told = good(onrecord("query", "SELECT count(*) AS n FROM core.articles", "--format", "csv")).stdout
    assert told == good(history.second("query", "SELECT count(*) AS n FROM core.articles", "--format", "csv")).stdout
    assert "by parts of words" in good(onrecord("search", "weir")).stdout
    good(onrecord("export", "core.quotes", "--format", "parquet", "--output", tmp_path / "out"))
    assert pl.read_parquet(tmp_path / "out" / "core.quotes.parquet").height > 0


def tiny(path: Path, number: int) -> None:
    """Make a published file whose rows all say the number of the publication."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA ops; CREATE SCHEMA mart")
        con.execute(f"CREATE TABLE ops.publication AS SELECT '{number:06d}' AS publication_id, 2 AS contract_version")
        con.execute(
            f"CREATE TABLE core.said AS SELECT DATE '2026-03-01' + (range % 3)::INT AS ingest_date, {number} AS n "
            "FROM range(30)"
        )
        con.execute("CREATE VIEW mart.told AS SELECT min(n) AS least, max(n) AS most FROM core.said")


def test_readers_in_a_loop_see_one_publication_or_the_next(services: Services, tmp_path: Path) -> None:
    settings = services.settings("loop", tmp_path / "published" / "onrecord.duckdb")
    tiny(settings.published, 0)
    publish_snapshot(settings)
    services.allow_reading("loop")
    reader = services.settings("loop", settings.published, user="reader")
    seen, stop = [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            with open_snapshot(reader) as con:  # type: ignore[union-attr]
                (number,) = con.execute("SELECT publication_id::INT FROM ops.publication").fetchall()[0]
                seen.append((number, *con.execute("SELECT least, most FROM mart.told").fetchall()[0]))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 51):
            tiny(settings.published, number)
            publish_snapshot(settings)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert all(a == b == c for a, b, c in seen), seen
    assert len({number for number, _, _ in seen}) > 5


def test_a_publication_that_fails_leaves_the_one_before_also_over_a_restart(services: Services, tmp_path: Path) -> None:
    settings = services.settings("fails", tmp_path / "published" / "onrecord.duckdb")
    tiny(settings.published, 1)
    publish_snapshot(settings)
    with duckdb.connect(settings.published) as con:
        con.execute("UPDATE core.said SET n = 2; CREATE VIEW mart.broken AS SELECT random() AS x")
        con.execute("CREATE TABLE core.parts AS SELECT union_value(a := 1) AS x")  # it has no such type
    with pytest.raises(duckdb.Error):
        publish_snapshot(settings)
    services.postgres.stop()
    with pytest.raises(SettingsError, match="cannot be opened"):
        open_snapshot(settings)
    services.postgres.start()
    with open_snapshot(settings) as con:  # type: ignore[union-attr]
        assert con.execute("FROM mart.told").fetchall() == [(1, 1)]
    tiny(settings.published, 3)
    publish_snapshot(settings)
    with open_snapshot(settings) as con:  # type: ignore[union-attr]
        assert con.execute("FROM mart.told").fetchall() == [(3, 3)]


def test_what_is_expired_is_deleted_and_nothing_else(services: Services, tmp_path: Path) -> None:
    settings = services.settings("expired", tmp_path / "published" / "onrecord.duckdb")
    for number in range(4):
        tiny(settings.published, number)
        publish_snapshot(settings)
    assert expire_snapshots(settings, keep_earlier=1) > 0
    assert open_snapshot(settings, publication_id="000001") is None
    for kept in (2, 3):
        with open_snapshot(settings, publication_id=f"{kept:06d}") as con:  # type: ignore[union-attr]
            assert con.execute("FROM mart.told").fetchall() == [(kept, kept)]
    assert expire_snapshots(settings, keep_earlier=1) == 0


def test_no_object_and_no_row_of_the_catalog_holds_what_is_to_be_forgotten(
    history: History, services: Services, tmp_path: Path
) -> None:
    name = "forgets"
    settings = services.settings(name, history.first.published)
    publish_snapshot(settings)
    onrecord = history.copy(history.second, tmp_path).with_env(
        **services.environment, ONRECORD_DUCKLAKE=str(settings.ducklake),
        ONRECORD_DUCKLAKE_DATA=str(settings.ducklake_data),
    )  # fmt: skip
    assert _holders(services, name), "it is there before"
    good(onrecord("forget", URL, "--reason", "asked by the publisher"))
    assert _holders(services, name) == []
    assert "0" in good(onrecord("query", f"SELECT count(*) FROM core.articles WHERE url = '{URL}'")).stdout


def _holders(services: Services, name: str) -> list[str]:
    """Return what holds the sentence: objects, looked into as Parquet, and tables of the catalog."""
    forget_listings()
    found = []
    for key in ObjectPath.of(f"s3://{BUCKET}/{name}").listed():
        path = ObjectPath(BUCKET, key)
        text = path.read_bytes() + pl.read_parquet(path.read_bytes()).write_ndjson().encode()
        found += [key] * any(words.encode() in text for words in (SENTENCE, FOLDED))
    tables = services.postgres.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name).split()
    for table in tables:
        text = services.postgres.sql(f"SELECT * FROM {table}", name)
        found += [table] * any(words[:20] in text for words in (SENTENCE, FOLDED))
    return found


def test_a_catalog_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    env = {"ONRECORD_DUCKLAKE": "host=127.0.0.1 port=1 dbname=x", "ONRECORD_DUCKLAKE_DATA": str(tmp_path)}
    told = refused(Workbench(tmp_path / "none", env)("query", "SELECT 1"), 2)
    assert "cannot be opened" in told
    assert literal("a'b") == "'a''b'"
