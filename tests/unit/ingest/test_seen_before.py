"""What was met before: files that did not change are not read again, and what is known follows the lake."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.batches import Ingested, RunStamp, ingest
from pipelines.ingest.files import records
from pipelines.ingest.found_files import FoundFile
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.seen_before import SeenBefore
from pipelines.settings import Source, Sources
from pipelines.storage.lake import Lake
from tests.archives import page, warc, zipped

MONDAY = date(2026, 3, 2)
STAMP = RunStamp("run", datetime(2026, 3, 2, 12, tzinfo=UTC), "0.0.0", "c" * 64)
NOWHERE = Sources((), Path("/nowhere"))
LONG_AGO = 1_700_000_000


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.create()
    return made


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which files are opened."""
    names: list[str] = []
    from pipelines.ingest import files

    real = files._File._pieces

    def noting(self: files._File, before: object) -> Iterator[object]:
        names.append(self._found.name)
        return real(self, before)  # type: ignore[arg-type]

    monkeypatch.setattr(files._File, "_pieces", noting)
    return names


def put(path: Path, content: bytes, at: float = LONG_AGO) -> Path:
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def take_in(
    lake: Lake, *paths: Path, max_bytes: int = 10_000, sources: Sources = NOWHERE, batch_records: int = 3,
    stop_after: int = -1,
) -> Ingested:  # fmt: skip
    """Take in what the paths hold, as a run does; or be cut off after some records."""
    with SeenBefore(lake) as known:
        met = records(paths, sources, max_bytes, known=known)
        return ingest(
            lake, _cut(met, stop_after), MONDAY, STAMP, batch_records=batch_records, batch_bytes=10**9, known=known
        )


class _Cut(Exception):  # noqa: N818
    pass


def _cut(met: Iterator[MetRecord], stop_after: int) -> Iterator[MetRecord]:
    for number, record in enumerate(met):
        if number == stop_after:
            raise _Cut
        yield record


def seen(lake: Lake, done: Ingested) -> list[tuple[str, int | None, str | None, str | None, bool]]:
    columns = ["source_uri", "record_no", "raw_id", "refusal_rule", "is_unchanged"]
    found = lake.read("sightings", batches=done.batches, columns=columns)
    return [(uri.rsplit("/news/", 1)[1], *rest) for uri, *rest in found.iter_rows()]


def fill(folder: Path) -> None:
    put(folder / "a.txt", b"one")
    put(folder / "b.jsonl", b"{}\n\n[\n" + b"x" * 20_000 + b"\n")
    put(folder / "c.zip", zipped({"in.txt": b"one", "t.csv": b"text\nrow\nragged,row", "photo.jpg": b""}))
    put(folder / "d.txt.gz", b"broken")
    put(folder / "e.pdf", b"%PDF")
    put(folder / "f.warc", warc([page(f"https://pond.example/{n}", b"<p>%d" % n) for n in range(4)], is_packed=False))


def test_files_that_did_not_change_give_the_same_sightings_unread(lake: Lake, news: Path, opened: list[str]) -> None:
    fill(news)
    first = take_in(lake, news)
    assert opened == ["a.txt", "b.jsonl", "c.zip", "d.txt.gz", "f.warc"]
    second = take_in(lake, news)
    assert len(opened) == 5, "a file was read again"
    assert (second.n_seen, second.n_new) == (first.n_seen, 0)
    as_new, as_known = seen(lake, first), seen(lake, second)
    assert [row[:-1] for row in as_new] == [row[:-1] for row in as_known]
    assert (any(row[-1] for row in as_new), all(row[-1] for row in as_known)) == (False, True)
    details = lake.read("sightings", columns=["source_uri", "refusal_detail"])
    assert details[: first.n_seen]["refusal_detail"].to_list() == details[first.n_seen :]["refusal_detail"].to_list()


def test_the_sightings_are_those_of_a_run_that_reads_everything(lake: Lake, news: Path, tmp_path: Path) -> None:
    fill(news)
    other = Lake(tmp_path / "other")
    other.create()
    for step in range(3):
        done = take_in(lake, news)
        reading = ingest(other, records([news], NOWHERE, 10_000), MONDAY, STAMP, batch_records=3, batch_bytes=10**9)
        assert seen(lake, done) == seen(other, reading)
        assert [b.batch_id for b in done.batches] == [b.batch_id for b in reading.batches]
        if step == 0:
            put(news / "b.jsonl", b"{}\n\n{}\n", LONG_AGO + 9)
            put(news / "g.txt", b"one")
    wanted = ["sighting_id", "raw_id", "source_uri", "record_no", "is_unchanged", "refusal_rule", "refusal_detail"]
    assert lake.read("sightings", columns=wanted).equals(other.read("sightings", columns=wanted))
    assert lake.read("raw_documents").equals(other.read("raw_documents"))


@pytest.mark.parametrize("change", ["size", "time", "inode"])
def test_a_file_whose_size_time_or_identity_changed_is_read_again(
    lake: Lake, news: Path, opened: list[str], change: str
) -> None:
    put(news / "a.txt", b"one")
    take_in(lake, news)
    if change == "inode":
        put(news / "new", b"two")
        (news / "new").replace(news / "a.txt")
    else:
        put(news / "a.txt", b"more" if change == "size" else b"two", LONG_AGO + (change == "time"))
    assert take_in(lake, news).n_new == 1
    assert opened == ["a.txt", "a.txt"]


def test_a_file_that_changed_within_the_last_seconds_is_read_again(lake: Lake, news: Path, opened: list[str]) -> None:
    put(news / "a.txt", b"one", time.time())
    take_in(lake, news)
    put(news / "a.txt", b"two", (news / "a.txt").stat().st_mtime)  # in the same tick of the file system's clock
    assert take_in(lake, news).n_new == 1
    put(news / "a.txt", b"two", time.time() + 1_000)
    for _ in range(2):
        take_in(lake, news)
    assert opened == ["a.txt"] * 4


def test_a_file_that_changes_while_it_is_read_is_read_again(
    lake: Lake, news: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(news / "a.jsonl", b"{}\n{}\n")
    from pipelines.ingest import files

    def changing(path: Path, uri: str, source: Source | None) -> FoundFile:
        found = on_disk(path, uri, source)

        def open_and_change() -> object:
            file = found.open()
            put(path, b"{}\n[]\n{}\n", LONG_AGO + 5)
            return file

        return FoundFile(found.uri, found.name, source, open_and_change, found.state)  # type: ignore[arg-type]

    on_disk = files.on_disk
    with monkeypatch.context() as patch:
        patch.setattr(files, "on_disk", changing)
        take_in(lake, news)
    take_in(lake, news)
    assert opened == ["a.jsonl"] * 2
    take_in(lake, news)
    assert opened == ["a.jsonl"] * 2


def test_what_decides_about_a_file_makes_it_read_again(lake: Lake, news: Path, opened: list[str]) -> None:
    put(news / "a.csv", b"text,Artikel\n" + b"long " * 100 + b",words\n")
    refused = take_in(lake, news, max_bytes=200)
    assert seen(lake, refused)[0][3] == "too_large"
    assert take_in(lake, news, max_bytes=10_000).n_new == 1
    post = Sources((Source(name="post", paths=("news",), fields={"text": "Artikel"}),), news.parent.resolve())
    other = Sources((Source(name="post", paths=("news",), fields={"text": "text"}),), news.parent.resolve())
    for sources in (post, post, other):
        take_in(lake, news, sources=sources)
    assert opened == ["a.csv"] * 4


def test_what_could_not_be_opened_is_tried_again(lake: Lake, news: Path, opened: list[str]) -> None:
    (news / "a.txt").symlink_to(news / "gone.txt")
    for _ in range(2):
        take_in(lake, news)
    put(news / "gone.txt", b"here")
    assert seen(lake, take_in(lake, news))[0][3] is None
    assert len(opened) == 3


def test_a_record_that_went_is_not_met_and_one_that_comes_back_is_known(lake: Lake, news: Path) -> None:
    put(news / "a.jsonl", b"1\n2\n3\n")
    take_in(lake, news)
    put(news / "a.jsonl", b"1\n", LONG_AGO + 1)
    for _ in range(2):
        assert [row[1] for row in seen(lake, take_in(lake, news))] == [0]
    put(news / "a.jsonl", b"1\n2\n3\n", LONG_AGO)  # the very file of the first time
    assert next(row[4] for row in seen(lake, take_in(lake, news))) is True
    assert [row[1] for row in seen(lake, take_in(lake, news))] == [0, 1, 2]


# ------------------------------------------------------------------ going on inside a file
@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("stop_after", [0, 2, 3, 5, 7, 9])
def test_a_run_goes_on_inside_a_warc_where_the_last_finished_batch_ended(
    lake: Lake, news: Path, monkeypatch: pytest.MonkeyPatch, is_packed: bool, stop_after: int
) -> None:
    from pipelines.ingest import warcs

    crawl = [page(f"https://pond.example/{n}", b"<p>%d" % n, "image/png" if n == 4 else "text/html") for n in range(10)]
    put(news / ("a.warc.gz" if is_packed else "a.warc"), warc(crawl, is_packed=is_packed))
    with pytest.raises(_Cut):
        take_in(lake, news, stop_after=stop_after)
    finished = stop_after // 3 * 3
    assert lake.read("sightings").height == finished
    read: list[int] = []
    real = warcs._piece

    def noting(record: object, number: int, offset: int, max_bytes: int) -> object:
        read.append(number)
        return real(record, number, offset, max_bytes)

    monkeypatch.setattr(warcs, "_piece", noting)
    done = take_in(lake, news)
    assert read == list(range(max(0, finished - 1), 10)), "what was finished is read again"
    rows = seen(lake, done)
    assert [(row[1], row[4]) for row in rows] == [(n, n < finished) for n in range(10)]
    assert lake.read("raw_documents").height == 9
    read.clear()
    assert take_in(lake, news).n_new == 0
    assert read == []


def test_a_warc_that_grew_is_read_from_its_beginning(lake: Lake, news: Path) -> None:
    crawl = [page(f"https://pond.example/{n}", b"<p>%d" % n) for n in range(6)]
    put(news / "a.warc.gz", warc(crawl[:4]))
    take_in(lake, news)
    put(news / "a.warc.gz", warc(crawl), LONG_AGO + 1)
    done = take_in(lake, news)
    assert (done.n_seen, done.n_new) == (6, 2)


# ------------------------------------------------------------------ the digest and the lake
def test_a_kill_between_the_lake_and_the_digest_is_made_good(
    lake: Lake, news: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    fill(news)

    def killed(self: SeenBefore, batch: object) -> None:
        raise _Cut

    with monkeypatch.context() as patch:
        patch.setattr(SeenBefore, "finish", killed)
        with pytest.raises(_Cut):
            take_in(lake, news)
    assert lake.read("sightings").height == 3
    opened.clear()
    rows = seen(lake, take_in(lake, news))
    assert [row[-1] for row in rows] == [True] * 3 + [False] * (len(rows) - 3)
    assert "a.txt" in opened
    opened.clear()
    assert take_in(lake, news).n_new == 0
    assert opened == []


@pytest.mark.parametrize("harm", ["removed", "damaged", "of another lake", "empty"])
def test_a_digest_that_is_lost_is_made_again_from_the_lake(lake: Lake, news: Path, tmp_path: Path, harm: str) -> None:
    fill(news)
    first = take_in(lake, news)
    digest = lake.root / "state" / "met.sqlite"
    if harm == "removed":
        digest.unlink()
    elif harm == "of another lake":
        other = Lake(tmp_path / "other")
        other.create()
        take_in(other, put(news / "z.txt", b"z"))
        (news / "z.txt").unlink()
        digest.write_bytes((other.root / "state" / "met.sqlite").read_bytes())
    else:
        digest.write_bytes(b"" if harm == "empty" else b"no database at all" * 1_000)
    again = take_in(lake, news)
    assert (again.n_seen, again.n_new) == (first.n_seen, 0)


def test_a_lake_that_was_put_back_is_what_is_known(lake: Lake, news: Path) -> None:
    put(news / "a.txt", b"one")
    take_in(lake, news)
    put(news / "a.txt", b"two", LONG_AGO + 1)
    (batch,) = take_in(lake, news).batches
    for name in ("sightings", "raw_documents", "pipeline_runs"):
        lake.part(name, batch).unlink()
    assert take_in(lake, news).n_new == 1
    assert lake.read("raw_documents")["bytes"].to_list() == [b"one", b"two"]


def test_a_digest_that_cannot_be_written_is_an_error_of_the_disk(lake: Lake, news: Path) -> None:
    put(news / "a.txt", b"one")
    (lake.root / "state" / "met.sqlite").mkdir()
    with pytest.raises(OSError, match=r"met\.sqlite"):
        take_in(lake, news)


def test_memory_does_not_follow_the_history(lake: Lake) -> None:
    import tracemalloc

    def stream(n: int) -> Iterator[MetRecord]:
        for number in range(n):
            yield MetRecord("files", f"{number:09d}.txt", None, "text/plain", b"%d" % number)

    peaks = []
    for n in (1_000, 5_000):
        tracemalloc.start()
        ingest(lake, stream(n), MONDAY, STAMP, batch_records=250, batch_bytes=10**9)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
    assert lake.read("sightings").filter(pl.col("is_unchanged")).height == 1_000
