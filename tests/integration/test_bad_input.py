"""Whatever is wrong with an input is told in one line and kept, and the rest goes on."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.conftest import History
from tests.news import N_DUPLICATE, N_IGNORED, N_MET, N_PARSED, REFUSED
from tests.workbench import quiet, refused


def test_the_run_ends_well_and_says_what_became_of_each_record(history: History) -> None:
    done = quiet(history.done["day1"])
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == (
        f"met {N_MET} records: {N_PARSED} parsed, {N_DUPLICATE} duplicate, "
        f"{len(REFUSED)} quarantined, {N_IGNORED} ignored"
    )


@pytest.mark.parametrize(("place", "why"), REFUSED.items(), ids=[f"{name} {number}" for name, number in REFUSED])
def test_each_refusal_is_one_line_that_names_the_record(
    history: History, place: tuple[str, int | None], why: tuple[str, str]
) -> None:
    (name, number), (stage, rule) = place, why
    told = [line for line in history.done["day1"].stdout.splitlines() if f"/{name}" in line]
    mine = [line for line in told if number is None or f"record {number}:" in line]
    assert len(mine) == 1, told
    assert mine[0].startswith(f"  refused at {stage}, {rule}: ")


def test_every_refusal_is_kept_with_its_reason(history: History) -> None:
    rows = history.first.rows("SELECT source_uri, record_no, stage, rule, detail, severity FROM ops.quarantine")
    found = {(str(uri).rsplit("/", 1)[1], number): (stage, rule) for uri, number, stage, rule, _, _ in rows}
    assert found == REFUSED
    assert all("\n" not in str(detail) for *_, detail, _ in rows)


def test_refused_bytes_are_kept_unless_they_were_never_read(history: History) -> None:
    unread = history.first.rows("SELECT DISTINCT rule FROM ops.quarantine WHERE raw_id IS NULL ORDER BY 1")
    assert unread == [("broken_gzip",), ("too_large",)]
    kept = history.first.rows("SELECT count(*) FROM ops.quarantine q JOIN ops.raw_documents USING (raw_id)")
    assert kept == [(5,)]


def test_every_record_is_accounted_for(history: History) -> None:
    (row,) = history.first.rows(
        "SELECT (SELECT sum(n_seen) FROM ops.pipeline_runs), count(*), count(DISTINCT sighting_id), count(outcome),"
        " count(*) FILTER (outcome = 'parsed'), count(*) FILTER (outcome = 'duplicate'),"
        " count(*) FILTER (outcome = 'quarantined'), count(*) FILTER (outcome = 'ignored') FROM ops.sightings"
    )
    assert row == (N_MET, N_MET, N_MET, N_MET, N_PARSED, N_DUPLICATE, len(REFUSED), N_IGNORED)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("foreign-cp1252.txt", "bread rose to 3 € – “a scandal”, Zoë Müller"),
        ("foreign-utf16.txt", "milk rose to 3 € – “a scandal”, Zoë Müller"),
        ("foreign-broken.txt", "salt rose to 3 € – “a scandal”, Zoë M\ufffdller"),
    ],
)
def test_a_text_in_another_coding_is_read_in_it(history: History, name: str, words: str) -> None:
    (row,) = history.first.rows(
        "SELECT v.text, v.quality_flags FROM ops.sightings s JOIN core.article_versions v USING (version_id) "
        f"WHERE ends_with(s.source_uri, '/{name}')"
    )
    assert words in str(row[0])
    assert ("\ufffd" in words) == ("repaired" in json.dumps(row[1]) or "encoding" in json.dumps(row[1]))


def test_the_records_round_a_bad_line_are_read(history: History) -> None:
    rows = history.first.rows(
        "SELECT source_uri, list(record_no ORDER BY record_no) FROM ops.sightings "
        "WHERE outcome = 'parsed' AND record_no IS NOT NULL GROUP BY ALL"
    )
    assert {str(uri).rsplit("/", 1)[1]: numbers for uri, numbers in rows} == {
        "talks.jsonl": [0, 3], "huge-line.jsonl": [0, 2],
    }  # fmt: skip


def test_a_refusal_met_again_is_not_kept_again(history: History) -> None:
    assert history.done["day1 again"].returncode == 0, history.done["day1 again"].stderr
    assert history.second.rows("SELECT count(*) FROM ops.quarantine") == [(len(REFUSED),)]


def test_the_bytes_of_a_refused_record_can_be_had_as_they_came(history: History) -> None:
    for name in ("list.html", "picture.txt"):
        ((raw_id,),) = history.first.rows(f"SELECT raw_id FROM ops.quarantine WHERE source_uri LIKE '%/{name}'")
        command = history.first.command("raw", str(raw_id))
        done = subprocess.run(command, env=history.first.environment(), capture_output=True, check=True, timeout=60)
        assert done.stdout == (history.news / "day1" / name).read_bytes()
    assert "no record has the raw_id" in refused(history.first("raw", "0"), 2)
