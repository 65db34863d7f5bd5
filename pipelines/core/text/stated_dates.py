"""When a statement was made: the words that say so, and the day they mean.

Covers stated dates in English prose, resolved against the day of publication. For the day of publication itself, see
`publication_dates`.

"Thursday" in a text published on a Thursday means the same day. With no day of publication a relative date stays NULL
with basis `no_anchor`, and its words are kept. When nothing is said the date is NULL with basis `none`: the day of
publication is never put in its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipelines.core.text.months import MONTH, WEEKDAY, WEEKDAYS, month_number

_MONTH = rf"(?P<month{{n}}>{MONTH})"
_PATTERN = re.compile(
    rf"""(?<![\w-])(?:(?:on|in|late\s+on|early\s+on)\s+(?:the\s+)?)?(?:
      (?P<month_day>(?:{WEEKDAY},?\s+)?{_MONTH.format(n=1)}\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year1>(?:19|20)\d\d))?(?!\d))
    | (?P<day_month>(?:{WEEKDAY},?\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format(n=2)}
        (?:,?\s+(?P<year2>(?:19|20)\d\d))?(?!\d))
    | (?P<iso>(?P<year3>(?:19|20)\d\d)-(?P<month3>\d\d)-(?P<day3>\d\d))
    | (?P<month_year>{_MONTH.format(n=4)},?\s+(?P<year4>(?:19|20)\d\d))
    | (?P<year_of>(?:a|an|his|her|their|its|the)?\s*(?P<year5>(?:19|20)\d\d)\s+(?:interview|speech|book|memoir|report
        |letter|study|paper|article|email|essay|statement|tweet|post|testimony|deposition|memo|debate|lecture|documentary|podcast))
    | (?P<last_weekday>last\s+(?P<weekday1>{WEEKDAY}))
    | (?P<weekday>(?P<weekday2>{WEEKDAY})(?:\s+(?:morning|afternoon|evening|night))?)
    | (?P<today>(?:earlier|later|late|early)\s+(?:today|on\s+the\s+day)
        |today|this\s+(?:morning|afternoon|evening)|tonight)
    | (?P<yesterday>(?:late\s+|early\s+)?yesterday(?:\s+(?:morning|afternoon|evening|night))?|last\s+night)
    | (?P<earlier_period>earlier\s+this\s+(?P<unit1>week|month|year))
    | (?P<last_period>last\s+(?P<unit2>week|month|year))
    | (?P<this_period>this\s+(?P<unit3>week|month|year))
    | (?P<ago>(?P<count>a|one|two|three|four|five|six|seven|\d{{1,2}})\s+(?P<unit4>day|week|month|year)s?\s+ago)
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_YEAR_MAY_BE_MEANT = re.compile(r"\b(?:until|since|before|after|by|next|from|through|till|between)\s*$", re.IGNORECASE)
_PREPOSITION = re.compile(r"^(?:on|in|late\s+on|early\s+on)\s", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:—–(]|\b(?:that|which|who|when|where|after|before|because|while|as)\b", re.IGNORECASE)
_SHIFT = re.compile(
    r"\b(?P<count>a|an|one|two|three|four|five|six|seven|\d{1,2}|some|several|many|few)?\s*(?P<unit>hour|day|week|month|year)s?\s+"
    r"(?P<side>after|before|since)\s+(?:that\s+)?$",
    re.IGNORECASE,
)
_MAX_WORDS_AWAY = 12


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date found in text. `day` is None without an anchor; for a week, month or year it is the first day."""

    start: int
    end: int
    text: str
    day: date | None
    precision: str | None
    basis: str


def add_stated_dates(
    statements: pl.DataFrame, sentences: pl.DataFrame, texts: pl.DataFrame, statement_spans: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fill the four stated_date columns, and add the words that date a statement as spans of kind "time".

    Args:
        statements: as extracted; stated_date columns absent, or anything (they are replaced).
        sentences: version_id, sentence_no, char_start, char_end.
        texts: version_id, text, published_on.
        statement_spans: as extracted; spans of kind "time" are replaced.

    Returns:
        (statements, statement_spans), columns in their old order, the stated_date columns last where they were absent.
    """
    text_of = {v: (t, day) for v, t, day in texts.select("version_id", "text", "published_on").iter_rows()}
    sentences_of: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for v, start, end in sentences.sort("char_start").select("version_id", "char_start", "char_end").iter_rows():
        sentences_of[v].append((start, end))
    spans = statement_spans.filter(pl.col("span_kind") != "time")
    rows = statements.select("statement_id", "version_id", "speaker_mention_id").rows()
    speaker_of = {sid: speaker for sid, _, speaker in rows}
    own: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    contents: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    cues: dict[tuple[str, int], list[tuple[str | None, int, int]]] = defaultdict(list)
    columns = ("statement_id", "version_id", "span_kind", "char_start", "char_end")
    for sid, v, kind, start, end in spans.select(columns).iter_rows():
        own[sid].append((kind, start, end))
        first = _sentence_at(sentences_of[v], start)
        if kind == "cue":
            cues[v, first].append((speaker_of.get(sid), start, end))
        elif kind == "content":
            for i in range(first, _sentence_at(sentences_of[v], end - 1) + 1):
                contents[v, i].append((start, end))
    found: list[StatedDate | None] = []
    for sid, v, speaker in rows:
        text, anchor = text_of.get(v, ("", None))
        centre = _centre(own[sid])
        if centre is None or not sentences_of[v]:
            found.append(None)
            continue
        i = _sentence_at(sentences_of[v], centre[0])
        stands_in = [s for s in contents[v, i] if _within(centre, s)]
        outside = [s for s in contents[v, i] if s not in stands_in]
        rivals = [(s, e) for other, s, e in cues[v, i] if other != speaker]
        found.append(stated_date(text, sentences_of[v][i], own[sid], outside, anchor, rivals))
    texts_only = {v: text for v, (text, _) in text_of.items()}
    _inherit(rows, found, own, sentences_of, texts_only)
    return _with_dates(statements, found), _with_time_spans(spans, statements, found)


def stated_date(
    text: str, sentence: tuple[int, int], spans: Sequence[tuple[str, int, int]],
    outside: Iterable[tuple[int, int]], anchor: date | None, rivals: Iterable[tuple[int, int]] = (),
) -> StatedDate | None:  # fmt: skip
    """Return the date nearest to the cue, or source, in its sentence, outside all content; None if nothing is said.

    Args:
        text: text of the version.
        sentence: span of the sentence of the cue.
        spans: (span_kind, start, end) of the statement.
        outside: spans in which a date belongs to something else (contents).
        anchor: day of publication, if known.
        rivals: cues of other speakers; a date that stands nearer to one of them is theirs.
    """
    centre = _centre(spans)
    if centre is None:
        return None
    start, end = sentence
    blocked = [*outside, *((s, e) for kind, s, e in spans if kind == "content")]
    best: tuple[int, int, StatedDate] | None = None
    for m in _PATTERN.finditer(text, start, end):
        if any(s < m.end() and m.start() < e for s, e in blocked) or _YEAR_MAY_BE_MEANT.search(text, start, m.start()):
            continue
        if m.group("today") and m.group(0)[0].isupper() and m.start() > start:
            continue  # a title (USA Today)
        away = _gap((m.start(), m.end()), centre)
        if any(start <= s < end and _gap((m.start(), m.end()), (s, e)) < away for s, e in rivals):
            continue
        gap = text[m.end() : centre[0]] if m.end() <= centre[0] else text[centre[1] : m.start()]
        for s, e in blocked:  # words of the content between cue and date do not count as distance
            if centre[1] <= s and e <= m.start():
                gap = gap.replace(text[s:e], " ", 1)
        distance = len(gap.split())
        read = read_date(m, anchor)
        if read is None or distance > _MAX_WORDS_AWAY or (len(_CLAUSE.findall(gap)) > 1 and distance > 2):
            continue
        if best is None or (distance, m.start()) < best[:2]:
            best = (distance, m.start(), read)
    return best[2] if best else None


def read_date(m: re.Match[str], anchor: date | None) -> StatedDate | None:
    """Return the day that a match of the pattern means; None for a day that does not exist."""
    words = m.group(0).strip()
    start = m.end() - len(m.group(0).lstrip())
    n = next((n for n in ("1", "2", "3") if m.group(f"day{n}")), None)
    if n is not None:
        month = int(m.group("month3")) if n == "3" else month_number(m.group(f"month{n}"))
        year = m.group(f"year{n}")
        parts = (int(year) if year else None, month, int(m.group(f"day{n}")))
        return _explicit(start, m.end(), words, parts, anchor)
    if m.group("month_year"):
        day = date(int(m.group("year4")), month_number(m.group("month4")), 1)
        return StatedDate(start, m.end(), words, day, "month", "explicit")
    if m.group("year_of"):
        return StatedDate(start, m.end(), words, date(int(m.group("year5")), 1, 1), "year", "explicit")
    if anchor is None:
        return StatedDate(start, m.end(), words, None, None, "no_anchor")
    resolved = _relative(m, anchor)
    return StatedDate(start, m.end(), words, *resolved, "relative") if resolved else None


def weekday_before(weekday: str, anchor: date) -> date:
    """Return the last day of that name up to and including the anchor: the same weekday is the same day."""
    return anchor - timedelta(days=(anchor.weekday() - WEEKDAYS.index(weekday.casefold())) % 7)


def _relative(m: re.Match[str], anchor: date) -> tuple[date, str] | None:
    if m.group("weekday"):
        return weekday_before(m.group("weekday2"), anchor), "day"
    if m.group("last_weekday"):
        day = weekday_before(m.group("weekday1"), anchor)
        return (day if day < anchor else day - timedelta(days=7)), "day"
    if m.group("today"):
        return anchor, "day"
    if m.group("yesterday"):
        return anchor - timedelta(days=1), "day"
    if m.group("earlier_period") or m.group("this_period"):
        return _period(m.group("unit1") or m.group("unit3"), anchor, 0)
    if m.group("last_period"):
        return _period(m.group("unit2"), anchor, 1)
    count = m.group("count").casefold()
    number = _NUMBERS.get(count) or int(count)
    if m.group("unit4").casefold() == "day":
        return anchor - timedelta(days=number), "day"
    return _period(m.group("unit4"), anchor, number)


def _period(unit: str, anchor: date, back: int) -> tuple[date, str] | None:
    """Return the first day of the week, month or year that lies `back` of them before the anchor's.

    A week has no precision of its own in the contract: it is given as its month, the finest that surely holds, and as
    its year when it spans two months.
    """
    unit = unit.casefold()
    if unit == "year":
        return date(anchor.year - back, 1, 1), "year"
    if unit == "month":
        months = anchor.year * 12 + anchor.month - 1 - back
        return date(months // 12, months % 12 + 1, 1), "month"
    monday = anchor - timedelta(days=anchor.weekday() + 7 * back)
    if monday.month == (monday + timedelta(days=6)).month:
        return monday.replace(day=1), "month"
    return date(monday.year, 1, 1), "year"


def _explicit(
    start: int, end: int, words: str, parts: tuple[int | None, int, int], anchor: date | None
) -> StatedDate | None:
    """Return the day; with no year printed, the last such day up to the anchor (a week ahead is let stand)."""
    year, month, day = parts
    if year is None and anchor is None:
        return StatedDate(start, end, words, None, None, "no_anchor")
    for candidate in (year,) if year is not None else (anchor.year + 1, anchor.year, anchor.year - 1) if anchor else ():
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or (anchor is not None and found <= anchor + timedelta(days=7)):
            return StatedDate(start, end, words, found, "day", "explicit")
    return None


def _centre(spans: Sequence[tuple[str, int, int]]) -> tuple[int, int] | None:
    """Return the span of the cue, else of the source, else None."""
    for wanted in ("cue", "source"):
        for kind, start, end in spans:
            if kind == wanted:
                return start, end
    return None


def _sentence_at(sentences: Sequence[tuple[int, int]], position: int) -> int:
    """Return the index of the sentence at a position, or of the one before it; 0 if there is none."""
    return max(0, bisect_right(sentences, position, key=lambda s: s[0]) - 1)


def _gap(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Return the number of code points between two spans, 0 if they touch or overlap."""
    return max(0, b[0] - a[1], a[0] - b[1])


def _inherit(
    rows: Sequence[tuple[str, str, str | None]], found: list[StatedDate | None],
    own: Mapping[str, Sequence[tuple[str, int, int]]], sentences_of: Mapping[str, Sequence[tuple[int, int]]],
    text_of: Mapping[str, str],
) -> None:  # fmt: skip
    """Give an undated statement the day of the one before it, if the same speaker goes on in this or the next sentence.

    The same speaker is told by the words alone: one source for both, a pronoun, or a source that ends in the same word.
    Both must stand in one paragraph. Such a date has no words of its own, and basis `inherited`.
    """
    order = sorted(range(len(rows)), key=lambda i: (rows[i][1], _first(own[rows[i][0]])))
    last: tuple[int, StatedDate] | None = None
    for i in order:
        sid, v, speaker = rows[i]
        here = found[i]
        if here is not None:
            last = (i, here)
            continue
        if last is None or rows[last[0]][1] != v or last[1].day is None:
            continue
        before = rows[last[0]]
        a, b = _first(own[before[0]]), _first(own[sid])
        starts = sentences_of[v]
        step = bisect_right(starts, (b, len(text_of[v]))) - bisect_right(starts, (a, len(text_of[v])))
        same = (speaker is not None and speaker == before[2]) or _same_source(
            _source(own[sid], text_of[v]), _source(own[before[0]], text_of[v])
        )
        shift = _SHIFT.search(text_of[v], min(a, b), _clause_start(own[sid]))
        if same and step <= 1 and "\n" not in text_of[v][min(a, b) : max(a, b)]:
            found[i] = _shifted(shift, last[1])
            last = (i, last[1]) if step and shift is None else last
        elif _source(own[sid], text_of[v]):
            last = None


def _clause_start(spans: Sequence[tuple[str, int, int]]) -> int:
    """Return where the clause of a statement starts: at its source or its cue, whichever comes first."""
    return min((start for kind, start, _ in spans if kind in ("source", "cue")), default=0)


def _shifted(shift: re.Match[str] | None, before: StatedDate) -> StatedDate | None:
    """Return the day of the statement before, or the day that "two days after" puts it at; None for other distances."""
    if shift is None:
        return StatedDate(0, 0, "", before.day, before.precision, "inherited")
    count = (shift["count"] or "").casefold()
    number = _NUMBERS.get(count) or (int(count) if count.isdigit() else None)
    if number is None or before.day is None or before.precision != "day" or shift["unit"].casefold() != "day":
        return None
    words = shift.group().rstrip()
    day = before.day - timedelta(days=number if shift["side"].casefold() != "before" else -number)
    return StatedDate(shift.start(), shift.start() + len(words), words, day, "day", "relative")


def _first(spans: Sequence[tuple[str, int, int]]) -> int:
    """Return where the cue (else the source, else the content) of a statement starts."""
    for kind in ("cue", "source", "content"):
        for k, start, _ in spans:
            if k == kind:
                return start
    return 0


def _source(spans: Sequence[tuple[str, int, int]], text: str) -> str:
    return next((text[s:e] for kind, s, e in spans if kind == "source"), "")


def _same_source(here: str, before: str) -> bool:
    if here.casefold() in ("he", "she"):
        return bool(before)
    last, last_before = here.split()[-1:], before.split()[-1:]
    return bool(last) and last == last_before and last[0][:1].isupper()


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _with_dates(statements: pl.DataFrame, found: Sequence[StatedDate | None]) -> pl.DataFrame:
    return statements.with_columns(
        pl.Series("stated_date_text", [(f.text or None) if f else None for f in found], dtype=pl.String),
        pl.Series("stated_date", [f.day if f else None for f in found], dtype=pl.Date),
        pl.Series("stated_date_precision", [f.precision if f else None for f in found], dtype=pl.String),
        pl.Series("stated_date_basis", [f.basis if f else "none" for f in found], dtype=pl.String),
    )


def _with_time_spans(spans: pl.DataFrame, statements: pl.DataFrame, found: Sequence[StatedDate | None]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "statement_id": sid,
            "version_id": v,
            "span_kind": "time",
            "span_no": 0,
            "char_start": f.start,
            "char_end": f.end,
            "span_text": f.text,
        }
        for (sid, v), f in zip(statements.select("statement_id", "version_id").iter_rows(), found, strict=True)
        if f is not None and f.text
    ]
    if not rows:
        return spans
    keep = [c for c in ("ingest_date", "batch_id") if c in spans.columns]
    extra = pl.DataFrame(rows, schema={c: t for c, t in spans.schema.items() if c not in keep}, orient="row")
    if keep:
        extra = extra.join(statements.select("statement_id", *keep), on="statement_id")
    return pl.concat([spans, extra.select(spans.columns)])
