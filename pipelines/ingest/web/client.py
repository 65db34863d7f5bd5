"""A polite client: robots.txt, one request at a time a host, retries that wait, everything bounded.

Covers when a request may be sent, how often, and what an answer means. For addresses and bytes on the wire, see
`addresses` and `connections`; for what is in a page, see ingest.

Nothing is done behind the user's back: no cookies, no credentials, no proxies from the environment (a proxy would
look names up itself, so that no address could be checked), and what is refused says why.
"""

from __future__ import annotations

import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
import tenacity

from pipelines import __version__
from pipelines.ingest.web.addresses import Resolve, resolve
from pipelines.ingest.web.connections import (
    BrokenCodingError,
    Deadline,
    OffLimitsError,
    TooLargeError,
    TooSlowError,
    Transport,
    collected,
)
from pipelines.ingest.web.responses import Fetched, UnfetchedError, Validators
from pipelines.ingest.web.robots import AGENT, Robots
from pipelines.settings import Settings

_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,application/json;q=0.9,text/*;q=0.8,application/gzip;q=0.5"
)
_TEXTS = frozenset({"application/xml", "application/json", "application/xhtml+xml", "application/ld+json"})
PACKED = frozenset({"application/gzip", "application/x-gzip", "application/octet-stream"})
"""What a sitemap that lies compressed on the server is sent as."""
_PASSING = frozenset({408, 425, 429})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 2_000_000
_MAX_URL = 2_000
_FAILURES = 3
"""Answers in a row that a host may owe us before it is left alone for the rest of the run."""


@dataclass(frozen=True)
class Bounds:
    """How long anything may take, in seconds, and how often it is tried.

    Attributes:
        gap: Least time between two requests to one host; a longer Crawl-delay goes before it.
        connect: Time for a connection, and for each wait on it.
        total: Time for an answer as a whole.
        longest_wait: What a server may ask us to wait, between requests or before the next try; beyond it we leave.
        attempts: Tries of one request.
        redirects: Redirects that are followed.
        n_bytes: Size of a body, decompressed.
    """

    gap: float = 1.0
    connect: float = 10.0
    total: float = 60.0
    longest_wait: float = 60.0
    attempts: int = 3
    redirects: int = 5
    n_bytes: int = 20_000_000


class _PassingError(Exception):
    """This try failed, the next may not."""

    def __init__(self, rule: str, detail: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.rule, self.detail, self.status, self.retry_after = rule, detail, status, retry_after


@dataclass
class _Host:
    """What is known of a host in this run; whoever talks to it holds the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    n_failures: int = 0
    closed: str | None = None


class Client:
    """Fetches pages, one at a time a host. May be shared by threads."""

    def __init__(
        self,
        *,
        contact: str | None = None,
        allow_private: bool = False,
        bounds: Bounds | None = None,
        resolve: Resolve = resolve,
        dial: httpcore.NetworkBackend | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        wall_clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._agent = f"{AGENT}/{__version__}" + (f" (+{contact})" if contact else "")
        self._allow_private = allow_private
        self._bounds = bounds or Bounds()
        self._resolve, self._dial = resolve, dial or httpcore.SyncBackend()
        self._clock, self._sleep, self._wall_clock = clock, sleep, wall_clock
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, Robots | UnfetchedError] = {}
        self._lock = threading.Lock()

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()  # SSL_CERT_FILE names authorities of a company

    # ---- asking
    def fetch(self, url: str, validators: Validators | None = None) -> Fetched:
        """Fetch a page, following redirects; every hop is checked and waited for like the first.

        Args:
            url: An http or https address.
            validators: Of what we have, if anything.

        Raises:
            UnfetchedError: it was not got, or must not be.
        """
        at, seen = url.partition("#")[0], set[str]()
        for _ in range(self._bounds.redirects + 1):
            host = self._checked(at)
            if at in seen:
                raise UnfetchedError("redirect_loop", f"{_shown(url)}: redirects in a circle at {_shown(at)}")
            seen.add(at)
            robots = self._robots_of(at)
            if not robots.allows(at):
                what = f"{_shown(at)}: robots.txt asks not to fetch it: use what the feed itself holds, or ask the site"
                raise UnfetchedError("robots_disallowed", what)
            gap = max(self._bounds.gap, robots.seconds_between)
            if gap > self._bounds.longest_wait:
                what = f"{_shown(at)}: robots.txt asks for {gap:,.0f} s between requests, which is too long to wait"
                raise UnfetchedError("crawl_delay", what, is_host=True)
            answer = self._ask(host, at, gap, validators.headers() if validators else {})
            if isinstance(answer, Fetched):
                return answer
            at = _joined(at, answer)
        what = f"{_shown(url)}: more than {self._bounds.redirects} redirects, at last to {_shown(at)}"
        raise UnfetchedError("too_many_redirects", what)

    def _checked(self, url: str) -> str:
        """Return the host of an address that may be asked for."""
        try:
            parts = urlsplit(url)
            httpx.URL(url)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except (ValueError, httpx.InvalidURL):
            is_good = False
        if not is_good or len(url) > _MAX_URL:
            what = f"{_shown(url)}: not an http or https address of at most {_MAX_URL:,} characters"
            raise UnfetchedError("bad_url", what, is_final=True)
        if parts.username is not None or parts.password is not None:
            raise UnfetchedError("bad_url", f"{parts.hostname}: an address must not hold a password", is_final=True)
        return str(parts.hostname)

    # ---- robots.txt
    def _robots_of(self, url: str) -> Robots:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            known = self._robots.get(origin)
        if known is None:
            known = self._fetch_robots(f"{origin}/robots.txt")
            with self._lock:
                self._robots[origin] = known
        if isinstance(known, UnfetchedError):
            raise known
        return known

    def _fetch_robots(self, url: str) -> Robots | UnfetchedError:
        """Return the rules: all is allowed where there are none (4xx), and nothing where nobody can tell (5xx)."""
        at = url
        try:
            for _ in range(self._bounds.redirects + 1):
                answer = self._ask(self._checked(at), at, 0.0, {}, is_robots=True)
                if isinstance(answer, Fetched):
                    return Robots(answer.body.decode("utf-8", "replace").removeprefix("\ufeff"))
                at = _joined(at, answer)
        except UnfetchedError as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return Robots()
            if error.rule in ("no_content", "not_text"):
                return Robots()  # a site without one that answers with something else
            if error.rule in ("off_limits", "bad_url"):
                return error
            what = f"{error.detail}; without its robots.txt a site must not be fetched: try later"
            return UnfetchedError("robots_unreachable", what, status=error.status, is_host=True)
        return Robots()  # as RFC 9309 has it after five redirects

    # ---- one request
    def _ask(
        self, name: str, url: str, gap: float, headers: dict[str, str], *, is_robots: bool = False
    ) -> Fetched | str:
        """Return the answer, or the address to which it redirects, after as many tries as it takes."""
        with self._lock:
            host = self._hosts.setdefault(name, _Host())
        with host.lock:
            if host.closed is not None:
                raise UnfetchedError("host_failing", host.closed, is_host=True)
            tries = tenacity.Retrying(
                retry=tenacity.retry_if_exception_type(_PassingError),
                stop=tenacity.stop_after_attempt(self._bounds.attempts) | self._asks_too_long,
                wait=self._wait_seconds,
                sleep=self._sleep,
                reraise=True,
            )
            try:
                answer = tries(self._once, host, url, gap, headers, is_robots)
            except _PassingError as error:
                host.n_failures += 1
                if self._is_too_long(error.retry_after) or host.n_failures >= _FAILURES:
                    host.closed = f"{name} is left alone for the rest of this run after: {error.detail}"
                raise UnfetchedError(
                    error.rule, error.detail, status=error.status, is_host=host.closed is not None
                ) from error
            host.n_failures = 0
            return answer

    def _is_too_long(self, seconds: float | None) -> bool:
        return seconds is not None and seconds > self._bounds.longest_wait

    def _asks_too_long(self, state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        return isinstance(error, _PassingError) and self._is_too_long(error.retry_after)

    def _wait_seconds(self, state: tenacity.RetryCallState) -> float:
        """Return what the server asked us to wait; where it did not, a wait that doubles, with jitter."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, _PassingError) else None
        if asked is not None:
            return asked
        return float(min(self._bounds.longest_wait, 2.0 ** (state.attempt_number - 1) * random.uniform(1.0, 2.0)))

    def _once(self, host: _Host, url: str, gap: float, headers: dict[str, str], is_robots: bool) -> Fetched | str:
        """Send one request and read its answer."""
        wait = host.free_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        shown = _shown(url)
        deadline = Deadline(self._bounds.total)
        transport = Transport(
            self._ssl_context, self._resolve, deadline, allow_private=self._allow_private, dial=self._dial
        )
        own = {"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip", "Connection": "close"}
        try:
            with (
                httpx.Client(transport=transport, trust_env=False, timeout=self._bounds.connect) as client,
                client.stream("GET", url, headers=own | headers) as response,
            ):
                return self._read(response, url, bool(headers), is_robots)
        except OffLimitsError as error:
            what = (
                f"{shown}: {error}, an address of this machine or its network: "
                "set ONRECORD_ALLOW_PRIVATE_ADDRESSES=true if that is meant"
            )
            raise UnfetchedError("off_limits", what) from None
        except TooLargeError:
            limit = f"{self._bounds.n_bytes:,} bytes"
            what = f"{shown}: larger than {limit}: raise ONRECORD_MAX_DOCUMENT_BYTES if that is meant"
            raise UnfetchedError("too_large", what, status=200, is_final=True) from None
        except BrokenCodingError as error:
            raise _PassingError("cut_off", f"{shown}: the answer is {error}") from None
        except (TooSlowError, httpcore.TimeoutException):
            raise _PassingError("timed_out", f"{shown}: no whole answer in time: try later") from None
        except httpcore.ConnectError as error:
            raise _PassingError("unreachable", f"{shown}: {_line(error)}: check the address, or try later") from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _PassingError("cut_off", f"{shown}: the answer broke off ({_line(error)}): try later") from None
        finally:
            host.free_at = self._clock() + gap

    def _read(self, response: httpx.Response, url: str, is_conditional: bool, is_robots: bool) -> Fetched | str:
        status, shown = response.status_code, _shown(url)
        if status in _REDIRECTS and response.headers.get("Location"):
            return str(response.headers["Location"])
        media_type = _line(response.headers.get("Content-Type", ""))
        validators = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        if status == 304 and is_conditional:
            return Fetched(url, status, media_type, b"", validators)
        if status in _PASSING or status >= 500:
            asked = _retry_after(response.headers.get("Retry-After"), self._wall_clock())
            wants = f" and asks to wait {asked:,.0f} s" if asked is not None else ""
            raise _PassingError(f"http_{status}", f"{shown}: the server answers {status}{wants}", status, asked)
        if status not in (200, 203):
            is_empty = status < 300
            what = f"{shown}: the server answers {status}{', which has no content' if is_empty else ''}"
            rule = "no_content" if is_empty else f"http_{status}"
            raise UnfetchedError(rule, what, status=status, is_final=400 <= status < 500)
        if not is_robots and not is_text(media_type):
            what = f"{shown}: {media_type.partition(';')[0][:80]} is no text, and is not fetched"
            raise UnfetchedError("not_text", what, status=status, is_final=True)
        limit = _ROBOTS_BYTES if is_robots else self._bounds.n_bytes
        body = collected(_raw(response), response.headers.get("Content-Encoding", ""), limit)
        return Fetched(url, status, media_type, body, validators)


def client_of(settings: Settings) -> Client:
    """Return a client as the settings have it."""
    bounds = Bounds(gap=settings.request_gap_seconds, n_bytes=settings.max_document_bytes)
    return Client(contact=settings.contact, allow_private=settings.allow_private_addresses, bounds=bounds)


def is_text(media_type: str) -> bool:
    """Whether a Content-Type is of something that may hold text: pages, feeds, sitemaps; none at all may, too."""
    kind = media_type.partition(";")[0].strip().lower()
    return not kind or kind.startswith("text/") or kind in _TEXTS | PACKED or kind.endswith(("+xml", "+json"))


def _raw(response: httpx.Response) -> Iterator[bytes]:
    yield from response.iter_raw()


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds of a Retry-After, which is a number of them or a date; None if it is neither."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError):
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def _joined(base: str, location: str) -> str:
    """Return where a redirect leads; one that cannot be read is left as it is, to be refused."""
    try:
        return urljoin(base, location).partition("#")[0]
    except ValueError:
        return location


def _line(text: object) -> str:
    """Return a text as one short line that can be printed."""
    return "".join(c if c.isprintable() else " " for c in str(text)).strip()[:200]


def _shown(url: str) -> str:
    return _line(url) or "an empty address"
