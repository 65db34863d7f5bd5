"""Dates of publication: printed or declared forms -> a day, an instant where zone and time are known, a precision.

Covers parsing, and saying how exactly a date is known. It does not cover where a date was found. A form that can be
read in two ways (03/04/2016) or that lacks the month is not read at all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

from pipelines.core.documents.model import UNDATED, Basis, Published
from pipelines.core.text.months import MONTH, month_number

_MONTH = rf"(?P<month>{MONTH})\.?"
_WEEKDAY = r"(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = (
    r"(?:\s*,?\s*(?:at\s+|T|[-–|·/]\s*)?(?P<hour>[01]?\d"
    r"|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:\.\d+)?)?"
    r"\s*(?P<ampm>[ap]\.?m\.?)?\s*\(?(?P<zone>[A-Z]{1,4}|[+-]\d{1,2}:?\d\d)?\)?)?"
)
_ZONES = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "HKT": 8,
    "SGT": 8,
    "AEST": 10,
    "AEDT": 11,
}  # fmt: skip  only names that mean one zone: CST, IST and BST are left out
_ZONES_BY_SEASON = {"ET": "America/New_York", "PT": "America/Los_Angeles"}
"""Names of the American press that stand for summer and winter time; CT and MT are as short and mean more."""
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<mon>\d{1,2})(?:-(?P<day>\d{1,2})(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<frac>\d+))?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?)?",
    re.I,
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<mon>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])")
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH}[\s,-]+(?P<year>\d{{4}}){_TIME}",
    re.I,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}}){_TIME}", re.I)  # fmt: skip
_TIME_FIRST = re.compile(
    r"(?P<hour>[01]?\d"
    r"|2[0-3])[:.](?P<minute>[0-5]\d)(?P<second>(?!))?\s*(?P<ampm>[ap]\.?m\.?)?\s*(?P<zone>[A-Z]{1,4}?)?[\s,|]+"
    rf"(?:on\s+)?{_WEEKDAY}(?:(?P<d1>\d{{1,2}})\s+)?{_MONTH}(?:\s+(?P<d2>\d{{1,2}})\s*,)?\s+(?P<year>\d{{4}})",
    re.I,
)
_YEAR_LAST = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"\s+(?P<zone>[A-Z]{1,4}|[+-]\d\d:?\d\d)\s+(?P<year>\d{4})",
    re.I,
)
_MONTH_ONLY = re.compile(rf"{_MONTH}\s*,?\s+(?P<year>\d{{4}})", re.I)
_SLASHED = re.compile(rf"(?P<a>\d{{1,2}})[/.](?P<b>\d{{1,2}})[/.](?P<year>\d{{4}}){_TIME}", re.I)
_YMD_SLASHED = re.compile(rf"(?P<year>\d{{4}})[/.](?P<mon>\d{{1,2}})[/.](?P<day>\d{{1,2}}){_TIME}", re.I)
_LABEL = re.compile(
    r"^(?P<kind>(?:(?:first|originally)\s+)?published(?:\s+(?:on|at))?|posted(?:\s+on)?|date|updated(?:\s+on|\s+at)?"
    r"|last\s+(?:updated?|modified)"
    r"(?:\s+(?:on|at))?|modified|upd)\s*[:\-–]?\s+", re.I)  # fmt: skip
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_YEARS = range(1600, 2200)


def parse_date(value: object, zone: str | None = None, basis: Basis = "metadata") -> Published:
    """Read one date.

    Args:
        value: A string as printed or declared, or seconds or milliseconds since 1970.
        zone: IANA zone of times that carry none.
        basis: Where the value was found.

    Returns:
        The date, or `UNDATED` where the value cannot be read for certain.
    """
    found = _number(value, zone) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if found is None and isinstance(value, str):
        found = _text(" ".join(value[:120].split()), zone)
    return replace(found, basis=basis) if found is not None else UNDATED


def date_line(line: str, zone: str | None = None) -> tuple[bool, Published] | None:
    """Read a printed line that holds a date and nothing else ("Published: June 26, 2025, 10:00 GMT").

    Returns:
        Whether it is the date of a change rather than of publication, and the date; None if it is no such line.
    """
    if len(line) > 100 or not any(ch.isdigit() for ch in line):
        return None
    label = _LABEL.match(line)
    found = _text(line[label.end() :] if label else line, zone)
    if found is None or found.precision == "month":
        return None
    is_update = label is not None and label["kind"].lower().startswith(("upd", "last", "modif"))
    return is_update, replace(found, basis="text")


def both_days(line: str) -> frozenset[date]:
    """Return the two days that a line may mean which does not say which of its numbers is the month; else none."""
    label = _LABEL.match(line)
    found = _SLASHED.fullmatch((line[label.end() :] if label else line).strip(" .|"))
    if found is None or found["a"] == found["b"] or max(int(found["a"]), int(found["b"])) > 12:
        return frozenset()
    year, a, b = (int(found[name]) for name in ("year", "a", "b"))
    return frozenset(d for d in (_day(year, a, b), _day(year, b, a)) if d)


def date_in_name(uri: str) -> Published:
    """Read the one whole date in a file's name ("politico_2016-09-12_title.txt"), else `UNDATED`."""
    name = uri.rstrip("/").replace("\\", "/").rpartition("/")[2]
    days = {d for y, _, m, d_ in _IN_NAME.findall(name) if (d := _day(int(y), int(m), int(d_)))}
    return Published(on=days.pop(), precision="day", basis="file_name") if len(days) == 1 else UNDATED


def _text(value: str, zone: str | None) -> Published | None:
    value = value.strip(" .|")
    iso = _ISO.fullmatch(value)
    if iso:
        return _from_parts(iso["year"], iso["mon"], iso["day"], iso.groupdict(), zone)
    compact = _COMPACT.fullmatch(value)
    if compact:
        return _from_parts(compact["year"], compact["mon"], compact["day"], {}, zone)
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_LAST):
        named = pattern.fullmatch(value)
        if named:
            return _from_parts(named["year"], month_number(named["month"]), named["day"], named.groupdict(), zone)
    timed = _TIME_FIRST.fullmatch(value)
    if timed and (timed["d1"] or timed["d2"]):
        day_of = timed["d1"] or timed["d2"]
        return _from_parts(timed["year"], month_number(timed["month"]), day_of, timed.groupdict(), zone)
    turned = _YMD_SLASHED.fullmatch(value)
    if turned:
        return _from_parts(turned["year"], turned["mon"], turned["day"], turned.groupdict(), zone)
    slashed = _SLASHED.fullmatch(value)
    if slashed:
        a, b = int(slashed["a"]), int(slashed["b"])
        if a == b or a > 12 or b > 12:  # else 03/04 could be March or April
            day, month = (a, b) if a > 12 else (b, a)
            return _from_parts(slashed["year"], month, day, slashed.groupdict(), zone)
        return None
    month_only = _MONTH_ONLY.fullmatch(value)
    if month_only:
        return _from_parts(month_only["year"], month_number(month_only["month"]), None, {}, zone)
    return None


def _from_parts(
    year: str, month: str | int, day: str | int | None, time: dict[str, str | None], zone: str | None
) -> Published | None:
    on = _day(int(year), int(month), int(day) if day else 1)
    if on is None:
        return None
    if not day:
        return Published(on=on, precision="month")
    offset = (
        _offset(time.get("zone"))
        or _zone(_ZONES_BY_SEASON.get((time.get("zone") or "").upper()))
        or (_zone(zone) if zone and not time.get("zone") else None)
    )
    hour, minute = time.get("hour"), time.get("minute")
    if offset is None or hour is None or minute is None:
        return Published(on=on, precision="day")
    clock = int(hour)
    ampm = (time.get("ampm") or "").lower()
    if ampm:
        if not 1 <= clock <= 12:
            return Published(on=on, precision="day")
        clock = clock % 12 + (12 if ampm.startswith("p") else 0)
    second = int(time.get("second") or 0)
    if clock > 23 or int(minute) > 59 or second > 59:
        return Published(on=on, precision="day")
    micros = int(((time.get("frac") or "") + "000000")[:6])
    local = datetime(on.year, on.month, on.day, clock, int(minute), second, micros, tzinfo=offset)
    own = _zone(zone)
    printed_zone = (time.get("zone") or "").upper()
    if own is not None and printed_zone in ("Z", "UTC", "GMT", "+00:00", "+0000", "+00"):
        on = local.astimezone(own).date()  # the publisher's own day, where its zone is known
    return Published(on=on, at=local.astimezone(UTC), precision="instant")


def _number(value: int | float, zone: str | None) -> Published | None:
    seconds = value / 1000 if abs(value) > 1e11 else value
    if not 0 < seconds < 7e9:
        return None
    if float(value).is_integer() and 16000101 <= value <= 21991231 and _COMPACT.fullmatch(str(int(value))):
        return _text(str(int(value)), zone)
    if seconds < 1e8:  # before 1973: a year or a count, not an instant
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return Published(on=at.astimezone(_zone(zone) or UTC).date(), at=at, precision="instant")


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _offset(name: str | None) -> tzinfo | None:
    if not name:
        return None
    upper = name.upper()
    if upper in _ZONES:
        return timezone(timedelta(hours=_ZONES[upper]))
    signed = re.fullmatch(r"([+-])(\d{1,2}):?(\d\d)?", upper)
    if signed is None:
        return None
    minutes = int(signed[2]) * 60 + int(signed[3] or 0)
    return timezone(timedelta(minutes=-minutes if signed[1] == "-" else minutes)) if minutes < 24 * 60 else None


@cache
def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # only where the settings name a zone

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
