"""Object stores by URL: found in a fixed order, read like files, and told in one line where they cannot be."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import fsspec
import pytest

from pipelines.ingest.batches import Ingested, RunStamp, ingest
from pipelines.ingest.files import records
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.object_stores import check
from pipelines.ingest.seen_before import SeenBefore
from pipelines.settings import SettingsError, Source, Sources, is_object_url
from pipelines.storage.lake import Lake
from tests.archives import page, warc, zipped

NOWHERE = Sources((), Path("/nowhere"))
STAMP = RunStamp("run", datetime(2026, 3, 2, 12, tzinfo=UTC), "0.0.0", "c" * 64)


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def read(*urls: str, sources: Sources = NOWHERE) -> list[MetRecord]:
    return list(records(urls, sources, 1_000))


def told(met: list[MetRecord]) -> list[tuple[str, int | None, bytes | None]]:
    return [(m.source_uri, m.record_no, m.content) for m in met]


def test_what_is_a_url_of_a_store() -> None:
    assert all(map(is_object_url, ("s3://b/x", "gs://b", "file:///x", "memory://x", "abfs://c@a.host.example/x")))
    assert not any(map(is_object_url, ("https://pond.example/x", "http://x", "news/a.txt", "a:/b", "/s3://x", "")))


def test_objects_are_records_like_files_in_the_order_of_names(store: fsspec.AbstractFileSystem) -> None:
    store.pipe({
        "/news/b/c.txt": b"c", "/news/a.jsonl.gz": gzip.compress(b"{}\n[]"), "/news/z.zip": zipped({"in.txt": b"in"}),
        "/news/.hidden/x.txt": b"x", "/news/w.warc.gz": warc([page("https://pond.example/a", b"<p>w")]),
        "/news/photo.jpg": b"\xff", "/else/d.txt": b"d",
    })  # fmt: skip
    met = read("memory://news")
    assert told(met) == [
        ("memory:///news/a.jsonl.gz", 0, b"{}"), ("memory:///news/a.jsonl.gz", 1, b"[]"),
        ("memory:///news/b/c.txt", None, b"c"), ("memory:///news/photo.jpg", None, None),
        ("memory:///news/w.warc.gz!/https://pond.example/a", 0, b"<p>w"), ("memory:///news/z.zip!/in.txt", None, b"in"),
    ]  # fmt: skip
    assert told(read("memory://news/b/c.txt", "memory://news/b")) == [("memory:///news/b/c.txt", None, b"c")]
    assert [m.content for m in read("memory://*/*.txt")] == [b"d"]


def test_a_store_and_a_folder_may_be_read_in_one_run(store: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    store.pipe("/news/a.txt", b"a")
    (tmp_path / "b.txt").write_bytes(b"b")
    met = list(records([tmp_path, "memory://news", tmp_path.as_uri()], NOWHERE, 1_000))
    assert [m.content for m in met] == [b"b", b"b", b"a"]
    assert met[1].source_uri == f"{tmp_path.as_uri()}/b.txt"


def test_the_source_whose_url_covers_an_object_is_its_source(store: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    store.pipe({"/news/post/a.txt": b"a", "/news/wire/b.txt": b"b"})
    post = Source(name="post", paths=("memory://news/p*", "local"))
    sources = Sources((post,), tmp_path)
    (tmp_path / "local").mkdir()
    assert sources.inputs() == [tmp_path / "local", "memory://news/p*"]
    assert [m.source_name for m in read("memory://news", sources=sources)] == ["post", "files"]
    assert [m.source_name for m in read(*map(str, sources.inputs()[1:]), sources=sources)] == ["post"]


def test_a_driver_that_is_missing_is_named_with_what_installs_it() -> None:
    with pytest.raises(SettingsError, match=r"^s3://bucket/news: reading it needs s3fs: .*pip install s3fs$"):
        check("s3://bucket/news")
    with pytest.raises(SettingsError, match="Protocol not known: nosuch"):
        check("nosuch://bucket")
    with pytest.raises(SettingsError, match="s3fs"):
        read("s3://bucket/news")


def test_a_store_that_cannot_be_reached_is_one_refusal(
    store: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.pipe("/news/a.txt", b"a")

    def unreachable(*_: object, **__: object) -> object:
        raise ConnectionError("the network\nis down")

    monkeypatch.setattr(type(store), "ls", unreachable)
    (met,) = read("memory://news")
    assert (met.refusal_rule, met.source_uri) == ("unreachable", "memory://news")
    assert met.refusal_detail is not None
    assert "the network is down" in met.refusal_detail and "\n" not in met.refusal_detail


def test_an_object_that_goes_while_it_is_read_is_refused_and_the_rest_goes_on(
    store: fsspec.AbstractFileSystem,
) -> None:
    store.pipe({"/news/a.txt": b"a", "/news/b.txt": b"b", "/news/c.txt": b"c"})
    found = []
    for met in records(["memory://news"], NOWHERE, 1_000):
        found.append((met.content, met.refusal_rule))
        if len(found) == 1:
            store.rm("/news/b.txt")
    assert found == [(b"a", None), (None, "unreadable"), (b"c", None)]


def take_in(lake: Lake, url: str) -> Ingested:
    with SeenBefore(lake) as known:
        met = records([url], NOWHERE, 1_000, known=known)
        return ingest(lake, met, date(2026, 3, 2), STAMP, batch_records=10, batch_bytes=10**9, known=known)


def test_an_object_that_did_not_change_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.ingest import object_stores

    lake = Lake(tmp_path / "lake")
    lake.create()
    news = tmp_path / "news"
    news.mkdir()
    for name, content in (("a.txt", b"a"), ("b.jsonl", b"{}\n{}")):
        (news / name).write_bytes(content)
        os.utime(news / name, (1_700_000_000, 1_700_000_000))
    opened: list[str] = []
    real = object_stores._open

    def noting(system: object, path: str) -> object:
        opened.append(Path(path).name)
        return real(system, path)  # type: ignore[arg-type]

    monkeypatch.setattr(object_stores, "_open", noting)
    assert take_in(lake, news.as_uri()).n_new == 3
    done = take_in(lake, news.as_uri())
    assert (done.n_seen, done.n_new, opened) == (3, 0, ["a.txt", "b.jsonl"])
    (news / "a.txt").write_bytes(b"b")
    os.utime(news / "a.txt", (1_700_000_001, 1_700_000_001))
    assert take_in(lake, news.as_uri()).n_new == 1
