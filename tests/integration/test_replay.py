"""Refused records come through after a fix, at the cost of their batches; a later success is visible."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workbench import Workbench, contents, good, refused

SOURCES = 'sources: [{{name: wire, paths: "wire/*", outlet: The Wire, fields: {{text: {text}}}}}]\n'
QUOTE = "“The ferry will stop in June,” Tomas Arden, the director of Arden Lines, said on Monday."


def line(number: int, field: str) -> str:
    return json.dumps({"id": str(number), "title": f"Part {number}", field: f"{QUOTE}\n\nIt was talk number {number}."})


@pytest.fixture(scope="module")
def onrecord(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Two days, with refusals of three kinds on the first: other fields, a broken line, a file that is too large."""
    folder = tmp_path_factory.mktemp("replay")
    onrecord = Workbench(folder / "data")
    wire = onrecord.data / "wire"
    wire.mkdir(parents=True)
    (onrecord.data / "sources.yaml").write_text(SOURCES.format(text="story"), encoding="utf-8")
    (wire / "a.jsonl").write_text(
        "\n".join([line(0, "story"), line(1, "body_text"), '{"id": "2"', line(3, "body_text")])
    )
    (folder / "long.txt").write_text("A long talk\n\n" + f"{QUOTE}\n\n" * 40, encoding="utf-8")
    (folder / "short.txt").write_text(f"A short talk\n\n{QUOTE}\n", encoding="utf-8")
    good(
        onrecord("run", wire, folder / "long.txt", "--date", "2026-03-02", env={"ONRECORD_MAX_DOCUMENT_BYTES": "2000"})
    )
    good(onrecord("run", folder / "short.txt", "--date", "2026-03-03"))
    return onrecord


def test_replay(onrecord: Workbench) -> None:
    open_ones = "SELECT rule, count(*) FROM ops.open_refusals GROUP BY 1 ORDER BY 1"
    assert onrecord.rows(open_ones) == [("malformed_json", 1), ("missing_field", 2), ("too_large", 1)]
    assert onrecord.rows("SELECT DISTINCT source_name FROM ops.open_refusals ORDER BY 1") == [("files",), ("wire",)]

    # Nothing was fixed: nothing is built, and the reasons are told.
    before = onrecord.published.stat()
    done = good(onrecord("replay", "--source", "wire", "--since", "2026-03-02"))
    assert done.stdout.splitlines()[0] == "replayed 3 refusals: 0 came through, 3 are refused"
    assert "still refused, missing_field: 2, for example: The object has no" in done.stdout
    assert "still refused, malformed_json: 1" in done.stdout
    assert (done.stderr, onrecord.published.stat()) == ("", before)

    # The settings were fixed: the batch of these refusals is read again, the other day is not touched.
    (onrecord.data / "sources.yaml").write_text(SOURCES.format(text="body_text"), encoding="utf-8")
    old = onrecord.rows("SELECT version_id FROM core.version_facts WHERE outlet_name <> 'The Wire'")
    done = good(onrecord("replay", "--rule", "missing_field"))
    assert done.stdout.splitlines()[-1] == "replayed 2 refusals: 2 came through, 0 are refused"
    assert "parse: 5 records in" in done.stderr
    assert "wire: reading again: " in done.stderr
    assert onrecord.rows("SELECT count(*) FROM core.article_versions WHERE headline IN ('Part 1', 'Part 3')") == [(2,)]
    assert set(old) <= set(onrecord.rows("SELECT version_id FROM core.version_facts"))
    assert onrecord.rows("SELECT rule, count(*), count(resolved_at) FROM ops.quarantine GROUP BY 1 ORDER BY 1") == [
        ("malformed_json", 1, 0),
        ("missing_field", 3, 2),
        ("too_large", 1, 0),
    ], "record 0 has no such field now"
    came = onrecord.rows("SELECT n_changes FROM ops.reprocessing WHERE what = 'version' AND effect = 'came'")
    assert came == [(2,)]
    assert good(onrecord("run", onrecord.data.parent / "short.txt", "--date", "2026-03-03")).stdout.endswith(
        "nothing new: nothing was built\n"
    )

    # A record that was refused unread is met again at its place.
    done = good(onrecord("replay", "--rule", "too_large"))
    assert done.stdout.splitlines()[-1] == "replayed 1 refusals: 1 came through, 0 are refused"
    assert ("too_large", 1) not in onrecord.rows(open_ones)
    assert onrecord.rows("SELECT count(*) FROM core.article_versions WHERE headline = 'A long talk'") == [(1,)]

    # A rebuild from the raw documents gives the same, and keeps what was refused once.
    after, kept = contents(onrecord.published), onrecord.rows("SELECT count(resolved_at) FROM ops.quarantine")
    good(onrecord("rebuild"))
    assert contents(onrecord.published) == after
    assert onrecord.rows("SELECT count(resolved_at) FROM ops.quarantine") == kept == [(2,)]


def test_what_cannot_be_replayed_is_told_in_one_line(onrecord: Workbench, tmp_path: Path) -> None:
    assert "nothing is refused" in refused(Workbench(tmp_path / "data")("replay"), 2)
    assert "there is malformed_json" in refused(onrecord("replay", "--rule", "nonsense"), 2)
    assert "--source post; there is" in refused(onrecord("replay", "--source", "post"), 2)
    assert "no open refusal is of that rule" in refused(onrecord("replay", "--since", "2099-01-01"), 2)
    assert "is not a day" in onrecord("replay", "--since", "soon").stderr
