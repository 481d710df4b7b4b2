"""From a trained network to the two ONNX graphs of the graph contract."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder

OPSET = 20  # the first with Gelu as one operator


class _Half(nn.Module):
    """One half of an autoencoder, as a module with a forward of its own."""

    def __init__(self, model: Autoencoder, half: str) -> None:
        super().__init__()
        self.model, self.method = model, half
        self.eval()  # torch puts a module back into the mode that it had: a new one trains, and all in it would

    def forward(self, values: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        out: Tensor | tuple[Tensor, Tensor] = getattr(self.model, self.method)(values)
        return out


def export(model: Autoencoder) -> tuple[bytes, bytes]:
    """Return ``(encoder, decoder)`` as ONNX, for any batch size.

    The encoder gives ``image -> mean`` (and ``log_var`` where there is one), the decoder ``code -> image``.
    """
    model = model.cpu().eval()
    image = torch.zeros(2, *model.input_shape)
    code = torch.zeros(2, model.latent_dim)
    if hasattr(model, "posterior"):
        encoder = _graph(_Half(model, "posterior"), image, "image", ["mean", "log_var"])
    else:
        encoder = _graph(_Half(model, "encode"), image, "image", ["mean"])
    return encoder, _graph(_Half(model, "decode"), code, "code", ["image"])


def _graph(module: nn.Module, example: Tensor, input_name: str, output_names: list[str]) -> bytes:
    """Return one half as ONNX.

    By torch's older exporter: it takes a tenth of a second where the newer one takes three to five, and a person who
    stops a training is promised what it learned within two. What it cannot translate goes to the newer one.
    """
    names: dict[str, Any] = {"input_names": [input_name], "output_names": output_names, "opset_version": OPSET}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        batch = {name: {0: "batch"} for name in (input_name, *output_names)}
        content: Any = io.BytesIO()
        try:
            torch.onnx.export(module, (example,), content, dynamic_axes=batch, dynamo=False, **names)
            proto = onnx.load_from_string(content.getvalue())
        except RuntimeError:
            proto = _newer(module, example, names)
    return without_traces(proto)


def _newer(module: nn.Module, example: Tensor, names: dict[str, Any]) -> onnx.ModelProto:
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    shapes: Any = ({0: torch.export.Dim("batch", min=1)},)
    program = torch.onnx.export(
        module, (example,), dynamic_shapes=shapes, dynamo=True, verbose=False, external_data=False, **names
    )
    if program is None:
        raise RuntimeError("torch.onnx.export returned nothing")
    return program.model_proto


def without_traces(proto: onnx.ModelProto) -> bytes:
    """Return the model without the exporter's notes: it writes a stack trace, with folders, into every node."""
    graph = proto.graph
    parts = [proto, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer]
    for function in proto.functions:
        parts += [function, *function.node]
    for part in parts:
        del part.metadata_props[:]
        part.doc_string = ""
    stripped: bytes = proto.SerializeToString()
    return stripped


def round_to_half(model: Autoencoder) -> None:
    """Round every weight to the nearest float16 in place, before the model is scored: the figures stay true."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())


def stored_as_half(graph: bytes) -> bytes:
    """Return the graph with its float32 weights stored as float16 and a Cast after each: half the bytes.

    Nothing changes in what it computes when the weights were rounded by ``round_to_half``.
    """
    proto = onnx.load_from_string(graph)
    casts = []
    for tensor in proto.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        name = tensor.name
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{name}_half")
        tensor.CopyFrom(half)
        casts.append(helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *proto.graph.node]
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)
    onnx.checker.check_model(proto)
    stored: bytes = proto.SerializeToString()
    return stored
