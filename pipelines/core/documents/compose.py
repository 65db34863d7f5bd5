"""A text and what is known beside it -> a `Document`.

Covers what all readers do at the end: parts joined, the layout of the text, language, flags, and which of two sources
of a fact goes first. It does not cover anything of one format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.core.documents.headline import n_headline_lines, same_words
from pipelines.core.documents.language import detect_language, language_code
from pipelines.core.documents.model import UNDATED, Document, Published, Record, Section, SectionName, SourceRules
from pipelines.core.documents.paragraphs import paragraphs
from pipelines.core.documents.plain_text import Layout, lay_out
from pipelines.core.documents.publication_dates import date_in_name
from pipelines.core.documents.quality import body_of, quality_flags
from pipelines.core.documents.urls import canonical_url, domain_of
from pipelines.core.text.agencies import agency_in

_GAP = "\n\n"


@dataclass(frozen=True)
class Known:
    """What a record says beside its text; None and empty where it does not say."""

    url: str | None = None
    supplied_id: str | None = None
    outlet_name: str | None = None
    outlet_domain: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    published: Published = UNDATED
    updated_at: datetime | None = None
    captions: tuple[str, ...] = ()
    dateline: str | None = None
    flags: tuple[str, ...] = ()
    is_retracted: bool = False
    is_url_shared: bool = False


def compose(body: str, known: Known, record: Record, rules: SourceRules, *, guess: bool) -> Document:
    """Join headline, standfirst, body and captions, find the parts, and settle every fact.

    The body stands as it is; headline and standfirst are put before it only if it does not begin with them.
    """
    text = _with_head(body, known)
    layout = lay_out(
        text, headline=known.headline, standfirst=known.standfirst, dateline=known.dateline, zone=rules.timezone,
        guess=guess,
    )  # fmt: skip
    text, captions = _with_captions(text, known.captions)
    sections = (*layout.sections, *captions)
    published = _published(known, layout, record)
    prose = body_of(text, sections)
    url = canonical_url(known.url) or canonical_url(record.url)
    is_retracted = known.is_retracted or layout.is_retracted
    byline = layout.byline or known.byline
    return Document(
        text=text,
        url=url,
        supplied_id=known.supplied_id,
        is_url_shared=known.is_url_shared,
        outlet_name=known.outlet_name,
        outlet_domain=domain_of(known.outlet_domain) or domain_of(url),
        sections=sections,
        headline=layout.headline,
        standfirst=layout.standfirst,
        byline=byline,
        authors=known.authors or layout.authors,
        dateline_text=layout.dateline_text,
        dateline_place=layout.dateline.place if layout.dateline else None,
        wire_agency=layout.wire_agency or (agency_in(byline) if byline else None),
        language=rules.language or language_code(known.language) or detect_language(prose, layout.headline),
        quality_flags=quality_flags(
            prose,
            lines=[p.flat for p in paragraphs(text)],
            headline=layout.headline,
            is_dated=published.on is not None,
            is_corrected=layout.correction_note is not None,
            is_retracted=is_retracted,
            reader_flags=known.flags,
        ),
        is_retracted=is_retracted,
        correction_note=layout.correction_note,
        published=published,
        updated_at=known.updated_at or layout.updated_at,
    )


def credit_line(credits_: tuple[str, ...] | list[str]) -> str | None:
    """Return the supplied names of authors and agencies as one line: the byline where none is printed."""
    line = ", ".join(c for c in dict.fromkeys(credits_) if "http" not in c and "@" not in c)
    return line if 2 <= len(line) <= 140 else None


def _with_head(body: str, known: Known) -> str:
    first = [p.flat for p in paragraphs(body[:4000])[:3]]
    has_headline = known.headline is None or n_headline_lines(first, known.headline) > 0
    has_standfirst = known.standfirst is None or any(same_words(line, known.standfirst) for line in first)
    if has_headline and known.headline is not None:
        return body  # the text has its own head: nothing is put into the middle of it
    head = [
        part
        for part, is_there in ((known.headline, has_headline), (known.standfirst, has_standfirst))
        if part and not is_there
    ]
    return _GAP.join([*head, body])


def _with_captions(text: str, captions: tuple[str, ...]) -> tuple[str, tuple[Section, ...]]:
    name: SectionName = "caption"
    out: list[Section] = []
    for caption in captions:
        text = f"{text}{_GAP}{caption}"
        out.append(Section(name, len(text) - len(caption), len(text)))
    return text, tuple(out)


def _published(known: Known, layout: Layout, record: Record) -> Published:
    """Metadata goes before a date printed in the text, that before a file's name; nothing stands in for none."""
    for candidate in (known.published, layout.published):
        if candidate.on is not None:
            return candidate
    return date_in_name(record.source_uri)
