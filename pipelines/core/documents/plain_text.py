"""A text as it stands -> headline, standfirst, byline, dateline, corrections, captions, boilerplate, as spans.

Covers the order of the parts of an article. For what one paragraph says, see `paragraph_kinds`, `datelines` and
`headline`. The text itself is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.core.documents.boilerplate import is_boilerplate
from pipelines.core.documents.headline import is_headline, is_standfirst, n_headline_lines, same_words
from pipelines.core.documents.model import UNDATED, Published, Section, SectionName
from pipelines.core.documents.paragraph_kinds import (
    credited_agency,
    is_caption,
    is_clock,
    is_correction,
    is_retraction,
    read_byline,
)
from pipelines.core.documents.paragraphs import Paragraph, paragraphs
from pipelines.core.documents.publication_dates import date_line, parse_date
from pipelines.core.text.agencies import agency_in, signed_code
from pipelines.core.text.datelines import Dateline, parse_dateline

_HEADER_LINES = 8
_DATELINE_WITHIN = 3
_MAX_LABEL = 16


@dataclass(frozen=True)
class Layout:
    """What a text says about itself.

    Attributes:
        sections: Spans that are not body, by start, not overlapping.
        published: The date of a printed date line, else of a dateline that gives the year.
        updated_at: The instant of a printed "updated" line.
        Others: as in `Document`.
    """

    sections: tuple[Section, ...] = ()
    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    dateline: Dateline | None = None
    dateline_text: str | None = None
    wire_agency: str | None = None
    is_retracted: bool = False
    correction_note: str | None = None
    published: Published = UNDATED
    updated_at: datetime | None = None


class _Marks:
    """Collects sections while the paragraphs are read once, from first to last."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.byline: str | None = None
        self.authors: tuple[str, ...] = ()
        self.agency: str | None = None
        self.published: Published = UNDATED
        self.updated_at: datetime | None = None
        self.corrections: list[str] = []
        self.is_retracted = False

    def add(self, name: SectionName, p: Paragraph) -> None:
        self.sections.append(Section(name, p.start, p.end))


def lay_out(
    text: str,
    *,
    headline: str | None = None,
    standfirst: str | None = None,
    dateline: str | None = None,
    zone: str | None = None,
    guess: bool = True,
) -> Layout:
    """Find the parts of a text.

    Args:
        text: The text; it may begin with headline and standfirst.
        headline: The headline, where it is known from beside the text: its span is marked if the text begins with it.
        standfirst: The same for the standfirst.
        dateline: What a page's markup calls the dateline.
        zone: IANA zone of printed times without one.
        guess: Whether first lines that read like a headline and a standfirst are that, where none is known.
    """
    found = paragraphs(text)
    marks = _Marks()
    rest, headline = _take_headline(found, headline, marks, guess=guess)
    rest, standfirst = _take_standfirst(rest, standfirst, marks, guess=guess and headline is not None)
    rest = _take_header(rest, marks, zone)
    found_dateline, dateline_text = _mark_body(rest, marks, dateline, has_headline=headline is not None)
    if headline and is_retraction(headline, is_headline=True):
        marks.is_retracted = True
    return Layout(
        sections=tuple(sorted(marks.sections, key=lambda s: s.char_start)),
        headline=headline,
        standfirst=standfirst,
        byline=marks.byline,
        authors=marks.authors,
        dateline=found_dateline,
        dateline_text=dateline_text,
        wire_agency=_agency(found_dateline) or marks.agency,
        is_retracted=marks.is_retracted,
        correction_note="\n\n".join(marks.corrections) or None,
        published=marks.published if marks.published.on else _dateline_day(found_dateline),
        updated_at=marks.updated_at,
    )


def _take_headline(
    found: list[Paragraph], headline: str | None, marks: _Marks, *, guess: bool
) -> tuple[list[Paragraph], str | None]:
    if not found:
        return found, headline
    first = found[0]
    if headline is not None:
        n = n_headline_lines([p.flat for p in found], headline)
        if n:
            marks.sections.append(Section("headline", first.start, found[n - 1].end))
            return found[n:], " ".join(p.flat for p in found[:n])
        return found, headline
    if guess and is_headline(found):
        marks.add("headline", first)
        return found[1:], first.flat
    return found, None


def _take_standfirst(
    found: list[Paragraph], standfirst: str | None, marks: _Marks, *, guess: bool
) -> tuple[list[Paragraph], str | None]:
    if len(found) < 2:
        return found, standfirst
    if standfirst is not None:
        if same_words(found[0].flat, standfirst):
            marks.add("standfirst", found[0])
            return found[1:], found[0].flat
        return found, standfirst
    if guess and is_standfirst(found):
        marks.add("standfirst", found[0])
        return found[1:], found[0].flat
    return found, None


def _take_header(found: list[Paragraph], marks: _Marks, zone: str | None) -> list[Paragraph]:
    """Take byline and date lines off the head; return the paragraphs that stay to be read."""
    rest: list[Paragraph] = []
    for n, p in enumerate(found):
        if n >= _HEADER_LINES or len(p.text) > 200:
            return rest + found[n:]
        names = read_byline(p.flat) if marks.byline is None else None
        if names is not None:
            marks.byline, marks.authors = p.flat, names
            marks.agency = marks.agency or agency_in(p.flat)
            marks.add("boilerplate", p)
            continue
        dated = date_line(p.flat, zone)
        if dated is not None:
            is_update, day = dated
            if is_update:
                marks.updated_at = marks.updated_at or day.at
            elif not marks.published.on:
                marks.published = day
            marks.add("boilerplate", p)
            continue
        rest.append(p)
    return rest


def _agency(dateline: Dateline | None) -> str | None:
    """Return the agency that signs a dateline; one that we do not know by the code it signs with."""
    return None if dateline is None else dateline.agency or signed_code(dateline.credit)


def _mark_body(
    found: list[Paragraph], marks: _Marks, declared: str | None, *, has_headline: bool
) -> tuple[Dateline | None, str | None]:
    dateline: Dateline | None = None
    dateline_text: str | None = None
    n_body = 0
    is_label = False
    for p in found:
        name = _section_of(p, marks)
        if name is None and is_label:  # the notice of a "CORRECTION:" that stands on a line of its own
            name = "correction"
            marks.corrections[-1] += f" {p.flat}"
        is_label = name == "correction" and len(p.text) <= _MAX_LABEL
        if name is not None:
            marks.add(name, p)
            continue
        n_body += 1
        if dateline is None and n_body <= _DATELINE_WITHIN:
            dateline = parse_dateline(p.text, is_lead=has_headline and n_body == 1, declared=declared)
            if dateline is not None and (dateline.end < len(p.text) or dateline.day or dateline.credit):
                start, end = p.start + dateline.start, p.start + dateline.end
                marks.sections.append(Section("dateline", start, end))
                dateline_text = p.text[dateline.start : dateline.end]
            else:
                dateline = None
    return dateline, dateline_text


def _section_of(p: Paragraph, marks: _Marks) -> SectionName | None:
    flat = p.flat
    if is_retraction(flat):
        marks.is_retracted = True
        marks.corrections.append(flat)
        return "correction"
    if is_correction(flat):
        marks.corrections.append(flat)
        return "correction"
    if len(flat) <= 300:
        agency = credited_agency(flat)
        if agency is not None:
            marks.agency = marks.agency or agency
            return "boilerplate"
    if is_boilerplate(flat) or is_clock(flat):
        return "boilerplate"
    return "caption" if is_caption(flat) else None


def _dateline_day(dateline: Dateline | None) -> Published:
    """The day of a dateline that prints the year; month and day alone are no date."""
    if dateline is None or dateline.year is None:
        return UNDATED
    return parse_date(f"{dateline.year}-{dateline.month}-{dateline.day}", basis="text")
