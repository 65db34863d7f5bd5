"""Mentions and statements to article-local entities: the frame-in, frame-out face of resolution within an article.

Covers taking an extraction apart by version, and putting the answers into frames that keep the lake contracts. For
names, see `entities`; for expressions, see `speakers`; for actors over all articles, see `identity`.

Everything here is decided within one version, so a day's rows never change because of later news.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import polars as pl

from pipelines.contracts import Table, table
from pipelines.core.ids import mk_id
from pipelines.core.reference import Reference
from pipelines.core.resolution.anonymity import anonymity
from pipelines.core.resolution.entities import Article, Link
from pipelines.core.resolution.entity import SURE
from pipelines.core.resolution.features import Scene, Spoken
from pipelines.core.resolution.genders import Told, tell_genders
from pipelines.core.resolution.interviews import interviewees, person_called, read_interview
from pipelines.core.resolution.kinds import Kind, tell_kinds
from pipelines.core.resolution.mentions import SAYS_IT, Mention, Reader, read_mentions
from pipelines.core.resolution.phrases import Phrase, read_phrase
from pipelines.core.resolution.scorer import Scorer
from pipelines.core.resolution.sources import STRUCTURAL, resolved_source_kind, statement_method
from pipelines.core.resolution.speakers import Chooser, by_scorer, link_expressions

_NAMES_SOMEBODY = frozenset({"name", "known", "metonym"})
_NO_SPEAKER = ("anonymous", "unattributed")

Row = dict[str, Any]


class ExtractionLike(Protocol):
    """What is read of an extraction: its frames keep the lake contracts, without `ingest_date` and `batch_id`."""

    @property
    def sentences(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def statements(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def statement_spans(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def quotes(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def mentions(self) -> pl.DataFrame: ...  # noqa: D102


@dataclass(frozen=True)
class Resolution:
    """Who is who in each article. The frames keep the lake contracts, without `ingest_date` and `batch_id`.

    Attributes:
        entities: one row per actor of a version.
        mention_entities: rank 1 is the answer; joint mentions have several rows of rank 1.
        statement_entities: the same for statements; a statement whose source is anonymous or not told has no row.
        statement_sources: of each statement the kind of its source and how its speaker was found.
        statement_targets: whom a statement addresses, whom its content names, who relayed it.
    """

    entities: pl.DataFrame
    mention_entities: pl.DataFrame
    statement_entities: pl.DataFrame
    statement_sources: pl.DataFrame
    statement_targets: pl.DataFrame


@dataclass(slots=True)
class _Version:
    """The rows of one version, as dicts."""

    text: str = ""
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    sentences: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    spans: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class _Out:
    entities: list[Row] = field(default_factory=list)
    mention_entities: list[Row] = field(default_factory=list)
    statement_entities: list[Row] = field(default_factory=list)
    statement_sources: list[Row] = field(default_factory=list)
    statement_targets: list[Row] = field(default_factory=list)


def resolve(
    texts: pl.DataFrame, extraction: ExtractionLike, reference: Reference, scorer: Scorer, *, resolution_id: str
) -> Resolution:
    """Return the entities of each version, and which mentions and statements are theirs.

    Args:
        texts: version_id, text; authors and published_on, if they are there (further columns are ignored).
        extraction: see `ExtractionLike`; every version_id in it must be in `texts`.
        reference: curated actors, countries, word lists.
        scorer: the trained scorer.
        resolution_id: written into each row (see `reference.resolution_id`).
    """
    return resolved_by(texts, extraction, reference, by_scorer(scorer), scorer, resolution_id)


def resolved_by(
    texts: pl.DataFrame, extraction: ExtractionLike, reference: Reference, choose: Chooser, scorer: Scorer | None,
    resolution_id: str,
) -> Resolution:  # fmt: skip
    """Do what `resolve` does with any chooser; training looks at the candidates through it."""

    @lru_cache(maxsize=50_000)
    def read(surface: str, kind: str | None) -> Phrase:
        return read_phrase(surface, reference, kind)

    out = _Out()
    for version_id, version in sorted(_by_version(texts, extraction).items()):
        article, mentions = _read_article(version, reference, read, choose, scorer)
        _write(version_id, version, article, mentions, out)
    return Resolution(
        entities=_frame("entities", out.entities, resolution_id),
        mention_entities=_frame("mention_entities", out.mention_entities, resolution_id),
        statement_entities=_frame("statement_entities", out.statement_entities, resolution_id),
        statement_sources=_frame("statement_sources", out.statement_sources, resolution_id),
        statement_targets=_frame("statement_targets", out.statement_targets, resolution_id),
    )


def without_day(contract: Table) -> tuple[str, ...]:
    """Return a lake table's column names without those of the day it was read in."""
    return tuple(c.name for c in contract.columns if c.name not in ("ingest_date", "batch_id"))


def _frame(name: str, rows: list[Row], resolution_id: str) -> pl.DataFrame:
    contract = table("lake", name)
    schema = {c: contract.schema[c] for c in without_day(contract)}
    return pl.DataFrame([{**row, "resolution_id": resolution_id} for row in rows], schema=schema, orient="row")


def _by_version(texts: pl.DataFrame, extraction: ExtractionLike) -> dict[str, _Version]:
    versions: dict[str, _Version] = defaultdict(_Version)
    for name in ("sentences", "mentions", "statements"):
        order = "sentence_no" if name == "sentences" else "char_start" if name == "mentions" else None
        frame: pl.DataFrame = getattr(extraction, name)
        for row in (frame.sort(order, maintain_order=True) if order else frame).iter_rows(named=True):
            getattr(versions[row["version_id"]], name).append(row)
    for row in extraction.statement_spans.sort("char_start", maintain_order=True).iter_rows(named=True):
        versions[row["version_id"]].spans.append(row)
    for row in extraction.quotes.iter_rows(named=True):
        versions[row["version_id"]].quotes.append(row)
    columns = [c for c in ("version_id", "text", "authors", "published_on") if c in texts.columns]
    for row in texts.select(columns).iter_rows(named=True):
        if row["version_id"] in versions:
            version = versions[row["version_id"]]
            version.text = row["text"]
            version.authors = tuple(row.get("authors") or ())
            version.published_on = row.get("published_on")
    return versions


def _read_article(
    v: _Version, reference: Reference, read: Reader, choose: Chooser, scorer: Scorer | None
) -> tuple[Article, list[Mention]]:
    """Link the mentions of one version."""
    mentions = read_mentions(v.text, v.mentions, v.sentences, v.statements, v.quotes, reference, read)
    article = Article(reference, read)
    article.published_on = v.published_on
    article.add_names(mentions, v.text, [(q["inner_start"], q["inner_end"]) for q in v.quotes])
    scene = Scene(article, read_interview(v.text))
    scene.asked = interviewees(article, scene.interview)
    if len(scene.asked) == 1:
        article.answers = Link((scene.asked[0],), "interviewee", (SURE["interviewee"],))
    scene.author = person_called(article, v.authors[0]) if len(v.authors) == 1 else None
    _read_statements(scene, v)
    unnamed = {s["speaker_mention_id"] for s in v.statements if s["source_kind"] == "anonymous"}
    link_expressions(scene, [m for m in mentions if m.mention_id not in unnamed], choose, scorer)
    return article, mentions


def _read_statements(scene: Scene, v: _Version) -> None:
    """Note where the content of each source's statements stands, and of whom it speaks."""
    content: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in v.spans:
        if span["span_kind"] == "content":
            content[span["statement_id"]].append((span["char_start"], span["char_end"]))
    for s in v.statements:
        if s["speaker_mention_id"]:
            words = f" {s['content_text'].casefold()} "
            scene.spoken.setdefault(s["speaker_mention_id"], Spoken()).add(
                content[s["statement_id"]], bool(SAYS_IT.match(s["content_text"])), " i " in words or " my " in words,
                " we " in words or " our " in words,
            )  # fmt: skip


def _write(version_id: str, v: _Version, article: Article, mentions: Sequence[Mention], out: _Out) -> None:
    spans_of: dict[str, list[Row]] = defaultdict(list)
    for span in v.spans:
        spans_of[span["statement_id"]].append(span)
    by_id = {m.mention_id: m for m in mentions}
    genders = tell_genders(article, mentions, v.text, [(q["inner_start"], q["inner_end"]) for q in v.quotes])
    ids = _write_entities(version_id, article, genders, tell_kinds(article, v.text), out)
    for m in mentions:
        _write_links(version_id, m.mention_id, article.links.get(m.mention_id), ids, out)
    for statement in v.statements:
        _write_speaker(version_id, statement, article, ids, out)
        words = " ".join(s["span_text"] for s in spans_of[statement["statement_id"]] if s["span_kind"] == "source")
        _write_source(version_id, statement, words, article, by_id, out)
    _write_targets(version_id, v.statements, spans_of, mentions, article, ids, out)


def _write_entities(
    version_id: str, article: Article, genders: Mapping[int, Told], kinds: Mapping[int, Kind], out: _Out
) -> dict[int, str]:
    """Write the entities that something links to; return id() of each -> entity_id. Same type and name: one entity."""
    links = [*article.links.values(), *([article.answers] if article.answers else [])]
    used = {id(e) for link in links for e in link.entities}
    count: dict[int, int] = defaultdict(int)
    for link in article.links.values():
        for e in () if link.is_open else link.entities if link.joint else link.entities[:1]:
            count[id(e)] += 1  # a candidate of an open answer is not mentioned by it
    ids: dict[int, str] = {}
    rows: dict[str, Row] = {}
    for e in article.entities:
        norm = e.name_norm or e.name
        if id(e) not in used:
            continue
        entity_id = ids[id(e)] = mk_id("entity", version_id, e.actor_type, norm)
        if entity_id in rows:
            rows[entity_id]["n_mentions"] += count[id(e)]
            continue
        basis = "full_name" if e.basis == "surname_only" and " " in norm else e.basis
        gender, gender_basis, n_for, n_against = genders.get(id(e), Told()).answer()
        kind = kinds.get(id(e))
        rows[entity_id] = {
            "entity_id": entity_id, "version_id": version_id, "actor_type": e.actor_type, "name": e.name,
            "name_norm": norm,
            "country_code": e.country_code, "wikidata_qid": e.known.qid if e.known else None,
            "role_surface": e.roles[0] if e.roles else None,
            "basis": basis, "n_mentions": count[id(e)],
            "gender": gender, "gender_basis": gender_basis, "n_gender_for": n_for, "n_gender_against": n_against,
            "speaker_kind": kind.kind if kind else None, "kind_basis": kind.basis if kind else None,
        }  # fmt: skip
    out.entities.extend(rows.values())
    return ids


def _write_links(version_id: str, mention_id: str, link: Link | None, ids: Mapping[int, str], out: _Out) -> None:
    if link is None:
        return
    for entity_id, rank, confidence in _candidates(link, ids):
        out.mention_entities.append(
            {"mention_id": mention_id, "entity_id": entity_id, "version_id": version_id, "rank": rank,
             "confidence": confidence, "method": link.method}
        )  # fmt: skip


def _candidates(link: Link, ids: Mapping[int, str]) -> list[tuple[str, int, float]]:
    """Return (entity_id, rank, confidence), each entity once; of an open answer the ranks begin at 2."""
    out: dict[str, tuple[str, int, float]] = {}
    for e, sure in zip(link.entities, link.confidence, strict=True):
        entity_id = ids[id(e)]
        rank = 1 if link.joint else len(out) + 1 + link.is_open
        out.setdefault(entity_id, (entity_id, rank, round(sure, 4)))
    return list(out.values())


def _write_speaker(version_id: str, statement: Row, article: Article, ids: Mapping[int, str], out: _Out) -> None:
    link = _link_of(statement, article)
    if link is None:
        return
    method = statement_method(statement["attribution_method"], link)
    joint = link.joint and len(link.entities) > 1
    for entity_id, rank, confidence in _candidates(link, ids):
        out.statement_entities.append(
            {"statement_id": statement["statement_id"], "entity_id": entity_id, "version_id": version_id,
             "speaker_rank": rank, "is_joint": joint,
             "confidence": round(confidence * STRUCTURAL.get(method, 1.0), 4), "method": method}
        )  # fmt: skip


def _link_of(statement: Row, article: Article) -> Link | None:
    """Return who a statement's source is; of an answer that names none, the one whom the interview asks."""
    if statement["speaker_mention_id"] is None and statement["attribution_method"] == "transcript":
        return article.answers
    if statement["source_kind"] in _NO_SPEAKER:
        return None
    return article.links.get(statement["speaker_mention_id"] or "")


def _write_source(
    version_id: str, statement: Row, words: str, article: Article, by_id: Mapping[str, Mention], out: _Out
) -> None:
    """Write the kind of a statement's source and how its speaker was found."""
    link = _link_of(statement, article)
    link = None if link is None or link.is_open else link
    given = "named_person" if link is not None and link is article.answers else statement["source_kind"]
    kind = resolved_source_kind(given, by_id.get(statement["speaker_mention_id"] or ""), link, article.reference)
    method = "none" if link is None else statement_method(statement["attribution_method"], link)
    out.statement_sources.append(
        {"statement_id": statement["statement_id"], "version_id": version_id, "source_kind": kind,
         "attribution_method": method, "anonymity": anonymity(words, kind, article.reference)}
    )  # fmt: skip


def _write_targets(
    version_id: str, statements: Sequence[Row], spans_of: Mapping[str, Sequence[Row]], mentions: Sequence[Mention],
    article: Article, ids: Mapping[int, str], out: _Out,
) -> None:  # fmt: skip
    """Write whom a statement addresses, whom its content names, and who relayed a statement inside another."""
    source_of = {s["statement_id"]: s["speaker_mention_id"] for s in statements}
    starts = [m.start for m in mentions]
    for statement in statements:
        speakers = set(_answers(article, statement["speaker_mention_id"], ids))
        found: list[tuple[str, str, bool]] = []
        for span in spans_of.get(statement["statement_id"], ()):
            if span["span_kind"] not in ("addressee", "content"):
                continue
            first, last = bisect_left(starts, span["char_start"]), bisect_left(starts, span["char_end"])
            inside = [m for m in mentions[first:last] if m.end <= span["char_end"]]
            if span["span_kind"] == "addressee":
                found.extend(("addressee", m.mention_id, False) for m in inside)
            else:
                found.extend(("about", m.mention_id, True) for m in inside if _names_somebody(article, m))
        parent = source_of.get(statement["parent_statement_id"] or "")
        if parent:
            found.append(("relayed_by", parent, False))
        seen: set[tuple[str, str]] = set()
        for kind, mention_id, inferred in found:
            for entity_id in _answers(article, mention_id, ids):
                if entity_id in speakers or (kind, entity_id) in seen:
                    continue
                seen.add((kind, entity_id))
                out.statement_targets.append(
                    {"statement_id": statement["statement_id"], "target_kind": kind, "entity_id": entity_id,
                     "version_id": version_id, "is_inferred": inferred, "mention_id": mention_id}
                )  # fmt: skip


def _names_somebody(article: Article, m: Mention) -> bool:
    """Tell whether a mention names an actor: one whose kind is told, or that the article names again."""
    link = article.links.get(m.mention_id)
    if link is None or link.is_open or m.phrase.shape not in _NAMES_SOMEBODY:
        return False
    entity = link.entities[0]
    return entity.actor_type != "unknown" or len(entity.places) > 1


def _answers(article: Article, mention_id: str | None, ids: Mapping[int, str]) -> list[str]:
    link = article.links.get(mention_id or "")
    if link is None or link.is_open:
        return []
    return [ids[id(e)] for e in (link.entities if link.joint else link.entities[:1])]


__all__ = ["ExtractionLike", "Resolution", "resolve", "without_day"]
