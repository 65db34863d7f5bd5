"""Files and folders as records: found once and in a fixed order, cut, and refused where they must not be read."""

from __future__ import annotations

import gzip
import os
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.ingest.files import files_below, records
from pipelines.ingest.met_records import MetRecord
from pipelines.settings import FILES_SOURCE, Source, Sources

NOWHERE = Sources((), Path("/nowhere"))
IS_ROOT = os.geteuid() == 0


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read(*paths: Path, max_bytes: int = 1_000, sources: Sources = NOWHERE) -> list[MetRecord]:
    return list(records(paths, sources, max_bytes))


def only(*paths: Path, max_bytes: int = 1_000) -> MetRecord:
    (met,) = read(*paths, max_bytes=max_bytes)
    return met


def names(folder: Path, *paths: Path) -> list[str]:
    return [Path(uri).relative_to(folder).as_posix() for _, uri in files_below(paths or [folder])]


def check_refused(met: MetRecord, rule: str, *words: str) -> None:
    assert (met.content, met.refusal_rule) == (None, rule)
    assert met.refusal_detail is not None
    assert "\n" not in met.refusal_detail
    for word in (met.source_uri, *words):
        assert word in met.refusal_detail


# ------------------------------------------------------------------ finding files
def test_the_order_is_by_name_whatever_order_the_paths_are_given_in(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "a.txt", "B.txt"):
        put(tmp_path / name)
    assert names(tmp_path) == ["B.txt", "a/b/c.txt", "a/z.txt", "a.txt", "b.txt"]
    given = [tmp_path / "b.txt", tmp_path / "a", tmp_path / "B.txt"]
    assert names(tmp_path, *given) == names(tmp_path, *reversed(given)) == ["B.txt", "a/b/c.txt", "a/z.txt", "b.txt"]


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    file = put(tmp_path / "a" / "a.txt")
    (tmp_path / "link.txt").symlink_to(file)
    (tmp_path / "folder").symlink_to(tmp_path / "a")
    found = list(files_below([tmp_path / "link.txt", tmp_path, file, tmp_path / "a", tmp_path / "x" / ".." / "a"]))
    assert [path for path, _ in found] == [file.resolve()]


def test_hidden_files_and_folders_are_passed_over_unless_they_are_named(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "a.txt", "~b.txt"):
        put(tmp_path / name)
    assert names(tmp_path) == ["a.txt", "~b.txt"]
    assert names(tmp_path, tmp_path / ".hidden.txt") == [".hidden.txt"]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == []


def test_links_that_go_in_circles_end(tmp_path: Path) -> None:
    put(tmp_path / "a" / "a.txt")
    for name in ("one", "two", "three"):
        (tmp_path / "a" / name).symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    started = time.monotonic()
    content, loop = read(tmp_path)
    assert time.monotonic() - started < 5
    assert content.content == b"x"
    check_refused(loop, "unreadable", "symbolic links")


# ------------------------------------------------------------------ whole files
@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", "text/plain"), ("a.TEXT", "text/plain"), ("a.b.html", "text/html"), ("a.HTM", "text/html")],
)
def test_a_file_is_one_record_as_it_stands(tmp_path: Path, name: str, media_type: str) -> None:
    content = b"\xef\xbb\xbfone\r\ntwo\x00\xff\n\n"
    for path, data in (
        (put(tmp_path / name, content), content),
        (put(tmp_path / f"{name}.gz", gzip.compress(content)), content),
    ):
        assert only(path) == MetRecord(FILES_SOURCE, path.as_posix(), None, media_type, data)


def test_an_empty_file_is_a_record_of_no_bytes(tmp_path: Path) -> None:
    assert only(put(tmp_path / "a.txt", b"")).content == b""
    assert only(put(tmp_path / "b.txt.gz", gzip.compress(b""))).content == b""
    assert read(put(tmp_path / "c.jsonl", b"")) == []


@pytest.mark.parametrize(
    "name", ["a.pdf", "a", "txt", "a.gz", "a.txt.bz2", "a.zip.gz", "a.parquet.zst", "a.warc.zst", "a.txt."]
)
def test_an_unknown_format_is_refused_unread(tmp_path: Path, name: str) -> None:
    check_refused(only(put(tmp_path / name)), "unknown_format", ".txt", ".jsonl")


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_refused(tmp_path: Path, suffix: str) -> None:
    pack = gzip.compress if suffix else bytes
    assert only(put(tmp_path / f"a.txt{suffix}", pack(b"x" * 1_000))).content == b"x" * 1_000
    check_refused(
        only(put(tmp_path / f"b.txt{suffix}", pack(b"x" * 1_001))), "too_large", "1,000", "MAX_DOCUMENT_BYTES"
    )


@pytest.mark.parametrize(("name", "rule"), [("bomb.txt.gz", "too_large"), ("bomb.jsonl.gz", "bomb")])
def test_a_gzip_bomb_is_refused_without_being_unpacked(tmp_path: Path, name: str, rule: str) -> None:
    bomb = put(tmp_path / name, gzip.compress(bytes(100_000_000), compresslevel=1))
    tracemalloc.start()
    try:
        check_refused(only(bomb, max_bytes=1_000_000), rule)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


GOOD_GZIP = gzip.compress(os.urandom(50_000), mtime=0)


@pytest.mark.parametrize(
    "content",
    [b"no gzip at all", GOOD_GZIP[:20_000], GOOD_GZIP[:-8] + bytes(8), GOOD_GZIP[:100] + b"\xff" * 50 + GOOD_GZIP[150:],
     GOOD_GZIP[:5]],
    ids=["other bytes", "cut off", "wrong checksum", "overwritten", "half a header"],
)  # fmt: skip
def test_a_broken_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = put(tmp_path / "a.txt.gz", content)
    met = only(path, max_bytes=100_000)
    is_packed = content.startswith(b"\x1f\x8b")
    assert met.content == (None if is_packed else content), "what is no archive at all is kept as it came"
    check_refused(replace(met, content=None), "broken_gzip", "again")
    assert only(path, max_bytes=3).content is None, "within bounds"


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "nothing.txt").symlink_to(tmp_path / "gone.txt")
    put(tmp_path / "z.txt")
    nothing, pipe, good = read(tmp_path)
    check_refused(nothing, "unreadable", "No such file")
    check_refused(pipe, "not_a_file")
    assert good.content == b"x"


@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_what_may_not_be_read_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    put(tmp_path / "a.txt").chmod(0)
    put(tmp_path / "b" / "b.txt").parent.chmod(0)
    put(tmp_path / "c.txt")
    file, folder, good = read(tmp_path)
    (tmp_path / "b").chmod(0o700)
    check_refused(file, "unreadable", "Permission denied")
    check_refused(folder, "not_a_file")
    assert good.content == b"x"


def test_any_name_that_the_disk_takes_becomes_one_line_of_valid_text(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9.txt", os.O_CREAT | os.O_WRONLY))
    put(tmp_path / "two\nlines.pdf")
    put(tmp_path / "über – “ok” 😀.txt")
    uris = [met.source_uri.removeprefix(f"{tmp_path}/") for met in read(tmp_path)]
    assert uris == ["caf\\udce9.txt", "two\\nlines.pdf", "über – “ok” 😀.txt"]
    assert [uri.encode() for uri in uris]
    assert all("\n" not in (met.refusal_detail or "") for met in read(tmp_path))


# ------------------------------------------------------------------ files of lines
def test_a_record_is_a_line_numbered_as_in_the_file(tmp_path: Path) -> None:
    file = put(tmp_path / "a.jsonl", b'{"a":1}\r\n\n  \t\r\n{"b": "x\\ny"} \n{"c":1}')
    assert [(m.record_no, m.content) for m in read(file)] == [
        (0, b'{"a":1}'), (3, b'{"b": "x\\ny"} '), (4, b'{"c":1}'),
    ]  # fmt: skip
    assert {m.media_type for m in read(file)} == {"application/json"}


def test_a_compressed_file_of_lines_has_the_same_records(tmp_path: Path) -> None:
    content = b"".join(b'{"n": %d}\n' % n for n in range(5_000))
    plain, packed = put(tmp_path / "a.ndjson", content), put(tmp_path / "b.ndjson.gz", gzip.compress(content))
    assert [(m.record_no, m.content) for m in read(plain)] == [(m.record_no, m.content) for m in read(packed)]
    assert read(packed)[-1].record_no == 4_999


def test_a_line_that_is_too_large_is_refused_and_those_after_it_are_read(tmp_path: Path) -> None:
    huge = b"y" * 3_000_000
    file = put(tmp_path / "a.jsonl", b"{}\n" + huge + b"\n" + b"z" * 1_000 + b"\n" + huge + b"\n{}\n" + huge)
    met = read(file)
    assert [m.record_no for m in met] == [0, 1, 2, 3, 4, 5]
    assert [m.content for m in met] == [b"{}", None, b"z" * 1_000, None, b"{}", None]
    check_refused(met[1], "too_large", "record 1")
    check_refused(met[5], "too_large", "record 5")


def test_lines_before_the_break_of_a_compressed_file_are_kept(tmp_path: Path) -> None:
    lines = [os.urandom(40).hex().encode() for _ in range(2_000)]
    packed = gzip.compress(b"\n".join(lines))
    met = read(put(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2]))
    check_refused(met[-1], "broken_gzip")
    kept = [m.content for m in met[:-1]]
    assert len(kept) > 900
    assert kept[:-1] == lines[: len(kept) - 1]


# ------------------------------------------------------------------ sources
def test_a_record_is_named_after_its_source_and_its_place_there(tmp_path: Path) -> None:
    sources = Sources((Source(name="post", paths=("post",)),), tmp_path.resolve())
    inside, outside = put(tmp_path / "post" / "day" / "a.txt"), put(tmp_path / "b.txt")
    met = read(outside, inside, sources=sources)
    assert [(m.source_name, m.source_uri) for m in met] == [
        (FILES_SOURCE, outside.as_posix()), ("post", "post/day/a.txt"),
    ]  # fmt: skip


def test_the_place_in_a_source_is_the_same_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = Sources((Source(name="post", paths=("post",)),), tmp_path.resolve())
    put(tmp_path / "post" / "a.txt")
    monkeypatch.chdir(tmp_path / "post")
    assert [m.source_uri for m in read(Path("a.txt"), sources=sources)] == ["post/a.txt"]
