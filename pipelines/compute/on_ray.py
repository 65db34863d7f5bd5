"""Steps on the nodes of a Ray cluster: a batch is a task, and what travels is its name and the counts that come back.

Covers connecting, what a worker needs of this installation, tasks that are tried again. For the steps, see `steps`. It
does not cover installing the project on the nodes.

Ray runs a task again by itself when its node was lost or its worker was killed for memory. A batch whose worker died
each time is run once more with its pieces in processes of their own, so that the record at fault is set aside.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pipelines.compute.pool import Hands
from pipelines.settings import REFERENCE_DIR, Settings, SettingsError
from pipelines.storage import corrections, fingerprints
from pipelines.storage.object_paths import forget_listings

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_TRIES_AGAIN = 3
_WAITING_A_CPU = 2
"""Tasks that are handed out at a time, so that none idles and what the driver holds does not follow the work."""


@dataclass(frozen=True)
class Installation:
    """What a worker has to know of the machine that hands out the work.

    Attributes:
        code: Hash of what decides the rows: one of another installation must not write parts under our names.
        settings: The settings that reading and extracting look at, as environment variables; none is a secret.
        files: The user's own reference data and corrections, by their path in the data folder.
    """

    code: str
    settings: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Installation:
        """Return that of this machine."""
        files = {f"reference/{name}": text for name, text in corrections.own_reference(settings).items()}
        if text := corrections.log_text(settings):
            files[corrections.log_path(settings).name] = text
        names = ("max_document_bytes",)
        return cls(code_sha256(), {f"ONRECORD_{n.upper()}": str(getattr(settings, n)) for n in names}, files)

    def enter(self) -> None:
        """Make this worker process work as the installation does; done once for each that it meets.

        Raises:
            SettingsError: other code or other models are installed here.
        """
        if self.code != code_sha256():
            raise SettingsError(
                f"node {os.uname().nodename} has another version of OnRecord than the machine that hands out the work: "
                "install the same on both, with the same packages (requirements.lock)"
            )
        folder = _folder_of(hashlib.sha256(repr(sorted(self.files.items())).encode()).hexdigest())
        for name, text in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        os.environ.update(self.settings, ONRECORD_DATA_DIR=str(folder), ONRECORD_ENGINE="local")


@cache
def _folder_of(_: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="onrecord-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def code_sha256() -> str:
    """Return a hash of the code, the libraries, the models and the reference data that decide the rows."""
    steps = (fingerprints.PARSING, fingerprints.COMPARISON, fingerprints.EXTRACTION, fingerprints.RESOLUTION)
    digest = hashlib.sha256("\n".join(map(fingerprints.step_sha256, steps)).encode())
    for path in sorted(p for p in REFERENCE_DIR.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(REFERENCE_DIR).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def over_batches_on_ray(
    settings: Settings,
    step: Callable[[_In, Hands], _Out],
    work: Iterable[_In],
    advance: Callable[[int], None],
) -> Iterator[tuple[_In, _Out]]:
    """Run a step as `over_batches` says, on the cluster of the settings.

    Raises:
        SettingsError: Ray is not installed, or there is no cluster at the address.
        Exception: what a step has raised.
    """
    ray = _connected(settings)
    task = ray.remote(_run).options(max_retries=_TRIES_AGAIN, scheduling_strategy="SPREAD")
    given = ray.put((Installation.of(settings), step))
    at_a_time = max(2, _WAITING_A_CPU * int(ray.cluster_resources().get("CPU", 1)))
    crashed = (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError)
    waiting: deque[tuple[_In, object]] = deque()
    left = iter(work)
    try:
        while True:
            while len(waiting) < at_a_time and (one := next(left, _NOTHING)) is not _NOTHING:
                waiting.append((one, task.remote(given, one, False)))  # type: ignore[arg-type]
            if not waiting:
                return
            one, reference = waiting[0]
            try:
                n_done, result = _got(ray, reference)
            except crashed:
                n_done, result = _got(ray, task.remote(given, one, True))
            waiting.popleft()
            forget_listings()  # it has written parts
            advance(n_done)
            yield one, result
    finally:
        for _, reference in waiting:
            ray.cancel(reference, force=False)


_NOTHING: Any = object()


def _got(ray: ModuleType, reference: object) -> tuple[int, Any]:
    """Return what a task gave, or raise what its step raised, as it was raised there."""
    try:
        return ray.get(reference)  # type: ignore[no-any-return]
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None


def _run(given: tuple[Installation, Callable[[_In, Hands], _Out]], one: _In, is_wary: bool) -> tuple[int, _Out]:
    """Run a step in a worker process; return how many rows it did, and what it gave."""
    installation, step = given
    installation.enter()
    forget_listings()
    n_done = 0

    def advance(n: int) -> None:
        nonlocal n_done
        n_done += n

    result = step(one, Hands(1, advance, is_wary))
    return n_done, result


def _connected(settings: Settings) -> ModuleType:
    """Return Ray, connected to the cluster of the settings; one that is started here ends with this process.

    Raises:
        SettingsError: it is not installed, or not to be reached.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")  # of tasks that nobody waits for after one has failed
    try:
        import ray
    except ImportError:
        raise SettingsError(
            f"ONRECORD_ENGINE=ray needs the extra `cluster`: {sys.executable} -m pip install 'onrecord[cluster]'"
        ) from None
    if ray.is_initialized():
        return ray
    # "local": not one that somebody else has started on this machine.
    here: dict[str, Any] = {"address": "local", "num_cpus": settings.n_workers, "include_dashboard": False}
    here["_node_ip_address"] = "127.0.0.1"
    there = {"address": settings.ray_address}
    try:
        ray.init(**(there if settings.ray_address else here), log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise SettingsError(
            f"ONRECORD_RAY_ADDRESS={settings.ray_address}: no cluster answers ({' '.join(str(error).split())[:200]})"
        ) from None
    return ray
