"""The services of a cluster on one machine, for the demo and tests: PostgreSQL, an S3 server, two nodes of Ray.

Belongs here: starting each, telling when it answers, and stopping it whatever happened. Does not belong here: what is
done with them (see `cluster_demo`).

Each runs in a session of its own below one folder, and is ended by its id: nothing else that runs here is touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_SECONDS = 120


class NotStartedError(Exception):
    """A service did not begin to answer; the message says which, and where its log lies."""


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(
    name: str, command: Sequence[str], folder: Path, answers: Callable[[], bool], env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a service until the end of the block; it is there when it answers.

    Raises:
        NotStartedError: it ended, or did not answer in two minutes.
    """
    log = folder / f"{name}.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            list(command), stdout=told, stderr=told, cwd=folder, env=dict(env or os.environ), start_new_session=True
        )
    try:
        end = time.monotonic() + _SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > end:
                raise NotStartedError(f"{name} did not start: see {log}")
            time.sleep(0.2)
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """End a service and what it started: at first as it likes to be ended, then for certain."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


# ---------------------------------------------------------------- PostgreSQL
def postgres_programs() -> Path | None:
    """Return the folder with PostgreSQL's programs; None: there is no server on this machine."""
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else next(iter(_PLACES), None)


class Postgres:
    """A server of one's own; its databases belong to the user postgres, who needs no password."""

    def __init__(self, folder: Path) -> None:
        """Set up a server in an empty folder, and start it.

        Raises:
            NotStartedError: there is none on this machine, or it does not start.
        """
        programs = postgres_programs()
        if programs is None:
            raise NotStartedError("there is no PostgreSQL server here: apt-get install postgresql")
        self._programs, self._folder, self.port = programs, folder, free_port()
        if os.geteuid() == 0:  # the server refuses to be root's
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres")
        self.start()

    def url(self, database: str, user: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def libpq(self, database: str, user: str = "postgres") -> str:
        """Return how libpq names a database."""
        return f"host=127.0.0.1 port={self.port} dbname={database} user={user}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement and return what psql prints, a row a line."""
        command = [str(self._programs / "psql"), "-qAt", "-v", "ON_ERROR_STOP=1", "-d", self.libpq(database)]
        done = subprocess.run([*command, "-c", statement], capture_output=True, text=True, check=True, timeout=60)
        return done.stdout

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        """Stop it at once, as a crash would; what was committed is there when it starts again."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        with tempfile.TemporaryFile("w+") as told:  # no pipe: the server would hold its end open
            done = subprocess.run(command, cwd=self._folder, stdout=told, stderr=told, check=False, timeout=_SECONDS)
            told.seek(0)
            if done.returncode:
                raise NotStartedError(f"{program}: {' '.join(told.read().split())[-300:]}")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server until the end of the block, in a folder that its user can reach and that goes with it."""
    with tempfile.TemporaryDirectory(prefix="onrecord-postgres-") as folder:
        server = Postgres(Path(folder))
        try:
            yield server
        finally:
            with contextlib.suppress(NotStartedError):  # it was stopped before
                server.stop()


# ---------------------------------------------------------------- S3 and Ray
@contextmanager
def object_store(folder: Path, bucket: str) -> Iterator[dict[str, str]]:
    """Run moto's S3 server with an empty bucket, in memory; yield the environment by which it is reached."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        request = urllib.request.Request(f"{url}/{bucket}", method="PUT")
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    keys = {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo", "AWS_REGION": "us-east-1"}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running("s3", command, folder, answers):
        yield {**keys, "AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true"}


@contextmanager
def ray_node(name: str, folder: Path, head: int, env: Mapping[str, str], *, is_head: bool) -> Iterator[
    subprocess.Popen[bytes]
]:  # fmt: skip
    """Run a node of Ray with one processor: the head, listening on a port, or one that joins it."""
    program = str(Path(sys.executable).with_name("ray"))
    where = ["--head", f"--port={head}", "--include-dashboard=false"] if is_head else [f"--address=127.0.0.1:{head}"]
    command = [program, "start", *where, "--num-cpus=1", "--node-ip-address=127.0.0.1", "--block",
               "--disable-usage-stats", "--object-store-memory=200000000"]  # fmt: skip

    def answers() -> bool:
        return "Ray runtime started" in (folder / f"{name}.log").read_text(errors="replace")

    with running(name, command, folder, answers, env) as process:
        yield process
