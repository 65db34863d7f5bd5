"""Settings and sources: what is wrong is said in one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import (
    FILES_SOURCE,
    PROJECT_ROOT,
    WEB_SOURCE,
    SettingsError,
    Sources,
    load_settings,
    load_sources,
)


def sources_of(folder: Path, text: str | bytes) -> Sources:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "sources.yaml").write_bytes(data)
    return load_sources(load_settings(data_dir=folder))


def covering(sources: Sources, *parts: str) -> str | None:
    found = sources.covering(sources.root.joinpath(*parts))
    return found and found.name


# ------------------------------------------------------------------ settings
def test_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    named = ("lake_dir", "warehouse", "published", "data_docs_dir", "dagster_home", "dbt_dir", "inbox")
    assert [name for name in named if not getattr(settings, name).is_relative_to(tmp_path)] == []


def test_each_setting_is_an_environment_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path / "x" / ".." / "y"))
    monkeypatch.setenv("ONRECORD_WORKERS", "3")
    monkeypatch.setenv("ONRECORD_QUERY_MEMORY", "512 MiB")
    settings = load_settings()
    assert (settings.data_dir, settings.n_workers, settings.query_memory) == (tmp_path / "y", 3, "512 MiB")


def test_an_empty_environment_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DATA_DIR", "")
    monkeypatch.setenv("ONRECORD_SOURCES_FILE", "")
    assert load_settings().data_dir == PROJECT_ROOT / "data"
    assert load_settings().sources_file is None


def test_no_number_of_workers_means_one_a_core() -> None:
    assert load_settings(workers=0).n_workers >= 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONRECORD_WORKERS", "many"), ("ONRECORD_WORKERS", "-1"), ("ONRECORD_MAX_DOCUMENT_BYTES", "0"),
        ("ONRECORD_BATCH_RECORDS", "1.5"), ("ONRECORD_QUERY_SECONDS", "0"), ("ONRECORD_QUERY_MEMORY", "much"),
        ("ONRECORD_KEEP_PUBLISHED", "-1"), ("ONRECORD_BUILD_MEMORY", "lots"),
            ("ONRECORD_CONTACT", "me\r\nX-Header: 1"), ("ONRECORD_CONTACT", "(me)"),
        ("ONRECORD_REQUEST_GAP_SECONDS", "-1"), ("ONRECORD_ALLOW_PRIVATE_ADDRESSES", "perhaps"),
    ],
)  # fmt: skip
def test_a_bad_setting_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    line = str(caught.value)
    assert line.startswith(f"{name}={value!r}: ")
    assert "\n" not in line


# ------------------------------------------------------------------ sources.yaml
def test_without_a_file_there_are_no_sources(tmp_path: Path) -> None:
    sources = load_sources(load_settings(data_dir=tmp_path))
    assert (sources.sources, sources.inputs(), list(sources.rules())) == ((), [], [FILES_SOURCE, WEB_SOURCE])


def test_a_file_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ONRECORD_SOURCES_FILE=.*gone\.yaml: there is no such file"):
        load_sources(load_settings(data_dir=tmp_path, sources_file=tmp_path / "gone.yaml"))


def test_what_a_source_says_reaches_the_readers(tmp_path: Path) -> None:
    sources = sources_of(
        tmp_path,
        "sources: [{name: post, paths: a, outlet: The Post, domain: post.example, language: en,"
        " timezone: Europe/Lisbon, fields: {text: body}, path_is_key: true}]",
    )
    rules = sources.rules()["post"]
    assert (rules.name, rules.outlet_name, rules.outlet_domain, rules.language) == (
        "post",
        "The Post",
        "post.example",
        "en",
    )
    assert (rules.timezone, rules.fields, rules.is_path_key) == ("Europe/Lisbon", {"text": "body"}, True)


BAD = {
    "no yaml": ("sources: [", "while parsing"),
    "no text": (b"sources: \xff\xfe", "codec can't decode"),
    "a list": ("- name: a\n  paths: b", "expected a list under the key 'sources'"),
    "a word": ("sources", "expected a list under the key 'sources'"),
    "empty": ("", "expected a list under the key 'sources'"),
    "sources that is no list": ("sources: {name: a}", "expected a list under the key 'sources'"),
    "an entry that is no mapping": ("sources: [a]", "source 1: "),
    "no name": ("sources: [{paths: a}]", "source 1: name: Field required"),
    "no paths": (
        "sources: [{name: a}]",
        "source 1: entry: a source has one of paths, feed and sitemap, this one has none",
    ),
    "two kinds": ("sources: [{name: a, paths: b, feed: 'http://a.example/'}]", "this one has paths and feed"),
    "a feed that is no address": ("sources: [{name: a, feed: news.xml}]", "source 1: feed: 'news.xml' is not an http"),
    "a sitemap on the disk": ("sources: [{name: a, sitemap: 'file:///etc/passwd'}]", "source 1: sitemap: "),
    "a password in an address": ("sources: [{name: a, feed: 'http://me:secret@a.example/'}]", "source 1: feed: "),
    "a feed of a broken address": ("sources: [{name: a, feed: 'http://[a/'}]", "source 1: feed: "),
    "no feed": ("sources: [{name: a, feed: []}]", "source 1: feed: "),
    "full text that is neither": (
        "sources: [{name: a, feed: 'http://a.example/', full_text: all}]",
        "source 1: full_text: Input should be 'entry' or 'page'",
    ),
    "full text of files": (
        "sources: [{name: a, paths: b, full_text: page}]",
        "source 1: entry: full_text has no meaning for a source with paths: leave it out",
    ),
    "a day that is none": ("sources: [{name: a, sitemap: 'http://a.example/', since: yesterday}]", "source 1: since: "),
    "a since of a feed": ("sources: [{name: a, feed: 'http://a.example/', since: 2026-03-02}]", "since has no meaning"),
    "every minute": ("sources: [{name: a, feed: 'http://a.example/', every_minutes: 1}]", "source 1: every_minutes: "),
    "a second reserved name": ("sources: [{name: web, paths: b}]", "name used twice or reserved: web"),
    "paths that hold none": ("sources: [{name: a, paths: []}]", "source 1: paths: "),
    "a name with a slash": ("sources: [{name: a/b, paths: x}]", "source 1: name: "),
    "an unknown key": ("sources: [{name: a, paths: b}, {name: c, path: d}]", "source 2: path"),
    "a language that is no code": ("sources: [{name: a, paths: b, language: English}]", "source 1: language: "),
    "a zone that there is none of": ("sources: [{name: a, paths: b, timezone: Mars/Olympus}]", "source 1: timezone: "),
    "a zone that is a path": ("sources: [{name: a, paths: b, timezone: ../etc/passwd}]", "source 1: timezone: "),
    "a field that we do not have": ("sources: [{name: a, paths: b, fields: {titel: t}}]", "source 1: fields: "),
    "an empty pattern": ("sources: [{name: a, paths: ''}]", "source 1: paths: "),
    "an absolute pattern": ("sources: [{name: a, paths: /var/news}]", "source 1: paths: "),
    "a pattern that leads out": ("sources: [{name: a, paths: ../news}]", "source 1: paths: "),
    "a name used twice": ("sources: [{name: a, paths: b}, {name: a, paths: c}]", "name used twice or reserved: a"),
    "a reserved name": ("sources: [{name: files, paths: b}]", "name used twice or reserved: files"),
}


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_line_that_names_the_file_and_the_entry(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        sources_of(tmp_path, text)
    line = str(caught.value)
    assert line.startswith(f"{tmp_path / 'sources.yaml'}: ")
    assert says in line
    assert "\n" not in line


def test_feeds_and_sitemaps_and_the_sources_that_name_them(tmp_path: Path) -> None:
    sources = sources_of(
        tmp_path,
        "sources: [{name: a, feed: ['http://a.example/1', 'http://a.example/2']}, {name: b, paths: c},"
        " {name: d, sitemap: 'https://d.example/map.xml', since: 2026-03-02}]",
    )
    addresses = ["http://a.example/1", "http://a.example/2", "https://d.example/map.xml"]
    assert sources.addresses() == addresses
    named = [sources.naming(address) for address in [*addresses, "http://a.example/3"]]
    assert [s and s.name for s in named] == ["a", "a", "d", None]
    assert sources.inputs() == []


@pytest.mark.parametrize("contact", ["desk@wire.example", "https://wire.example/bot?who=us"])
def test_a_contact_is_an_address(contact: str) -> None:
    assert load_settings(contact=contact).contact == contact


# ------------------------------------------------------------------ which source a file belongs to
PATTERNS = """
sources:
  - {name: export, paths: "*/post/export-*.jsonl"}
  - {name: post, paths: ["*/post", extra.txt]}
  - {name: deep, paths: "archive/**/*.html"}
"""


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("day1/post/export-1.jsonl", "export"), ("day1/post/other.jsonl", "post"), ("day1/post/a/b.txt", "post"),
        ("extra.txt", "post"), ("post/a.txt", None), ("x/day1/post/a.txt", None), ("x/extra.txt", None),
        ("archive/a.html", "deep"), ("archive/x/y/z/a.html", "deep"), ("archive/a.txt", None),
        ("x/archive/a.html", None),
        ("day1/other/export-1.jsonl", None), ("../day1/post/a.txt", None),
    ],
)  # fmt: skip
def test_the_first_source_that_covers_a_file_has_it(tmp_path: Path, path: str, source: str | None) -> None:
    assert covering(sources_of(tmp_path, PATTERNS), path) == source


def test_what_the_sources_name_is_what_they_cover(tmp_path: Path) -> None:
    for name in ("day1/post/a.txt", "extra.txt", "archive/x/y/a.html", "archive/a.html", "x/extra.txt", "other.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    sources = sources_of(tmp_path, PATTERNS)
    found = [p.relative_to(tmp_path).as_posix() for p in sources.inputs()]
    assert found == ["archive/a.html", "archive/x/y/a.html", "day1/post", "extra.txt"]
    assert None not in [covering(sources, name) for name in found]


def test_a_link_belongs_where_it_leads(tmp_path: Path) -> None:
    sources = sources_of(tmp_path, PATTERNS)
    (tmp_path / "day1" / "post").mkdir(parents=True)
    (tmp_path / "day1" / "post" / "a.txt").touch()
    (tmp_path / "link.txt").symlink_to(tmp_path / "day1" / "post" / "a.txt")
    assert covering(sources, "link.txt") == "post"


def test_the_hash_changes_with_what_decides_how_a_record_is_read(tmp_path: Path) -> None:
    texts = (
        "sources: [{name: a, paths: b}]",
        "sources:\n- paths: b\n  name: a",
        "sources: [{name: a, paths: b, language: en}]",
    )
    one, same, other = (sources_of(tmp_path, text).sha256() for text in texts)
    assert one == same != other
