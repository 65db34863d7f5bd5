"""The dbt project on a tiny lake: days are replaced, nothing that stays needs the lake, broken rows stop the build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import Table, table, tables
from pipelines.contracts.docs import models
from pipelines.core.ids import mk_id, sha256_hex
from pipelines.orchestration.check_results import by_rule
from pipelines.orchestration.dbt import NOT_IN_PARTS, NOT_IN_RUNS
from tests import forked
from tests.workbench import ROOT

SQL = ROOT / "sql"
BUILT = (*models("core"), *models("internal"), *models("mart"), *models("ops"))
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
NO_UNIT_TESTS = ("--exclude", "test_type:unit")

Row = dict[str, Any]


@dataclass
class Lake:
    """A lake of made-up articles: rows by table and part, written as the pipeline writes them."""

    path: Path
    parts: dict[tuple[str, date], list[Row]] = field(default_factory=lambda: defaultdict(list))
    state: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table_name: str, day: date, **row: object) -> None:
        """Add one row to a day's part."""
        self.parts[table_name, day].append({"ingest_date": day, "batch_id": f"{day:%Y%m%d}T00", **row})

    def article(self, day: date, order: int, outlet: str, speaker: str, words: str, *, key: str | None = None) -> str:
        """Add an article of one sentence in which ``speaker`` says ``words``, with all that follows from it."""
        text = f"“{words},” {speaker} said."
        quoted, said = f"“{words},”", f"{speaker} said."
        article_id = mk_id("article", outlet, key or words)
        raw_id = sha256_hex(text + outlet)
        version_id = mk_id("version", article_id, raw_id)
        start = len(quoted) + 1
        mention_id = mk_id("mention", version_id, start, start + len(speaker))
        statement_id, quote_id = mk_id("statement", version_id, "0"), mk_id("quote", version_id, 0, len(quoted))
        entity_id, actor_id = mk_id("entity", version_id, "person", speaker), mk_id("actor", "person", speaker)
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        sentence: Row = {"version_id": version_id, "sentence_no": 0}
        by: Row = {"extraction_id": "e", "resolution_id": "r"}

        self.add("raw_documents", day, raw_id=raw_id, bytes=text.encode(), bytes_len=len(text.encode()),
                 media_type="text/plain", first_seen_at=moment)  # fmt: skip
        self.sighting(day, order, raw_id, version_id, "parsed")
        self.add("article_versions", day, version_id=version_id, article_id=article_id, raw_id=raw_id, text=text,
                 text_sha256=sha256_hex(text), n_chars=len(text), sections=[], authors=[], quality_flags=[],
                 is_retracted=False, published_on=day, published_precision="day", published_basis="metadata",
                 fetched_at=moment, parser_version="1", batch_order=order, outlet_id=mk_id("outlet", outlet),
                 outlet_name=outlet, outlet_domain=outlet, external_key=key or words)  # fmt: skip
        self.add("sentences", day, **sentence, paragraph_no=0, section="body", char_start=0, char_end=len(text))
        self.add("mentions", day, **sentence, mention_id=mention_id, char_start=start, char_end=start + len(speaker),
                 surface=speaker, mention_kind="name", **by)  # fmt: skip
        self.add("quotes", day, **sentence, quote_id=quote_id, char_start=0, char_end=len(quoted), inner_start=1,
                 inner_end=len(quoted) - 1, verbatim=quoted[1:-1], open_mark="“", close_mark="”", quote_kind="speech",
                 attribution_method="name", text_norm=words.lower(), canonical_quote_id=mk_id("cq", words.lower()),
                 n_words=len(words.split()), **by)  # fmt: skip
        self.add("statements", day, **sentence, statement_id=statement_id, section="body", depth=0,
                 statement_type="direct", source_kind="named_person", speaker_mention_id=mention_id,
                 attribution_method="name", span_confidence=0.9, is_attitude=False, cue_text="said", cue_lemma="say",
                 cue_class="say", polarity="asserted", content_text=words, content_norm=words.lower(),
                 stated_date_basis="none", tier="core", lineage_key=mk_id("line", article_id, words), **by)  # fmt: skip
        self.add("statement_spans", day, statement_id=statement_id, version_id=version_id, span_kind="cue", span_no=0,
                 char_start=len(text) - 5, char_end=len(text) - 1, span_text=said[-5:-1])  # fmt: skip
        self.add(
            "statement_quotes", day, version_id=version_id, statement_id=statement_id, quote_id=quote_id, part_no=0
        )
        self.add("entities", day, entity_id=entity_id, version_id=version_id, actor_type="person", name=speaker,
                 name_norm=speaker.lower(), basis="full_name", n_mentions=1, n_gender_for=0, n_gender_against=0,
                 **by)  # fmt: skip
        linked: Row = {"entity_id": entity_id, "version_id": version_id, "confidence": 0.9, "method": "name", **by}
        self.add("mention_entities", day, mention_id=mention_id, rank=1, **linked)
        self.add("statement_entities", day, statement_id=statement_id, speaker_rank=1, is_joint=False, **linked)
        self.state["entity_actors"].append(
            {"ingest_date": day, "entity_id": entity_id, "actor_id": actor_id, "confidence": 1.0, "method": "name"}
        )
        self.actor(actor_id, speaker, day)
        return version_id

    def sighting(
        self, day: date, order: int, raw_id: str, version_id: str | None, outcome: str, *, reason: str | None = None
    ) -> None:
        """Add a meeting with a record, and what became of it."""
        sighting_id = mk_id("sighting", str(day), order)
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        self.add("sightings", day, sighting_id=sighting_id, run_id="run", raw_id=raw_id, source_name="files",
                 source_uri=f"{order}.txt", seen_at=moment, is_unchanged=False)  # fmt: skip
        self.add("sighting_outcomes", day, sighting_id=sighting_id, outcome=outcome, outcome_reason=reason,
                 version_id=version_id, batch_order=order)  # fmt: skip

    def actor(self, actor_id: str, name: str, day: date) -> None:
        """Add an actor and its name, once."""
        if any(row["actor_id"] == actor_id for row in self.state["actors"]):
            return
        self.state["actors"].append({"actor_id": actor_id, "actor_type": "person", "canonical_name": name,
                                     "status": "provisional", "basis": "full_name", "first_seen_on": day,
                                     "last_seen_on": day, "n_gender_for": 0, "n_gender_against": 0})  # fmt: skip
        self.state["actor_aliases"].append({"actor_id": actor_id, "alias": name, "alias_norm": name.lower(),
                                            "alias_kind": "full_name", "source": "text", "is_ambiguous": False,
                                            "n_mentions": 1})  # fmt: skip

    def write(self) -> None:
        """Write every table anew: an empty part each, the parts of the days, and the state files."""
        shutil.rmtree(self.path, ignore_errors=True)
        for contract in tables("lake"):
            write(contract, [], self.path / contract.name / "empty.parquet")
        for contract in tables("state"):
            write(contract, self.state[contract.name], self.path / "state" / f"{contract.name}.parquet")
        for (name, day), rows in self.parts.items():
            write(table("lake", name), rows, part(self.path, name, day))


def part(lake: Path, name: str, day: date) -> Path:
    """Return where a day's part of a table lies."""
    return lake / name / f"ingest_date={day}" / f"{day:%Y%m%d}T00.parquet"


def write(contract: Table, rows: list[Row], path: Path) -> None:
    """Write rows as a Parquet file of the contract's shape; what a row does not name is NULL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    full = [{column.name: row.get(column.name) for column in contract.columns} for row in rows]
    contract.frame(full).write_parquet(path)


@dataclass(frozen=True)
class Warehouse:
    """A data folder with a lake, and dbt runs over it."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def lake(self) -> Path:
        return self.folder / "the lake [1]'s"  # a folder's name is no pattern and no SQL

    def dbt(self, *arguments: str, days: str = "every") -> subprocess.CompletedProcess[str]:
        """Run dbt as the pipeline does: one process, everything that it writes inside the data folder."""
        environment = {
            **os.environ,
            "ONRECORD_WAREHOUSE": str(self.file),
            "ONRECORD_LAKE": str(self.lake),
            "ONRECORD_DAYS": days,
            "DBT_LOG_PATH": str(self.folder / ".dbt" / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        target = str(self.folder / ".dbt" / "target")
        command = [*arguments, "--project-dir", str(SQL), "--profiles-dir", str(SQL), "--target-path", target]
        return forked.call(command, module="tests.dbt_command", env=environment, cwd=ROOT)

    def build(self, *arguments: str, days: str = "every") -> None:
        """Build, and fail with what dbt said if it did not succeed."""
        self._succeed("build", *arguments, days=days)

    def make(self, *arguments: str, days: str = "every") -> None:
        """Make the models without their tests, for what compares their rows."""
        self._succeed("run", "--no-write-json", *arguments, days=days)

    def _succeed(self, *arguments: str, days: str) -> None:
        result = self.dbt(*arguments, days=days)
        assert result.returncode == 0, result.stdout + result.stderr

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the answer to a query."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.sql(sql).fetchall()

    def contents(self) -> dict[str, list[str]]:
        """Return every row of every relation, as text and in order."""
        names = [f"{c.layer}.{c.name}" for c in BUILT]
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return {name: sorted(map(str, connection.sql(f"from {name}").fetchall())) for name in names}

    def failures(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rules that did not hold in the last run, each with the rows that its SQL finds."""
        target = self.folder / ".dbt" / "target"
        told, nodes = (json.loads((target / name).read_text()) for name in ("run_results.json", "manifest.json"))
        results = by_rule(told["results"], nodes["nodes"], self.file)
        failed = [result for result in results if result["status"] == "fail"]
        with duckdb.connect(str(self.file), read_only=True) as con:
            return {r["unique_id"].split(".")[2]: con.sql(r["compiled_code"]).pl().to_dicts() for r in failed}


def made_up_lake(path: Path) -> Lake:
    """Return a lake of three days: two outlets give the same words to two speakers, and a text comes back."""
    lake = Lake(path)
    first = lake.article(MONDAY, 0, "a.example", "Ana Ruiz", "We will not raise taxes")
    lake.article(MONDAY, 1, "b.example", "Bo Lund", "We will not raise taxes")
    lake.article(TUESDAY, 0, "a.example", "Ana Ruiz", "We may raise taxes", key="We will not raise taxes")
    lake.article(TUESDAY, 1, "b.example", "Bo Lund", "The bridge opens in the spring")
    lake.sighting(WEDNESDAY, 0, "raw", first, "duplicate", reason="known_text")
    lake.sighting(WEDNESDAY, 1, "raw", None, "quarantined", reason="empty")
    return lake


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Everything built once, with the unit tests of the models."""
    warehouse = Warehouse(tmp_path_factory.mktemp("data"))
    made_up_lake(warehouse.lake).write()
    warehouse.build()
    shutil.copytree(warehouse.lake, warehouse.folder / "saved lake")
    shutil.copy(warehouse.file, warehouse.folder / "saved.duckdb")
    return warehouse


@pytest.fixture
def warehouse(built: Warehouse) -> Iterator[Warehouse]:
    """The built warehouse, for a test that changes it; put back afterwards (in place: dbt parses again elsewhere)."""
    yield built
    shutil.rmtree(built.lake)
    shutil.copytree(built.folder / "saved lake", built.lake)
    shutil.copy(built.folder / "saved.duckdb", built.file)


def test_relations_have_the_columns_of_their_contracts_in_order(built: Warehouse) -> None:
    for contract in BUILT:
        described = built.rows(f"describe {contract.layer}.{contract.name}")
        assert [row[:2] for row in described] == [(c.name, c.duckdb) for c in contract.columns], contract.name


def test_marts_answer_from_the_lake(built: Warehouse) -> None:
    assert built.rows("select version_no, is_current from internal.version_state order by all") == [
        (1, True), (1, True), (1, True), (2, False),
    ]  # fmt: skip
    assert built.rows("select speaker, n_statements from mart.speaker_counts order by 1") == [
        ("Ana Ruiz", 1),
        ("Bo Lund", 2),
    ]
    assert built.rows("select speakers from mart.quote_reuse where has_conflicting_attribution") == [
        (["Ana Ruiz", "Bo Lund"],)
    ]
    assert built.rows("select count(*) from mart.evidence where not is_match") == [(0,)]


def test_every_relation_answers_without_the_lake_and_under_another_name(built: Warehouse, tmp_path: Path) -> None:
    moved = tmp_path / "moved.duckdb"
    shutil.copy(built.file, moved)
    away = built.lake.rename(tmp_path / "away")
    try:
        with duckdb.connect(str(moved), read_only=True) as connection:
            opened = {c.name: connection.sql(f"from {c.layer}.{c.name}").fetchall() for c in BUILT}
        with duckdb.connect() as connection:
            connection.execute(f"attach '{moved}' as other (read_only)")
            attached = {c.name: connection.sql(f"from other.{c.layer}.{c.name}").fetchall() for c in BUILT}
    finally:
        away.rename(built.lake)
    assert {name: len(rows) for name, rows in opened.items()} == {name: len(rows) for name, rows in attached.items()}
    assert len(opened["statements_counted"]) == 3


def test_the_docs_site_of_dbt_describes_every_column(built: Warehouse) -> None:
    result = built.dbt("docs", "generate", "--no-compile")
    assert result.returncode == 0, result.stdout + result.stderr
    target = built.folder / ".dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_text())["nodes"]
    catalog = json.loads((target / "catalog.json").read_text())["nodes"]
    for contract in BUILT:
        name = f"model.onrecord.{contract.name}"
        assert set(catalog[name]["columns"]) == {c.name for c in contract.columns}
        assert all(manifest[name]["columns"][c.name]["description"] for c in contract.columns)


def test_only_named_schemas_remain(built: Warehouse) -> None:
    found = {schema for (schema,) in built.rows("select distinct table_schema from information_schema.tables")}
    assert found == {"core", "internal", "mart", "ops"}


def test_a_run_replaces_its_days_and_reads_no_other(warehouse: Warehouse) -> None:
    lake = made_up_lake(warehouse.lake)
    lake.article(MONDAY, 2, "c.example", "Eve Oz", "A late piece of Monday")
    for name, day in list(lake.parts):
        if day == TUESDAY:
            del lake.parts[name, day]  # nothing is left of Tuesday
    gone = {row["entity_id"] for row in made_up_lake(warehouse.lake).parts["entities", TUESDAY]}
    lake.state["entity_actors"] = [row for row in lake.state["entity_actors"] if row["entity_id"] not in gone]
    lake.write()
    untouched = part(warehouse.lake, "sightings", WEDNESDAY)
    untouched.rename(untouched.with_suffix(".kept"))
    untouched.write_bytes(b"not to be opened")

    warehouse.build(*NO_UNIT_TESTS, days=f"{MONDAY},{TUESDAY}")
    assert warehouse.rows("select distinct ingest_date from internal.version_facts") == [(MONDAY,)]
    assert warehouse.rows("select ingest_date, count(*) from ops.sightings group by all order by all") == [
        (MONDAY, 3), (WEDNESDAY, 2),
    ]  # fmt: skip
    by_days = warehouse.contents()

    untouched.with_suffix(".kept").rename(untouched)
    warehouse.make("--full-refresh", days=f"{MONDAY}")
    assert warehouse.contents() == by_days


def test_a_new_warehouse_made_in_parts_is_the_same(warehouse: Warehouse) -> None:
    before = warehouse.contents()
    warehouse.file.unlink()
    warehouse.build("--exclude", *NOT_IN_PARTS.split(), days=str(MONDAY))
    assert warehouse.rows("select distinct ingest_date from internal.statement_rows") == [(MONDAY,)]
    warehouse.build("--exclude", *NOT_IN_RUNS.split(), days=f"{TUESDAY},{WEDNESDAY}")
    assert warehouse.contents() == before


def _another_actor(lake: Lake) -> None:
    lake.state["entity_actors"][0]["actor_id"] = mk_id("actor", "person", "Bo Lund")


def _a_merge(lake: Lake) -> None:
    lake.state["actors"][0]["merged_into"] = lake.state["actors"][1]["actor_id"]


def _another_name(lake: Lake) -> None:
    lake.state["actors"][0]["canonical_name"] = "Ana Ruiz Vega"


def _a_correction(lake: Lake) -> None:
    said = lake.parts["statements", MONDAY][1]["statement_id"]
    actor = lake.state["actors"][0]["actor_id"]
    lake.state["statement_overrides"].append(
        {"ingest_date": MONDAY, "statement_id": said, "actor_id": actor, "override_id": "o"}
    )


def _a_story(lake: Lake) -> None:
    articles = {row["article_id"] for row in lake.parts["article_versions", MONDAY]}
    lake.state["story_groups"] = [{"article_id": a, "near_dup_group": "g"} for a in sorted(articles)]


def _a_cluster(lake: Lake) -> None:
    wordings = sorted({row["canonical_quote_id"] for (name, _), rows in lake.parts.items() if name == "quotes"
                       for row in rows})  # fmt: skip
    lake.state["quote_clusters"] = [
        {"canonical_quote_id": w, "cluster_id": wordings[0], "similarity_to_head": 1.0, "method": "cut",
         "is_head": w == wordings[0]} for w in wordings
    ]  # fmt: skip


def _a_newer_text(lake: Lake) -> None:
    lake.article(WEDNESDAY, 2, "b.example", "Bo Lund", "The bridge stays shut", key="We will not raise taxes")


@pytest.mark.parametrize(
    "news", [_another_actor, _a_merge, _another_name, _a_correction, _a_story, _a_cluster, _a_newer_text],
    ids=lambda news: news.__name__.strip("_"),
)  # fmt: skip
def test_what_later_news_say_of_a_day_is_in_its_tables(warehouse: Warehouse, news: Callable[[Lake], None]) -> None:
    before = warehouse.contents()
    lake = made_up_lake(warehouse.lake)
    news(lake)
    lake.write()
    warehouse.make(days=str(WEDNESDAY))
    of_that_day = warehouse.contents()
    assert of_that_day != before
    warehouse.make("--full-refresh")
    assert {name for name, rows in warehouse.contents().items() if rows != of_that_day[name]} == set()


def test_only_days_whose_state_moved_are_made_again(warehouse: Warehouse) -> None:
    lake = made_up_lake(warehouse.lake)
    _another_actor(lake)  # of an entity of Monday
    lake.write()
    with duckdb.connect(str(warehouse.file)) as connection:  # what is made again loses this mark
        for name in ("statement_rows", "quote_rows"):
            connection.execute(f"update internal.{name} set headline = 'as it was'")
    warehouse.make(days="")
    for name in ("statement_rows", "quote_rows"):
        found = warehouse.rows(f"select distinct ingest_date, headline from internal.{name} order by all")
        assert found == [(MONDAY, None), (TUESDAY, "as it was")], name
    # A build that was cut off after the facts: the state of before is still noted, and the next one goes on.
    with duckdb.connect(str(warehouse.file)) as connection:
        connection.execute("update internal.built_days set state_id = 'older' where relation = 'internal.speaker_days'")
        connection.execute("update internal.speaker_days set n_statements = 77")
    warehouse.make(days="")
    assert warehouse.rows("select max(n_statements) from internal.speaker_days") == [(1,)]


def test_broken_rows_stop_the_build_and_are_named(warehouse: Warehouse) -> None:
    lake = made_up_lake(warehouse.lake)
    sentences = lake.parts["sentences", MONDAY]
    sentences.append(sentences[0])
    lake.parts["quotes", MONDAY][0]["version_id"] = "nowhere"
    lake.parts["entities", MONDAY][0]["actor_type"] = "animal"
    lake.parts["article_versions", MONDAY][0]["n_chars"] += 1
    lake.write()

    result = warehouse.dbt("build", *NO_UNIT_TESTS, days=str(MONDAY))
    assert result.returncode == 1
    failures = warehouse.failures()
    assert set(failures) == {
        "key_is_unique__sentences", "references_hold__quotes", "values_allowed__entities", "version_identities",
    }  # fmt: skip
    assert len(failures["key_is_unique__sentences"]) == 2
    assert failures["references_hold__quotes"][0]["broken_reference"] == "version_id"
    assert failures["values_allowed__entities"][0]["columns_with_unknown_values"] == ["actor_type"]
    assert failures["version_identities"][0]["broken_rule"] == "n_chars is the length of the text"


def test_a_day_that_cannot_be_inserted_is_not_deleted(warehouse: Warehouse) -> None:
    before = warehouse.rows("from core.sentences order by all")
    lake = made_up_lake(warehouse.lake)
    lake.parts["sentences", MONDAY][0]["section"] = None
    lake.write()
    assert warehouse.dbt("run", "--select", "sentences", days=str(MONDAY)).returncode == 1
    assert warehouse.rows("from core.sentences order by all") == before


def test_no_day_is_not_every_day(warehouse: Warehouse) -> None:
    before = warehouse.rows("from core.sentences order by all")
    lake = made_up_lake(warehouse.lake)
    lake.article(MONDAY, 2, "c.example", "Eve Oz", "A late piece of Monday")
    lake.write()
    assert warehouse.dbt("run", "--select", "sentences", days="").returncode == 0
    assert warehouse.rows("from core.sentences order by all") == before
    assert warehouse.dbt("run", "--select", "sentences", days="every").returncode == 0
    assert len(warehouse.rows("from core.sentences")) > len(before)


def test_a_day_is_written_as_a_day(warehouse: Warehouse) -> None:
    result = warehouse.dbt("run", "--select", "sentences", days="yesterday")
    assert result.returncode != 0
    assert "'yesterday' is not a day" in result.stdout
