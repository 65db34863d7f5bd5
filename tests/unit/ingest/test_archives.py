"""Compressed files, zips and WARCs: cut within bounds, and broken ones told in one line while the rest goes on."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard

from pipelines.core.documents.model import HTTP_ERROR, NO_NEWS_TYPE, UNKNOWN_FORMAT
from pipelines.ingest.files import records
from pipelines.ingest.met_records import MetRecord
from pipelines.settings import Sources
from tests.archives import encrypted, page, warc, zipped

NOWHERE = Sources((), Path("/nowhere"))
LINE = b"x" * 999 + b"\n"
NOISE = os.urandom(60_000).hex().encode()


def read(tmp_path: Path, name: str, content: bytes, max_bytes: int = 200_000) -> list[MetRecord]:
    file = tmp_path / name
    file.write_bytes(content)
    met = list(records([file], NOWHERE, max_bytes))
    for record in met:
        assert record.source_uri.startswith(file.as_posix())
        assert (record.content is None) == (record.refusal_rule is not None)
        if record.refusal_detail is not None:
            assert "\n" not in record.refusal_detail
            assert record.refusal_detail.startswith(f"{record.source_uri}: ")
    return met


def last_of(tmp_path: Path, name: str, content: bytes) -> tuple[MetRecord, int]:
    """Return the last record of a bomb, and how many there are; none of them is held."""
    (tmp_path / name).write_bytes(content)
    tracemalloc.start()
    try:
        number = 0
        for met in records([tmp_path / name], NOWHERE, 100_000):
            number, last = number + 1, met
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    return last, number


def told(met: list[MetRecord]) -> list[tuple[str, int | None, str | None]]:
    return [(m.source_uri.partition("!/")[2], m.record_no, m.refusal_rule) for m in met]


# ------------------------------------------------------------------ zstd
def test_a_zstd_file_is_the_file_in_it_also_in_several_frames(tmp_path: Path) -> None:
    packed = zstandard.compress(b"one\n") + zstandard.compress(NOISE)
    assert [m.content for m in read(tmp_path, "a.txt.zst", packed)] == [b"one\n" + NOISE]
    lines = b"".join(b'{"n": %d}\n' % n for n in range(5_000))
    met = read(tmp_path, "b.jsonl.zst", zstandard.ZstdCompressor(write_checksum=True).compress(lines))
    assert [m.record_no for m in met] == list(range(5_000))
    assert met[-1].content == b'{"n": 4999}'


@pytest.mark.parametrize(
    "content",
    [b"no zstd at all", zstandard.compress(NOISE)[:20_000], zstandard.compress(NOISE)[:3],
     zstandard.compress(b"whole") + zstandard.compress(NOISE)[:500]],
    ids=["other bytes", "cut off", "half a head", "second frame cut off"],
)  # fmt: skip
def test_a_broken_zstd_is_refused(tmp_path: Path, content: bytes) -> None:
    (met,) = read(tmp_path, "a.txt.zst", content)
    assert (met.refusal_rule, met.content) == ("broken_zstd", None)


@pytest.mark.parametrize(("name", "rule"), [("a.txt.zst", "too_large"), ("a.jsonl.zst", "bomb"), ("a.csv.zst", "bomb")])
def test_a_zstd_bomb_is_refused_without_being_unpacked(tmp_path: Path, name: str, rule: str) -> None:
    bomb = zstandard.compress(b"text\n" + LINE * 50_000)
    last, _ = last_of(tmp_path, name, bomb)
    assert last.refusal_rule == rule


def test_lines_before_the_break_are_kept(tmp_path: Path) -> None:
    lines = [os.urandom(40).hex().encode() for _ in range(5_000)]
    packed = zstandard.compress(b"\n".join(lines))
    met = read(tmp_path, "a.jsonl.zst", packed[: len(packed) // 2])
    assert met[-1].refusal_rule == "broken_zstd"
    assert len(met) > 100
    assert [m.content for m in met[:-2]] == lines[: len(met) - 2]


# ------------------------------------------------------------------ zip
def test_a_member_is_cut_by_its_own_suffix(tmp_path: Path) -> None:
    inner = zipped({"deep.txt": b"deep"})
    members = {
        "b.txt": b"b", "folder/": b"", "folder/a.html": b"<p>a", "lines.jsonl": b"{}\n\n{}", "packed.txt.gz":
        gzip.compress(b"p"), "t.csv": b"text\nrow", "list.json": b'[{"text": "x"}, 2]', "photo.jpg": b"\xff\xd8",
        "inner.zip": inner, "crawl.warc.gz": warc([page("https://pond.example/a", b"<p>w")]),
    }  # fmt: skip
    met = read(tmp_path, "a.zip", zipped(members))
    assert told(met) == [
        ("b.txt", None, None), ("folder/a.html", None, None), ("lines.jsonl", 0, None), ("lines.jsonl", 2, None),
        ("packed.txt.gz", None, None), ("t.csv", 0, None), ("list.json", 0, None), ("list.json", 1, None),
        ("photo.jpg", None, UNKNOWN_FORMAT), ("inner.zip!/deep.txt", None, None),
        ("crawl.warc.gz!/https://pond.example/a", 0, None),
    ]  # fmt: skip
    assert [m.content for m in met if m.content][:2] == [b"b", b"<p>a"]
    assert [m.media_type for m in met if m.content][:2] == ["text/plain", "text/html"]


def test_a_name_that_leads_elsewhere_is_only_a_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    met = read(tmp_path / "in", "a.zip", zipped({"../../x.txt": b"up", "/etc/y.txt": b"top", "a\nb\x1b.txt": b"odd"}))
    assert [m.content for m in met] == [b"up", b"top", b"odd"]
    assert [m.source_uri.partition("a.zip!/")[2] for m in met] == ["../../x.txt", "/etc/y.txt", "a\\nb\\x1b.txt"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_two_members_of_one_name_are_two_records(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = zipped([("a.txt", b"one"), ("a.txt", b"two")])
    met = read(tmp_path, "a.zip", packed)
    assert [(m.source_uri.partition("!/")[2], m.content) for m in met] == [("a.txt", b"one"), ("a.txt (2)", b"two")]


def test_what_a_walk_would_pass_over_is_passed_over(tmp_path: Path) -> None:
    met = read(
        tmp_path, "a.zip", zipped({".hidden.txt": b"x", "__MACOSX/._a.txt": b"x", ".git/a.txt": b"x", "a.txt": b"a"})
    )
    assert [m.content for m in met] == [b"a"]


@pytest.mark.parametrize("content", [b"", b"no zip", zipped({"a.txt": NOISE})[:40_000]], ids=["empty", "other", "cut"])
def test_a_broken_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (met,) = read(tmp_path, "a.zip", content)
    assert met.refusal_rule == "broken_zip"


def test_a_broken_or_encrypted_member_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    packed = bytearray(zipped([("a.txt", b"a"), ("b.txt", NOISE), ("c.txt", b"c")]))
    at = packed.index(b"b.txt") + 5_000
    packed[at : at + 50] = b"\xff" * 50
    assert told(read(tmp_path, "a.zip", bytes(packed))) == [
        ("a.txt", None, None), ("b.txt", None, "broken_zip"), ("c.txt", None, None),
    ]  # fmt: skip
    assert told(read(tmp_path, "b.zip", encrypted(b"words"))) == [("secret.txt", None, "encrypted")]
    odd = bytearray(zipped({"a.txt": b"a"}))
    odd[8] = odd[odd.index(b"PK\x01\x02") + 10] = 97
    assert told(read(tmp_path, "c.zip", bytes(odd))) == [("a.txt", None, "unsupported_zip")]


def test_a_zip_bomb_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    one, _ = last_of(tmp_path, "one.zip", zipped({"a.txt": bytes(30_000_000)}))
    many, n_many = last_of(tmp_path, "many.zip", zipped({f"{n}.txt": bytes(90_000) for n in range(300)}))
    lines, _ = last_of(tmp_path, "lines.zip", zipped({"a.jsonl": LINE * 50_000}))
    assert (one.refusal_rule, many.refusal_rule, lines.refusal_rule) == ("too_large", "bomb", "bomb")
    assert 1 < n_many < 200


def test_archives_in_archives_are_opened_to_a_bound(tmp_path: Path) -> None:
    packed = zipped({"deepest.txt": b"deepest"})
    for name in ("third.zip", "second.zip"):
        packed = zipped({name: packed, f"beside-{name}.txt": b"beside"})
    met = read(tmp_path, "first.zip", packed)
    assert told(met) == [
        ("second.zip!/third.zip", None, "too_deep"), ("second.zip!/beside-third.zip.txt", None, None),
        ("beside-second.zip.txt", None, None),
    ]  # fmt: skip


def test_a_list_of_members_that_memory_cannot_hold_is_refused_unread(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a.txt": b"a"}))
    end = packed.index(b"PK\x05\x06")
    packed[end + 12 : end + 16] = (80_000_000).to_bytes(4, "little")
    (met,) = read(tmp_path, "a.zip", bytes(packed))
    assert met.refusal_rule == "too_many_members"


def test_a_parquet_file_in_a_zip_is_read_from_its_end(tmp_path: Path) -> None:
    import polars as pl

    out = io.BytesIO()
    pl.DataFrame({"text": ["row one", "row two"]}).write_parquet(out)
    met = read(tmp_path, "a.zip", zipped({"t.parquet": out.getvalue()}))
    assert [m.content for m in met] == [b'{"text": "row one"}', b'{"text": "row two"}']


def test_zips_whose_size_stands_behind_their_members_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()

    class Unseekable(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:  # type: ignore[override]
            return out.write(bytes(data))  # type: ignore[call-overload]

    with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr("a.txt", b"streamed")
    assert [m.content for m in read(tmp_path, "a.zip", out.getvalue())] == [b"streamed"]


# ------------------------------------------------------------------ WARC
CRAWL = [
    page("https://pond.example/a", "<p>Zoë".encode("cp1252"), "text/html; charset=windows-1252"),
    page("https://pond.example/logo.png", b"\x89PNG", "image/png"),
    page("https://pond.example/gone", b"<p>gone", status="404 Not Found"),
    page("https://pond.example/b?x=1", b"<p>b", "application/xhtml+xml"),
    page("https://pond.example/robots.txt", b"User-agent: *", "text/plain"),
    page("https://pond.example/odd", b"<p>c", 'text/html; charset="no-such-codec"'),
]


@pytest.mark.parametrize("is_packed", [True, False])
def test_responses_are_records_and_what_is_no_page_is_passed_over(tmp_path: Path, is_packed: bool) -> None:
    met = read(tmp_path, "a.warc.gz" if is_packed else "a.warc", warc(CRAWL, is_packed=is_packed))
    assert told(met) == [
        ("https://pond.example/a", 0, None), ("https://pond.example/logo.png", 1, NO_NEWS_TYPE),
        ("https://pond.example/gone", 2, HTTP_ERROR), ("https://pond.example/b?x=1", 3, None),
        ("https://pond.example/robots.txt", 4, NO_NEWS_TYPE), ("https://pond.example/odd", 5, None),
    ]  # fmt: skip
    assert [(m.media_type, m.content) for m in met if m.content] == [
        ("text/html; charset=cp1252", "<p>Zoë".encode("cp1252")), ("application/xhtml+xml", b"<p>b"),
        ("text/html", b"<p>c"),
    ]  # fmt: skip


def test_a_response_that_the_server_packed_is_unpacked_within_bounds(tmp_path: Path) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for name, body in (("small", b"<p>small"), ("bomb", bytes(50_000_000)), ("after", b"<p>after")):
        headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
        told_ = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        payload = io.BytesIO(gzip.compress(body))
        writer.write_record(
            writer.create_warc_record(f"https://pond.example/{name}", "response", payload=payload, http_headers=told_)
        )
    met = read(tmp_path, "a.warc.gz", out.getvalue())
    assert [(m.content, m.refusal_rule) for m in met] == [
        (b"<p>small", None), (None, "too_large"), (b"<p>after", None),
    ]  # fmt: skip


@pytest.mark.parametrize("is_packed", [True, False])
def test_the_records_before_the_end_of_a_cut_file_are_kept(tmp_path: Path, is_packed: bool) -> None:
    whole = warc([page(f"https://pond.example/{n}", NOISE) for n in range(4)], is_packed=is_packed)
    for share in (0.4, 0.6, 0.9):
        met = read(tmp_path, "a.warc.gz" if is_packed else "a.warc", whole[: int(len(whole) * share)])
        assert met[-1].refusal_rule == "broken_warc"
        assert [m.refusal_rule for m in met[:-1]] == [None] * (len(met) - 1)
        good = [m for m in met[:-1] if m.content == NOISE]
        assert 1 <= len(good) <= 3
        assert len(good) == len(met) - 1, "half a page is no page"


@pytest.mark.parametrize(
    "content",
    [b"", b"no warc\r\n\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n", gzip.compress(b"no warc"),
     gzip.compress(gzip.decompress(warc(CRAWL)))],
    ids=["empty", "other", "half a head", "gzip of other", "packed as a whole"],
)  # fmt: skip
def test_a_broken_warc_is_refused(tmp_path: Path, content: bytes) -> None:
    name = "a.warc.gz" if content.startswith(b"\x1f") else "a.warc"
    assert read(tmp_path, name, content)[-1].refusal_rule == "broken_warc"
