"""What a single paragraph is, where it is no body: byline, correction, retraction, caption.

Covers patterns over one paragraph. For where in a text paragraphs stand, see `plain_text`; for advertisements and
forms, see `boilerplate`. A pattern must read the whole paragraph or its unmistakable head: a sentence about somebody
else's correction is body.
"""

from __future__ import annotations

import re

from pipelines.core.text.agencies import agency_in, agency_of, without_agency
from pipelines.core.text.months import MONTH, WEEKDAY

_THIS_ARTICLE = (
    r"(?:this|an? (?:earlier|previous) version of (?:this|the)|the (?:headline|original version) (?:of"
    r"|on) (?:this|the))\s+"
    r"(?:\w+\s+)?(?:article|story|report|post|piece|page|item|dispatch|column|interview|review|headline|version)"
)
_CORRECTION_HEAD = re.compile(
    r"[*\[(_]*\s*(?:(?:corrections?|clarifications?|corrected|corrections? (?:and|&) clarifications?|corrigendum"
    r"|erratum)"
    r"(?:(?:\s*\([^()]{0,60}\)|,?\s+(?:on|of|to|appended|added|made)\b[^:.!?]{0,40}"
    r"|,?\s+[A-Z][a-z]+\.? \d{1,2}[^:.!?]{0,20})?\s*:"
    r"|\s*[-–—]\s)|(?:editor[’']?s?[’']?\s+note|note)\s*:.{0,200}?\b(?:corrected|amended"
    r"|clarif|revised)"
    r"|update[ds]?\b[^:.]{0,40}:.{0,80}?" + _THIS_ARTICLE + ")",
    re.I,
)
_CORRECTION_SENTENCE = re.compile(
    rf"[*\[(_]*\s*{_THIS_ARTICLE}\s+(?:originally|previously|incorrectly|mistakenly|erroneously|misstated|misidentified|misspelled|"
    r"(?:was|has been|have been)\s+(?:amended|corrected|revised|clarified|changed|edited)|(?:said|stated|gave)\s+"
    r"(?:incorrectly|mistakenly|in error))",
    re.I,
)
_RETRACTION = re.compile(
    r"(?:^|[.!?:—–-]\s*)[*\[(_]*\s*(?:editor[’']?s?[’']?\s+note:?\s*)?"
    r"(?:this (?:article|story|report|post|piece|item|dispatch)(?: \w+){0,3} (?:has been|was|is) (?:\w+ly )?"
    r"(?:withdrawn|retracted|removed|taken down|killed|deleted)"
    r"|we have (?:withdrawn|retracted|removed|deleted|taken down) (?:this|the|our) (?:article|story|report|post|piece)"
    r"|(?:reuters|afp|upi|ap|the associated press) (?:has|is) (?:withdrawn|withdrawing|retracted|retracting) "
    r"(?:this|its|the) (?:article|story|report|item))",
    re.I,
)
_RETRACTION_HEAD = re.compile(
    r"\s*[\[(*]*(?:RETRACTED|RETRACTION|WITHDRAWN|STORY REMOVED|STORY WITHDRAWN|"
    r"Retracted|Retraction|Withdrawn)"
    r"[\])*]*\s*[:—–-]"
)
_CAPTION = re.compile(
    r"(?:image|photo|photograph|picture|caption|file photo|file image|pictured|photo credit|image credit"
    r"|image source|photo by|"
    r"video)\s*(?:\d+\s*)?[:/]|FILE\s*[-–—:]\s|FILE PHOTO|\(photo(?:graph)? (?:by|courtesy)|(?:photo|image"
    r"|photograph) (?:by|courtesy)\b",
    re.I,
)
_CLOCK = re.compile(r"\d{1,2}[:.h][0-5]\d(?:\s*[ap]\.?m\.?)?(?:\s*\(?[A-Z]{1,4}\)?)?", re.I)
_OWNER = re.compile(
    r"[(\[]?(?:(?:©|copyright(?=\s*(?:©|\(|\d|by\b))|\(c\))\s*)+(?:\d{4})?\s*(?:by\s)?|source:\s*"
    r"|with inputs? from\s|via\s",
    re.I,
)
_AFTER_NAMES = re.compile(
    rf"\s+[|•·–—]\s*|\s+-\s+|\s+(?={WEEKDAY}\b)|\s*\b\d"
    rf"|\s+(?={MONTH}\s+\d)|\s+(?:updated|published"
    r"|posted)\b", re.I)  # fmt: skip
_DATED = re.compile(
    rf"[\s|•·–—-]*(?:(?:first )?(?:published|posted|updated)\b|{WEEKDAY}\b"
    rf"|{MONTH}\s+\d"
    r"|\d{1,2}[\s.:/-]|\d{4}-\d\d)", re.I)  # fmt: skip
_BYLINE = re.compile(r"\s*(?:by|reported by|written by|story by|text by)[:\s]\s*(?P<names>\S.{1,110})", re.I)
_FOREIGN_BY = re.compile(r"(?i:von|par|por|di|de|door|av|af|przez)\s+(?=[^\W\d_a-z])")
_NAME_WORD = re.compile(r"[^\W\d_][\w’'.-]*$")
_PARTICLE = frozenset((
    "van", "von", "der", "den", "de", "da", "di", "del", "la", "le", "al", "el", "bin", "ibn", "y", "e", "dos", "du",
))  # fmt: skip
_NOT_NAMES = re.compile(
    r"\b(?:staff|editor|editors|correspondent|reporter|bureau|desk|writer|news|press|agency|agencies"
    r"|contributor|columnist|service|"
    r"team|magazine|times|post|newspaper|online|media|tv|radio|updated|published|special to|chief|tribune"
    r"|network|guest|opinion|sports?|wires?)\b",
    re.I,
)


def is_correction(paragraph: str) -> bool:
    """Whether a paragraph is the publisher's own correction notice."""
    head = paragraph[:400]
    return bool(_CORRECTION_HEAD.match(head) or _CORRECTION_SENTENCE.match(head))


def is_retraction(paragraph: str, *, is_headline: bool = False) -> bool:
    """Whether a paragraph withdraws the article that it stands in."""
    head = paragraph[:500]
    return bool(_RETRACTION.search(head)) or (is_headline and bool(_RETRACTION_HEAD.match(head)))


def is_caption(paragraph: str) -> bool:
    """Whether a paragraph is labelled as the caption of a picture."""
    return len(paragraph) <= 600 and bool(_CAPTION.match(paragraph))


def is_clock(paragraph: str) -> bool:
    """Whether a paragraph is a time of day and nothing else, as over an entry of a live blog ("14:05 GMT")."""
    return len(paragraph) <= 24 and bool(_CLOCK.fullmatch(paragraph))


def credited_agency(paragraph: str) -> str | None:
    """Return the agency of a credit line ("Reuter", "(AP)", "© 2025 AFP"), else None; an editors' credit names none."""
    line = paragraph.strip(" ()[]—-–.")
    if len(paragraph) > 300:
        return None
    direct = agency_of(line)
    if direct is not None:
        return direct
    owner = _OWNER.match(paragraph)
    return (
        agency_of(re.split(r"[.,;:]|\s[-–—]\s| all rights", paragraph[owner.end() :], flags=re.I)[0]) if owner else None
    )


def read_byline(paragraph: str) -> tuple[str, ...] | None:
    """Return the names of a byline ("By Ann Lee and Bob Roe, Reuters"), or None if the paragraph is no byline.

    A byline that names only a desk or an agency has no names: ().
    """
    found = _BYLINE.fullmatch(paragraph.strip())
    if found is None:
        return None
    names = found["names"].strip()
    if re.search(r"[!?\"“”;]|\.\s+[A-Z][a-z]{3,}", names) or len(names.split()) > 16:
        return None
    if names[:1].islower() and not names.lower().startswith(("our ", "staff", "the ")):
        return None
    authors = split_names(_AFTER_NAMES.split(names, maxsplit=1)[0])
    if authors or _NOT_NAMES.search(names) or agency_in(names):
        return authors
    return None


def without_date(byline: str) -> str:
    """Return a printed byline without the date that stands behind it ("By Ann Lee | 2 March 2026, 18:20")."""
    for found in _AFTER_NAMES.finditer(byline):
        if found.start() and (_DATED.match(byline, found.end()) or _DATED.match(byline, found.start())):
            return byline[: found.start()].rstrip(" ,|•·–—-")
    return byline.rstrip(" ,|•·–—-")


def read_marked_byline(line: str) -> tuple[str, ...] | None:
    """Return the names of a line that the markup calls a byline, or None if it reads like none.

    There a preposition may be of another language ("Von Anna Berg"), or lack where a role follows ("Ann Poe, Critic").
    """
    names = read_byline(_FOREIGN_BY.sub("By ", line, count=1))
    if names is not None:
        return names
    parts = [part.strip() for part in line.split(",")]
    is_role = len(parts) == 2 and bool(_NOT_NAMES.search(parts[1])) and parts[1][:1].isupper()
    return split_names(parts[0]) or None if is_role and len(line) <= 100 else None


def split_names(names: str) -> tuple[str, ...]:
    """Return the personal names in a list of authors, without roles, desks and agencies."""
    out: list[str] = []
    cleaned = re.sub(r"\([^)]*\)|\S*@\S+|https?://\S+", " ", names)
    for part in re.split(r"\s*(?:,|;|\||/|&|\band\b|\bwith\b|\bin [A-Z]\w+|•|·|\n)\s*", cleaned):
        name = " ".join(re.sub(r"^(?:by|from)\s+", "", part.strip(" .-–—*"), flags=re.I).split())
        name = without_agency(name)
        words = name.split()
        if not 2 <= len(words) <= 5 or _NOT_NAMES.search(name) or agency_of(name) or any(ch.isdigit() for ch in name):
            continue
        if all(_NAME_WORD.match(w) and (w[0].isupper() or w.lower() in _PARTICLE or not w[0].isascii()) for w in words):
            name = name.title() if name.isupper() else name
            if name not in out:
                out.append(name)
    return tuple(out)
