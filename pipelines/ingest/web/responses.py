"""What comes of a request: an answer, or why there is none.

Covers plain values and the one error. For getting them, see `client`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Validators:
    """What a server wants to be told when it is asked again: what we have."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return {name: value for name, value in pairs if value}


@dataclass(frozen=True)
class Fetched:
    """An answer.

    Attributes:
        url: Where it was found in the end, after redirects.
        status: 200, or 304: what we have is what there is, and the body is empty.
        media_type: Content-Type as sent, on one line; empty if none was.
        body: Decompressed, not decoded.
        validators: For the next time.
    """

    url: str
    status: int
    media_type: str
    body: bytes
    validators: Validators = Validators()


class UnfetchedError(Exception):
    """Nothing was got; the message is one line that says why and what to do.

    Attributes:
        rule: Name of the reason, in snake_case.
        status: Status of the answer, if there was one.
        is_final: The same address will answer the same tomorrow.
        is_host: The reason is the host's, so that its other pages will not be got either in this run.
    """

    def __init__(
        self, rule: str, detail: str, *, status: int | None = None, is_final: bool = False, is_host: bool = False
    ) -> None:
        super().__init__(detail)
        self.rule, self.detail, self.status = rule, detail, status
        self.is_final, self.is_host = is_final, is_host
