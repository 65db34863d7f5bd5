"""What of the lake belongs to an article, what is only like it, and that taking it out can be done again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.core.documents.takedown import Takedown, Takedowns
from pipelines.core.ids import sha256_hex
from pipelines.settings import SettingsError, load_settings
from pipelines.storage import takedowns
from pipelines.storage.lake import RESOLVED, UNCHANGED, Batch, Lake

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, SECOND = Batch(date(2026, 3, 2), "2026-03-02-000001"), Batch(date(2026, 3, 3), "2026-03-03-000001")
URL = "https://ledger.example/weir"
LONG = "The old weir will be rebuilt before the summer, the council decided."


def version(name: str, raw: str, text: str, url: str | None = None) -> dict[str, object]:
    return {
        "version_id": f"v-{name}", "article_id": f"a-{name}", "raw_id": raw, "text": text,
        "text_sha256": sha256_hex(text), "n_chars": len(text), "sections": [], "authors": [], "quality_flags": [],
        "is_retracted": False, "published_precision": "unknown", "published_basis": "none", "fetched_at": NOW,
        "parser_version": "p", "batch_order": 0, "outlet_id": "o", "outlet_name": "Ledger", "external_key": name,
        "url": url,
    }  # fmt: skip


def write(lake: Lake, batch: Batch, name: str, rows: list[dict[str, object]], stage: str | None = None) -> None:
    schema = table("lake", name).schema
    lake.write(name, batch, pl.DataFrame(rows, schema=schema), made_by="code", stage=stage)


def meet(lake: Lake, batch: Batch, *met: tuple[str, str, str | None], versions: list[dict[str, object]]) -> None:
    """Write what a run leaves that met records: (place, raw_id, version_id)."""
    new = sorted({raw for _, raw, _ in met} - {*lake.read("raw_documents")["raw_id"]})
    write(lake, batch, "raw_documents", [
        {"raw_id": raw, "bytes": raw.encode(), "bytes_len": 1, "media_type": "text/html", "first_seen_at": NOW}
        for raw in new
    ])  # fmt: skip
    write(lake, batch, "sighting_outcomes", [
        {"sighting_id": f"{batch.batch_id}{place}", "outcome": "parsed" if v else "quarantined", "version_id": v,
         "batch_order": 0} for place, _, v in met
    ])  # fmt: skip
    write(lake, batch, "article_versions", versions)
    refused = [
        {"quarantine_id": f"q{place}", "raw_id": raw, "stage": "parse", "entity": "record", "detail": raw, "rule": "r",
         "entity_id": f"{batch.batch_id}{place}", "severity": "warn", "first_seen_at": NOW, "resolved_at": NOW}
        for place, raw, _ in met
    ]  # fmt: skip
    write(lake, batch, "quarantine", [], stage="parse")
    write(lake, batch, "quarantine", refused, stage=RESOLVED)
    write(lake, batch, "sightings", [
        {"sighting_id": f"{batch.batch_id}{place}", "run_id": "r", "raw_id": raw, "source_name": "s",
         "source_uri": place, "seen_at": NOW, "is_unchanged": False} for place, raw, _ in met
    ])  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    lake.create()
    meet(
        lake, FIRST, ("page", "r1", "v-weir"), ("advert", "r2", "v-weir"), ("wire", "r3", "v-wire"),
        ("other", "r4", "v-other"), ("http://www.ledger.example/weir/", "r5", None),
        versions=[version("weir", "r1", f"Weir\n\n{LONG}", f"{URL}"), version("wire", "r3", f"Wire\n\n{LONG}"),
                  version("other", "r4", "Rain again")],
    )  # fmt: skip
    meet(
        lake, SECOND, ("mirror", "r6", "v-mirror"), ("rain", "r7", "v-rain"),
        versions=[version("mirror", "r6", f"Weir\n\n{LONG}", "https://mirror.example/1"),
                  version("rain", "r7", "Rain")],
    )  # fmt: skip
    return lake


def test_to_an_article_belong_its_records_and_the_same_text_elsewhere(lake: Lake) -> None:
    own = takedowns.belongings(lake, URL)
    assert own.article_ids == {"a-weir"}
    assert own.version_ids == {"v-weir", "v-mirror"}, "the same text in other bytes"
    assert own.raw_ids == {"r1", "r2", "r5", "r6"}, "also what could not be read at its address"
    assert own.texts == {sha256_hex(f"Weir\n\n{LONG}")}
    assert takedowns.belongings(lake, "a-weir").version_ids == own.version_ids
    assert takedowns.belongings(lake, "https://ledger.example/none") == takedowns.Belongings()
    assert takedowns.places(lake, own.raw_ids) == ["advert", "http://www.ledger.example/weir/", "mirror", "page"]


def test_near_copies_are_found_by_a_paragraph_and_stay(lake: Lake) -> None:
    own = takedowns.belongings(lake, URL)
    assert takedowns.near_copies(lake, own)["version_id"].to_list() == ["v-wire"]
    assert takedowns.near_copies(lake, takedowns.Belongings()).is_empty()


def log_of(lake: Lake) -> Takedowns:
    own = takedowns.belongings(lake, URL)
    lists = {name: tuple(sorted(getattr(own, name))) for name in ("article_ids", "raw_ids", "texts")}
    return Takedowns.of([Takedown(URL, NOW.isoformat(), "ana", **lists)])


def test_what_is_covered_is_taken_out_with_all_that_was_computed_beside_it(lake: Lake) -> None:
    log = log_of(lake)
    third = Batch(date(2026, 3, 4), "2026-03-04-000001")
    meet(lake, third, ("hail", "r8", "v-hail"), versions=[version("hail", "r8", "Hail")])
    before = lake.fingerprints()["2026-03-04"]
    assert takedowns.pending(lake, log)
    assert takedowns.scrub(lake, log) == [FIRST, SECOND]
    assert lake.read("raw_documents")["raw_id"].to_list() == ["r3", "r4", "r7", "r8"]
    assert lake.read("article_versions")["version_id"].to_list() == ["v-hail"]
    assert lake.made_by("quarantine", FIRST, "parse") is None, "the next run reads the batch again"
    assert sorted(lake.read("quarantine")["raw_id"]) == ["r3", "r4", "r7", "r8"], "what came through stays told"
    assert lake.read("sightings").height == 8
    assert lake.fingerprints()["2026-03-04"] == before, "a batch that met nothing of it is as it was"
    parts = {p: p.stat().st_mtime_ns for p in (lake.root / "raw_documents").rglob("*.parquet")}
    takedowns.scrub(lake, log)
    assert {p: p.stat().st_mtime_ns for p in (lake.root / "raw_documents").rglob("*.parquet")} == parts
    assert takedowns.pending(lake, log), "it is not published without it yet"
    takedowns.note_done(lake, log)
    assert not takedowns.pending(lake, log)


def test_meeting_it_again_unchanged_does_not_compute_a_batch_again(lake: Lake) -> None:
    log = log_of(lake)
    third = Batch(date(2026, 3, 4), "2026-03-04-000001")
    write(lake, third, "sightings", [
        {"sighting_id": "g", "run_id": "r", "raw_id": "r1", "source_name": "s", "source_uri": "page", "seen_at": NOW,
         "is_unchanged": True}
    ], stage=UNCHANGED)  # fmt: skip
    assert takedowns.scrub(lake, log) == [FIRST, SECOND]


def test_a_log_is_added_to_and_a_broken_one_is_named(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert takedowns.load(settings) == Takedowns()
    takedowns.append(settings, [Takedown(URL, NOW.isoformat())])
    takedowns.log_path(settings).write_text(takedowns.log_path(settings).read_text().rstrip("\n"))
    takedowns.append(settings, [Takedown("b", NOW.isoformat(), raw_ids=("r",))])
    log = takedowns.load(settings)
    assert [t.target for t in log.entries] == [URL, "b"]
    assert takedowns.frame(log).select("target", "reason", "n_records").sort("target").rows() == [
        ("b", None, 1), (URL, None, 0),
    ]  # fmt: skip
    takedowns.log_path(settings).write_text("{")
    with pytest.raises(SettingsError, match=r"forgotten\.jsonl, line 1: "):
        takedowns.load(settings)


def test_corrections_that_quote_a_version_go_and_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "overrides.jsonl"
    assert takedowns.drop_overrides(path, ["v1"]) == 0
    kept = '{"action": "rename", "versions": []}\n'
    path.write_text('{"action": "speaker", "versions": ["v1"], "words": "w"}\n' + kept)
    assert takedowns.drop_overrides(path, ["v1"]) == 1
    assert path.read_text() == kept
