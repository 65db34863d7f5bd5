"""An S3 server in this process (moto), which now and then answers wrong or late, as a busy store does."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

BUCKET = "news"
_ANSWERS = {500: "500 Internal Server Error", 503: "503 Slow Down"}


@dataclass
class Trouble:
    """How often the store does not do what it is asked to; the seed makes it the same each time.

    Attributes:
        failing: Share of requests that are answered 500 or 503.
        slow: Share of requests that wait for a fifth of a second.
        n_failed: How many were answered so.
        n_asked: How many there were.
    """

    failing: float = 0.0
    slow: float = 0.0
    n_failed: int = 0
    n_asked: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(7)

    def around(self, app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """Return the server with the trouble before it."""

        def troubled(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            self.n_asked += 1
            if self._chance.random() < self.slow:
                time.sleep(0.2)
            if self._chance.random() < self.failing:
                self.n_failed += 1
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start(_ANSWERS[self._chance.choice(sorted(_ANSWERS))], [("Content-Length", "0")])
                return [b""]
            return app(environ, start)

        return troubled


@contextmanager
def object_store(trouble: Trouble) -> Iterator[dict[str, str]]:
    """Start the store with an empty bucket; yield the environment by which it is reached."""
    import httpx
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_: object) -> None:
            pass

    app = trouble.around(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        httpx.post(f"{url}/moto-api/reset")
        while httpx.put(f"{url}/{BUCKET}").status_code != 200:
            pass
        keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
        yield {**keys, "AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true", "AWS_EC2_METADATA_DISABLED": "true"}
    finally:
        server.shutdown()
