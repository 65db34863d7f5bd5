"""What an address gives a page: words, days, choices, the page of a list, another form than HTML.

Belongs here: reading parameters, refusing wrong ones in words. Does not belong here: what is done with them (pages.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request

from pipelines.storage.search import Query

SIZE = 50
"""Rows of a page of a list."""

MOST = 100_000
"""Rows of a list that a page gives as CSV or JSON; longer ones are for `onrecord export`, which streams."""

FORMS = ("csv", "json")


class BadAddressError(Exception):
    """A parameter of an address cannot be what it is; the message says so, and what it may be."""


@dataclass(frozen=True)
class Given:
    """A request's parameters, read."""

    request: Request

    @property
    def ident(self) -> str:
        """The id in the path."""
        return str(self.request.path_params["ident"])

    def text(self, name: str) -> str:
        """Return a parameter's text, at most 300 characters of it; empty if it is not given."""
        return self.request.query_params.get(name, "").replace("\0", "").strip()[:300]

    def day(self, name: str) -> date | None:
        """Return a parameter's day, or None.

        Raises:
            BadAddressError: it is no day of the calendar.
        """
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise BadAddressError(f"{name}: {text} is not a day; write one as 2026-03-02") from None

    @property
    def page(self) -> int:
        """Number of the page of a list, from 1."""
        text = self.request.query_params.get("page", "")
        return min(max(int(text), 1), 100_000) if text.isascii() and text.isdecimal() and len(text) < 9 else 1

    @property
    def form(self) -> str | None:
        """Csv or json, where a list is asked for as a file; None for the page.

        Raises:
            BadAddressError: it is another word.
        """
        text = self.text("as")
        if text and text not in FORMS:
            raise BadAddressError(f"as: {text} is no form of a list; csv and json are")
        return text or None

    @property
    def window(self) -> dict[str, int]:
        """LIMIT and OFFSET of the page of a list; of a file, all there is."""
        if self.form:
            return {"limit": MOST + 1, "offset": 0}
        return {"limit": SIZE, "offset": (self.page - 1) * SIZE}

    def most(self, n: int) -> int:
        """Return how many rows a short list beside others may have; as a file it is whole."""
        return MOST + 1 if self.form else n

    @property
    def query(self) -> Query:
        """What is looked for.

        Raises:
            BadAddressError: a day is none, or the last one is before the first.
        """
        since, until = self.day("since"), self.day("until")
        if since and until and until < since:
            raise BadAddressError(f"until: {until} is before since, {since}")
        return Query(
            text=self.text("q"), speaker=self.text("speaker") or None, outlet=self.text("outlet") or None,
            since=since, until=until, only_counted=self.text("counted") == "1",
            section=self.text("section") or None, cue_class=self.text("cue_class") or None,
        )  # fmt: skip

    @property
    def filters(self) -> dict[str, Any]:
        """The query as the values of a form's fields."""
        query = self.query
        return {
            "q": query.text, "speaker": query.speaker or "", "outlet": query.outlet or "", "since": query.since or "",
            "until": query.until or "", "section": query.section or "", "cue_class": query.cue_class or "",
            "counted": query.only_counted,
        }  # fmt: skip
