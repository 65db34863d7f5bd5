"""Mentions and statements to article-local entities: the frame-in, frame-out face of the article rules.

Belongs here: taking an extraction apart by version, and putting the answers into frames that keep the lake contracts.
Does not belong here: any rule (see `article`, `anaphora`), actors over all articles (see `actors`).

Everything here is decided within one version, so a day's rows never change because of later news.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import polars as pl

from pipelines.contracts import Table, table
from pipelines.contracts.columns import ATTRIBUTION_METHODS
from pipelines.core.ids import mk_id
from pipelines.core.reference import Reference
from pipelines.core.resolution.anaphora import learn_gender, resolve_anaphora
from pipelines.core.resolution.article import Article, Entity, Link, Mention
from pipelines.core.resolution.capitals import goes_on_name, read_capitals
from pipelines.core.resolution.confidence import CANDIDATE, STATEMENT
from pipelines.core.resolution.echoes import link_echoes
from pipelines.core.resolution.interviews import read_interview
from pipelines.core.resolution.kinds import RELATIVE, Phrase, names_role, read_phrase, role_lemmas
from pipelines.core.resolution.sources import resolved_source_kind, speaking_phrase, statement_method
from pipelines.core.text.datelines import dateline_end

_NOUN_BEFORE = re.compile(r"((?:[\w’'-]+ ){0,3}[\w’'-]+),?\s*$")
_NOUN_REACH = 60
_TYPE_OF_KIND = {"person": "person", "organization": "org", "group": "group"}
_DATELINE_LENGTH = 60
"""A sentence that begins in the dateline and is longer goes on with the news itself."""
_DATELINE_REACH = 120
_LEAD_LENGTH = 500
"""What is read of a paragraph to see its dateline, which the sentence behind it may confirm."""
_APPOSITION = re.compile(
    r"\s*,\s+((?:a|an|the|its|their|his|her|former|who is)?\s*[^,.;:“”\"\n]{3,70}?)(?=[,.;\n]|\s+(?:said|told|who)\b)"
)
_OBLIQUE = re.compile(
    r"\b(?:of|in|on|at|with|by|from|to|for|against|between|after|before|into|over|about|near|like|under|during|despite|and)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""What stands before a name that is no subject."""
_TOPIC = re.compile(r"\b(?:as (?:for|to)|regarding|concerning)\s+(?:the\s+)?$", re.IGNORECASE)
"""What stands before a name that the next sentences are about."""
_IN_COMPANY = re.compile(r"\b(?:and|with)\s+$")
_SELF = re.compile(r"\b(?:I['’]m|I am|[Mm]y name is)\s+$")
_BECAME = re.compile(
    r"(?:\s*,[^,.;:“”\"\n]{2,40},)?\s+(?:(?:was|is|has been|had been|were)\s+(?:[a-z]+ly\s+)?"
    r"(?:re-?elected|elected|appointed|named|chosen|sworn in)|became|has become)\s+(?:as\s+)?"
    r"(?P<role>[^,.;:“”\"\n]{3,60}?)(?=[,.;\n]|\s+(?:last|on|in|after|by|this|when|at)\b)"
)
"""How a sentence goes on that gives a name its office: Ana Ruiz, a lawyer, was elected as mayor of Harrow."""
_SAYS_IT = re.compile(r"(?:that )?(?:its\b|it (?:has|had|plans|expects|agreed|intends|acquired|sold|received|signed|"
                      r"completed|filed|raised|will|would (?:sell|buy|acquire|offer|seek|pay)))")  # fmt: skip
"""How the words of an organisation go on: Harrow Shipyards said it has sold ..."""
_CREDIT = re.compile(r"\b(?:image|photo|picture|photograph|credit)s?\s*(?::|by)\s*$", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"\b(?:from|of|in|at|near)\s+$")
_TITLE_BEFORE = re.compile(r"\b(?:[Ss]ecretary|[Mm]inister|[Aa]ttorney|[Dd]epartment|[Mm]inistry) of $")
_NAMES_SOMEBODY = frozenset({"name", "known", "metonym", "org"})

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


def resolve(texts: pl.DataFrame, extraction: ExtractionLike, reference: Reference, *, resolution_id: str) -> Resolution:
    """Return the entities of each version, and which mentions and statements are theirs.

    Args:
        texts: version_id, text; authors and published_on, if they are there (further columns are ignored).
        extraction: see `ExtractionLike`; every version_id in it must be in `texts`.
        reference: curated actors, countries, word lists.
        resolution_id: written into each row (see `reference.resolution_id`).
    """

    @lru_cache(maxsize=50_000)
    def read(surface: str) -> Phrase:
        return read_phrase(surface, reference)

    out = _Out()
    for version_id, version in sorted(_by_version(texts, extraction).items()):
        _resolve_version(version_id, version, reference, read, out)
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


def _resolve_version(
    version_id: str, v: _Version, reference: Reference, read: Callable[[str], Phrase], out: _Out
) -> None:
    spans_of: dict[str, list[Row]] = defaultdict(list)
    for span in v.spans:
        spans_of[span["statement_id"]].append(span)
    anonymous = {s["speaker_mention_id"] for s in v.statements if s["source_kind"] == "anonymous"}
    mentions = _read_mentions(v, reference, read)
    article = Article(reference, read)
    article.add_names(mentions)
    article.published_on = v.published_on
    article.author = v.authors[0] if len(v.authors) == 1 else None
    article.interview = read_interview(v.text)
    learn_gender(article, v.text, [(q["inner_start"], q["inner_end"]) for q in v.quotes])
    article.start_timeline()
    speaker_of = _speaker_finder(article, v.statements, spans_of)
    resolve_anaphora(article, [m for m in mentions if m.mention_id not in anonymous], speaker_of)
    by_id = {m.mention_id: m for m in mentions}
    link_echoes(article, v.statements, by_id)
    ids = _write_entities(version_id, article, out)
    for m in mentions:
        _write_links(version_id, m.mention_id, article.links.get(m.mention_id), ids, out)
    for statement in v.statements:
        _write_speaker(version_id, statement, article, ids, out)
        _write_source(version_id, statement, article, by_id, out)
    _write_targets(version_id, v.statements, spans_of, mentions, article, ids, out)


def _read_mentions(v: _Version, reference: Reference, read: Callable[[str], Phrase]) -> list[Mention]:
    """Return the mentions in text order (longer first), with role, place in the sentence and in quotation marks."""
    speakers = {s["speaker_mention_id"] for s in v.statements}
    datelines = {
        s["sentence_no"] for s in v.sentences
        if s["section"] == "dateline" and s["char_end"] - s["char_start"] <= _DATELINE_LENGTH
    }  # fmt: skip
    paragraphs = {s["sentence_no"]: s["paragraph_no"] for s in v.sentences}
    starts = {s["sentence_no"]: s["char_start"] for s in v.sentences}
    quotes = sorted((q["inner_start"], q["inner_end"]) for q in v.quotes)
    out: list[Mention] = []
    subjects: set[int] = set()
    says_it = {s["speaker_mention_id"] for s in v.statements if _SAYS_IT.match(s["content_text"])}
    relatives = {s["speaker_mention_id"] for s in v.statements if s["attribution_method"] == "relative"}
    rows = sorted(v.mentions, key=lambda r: (r["char_start"], -r["char_end"]))
    capitals = read_capitals(v.text, v.sentences, rows)
    for i, row in enumerate(rows):
        no, start, end = row["sentence_no"], row["char_start"], row["char_end"]
        speaks = row["mention_id"] in speakers
        if not speaks and (no in datelines or _in_dateline(v.text, starts.get(no), end)):
            continue
        initial = _is_initial(v.text, starts.get(no), start)
        surface = row["surface"] if no in capitals.headings else _whole(v.text, rows, i, speaks=speaks)
        if initial and no not in capitals.headings:
            surface = capitals.without_opener(surface, reference)
        phrase = _with_role_of(read(surface), row["role_surface"] or _office(v.text, end, reference), reference)
        if speaks:
            phrase = speaking_phrase(row, phrase, _inside(rows, i), read)
        phrase = _with_kind_of(phrase, row["name_kind"], speaks=speaks)
        at = bisect_right(quotes, (start, len(v.text))) - 1
        quote = at if at >= 0 and start < quotes[at][1] else -1
        m = Mention(
            row["mention_id"], start, end, row["surface"], no, phrase, row["mention_kind"], speaks, False, quote,
            initial, in_heading=no in capitals.headings, says_it=row["mention_id"] in says_it,
            paragraph_no=paragraphs.get(no, 0), is_credit=bool(_CREDIT.search(v.text, max(0, start - 20), start)),
            is_relative=row["mention_id"] in relatives,
            after_place=bool(_PLACE_BEFORE.search(v.text, max(0, start - 8), start)),
            is_self=bool(_SELF.search(v.text, max(0, start - 12), start)),
            in_company=bool(_IN_COMPANY.search(v.text, max(0, start - 8), start)),
        )  # fmt: skip
        if (
            quote < 0
            and phrase.shape != "other"
            and no not in subjects
            and (
                not _OBLIQUE.search(v.text, max(0, start - 24), start)
                or _TOPIC.search(v.text, max(0, start - 24), start)
            )
        ):
            m.is_subject = True
            subjects.add(no)
        if phrase.shape == "pronoun" and phrase.name in RELATIVE and speaks:
            m.antecedent = _antecedent(v.text, start, read)
        if phrase.shape == "name" and " " in phrase.name:
            m.apposition = _apposition(v.text, end, reference)
        out.append(m)
    return out


def _inside(rows: Sequence[Row], i: int) -> list[Row]:
    """Return the mentions within a mention; rows are in text order, longer first."""
    out = []
    for row in rows[i + 1 :]:
        if row["char_start"] >= rows[i]["char_end"]:
            break
        if row["char_end"] <= rows[i]["char_end"]:
            out.append(row)
    return out


def _is_initial(text: str, sentence_start: int | None, start: int) -> bool:
    """Tell whether nothing but marks stands before it in its sentence."""
    return sentence_start is not None and not any(c.isalnum() for c in text[sentence_start:start])


def _whole(text: str, rows: Sequence[Row], i: int, *, speaks: bool) -> str:
    """Return the surface of a mention with the words of its name that the mention leaves out on either side.

    A source may end inside a name (Theresa | May), and a run of capitals may begin inside a title (Secretary of |
    State Ana Ruiz).
    """
    start, end = rows[i]["char_start"], rows[i]["char_end"]
    if rows[i]["surface"][:1].isupper() and (before := _TITLE_BEFORE.search(text, max(0, start - 40), start)):
        start = before.start()
    longer = [r["char_end"] for r in rows[max(0, i - 3) : i + 4] if r["char_start"] < end < r["char_end"]]
    if longer and speaks and all(goes_on_name(w) for w in text[end : max(longer)].split()):
        end = max(longer)
    return text[start:end]


def _in_dateline(text: str, sentence_start: int | None, end: int) -> bool:
    if sentence_start is None:
        return False
    line = text.rfind("\n", 0, sentence_start) + 1
    return any(
        end <= at + _DATELINE_REACH and end <= at + dateline_end(text[at : at + _LEAD_LENGTH].partition("\n")[0])
        for at in (line, sentence_start)
    )


def _apposition(text: str, end: int, reference: Reference) -> str | None:
    """Return the role between commas after a name: "William Evans, president of the guild,"."""
    found = _APPOSITION.match(text, end, end + 90)
    if found is None:
        return None
    words = found.group(1).strip()
    return words if names_role(words, reference) and not words[:1].isdigit() else None


def _office(text: str, end: int, reference: Reference) -> str | None:
    """Return the office that a sentence gives the name which ends there: "Ruiz was elected mayor of Harrow"."""
    found = _BECAME.match(text, end, end + 130)
    return found["role"] if found is not None and names_role(found["role"], reference) else None


def _with_role_of(phrase: Phrase, role: str | None, reference: Reference) -> Phrase:
    """Add a role that the extraction cut off the name itself."""
    if not role or phrase.role_surface or phrase.shape != "name" or not role_lemmas(role, reference):
        return phrase
    known = phrase.known or reference.find(phrase.name)
    known = known if known and known.actor_type == "person" else None
    return Phrase(
        "name", phrase.name, role, role_lemmas(role, reference), "person", phrase.gender, phrase.country_code, known
    )


def _antecedent(text: str, start: int, read: Callable[[str], Phrase]) -> Phrase | None:
    """Return what the noun before a relative pronoun reads as, if it is a group, a paper or a role."""
    found = _NOUN_BEFORE.search(text, max(0, start - _NOUN_REACH), start)
    if found is None:
        return None
    words = found.group(1).split()
    for n in range(len(words), 0, -1):
        phrase = read(" ".join(words[-n:]))
        if phrase.shape in ("group", "document") or (phrase.shape == "role" and phrase.lemmas and n < len(words)):
            return phrase
    return None


def _with_kind_of(phrase: Phrase, name_kind: str | None, *, speaks: bool) -> Phrase:
    """Add the kind of a name that its words do not tell; a place that does not speak is nobody."""
    if phrase.shape != "name" or name_kind is None:
        return phrase
    if name_kind == "place" and not speaks and phrase.role_surface is None and phrase.known is None:
        return replace(phrase, shape="place")
    if phrase.actor_type != "unknown" or name_kind == "place":
        return phrase
    return replace(phrase, actor_type=_TYPE_OF_KIND[name_kind])


def _speaker_finder(
    article: Article, statements: Sequence[Row], spans_of: Mapping[str, Sequence[Row]]
) -> Callable[[Mention], Sequence[Entity]]:
    """Return the function that tells who speaks the words a mention stands in: the innermost statement round it."""

    def find(m: Mention) -> Sequence[Entity]:
        best: tuple[int, str] | None = None
        for statement in statements:
            source = statement["speaker_mention_id"]
            if source is None or source == m.mention_id or source not in article.links:
                continue
            for span in spans_of.get(statement["statement_id"], ()):
                if span["span_kind"] == "content" and span["char_start"] <= m.start < span["char_end"]:
                    size = span["char_end"] - span["char_start"]
                    best = min(best, (size, source)) if best else (size, source)
        return article.links[best[1]].entities if best else ()

    return find


def _write_entities(version_id: str, article: Article, out: _Out) -> dict[int, str]:
    """Write the entities that something links to; return id() of each -> entity_id. Same type and name: one entity."""
    used = {id(e) for link in article.links.values() for e in link.entities}
    count: dict[int, int] = defaultdict(int)
    for link in article.links.values():
        for e in link.entities if link.joint else link.entities[:1]:
            count[id(e)] += 1
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
        rows[entity_id] = {
            "entity_id": entity_id, "version_id": version_id, "actor_type": e.actor_type, "name": e.name,
            "name_norm": norm,
            "country_code": e.country_code, "wikidata_qid": e.known.qid if e.known else None,
            "role_surface": e.role_surface,
            "basis": basis, "n_mentions": count[id(e)],
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
    """Return (entity_id, rank, confidence), each entity once."""
    out: dict[str, tuple[str, int, float]] = {}
    for i, e in enumerate(link.entities):
        entity_id = ids[id(e)]
        rank = 1 if link.joint else len(out) + 1
        out.setdefault(entity_id, (entity_id, rank, round(link.confidence_at(i, CANDIDATE), 4)))
    return list(out.values())


def _write_speaker(version_id: str, statement: Row, article: Article, ids: Mapping[int, str], out: _Out) -> None:
    link = article.links.get(statement["speaker_mention_id"] or "")
    if link is None or statement["source_kind"] in ("anonymous", "unattributed"):
        return
    method = statement_method(statement["attribution_method"], link)
    assert method in ATTRIBUTION_METHODS
    joint = link.joint and len(link.entities) > 1
    for entity_id, rank, confidence in _candidates(link, ids):
        out.statement_entities.append(
            {"statement_id": statement["statement_id"], "entity_id": entity_id, "version_id": version_id,
             "speaker_rank": rank,
             "is_joint": joint, "confidence": round(confidence * STATEMENT.get(method, 1.0), 4), "method": method}
        )  # fmt: skip


def _write_source(version_id: str, statement: Row, article: Article, by_id: Mapping[str, Mention], out: _Out) -> None:
    """Write the kind of a statement's source and how its speaker was found."""
    mention = statement["speaker_mention_id"] or ""
    link = article.links.get(mention)
    source = by_id.get(mention)
    surface, phrase = (source.surface, source.phrase) if source else ("", None)
    kind = resolved_source_kind(statement["source_kind"], surface, phrase, link, article.reference)
    method = statement["attribution_method"] if link is None else statement_method(
        statement["attribution_method"], link
    )  # fmt: skip
    resolved = link is not None and statement["source_kind"] not in ("anonymous", "unattributed")
    out.statement_sources.append(
        {"statement_id": statement["statement_id"], "version_id": version_id, "source_kind": kind,
         "attribution_method": method if resolved else "none"}
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
    if link is None or m.phrase.shape not in _NAMES_SOMEBODY:
        return False
    entity = link.entities[0]
    return entity.actor_type != "unknown" or len(entity.places) > 1


def _answers(article: Article, mention_id: str | None, ids: Mapping[int, str]) -> list[str]:
    link = article.links.get(mention_id or "")
    if link is None:
        return []
    return [ids[id(e)] for e in (link.entities if link.joint else link.entities[:1])]


__all__ = ["ExtractionLike", "Resolution", "resolve", "without_day"]
