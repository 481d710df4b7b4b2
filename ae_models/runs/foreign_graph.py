"""A stranger's ONNX file, looked at before it is run: it stands alone, speaks plain ONNX, and is of a bounded size."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.limits import LIMITS, Limits, size
from ae_models.datasets.readers.names import shown
from ae_models.runs import MOST_NODES, check_graph, check_parts, check_stands_alone
from ae_models.runs.graph_file import take_in

OLDEST_OPSET = 7
_NUMBERS = {"float": 1, "uint8": 2, "double": 11, "float16": 10}  # what an input may hold: ONNX's numbers of the types


@dataclass(eq=False)
class Graph:
    """A graph that passed the look: its model, its one input and its outputs.

    ``dims`` are the input's sizes after the first, None where they are free; None where nothing is said of them.
    """

    name: str
    proto: Any
    input: str
    input_type: int
    dims: tuple[int | None, ...] | None
    outputs: tuple[str, ...]

    def with_input_sizes(self, sizes: tuple[int, ...]) -> bytes:
        """Return the model with the sizes of one input filled in, after a look at how large every step becomes.

        Raises ``UserError`` where a step loops, does not fit its input, or could grow without bound.
        """
        copy = type(self.proto)()
        copy.CopyFrom(self.proto)
        shape = copy.graph.input[0].type.tensor_type.shape
        del shape.dim[:]
        shape.dim.add().dim_param = "batch"
        for size_of_one in sizes:
            shape.dim.add().dim_value = size_of_one
        content: bytes = copy.SerializeToString()
        check_graph(self.name, content, sizes)
        return content

    @property
    def producer(self) -> str:
        """Who wrote the file, as it says itself."""
        return shown(f"{self.proto.producer_name} {self.proto.producer_version}".strip()) or "not said"

    @property
    def opset(self) -> int:
        """The version of ONNX's operators."""
        return next((int(entry.version) for entry in self.proto.opset_import if entry.domain in ("", "ai.onnx")), 0)

    @property
    def n_parameters(self) -> int:
        """Numbers among its constants that are no integers."""
        return sum(math.prod(tensor.dims) for tensor in self.proto.graph.initializer if tensor.data_type in (1, 10, 11))


def load(name: str, content: bytes, folder: Path | None = None, limits: Limits = LIMITS) -> Graph:
    """Return the graph in the bytes of an ONNX file.

    Parameters
    ----------
    name : str
        What messages call it.
    folder : Path, optional
        Where tensors kept beside the file are looked for; without it, and outside of it, none are read.

    Raises
    ------
    UserError
        When it is no ONNX, too large, wants files from elsewhere, has operators that are not ONNX's, or more than one
        input.
    """
    import onnx

    name = shown(name)
    if len(content) > limits.graph_bytes:
        raise UserError(f"{name}: {size(len(content))}, where at most {size(limits.graph_bytes)} are read")
    check_parts(name, content)
    try:
        proto = onnx.load_from_string(content)
        sound = len(proto.graph.node) > 0 and len(proto.opset_import) > 0
    except Exception as error:  # noqa: BLE001 - protobuf has no common base for its errors
        raise UserError(f"{name}: is no ONNX file ({type(error).__name__})") from None
    if not sound:
        raise UserError(f"{name}: is no ONNX file, or one without a graph")
    for part in (proto.graph, *proto.functions):
        check_stands_alone(name, part)
    take_in(proto, name, folder, limits.graph_bytes)
    del proto.training_info[:]
    proto = in_place(proto, name, limits)
    _plain_names(proto, name)
    _plain_operators(proto, name)
    graph = _with_one_input(proto, name)
    if not OLDEST_OPSET <= graph.opset <= onnx.defs.onnx_opset_version():
        raise UserError(
            f"{name}: is written for ONNX's operators of version {graph.opset}, "
            f"where {OLDEST_OPSET} to {onnx.defs.onnx_opset_version()} are known"
        )
    for value in proto.graph.output:  # what is said of sizes inside and after is forgotten, and inferred
        value.type.tensor_type.ClearField("shape")
    del proto.graph.value_info[:]
    return graph


def _plain_names(proto: Any, name: str) -> None:
    """Raise ``UserError`` where a name is no text; drop what exporters note beside the graph."""
    graph = proto.graph
    names = [entry.domain for entry in proto.opset_import]
    for part in (*graph.node, *graph.input, *graph.output, *graph.initializer, *graph.value_info):
        names.append(part.name)
        part.doc_string = ""
        del part.metadata_props[:]
    for node in graph.node:
        names += [node.op_type, node.domain, *node.input, *node.output, *(a.name for a in node.attribute)]
        for attribute in node.attribute:
            attribute.doc_string = ""
    for part in (proto, graph):
        part.doc_string = ""
        del part.metadata_props[:]
    graph.name = "graph"
    if not all(isinstance(text, str) for text in names):  # protobuf gives bytes where text is no UTF-8
        raise UserError(f"{name}: is damaged: it has names that are no text")


def _plain_operators(proto: Any, name: str) -> None:
    """Write scikit-learn's two operators of ``ai.onnx.ml`` in ONNX's own; refuse all others that are not ONNX's own."""
    import onnx

    nodes, constants = [], []
    for place, node in enumerate(proto.graph.node):
        plain = _ML.get(node.op_type) if node.domain == "ai.onnx.ml" else None
        if plain is not None:
            made, values = plain(node, f"plain-{place}-")
            nodes += made
            constants += values
            continue
        if node.domain not in ("", "ai.onnx"):
            raise UserError(
                f"{name}: uses the operator '{shown(node.op_type)}' of '{shown(node.domain)}', "
                "which is not part of ONNX: export it with standard operators"
            )
        if not onnx.defs.has(node.op_type):
            raise UserError(f"{name}: uses '{shown(node.op_type)}', which is no operator of ONNX")
        nodes.append(node)
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)
    proto.graph.initializer.extend(constants)
    kept = [entry for entry in proto.opset_import if entry.domain in ("", "ai.onnx")]
    del proto.opset_import[:]
    proto.opset_import.extend(kept)


_Plain = tuple[list[Any], list[Any]]


def _scaler(node: Any, middle: str) -> _Plain:
    """Return ``(x - offset) * scale`` for a Scaler."""
    from onnx import helper, numpy_helper

    about = {attribute.name: np.array(attribute.floats, np.float32) for attribute in node.attribute}
    values = [
        numpy_helper.from_array(about.get(key, np.array([missing], np.float32)), middle + key)
        for key, missing in (("offset", 0.0), ("scale", 1.0))
    ]
    return [
        helper.make_node("Cast", [node.input[0]], [middle + "real"], to=_NUMBERS["float"]),
        helper.make_node("Sub", [middle + "real", middle + "offset"], [middle + "centred"]),
        helper.make_node("Mul", [middle + "centred", middle + "scale"], [node.output[0]]),
    ], values


def _linear(node: Any, middle: str) -> _Plain:
    """Return ``x @ coefficients.T + intercepts`` for a LinearRegressor."""
    from onnx import helper, numpy_helper

    about = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    n_targets = int(about.get("targets", 1))
    matrix = np.array(about.get("coefficients", []), np.float32)
    if n_targets < 1 or len(matrix) == 0 or len(matrix) % n_targets:
        raise UserError("a LinearRegressor in the graph has coefficients that do not fit its targets")
    shift = np.array(about.get("intercepts") or [0.0] * n_targets, np.float32)
    values = [
        numpy_helper.from_array(np.ascontiguousarray(matrix.reshape(n_targets, -1).T), middle + "matrix"),
        numpy_helper.from_array(shift, middle + "shift"),
    ]
    return [
        helper.make_node("Cast", [node.input[0]], [middle + "real"], to=_NUMBERS["float"]),
        helper.make_node("MatMul", [middle + "real", middle + "matrix"], [middle + "turned"]),
        helper.make_node("Add", [middle + "turned", middle + "shift"], [node.output[0]]),
    ], values


_ML: dict[str, Callable[[Any, str], _Plain]] = {"Scaler": _scaler, "LinearRegressor": _linear}


def _with_one_input(proto: Any, name: str) -> Graph:
    constants = {tensor.name for tensor in proto.graph.initializer}
    inputs = [value for value in proto.graph.input if value.name not in constants]
    del proto.graph.input[:]
    proto.graph.input.extend(inputs)  # before version 4 constants were listed among the inputs
    if len(inputs) != 1:
        listed = ", ".join(shown(value.name) for value in inputs[:5]) or "none"
        raise UserError(f"{name}: has {len(inputs)} inputs ({listed}), where an encoder or a decoder has one")
    if not proto.graph.output:
        raise UserError(f"{name}: has no output")
    kind = inputs[0].type.tensor_type
    if kind.elem_type not in _NUMBERS.values():
        raise UserError(f"{name}: its input '{shown(inputs[0].name)}' holds no {', '.join(_NUMBERS)}")
    dims: tuple[int | None, ...] | None = None
    if kind.HasField("shape"):
        sizes = [dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in kind.shape.dim]
        dims = tuple(sizes[1:])
    outputs = tuple(value.name for value in proto.graph.output)
    return Graph(name, proto, inputs[0].name, kind.elem_type, dims, outputs)


_MOST_FUNCTIONS = 200
_Name = tuple[str, str, str]


def in_place(proto: Any, name: str, limits: Limits) -> Any:
    """Return the model without functions of its own.

    Raises ``UserError`` where they call themselves, or would become more steps, or more bytes, than are read.
    """
    if not proto.functions:
        return proto
    from onnx import inliner

    _check_growth(proto, name, limits)
    try:
        return inliner.inline_local_functions(proto)
    except Exception as error:  # noqa: BLE001 - onnx raises what its C++ raises
        raise UserError(f"{name}: its functions cannot be put in place ({type(error).__name__})") from None


def _check_growth(proto: Any, name: str, limits: Limits) -> None:
    known = {(function.domain, function.name, function.overload): function for function in proto.functions}
    sums: dict[_Name, tuple[int, int]] = {}

    def total(nodes: Any, callers: tuple[_Name, ...]) -> tuple[int, int]:
        """Return how many steps, and bytes, these become."""
        steps = n_bytes = 0
        for node in nodes:
            key = (node.domain, node.op_type, node.overload)
            if key in callers or len(callers) > len(known):
                raise UserError(f"{name}: its functions call themselves")
            if key not in known:
                more = 1, node.ByteSize()
            else:
                if key not in sums:
                    sums[key] = total(known[key].node, (*callers, key))
                more = sums[key]
            steps, n_bytes = steps + more[0], n_bytes + more[1]
        return steps, n_bytes

    if len(known) > _MOST_FUNCTIONS:
        raise UserError(f"{name}: has {len(known):,} functions of its own, where at most {_MOST_FUNCTIONS} are read")
    steps, n_bytes = total(proto.graph.node, ())
    if steps > MOST_NODES:
        raise UserError(f"{name}: its functions become {steps:,} steps: at most {MOST_NODES:,} are served")
    if n_bytes > limits.graph_bytes:
        raise UserError(
            f"{name}: its functions become {size(n_bytes)}, where at most {size(limits.graph_bytes)} are read"
        )
