"""A statement as others cite it: plain text, BibTeX and CSL-JSON.

Covers the three forms and their escaping. What is not known is left out, so that no name, day or address is made up.
For SQL, see queries/articles.py; for addresses, see pages.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from pipelines.explore.file import Row

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_MARKS = ("“", '"', "„", "«", "‘", "'")
_WORDS_OF = {"indirect": "in the outlet's words", "mixed": "partly in the outlet's words"}
_NOT_ASSERTED = {
    "negated": "The article says that this was not said.",
    "hypothetical": "The article supposes this and does not say that it was said.",
    "question": "The article asks whether this was said.",
    "future": "The article expects this to be said.",
}
# BibTeX counts a brace behind a backslash too, so that braces are written as commands.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    **{char: f"\\{char}" for char in "$&#_%"},
})  # fmt: skip
_IN_URL = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def web_address(url: str | None) -> str | None:
    """Return an address that a browser may follow, or None."""
    return url if url and _ADDRESS.fullmatch(url) else None


@dataclass(frozen=True)
class Citation:
    """What is known of a statement that is cited.

    Attributes:
        statement_id: Id of the row.
        quote: Its content as printed.
        kind: direct, indirect or mixed: whose words these are.
        outlet: Name of the outlet.
        cue: The cue as printed.
        speakers: Known speakers; several spoke together.
        source: The source as printed, to stand where no speaker is known.
        polarity: Whether the article says that it was said: asserted, negated, ...
        headline: Headline of the article.
        byline: Byline of the article as printed.
        published_on: Day of publication.
        url: Address of the article.
        is_current: The text is the newest of its article.
        is_retracted: The outlet has withdrawn the article.
    """

    statement_id: str
    quote: str
    kind: str
    outlet: str
    cue: str | None = None
    speakers: tuple[str, ...] = ()
    source: str | None = None
    polarity: str = "asserted"
    headline: str | None = None
    byline: str | None = None
    published_on: date | None = None
    url: str | None = None
    is_current: bool = True
    is_retracted: bool = False

    @property
    def key(self) -> str:
        """Name of the entry in a bibliography."""
        return "onrecord-" + re.sub(r"[^A-Za-z0-9-]", "-", self.statement_id)


def citation(row: Row) -> Citation:
    """Return the citation of a row of queries.articles.cited."""
    return Citation(
        statement_id=row["statement_id"], quote=_line(row["content_text"]), kind=row["statement_type"],
        outlet=_line(row["outlet"]), cue=_line(row["cue_text"]) or None,
        speakers=tuple(_line(name) for name in row["speakers"]), source=_line(row["source_text"]) or None,
        polarity=row["polarity"], headline=_line(row["headline"]) or None, byline=_line(row["byline"]) or None,
        published_on=row["published_on"], url=web_address(row["url"]), is_current=row["is_current"],
        is_retracted=row["is_retracted"],
    )  # fmt: skip


def as_text(cited: Citation) -> str:
    """Return a citation as one line of plain text."""
    day = cited.published_on and f"{cited.published_on.day} {cited.published_on:%B %Y}"
    printed = ", ".join(part for part in (cited.outlet, cited.headline and f"“{cited.headline}”", day) if part)
    return " ".join(part for part in (_said(cited), f"{printed}.", cited.url, _row(cited)) if part) + "\n"


def as_bibtex(cited: Citation) -> str:
    """Return a citation as an entry of BibTeX, which biblatex reads too, in UTF-8."""
    day = cited.published_on
    fields = {
        "author": cited.byline and f"{{{{{_tex(cited.byline)}}}}}",
        "title": cited.headline and f"{{{{{_tex(cited.headline)}}}}}",
        "howpublished": f"{{{_tex(cited.outlet)}}}",
        "date": day and f"{{{day.isoformat()}}}",
        "year": day and f"{{{day.year}}}",
        "month": day and _MONTHS[day.month - 1],
        "url": cited.url and f"{{{cited.url.translate(_IN_URL)}}}",
        "note": f"{{{_tex(_note(cited))}}}",
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}}}\n"


def as_csl(cited: Citation) -> str:
    """Return a citation as CSL-JSON 1.0.2, which Zotero, pandoc and citeproc read: a list of one item."""
    day = cited.published_on
    custom = {"quote": cited.quote, "speakers": list(cited.speakers), "statement_id": cited.statement_id}
    item = {
        "id": cited.key, "type": "article-newspaper", "title": cited.headline,
        "author": [{"literal": cited.byline}] if cited.byline else None, "container-title": cited.outlet,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None, "URL": cited.url,
        "note": _note(cited), "custom": {name: value for name, value in custom.items() if value},
    }  # fmt: skip
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


def _note(cited: Citation) -> str:
    return f"{_said(cited)} {_row(cited)}"


def _said(cited: Citation) -> str:
    """Return who said it, by which cue and in whose words, and the words."""
    who = ", ".join(cited.speakers) or cited.source
    how = ", ".join(part for part in (cited.cue and f"“{cited.cue}”", _WORDS_OF.get(cited.kind)) if part)
    lead = " ".join(part for part in (who, f"({how})" if how else "") if part)
    is_bare = cited.kind == "direct" and not cited.quote.startswith(_MARKS)
    words = f"“{cited.quote}”" if is_bare else cited.quote
    end = "" if words.rstrip("”\"'»’").endswith((".", "!", "?", "…")) else "."
    return f"{lead}: {words}{end}" if lead else f"{words}{end}"


def _row(cited: Citation) -> str:
    """Return which row it is, and what one must know of it before one cites it."""
    told = (
        _NOT_ASSERTED.get(cited.polarity),
        "The article was withdrawn." if cited.is_retracted else None,
        None if cited.is_current else "From an earlier text of the article.",
    )
    return " ".join([f"OnRecord statement {cited.statement_id}.", *(part for part in told if part)])


def _line(text: str | None) -> str:
    """Return a text in one line; control characters, which no reader of a bibliography takes, are blanks."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text or "").split())


def _tex(text: str) -> str:
    return text.translate(_TEX)


FORMS = {
    "text": (as_text, "text/plain; charset=utf-8", "txt"),
    "bibtex": (as_bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    "csl": (as_csl, "application/vnd.citationstyles.csl+json", "json"),
}
"""Each form: how it is made, its media type, the ending of its file."""
