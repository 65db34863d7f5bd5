"""How a check is described, and how the days of a run go into its SQL.

Covers the vocabulary in which ``expectations/suites`` is written. It does not cover any single check.

A check looks at a *batch*, a SELECT that gives the rows it is about, and says by a *rule* when it
fails. The SQL is DuckDB's, with these placeholders:

    @days(column)       the column is one of the days of the run; TRUE for a run over everything
    @window(column, n)  the column lies between n days before the first day of the run and the last
    @day_list           a relation ``d(day)`` of the days of the run
    @today              the day that the caller calls today
    {batch}             in no check: the rule reads its batch as the relation ``b``
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Severity = Literal["block", "warn"]

ALL_DAYS = "(SELECT DISTINCT ingest_date AS day FROM internal.version_facts) AS d"
"""``@day_list`` of a run over everything."""

_PLACEHOLDER = re.compile(r"@(?P<name>days|window|day_list|today)\b(?:\((?P<column>[\w.]+)(?:,\s*(?P<n>\d+))?\))?")


@dataclass(frozen=True)
class Rows:
    """Fails if this SELECT over the batch (relation ``b``) gives a row; each row is one failure."""

    fails: str


@dataclass(frozen=True)
class NotNull:
    """Fails if more than this share of the batch has no value in the column.

    Attributes:
        column: Column of the batch.
        max_share: Largest share of NULLs that passes, 0 to 1.
        at_least: A batch of fewer rows is not judged: a share of a handful says nothing.
    """

    column: str
    max_share: float
    at_least: int


@dataclass(frozen=True)
class Recent:
    """Fails if the latest day in the column is more than this number of days before today, or unknown."""

    column: str
    max_age_days: int


@dataclass(frozen=True)
class CheckSpec:
    """One check.

    Attributes:
        name: Name, unique among all checks; letters, digits and underscores.
        table: What it looks at, as ``schema.table``.
        severity: ``block`` stops a publication, ``warn`` does not.
        claim: What must hold, as one clause without a full stop.
        reason: Why, with a date beside every number.
        batch: SELECT that gives the rows looked at (placeholders: see the module).
        rule: When it fails.
        ids: Columns that name a failing row, in the order in which rows are reported.
        reads_views: The batch reads views over much of the warehouse: it is computed once, into a temporary
            table. Such a batch gives few and short columns.
        needs_all_days: It adds up over all days, so that it would cost more with each: a run over some days leaves
            it to the next run over everything.
    """

    name: str
    table: str
    severity: Severity
    claim: str
    reason: str
    batch: str
    rule: Rows | NotNull | Recent
    ids: tuple[str, ...]
    reads_views: bool = False
    needs_all_days: bool = False


@dataclass(frozen=True)
class Scope:
    """What a run is about.

    Attributes:
        days: The days looked at, sorted; None: all.
        today: The day that freshness is measured from.
    """

    days: tuple[date, ...] | None
    today: date

    @classmethod
    def of(cls, days: Sequence[date] | None, today: date) -> Scope:
        """Return the scope of a run.

        Raises:
            TypeError: a day is no ``datetime.date`` (an instant has no day before a zone is chosen).
        """
        for day in (today, *(days or ())):
            if not isinstance(day, date) or isinstance(day, datetime):
                raise TypeError(f"not a date: {day!r}")
        return cls(None if days is None else tuple(sorted(set(days))), today)

    def render(self, sql: str) -> str:
        """Return the SQL with every placeholder replaced by literals."""
        return _PLACEHOLDER.sub(self._replace, sql)

    def _replace(self, match: re.Match[str]) -> str:
        name, column, n = match["name"], match["column"], match["n"]
        if name == "today":
            return _literal(self.today)
        if name == "day_list":
            return self._day_list()
        if self.days is None:
            return "TRUE"
        if not self.days:
            return "FALSE"
        if name == "window":
            first = self.days[0] - timedelta(days=int(n))
            return f"{column} BETWEEN {_literal(first)} AND {_literal(self.days[-1])}"
        return self._one_of_days(column)

    def _one_of_days(self, column: str) -> str:
        """Return the condition that a column is a day of the run.

        DuckDB carries ``=`` and ranges, but no ``IN``, over to the other side of a join on the column, and then
        skips the row groups of other days there too: hence the range beside the list.
        """
        days = self.days or ()
        if len(days) == 1:
            return f"{column} = {_literal(days[0])}"
        listed = ", ".join(map(_literal, days))
        return f"({column} BETWEEN {_literal(days[0])} AND {_literal(days[-1])} AND {column} IN ({listed}))"

    def _day_list(self) -> str:
        if self.days is None:
            return ALL_DAYS
        if not self.days:
            return "(SELECT CAST(NULL AS DATE) AS day WHERE FALSE) AS d"
        return f"(VALUES {', '.join(f'({_literal(day)})' for day in self.days)}) AS d(day)"


def _literal(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
