"""A stranger's ONNX file, looked at before it is run: it stands alone, speaks plain ONNX, and is of a bounded size."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ae_models.base import Mistake
from ae_models.importing.limits import LIMITS, Limits, size
from ae_models.importing.names import shown
from ae_models.runs import check_graph

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

    def standing(self, sizes: tuple[int, ...]) -> bytes:
        """Return the model with the sizes of one input filled in, after a look at how large every step becomes.

        Raises ``Mistake`` where a step loops, does not fit its input, or could grow without bound.
        """
        copy = type(self.proto)()
        copy.CopyFrom(self.proto)
        shape = copy.graph.input[0].type.tensor_type.shape
        del shape.dim[:]
        shape.dim.add().dim_param = "batch"
        for size_of_one in sizes:
            shape.dim.add().dim_value = size_of_one
        content: bytes = copy.SerializeToString()
        check_graph(self.name, content)
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
    Mistake
        When it is no ONNX, too large, wants files from elsewhere, has operators that are not ONNX's, or more than one
        input.
    """
    import onnx
    from onnx import inliner

    name = shown(name)
    if len(content) > limits.graph_bytes:
        raise Mistake(f"{name}: {size(len(content))}, where at most {size(limits.graph_bytes)} are read")
    try:
        proto = onnx.load_from_string(content)
        sound = len(proto.graph.node) > 0 and len(proto.opset_import) > 0
    except Exception as error:  # noqa: BLE001 - protobuf has no common base for its errors
        raise Mistake(f"{name}: is no ONNX file ({type(error).__name__})") from None
    if not sound:
        raise Mistake(f"{name}: is no ONNX file, or one without a graph")
    _take_in(proto, name, folder, limits)
    if proto.functions:
        try:
            proto = inliner.inline_local_functions(proto)
        except Exception as error:  # noqa: BLE001 - onnx raises what its C++ raises
            raise Mistake(f"{name}: its functions cannot be put in place ({type(error).__name__})") from None
    _plain_names(proto, name)
    _plain_operators(proto, name)
    graph = _faces(proto, name)
    if not OLDEST_OPSET <= graph.opset <= onnx.defs.onnx_opset_version():
        raise Mistake(
            f"{name}: is written for ONNX's operators of version {graph.opset}, "
            f"where {OLDEST_OPSET} to {onnx.defs.onnx_opset_version()} are known"
        )
    for value in proto.graph.output:  # what is said of sizes inside and after is forgotten, and inferred
        value.type.tensor_type.ClearField("shape")
    del proto.graph.value_info[:]
    return graph


def _tensors(graph: Any) -> Iterator[Any]:
    """Yield every tensor in a graph and in the graphs within."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _tensors_of_nodes(graph.node)


def _tensors_of_nodes(nodes: Any) -> Iterator[Any]:
    for node in nodes:
        for attribute in node.attribute:
            yield attribute.t
            yield from attribute.tensors
            yield from (attribute.sparse_tensor.values, attribute.sparse_tensor.indices)
            for inner in (attribute.g, *attribute.graphs):
                if inner.node:
                    yield from _tensors(inner)


def _take_in(proto: Any, name: str, folder: Path | None, limits: Limits) -> None:
    """Read tensors that lie beside the file into it; none that lie outside of its folder."""
    import onnx

    total = 0
    tensors = list(_tensors(proto.graph))
    for function in proto.functions:
        tensors += _tensors_of_nodes(function.node)
    for tensor in tensors:
        if tensor.data_location != onnx.TensorProto.EXTERNAL and not tensor.external_data:
            continue
        about = {entry.key: entry.value for entry in tensor.external_data}
        location = about.get("location", "")
        if folder is None:
            raise Mistake(f"{name}: keeps tensors in another file ({shown(location)}): save it as one file")
        path = _inside(folder, location)
        if path is None:
            raise Mistake(f"{name}: wants to read '{shown(location)}', which is outside of its folder")
        content = _slice(path, about, name, limits.graph_bytes - total)
        total += len(content)
        tensor.raw_data = content
        del tensor.external_data[:]
        tensor.data_location = onnx.TensorProto.DEFAULT


def _inside(folder: Path, location: str) -> Path | None:
    if not location or location.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", location):
        return None
    if ".." in re.split(r"[/\\]", location):
        return None
    path = (folder / location).resolve()
    return path if path.is_relative_to(folder.resolve()) else None


def _slice(path: Path, about: dict[str, str], name: str, most: int) -> bytes:
    try:
        there = path.stat().st_size
        offset = int(about.get("offset", 0))
        length = int(about.get("length", there - offset))
        if offset < 0 or length < 0 or offset + length > there:
            raise Mistake(f"{name}: wants bytes {offset:,} to {offset + length:,} of {path.name}, which has {there:,}")
        if length > most:
            raise Mistake(f"{name}: with what lies beside it, it is larger than what is read")
        with path.open("rb") as stream:
            stream.seek(offset)
            return stream.read(length)
    except OSError as error:
        raise Mistake(f"{name}: {path.name}, which it needs, cannot be read ({error.strerror})") from None
    except ValueError as error:
        if isinstance(error, Mistake):
            raise
        raise Mistake(f"{name}: says nonsense of the file {path.name} that it needs") from None


def _plain_names(proto: Any, name: str) -> None:
    """Raise ``Mistake`` where a name is no text; drop what exporters note beside the graph."""
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
        raise Mistake(f"{name}: is damaged: it has names that are no text")


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
            raise Mistake(
                f"{name}: uses the operator '{shown(node.op_type)}' of '{shown(node.domain)}', "
                "which is not part of ONNX: export it with standard operators"
            )
        if not onnx.defs.has(node.op_type):
            raise Mistake(f"{name}: uses '{shown(node.op_type)}', which is no operator of ONNX")
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
        raise Mistake("a LinearRegressor in the graph has coefficients that do not fit its targets")
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


def _faces(proto: Any, name: str) -> Graph:
    constants = {tensor.name for tensor in proto.graph.initializer}
    inputs = [value for value in proto.graph.input if value.name not in constants]
    del proto.graph.input[:]
    proto.graph.input.extend(inputs)  # before version 4 constants were listed among the inputs
    if len(inputs) != 1:
        listed = ", ".join(shown(value.name) for value in inputs[:5]) or "none"
        raise Mistake(f"{name}: has {len(inputs)} inputs ({listed}), where an encoder or a decoder has one")
    if not proto.graph.output:
        raise Mistake(f"{name}: has no output")
    kind = inputs[0].type.tensor_type
    if kind.elem_type not in _NUMBERS.values():
        raise Mistake(f"{name}: its input '{shown(inputs[0].name)}' holds no {', '.join(_NUMBERS)}")
    dims: tuple[int | None, ...] | None = None
    if kind.HasField("shape"):
        sizes = [dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in kind.shape.dim]
        dims = tuple(sizes[1:])
    outputs = tuple(value.name for value in proto.graph.output)
    return Graph(name, proto, inputs[0].name, kind.elem_type, dims, outputs)
