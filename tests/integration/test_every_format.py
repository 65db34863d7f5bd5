"""One run over every format and every way in which one can be broken: what is good is read, the rest is told."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import polars as pl
import pytest
import zstandard

from tests.archives import encrypted, page, warc, zipped
from tests.news import PAGE, WIRE, record
from tests.workbench import Workbench, quiet

SAID = (
    "Harbour talks go on\n\nTalks at Pell harbour went on for a day.\n\n"
    "“{0},” Harbour Master Ilya Brandt said on Monday.\n"
)
NINJS = {
    "uri": "urn:pond:7", "type": "text", "pubstatus": "usable", "versioncreated": "2026-03-02T08:00:00Z",
    "headline": "Ninjs talks", "body_text": SAID.format("We speak in ninjs"),
}  # fmt: skip
FRONT = "---\ntitle: Markdown talks\ndate: 2026-03-02\n---\n" + SAID.format("We *speak* in Markdown")


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"headline": ["Parquet talks"], "body": [SAID.format("We speak in Parquet")]}).write_parquet(out)
    return out.getvalue()


def write(folder: Path) -> None:
    """Write a good file of each format and one of each kind of bad input."""
    folder.mkdir()
    weir = PAGE.format(title="Crawled", last="It rained.").encode()
    crawl = warc([page("https://pondgazette.example/news/weir", weir),
                  page("https://pondgazette.example/logo.png", b"\x89PNG", "image/png")])  # fmt: skip
    table = f'title;text\nCSV talks;"{SAID.format("We speak in CSV")}"\nragged\n'
    files = {
        "good.csv": table.replace("“", '""').replace("”", '""').encode(), "good.parquet": parquet(),
        "good.md": FRONT.encode(), "good.json": json.dumps([NINJS, json.loads(record(1, "We speak in JSON"))]).encode(),
        "good.txt.zst": zstandard.compress(SAID.format("We speak in Zstandard").encode()), "good.warc.gz": crawl,
        "good.zip": zipped({"../../up.txt": WIRE.encode(), "a.txt": SAID.format("We speak in zip").encode()}),
        "bad.zip": b"PK no zip", "locked.zip": encrypted(b"x"), "bomb.zip": zipped({"x.jsonl": b"\n" * 5_000_000}),
        "cut.txt.gz": gzip.compress(os.urandom(999))[:500], "cut.txt.zst": zstandard.compress(os.urandom(999))[:500],
        "cut.warc.gz": crawl[: len(crawl) // 3], "no-text.csv": b"a,b\n1,2\n3,4\n", "empty.csv": b"",
        "bad.parquet": b"no parquet", "bad.md": b"---\ntitle: [open\n---\nText.\n",
        "empty.json": b"", "no-body.json": json.dumps(NINJS | {"body_text": ""}).encode(),
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    os.close(os.open(os.fsencode(folder) + b"/caf\xe9.csv", os.O_CREAT | os.O_WRONLY))


REFUSED = {
    "good.csv": "ragged_row", "bad.zip": "broken_zip", "secret.txt": "encrypted",
    "bomb.zip": "bomb", "cut.txt.gz": "broken_gzip", "cut.txt.zst": "broken_zstd", "cut.warc.gz": "broken_warc",
    "no-text.csv": "no_text_column", "empty.csv": "empty", "caf\\udce9.csv": "empty", "bad.parquet": "broken_parquet",
    "bad.md": "malformed_front_matter", "empty.json": "empty", "no-body.json": "missing_field", "gone.md": "unreadable",
}  # fmt: skip


@pytest.fixture(scope="module")
def onrecord(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    base = tmp_path_factory.mktemp("formats")
    write(base / "news")
    # The same by URL: nothing of it is new text, and a second way to the files.
    made = Workbench(base / "data", {"ONRECORD_MAX_DOCUMENT_BYTES": "100000"})
    done = quiet(made("run", base / "news", "--date", "2026-03-02"))
    assert done.returncode == 0, done.stdout + done.stderr
    again = quiet(made("run", (base / "news" / "good.md").as_uri(), "--date", "2026-03-02", "--ingest-only"))
    assert again.returncode == 0, again.stdout + again.stderr
    assert "met 1 record, 0 of them unchanged" in again.stdout
    missing = quiet(made("run", "s3://pond/news"))
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    assert "pip install s3fs" in missing.stderr
    return made


def test_what_each_format_says_is_found(onrecord: Workbench) -> None:
    rows = onrecord.rows("SELECT content_text FROM core.statements")
    said = " ".join(str(text) for (text,) in rows)
    for name in ("CSV", "Parquet", "Markdown", "ninjs", "JSON", "Zstandard", "zip"):
        assert f"We speak in {name}" in said, name
    urls = onrecord.rows(
        "SELECT a.url FROM core.article_versions JOIN core.articles a USING (article_id) WHERE headline = 'Crawled'"
    )
    assert urls == [("https://pondgazette.example/news/weir",)]


def test_each_bad_input_is_one_row_of_quarantine(onrecord: Workbench) -> None:
    rows = onrecord.rows("SELECT source_uri, rule, detail FROM ops.quarantine")
    assert sorted((str(uri).rsplit("/", 1)[1], str(rule)) for uri, rule, _ in rows) == sorted(REFUSED.items())
    assert all("\n" not in str(detail) for *_, detail in rows)


def test_every_record_is_accounted_for(onrecord: Workbench) -> None:
    (row,) = onrecord.rows("SELECT count(*), count(outcome) FROM ops.sightings")
    assert row[0] == row[1]
    assert onrecord.rows("SELECT count(*) FROM ops.sightings WHERE outcome = 'ignored'") == [(1,)]
