"""Kills at random moments of an ingest of a folder, a zip and a WARC: the next run ends as if none had happened.

The seed is printed; give it again as ONRECORD_SOAK_SEED, and the number of kills as ONRECORD_SOAK_INGEST_KILLS.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.storage.lake import Lake
from tests.archives import page, warc, zipped
from tests.news import PAGE, WIRE, record
from tests.workbench import Workbench, contents, good

pytestmark = pytest.mark.soak
SEED = int(os.environ.get("ONRECORD_SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
KILLS = int(os.environ.get("ONRECORD_SOAK_INGEST_KILLS", "20"))
SMALL_BATCHES = {"ONRECORD_BATCH_RECORDS": "4"}
DAY = ("--date", "2026-03-02")


def write(folder: Path) -> None:
    """Write a folder of files, a zip and a WARC: some 190 records, with repeats and bad ones among them."""
    folder.mkdir()
    for n in range(30):
        (folder / f"a{n:02d}.txt").write_text(WIRE.replace("June", f"{n % 25 + 1} June"), encoding="utf-8")
    members = {f"b{n:02d}.json": record(n, f"We are close {n}").encode() for n in range(60)}
    (folder / "b.zip").write_bytes(zipped({**members, "bad.json": b"{", "photo.jpg": b"\xff"}))
    crawl = [
        page(f"https://pondgazette.example/news/{n}", PAGE.format(title=f"Weir, day {n}", last=f"Day {n}.").encode())
        for n in range(90)
    ]
    (folder / "c.warc.gz").write_bytes(warc([*crawl, page("https://pond.example/x.png", b"\x89", "image/png")]))


def received(onrecord: Workbench) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return what was received, whatever runs it took: all bytes, and the last thing met at each place."""
    lake = Lake(onrecord.data / "lake")
    places = lake.read("sightings", columns=["source_uri", "record_no", "raw_id", "refusal_rule"])
    last = places.group_by("source_uri", "record_no", maintain_order=True).last().sort("source_uri", "record_no")
    raw = lake.read("raw_documents", columns=["raw_id"])["raw_id"].to_list()
    assert len(raw) == len(set(raw))
    is_new = lake.scan("sightings").filter(~pl.col("is_unchanged")).select(pl.len()).collect().item()
    assert is_new == last.height, "a record counts as new once"
    return sorted(raw), last.rows()


def seconds_of_reading(onrecord: Workbench, news: Path) -> float:
    """Return how long an ingest takes once it has begun to read; its start is not worth a kill."""
    process = onrecord.start("run", news, *DAY, "--ingest-only")
    while not (onrecord.data / "lake" / "state" / "met.sqlite").exists():
        time.sleep(0.02)
    began = time.monotonic()
    process.communicate()
    return time.monotonic() - began


def ingest_killed(onrecord: Workbench, news: Path, seconds: float) -> str:
    """Start an ingest and kill it some seconds after it has begun to read; return what became of it."""
    digest = onrecord.data / "lake" / "state" / "met.sqlite"
    process = onrecord.start("run", news, *DAY, "--ingest-only")
    while not digest.exists() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(seconds)
    if process.poll() is not None:
        return "it had ended"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return "killed"


def test_an_ingest_that_is_killed_at_any_moment_is_made_good(tmp_path: Path) -> None:
    print(f"\nONRECORD_SOAK_SEED={SEED} ONRECORD_SOAK_INGEST_KILLS={KILLS}")
    news, chance = tmp_path / "news", random.Random(SEED)
    write(news)
    plain = Workbench(tmp_path / "plain", SMALL_BATCHES)
    reading = seconds_of_reading(Workbench(tmp_path / "timed", SMALL_BATCHES), news)
    good(plain("run", news, *DAY, "--ingest-only"))
    expected = received(plain)
    good(plain("run", news, *DAY))
    # A batch is what one run met, so a killed one cuts the records into others.
    tables = contents(plain.published, without="batch_id")
    n_killed = 0
    for number in range(KILLS):
        onrecord = Workbench(tmp_path / str(number), SMALL_BATCHES)
        seconds = chance.uniform(0, reading)
        told = ingest_killed(onrecord, news, seconds)
        n_killed += told == "killed"
        kept = Lake(onrecord.data / "lake").read("sightings").height
        print(f"kill {number}: after {seconds:.2f} s, {told}; {kept} records were finished", flush=True)
        good(onrecord("run", news, *DAY, "--ingest-only"))
        assert received(onrecord) == expected, f"kill {number}, seed {SEED}"
        if number % 5 == 0:  # what follows from it is the same; most of the time goes into this
            good(onrecord("run", news, *DAY))
            assert contents(onrecord.published, without="batch_id") == tables, json.dumps(
                {"kill": number, "seed": SEED}
            )
    assert n_killed >= KILLS / 3, "hardly any run was killed while it read"
