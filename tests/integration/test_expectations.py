"""Great Expectations over a small warehouse: it passes as it is, and each defect fails its own check.

The warehouse is made from the column contracts, in plain tables also where the real one has views,
so that one table can be broken without the others following. It has what the checks of a day look at; those
that add up over all days, and what a defect leads to, are tested on a real one (test_seeded_defects).
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import polars as pl
import pytest

from expectations import CheckOutcome, all_checks, run_checks
from pipelines.contracts import Kind, tables
from pipelines.core.ids import sha256_hex

N_DAYS = 7
N_ARTICLES = 22
DAYS = [date(2026, 11, 15) + timedelta(days=i) for i in range(N_DAYS)]
DAY, TODAY = DAYS[-1], DAYS[-1] + timedelta(days=1)
HEADLINE, CONTENT = "Café to re-open", "the café would re-open 😀"
TEXT = f"{HEADLINE}\n\n“The place is ready,” Ana Ruiz said. She added that {CONTENT} soon."
TABLES = (
    "internal.version_facts", "internal.version_state", "core.article_versions", "core.sentences", "core.mentions",
    "core.quotes", "internal.statement_facts", "core.statements", "core.statement_spans", "internal.statement_quotes",
    "internal.statement_entities", "internal.statement_target_entities", "internal.entities",
    "internal.mention_entities",
    "core.near_copies", "internal.story_groups", "core.outlets", "ops.sightings", "ops.quarantine", "ops.raw_documents",
    "ops.source_rates", "mart.evidence", "mart.statements_current", "mart.statements_counted", "mart.speaker_counts",
)  # fmt: skip
BY_DAY = [check.name for check in all_checks() if not check.needs_all_days]
Row = dict[str, object]

_FILL: dict[Kind, object] = {
    "str": "x", "json": "{}", "int": 0, "bool": False, "float": 0.5, "date": DAY, "bytes": b"x", "strs": [],
    "instant": datetime(2026, 11, 15, 12, tzinfo=UTC), "sections": [], "ints": [], "counts": [],
}  # fmt: skip


def _span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def _article(day: date, i: int) -> Iterator[tuple[str, Row]]:
    """Give the rows of one article: one quote with a speaker, every fourth statement without one."""
    key = f"{day:%d}-{i:02}"
    base: Row = {"ingest_date": day, "batch_id": f"batch-{day:%d}", "version_id": f"v-{key}", "article_id": f"a-{key}",
                 "outlet_id": "o-herald"}  # fmt: skip
    start, end = _span(HEADLINE)
    version: Row = base | {
        "text": TEXT, "text_sha256": sha256_hex(TEXT), "n_chars": len(TEXT), "headline": HEADLINE,
        "raw_id": sha256_hex(key), "published_on": day,
        "sections": [{"section": "headline", "char_start": start, "char_end": end}], "is_current": True,
    }  # fmt: skip
    yield "internal.version_facts", version
    yield "core.article_versions", version
    yield "internal.version_state", version
    for n, words in enumerate((HEADLINE, "“The place is ready,” Ana Ruiz said.", f"She added that {CONTENT} soon.")):
        start, end = _span(words)
        yield "core.sentences", base | {"sentence_no": n, "char_start": start, "char_end": end}
    start, end = _span("Ana Ruiz")
    yield (
        "core.mentions",
        base | {"mention_id": f"m-{key}", "char_start": start, "char_end": end, "surface": "Ana Ruiz"},
    )
    entity: Row = base | {"entity_id": f"e-{key}", "mention_id": f"m-{key}", "statement_id": f"s-{key}"}
    yield "internal.entities", entity | {"n_mentions": 1}
    yield "internal.mention_entities", entity | {"rank": 1}
    yield "internal.statement_target_entities", entity
    start, end = _span("The place is ready,")
    yield "core.quotes", base | {
        "quote_id": f"q-{key}", "inner_start": start, "inner_end": end, "verbatim": TEXT[start:end],
        "quote_kind": "speech", "attribution_method": "name",
    }  # fmt: skip
    if i == 0:  # one statement with a quote in it, and one copy of another story
        yield "internal.statement_quotes", base | {"quote_id": f"q-{key}", "statement_id": f"s-{key}"}
        yield "core.statement_spans", base | {
            "statement_id": f"s-{key}", "span_kind": "content", "span_no": 1, "char_start": start, "char_end": end,
            "span_text": TEXT[start:end],
        }  # fmt: skip
        yield "core.near_copies", base | {
            "earlier_version_id": f"v-{day:%d}-01", "earlier_article_id": f"a-{day:%d}-01",
        }  # fmt: skip
    if i < 2:
        yield "internal.story_groups", base | {"near_dup_group": f"story-{day:%d}"}
    statement: Row = base | {
        "statement_id": f"s-{key}", "content_text": CONTENT, "is_counted": True, "text_sha256": sha256_hex(TEXT),
        "speaker_actor_id": None if i % 4 == 0 else f"actor-{i % 4}",
        "speaker_entity_id": None if i % 4 == 0 else f"e-{key}",
    }  # fmt: skip
    for name in ("internal.statement_facts", "core.statements", "mart.statements_current", "mart.statements_counted"):
        yield name, statement
    if i % 4:
        yield "internal.statement_entities", entity
    for kind, words in (("source", "She"), ("cue", "added"), ("content", CONTENT)):
        start, end = _span(words)
        span = statement | {"span_kind": kind, "char_start": start, "char_end": end, "span_text": words}
        yield "core.statement_spans", span
        yield "mart.evidence", span | {"text_at_offsets": words, "is_match": True}


def _batch(day: date) -> Iterator[tuple[str, Row]]:
    """Give the records met on a day: one per article, and one each that is known, refused and left out."""
    base: Row = {"ingest_date": day, "batch_id": f"batch-{day:%d}", "source_name": "wire"}
    outcomes = [("parsed", f"{day:%d}-{i:02}") for i in range(N_ARTICLES)]
    others = [("duplicate", "15-00"), ("quarantined", f"{day:%d}-bad"), ("ignored", f"{day:%d}-other")]
    for n, (outcome, key) in enumerate(outcomes + others):
        sighting: Row = base | {"sighting_id": f"g-{day:%d}-{n:02}", "record_no": n, "raw_id": sha256_hex(key)}
        version_id = f"v-{key}" if outcome in ("parsed", "duplicate") else None
        yield "ops.sightings", sighting | {"outcome": outcome, "version_id": version_id, "is_unchanged": False}
        if outcome != "duplicate":
            yield "ops.raw_documents", base | {"raw_id": sha256_hex(key)}
        if outcome == "quarantined":
            yield "ops.quarantine", base | {"entity": "record", "entity_id": sighting["sighting_id"]}
    counts = {"n_seen": N_ARTICLES + 3, "n_new": N_ARTICLES + 3, "n_parsed": N_ARTICLES, "n_duplicate": 1,
              "n_quarantined": 1, "n_ignored": 1, "n_no_date": 1, "n_no_author": 4}  # fmt: skip
    yield "ops.source_rates", base | counts


def _rows() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    for day in DAYS:
        for name, row in _batch(day):
            found[name].append(row)
        for i in range(N_ARTICLES):
            for name, row in _article(day, i):
                found[name].append(row)
    found["core.outlets"].append({"outlet_id": "o-herald", "name": "The Herald"})
    speakers = [row["speaker_actor_id"] for row in found["mart.statements_counted"]]
    for actor in sorted({str(speaker) for speaker in speakers if speaker}):
        found["mart.speaker_counts"].append(
            {"speaker_actor_id": actor, "speaker": "Ana Ruiz", "n_statements": speakers.count(actor), "n_excluded": 0}
        )
    return found


def build(path: Path) -> None:
    """Make the warehouse: every table of the contracts that checks read, columns filled where a row has none."""
    rows = _rows()
    with duckdb.connect(str(path)) as connection:
        for schema in ("core", "internal", "mart", "ops"):
            connection.sql(f"CREATE SCHEMA {schema}")
        for contract in tables():
            name = f"{contract.layer}.{contract.name}"
            if name not in TABLES:
                continue
            empty: Row = {c.name: None if c.nullable else _FILL[c.kind] for c in contract.columns}
            frame: pl.DataFrame = contract.frame([empty | {k: row[k] for k in row if k in empty} for row in rows[name]])
            columns = ", ".join(f'"{c.name}" {c.duckdb}' for c in contract.columns)
            connection.sql(f"CREATE TABLE {name} ({columns})")
            connection.register("incoming", frame.to_arrow())
            values = (
                f'map_from_entries("{c.name}")' if c.kind == "counts" else f'"{c.name}"' for c in contract.columns
            )
            connection.sql(f"INSERT INTO {name} SELECT {', '.join(values)} FROM incoming")


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("baseline") / "warehouse.duckdb"
    build(path)
    return path


@pytest.fixture
def warehouse(baseline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(baseline, tmp_path / "warehouse.duckdb"))


def _break(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
            assert statement.startswith(
                ("DROP", "CREATE", "DELETE FROM ops.source_rates")
            ) or connection.fetchall() != [(0,)], "the defect changed nothing"


def _failures(outcomes: list[CheckOutcome]) -> dict[str, CheckOutcome]:
    return {outcome.check_name: outcome for outcome in outcomes if not outcome.passed}


# ------------------------------------------------------------------ as it should be
@pytest.mark.parametrize("days", [[DAY], DAYS, None, []], ids=["a day", "all days", "everything", "no day"])
def test_a_sound_warehouse_passes_every_check(baseline: Path, days: list[date] | None) -> None:
    outcomes = run_checks(baseline, days, TODAY, only=BY_DAY)
    assert [o.check_name for o in outcomes] == BY_DAY
    assert [o.detail for o in outcomes if not o.passed] == []
    assert all(o.error is None and o.failed_rows == () and "\n" not in o.detail for o in outcomes)
    counted = {o.check_name: o.n_checked for o in outcomes}
    n_days = N_DAYS if days is None else len(days)
    assert counted["quotes_evidence"] == n_days * N_ARTICLES
    assert counted["sightings_reconcile"] == n_days * (N_ARTICLES + 3)


def test_the_file_is_free_again_and_unchanged(warehouse: Path) -> None:
    before = sha256_hex(warehouse.read_bytes())
    run_checks(warehouse, [DAY], TODAY, only=["quotes_evidence"])
    assert sha256_hex(warehouse.read_bytes()) == before
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("CREATE TABLE core.free AS SELECT 1")


# ------------------------------------------------------------------ one defect a check
@dataclass(frozen=True)
class Defect:
    check: str
    names: str
    statements: tuple[str, ...]
    today: date = TODAY
    with_docs: bool = False


K = f"{DAY:%d}-01"
_FEW = f"ingest_date = DATE '{DAY}'"
_EARLIER = f"ingest_date < DATE '{DAY}'"


def _refused(source: str, n_met: int, n_refused: int) -> tuple[str, ...]:
    """Return what makes the other tables agree with records "w-..." that were refused."""
    return (
        f"DELETE FROM ops.source_rates WHERE {_FEW} AND source_name = '{source}'",
        f"INSERT INTO ops.source_rates BY NAME SELECT * REPLACE ('{source}' AS source_name, {n_met} AS n_seen, "
        f"{n_met} AS n_new, {n_refused} AS n_quarantined, DATE '{DAY}' AS ingest_date) FROM ops.source_rates "
        f"WHERE source_name = 'wire' AND ingest_date = DATE '{DAYS[0]}'",
        "INSERT INTO ops.quarantine BY NAME SELECT 'record' AS entity, sighting_id AS entity_id, ingest_date "
        "FROM ops.sightings WHERE sighting_id LIKE 'w-%' AND outcome = 'quarantined'",
    )


BLOCKING = [
    Defect("mentions_evidence", f"m-{K}", (f"UPDATE core.mentions SET surface = 'Ana' WHERE mention_id = 'm-{K}'",)),
    Defect("quotes_evidence", f"q-{K}",
           (f"UPDATE core.quotes SET inner_start = 1, inner_end = 20 WHERE quote_id = 'q-{K}'",)),
    Defect("statement_spans_evidence", f"s-{K}",
           ("UPDATE core.statement_spans SET char_end = char_end + 1 "
            f"WHERE statement_id = 's-{K}' AND span_kind = 'cue'",)),
    Defect("sentences_within_text", f"v-{K}",
           (f"UPDATE core.sentences SET char_end = {len(TEXT) + 1} WHERE version_id = 'v-{K}' AND sentence_no = 2",)),
    Defect("sentences_do_not_overlap", f"v-{K}",
           (f"UPDATE core.sentences SET char_start = 0 WHERE version_id = 'v-{K}' AND sentence_no = 1",)),
    Defect("version_sections_within_text", f"v-{K}",
           ("UPDATE core.article_versions SET sections = list_append(sections, {'section': 'caption', 'char_start': 1, "
            f"'char_end': {len(TEXT) + 1}}}) WHERE version_id = 'v-{K}'",)),
    Defect("version_headline_at_section", f"v-{K}",
           ("UPDATE core.article_versions SET sections = [{'section': 'headline', 'char_start': 1, "
            f"'char_end': {len(HEADLINE) + 1}}}] WHERE version_id = 'v-{K}'",)),
    Defect("evidence_matches", f"s-{K}",
           ("UPDATE mart.evidence SET is_match = false, text_at_offsets = 'other words' "
            f"WHERE statement_id = 's-{K}' AND span_kind = 'content'",)),
    Defect("statements_have_content", f"s-{K}",
           (f"DELETE FROM core.statement_spans WHERE statement_id = 's-{K}' AND span_kind = 'content'",)),
    Defect("sightings_reconcile", f"g-{DAY:%d}-24",
           (f"UPDATE ops.sightings SET outcome = NULL WHERE sighting_id = 'g-{DAY:%d}-24'",)),
    Defect("quarantined_sightings_are_kept", f"g-{DAY:%d}-23",
           (f"DELETE FROM ops.quarantine WHERE entity_id = 'g-{DAY:%d}-23'",)),
    Defect("parsed_sightings_have_version", f"g-{DAY:%d}-22",
           (f"UPDATE ops.sightings SET outcome = 'parsed', version_id = NULL WHERE sighting_id = 'g-{DAY:%d}-22'",)),
    Defect("sighting_bytes_are_kept", f"g-{DAY:%d}-01",
           (f"DELETE FROM ops.raw_documents WHERE raw_id = '{sha256_hex(K)}'",)),
    Defect("statements_counted_once", f"s-{DAY:%d}-00",
           (f"INSERT INTO mart.statements_counted FROM mart.statements_counted WHERE statement_id = 's-{DAY:%d}-00'",)),
    Defect("statement_quotes_evidence", f"q-{DAY:%d}-00",
           ("UPDATE core.statement_spans SET char_start = 0, char_end = 4, span_text = 'Café' "
            f"WHERE statement_id = 's-{DAY:%d}-00' AND span_no = 1",)),
    Defect("mention_entities_evidence", f"m-{K}",
           ("INSERT INTO internal.mention_entities SELECT * REPLACE (2 AS rank, 'e-16-01' AS entity_id) "
            f"FROM internal.mention_entities WHERE mention_id = 'm-{K}'",)),
    Defect("statement_entities_evidence", f"s-{K}",
           (f"UPDATE internal.statement_entities SET version_id = 'v-{DAY:%d}-02' WHERE statement_id = 's-{K}'",)),
    Defect("statement_target_entities_evidence", f"s-{K}",
           (f"UPDATE internal.statement_target_entities SET entity_id = 'e-{DAY:%d}-02' "
            f"WHERE statement_id = 's-{K}'",)),
    Defect("current_statements_point_at_text", f"s-{K}",
           (f"UPDATE mart.statements_current SET article_id = 'a-{DAY:%d}-02' WHERE statement_id = 's-{K}'",)),
    Defect("versions_were_met", f"v-{DAY:%d}-made-up",
           (f"INSERT INTO internal.version_facts SELECT * REPLACE ('v-{DAY:%d}-made-up' AS version_id) "
            f"FROM internal.version_facts WHERE version_id = 'v-{K}'",)),
    Defect("raw_documents_were_met", "never-met",
           ("INSERT INTO ops.raw_documents SELECT * REPLACE ('never-met' AS raw_id) FROM ops.raw_documents "
            f"WHERE raw_id = '{sha256_hex(K)}'",)),
    Defect("refused_records_are_refused", f"g-{DAY:%d}-01",
           (f"INSERT INTO ops.quarantine SELECT * REPLACE ('g-{DAY:%d}-01' AS entity_id) FROM ops.quarantine "
            f"WHERE {_FEW}",)),
    Defect("source_rates_add_up", "wire", (f"UPDATE ops.source_rates SET n_seen = 7 WHERE {_FEW}",)),
    Defect("statements_are_all_there", f"s-{K}",
           (f"INSERT INTO core.statements FROM core.statements WHERE statement_id = 's-{K}'",)),
    Defect("entities_count_their_mentions", f"e-{K}",
           (f"UPDATE internal.entities SET n_mentions = 2 WHERE entity_id = 'e-{K}'",)),
    Defect("near_copies_are_one_story", f"a-{DAY:%d}-00",
           (f"UPDATE internal.story_groups SET near_dup_group = 'another' WHERE article_id = 'a-{DAY:%d}-00'",)),
]  # fmt: skip
WARNING = [
    Defect("versions_have_publication_day", f"v-{DAY:%d}-00",
           (f"UPDATE core.article_versions SET published_on = NULL WHERE {_FEW}",)),
    Defect("versions_have_headline", f"v-{DAY:%d}-00",
           (f"UPDATE core.article_versions SET headline = NULL, sections = [] WHERE {_FEW}",)),
    Defect("statements_have_speaker", f"s-{DAY:%d}-00",
           (f"UPDATE core.statements SET speaker_actor_id = NULL WHERE {_FEW}",)),
    Defect("quotes_are_attributed", f"q-{DAY:%d}-00",
           (f"UPDATE core.quotes SET attribution_method = 'none' WHERE {_FEW}",)),
    Defect("refusals_per_source", "web",
           ("INSERT INTO ops.sightings SELECT * REPLACE ('web' AS source_name, 'w-' || record_no AS sighting_id, "
            "if(record_no < 4, 'quarantined', 'ignored') AS outcome, NULL AS version_id, NULL AS raw_id) "
            f"FROM ops.sightings WHERE {_FEW} AND record_no < 12",
            *_refused("web", 12, 4))),
    Defect("outlet_dates_jump", "The Herald",
           (f"UPDATE internal.version_facts SET published_on = NULL WHERE {_FEW} AND version_id < 'v-{DAY:%d}-10'",)),
    Defect("outlet_unresolved_jump", "The Herald",
           (f"UPDATE internal.statement_facts SET speaker_entity_id = NULL WHERE {_FEW}",)),
    Defect("outlet_statements_per_article", "The Herald",
           (f"UPDATE internal.version_facts SET outlet_id = 'o-post' WHERE {_EARLIER} AND version_id[-2:] > '10'",
            "INSERT INTO internal.statement_facts "
            "SELECT * EXCLUDE (k) REPLACE (statement_id || '-' || k AS statement_id) "
            f"FROM internal.statement_facts, range(2) AS copies(k) WHERE {_EARLIER} AND version_id[-2:] <= '10'")),
    Defect("source_refusals_jump", "wire",
           (f"UPDATE ops.source_rates SET n_quarantined = 0, n_new = 1000 WHERE {_EARLIER}",
            "INSERT INTO ops.sightings SELECT * EXCLUDE (k) REPLACE ('w-' || k AS sighting_id) "
            f"FROM ops.sightings, range(4) AS copies(k) WHERE {_FEW} AND outcome = 'quarantined'",
            *_refused("wire", N_ARTICLES + 7, 5))),
    Defect("source_fields_jump", "no author", (f"UPDATE ops.source_rates SET n_no_author = 15 WHERE {_FEW}",)),
    Defect("sources_are_not_silent", "feed",
           ("INSERT INTO ops.source_rates SELECT * REPLACE ('feed' AS source_name, ingest_date - 6 AS ingest_date) "
            f"FROM ops.source_rates WHERE {_EARLIER}",)),
    Defect("articles_are_fresh", f"{DAY}", (), today=DAY + timedelta(days=3)),
    Defect("articles_per_day", f"{DAY}", tuple(
        f"INSERT INTO internal.{name} SELECT * REPLACE ({key}_id || '-' || k AS {key}_id{more}) "
        f"FROM internal.{name}, range(4) AS copies(k) WHERE {_EARLIER}".replace("SELECT * ", "SELECT * EXCLUDE (k) ")
        for name, key, more in (("version_facts", "version", ", article_id || '-' || k AS article_id"),
                                ("statement_facts", "statement", "")))),
    Defect("statements_per_article", f"{DAY}",
           ("UPDATE internal.version_facts SET outlet_id = version_id",  # else the outlet of all is judged, too
            "UPDATE mart.statements_current SET outlet_id = version_id",
            "INSERT INTO internal.statement_facts "
            "SELECT * EXCLUDE (k) REPLACE (statement_id || '-' || k AS statement_id) "
            f"FROM internal.statement_facts, range(2) AS copies(k) WHERE {_EARLIER}",)),
]  # fmt: skip


@pytest.mark.parametrize("defect", BLOCKING + WARNING, ids=lambda defect: defect.check)
def test_a_defect_fails_its_own_check_and_no_other(warehouse: Path, defect: Defect) -> None:
    _break(warehouse, *defect.statements)
    failures = _failures(run_checks(warehouse, [DAY], defect.today))
    assert set(failures) == {defect.check}, [outcome.detail for outcome in failures.values()]
    outcome = failures[defect.check]
    assert outcome.severity == ("block" if defect in BLOCKING else "warn")
    assert outcome.error is None
    assert outcome.n_checked
    assert outcome.n_failed
    assert any(defect.names in str(row.values()) for row in outcome.failed_rows)
    assert defect.names in outcome.detail
    assert "\n" not in outcome.detail


@pytest.mark.parametrize(
    ("was", "now", "warns"),
    [((0, 7), (7, 7), False), ((0, 60), (5, 10), True), ((2, 60), (3, 10), False), ((60, 600), (140, 1000), False),
     ((6, 600), (60, 600), True)],
    ids=["too few", "none before", "may be chance", "sure but small", "sure"],
)  # fmt: skip
def test_a_share_jumps_only_where_chance_cannot_explain_it(
    warehouse: Path, was: tuple[int, int], now: tuple[int, int], warns: bool
) -> None:
    _break(
        warehouse,
        "UPDATE ops.source_rates SET n_quarantined = 0, n_new = 0",
        f"UPDATE ops.source_rates SET n_quarantined = {was[0]}, n_new = {was[1]} WHERE ingest_date = DATE '{DAYS[2]}'",
        f"UPDATE ops.source_rates SET n_quarantined = {now[0]}, n_new = {now[1]} WHERE {_FEW}",
    )
    (outcome,) = run_checks(warehouse, [DAY], TODAY, only=["source_refusals_jump"])
    assert outcome.passed is not warns
    if warns:
        assert outcome.failed_rows[0] == {
            "source_name": "wire", "ingest_date": str(DAY), "what": "refused", "was": round(was[0] / was[1], 3),
            "now": round(now[0] / now[1], 3), "n_was": was[1], "n_now": now[1],
        }  # fmt: skip


@pytest.mark.parametrize(("silent_for", "warns"), [(8, False), (9, True)])
def test_a_source_is_silent_only_beyond_its_own_habit(warehouse: Path, silent_for: int, warns: bool) -> None:
    every_third_day = ", ".join(f"({(silent_for) + 3 * n})" for n in range(6))
    _break(
        warehouse,
        "INSERT INTO ops.source_rates SELECT s.* REPLACE ('slow' AS source_name, DATE '2026-11-22' - d AS ingest_date) "
        f"FROM (VALUES {every_third_day}) t(d), (FROM ops.source_rates LIMIT 1) s",
    )
    (outcome,) = run_checks(warehouse, [DAY], TODAY, only=["sources_are_not_silent"])
    assert outcome.passed is not warns
    assert warns == ("was_days=3, now_days=9" in outcome.detail)


def test_every_check_of_a_day_has_its_defect() -> None:
    assert sorted(d.check for d in BLOCKING + WARNING) == sorted(BY_DAY)


def test_what_adds_up_over_all_days_is_left_to_a_run_over_everything(warehouse: Path) -> None:
    _break(warehouse, "UPDATE mart.speaker_counts SET n_statements = 0")
    only = ["speaker_counts_adds_up"]
    (outcome,) = run_checks(warehouse, [DAY], TODAY, only=only)
    assert (outcome.passed, outcome.n_checked) == (True, 0)
    assert outcome.detail.startswith("not looked at in a run over some days")
    assert set(_failures(run_checks(warehouse, None, TODAY, only=only))) == set(only)


def test_only_the_days_of_the_run_are_looked_at(warehouse: Path) -> None:
    _break(warehouse, "UPDATE core.quotes SET verbatim = 'Never said.' WHERE quote_id = 'q-16-01'")
    only = ["quotes_evidence"]
    assert _failures(run_checks(warehouse, [DAY], TODAY, only=only)) == {}
    assert set(_failures(run_checks(warehouse, [DAYS[1], DAY], TODAY, only=only))) == set(only)
    assert set(_failures(run_checks(warehouse, None, TODAY, only=only))) == set(only)


def test_a_span_without_its_version_proves_nothing(warehouse: Path) -> None:
    _break(warehouse, f"DELETE FROM internal.version_facts WHERE version_id = 'v-{K}'")
    failures = _failures(run_checks(warehouse, [DAY], TODAY, only=["mentions_evidence", "sentences_within_text"]))
    assert failures["mentions_evidence"].failed_rows[0]["version_id"] == f"v-{K}"
    assert failures["sentences_within_text"].n_failed == 3


def test_a_statement_that_reaches_no_mart_or_an_old_one_that_does(warehouse: Path) -> None:
    _break(
        warehouse,
        f"DELETE FROM mart.statements_counted WHERE statement_id = 's-{K}'",
        f"UPDATE internal.version_state SET is_current = false WHERE version_id = 'v-{DAY:%d}-02'",
        f"DELETE FROM internal.version_state WHERE version_id = 'v-{DAY:%d}-03'",
    )
    (outcome,) = run_checks(warehouse, [DAY], TODAY, only=["statements_counted_once"])
    assert [row["statement_id"] for row in outcome.failed_rows] == [f"s-{DAY:%d}-0{i}" for i in (1, 2, 3)]


def test_a_headline_that_differs_in_marks_only_is_the_same(warehouse: Path) -> None:
    _break(warehouse, f"UPDATE core.article_versions SET headline = '“CAFÉ  to reopen”.' WHERE version_id = 'v-{K}'")
    assert _failures(run_checks(warehouse, [DAY], TODAY, only=["version_headline_at_section"])) == {}


def test_a_day_that_is_not_over_is_not_too_empty(warehouse: Path) -> None:
    _break(warehouse, *next(d for d in WARNING if d.check == "articles_per_day").statements)
    assert _failures(run_checks(warehouse, [DAY], DAY, only=["articles_per_day"])) == {}


def test_a_day_without_any_article_is_too_empty(baseline: Path) -> None:
    (outcome,) = run_checks(baseline, [TODAY], TODAY + timedelta(days=1), only=["articles_per_day"])
    assert outcome.failed_rows == (
        {"ingest_date": str(TODAY), "n_articles": None, "mean_before": 22.0, "n_days_before": 7},
    )


def test_a_share_of_a_handful_is_not_judged(warehouse: Path) -> None:
    _break(
        warehouse,
        f"DELETE FROM core.statements WHERE {_FEW} AND statement_id > 's-{DAY:%d}-10'",
        f"UPDATE core.statements SET speaker_actor_id = NULL WHERE {_FEW}",
    )
    (outcome,) = run_checks(warehouse, [DAY], TODAY, only=["statements_have_speaker"])
    assert outcome.passed
    assert outcome.detail == "11 rows: too few to judge a share (from 20 on)"


def test_an_empty_warehouse_is_not_fresh_and_nothing_else(warehouse: Path) -> None:
    _break(warehouse, *(f"DELETE FROM {name}" for name in TABLES))
    for days in ([DAY], None):
        assert set(_failures(run_checks(warehouse, days, TODAY, only=BY_DAY))) == {"articles_are_fresh"}


# ------------------------------------------------------------------ what cannot run
def test_a_crash_is_an_error_that_blocks_and_the_others_still_run(warehouse: Path) -> None:
    _break(warehouse, "DROP TABLE core.quotes", "DROP TABLE ops.quarantine")
    failures = _failures(run_checks(warehouse, [DAY], TODAY))
    of_quotes = {"quotes_evidence", "statement_quotes_evidence", "quotes_are_attributed"}
    of_refusals = {"quarantined_sightings_are_kept", "refused_records_are_refused", "sighting_bytes_are_kept"}
    assert set(failures) == of_quotes | of_refusals
    for outcome in failures.values():
        assert outcome.severity == "block"
        assert outcome.error
        assert "does not exist" in outcome.error
        assert outcome.detail.startswith("could not be checked: ")
        assert outcome.n_failed is None


def test_a_file_that_is_no_warehouse_is_an_error_of_every_check(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_text("not a database")
    outcomes = run_checks(path, [DAY], TODAY, only=["quotes_evidence", "articles_are_fresh"])
    assert [bool(outcome.error) for outcome in outcomes] == [True, True]


def test_wrong_arguments_are_said(baseline: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no warehouse to check"):
        run_checks(tmp_path / "gone.duckdb", [DAY], TODAY)
    with pytest.raises(ValueError, match="no check named nonsense"):
        run_checks(baseline, [DAY], TODAY, only=["nonsense"])


@pytest.mark.parametrize("name", ["with space", "100%25 $HOME #1?x=y", "naïve"])
def test_any_folder_name_will_do(baseline: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    path = Path(shutil.copy(baseline, tmp_path / name / "on record.duckdb"))
    (outcome,) = run_checks(path, [DAY], TODAY, only=["quotes_evidence"])
    assert outcome.passed, outcome.detail


# ------------------------------------------------------------------ docs, network, litter
class _Fetched(HTMLParser):
    """Collects what a page would fetch: the targets of scripts, links, images and frames."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "a"):
            self.found += [f"{tag} {value}" for _, value in attrs if value and value.startswith(("http", "//"))]
        if tag == "script":
            self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_docs_read_offline_and_name_what_failed(warehouse: Path, tmp_path: Path) -> None:
    _break(warehouse, *BLOCKING[1].statements)
    docs = tmp_path / "docs"
    for _ in range(2):  # the second build replaces the first
        run_checks(warehouse, [DAY], TODAY, docs_dir=docs)
    pages = sorted(docs.rglob("*.html"))
    for page in pages:
        parser = _Fetched()
        parser.feed(page.read_text(encoding="utf-8"))
        assert parser.found == [], page
        assert "url(http" not in page.read_text(encoding="utf-8")
    index = (docs / "index.html").read_text(encoding="utf-8")
    ran = [check for check in all_checks() if not check.needs_all_days]
    assert all(check.name in index for check in ran)
    assert f"q-{K}" in index
    linked = [part.split('"')[0] for part in index.split('href="')[1:]]
    assert len(linked) == len(ran)
    assert all((docs / target).is_file() for target in linked)
    assert len([page for page in pages if "validations" in page.parts]) == len(set(linked))
    assert {path.suffix for path in docs.rglob("*") if path.is_file()} == {".html"}


def test_nothing_is_sent_and_nothing_is_left_behind(
    baseline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    for name in ("home", "work", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    run_checks(baseline, [DAY], TODAY, docs_dir=tmp_path / "docs")
    assert [list((tmp_path / name).iterdir()) for name in ("home", "work", "tmp")] == [[], [], []]
    assert capfd.readouterr() == ("", "")
