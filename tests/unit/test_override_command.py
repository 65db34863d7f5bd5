"""`onrecord override`: what is noted, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import cli
from pipelines.contracts import table
from pipelines.core.text.fold import fold_words
from pipelines.settings import Settings, SettingsError
from pipelines.storage.corrections import append, log_path, overrides, own_reference
from pipelines.storage.lake import Batch, Lake

DAY = date(2026, 3, 2)
MERGE = ("override", "merge", "Mariya Solkova", "Maria Solkova", "--reason", "two spellings", "--by", "me")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with two actors and one statement."""
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path))
    lake = Lake(tmp_path / "lake")
    lake.create()
    batch = Batch(DAY, f"{DAY:%Y%m%d}T00")
    day = {"ingest_date": DAY, "batch_id": batch.batch_id}
    for name, row in {
        "raw_documents": {"raw_id": "r", "bytes": b"x", "bytes_len": 1, "media_type": "text/plain"},
        "article_versions": {"version_id": "v1"},
        "sightings": {"sighting_id": "s"},
        "statements": {"version_id": "v1", "statement_id": "s1", "content_norm": "the bridge is closed"},
    }.items():
        contract = table("lake", name)
        filled = {c.name: _FILL.get(c.kind) for c in contract.columns if not c.nullable} | day | row
        lake.write(name, batch, contract.frame([filled]), made_by="x")
    names = ("Mariya Solkova", "Maria Solkova")
    lake.write_state("actors", table("state", "actors").frame([
        {"actor_id": n, "actor_type": "person", "canonical_name": n, "status": "provisional", "basis": "full_name",
         "first_seen_on": DAY, "last_seen_on": DAY, "n_gender_for": 0, "n_gender_against": 0} for n in names
    ]))  # fmt: skip
    return Settings(data_dir=tmp_path)


_FILL = {
    "str": "x", "json": "{}", "int": 0, "bool": False, "float": 0.5, "date": DAY, "bytes": b"x", "strs": [],
    "sections": [], "instant": datetime(2026, 3, 2, 12, tzinfo=UTC),
}  # fmt: skip  # fmt: skip


def test_a_correction_is_noted_and_listed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(MERGE) == 0
    assert cli.main(("override", "speaker", "v1", "The bridge is closed", "Bo Lind", "--reason", "heard it")) == 0
    found = overrides(settings)
    assert [(o.action, o.value) for o in found] == [("merge", "Maria Solkova"), ("speaker", "Bo Lind")]
    assert cli.main(("override", "list")) == 0
    assert "2 corrections, 0 orphans among them" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    ["the bridge isn‘t CLOSED", "the bridge isnt closed", "THE BRIDGE — ISN’T CLOSED!", "cafe\u0301 in the STRASSE"],
)
def test_words_match_a_statement_however_they_are_typed(
    words: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "The bridge isn’t closed, nor the café in the Straße"
    lake = Lake(settings.lake_dir)
    (batch,) = lake.batches()
    before = lake.read("statements")
    lake.write("statements", batch, before.with_columns(content_norm=pl.lit(fold_words(said))), made_by="x")
    assert cli.main(("override", "speaker", "v1", words, "Bo Lind", "--reason", "heard it")) == 0
    (noted,) = overrides(settings)
    assert noted.words == words


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("merge", "Nobody Here", "Maria Solkova"), "nobody is called 'Nobody Here'"),
        (("merge", "Maria Solkova", "Maria Solkova"), "both names are"),
        (("merge", "Maria Solkova", "Mariya Solkova"), "circle"),
        (("merge", "Mariya Solkova", "Maria Solkova"), "in the log already"),
        (("rename", "Maria Solkova", "..."), "rename needs value"),
        (("split", "Maria Solkova", "Maria S.", "--version", "v9"), "no article version has the id 'v9'"),
        (("speaker", "v1", "words that are not there", "Bo Lind"), "no statement of that version has these words"),
    ],
)
def test_a_wrong_correction_gets_one_line_and_changes_nothing(
    arguments: tuple[str, ...], says: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(MERGE) == 0
    before = log_path(settings).read_bytes()
    capsys.readouterr()
    assert cli.main(("override", *arguments, "--reason", "why")) == 2
    error = capsys.readouterr().err
    assert says in error and "nothing was noted" in error and error.count("\n") == 1
    assert log_path(settings).read_bytes() == before


def test_without_news_there_is_nothing_to_correct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path / "empty"))
    assert cli.main(MERGE) == 2
    assert "take in some news first" in capsys.readouterr().err


def test_a_broken_log_is_named(settings: Settings) -> None:
    log_path(settings).write_text("{\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"overrides\.jsonl, line 1: not JSON"):
        overrides(settings)


def test_the_log_is_only_added_to_also_after_an_unfinished_line(settings: Settings) -> None:
    cli.main(MERGE)
    first = log_path(settings).read_text(encoding="utf-8")
    log_path(settings).write_text(first.rstrip("\n"), encoding="utf-8")
    append(settings, overrides(settings)[0])
    assert log_path(settings).read_text(encoding="utf-8") == first + first
    assert len(overrides(settings)) == 1


def test_reference_files_of_ones_own_are_read(settings: Settings) -> None:
    folder = settings.data_dir / "reference"
    folder.mkdir()
    (folder / "places.csv").write_text("place\nVessen\n", encoding="utf-8")
    assert own_reference(settings) == {"places.csv": "place\nVessen\n"}
