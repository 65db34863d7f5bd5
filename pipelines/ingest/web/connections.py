"""The wire under the client: connections to checked addresses, a deadline for all of an answer, bounded bodies.

Covers what httpx leaves open: which address a name is connected to, how long an answer may take as a whole, how far a
compressed body may grow. For what an answer means, see `client`.
"""

from __future__ import annotations

import ssl
import time
import typing
import zlib
from collections.abc import Iterable, Iterator

import httpcore
import httpx

from pipelines.ingest.web.addresses import Resolve, is_off_limits

_MOST_ADDRESSES = 4
"""Addresses of one host that are tried."""


class OffLimitsError(Exception):
    """The host's address is not public; the message names it."""


class TooSlowError(Exception):
    """The answer as a whole took longer than it may."""


class TooLargeError(Exception):
    """The body is larger than it may be, as sent or decompressed."""


class BrokenCodingError(Exception):
    """The body is not compressed as its headers say, or is cut off."""


class Deadline:
    """An instant, and how long it is until then."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def bound(self, seconds: float | None) -> float:
        """Return a time-out that does not reach beyond the deadline.

        Raises:
            TooSlowError: the deadline has passed.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise TooSlowError
        return left if seconds is None else min(seconds, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the deadline: a server that drips bytes does not hold us."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.bound(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.bound(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.bound(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:  # noqa: ANN401  as the library has it
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to the very addresses that were checked: a name that is asked for twice may answer otherwise."""

    def __init__(
        self, resolve: Resolve, deadline: Deadline, dial: httpcore.NetworkBackend, *, allow_private: bool
    ) -> None:
        self._resolve, self._deadline, self._dial, self._allow_private = resolve, deadline, dial, allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} has no address ({error.strerror or error})") from error
        if not self._allow_private and any(map(is_off_limits, addresses)):
            raise OffLimitsError(f"{host} is {', '.join(addresses[:_MOST_ADDRESSES])}")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                inner = self._dial.connect_tcp(
                    address, port, self._deadline.bound(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(inner, self._deadline)
        raise failure


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: typing.Any) -> None:  # noqa: ANN401  the library's own kinds
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class Transport(httpx.BaseTransport):
    """One request over one connection of its own, which is closed with it."""

    def __init__(
        self, ssl_context: ssl.SSLContext, resolve: Resolve, deadline: Deadline, *, allow_private: bool,
        dial: httpcore.NetworkBackend,
    ) -> None:  # fmt: skip
        backend = _Backend(resolve, deadline, dial, allow_private=allow_private)
        self._pool = httpcore.ConnectionPool(ssl_context, max_keepalive_connections=0, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; errors are those of httpcore and of this module."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


def collected(chunks: Iterable[bytes], coding: str, limit: int) -> bytes:
    """Return a body, decompressed; no more than the limit is ever held.

    Args:
        chunks: The body as sent.
        coding: Content-Encoding: empty, identity, gzip or deflate.
        limit: Greatest number of bytes.

    Raises:
        TooLargeError: there is more.
        BrokenCodingError: it is compressed otherwise, or cut off.
    """
    if coding.strip().lower() in ("", "identity"):
        return b"".join(_bounded(chunks, limit))
    if coding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise BrokenCodingError(f"compressed as {coding.strip()[:40]}, which was not asked for")
    return b"".join(_bounded(_inflated(chunks, limit), limit))


def _bounded(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLargeError
        yield chunk


def _inflated(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield what the chunks hold, each piece no larger than the limit."""
    inflate = zlib.decompressobj(wbits=47)  # tells gzip from zlib by itself
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                yield inflate.decompress(rest, limit + 1)
                rest = inflate.unconsumed_tail
                if inflate.eof:
                    if not inflate.unused_data.startswith(b"\x1f\x8b"):
                        return  # the end, or what servers leave behind it
                    rest, inflate = inflate.unused_data, zlib.decompressobj(wbits=47)
    except zlib.error as error:
        raise BrokenCodingError(f"not compressed as it says ({error})") from error
    if not inflate.eof:
        raise BrokenCodingError("cut off in the middle")
