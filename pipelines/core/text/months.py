"""Months and days of the week, as English prints them.

Covers their names, the expression that finds a month and its number. For which day a text means, see `stated_dates` and
`publication_dates`.
"""

from __future__ import annotations

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
"""A day of the week in full."""
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?"
    r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
"""A month in full or short. A stop belongs to a short one only: behind a full name it ends the sentence."""
WEEKDAY_WORDS = frozenset(WEEKDAYS) | frozenset(f"{day}s" for day in WEEKDAYS)
MONTH_WORDS = frozenset(MONTHS) | frozenset("jan feb aug sept oct nov dec".split())
"""Lower-case words that are a month wherever they stand; Mar, Apr, Jun, Jul and Sep may be somebody's name."""


def month_number(name: str) -> int:
    """Return the number, 1 to 12, of a month that MONTH has found, in any case."""
    start = name[:3].casefold()
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(start))
