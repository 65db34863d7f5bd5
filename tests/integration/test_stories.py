"""From files to the published file: near copies form a story that counts once, and a changed article tells how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import DAY_1, DAY_2
from tests.workbench import Workbench, contents, good

WIRE = (
    "MARLOW, March 2 (AP) — The town of Marlow will close its two river locks for repairs in the autumn, the harbour "
    "office said in a notice on Monday, after a survey found cracks in both of the old gates.\n\n"
    "“The gates are a hundred years old and we cannot wait for another winter,” Mayor Edda Quill said on Monday.\n\n"
    "Quill denied that the town had known of the damage for years. The repairs are to cost about three million crowns, "
    "a third of it from the province.\n\n"
    "Tomas Arden, the director of the ferry company Arden Lines, warned that his boats would not run for a month. "
    "The last closure, nine years ago, lasted for six weeks, and most of the traders on the quay lost money by it."
)
OWN = (
    "The harbour office told traders in Marlow on Monday to prepare for a closure of the locks, which is to begin in "
    "autumn and may take weeks.\n\n“We were not asked,” said Hanne Voss, who sells fish on the quay. Many of her "
    "neighbours expect to lose a good part of the season, and some of them are thinking about moving to Pell, where "
    "the quay has been rebuilt and stays open all year round."
)


def record(outlet: str, text: str, number: int = 1) -> str:
    host = outlet.lower().replace(" ", "")
    return json.dumps({
        "url": f"https://{host}.example/locks-{number}", "outlet": outlet, "title": f"Locks to close ({outlet})",
        "published_at": "2026-03-02T09:30:00Z" if outlet == "First Wire" else "2026-03-03T08:00:00Z", "text": text,
    })  # fmt: skip


def copy_of(text: str) -> str:
    """Print a copy as another outlet does: a word changed, the last sentence cut."""
    return text.replace("cracks in both", "cracks in each").rpartition(" The last closure")[0]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    denial = "Quill denied that the town had known of the damage for years."
    promise = "Brandt promised to open them by spring."
    later = WIRE.replace("Mayor Edda Quill said", "Deputy Mayor Olaf Brandt said").replace(denial, promise)
    for day, rows in {
        "day1": [record("First Wire", WIRE), record("Own Paper", OWN)],
        "day2": [record("Copy Paper", copy_of(WIRE)), record("First Wire", later)],
    }.items():
        (folder / day).mkdir()
        (folder / day / "news.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def onrecord(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    bench = Workbench(tmp_path_factory.mktemp("bench") / "data")
    good(bench("run", news / "day1", *DAY_1))
    assert bench.rows("SELECT count(*) FROM internal.story_groups") == [(0,)]
    good(bench("run", news / "day2", *DAY_2))
    return bench


def test_copies_of_other_outlets_and_days_are_one_story(onrecord: Workbench) -> None:
    groups = onrecord.rows(
        "SELECT list(o.name ORDER BY o.name) FROM core.articles a JOIN core.outlets o USING (outlet_id) "
        "WHERE near_dup_group IS NOT NULL GROUP BY near_dup_group"
    )
    assert groups == [(["Copy Paper", "First Wire"],)]
    found = onrecord.rows(
        "SELECT n.ingest_date::VARCHAR, v.wire_agency, e.wire_agency, n.jaccard BETWEEN 0.7 AND 0.97 "
        "FROM core.near_copies n JOIN core.article_versions v USING (version_id) "
        "JOIN core.article_versions e ON e.version_id = n.earlier_version_id WHERE e.is_current = false"
    )  # fmt: skip
    assert found == [("2026-03-03", "AP", "AP", True)]


def test_a_story_counts_once(onrecord: Workbench) -> None:
    rows = onrecord.rows(
        "SELECT outlet, bool_or(is_counted), list(DISTINCT excluded_reason) FILTER (excluded_reason = "
        "'superseded_copy') FROM mart.statements_counted GROUP BY outlet ORDER BY outlet"
    )
    assert rows == [("Copy Paper", False, ["superseded_copy"]), ("First Wire", True, None), ("Own Paper", True, None)]
    speakers = onrecord.rows(
        "SELECT speaker, n_articles, n_stories FROM mart.speaker_counts WHERE speaker IN ('Tomas Arden', 'Hanne Voss') "
        "ORDER BY speaker"
    )
    assert speakers == [("Hanne Voss", 1, 1), ("Tomas Arden", 1, 1)]


def test_what_a_new_version_changed(onrecord: Workbench) -> None:
    changes = onrecord.rows(
        "SELECT change, coalesce(previous_speaker, speaker), coalesce(after, before) FROM mart.version_changes "
        "WHERE subject = 'statement' AND change <> 'kept' ORDER BY ALL"
    )
    assert ("removed", "Edda Quill", "that the town had known of the damage for years") in changes
    assert ("added", "Olaf Brandt", "to open them by spring") in changes
    quoted = onrecord.rows(
        "SELECT change, previous_speaker, speaker FROM mart.version_changes WHERE before LIKE '%hundred years old%'"
    )
    assert quoted == [("reattributed", "Edda Quill", "Olaf Brandt")]
    assert onrecord.rows("SELECT DISTINCT outlet, version_no FROM mart.version_changes") == [("First Wire", 2)]
    kept = "SELECT count(*) > 0 FROM mart.version_changes WHERE change = 'kept' AND speaker = 'Tomas Arden'"
    assert onrecord.rows(kept) == [(True,)]


def test_a_rebuild_gives_the_same(onrecord: Workbench) -> None:
    before = contents(onrecord.published)
    assert before["core.near_copies"][0] > 0
    good(onrecord("rebuild"))
    assert contents(onrecord.published) == before
