"""Accuracy gates on the made-up sample news, whose right answers lie beside it in data/sample/gold.

They need nothing outside of the checkout, neither Dagster nor dbt: the files of the four days go through the pure
functions as a run calls them, and what they give is compared with the gold, article by article.

A floor is the measured figure less one point. Lowering one is a decision, with its reason in the commit.
Print the figures with: pytest -s tests/quality/test_sample_quality.py
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.compute.worker import extract_chunk, resolve_texts
from pipelines.contracts import table
from pipelines.core.attribution import Extraction
from pipelines.core.documents.batches import Parsed, assemble, read_documents
from pipelines.core.ids import mk_id, sha256_hex
from pipelines.evaluation.attribution import Spans, characters, evaluate, match_content
from pipelines.ingest.files import records
from pipelines.ingest.met_records import MetRecord
from pipelines.settings import REFERENCE_DIR, load_settings, load_sources

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
DAYS = {date(2026, 3, n + 1): SAMPLE / f"day{n}" for n in (1, 2, 3, 4)}
Row = dict[str, Any]

MARGIN = 0.01
# Three were lowered when the model took over from rules: it finds a tenth more statements, and these are the harder
# ones (cue_class 0.894 -> 0.869, method 0.748 -> 0.716, none invented 0.906 -> 0.854; of 37 that nobody is named for,
# two more are given a name since the scorer learned from many kinds of news: 0.81).
MEASURED = {
    "content F1": 0.865,
    "content recall, core": 0.842,
    "strict content F1": 0.788,
    "content + source F1": 0.822,
    "content + source + cue F1": 0.820,
    "type": 0.950,
    "polarity": 0.966,
    "polarity, not asserted": 0.625,
    "tier": 0.891,
    "section": 0.981,
    "is_attitude": 0.994,
    "depth": 0.988,
    "cue_class, of those we have": 0.869,
    "source_kind": 0.717,
    "method": 0.716,
    "speaker": 0.741,
    "speaker, of core": 0.768,
    "speaker, nameless ones described": 0.793,
    "speaker, none invented": 0.81,
    "stated date": 0.988,
    "stated date, where there is one": 0.846,
    "stated date, none invented": 1.0,
}
"""All on 2026-11-22, rule tagger, 40 articles with 404 gold statements, of which 322 were matched."""

NOT_SPEECH = 11  # of 17; one less than by rules: the model takes a scare quote into what was said around it


Speaker = tuple[str, str]
"""Name and type of an entity."""


@dataclass(frozen=True)
class Read:
    """What the four days gave."""

    gold: list[Row]
    versions: dict[str, Row]
    outcomes: dict[tuple[str, int | None], Row]
    quarantine: pl.DataFrame
    extraction: Extraction
    speakers: dict[str, list[Speaker]]

    def version_of(self, article: Row) -> Row:
        """The version that the article's record gave; a record that is no new version is an error."""
        outcome = self.outcomes[article["path"], article.get("record_no")]
        assert outcome["outcome"] == "parsed", (article["doc"], outcome)
        return self.versions[outcome["version_id"]]


def _sightings(day: date, met: Iterable[MetRecord]) -> pl.DataFrame:
    columns = ("ingest_date", "batch_id", "sighting_id", "raw_id", "source_name", "source_uri", "record_no", "seen_at",
               "is_unchanged", "refusal_rule", "refusal_detail")  # fmt: skip
    schema = {name: table("lake", "sightings")[name].polars for name in columns}
    rows = [
        {
            "ingest_date": day, "batch_id": f"{day}-000001", "source_name": m.source_name, "source_uri": m.source_uri,
            "sighting_id": mk_id("sighting", str(day), m.source_name, m.source_uri, m.record_no),
            "raw_id": None if m.content is None else sha256_hex(m.content), "record_no": m.record_no,
            "seen_at": datetime.combine(day, time(23), UTC), "is_unchanged": False, "refusal_rule": m.refusal_rule,
            "refusal_detail": m.refusal_detail, "bytes": m.content, "media_type": m.media_type,
        }
        for m in met
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema | {"bytes": pl.Binary(), "media_type": pl.String()})


def _speakers(texts: pl.DataFrame, extraction: Extraction) -> dict[str, list[Speaker]]:
    """Return the entities that said each statement; of joint speakers all."""
    resolution, failed = resolve_texts(texts, extraction)
    assert not failed
    answers = resolution.statement_entities.filter(pl.col("speaker_rank") == 1)
    entities = resolution.entities.select("entity_id", "name", "actor_type")
    found: dict[str, list[Speaker]] = defaultdict(list)
    for row in answers.join(entities, on="entity_id").sort("statement_id", "name").iter_rows(named=True):
        found[row["statement_id"]].append((row["name"], row["actor_type"]))
    return dict(found)


@pytest.fixture(scope="module")
def read() -> Read:
    """Take in the four days one after the other, as a run does, and extract from what is new."""
    settings = load_settings(sources_file=SAMPLE / "sources.yaml")
    sources = load_sources(settings)
    known = table("lake", "article_versions").empty().select("article_id", "text_sha256", "version_id")
    days: list[Parsed] = []
    outcomes: dict[tuple[str, int | None], Row] = {}
    for day, folder in DAYS.items():
        met = _sightings(day, records([folder], sources, settings.max_document_bytes))
        parsed = assemble(met, read_documents(met, sources.rules()), known)
        known = pl.concat([known, parsed.article_versions.select(known.columns)])
        days.append(parsed)
        places = met.select("sighting_id", "source_uri", "record_no")
        for row in parsed.sighting_outcomes.join(places, on="sighting_id").iter_rows(named=True):
            outcomes[row["source_uri"], row["record_no"]] = row
    versions = pl.concat([d.article_versions for d in days])
    texts = versions.select("version_id", "article_id", "text", "language", "sections", "published_on")
    extracted = extract_chunk(texts)
    assert not extracted.failed
    extraction = Extraction(**extracted.frames)
    return Read(
        gold=[json.loads(line) for line in (SAMPLE / "gold" / "statements.jsonl").read_text("utf-8").splitlines()],
        versions={row["version_id"]: row for row in versions.iter_rows(named=True)},
        outcomes=outcomes,
        quarantine=pl.concat([d.quarantine for d in days]),
        extraction=extraction,
        speakers=_speakers(texts, extraction),
    )


# ---------------------------------------------------------------- documents
def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value and "T" in value else None


def _precision(value: str | None) -> str:
    return "unknown" if value is None else "instant" if "T" in value else "day"


FIELDS: dict[str, tuple[Callable[[Row], Any], Callable[[Row], Any]]] = {
    "text": (lambda v: v["text"].split(), lambda g: g["text"].split()),
    "published_at": (lambda v: v["published_at"], lambda g: _instant(g["metadata"]["published_at"])),
    "published_on": (lambda v: v["published_on"] and v["published_on"].isoformat(),
                     lambda g: g["metadata"]["published_at"] and g["metadata"]["published_at"][:10]),
    "published_precision": (lambda v: v["published_precision"], lambda g: _precision(g["metadata"]["published_at"])),
    "updated_at": (lambda v: v["updated_at"], lambda g: _instant(g["metadata"]["modified_at"])),
    "outlet": (lambda v: v["outlet_name"], lambda g: g["metadata"]["outlet"]),
    "domain": (lambda v: v["outlet_domain"], lambda g: g["metadata"]["domain"]),
    "is_retraction": (lambda v: v["is_retracted"], lambda g: g["metadata"]["is_retraction"]),
    "has_correction": (lambda v: "correction" in v["quality_flags"], lambda g: g["metadata"]["has_correction"]),
    **{
        name: (lambda v, name=name: v[name], lambda g, name=name: g["metadata"][name])
        for name in ("headline", "standfirst", "byline", "authors", "url", "published_basis", "dateline_text",
                     "dateline_place", "wire_agency", "language")
    },
}  # fmt: skip
"""Field -> (what we read, what the gold says)."""


@pytest.mark.parametrize("field", FIELDS)
def test_every_article_is_read_right(read: Read, field: str) -> None:
    ours, theirs = FIELDS[field]
    wrong = {
        article["doc"]: (ours(read.version_of(article)), theirs(article))
        for article in read.gold
        if ours(read.version_of(article)) != theirs(article)
    }
    assert not wrong


def test_every_article_is_a_version_of_its_own(read: Read) -> None:
    assert (
        len({read.version_of(article)["version_id"] for article in read.gold}) == len(read.gold) == len(read.versions)
    )


def test_changed_articles_are_later_versions_of_the_same_article(read: Read) -> None:
    by_doc = {article["doc"]: read.version_of(article) for article in read.gold}
    before = {a["doc"]: a["metadata"]["supersedes"] for a in read.gold if a["metadata"]["supersedes"]}
    assert len(before) == 2
    for doc, earlier in before.items():
        assert by_doc[doc]["article_id"] == by_doc[earlier]["article_id"]
        assert by_doc[doc]["ingest_date"] > by_doc[earlier]["ingest_date"]
    n_articles = len({row["article_id"] for row in by_doc.values()})
    assert n_articles == len(read.gold) - len(before)


def test_the_same_bytes_again_are_duplicates(read: Read) -> None:
    repeats = {path: article for article in read.gold for path in article["metadata"]["resightings"]}
    assert len(repeats) == 2
    for path, article in repeats.items():
        outcome = read.outcomes[path, None]
        assert outcome["outcome"] == "duplicate"
        assert outcome["version_id"] == read.version_of(article)["version_id"]


def test_records_that_give_no_article(read: Read) -> None:
    gold = json.loads((SAMPLE / "gold" / "quarantine.json").read_text("utf-8"))
    rule_of = {
        place: (o["outcome"], o["outcome_reason"])
        for place, o in read.outcomes.items()
        if o["outcome"] not in ("parsed", "duplicate")
    }
    assert rule_of == {(r["path"], r["record_no"]): (r["outcome"], r["rule"]) for r in gold}
    refused = read.quarantine.select("source_uri", "record_no", "stage", "rule").rows()
    expected = [(r["path"], r["record_no"], r["stage"], r["rule"]) for r in gold if r["outcome"] == "quarantined"]
    assert sorted(refused) == sorted(expected)


# ---------------------------------------------------------------- statements
@dataclass(frozen=True)
class Compared:
    """One article's statements, ours and the gold's, with their spans in the text without white space."""

    doc: str
    text: str
    gold: list[Row]
    gold_spans: list[Spans]
    found: list[Row]
    found_spans: list[Spans]

    def pairs(self) -> Iterator[tuple[Row, Row]]:
        """Statements of the same content, ours and the gold's."""
        ours = [characters(self.text, s.content) for s in self.found_spans]
        theirs = [characters(self.text, s.content) for s in self.gold_spans]
        for i, j in match_content(ours, theirs):
            yield self.found[i], self.gold[j]


def _squeezer(text: str) -> Callable[[Iterable[Sequence[int]]], tuple[tuple[int, int], ...]]:
    """Give a function that turns spans of a text into spans of the same text without white space."""
    at = [0, *accumulate(not ch.isspace() for ch in text)]
    return lambda spans: tuple((at[start], at[end]) for start, end in spans)


@pytest.fixture(scope="module")
def compared(read: Read) -> list[Compared]:
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    ordered = read.extraction.statement_spans.sort("statement_id", "span_kind", "span_no")
    for row in ordered.iter_rows(named=True):
        spans[row["statement_id"], row["span_kind"]].append((row["char_start"], row["char_end"]))
    out = []
    for article in read.gold:
        version = read.version_of(article)
        ours, theirs = _squeezer(version["text"]), _squeezer(article["text"])
        own = read.extraction.statements.filter(pl.col("version_id") == version["version_id"])
        dated = set(own.filter(pl.col("stated_date_basis").is_in(["explicit", "relative"]))["sentence_no"])
        found = [
            row
            | {"speakers": read.speakers.get(row["statement_id"], []), "is_dated_sentence": row["sentence_no"] in dated}
            for row in own.iter_rows(named=True)
        ]
        roles = ("source", "cue", "content")
        out.append(
            Compared(
                article["doc"],
                "".join(article["text"].split()),
                [s | {"expressions": [_expressions(article, x) for x in s["speakers"]]} for s in article["statements"]],
                [Spans(*(theirs(s[role]) for role in roles)) for s in article["statements"]],
                found,
                [Spans(*(ours(spans[row["statement_id"], role]) for role in roles)) for row in found],
            )
        )
    return out


def _named(found: Row, gold: Row) -> bool:
    """Whether the speakers are those of the gold, by their canonical names."""
    return {same_name(name) for name, _ in found["speakers"]} == {same_name(name) for name in gold["speakers"]}


def _named_or_described(found: Row, gold: Row) -> bool:
    """The same, where any expression in the text for an actor without a name of its own counts as its name."""
    names = [same_name(name) for name, _ in found["speakers"]]
    wanted: list[set[str]] = gold["expressions"]
    return len(names) == len(wanted) and all(any(name in one for name in names) for one in wanted)


def _nobody_named(found: Row, gold: Row) -> bool:
    return not any(kind in ("person", "org", "country") for _, kind in found["speakers"])


def _expressions(article: Row, speaker: str) -> set[str]:
    """What the actor may be called: its name, and for one that has none the words of the text, less determiners."""
    actor = next(a for a in article["actors"] if a["name"] == speaker)
    names = [speaker] if actor["type"] in ("person", "org", "country") else [speaker, *actor["aliases"]]
    words = ("a ", "an ", "its ", "his ", "her ", "their ", "one ", "this ", "that ")
    bare = [same_name(name) for name in names]
    return {*bare, *(name.removeprefix(word) for name in bare for word in words)}


def same_name(name: str) -> str:
    """A name as it counts here: case, the form of apostrophes and a leading article do not matter."""
    return name.replace("’", "'").casefold().removeprefix("the ").strip()


def own_day(row: Row) -> str | None:
    """The day that the statement's own sentence names: no period, and none that another sentence named."""
    is_own = row["stated_date_precision"] == "day" and row["is_dated_sentence"]
    return row["stated_date"].isoformat() if is_own and row["stated_date"] else None


CUE_CLASSES = {cue["cue_class"] for cue in csv.DictReader((REFERENCE_DIR / "cue_lexicon.csv").open(encoding="utf-8"))}
"""Our classes; the gold's are finer and often just the verb (told: tell), which is then not asked."""


def _equal(mine: str, theirs: str) -> Callable[[Row, Row], bool]:
    return lambda found, gold: found[mine] == gold[theirs]


JUDGED: dict[str, tuple[Callable[[Row], bool], Callable[[Row, Row], bool]]] = {
    "type": (lambda g: True, _equal("statement_type", "type")),
    "polarity": (lambda g: True, _equal("polarity", "polarity")),
    "polarity, not asserted": (lambda g: g["polarity"] != "asserted", _equal("polarity", "polarity")),
    "tier": (lambda g: True, _equal("tier", "tier")),
    "section": (lambda g: True, _equal("section", "section")),
    "is_attitude": (lambda g: True, _equal("is_attitude", "is_attitude")),
    "depth": (lambda g: True, _equal("depth", "depth")),
    "cue_class, of those we have": (lambda g: g["cue_class"] in CUE_CLASSES, _equal("cue_class", "cue_class")),
    "source_kind": (lambda g: True, _equal("source_kind", "source_kind")),
    "method": (lambda g: True, _equal("attribution_method", "method")),
    "speaker": (lambda g: bool(g["speakers"]), _named),
    "speaker, of core": (lambda g: bool(g["speakers"]) and g["tier"] == "core", _named),
    "speaker, nameless ones described": (lambda g: bool(g["speakers"]), _named_or_described),
    "speaker, none invented": (lambda g: not g["speakers"], _nobody_named),
    "stated date": (lambda g: True, lambda f, g: own_day(f) == g["stated_date"]),
    "stated date, where there is one": (lambda g: g["stated_date"] is not None,
                                        lambda f, g: own_day(f) == g["stated_date"]),
    "stated date, none invented": (lambda g: g["stated_date"] is None, lambda f, g: own_day(f) is None),
}  # fmt: skip
"""Figure -> (which gold statements are asked, when a matched one is right)."""


@pytest.fixture(scope="module")
def figures(compared: list[Compared]) -> dict[str, float]:
    texts = {c.doc: c.text for c in compared}
    report = evaluate(texts, {c.doc: c.gold_spans for c in compared}, {c.doc: c.found_spans for c in compared})
    out = {
        "content F1": report.content.f1,
        "content recall, core": _core_recall(compared),
        "strict content F1": report.content_strict.f1,
        "content + source F1": report.content_and_source.f1,
        "content + source + cue F1": report.content_source_and_cue.f1,
    }
    counts: Counter[tuple[str, bool]] = Counter(
        (name, is_right(found, gold))
        for c in compared
        for found, gold in c.pairs()
        for name, (is_asked, is_right) in JUDGED.items()
        if is_asked(gold)
    )
    for name in JUDGED:
        asked = counts[name, True] + counts[name, False]
        out[name] = counts[name, True] / asked if asked else 0.0
    n_found, n_gold = sum(len(c.found) for c in compared), sum(len(c.gold) for c in compared)
    print(
        f"\n{len(compared)} articles, {n_gold} gold statements, {n_found} found, {report.content.true_positive} matched"
    )
    for name, figure in out.items():
        asked = counts[name, True] + counts[name, False]
        print(f"  {name:34} {100 * figure:5.1f}" + (f"  ({counts[name, True]} of {asked})" if asked else ""))
    return out


def _core_recall(compared: list[Compared]) -> float:
    matched = sum(gold["tier"] == "core" for c in compared for _, gold in c.pairs())
    return matched / sum(s["tier"] == "core" for c in compared for s in c.gold)


def test_statements_hold_their_floors(figures: dict[str, float]) -> None:
    assert figures.keys() == MEASURED.keys()
    below = {name: (figures[name], was) for name, was in MEASURED.items() if figures[name] < was - MARGIN}
    assert not below


def test_marks_that_are_no_speech(read: Read) -> None:
    """A title, a label or a scare quote is a quote of such a kind, and never a core statement's whole content."""
    n = n_kind = 0
    wrong: list[tuple[str, str, str]] = []
    statements = read.extraction.statements
    for article in read.gold:
        version = read.version_of(article)
        ours, theirs = _squeezer(version["text"]), _squeezer(article["text"])
        quotes = read.extraction.quotes.filter(pl.col("version_id") == version["version_id"])
        kinds = {ours([(q["char_start"], q["char_end"])])[0]: q["quote_kind"] for q in quotes.iter_rows(named=True)}
        core = statements.filter((pl.col("version_id") == version["version_id"]) & (pl.col("tier") == "core"))
        contents = {"".join(text.split()) for text in core["content_text"]}
        for span, text in zip(theirs(article["not_speech"]), article["not_speech_text"], strict=True):
            kind = kinds.get(span, "no quote")
            n += 1
            n_kind += kind in ("scare", "title", "term")
            if kind not in ("scare", "title", "term"):
                wrong.append((article["doc"], text, kind))
            assert "".join(text.split()) not in contents, (article["doc"], text)
    print(f"\nmarks that are no speech: {n_kind} of {n}; wrong: {wrong}")
    assert n == 17
    assert n_kind >= NOT_SPEECH, wrong
