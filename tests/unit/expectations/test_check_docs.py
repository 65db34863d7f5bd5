"""Data Docs pages without the network."""

from __future__ import annotations

from pathlib import Path

from expectations import docs
from expectations.outcome import CheckOutcome

PAGE = """<html><head><link rel="stylesheet" href="https://cdn.example/a.css"><script src="//cdn.example/a.js"></script>
<style>.x { background: url('https://cdn.example/x.png') 0 0; color: red }</style></head>
<body><img class="a" src="https://cdn.example/logo.png" alt="x"/><a href="https://cdn.example/news">news</a>
<a href="../index.html">Home</a><button onclick="go()">Go</button><script>go()</script><p>2 rows</p></body></html>"""


def test_nothing_is_fetched_and_the_words_stay() -> None:
    page = docs.offline(PAGE)
    assert "cdn.example" not in page
    assert "<script" not in page
    assert "onclick" not in page
    assert "<p>2 rows</p>" in page
    assert '<a href="../index.html">Home</a>' in page
    assert "color: red" in page
    assert page.count("<style>") == 2


def test_index_escapes_and_lists_failures_first() -> None:
    good = CheckOutcome("a_check", "core.a", "warn", True, 3, 0, (), "fine")
    bad = CheckOutcome("b_check", "core.b", "block", False, 3, 1, ({"id": "<i>7"},), "1 failed; first: <b>")
    crash = CheckOutcome("c_check", "core.c", "block", False, None, None, (), "could not be checked", "boom")
    page = docs.index([good, bad, crash], {"b_check": "validations/b.html"})
    assert "3 checks, 2 did not hold" in page
    assert "first: &lt;b&gt;" in page
    assert '<a href="validations/b.html">b_check</a>' in page
    assert "<summary>rows (1)</summary><table><tr><th>id</th></tr><tr><td>&lt;i&gt;7</td></tr></table>" in page
    assert page.index("b_check") < page.index("c_check") < page.index("a_check")


def test_clearing_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "validations" / "old").mkdir(parents=True)
    (tmp_path / "index.html").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    docs.clear(tmp_path)
    docs.clear(tmp_path / "not there")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
