"""Datelines: "MOSCOW, Russia (MNTV) —", "SALVADOR, Feb 26 -", "LONDON/PARIS, March 3 (Reuters) -".

Covers telling whether a paragraph begins with a dateline, and its place, agency and day. For what the day means, see
`publication_dates`. Where a text may have none, none is made up: a bare place in capitals counts only if we know the
place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.core.text.agencies import agency_of
from pipelines.core.text.months import MONTH, WEEKDAY, month_number
from pipelines.core.text.places import AP_REGIONS, DATELINE_CITIES

_WINDOW = 140
_REACH = 2 * _WINDOW + 200
"""What is read of a paragraph at most: the dateline, and the sentence behind it."""
_LEAD = re.compile(r"[\s*_#>]*")
_DASH = re.compile(r"(?<=[\s\d.,)])(?:--+|[-–—―−])(?=\s|$)|[–—―](?=\S)|(?<=\w)--+(?=\S)|(?<=\d )-(?=[A-Z])")
_DAY = r"(?P<{0}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:(?P<m1>{MONTH})\.?\s*{_DAY.format('d1')}|{_DAY.format('d2')}\s+(?P<m2>{MONTH}))\.?(?!\d)"
    r"(?:\s*,?\s*(?P<year>(?:19|20)\d\d))?",
    re.I,
)
_OPENS_SENTENCE = re.compile(r"\s*[\"“„«‘'’(\[]*(?:[^\W_a-zß-öø-ÿ])")
_FIRST_PERSON = re.compile(r"\s*[\"“‘']*(?:I|We|My|Our|You)\b")
_NOT_REGIONS = frozenset((
    "INC", "CORP", "LTD", "CO", "LLC", "PLC", "GROUP", "JR", "SR", "PHD", "ESQ", "CEO", "CHAIR", "CHAIRMAN",
    "CHAIRWOMAN", "PRESIDENT", "EDITOR", "AUTHOR", "DIRECTOR", "MAYOR", "SENATOR", "MINISTER", "REPORTER", "HOST",
))  # fmt: skip
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b", re.I)
_AGENCY = re.compile(r"[(\[]\s*([^()\[\]]{2,60}?)\s*[)\]]|(?<=\s)/\s*([^/()]{2,60}?)\s*/(?=\s*$)")
_RELEASE = re.compile(
    rf"(?P<place>[^/\d]{{2,70}}?)\s*/\s*(?P<credit>[^/\d]{{2,40}}?)\s*/\s*(?P<date>{_DATE.pattern})\s*/\s*(?=\S)", re.I
)
"""A press release without a dash: "NEW KEEL, NORTHMARK / KEELWIRE / February 17, 2026 / The board"."""
_UNIT = re.compile(r"\b(?:per|cents?|dlrs?|yen|pct|tonnes?|kilos?|barrels?|ounces?|points?)\b", re.I)
"""What stands in brackets in the head of a table of prices."""
_BAD_CHARS = re.compile(r"[\"“”!?;:=@&%$€£<>|0-9]")
_NOT_PLACES = frozenset((
    "BREAKING", "UPDATE", "UPDATED", "EXCLUSIVE", "WATCH", "VIDEO", "LIVE", "OPINION", "ANALYSIS", "CORRECTION",
    "NOTE", "FILE", "PHOTO", "ALERT", "DEVELOPING", "EDITORIAL", "REVIEW", "COMMENT", "REPORT", "NEWS", "WARNING",
    "ADVISORY", "FACTBOX", "TIMELINE", "EXPLAINER", "INTERVIEW", "PODCAST", "TRANSCRIPT", "SPECIAL", "FEATURE",
    "SPORTS", "WORLD", "POLITICS", "BUSINESS", "QUESTION", "ANSWER", "NATO", "CNN", "BBC", "FBI", "CIA", "USA",
    "NOTICE", "READ", "MORE", "ADVERTISEMENT", "HEADLINES", "FULL", "STORY", "UNCONFIRMED",
))  # fmt: skip
_NO_FIRST_WORDS = frozenset((
    "ON", "IN", "AT", "BY", "TO", "FROM", "SINCE", "UNTIL", "AFTER", "BEFORE", "LAST", "NEXT", "THE", "A", "AN",
    "THIS", "THAT", "THEN", "IF", "AND", "BUT", "OR", "AS", "FOR", "WITH", "HE", "SHE", "IT", "WE", "I", "THEY",
    "YOU", "DURING", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "TODAY",
    "TONIGHT", "YESTERDAY",
))  # fmt: skip
_PARTICLES = frozenset((
    "of", "the", "de", "da", "do", "dos", "del", "della", "la", "le", "les", "los", "las", "el", "al", "an", "on",
    "upon", "sur", "am", "in", "and", "und", "y", "e", "du", "di", "den", "der", "st", "saint",
))  # fmt: skip


@dataclass(frozen=True)
class Dateline:
    """A dateline at the head of a paragraph.

    Attributes:
        start: First code point, in the paragraph.
        end: Code point after the closing dash.
        place: As printed, with its region ("MOSCOW, Russia").
        credit: What stands in brackets, as printed.
        agency: Our name of that agency; None if the credit is no agency that we know.
        month: 1-12.
        day: 1-31.
        year: Only if printed.
    """

    start: int
    end: int
    place: str
    credit: str | None = None
    agency: str | None = None
    month: int | None = None
    day: int | None = None
    year: int | None = None


def parse_dateline(paragraph: str, *, is_lead: bool = False, declared: str | None = None) -> Dateline | None:
    """Return the dateline that a paragraph begins with, or None.

    Args:
        paragraph: The paragraph.
        is_lead: It is the first of the body, under a headline: "OLDTOWN — The" needs no known place if its sentence
            says on which weekday something happened, as the first one of a report does.
        declared: What the page's markup calls the dateline, if it does.
    """
    lead = _LEAD.match(paragraph)
    start = lead.end() if lead else 0
    window = paragraph[start : start + _WINDOW]
    if not window[:1].isalpha():
        return None
    release = _release(window, start)
    if release is not None:
        return release
    best: Dateline | None = None
    for n, dash in enumerate(_DASH.finditer(window)):
        if n > 2:
            break
        head = window[: dash.start()].rstrip()
        is_declared = declared is not None and head == re.sub(r"[\s–—-]+$", "", declared)
        after = paragraph[start + dash.end() : start + _WINDOW + 200]
        if _DATE.fullmatch(after.strip(" .")):
            continue  # the head of a table: "TOKYO RUBBER (YEN PER KILO) - APRIL 07"
        is_apart = paragraph[start + dash.start() - 1].isspace()
        is_trusted = is_declared or (is_lead and is_apart and n == 0 and _is_report(after))
        found = _parse_head(head, start, start + dash.end(), is_declared or _is_long(dash), is_trusted, after)
        if found is None:
            continue
        if best is None or (found.place == best.place and (found.day or found.credit)):
            best = found
    return best


def dateline_end(paragraph: str) -> int:
    """Return where the words behind a dateline begin; 0 if the paragraph begins with none."""
    found = parse_dateline(paragraph[:_REACH], is_lead=True)
    if found is None:
        return 0
    behind = paragraph[found.end :]
    return found.end + len(behind) - len(behind.lstrip())


def _release(window: str, start: int) -> Dateline | None:
    """Return the dateline of a press release that is parted by slashes; its place is printed in capitals."""
    found = _RELEASE.match(window)
    if found is None or not _is_capitals(found["place"].split(",")[0]) or not _is_place(found["place"], is_backed=True):
        return None
    day = int(found["d1"] or found["d2"])
    year = int(found["year"]) if found["year"] else None
    month = month_number(found["m1"] or found["m2"])
    credit = found["credit"]
    return Dateline(start, start + found.end(), found["place"], credit, _known_agency(credit), month, day, year)


def _is_long(dash: re.Match[str]) -> bool:
    return dash.group() != "-" and dash.group() != "−"


def _is_report(after: str) -> bool:
    """Whether words read as the first sentence of a report: one in the third person that names its weekday."""
    sentence = re.split(r"(?<=[.!?])[\"”’]?\s", after, maxsplit=1)[0]
    return bool(_WEEKDAY.search(sentence)) and not _FIRST_PERSON.match(after)


def _parse_head(head: str, start: int, end: int, is_long_dash: bool, is_trusted: bool, after: str) -> Dateline | None:
    """Read what stands before the dash, or return None if it is no dateline.

    Args:
        head: What stands before the dash.
        start: Its first code point, in the paragraph.
        end: Code point after the dash.
        is_long_dash: The dash is one that is printed between clauses, and no hyphen.
        is_trusted: Something outside of these words says that a place stands here.
        after: What follows the dash.
    """
    credit, rest = _take(head, _AGENCY)
    dated, rest = _take(rest, _DATE)
    has_weekday = False
    if dated is None:
        weekday, rest = _take(rest, _WEEKDAY)
        has_weekday = weekday is not None
    place = " ".join(re.sub(r"[\s,–—-]+$", "", rest).split()).replace(" ,", ",").strip(" ,")
    tail = _unbracketed_agency(place)
    if tail is not None and credit is None:
        place, agency_name = tail
    else:
        agency_name = None
    text = (credit.group(1) or credit.group(2)) if credit else agency_name
    agency = _known_agency(text)
    if not place or not _is_in_order(head, place) or (text is not None and agency is None and _UNIT.search(text)):
        return None
    if _is_capitals(place.split(",")[0]):
        is_backed = dated is not None or text is not None or has_weekday
    else:  # "Toronto, Feb 26 -" and "Cleveland (AFP) –" are datelines, "On Monday, Graham —" is not
        is_backed = agency is not None or (dated is not None and bool(re.match(r"[^,]+,", head)))
    if not is_backed and is_long_dash and _OPENS_SENTENCE.match(after) and not _FIRST_PERSON.match(after):
        is_backed = _is_capitals(place.split(",")[0]) and (is_trusted or _has_region(place))
    if not _is_place(place, is_backed=is_backed):
        return None
    month = day = year = None
    if dated is not None:
        month = month_number(dated["m1"] or dated["m2"])
        day = int(dated["d1"] or dated["d2"])
        year = int(dated["year"]) if dated["year"] else None
    return Dateline(start, end, place, text, agency, month, day, year)


def _take(text: str, pattern: re.Pattern[str]) -> tuple[re.Match[str] | None, str]:
    """Return the first match and the text without it, or None and the text."""
    found = pattern.search(text)
    if found is None:
        return None, text
    return found, f"{text[: found.start()]} {text[found.end() :]}"


def _is_in_order(head: str, place: str) -> bool:
    """The place must come first: "In a March 3 letter (AP) -" is none."""
    return head.lstrip().casefold().startswith(place.split(",", maxsplit=1)[0].split(maxsplit=1)[0].casefold())


def _unbracketed_agency(place: str) -> tuple[str, str] | None:
    """Split "NEW DELHI, Reuters" into place and agency."""
    before, comma, last = place.rpartition(",")
    if comma and agency_of(last) and last.strip(" .").upper() != "PA":
        return before.strip(), last.strip()
    return None


def _known_agency(credit: str | None) -> str | None:
    if credit is None:
        return None
    for part in re.split(r"[/,&]| and ", credit):
        name = agency_of(part)
        if name:
            return name
    return None


def _is_place(place: str, *, is_backed: bool) -> bool:
    """Whether words read as a place; without a date or a credit behind them they must be in capitals and known."""
    parts = [p.strip() for p in place.split(",")]
    if not place or len(parts) > 3 or len(place) > 70 or _BAD_CHARS.search(place) or not all(parts):
        return False
    city, regions = parts[0], parts[1:]
    if not _looks_like_name(city) or not all(_looks_like_name(r) and len(r.split()) <= 4 for r in regions):
        return False
    words = re.split(r"[\s/]+", city)
    if words[0].upper() in _NO_FIRST_WORDS and city.casefold() not in DATELINE_CITIES and words[:2] != ["THE", "HAGUE"]:
        return False
    if len(words) > 6 or words[0].upper() in _NOT_PLACES or city.upper() in _NOT_PLACES:
        return False
    if is_backed:
        return True
    if not _is_capitals(city):
        return False
    if regions:
        return all(r.casefold().replace(" ", "") in AP_REGIONS for r in regions)
    return all(c.strip().casefold() in DATELINE_CITIES for c in re.split(r"/| and ", city, flags=re.I))


def _has_region(place: str) -> bool:
    """Whether a place in capitals is followed by one region in small letters ("OLDTOWN, Norland"), known or not."""
    parts = place.split(", ")
    words = parts[1].split() if len(parts) == 2 else []
    is_name = all(w[0].isupper() and not w.isupper() and w.strip(".").upper() not in _NOT_REGIONS for w in words)
    return 1 <= len(words) <= 3 and is_name


def _looks_like_name(words: str) -> bool:
    tokens = re.split(r"[\s/]+", words)
    if not tokens or not tokens[0][:1].isupper():
        return False
    is_first = True
    for token in tokens:
        bare = token.strip(".'’()")
        if not bare:
            return False
        if not (bare[0].isupper() or bare.casefold() in _PARTICLES or re.match(r"[dl]['’]", token) or not is_first):
            return False
        if (
            bare[0].islower()
            and bare.casefold() not in _PARTICLES
            and not _is_capitals(words.split(maxsplit=1)[0])
            and len(tokens) > 2
        ):
            return False
        is_first = False
    return sum(1 for t in tokens if t[:1].islower()) <= len(tokens) // 2


def _is_capitals(words: str) -> bool:
    """In capitals, but for particles and the like of "McLEAN"."""
    letters = [w for w in re.split(r"[\s/'’-]+", words) if w.casefold() not in _PARTICLES]
    return bool(letters) and all(re.sub(r"^Mc|^Mac", "", w).isupper() for w in letters)
