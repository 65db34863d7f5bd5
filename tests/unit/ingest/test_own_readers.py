"""A reader of a user's own: found by its entry point, told in one line where it cannot be imported."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.compute.worker import parser_version
from pipelines.core.documents.model import Record, Refused, SourceRules
from pipelines.ingest.files import records
from pipelines.ingest.own_readers import own_readers, read
from pipelines.settings import SettingsError, Sources

ROOT = Path(__file__).resolve().parents[3]
NITF = """<?xml version="1.0" encoding="UTF-8"?>
<nitf><head><docdata><doc-id id-string="pond-7"/><date.issue norm="20260302T080000Z"/></docdata></head>
<body><body.head><hedline><hl1>Weir to be rebuilt</hl1></hedline><byline>By <person>Odile Fenn</person></byline>
<dateline><location>MARLOW</location></dateline></body.head>
<body.content><p>The old weir at Marlow Pond will be rebuilt before the summer, the council decided on Monday.</p>
<p>“Nobody wants to wait for a tenth year,” Mayor Edda Quill <em>said</em> after the vote.</p></body.content></body>
</nitf>
"""
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return what installs a package of one module with entry points, as pip would lay it down."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def put(code: str, *points: str, version: str = "1.0", name: str = "pond_reader") -> None:
        (site / f"{name}.py").write_text(textwrap.dedent(code), encoding="utf-8")
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text("[onrecord.readers]\n" + "\n".join(points) + "\n")
        own_readers.cache_clear()

    yield put
    own_readers.cache_clear()
    for module in set(sys.modules) - before:
        if module.endswith("_reader"):
            del sys.modules[module]


def documented() -> str:
    """Return the reader that docs/readers.md shows."""
    text = (ROOT / "docs" / "readers.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "def read_nitf" in block]
    return code


def test_without_packages_there_are_none() -> None:
    own_readers.cache_clear()
    assert (dict(own_readers().by_type), dict(own_readers().suffixes), own_readers().version) == ({}, {}, "")


def test_the_documented_reader_reads_nitf_by_its_suffix(install: Install, tmp_path: Path) -> None:
    plain = parser_version()
    install(documented(), ".nitf = pond_reader:read_nitf")
    file = tmp_path / "weir.nitf"
    file.write_text(NITF, encoding="utf-8")
    (met,) = records([file], Sources((), tmp_path), 10_000, own=own_readers().suffixes)
    assert met.content is not None
    found = read(Record("r", met.content, met.media_type, "files", "weir.nitf"), SourceRules("files"))
    assert found.headline == "Weir to be rebuilt"
    assert (found.supplied_id, found.authors) == ("pond-7", ("Odile Fenn",))
    assert found.published.at is not None
    assert "“Nobody wants to wait for a tenth year,” Mayor Edda Quill said after the vote." in found.text
    assert parser_version() != plain, "another version of the reader must read again"
    for bad in (b"", b"<nitf", b"<nitf></nitf>"):
        with pytest.raises(Refused):
            read(Record("r", bad, met.media_type, "files", "weir.nitf"), SourceRules("files"))


def test_a_reader_may_be_registered_for_a_media_type(install: Install) -> None:
    code = """
        from pipelines.core.documents.compose import Known, compose
        def read_it(record, rules):
            return compose(record.bytes.decode(), Known(), record, rules, guess=False)
    """
    install(code, "application/vnd.pond+text = pond_reader:read_it")
    record = Record("r", b"Words.", "application/vnd.pond+text; charset=utf-8", "files", "a")
    assert read(record, SourceRules("files")).text == "Words."


def test_a_reader_that_fails_is_a_refusal_of_its_record(install: Install) -> None:
    install("def read_it(record, rules): return 1 / 0", ".pond = pond_reader:read_it")
    with pytest.raises(Refused, match=r"reader_failed.*ZeroDivisionError"):
        read(Record("r", b"x", "application/x-pond", "files", "a.pond"), SourceRules("files"))


@pytest.mark.parametrize(
    ("code", "point", "words"),
    [
        ("import no_such_module", ".pond = pond_reader:x", "cannot be imported (ModuleNotFoundError: No module named"),
        ("def other(): pass", ".pond = pond_reader:x", "cannot be imported (AttributeError"),
        ("raise RuntimeError('two\\nlines')", ".pond = pond_reader:x", "cannot be imported (RuntimeError: two lines)"),
        ("x = 3", ".pond = pond_reader:x", "is no function"),
        ("def x(): pass", "pond = pond_reader:x", "name it after a suffix (.nitf) or a media type"),
        ("def x(): pass", ".html = pond_reader:x", "there is one already"),
        ("def x(): pass", "text/html = pond_reader:x", "there is one already"),
    ],
)
def test_a_reader_that_cannot_be_used_is_one_line(install: Install, code: str, point: str, words: str) -> None:
    install(code, point)
    with pytest.raises(SettingsError) as told:
        own_readers()
    assert words in str(told.value)
    assert "pond_reader 1.0" in str(told.value)
    assert "\n" not in str(told.value)
