"""Training: batches by length, a schedule, an average of the weights, checkpoints that a stopped run goes on from.

For labels, see `examples`; for the loss of the chain, see `network`.
"""

from __future__ import annotations

import copy
import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from pipelines.core.attribution.model import LABELS
from pipelines.training.attribution.examples import Example
from pipelines.training.attribution.folds import Soft
from pipelines.training.attribution.network import Batch, Network

N = len(LABELS)
MAX_PIECES = 320
"""Longer paragraphs are cut for training; all but one in a thousand are shorter."""


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        epochs: passes over the examples.
        rate: highest learning rate of the encoder.
        head_rate: that of everything else.
        batch_pieces: pieces a step, padding included.
        warm_up: share of the steps in which the rate rises.
        averaging: decay of the running average of the weights, a step.
        soft: share of the loss that follows a teacher, where there is one.
        names: weight of the loss of the head for names.
        seed: of shuffling and dropout.
    """

    epochs: float = 3.0
    rate: float = 2e-4
    head_rate: float = 1e-3
    batch_pieces: int = 2048
    warm_up: float = 0.08
    averaging: float = 0.995
    soft: float = 0.0
    names: float = 0.0
    seed: int = 1


@dataclass(frozen=True)
class Frame:
    """Ids that an encoder wants before and after pieces, and where there are none."""

    first: int
    last: int
    pad: int


def batches(examples: Sequence[Example], size: int) -> list[list[Example]]:
    """Return the examples in groups of about one length."""
    out: list[list[Example]] = []
    group: list[Example] = []
    longest = 0
    for n, e in sorted(((_length(e), e) for e in examples if e.labels), key=lambda pair: pair[0]):
        if group and max(longest, n) * (len(group) + 1) > size:
            out.append(group)
            group, longest = [], 0
        group.append(e)
        longest = max(longest, n)
    if group:
        out.append(group)
    return out


def _length(e: Example) -> int:
    return min(len(e.encoded.pieces), MAX_PIECES) + 2


def collate(
    group: Sequence[Example],
    frame: Frame,
    soft: Soft | None = None,
    names: dict[tuple[str, int], Sequence[int]] | None = None,
    has_gold: Callable[[str], bool] = lambda _: True,
) -> Batch:
    """Put paragraphs side by side."""
    cut = [min(sum(1 for f in e.encoded.firsts if f < MAX_PIECES), len(e.labels)) for e in group]
    ends = [
        e.encoded.firsts[n] if n < len(e.labels) else len(e.encoded.pieces) for e, n in zip(group, cut, strict=True)
    ]
    ends = [min(end, MAX_PIECES) for end in ends]
    length, width = max(ends) + 2, max(cut)
    size = len(group)
    pieces = np.full((size, length), frame.pad, np.int64)
    mask = np.zeros((size, length), np.int64)
    marks = np.zeros((3, size, length), np.int64)
    firsts = np.zeros((size, width), np.int64)
    words = np.zeros((size, width), bool)
    labels = np.zeros((size, width), np.int64)
    targets = np.zeros((size, width, N), np.float32) if soft is not None else None
    named = np.full((size, width), -100, np.int64) if names is not None else None
    for k, (e, n, end) in enumerate(zip(group, cut, ends, strict=True)):
        x = e.encoded
        pieces[k, 0], pieces[k, end + 1] = frame.first, frame.last
        pieces[k, 1 : end + 1] = x.pieces[:end]
        mask[k, : end + 2] = 1
        owner = np.repeat(np.arange(n), np.diff(np.append(np.asarray(x.firsts[:n]), end)))
        for row, values in enumerate((x.shapes, x.quotes, x.cues)):
            marks[row, k, 1 : end + 1] = np.asarray(values)[owner]
        firsts[k, :n] = np.asarray(x.firsts[:n]) + 1
        words[k, :n] = True
        labels[k, :n] = e.labels[:n]
        if targets is not None and soft is not None and (e.doc, e.start) in soft:
            targets[k, :n] = soft[e.doc, e.start][:n]
        if named is not None and names is not None and (e.doc, e.start) in names:
            named[k, :n] = names[e.doc, e.start][:n]
    t = torch.from_numpy
    return Batch(
        t(pieces), t(mask), t(marks[0]), t(marks[1]), t(marks[2]), t(firsts), t(words), t(labels),
        None if targets is None else t(targets),
        torch.tensor([has_gold(e.doc) for e in group]),
        None if named is None else t(named),
    )  # fmt: skip


def collate_all(
    examples: Sequence[Example],
    size: int,
    frame: Frame,
    *,
    soft: Soft | None = None,
    names: dict[tuple[str, int], Sequence[int]] | None = None,
    has_gold: Callable[[str], bool] = lambda _: True,
    device: str = "cpu",
) -> list[Batch]:
    """Return the examples as batches of `size` pieces, each of about one length; every pass takes the same ones."""
    return [collate(group, frame, soft, names, has_gold).to(device) for group in batches(examples, size)]


def loss_of(network: Network, batch: Batch, recipe: Recipe) -> Tensor:
    """Return the loss a word: the chain's on gold, the distance to the teacher's marginals, the head's for names."""
    emissions, names = network.emissions(batch)
    n = batch.words.sum()
    total = emissions.new_zeros(())
    share = recipe.soft if batch.soft is not None else 0.0
    forward = network.forward_scores(emissions, batch.words)
    nll = -network.log_likelihood(emissions, batch.labels, batch.words, forward)
    total = total + (1 - share) * (nll * batch.has_gold).sum() / n
    if batch.soft is not None:
        near = -(batch.soft * network.log_marginals(emissions, batch.words, forward)).sum(2)
        weight = torch.where(batch.has_gold, share, 1.0).unsqueeze(1)  # without gold the teachers are all there is
        total = total + (near * batch.words * weight).sum() / n
    if names is not None and batch.names is not None and recipe.names:
        each = nn.functional.cross_entropy(
            names.flatten(0, 1), batch.names.flatten(), ignore_index=-100, reduction="sum"
        )
        total = total + recipe.names * each / n
    return total


def predict(network: Network, examples: Sequence[Example], frame: Frame, size: int = 4096, device: str = "cpu") -> Soft:
    """Return the marginals of the labels by (document, start of paragraph)."""
    network.to(device).eval()
    out: Soft = {}
    with torch.no_grad():
        for group in batches(examples, size):
            batch = collate(group, frame).to(device)
            with torch.autocast(device, dtype=torch.bfloat16):
                emissions, _ = network.emissions(batch)
            forward = network.forward_scores(emissions, batch.words)
            marginals = network.log_marginals(emissions, batch.words, forward).exp().cpu().numpy()
            for k, e in enumerate(group):
                rows = marginals[k, : int(batch.words[k].sum())]
                if len(rows) < len(e.labels):
                    rest = np.zeros((len(e.labels) - len(rows), N), np.float32)
                    rest[:, 0] = 1.0
                    rows = np.concatenate([rows, rest])
                out[e.doc, e.start] = rows.astype(np.float16)
    return out


def fit(
    network: Network,
    groups: Sequence[Batch],
    recipe: Recipe,
    folder: Path,
    *,
    device: str = "cpu",
    save_every_s: float = 300.0,
) -> Network:
    """Train on batches; return the network with the averaged weights, on the CPU.

    A run in the same folder goes on where it was stopped.

    Raises:
        ValueError: the folder holds the checkpoint of another recipe.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    network.to(device)
    optimizer = _optimizer(network, recipe)
    average = {k: v.detach().clone() for k, v in network.state_dict().items() if v.is_floating_point()}
    a_pass = len(groups)
    steps = max(1, math.ceil(a_pass * recipe.epochs))
    done = 0
    saved = folder / "checkpoint.pt"
    if saved.exists():
        state = torch.load(saved, weights_only=True, map_location=device)
        if state["recipe"] != json.dumps(asdict(recipe)):
            raise ValueError(f"{folder} holds a run of another recipe: {state['recipe']}; give another folder")
        network.load_state_dict(state["network"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        average, done = state["average"], state["done"]
    saved_at = time.time()
    running: float | Tensor = 0.0
    while done < steps:
        epoch = done // a_pass
        order = list(groups)
        random.Random(recipe.seed * 1000 + epoch).shuffle(order)
        for batch in order[done - epoch * a_pass : steps - epoch * a_pass]:
            _set_rate(optimizer, (done + 1) / steps, recipe.warm_up)
            loss = _step(network, optimizer, batch, recipe, device)
            done += 1
            _blend(average, network, min(recipe.averaging, done / (done + 10)))
            running = 0.98 * running + 0.02 * loss
            if done % 50 == 0:
                print(f"{folder.name}: step {done} of {steps}, loss {float(running):.4f}", flush=True)
            if time.time() - saved_at > save_every_s:
                _save(saved, network, optimizer, average, done, recipe)
                saved_at = time.time()
    _save(saved, network, optimizer, average, done, recipe)
    return _averaged(network, average).cpu()


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    inside = [p for p in network.encoder.parameters() if p.requires_grad]
    ids = {id(p) for p in inside}
    outside = [p for p in network.parameters() if id(p) not in ids and p.requires_grad]
    groups = [
        {"params": inside, "lr": recipe.rate, "top": recipe.rate, "weight_decay": 0.01},
        {"params": outside, "lr": recipe.head_rate, "top": recipe.head_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def _set_rate(optimizer: torch.optim.Optimizer, at: float, warm_up: float) -> None:
    """Let the rates rise to their top over the share `warm_up` of the run, and fall to nothing at its end."""
    slope = max(0.0, min(at / warm_up, (1 - at) / (1 - warm_up)))
    for group in optimizer.param_groups:
        group["lr"] = group["top"] * slope


def _step(network: Network, optimizer: torch.optim.Optimizer, batch: Batch, recipe: Recipe, device: str) -> Tensor:
    network.train()
    with torch.autocast(device, dtype=torch.bfloat16):
        loss = loss_of(network, batch, recipe)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.detach()  # not read here: a graphics card would be waited for


def _blend(average: dict[str, Tensor], network: Network, keep: float) -> None:
    with torch.no_grad():
        values = network.state_dict()
        torch._foreach_lerp_(list(average.values()), [values[name] for name in average], 1 - keep)


def _save(
    path: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: dict[str, Tensor],
    done: int,
    recipe: Recipe,
) -> None:
    state = {
        "network": network.state_dict(), "optimizer": optimizer.state_dict(), "average": average, "done": done,
        "recipe": json.dumps(asdict(recipe)),
    }  # fmt: skip
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.replace(path)


def _averaged(network: Network, average: dict[str, Tensor]) -> Network:
    out = copy.deepcopy(network)
    out.load_state_dict(average, strict=False)
    return out.eval()
