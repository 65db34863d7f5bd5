"""The trained network as the file that ships: ONNX, eight-bit weights, the chain and the labels in its metadata.

Covers torch to ONNX. For running it, see core/attribution/neural.

Activations are quantized as they come (dynamic quantization); as the tagger runs one paragraph at a time, their scale,
and so the answer, depends on that paragraph alone.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from pipelines.core.attribution.model import LABELS
from pipelines.core.attribution.neural import INPUTS, NAME_LABELS
from pipelines.training.attribution.network import Network


class _OneParagraph(nn.Module):
    """The network for one paragraph, laid out for speed: no batch, no padding, one product for query, key and value.

    (L,) pieces and marks, (W,) first pieces -> (W, labels), (W, names). Made from a network over a BERT encoder.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        bert = network.encoder
        table = bert.embeddings
        self.words = nn.Embedding.from_pretrained(table.word_embeddings.weight)
        self.places = nn.Parameter(table.position_embeddings.weight + table.token_type_embeddings.weight[0])
        self.heads = bert.config.num_attention_heads
        scale = (bert.config.hidden_size // self.heads) ** -0.5
        self.layers = nn.ModuleList()
        for layer in bert.encoder.layer:
            own = layer.attention.self
            parts = ((own.query, scale), (own.key, 1.0), (own.value, 1.0))
            joint = nn.Module()
            joint.weight = nn.Parameter(torch.cat([part.weight * by for part, by in parts]).t().contiguous())
            joint.bias = nn.Parameter(torch.cat([part.bias * by for part, by in parts]))
            self.layers.append(joint)

    def forward(
        self, pieces: Tensor, shapes: Tensor, quotes: Tensor, cues: Tensor, firsts: Tensor
    ) -> tuple[Tensor, ...]:
        net = self.network
        x = self.words(pieces) + self.places[: pieces.shape[0]] + net.shape(shapes) + net.quote(quotes) + net.cue(cues)
        x = net.encoder.embeddings.LayerNorm(x)
        width = x.shape[1]
        for joint, layer in zip(self.layers, net.encoder.encoder.layer, strict=True):
            qkv = (x @ joint.weight + joint.bias).view(-1, 3 * self.heads, width // self.heads).transpose(0, 1)
            q, k, v = qkv.chunk(3)
            seen = torch.softmax(q @ k.transpose(1, 2), dim=-1) @ v
            x = layer.attention.output.LayerNorm(
                _dense(layer.attention.output, seen.transpose(0, 1).reshape(-1, width)) + x
            )
            inner = nn.functional.gelu(_dense(layer.intermediate, x))
            x = layer.output.LayerNorm(_dense(layer.output, inner) + x)
        x = x.index_select(0, firsts)
        out = [x @ net.out.weight.t() + net.out.bias]
        if net.name_out is not None:
            out.append(x @ net.name_out.weight.t() + net.name_out.bias)
        return tuple(out)


def _dense(block: nn.Module, x: Tensor) -> Tensor:
    return x @ block.dense.weight.t() + block.dense.bias


def export(network: Network, path: Path, *, facts: dict[str, str]) -> None:
    """Write the network to `path`.

    Args:
        network: trained, on CPU.
        path: the .onnx file.
        facts: more metadata, e.g. name and version.
    """
    network = network.eval().float()
    one = torch.ones(12, dtype=torch.long)
    sample = (one, one, one, one, torch.arange(1, 8))
    outputs = ["labels"] + (["names"] if network.name_out is not None else [])
    axes = {name: {0: "length"} for name in INPUTS[:4]} | {name: {0: "words"} for name in (INPUTS[4], *outputs)}
    with tempfile.TemporaryDirectory() as folder:
        full, plain = Path(folder) / "full.onnx", Path(folder) / "plain.onnx"
        torch.onnx.export(
            _OneParagraph(network), sample, full, input_names=list(INPUTS), output_names=outputs, dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        plain.write_bytes(full.read_bytes())
        quantize_dynamic(
            plain, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"],
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    model = onnx.load(path)
    chain = network.chain().detach().clamp(min=-1e4).tolist()
    facts = facts | {
        "labels": json.dumps(LABELS),
        "name_labels": json.dumps(NAME_LABELS if network.name_out is not None else []),
        "chain": json.dumps([[round(x, 5) for x in row] for row in chain]),
    }
    del model.metadata_props[:]
    for key in sorted(facts):
        model.metadata_props.add(key=key, value=facts[key])
    model.doc_string = ""
    path.write_bytes(model.SerializeToString(deterministic=True))
