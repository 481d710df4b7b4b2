"""How large every step of a graph becomes, and how much work it is: found out before any of it is run."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.runs.graph_file import bits_of
from ae_models.runs.graph_work import extra_bytes, work

_SMALL = 4_096  # numbers of a constant whose values are followed: sizes are made of them
_FOLLOWED = (
    "Add And Cast CastLike Ceil Concat ConstantOfShape Div Equal Expand Flatten Floor Gather Greater GreaterOrEqual "
    "Identity Less LessOrEqual Max Min Mod Mul Neg Not Or Range ReduceMax ReduceMin ReduceProd ReduceSum Reshape Round "
    "ScatterElements ScatterND Slice Split Sqrt Squeeze Sub Tile Transpose Unsqueeze Where"
)
_FREE = ("NonZero", "Compress", "Unique")  # how many they give depends on values: at most as many as came in

Sizes = list[int]


@dataclass
class Step:
    """One step: its operator, the bytes of all that it gives and needs, its work, and whether an image is needed."""

    operator: str
    n_bytes: int
    work: int
    of_image: bool


@dataclass
class Measured:
    """All steps for ``n`` images, the bytes of what is made of constants alone, and the most that is held at once."""

    steps: list[Step] = field(default_factory=list)
    constant_bytes: int = 0
    together_bytes: int = 0


def measure(name: str, proto: Any, sizes: tuple[int, ...] | None, n: int) -> Measured:
    """Return how large the steps of a graph become for ``n`` images.

    Parameters
    ----------
    name : str
        What messages call it.
    proto : ModelProto
        Its tensors were checked to hold what they promise.
    sizes : tuple of int, optional
        Those of one image, or one code; by default those that the graph itself says.

    Raises
    ------
    UserError
        When a step cannot be, or its size depends on the values of an image.
    """
    return _Measuring(name, proto, sizes, n).all()


class _Measuring:
    """Walks through a graph in its order with the type of every value, and with the values of small constants."""

    def __init__(self, name: str, proto: Any, sizes: tuple[int, ...] | None, n: int) -> None:
        from onnx import helper

        self.name, self.graph = name, proto.graph
        self.opset = next((entry.version for entry in proto.opset_import if entry.domain in ("", "ai.onnx")), 0)
        self.types: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.of_image: set[str] = set()
        for tensor in self.graph.initializer:
            if tensor.name in self.types:
                raise UserError(f"{name} has two tensors called '{tensor.name[:40]}'")
            self.types[tensor.name] = helper.make_tensor_type_proto(tensor.data_type, list(tensor.dims))
            if math.prod(tensor.dims) <= _SMALL:
                self.values[tensor.name] = tensor
        given = [value for value in self.graph.input if value.name not in self.types]
        if len(given) != 1:
            raise UserError(f"{name} has {len(given)} inputs, where an encoder or a decoder has one")
        self.types[given[0].name] = _input_type(name, given[0], sizes, n)
        self.of_image.add(given[0].name)

    def all(self) -> Measured:
        """Return every step, and sums over them."""
        found = Measured()
        last = {value: place for place, node in enumerate(self.graph.node) for value in node.input}
        outputs = {value.name for value in self.graph.output}
        held: dict[str, int] = {}
        for place, node in enumerate(self.graph.node):
            step, made = self._step(node)
            found.steps.append(step)
            if step.of_image:
                held |= made
                extra = step.n_bytes - sum(made.values())
                found.together_bytes = max(found.together_bytes, sum(held.values()) + extra)
            else:
                found.constant_bytes += step.n_bytes
            for value in node.input:
                if last.get(value) == place and value not in outputs:
                    held.pop(value, None)
        return found

    def _step(self, node: Any) -> tuple[Step, dict[str, int]]:
        """Return a step, and the bytes of each of its outputs."""
        missing = next((value for value in node.input if value and value not in self.types), None)
        if missing is not None:
            raise UserError(
                f"{self.name} is no sound ONNX graph (nothing before {node.op_type[:40]!r} makes its input)"
            )
        given = [_dims(self.types[value]) if value else [] for value in node.input]
        types = self._outputs(node, given)
        of_image = any(value in self.of_image for value in node.input)
        made: dict[str, int] = {}
        for value, kind in types.items():
            if value in self.types:
                raise UserError(f"{self.name} is no sound ONNX graph (two steps make '{value[:40]}')")
            self.types[value] = kind
            made[value] = _bytes(self.name, kind)
            if of_image:
                self.of_image.add(value)
        outputs = [_dims(types[value]) for value in node.output if value in types]
        n_bytes = sum(made.values()) + extra_bytes(node, given, outputs)
        self._follow(node, types)
        return Step(node.op_type[:40], n_bytes, work(node, given, outputs), of_image), made

    def _outputs(self, node: Any, given: list[Sizes]) -> dict[str, Any]:
        """Return the types of a step's outputs, every size known."""
        import onnx
        from onnx import helper, shape_inference

        inputs = {value: self.types[value] for value in node.input if value}
        values = {value: self.values[value] for value in node.input if value in self.values}
        opsets = [helper.make_opsetid("", self.opset)]
        try:
            schema = onnx.defs.get_schema(node.op_type, self.opset, "")
            if schema.deprecated and node.op_type == "GroupNormalization":  # of version 18: it runs, and keeps the size
                return {node.output[0]: self.types[node.input[0]]}
            found = shape_inference.infer_node_outputs(schema, node, inputs, values, opset_imports=opsets)
        except Exception as error:  # noqa: BLE001 - onnx raises what its C++ raises
            why = " ".join(str(error).split())[:120]
            raise UserError(f"{self.name} is no sound ONNX graph ({node.op_type[:40]}: {why})") from None
        kinds = {value: found[value] for value in node.output if value and value in found}
        for kind in kinds.values():
            if node.op_type in _FREE:
                _fill(kind, given[0])
            if not _is_known(kind):
                raise UserError(f"{self.name} has a step whose size is not known beforehand: {node.op_type[:40]!r}")
        if len(kinds) != len({value for value in node.output if value}):
            raise UserError(f"{self.name} has a step whose size is not known beforehand: {node.op_type[:40]!r}")
        return kinds

    def _follow(self, node: Any, types: dict[str, Any]) -> None:
        """Work out the values of small constants, and of sizes, that later sizes may be made of."""
        from onnx import numpy_helper

        if any(math.prod(_dims(kind)) > _SMALL for kind in types.values()):
            return
        if node.op_type in ("Shape", "Size"):
            dims = _dims(self.types[node.input[0]])
            about = {attribute.name: attribute.i for attribute in node.attribute}
            part = dims[about.get("start", 0) : about.get("end", len(dims))]
            made = np.array(part if node.op_type == "Shape" else math.prod(dims), np.int64)
            self.values[node.output[0]] = numpy_helper.from_array(made)
        elif node.op_type == "Constant":
            made = _constant(node)
            if made is not None:
                self.values[node.output[0]] = made
        elif node.op_type in _FOLLOWED.split() and all(value in self.values for value in node.input if value):
            for value, array in self._worked_out(node).items():
                self.values[value] = numpy_helper.from_array(array)

    def _worked_out(self, node: Any) -> dict[str, Any]:
        """Return the values that a step gives; none where they cannot be worked out here."""
        from onnx import helper, numpy_helper
        from onnx.reference import ReferenceEvaluator

        feeds = {value: numpy_helper.to_array(self.values[value]) for value in node.input if value}
        outputs = [value for value in node.output if value]
        graph = helper.make_graph(
            [node],
            "step",
            [helper.make_value_info(value, self.types[value]) for value in feeds],
            [helper.make_value_info(value, self.types[value]) for value in outputs],
        )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = ReferenceEvaluator(graph, {"": self.opset}).run(outputs, feeds)
        except Exception:  # noqa: BLE001 - a step that cannot be worked out: its size stays unknown, and is refused
            return {}
        arrays = {value: np.asarray(array) for value, array in zip(outputs, found, strict=True)}
        return {value: array for value, array in arrays.items() if list(array.shape) == _dims(self.types[value])}


def _input_type(name: str, value: Any, sizes: tuple[int, ...] | None, n: int) -> Any:
    """Return the type of ``n`` images as a graph takes them; ``UserError`` where its own sizes are others."""
    from onnx import helper

    kind = value.type.tensor_type
    if not value.type.HasField("tensor_type"):
        raise UserError(f"{name} takes no array of numbers")
    said = [dim.dim_value if dim.HasField("dim_value") else None for dim in kind.shape.dim][1:]
    if sizes is None:
        if not kind.HasField("shape") or not all(said):
            raise UserError(f"{name} does not say which size its input has")
        sizes = tuple(size for size in said if size)
    elif kind.HasField("shape") and (
        len(said) != len(sizes) or any(own not in (None, size) for own, size in zip(said, sizes, strict=True))
    ):
        wanted = " x ".join("any" if own is None else str(own) for own in said) or "no size"
        given = " x ".join(map(str, sizes))
        raise UserError(f"the graphs do not take these images and codes ({name} takes {wanted}: got {given})")
    return helper.make_tensor_type_proto(kind.elem_type, [n, *sizes])


def _dims(kind: Any) -> Sizes:
    return [int(dim.dim_value) for dim in kind.tensor_type.shape.dim]


def _is_known(kind: Any) -> bool:
    if not kind.HasField("tensor_type") or not kind.tensor_type.HasField("shape"):
        return False
    return all(dim.HasField("dim_value") and dim.dim_value >= 0 for dim in kind.tensor_type.shape.dim)


def _fill(kind: Any, given: Sizes) -> None:
    """Put the most that there can be in the place of a size that depends on values."""
    dims = kind.tensor_type.shape.dim
    for place, dim in enumerate(dims):
        if not dim.HasField("dim_value"):
            dim.dim_value = given[place] if len(dims) == len(given) > 1 else math.prod(given)


def _bytes(name: str, kind: Any) -> int:
    return math.prod(_dims(kind)) * max(8, bits_of(name, kind.tensor_type.elem_type)) // 8


def _constant(node: Any) -> Any:
    """Return the tensor of a ``Constant`` step."""
    from onnx import helper, numpy_helper

    value = node.attribute[0] if node.attribute else None
    if value is None or value.name.startswith(("value_string", "sparse")):
        return None
    if value.name == "value":
        return value.t
    kind = np.float32 if value.name.startswith("value_float") else np.int64
    return numpy_helper.from_array(np.array(helper.get_attribute_value(value), kind))
