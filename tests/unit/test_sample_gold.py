"""The gold of data/sample agrees with itself and with the files it describes."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.ingest.file_records import KINDS, kind_of

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
ALLOWED = {
    "tier": {"core", "extended"},
    "section": {"headline", "standfirst", "body", "caption"},
    "type": {"direct", "indirect", "mixed"},
    "source_kind": {
        "named_person", "organisation", "state", "collective", "role_only", "anonymous", "document", "unattributed",
    },
    "method": {
        "name", "elided_subject", "passive_agent", "pronoun", "relative", "first_person", "role_reference", "metonym",
        "collective", "carried_forward", "colon_lead_in", "block_quote", "transcript", "none",
    },
    "polarity": {"asserted", "negated", "hypothetical", "question", "future"},
}  # fmt: skip
ACTOR_TYPES = {"person", "org", "country", "group", "role", "document"}


def _read_gold() -> list[dict[str, Any]]:
    lines = (SAMPLE / "gold" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _decoded(path: str) -> str:
    archive, _, member = path.partition("!/")
    data = (SAMPLE / archive).read_bytes()
    if archive.endswith(".zip"):
        return zipfile.ZipFile(io.BytesIO(data)).read(member).decode()
    return (gzip.decompress(data) if archive.endswith(".gz") else data).decode()


def _rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a table, or the objects of lines of JSON; a line that is none is empty."""
    if path.endswith(".parquet"):
        return pl.read_parquet(SAMPLE / path).to_dicts()
    if path.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(_decoded(path), newline="")))
    return [json.loads(line) if line.endswith("}") else {} for line in _decoded(path).splitlines()]


GOLD = _read_gold()
EACH_ARTICLE = pytest.mark.parametrize("article", GOLD, ids=[article["doc"] for article in GOLD])


def test_size_and_unique_docs() -> None:
    docs = [article["doc"] for article in GOLD]
    assert len(docs) == len(set(docs))
    records = [(article["path"], article.get("record_no")) for article in GOLD]
    assert len(records) == len(set(records))
    assert sum(len(article["statements"]) for article in GOLD) >= 200


def test_every_input_file_is_described_once() -> None:
    refused = json.loads((SAMPLE / "gold" / "quarantine.json").read_text(encoding="utf-8"))
    repeats = [path for article in GOLD for path in article["metadata"]["resightings"]]
    articles = {article["path"].partition("!/")[0] for article in GOLD}
    described = articles | {record["path"] for record in refused} | set(repeats)
    present = {str(path.relative_to(SAMPLE)) for path in SAMPLE.glob("day*/*/*")}
    assert described == present


@EACH_ARTICLE
def test_spans_cut_their_own_text(article: dict[str, Any]) -> None:
    text = article["text"]
    for statement in article["statements"]:
        for role in ("source", "cue", "content"):
            cut = [text[start:end] for start, end in statement[role]]
            assert cut == statement[f"{role}_text"]
            assert all(part and part == part.strip() for part in cut)
        assert statement["content"]
    assert [text[start:end] for start, end in article["not_speech"]] == article["not_speech_text"]


@EACH_ARTICLE
def test_values_and_references(article: dict[str, Any]) -> None:
    by_id = {statement["id"]: statement for statement in article["statements"]}
    assert len(by_id) == len(article["statements"])
    names = {actor["name"] for actor in article["actors"]}
    for statement in article["statements"]:
        assert all(statement[field] in values for field, values in ALLOWED.items())
        assert set(statement["speakers"]) <= names
        assert statement["speaker"] == (statement["speakers"][0] if len(statement["speakers"]) == 1 else None)
        assert statement["method"] != "none" or not statement["speakers"]
        parent = by_id[statement["parent"]] if statement["parent"] else None
        assert statement["depth"] == (parent["depth"] + 1 if parent else 0)
        if parent or statement["is_attitude"] or statement["section"] != "body":
            assert statement["tier"] == "extended"
    for actor in article["actors"]:
        assert actor["type"] in ACTOR_TYPES
        assert all(alias in article["text"] for alias in actor["aliases"])


@EACH_ARTICLE
def test_text_is_the_text_of_the_file(article: dict[str, Any]) -> None:
    path = article["path"].removesuffix(".gz")
    if "record_no" in article and ".warc" not in path:
        record = _rows(article["path"])[article["record_no"]]
        parts = (record.get("title") or record["headline"], record.get("text") or record["body"])
        assert " ".join(" ".join(parts).split()) == " ".join(article["text"].split())
    elif path.endswith(".json"):
        item = json.loads(_decoded(article["path"]))
        assert f"{item['headline']}\n\n{item['body_text']}" == article["text"]
    elif path.endswith(".txt"):
        assert _decoded(article["path"]) == article["text"]
    else:
        assert article["metadata"]["url"] in _decoded(article["path"])


def test_there_is_one_of_each_format() -> None:
    synonyms = {".text", ".htm", ".markdown", ".ndjson", ".tsv"}
    found = {kind_of(path.name, {}) for path in SAMPLE.glob("day*/*/*")}
    assert {kind for kind, _ in filter(None, found)} == set(KINDS) - synonyms


def test_versions_and_repeats_point_at_articles() -> None:
    by_doc = {article["doc"]: article for article in GOLD}
    for article in GOLD:
        metadata = article["metadata"]
        if metadata["supersedes"]:
            before = by_doc[metadata["supersedes"]]
            assert before["metadata"]["url"] == metadata["url"]
            assert before["text"] != article["text"]
        assert metadata["copy_of"] is None or metadata["copy_of"] in by_doc
        for path in metadata["resightings"]:
            assert (SAMPLE / path).read_bytes() == (SAMPLE / article["path"]).read_bytes()
