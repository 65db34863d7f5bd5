"""Refused records come through after a fix, at the cost of their batches; a later success is visible."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.site import Answer, serving
from tests.web_news import item, rss, sitemap
from tests.workbench import Workbench, contents, good, refused

SOURCES = """sources:
- {{name: wire, paths: "wire/*", outlet: The Wire, fields: {{text: {text}}}}}
- {{name: letters, feed: "{site}/feed", full_text: page, outlet: Letters, fields: {{text: {text}}}}}
- {{name: archive, sitemap: "{site}/news.xml", outlet: The Archive, fields: {{text: {text}}}}}
"""
QUOTE = "“The ferry will stop in June,” Tomas Arden, the director of Arden Lines, said on Monday."


def line(number: int, field: str) -> str:
    return json.dumps({"id": str(number), "title": f"Part {number}", field: f"{QUOTE}\n\nIt was talk number {number}."})


class Replaying(Workbench):
    """The command, and sources whose site was there on the first day only."""

    def read_from(self, field: str, site: str = "http://127.0.0.1:9") -> None:
        """Say in which field the sources have their text."""
        (self.data / "sources.yaml").write_text(SOURCES.format(text=field, site=site), encoding="utf-8")


@pytest.fixture(scope="module")
def onrecord(tmp_path_factory: pytest.TempPathFactory) -> Replaying:
    """Two days, with refusals of four kinds on the first: other fields, a broken line, what is too large, a dead link.

    Other fields also have the page of a feed's entry and a page of a sitemap.
    """
    folder = tmp_path_factory.mktemp("replay")
    onrecord = Replaying(
        folder / "data", {"ONRECORD_ALLOW_PRIVATE_ADDRESSES": "true", "ONRECORD_REQUEST_GAP_SECONDS": "0"}
    )
    wire = onrecord.data / "wire"
    wire.mkdir(parents=True)
    (wire / "a.jsonl").write_text(
        "\n".join([line(0, "story"), line(1, "body_text"), '{"id": "2"', line(3, "body_text")])
    )
    (folder / "long.txt").write_text("A long talk\n\n" + f"{QUOTE}\n\n" * 40, encoding="utf-8")
    (folder / "short.txt").write_text(f"A short talk\n\n{QUOTE}\n", encoding="utf-8")
    with serving() as site:
        here = f"http://127.0.0.1:{site.port}"
        onrecord.read_from("story", here)
        links = {f"{here}/8.json": None, f"{here}/gone": None}
        site.routes = {
            "/feed": Answer(rss(item(7, link=f"{here}/7.json")), media_type="application/rss+xml"),
            "/news.xml": Answer(sitemap(links), media_type="application/xml"),
            **{f"/{n}.json": Answer(line(n, "body_text").encode(), media_type="application/json") for n in (7, 8)},
        }
        inputs = (wire, folder / "long.txt", f"{here}/feed", f"{here}/news.xml")
        good(onrecord("run", *inputs, "--date", "2026-03-02", env={"ONRECORD_MAX_DOCUMENT_BYTES": "2000"}))
    good(onrecord("run", folder / "short.txt", "--date", "2026-03-03"))
    return onrecord


def test_replay(onrecord: Replaying) -> None:
    open_ones = "SELECT rule, count(*) FROM ops.open_refusals GROUP BY 1 ORDER BY 1"
    assert onrecord.rows(open_ones) == [
        ("http_404", 1), ("malformed_json", 1), ("missing_field", 4), ("too_large", 1),
    ]  # fmt: skip
    sources = onrecord.rows("SELECT DISTINCT source_name FROM ops.open_refusals ORDER BY 1")
    assert sources == [("archive",), ("files",), ("letters",), ("wire",)]

    # Nothing was fixed: nothing is built, and the reasons are told.
    before = onrecord.published.stat()
    done = good(onrecord("replay", "--source", "wire", "--since", "2026-03-02"))
    assert done.stdout.splitlines()[0] == "replayed 3 refusals: 0 came through, 3 are refused"
    assert "still refused, missing_field: 2, for example: The object has no" in done.stdout
    assert "still refused, malformed_json: 1" in done.stdout
    assert (done.stderr, onrecord.published.stat()) == ("", before)

    # The settings were fixed: the batch of these refusals is read again, the other day is not touched. What came from
    # the web is read from what was kept of it: the site is gone.
    onrecord.read_from("body_text")
    old = onrecord.rows("SELECT version_id FROM internal.version_facts WHERE outlet_name <> 'The Wire'")
    done = good(onrecord("replay", "--rule", "missing_field"))
    assert done.stdout.splitlines()[-1] == "replayed 4 refusals: 4 came through, 0 are refused"
    assert "parse: 8 records in" in done.stderr
    assert "wire: reading again: " in done.stderr
    assert onrecord.rows("SELECT count(*) FROM core.article_versions WHERE headline IN ('Part 1', 'Part 3')") == [(2,)]
    fetched = onrecord.rows(
        "SELECT o.name, v.headline FROM core.article_versions v JOIN core.articles USING (article_id) "
        "JOIN core.outlets o USING (outlet_id) WHERE o.name IN ('Letters', 'The Archive') ORDER BY 1"
    )
    assert fetched == [("Letters", "Part 7"), ("The Archive", "Part 8")]
    assert set(old) <= set(onrecord.rows("SELECT version_id FROM internal.version_facts"))
    assert onrecord.rows("SELECT rule, count(*), count(resolved_at) FROM ops.quarantine GROUP BY 1 ORDER BY 1") == [
        ("http_404", 1, 0),
        ("malformed_json", 1, 0),
        ("missing_field", 5, 4),
        ("too_large", 1, 0),
    ], "record 0 has no such field now"
    came = "SELECT source_name, n_changes FROM ops.reprocessing WHERE what = 'version' AND effect = 'came' ORDER BY 1"
    assert onrecord.rows(came) == [("archive", 1), ("letters", 1), ("wire", 2)]
    assert good(onrecord("run", onrecord.data.parent / "short.txt", "--date", "2026-03-03")).stdout.endswith(
        "nothing new: nothing was built\n"
    )

    # Of what was not got from the web nothing is kept: the next run asks for it again, where that is of use.
    done = good(onrecord("replay", "--rule", "http_404"))
    assert done.stdout.splitlines()[0] == "replayed 1 refusal: 0 came through, 1 is refused"
    assert "nothing of it was kept, so that it has to be fetched again: onrecord run http://127.0.0.1" in done.stdout

    # A record that was refused unread is met again at its place.
    done = good(onrecord("replay", "--rule", "too_large"))
    assert done.stdout.splitlines()[-1] == "replayed 1 refusal: 1 came through, 0 are refused"
    assert ("too_large", 1) not in onrecord.rows(open_ones)
    assert onrecord.rows("SELECT count(*) FROM core.article_versions WHERE headline = 'A long talk'") == [(1,)]

    # A rebuild from the raw documents gives the same, and keeps what was refused once.
    after, kept = contents(onrecord.published), onrecord.rows("SELECT count(resolved_at) FROM ops.quarantine")
    good(onrecord("rebuild"))
    assert contents(onrecord.published) == after
    assert onrecord.rows("SELECT count(resolved_at) FROM ops.quarantine") == kept == [(4,)]


def test_what_cannot_be_replayed_is_told_in_one_line(onrecord: Replaying, tmp_path: Path) -> None:
    assert "nothing is refused" in refused(Workbench(tmp_path / "data")("replay"), 2)
    assert "there is http_404, malformed_json" in refused(onrecord("replay", "--rule", "nonsense"), 2)
    assert "--source post; there is" in refused(onrecord("replay", "--source", "post"), 2)
    assert "no open refusal is of that rule" in refused(onrecord("replay", "--since", "2099-01-01"), 2)
    assert "is not a day" in onrecord("replay", "--since", "soon").stderr
