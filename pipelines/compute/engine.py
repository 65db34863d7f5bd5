"""Where steps run: on this machine batch after batch, or on the nodes of a Ray cluster, many batches at a time.

Covers the one way in which a step is run over batches. For the steps, see `steps`; for processes, see `pool`; for what
Ray needs, see `on_ray`.

A step reads its batch from the lake, writes its parts there, and gives back no more than counts, wherever it runs. So
it may be run again at any time: a part is named after its batch and replaced whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pipelines.compute.pool import Hands
from pipelines.settings import Settings

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def over_batches(
    settings: Settings,
    step: Callable[[_In, Hands], _Out],
    work: Iterable[_In],
    advance: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[_In, _Out]]:
    """Run a step over some work, mostly batches, and yield each with what the step gave, in the order of the work.

    Args:
        settings: They name the engine; no step knows it.
        step: Runs anywhere: a function at a module's top level, or a `partial` of one, with arguments that travel.
        work: What is to be done; more is asked for when some of it is done, so that no list of it need be held.
        advance: Is told how many rows were done.

    Raises:
        Exception: what a step has raised, when its turn comes.
    """
    if settings.engine == "ray":
        from pipelines.compute.on_ray import over_batches_on_ray  # of the extra `cluster`

        yield from over_batches_on_ray(settings, step, work, advance)
        return
    hands = Hands(settings.n_workers, advance)
    for one in work:
        yield one, step(one, hands)
