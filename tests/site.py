"""A web site of a test: a real HTTP server on this machine that answers as it is told, also badly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore

from pipelines.ingest.addresses import records
from pipelines.ingest.fetch_notes import FetchNotes
from pipelines.ingest.met_records import MetRecord
from pipelines.ingest.web.client import Bounds, Client
from pipelines.ingest.web.robots import Robots
from pipelines.settings import Source, Sources

PUBLIC = "93.184.215.14"
"""Stands for the address of every made-up host; it is never connected to."""


@dataclass(frozen=True)
class Answer:
    """What is sent: the body is bytes, or pieces of bytes, the making of which may also wait or fail."""

    body: bytes | Callable[[], Iterable[bytes]] = b""
    status: int = 200
    media_type: str | None = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Answer | Callable[["BaseHTTPRequestHandler"], Answer]


class Site:
    """A site: paths and what they answer, and the requests that came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.routes: dict[str, Route | list[Route]] = {}
        self.requests: list[tuple[str, str, Mapping[str, str]]] = []
        """Host, path and headers of each request."""
        self.n_sent = 0
        """Bytes of bodies."""

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests if path != "/robots.txt"]

    def answer(self, handler: BaseHTTPRequestHandler) -> Answer:
        self.requests.append((handler.headers.get("Host", ""), handler.path, dict(handler.headers)))
        route = self.routes.get(handler.path, Answer(b"not here", 404))
        if isinstance(route, list):  # one after the other, the last one for ever
            route = route.pop(0) if len(route) > 1 else route[0]
        return route if isinstance(route, Answer) else route(handler)


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Site]:
    """Start a site (over TLS, if it has a certificate), and end it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = site.answer(self)
            try:
                self.send_response(answer.status)
                if answer.media_type is not None:
                    self.send_header("Content-Type", answer.media_type)
                if isinstance(answer.body, bytes) and "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in [answer.body] if isinstance(answer.body, bytes) else answer.body():
                    self.wfile.write(piece)
                    self.wfile.flush()
                    site.n_sent += len(piece)
            except OSError:
                pass  # the client has left
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that does not like our certificate

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class LocalDial(httpcore.SyncBackend):
    """Connects to the site whatever the address is, and notes which it was."""

    def __init__(self, site: Site) -> None:
        self.site, self.dialled = site, list[str]()
        self.sockets: list[socket.socket] = []

    def connect_tcp(self, host: str, port: int, *more: Any, **named: Any) -> httpcore.NetworkStream:  # noqa: ANN401  as the library has it
        self.dialled.append(host)
        stream = super().connect_tcp("127.0.0.1", self.site.port, *more, **named)
        self.sockets.append(stream.get_extra_info("socket"))
        return stream


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1_000.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@dataclass
class Net:
    """A client that finds every host on the site, with what it dialled and how long it slept."""

    site: Site
    client: Client
    dial: LocalDial
    clock: Clock
    hosts: dict[str, list[list[str]]]
    """Host -> its DNS answers, one after the other; the last one for ever."""

    def open(self, origin: str) -> Net:
        """Let the client know that a host has no robots.txt, where only the page's own bounds are looked at."""
        self.client._robots[origin] = Robots()
        return self


def net_of(site: Site, *, allow_private: bool = False, contact: str | None = None, **bounds: float) -> Net:
    dial, clock, hosts = LocalDial(site), Clock(), dict[str, list[list[str]]]()

    def resolve(host: str, port: int) -> list[str]:
        answers = hosts.get(host)
        if answers is None:
            if host.endswith(".example"):
                return [PUBLIC]
            if host.replace(".", "").isdigit() or ":" in host:
                return [host]
            raise OSError("Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    client = Client(
        contact=contact, allow_private=allow_private,
        bounds=Bounds(**{"gap": 1.0, "connect": 2.0, "total": 5.0, "n_bytes": 1_000_000} | bounds),
        resolve=resolve, dial=dial, clock=clock, sleep=clock.sleep,
        wall_clock=lambda: datetime(2026, 3, 2, 12, tzinfo=UTC),
    )  # fmt: skip
    return Net(site, client, dial, clock, hosts)


class Reader:
    """Takes sources in, run after run; each run has a client of its own and what the last one noted."""

    def __init__(self, site: Site, folder: Path, *sources: Source) -> None:
        self.site, self.folder = site, folder
        self.sources = Sources(sources, folder)
        self.said: list[str] = []

    def run(self, *addresses: str, is_killed: bool = False) -> list[MetRecord]:
        self.said.clear()
        self.site.requests.clear()
        memory = FetchNotes(self.folder)
        named = addresses or tuple(self.sources.addresses())
        found = list(records(named, self.sources, net_of(self.site, attempts=1).client, memory, self.said.append))
        if not is_killed:
            memory.commit()
        places = [(m.source_name, m.source_uri, m.record_no) for m in found]
        assert len(set(places)) == len(places), "two records of one run at one place"
        return found
