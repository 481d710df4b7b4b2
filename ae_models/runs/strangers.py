"""What is asked of a graph from elsewhere before it is run: it stands alone, and its size is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ae_models.base import Mistake, Shape
from ae_models.runs.graphs import InMemory

_MOST_NODES = 2_000
_MOST_OF_AN_IMAGE = 4_000_000  # numbers of one step for one image: 64 images at once take 1 GB
_MOST_OF_WEIGHTS = 64_000_000  # numbers that do not depend on the image
_REFUSED = {"Loop", "Scan", "If", "SequenceMap"}


def check_pair(encoder: bytes, decoder: bytes, input_shape: Shape, output_shape: Shape, latent_dim: int) -> None:
    """Raise ``Mistake`` unless two graphs are an encoder and a decoder as the graph contract says.

    Each stands alone, has a known size, and takes two images (or codes) to finite codes (or images) of these shapes.
    """
    for name, graph in (("encoder.onnx", encoder), ("decoder.onnx", decoder)):
        check_graph(name, graph)
    graphs = InMemory(encoder, decoder)
    try:
        codes = graphs.encode(np.zeros((2, *input_shape), np.float32))
        images = graphs.decode(np.zeros((2, latent_dim), np.float32))
    except Mistake:
        raise
    except Exception as error:  # noqa: BLE001 - onnxruntime has no common base for its errors
        first = str(error).splitlines()[0][:200]
        raise Mistake(f"the graphs do not take these images and codes ({first})") from None
    for what, found, wanted in (("codes", codes, (latent_dim,)), ("images", images, output_shape)):
        if found.shape != (2, *wanted):
            raise Mistake(f"the graphs give {what} of {_text(found.shape[1:])}: they should have {_text(wanted)}")
        if not np.isfinite(found).all():
            raise Mistake(f"the graphs give {what} that are not finite")


def check_graph(name: str, graph: bytes) -> None:
    """Raise ``Mistake`` where a graph reads other files, loops, brings operators of its own, or could grow huge."""
    import onnx

    try:
        proto = onnx.load_from_string(graph)
        nodes = list(proto.graph.node)
        tensors = [*proto.graph.initializer, *(value.t for node in nodes for value in node.attribute)]
    except Exception as error:  # noqa: BLE001 - protobuf has no common base for its errors
        raise Mistake(f"{name} is no ONNX graph ({type(error).__name__})") from None
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data for tensor in tensors):
        raise Mistake(f"{name} wants to read another file")
    if len(nodes) > _MOST_NODES:
        raise Mistake(f"{name} has {len(nodes):,} steps: at most {_MOST_NODES:,} are served")
    for node in nodes:
        if node.op_type in _REFUSED or node.domain not in ("", "ai.onnx"):
            raise Mistake(f"{name} has an operator that is not served here: {node.op_type[:40]!r}")
    _check_sizes(name, proto)


def _check_sizes(name: str, proto: Any) -> None:
    """Infer the size of every step: each must be known but for the number of images, and bounded.

    What cannot be said for any number of images (a flattening that asks for its input's shape) is inferred for one.
    """
    del proto.graph.value_info[:]  # a stranger's word is not taken for it
    inferred = _inferred(name, proto)
    known, for_one = _sizes(inferred), None
    weights = 0
    for node in inferred.node:
        for output in filter(None, node.output):
            dims = known.get(output)
            if dims is None or sum(dim is None for dim in dims) > 1:
                for_one = for_one or _sizes(_inferred(name, _one_image(proto)))
                dims = [None, *(for_one.get(output) or [None])]
            if sum(dim is None for dim in dims) > 1:
                raise Mistake(f"{name} has a step whose size is not known beforehand: {node.op_type[:40]!r}")
            size = math.prod(dim for dim in dims if dim is not None)
            weights += size if None not in dims else 0
            if (None in dims and size > _MOST_OF_AN_IMAGE) or weights > _MOST_OF_WEIGHTS:
                raise Mistake(f"{name} is too large to be served: {node.op_type[:40]!r} makes {size:,} numbers")


def _inferred(name: str, proto: Any) -> Any:
    from onnx import shape_inference

    try:
        return shape_inference.infer_shapes(proto, strict_mode=True, data_prop=True).graph
    except Exception as error:  # noqa: BLE001 - onnx raises what its C++ raises
        raise Mistake(f"{name} is no sound ONNX graph ({str(error).splitlines()[0][:120]})") from None


def _sizes(graph: Any) -> dict[str, list[int | None]]:
    """Return the sizes of every value whose number of sizes is known; None for a free one."""
    return {
        value.name: [dim.dim_value if dim.HasField("dim_value") else None for dim in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.input, *graph.output)
        if value.type.tensor_type.HasField("shape")
    }


def _one_image(proto: Any) -> Any:
    """Return a copy that takes one image and promises nothing of what comes out."""
    copy = type(proto)()
    copy.CopyFrom(proto)
    for value in copy.graph.input:
        if value.type.tensor_type.shape.dim and not value.type.tensor_type.shape.dim[0].HasField("dim_value"):
            value.type.tensor_type.shape.dim[0].dim_value = 1
    for value in copy.graph.output:
        value.type.tensor_type.ClearField("shape")
    return copy


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape) or "no size"
