"""`onrecord explore`: the published file in a browser, on this machine only.

For the pages, see explore/.
"""

from __future__ import annotations

import socket

from pipelines.errors import UsageError
from pipelines.settings import load_settings

_HOST = "127.0.0.1"  # news that is not ours to spread: nobody else on the network sees it
_SECONDS = 20.0


def main(port: int) -> int:
    """Serve the pages until somebody stops it."""
    import uvicorn

    from pipelines.explore.file import PublishedFile
    from pipelines.explore.probes import prober
    from pipelines.explore.web import create_app

    settings = load_settings()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, port))
            listening.listen(128)  # who reads the address below and asks at once, waits and is answered
        except (OSError, OverflowError) as error:
            raise UsageError(f"port {port} cannot be used ({error}): give another with --port") from None
        file = PublishedFile(settings.published, settings.query_memory, _SECONDS)
        config = uvicorn.Config(
            create_app(file, prober(file, settings)), log_level="warning", lifespan="off", server_header=False
        )
        print(f"http://{_HOST}:{listening.getsockname()[1]}/ shows {settings.published} (stop with Ctrl-C)", flush=True)
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            file.close()
    return 0
