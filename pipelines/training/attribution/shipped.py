"""The model that ships as a network again, so that training goes on from it.

Covers reading the weights back out of the exported file. For writing it, see `export`.

The file holds eight-bit weights; times their scales they are the weights within half a step of what was trained.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from pipelines.core.attribution.neural import NAME_LABELS
from pipelines.training.attribution.encoders import load_network
from pipelines.training.attribution.network import Network

Weights = dict[str, npt.NDArray[np.float32]]


def load_shipped(model: Path, folder: Path) -> Network:
    """Return the network of an exported file over the encoder of a folder, whose word embeddings are taken.

    Args:
        model: a file that `export` wrote.
        folder: the encoder that it was trained from.
    """
    graph = onnx.load(model)
    held = {one.name: numpy_helper.to_array(one) for one in graph.graph.initializer}
    products = [node.input[1] for node in graph.graph.node if node.op_type == "MatMulInteger"]
    dense = [_dequantized(held, name.removesuffix("_quantized")).T for name in products if name in held]
    facts = {p.key: p.value for p in graph.metadata_props}
    network = load_network(folder, len(NAME_LABELS) if json.loads(facts["name_labels"]) else 0)
    state = {k: torch.from_numpy(v.copy()) for k, v in _encoder(held, dense).items()}
    for name in ("shape", "quote", "cue"):
        state[f"{name}.weight"] = torch.from_numpy(_dequantized(held, f"network.{name}.weight"))
    for name, weight in zip(("out", "name_out"), dense[-2:] if network.name_out else dense[-1:], strict=False):
        state[f"{name}.weight"] = torch.from_numpy(weight.copy())
        state[f"{name}.bias"] = torch.from_numpy(held[f"network.{name}.bias"].copy())
    state["transitions"] = _transitions(facts["chain"])
    missing, unknown = network.load_state_dict(state, strict=False)
    lacking = [name for name in missing if "word_embeddings" not in name]
    if lacking or unknown:
        raise ValueError(f"{model}: its weights do not fit the encoder: {lacking[:3]} {unknown[:3]}")
    return network


def facts_of(model: Path) -> dict[str, str]:
    """Return what an exported file says of its model: name, version, and the curve of its confidence."""
    held = {p.key: p.value for p in onnx.load(model, load_external_data=False).metadata_props}
    return {key: held[key] for key in ("name", "version", "confidence")}


def _transitions(chain: str) -> Tensor:
    values = torch.tensor(json.loads(chain))
    return torch.where(values < -9e3, torch.zeros(()), values)


def _dequantized(held: Weights, name: str) -> npt.NDArray[np.float32]:
    quantized = held[f"{name}_quantized"].astype(np.float32) - held[f"{name}_zero_point"].astype(np.float32)
    return (quantized * held[f"{name}_scale"]).astype(np.float32)


def _encoder(held: Weights, dense: list[npt.NDArray[np.float32]]) -> Weights:
    """Return the weights of the encoder by their names in it; query, key and value are parted again."""
    out: Weights = {
        "encoder.embeddings.position_embeddings.weight": held["places"],
        "encoder.embeddings.token_type_embeddings.weight": np.zeros((2, held["places"].shape[1]), np.float32),
    }
    prefix = "network.encoder."
    for name, value in held.items():
        if name.startswith(prefix):
            out[name.removeprefix("network.")] = value
    width = held["places"].shape[1]
    layers = sum(name.endswith("intermediate.dense.bias") for name in held)
    for k in range(layers):
        layer = f"encoder.encoder.layer.{k}."
        joint, attended, inner, outer = dense[4 * k : 4 * k + 4]
        scale = (width // _HEADS) ** -0.5
        for part, by, at in (("query", scale, 0), ("key", 1.0, 1), ("value", 1.0, 2)):
            rows = slice(at * width, (at + 1) * width)
            out[f"{layer}attention.self.{part}.weight"] = joint[rows] / by
            out[f"{layer}attention.self.{part}.bias"] = held[f"layers.{k}.bias"][rows] / by
        out[f"{layer}attention.output.dense.weight"] = attended
        out[f"{layer}intermediate.dense.weight"] = inner
        out[f"{layer}output.dense.weight"] = outer
    return out


_HEADS = 12
"""Attention heads of MiniLM-L6."""
