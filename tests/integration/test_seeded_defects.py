"""For every expectation a warehouse with its defect, through the job's own steps: checks, gate and publication.

A real warehouse is made once and copied for each. One that must hold refuses the publication, names the rows, and what
was published stays; one that warns shows its rows, and the publication goes on. That a defect fails its own check and
no other is tested on single tables (test_expectations).
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from expectations import all_checks
from pipelines.definitions import defs
from pipelines.orchestration import checks
from pipelines.orchestration.check_results import stored
from pipelines.orchestration.triggers import JOB_NAME
from pipelines.settings import load_settings
from tests.workbench import Done, Workbench

PUBLISHED = dg.AssetKey(["published", "onrecord"])
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
"""The day after the sample's last."""
DAY = "DATE '2026-03-05'"
CHECKS = {check.name: check for check in all_checks()}


@pytest.fixture
def copy(sample: tuple[Workbench, Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Give a copy of the sample to break, which the job of this process works on."""
    sound, _ = sample
    left_out = shutil.ignore_patterns("earlier", "data_docs", ".dbt", ".dagster")
    shutil.copytree(sound.data, tmp_path / "data", ignore=left_out)
    for name, value in Workbench(tmp_path / "data", sound.env).environment().items():
        if name.startswith("ONRECORD_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setattr(checks, "utc_now", lambda: NOW)
    return Workbench(tmp_path / "data")


def publish(*names: str) -> dg.ExecuteInProcessResult:
    """Run these checks and the publication, as the job does."""
    chosen = {dg.AssetCheckKey(dg.AssetKey(CHECKS[name].table.split(".")), name) for name in names}
    job = defs.resolve_job_def(JOB_NAME).get_subset(asset_selection={PUBLISHED}, asset_check_selection=chosen)
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(
            instance=instance, raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )  # fmt: skip


def found(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    """Return what the one check of a run found."""
    (evaluation,) = result.get_asset_check_evaluations()
    return evaluation


def failures(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """Return the steps that failed, with what the person on duty reads."""
    steps = [event for event in result.all_events if event.is_step_failure]
    return {str(e.step_key): str(getattr(e.step_failure_data.user_failure_data, "description", "")) for e in steps}


# ------------------------------------------------------------------ the defects
@dataclass(frozen=True)
class Defect:
    """A defect of one relation.

    Attributes:
        check: Name of the check that has to find it.
        row: SELECT of the values by which the failing row is named, before the defect is there.
        sql: Statements that make it, with {0}, {1}, ... for these values.
        now: When it is checked.
    """

    check: str
    row: str
    sql: tuple[str, ...]
    now: datetime = NOW


def _in(relation: str, key: str, change: str, where: str = "TRUE") -> tuple[str, tuple[str, ...]]:
    """Return the first row of a relation, by a key, and the statement that changes it."""
    keys = [name.strip() for name in key.split(",")]
    found_by = " AND ".join(f"{name}::VARCHAR IS NOT DISTINCT FROM '{{{n}}}'" for n, name in enumerate(keys))
    return (
        f"SELECT {', '.join(f'{name}::VARCHAR' for name in keys)} FROM {relation} WHERE {where} "
        f"AND {' AND '.join(f'{name} IS NOT NULL' for name in keys)} ORDER BY ALL LIMIT 1",
        (f"UPDATE {relation} SET {change} WHERE {found_by}",),
    )


def _adds_up(mart: str, key: str, change: str = "n_statements = n_statements + 1") -> Defect:
    """Return the defect of a mart that counts one too many."""
    return Defect(f"{mart}_adds_up", *_in(f"mart.{mart}", key, change))


def _more(table: str, times: int, where: str = "TRUE", *, keep_version: bool = False) -> str:
    """Return the statement that adds rows like those of a table of facts; nothing else knows of them."""
    key = "statement_id" if table == "statement_facts" else "article_id"
    version = "" if keep_version else ", version_id || '-' || k AS version_id"
    return (
        f"INSERT INTO internal.{table} SELECT * EXCLUDE (k) REPLACE ({key} || '-' || k AS {key}{version}) "
        f"FROM internal.{table}, range({times}) AS copies(k) WHERE {where}"
    )


AN_OUTLET = (
    "SELECT max(outlet_name) FROM internal.version_facts JOIN internal.statement_facts USING (version_id, ingest_date) "
    f"WHERE ingest_date = {DAY} GROUP BY outlet_id ORDER BY count(*) DESC, 1 LIMIT 1"
)
BLOCKING = [
    # ---- evidence
    Defect("mentions_evidence", *_in("core.mentions", "mention_id", "surface = 'Nobody'")),
    Defect("quotes_evidence", *_in("core.quotes", "quote_id", "inner_start = inner_start + 1")),
    Defect("statement_spans_evidence", *_in("core.statement_spans", "statement_id", "char_end = char_end + 1")),
    Defect("sentences_within_text", *_in("core.sentences", "version_id", "char_end = 1000000")),
    Defect("sentences_do_not_overlap",
           *_in("core.sentences", "version_id", "char_start = 0", "sentence_no > 1")),
    Defect("version_sections_within_text", *_in(
        "internal.version_facts", "version_id",
        "sections = [{{'section': 'caption', 'char_start': 5, 'char_end': 5}}]")),
    Defect("version_headline_at_section", *_in(
        "internal.version_facts", "version_id", "headline = 'Another headline'",
        "list_contains(list_transform(sections, lambda s: s.section), 'headline')")),
    Defect("evidence_matches", *_in("mart.evidence", "statement_id", "text_at_offsets = 'other words'")),
    Defect("statements_have_content", "SELECT min(statement_id) FROM internal.statement_facts",
           ("DELETE FROM core.statement_spans WHERE statement_id = '{0}' AND span_kind = 'content'",)),
    Defect("statement_quotes_evidence",
           "SELECT statement_id, quote_id FROM internal.statement_quotes ORDER BY ALL LIMIT 1",
           ("DELETE FROM core.statement_spans WHERE statement_id = '{0}' AND span_kind = 'content'",)),
    *(Defect(f"{name}_evidence", *_in(f"internal.{name}", f"{column}, entity_id", "version_id = 'another'"))
      for name, column in (("mention_entities", "mention_id"), ("statement_entities", "statement_id"),
                           ("statement_target_entities", "statement_id"))),
    Defect("current_statements_point_at_text",
           *_in("mart.statements_current", "statement_id", "text_sha256 = 'another text'")),
    Defect("quote_uses_evidence", *_in("mart.quote_uses", "quote_id", "verbatim = 'never printed'")),
    # ---- what was met
    Defect("sightings_reconcile", *_in("ops.sightings", "sighting_id", "outcome = NULL")),
    Defect("quarantined_sightings_are_kept",
           "SELECT entity_id FROM ops.quarantine WHERE entity = 'record' ORDER BY 1 LIMIT 1",
           ("DELETE FROM ops.quarantine WHERE entity_id = '{0}'",)),
    Defect("parsed_sightings_have_version",
           *_in("ops.sightings", "sighting_id", "version_id = 'gone'", "outcome = 'parsed'")),
    Defect("sighting_bytes_are_kept", "SELECT sighting_id, raw_id FROM ops.sightings ORDER BY ALL LIMIT 1",
           ("DELETE FROM ops.raw_documents WHERE raw_id = '{1}'",)),
    Defect("versions_were_met", "SELECT min(version_id) FROM internal.version_facts",
           ("UPDATE ops.sightings SET outcome = 'duplicate' WHERE version_id = '{0}'",)),
    Defect("raw_documents_were_met", *_in("ops.raw_documents", "batch_id", "raw_id = 'never met'")),
    Defect("refused_records_are_refused",
           "SELECT quarantine_id, entity_id FROM ops.quarantine WHERE entity = 'record' ORDER BY ALL LIMIT 1",
           ("UPDATE ops.sightings SET outcome = 'ignored' WHERE sighting_id = '{1}'",)),
    Defect("source_rates_add_up", *_in("ops.source_rates", "source_name, ingest_date", "n_seen = n_seen - 1")),
    # ---- views on facts and state
    Defect("statements_are_all_there", "SELECT min(statement_id) FROM core.statements",
           ("DELETE FROM core.statements WHERE statement_id = '{0}'",)),
    Defect("entities_count_their_mentions", *_in("internal.entities", "entity_id", "n_mentions = n_mentions + 1")),
    Defect("statements_counted_once", "SELECT min(statement_id) FROM mart.statements_counted",
           ("INSERT INTO mart.statements_counted FROM mart.statements_counted WHERE statement_id = '{0}'",)),
    Defect("outlets_follow_versions", *_in("core.outlets", "outlet_id", "last_seen_on = last_seen_on - 1")),
    Defect("one_version_is_current", "SELECT article_id, version_id FROM internal.version_facts ORDER BY ALL LIMIT 1",
           ("UPDATE internal.version_state SET is_current = NOT is_current WHERE version_id = '{1}'",)),
    Defect("article_state_follows_versions",
           *_in("internal.article_state", "article_id", "current_version_id = 'another'")),
    Defect("articles_are_all_there", "SELECT min(article_id) FROM core.articles",
           ("DELETE FROM core.articles WHERE article_id = '{0}'",)),
    Defect("near_copies_are_one_story",
           "SELECT version_id, earlier_version_id, article_id FROM core.near_copies ORDER BY ALL LIMIT 1",
           ("DELETE FROM internal.story_groups WHERE article_id = '{2}'",)),
    Defect("stories_are_of_near_copies", "SELECT 'a-story'",
           ("INSERT INTO internal.story_groups SELECT min(article_id), '{0}' FROM core.articles "
            "WHERE near_dup_group IS NULL",)),
    Defect("wordings_are_printed", "SELECT min(cluster_id) FROM internal.quote_clusters",
           ("UPDATE internal.quote_clusters SET method = 'cut' WHERE cluster_id = '{0}'",)),
    Defect("entities_are_actors_that_stand",
           "SELECT min(actor_id), max(actor_id) FROM internal.entity_actors",
           ("UPDATE core.actors SET merged_into = '{1}' WHERE actor_id = '{0}'",)),
    Defect("actors_are_seen_on_their_days", *_in(
        "core.actors", "actor_id", "first_seen_on = last_seen_on + 1",
        "actor_id IN (SELECT actor_id FROM internal.entity_actors)")),
    Defect("aliases_are_printed", *_in("core.actor_aliases", "actor_id", "n_mentions = 1000")),
    Defect("roles_are_printed", *_in("core.actor_roles", "role_id", "n_articles = 1000")),
    Defect("corrections_hold", "SELECT min(statement_id) FROM core.statements",
           ("INSERT INTO internal.statement_overrides BY NAME SELECT '{0}' AS statement_id, 'somebody' AS actor_id, "
            f"{DAY} AS ingest_date, "
            "'a-correction' AS override_id",
            "DROP VIEW core.statements",
            "CREATE TABLE core.statements AS SELECT statement_id, 'another' AS speaker_actor_id, "
            "'name' AS attribution_method FROM internal.statement_facts")),
    Defect("speakers_agree",
           *_in("core.statements", "statement_id", "speaker_actor_id = 'another'", "speaker_actor_id IS NOT NULL")),
    Defect("targets_follow_entities", "SELECT min(statement_id) FROM core.statement_targets",
           ("DELETE FROM core.statement_targets WHERE statement_id = '{0}'",)),
    Defect("mention_links_follow_entities",
           "SELECT version_id, mention_id FROM core.mentions SEMI JOIN internal.mention_links USING (mention_id) "
           "ORDER BY ALL LIMIT 1",
           ("DELETE FROM internal.mention_links WHERE mention_id = '{1}'",)),
    # ---- marts
    _adds_up("speaker_counts", "speaker_actor_id"),
    _adds_up("share_of_voice", "outlet_id, speaker_actor_id"),
    _adds_up("outlet_counts", "outlet_id"),
    _adds_up("agency_share", "outlet_id"),
    _adds_up("voice_by_day", "on_date, speaker_actor_id"),
    _adds_up("outlet_diversity", "outlet_id"),
    _adds_up("voices_by_role", "outlet_id, speaker_type"),
    _adds_up("voices_by_gender", "outlet_id, on_date, speaker_gender"),
    _adds_up("voices_by_kind", "outlet_id, speaker_kind"),
    _adds_up("speech_acts_by_day", "on_date, cue_class"),
    _adds_up("anonymous_sources", "outlet_id, anonymity"),
    _adds_up("who_about_whom", "speaker_actor_id, target_kind"),
    _adds_up("attribution_gaps", "outlet_id"),
    Defect("actor_timeline_adds_up", "SELECT min(speaker_actor_id) FROM mart.actor_timeline",
           ("DELETE FROM mart.actor_timeline WHERE speaker_actor_id = '{0}'",)),
    _adds_up("right_of_reply", "statement_id, target_actor_id", "n_replies = n_replies + 1"),
    Defect("relay_chains_adds_up",
           "SELECT article_id, relay_kind FROM mart.relay_chains WHERE relay_kind = 'wire' ORDER BY ALL LIMIT 1",
           ("DELETE FROM mart.relay_chains WHERE article_id = '{0}' AND relay_kind = '{1}'",)),
    Defect("version_changes_adds_up",
           "SELECT min(version_id) FROM mart.version_changes WHERE subject = 'statement'",
           ("DELETE FROM mart.version_changes WHERE version_id = '{0}' AND subject = 'statement'",)),
    _adds_up("pipeline_coverage", "outlet_id, ingest_date", "n_articles = n_articles - 1"),
    Defect("quote_uses_adds_up", "SELECT min(version_id) FROM mart.quote_uses",
           ("INSERT INTO mart.quote_uses FROM mart.quote_uses WHERE version_id = '{0}'",)),
    _adds_up("quote_reuse", "quote_key", "n_uses = n_uses + 1"),
    _adds_up("first_seen_quotes", "quote_key", "published_on = published_on + 1"),
    _adds_up("quote_spread", "quote_key, outlet_id", "n_uses = n_uses + 1"),
]  # fmt: skip

WARNING = [
    Defect("versions_have_publication_day", "SELECT min(version_id) FROM internal.version_facts",
           ("UPDATE internal.version_facts SET published_on = NULL",)),
    Defect("versions_have_headline", "SELECT min(version_id) FROM internal.version_facts",
           ("UPDATE internal.version_facts SET headline = NULL, sections = []",)),
    Defect("statements_have_speaker", "SELECT min(statement_id) FROM internal.statement_facts",
           ("UPDATE internal.statement_rows SET speaker_actor_id = NULL",)),
    Defect("quotes_are_attributed", "SELECT min(quote_id) FROM core.quotes WHERE quote_kind IN ('speech', 'written')",
           ("UPDATE core.quotes SET attribution_method = 'none'",)),
    Defect("refusals_per_source", "SELECT min(source_name) FROM ops.sightings",
           ("UPDATE ops.sightings SET outcome = 'quarantined', outcome_reason = 'no_article'",)),
    Defect("quotes_have_one_speaker", *_in("mart.quote_reuse", "quote_key", "has_conflicting_attribution = TRUE",
                                           "n_words >= 8")),
    Defect("articles_are_fresh", "SELECT 'ingest_date=2026-03-05'", (), now=datetime(2026, 3, 8, 12, tzinfo=UTC)),
    Defect("articles_per_day", "SELECT '2026-03-05'", (_more("version_facts", 5, f"ingest_date < {DAY}"),)),
    Defect("statements_per_article", "SELECT '2026-03-05'",
           (_more("version_facts", 9), _more("statement_facts", 90, f"ingest_date < {DAY}"))),
    Defect("outlet_dates_jump", AN_OUTLET, (
        _more("version_facts", 29),
        f"UPDATE internal.version_facts SET published_on = if(ingest_date = {DAY}, NULL, ingest_date)")),
    Defect("outlet_unresolved_jump", AN_OUTLET, (
        "UPDATE internal.statement_facts SET source_kind = 'named_person', "
        f"speaker_entity_id = if(ingest_date = {DAY}, NULL, statement_id)",)),
    Defect("outlet_statements_per_article", AN_OUTLET, (
        _more("version_facts", 9), _more("statement_facts", 9, f"ingest_date < {DAY}", keep_version=True))),
    Defect("source_refusals_jump", f"SELECT min(source_name) FROM ops.source_rates WHERE ingest_date = {DAY}",
           ("UPDATE ops.source_rates SET n_new = 100, "
            f"n_quarantined = if(ingest_date = {DAY}, 60, 1)",)),
    Defect("source_fields_jump", f"SELECT min(source_name) FROM ops.source_rates WHERE ingest_date = {DAY}",
           (f"UPDATE ops.source_rates SET n_parsed = 100, n_no_url = if(ingest_date = {DAY}, 60, 1)",)),
    Defect("sources_are_not_silent", "SELECT 'a-source'",
           ("INSERT INTO ops.source_rates SELECT r.* REPLACE ('{0}' AS source_name, DATE '2026-02-01' - d::INT "
            "AS ingest_date) FROM (FROM ops.source_rates LIMIT 1) AS r, range(9) AS days(d)",)),
]  # fmt: skip


def seed(bench: Workbench, defect: Defect) -> list[str]:
    """Make a defect, and return what has to be named; a view that is changed becomes a table first."""
    with duckdb.connect(bench.data / "warehouse.duckdb") as con:
        con.execute("SET TimeZone = 'UTC'")
        row = con.execute(defect.row).fetchone()
        assert row
        assert None not in row, "there is no row to break"
        views = {f"{s}.{n}" for s, n in con.execute("SELECT schema_name, view_name FROM duckdb_views()").fetchall()}
        for statement in defect.sql:
            text = statement.format(*row)
            words = text.replace(" FROM ", " INTO ", 1).split() if text.startswith("DELETE") else text.split()
            changed = words[1] if words[0] == "UPDATE" else words[2]
            if changed in views and words[0] in ("UPDATE", "DELETE", "INSERT"):
                con.execute(f"CREATE TABLE made AS FROM {changed}")
                con.execute(f"DROP VIEW {changed}")
                con.execute(f"CREATE TABLE {changed} AS FROM made")
                con.execute("DROP TABLE made")
            con.execute(text)
            if words[0] in ("UPDATE", "DELETE", "INSERT"):
                assert con.fetchall() != [(0,)], f"the defect changed nothing: {text}"
    return [str(value) for value in row]


# ------------------------------------------------------------------ the tests
def test_every_expectation_has_its_defect() -> None:
    assert sorted(d.check for d in BLOCKING) == sorted(c.name for c in CHECKS.values() if c.severity == "block")
    assert sorted(d.check for d in WARNING) == sorted(c.name for c in CHECKS.values() if c.severity == "warn")


def test_the_sound_warehouse_passes_them_all_and_is_published(copy: Workbench) -> None:
    before = copy.published.stat()
    result = publish(*CHECKS)
    assert {e.check_name: e.description for e in result.get_asset_check_evaluations() if not e.passed} == {}
    assert result.success
    assert len(result.get_asset_check_evaluations()) == len(CHECKS)
    assert copy.published.stat().st_ino != before.st_ino


@pytest.mark.parametrize("defect", BLOCKING, ids=lambda d: d.check)
def test_a_defect_that_must_not_be_is_refused_with_its_rows_and_the_old_file_stays(
    copy: Workbench, defect: Defect
) -> None:
    named = seed(copy, defect)
    before = copy.published.read_bytes()
    result = publish(defect.check)
    evaluation = found(result)
    assert (evaluation.passed, evaluation.severity) == (False, dg.AssetCheckSeverity.ERROR)
    rows = json.dumps(evaluation.metadata["rows"].value)
    for value in named[: len(CHECKS[defect.check].ids)]:
        assert value in rows
    told = failures(result)
    assert set(told) == {"great_expectations"}, "the publication was not even begun"
    assert CHECKS[defect.check].table in told["great_expectations"]
    assert f"{defect.check}: " in told["great_expectations"]
    assert named[0] in told["great_expectations"]
    assert copy.published.read_bytes() == before
    assert copy.rows("SELECT count(*) > 300 FROM mart.statements_counted") == [(True,)], "and it is served"


@pytest.mark.parametrize("defect", WARNING, ids=lambda d: d.check)
def test_a_defect_that_warns_shows_its_rows_and_publication_goes_on(
    copy: Workbench, defect: Defect, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = seed(copy, defect)
    monkeypatch.setattr(checks, "utc_now", lambda: defect.now)
    before = copy.published.stat()
    result = publish(defect.check)
    evaluation = found(result)
    assert (evaluation.passed, evaluation.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert named[0] in str(evaluation.description) + json.dumps(evaluation.metadata["rows"].value)
    assert failures(result) == {}
    assert result.success
    assert copy.published.stat().st_ino != before.st_ino
    (row,) = copy.rows(
        "SELECT passed, severity, n_failed > 0, json_array_length(detail, 'rows') > 0 "
        f"FROM ops.check_results WHERE check_name = '{defect.check}'"
    )
    assert row == (False, "warn", True, True), "whoever reads the file sees it, too"


def test_what_was_refused_is_not_published_by_the_last_step_alone_either(copy: Workbench) -> None:
    seed(copy, BLOCKING[0])
    before = copy.published.read_bytes()
    assert not publish(BLOCKING[0].check).success
    told = failures(publish())
    assert told == {"published__onrecord": "1 blocking check did not hold: run the whole job"}
    assert copy.published.read_bytes() == before


def test_an_expectation_that_cannot_run_is_an_error_and_not_bad_data(copy: Workbench) -> None:
    with duckdb.connect(copy.data / "warehouse.duckdb") as con:
        con.execute("DROP TABLE internal.quote_clusters")
    result = publish("wordings_are_printed")
    evaluation = found(result)
    assert not evaluation.passed
    assert str(evaluation.description).startswith("could not be checked: ")
    assert evaluation.metadata["rows"].value == []
    assert set(failures(result)) == {"great_expectations"}


def test_some_checks_of_another_state_do_not_allow_a_publication(copy: Workbench) -> None:
    state = copy.data / "state" / "built.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"sql_views": "others"}))
    before = stored(load_settings())
    told = failures(publish("outlets_follow_versions"))
    assert "was not checked since it was built" in told["published__onrecord"]
    assert stored(load_settings()).equals(before)


def test_the_weekly_job_finds_what_broke_in_a_day_that_no_run_looks_at_any_more(copy: Workbench) -> None:
    first = "(SELECT min(ingest_date) FROM core.mentions)"
    with duckdb.connect(copy.data / "warehouse.duckdb") as con:
        for sql in (
            f"UPDATE core.mentions SET surface = 'Nobody' WHERE ingest_date = {first} AND mention_id = "
            f"(SELECT min(mention_id) FROM core.mentions WHERE ingest_date = {first})",
            f"INSERT INTO core.near_copies SELECT * FROM core.near_copies WHERE ingest_date > {first} LIMIT 1",
        ):
            assert con.execute(sql).fetchone() == (1,)
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("everything").execute_in_process(
            instance=instance, raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )  # fmt: skip
    (told,) = failures(result).values()
    heading, *lines = told.splitlines()
    assert heading == "what must hold of everything does not:"
    assert [line.split(":")[0].strip() for line in lines] == ["key_is_unique__near_copies", "core.mentions"]
    assert "mentions_evidence: 1 failed in " in told
